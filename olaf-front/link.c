/*
 * Links to neighbours.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "frame.h"
#include "front.h"
#include "link.h"
#include "output.h"
#include "relay.h"

#define TOKEN_LEN	8	/* octets of a barrier's ping */

static TAILQ_HEAD(, conn_link)	 links = TAILQ_HEAD_INITIALIZER(links);

int
link_new(struct conn *c, struct dial *d)
{
	struct conn_link	*l;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return (-1);
	l->conn = c;
	l->dial = d;
	l->dialled = d != NULL;
	STAILQ_INIT(&l->held);
	TAILQ_INSERT_TAIL(&links, l, entry);
	c->link = l;
	return (0);
}

void
link_free(struct conn *c)
{
	struct conn_link	*l = c->link;

	if (l == NULL)
		return;
	TAILQ_REMOVE(&links, l, entry);
	if (l->dial != NULL)
		dial_lost(l->dial);
	free(l);
	c->link = NULL;
}

int
link_dialled(const struct conn *c)
{
	return (c->link != NULL && c->link->dialled);
}

static struct conn *
link_find(uint64_t id)
{
	struct conn	*c = conn_find(id);

	return (c != NULL && c->link != NULL && c->state == CONN_OPEN ? c :
	    NULL);
}

/* The one frame of a kind that all links share; made with the first. */
static struct frame *
link_frame(struct frame *frames[2], int masked, const struct msg_links *m)
{
	if (frames[masked] == NULL)
		frames[masked] = frame_text(m->text.p, m->text.len, masked);
	return (frames[masked]);
}

void
link_deliver(const struct msg_links *m)
{
	struct frame	*frames[2] = { NULL, NULL }, *f;
	struct conn	*c;
	uint16_t	 i;

	for (i = 0; i < m->count; i++) {
		if ((c = link_find(m->conn[i])) == NULL)
			continue;
		front_stats.value[FRONT_MESSAGES_OUT]++;
		if ((f = link_frame(frames, c->link->dialled, m)) == NULL ||
		    output_shared(c, f, m->tell) == -1)
			conn_free(c);
	}
	frame_unref(frames[0]);
	frame_unref(frames[1]);
	front_flush_soon();
}

/* The number of this ping is its payload. */
void
link_ping(struct conn *c)
{
	uint8_t		token[TOKEN_LEN];
	uint64_t	n;
	int		i;

	if (c->link == NULL || c->state != CONN_OPEN)
		return;
	n = ++c->link->pings;
	for (i = TOKEN_LEN; i-- > 0; n >>= 8)
		token[i] = (uint8_t)n;
	if (output_barrier(c, token, sizeof(token)) == -1)
		conn_free(c);
	else
		front_flush_soon();
}

/* A pong may answer the latest ping alone (RFC 6455 5.5.3): then all before. */
void
link_pong(struct conn *c, const uint8_t *data, size_t len)
{
	struct conn_link	*l = c->link;
	uint64_t		 n = 0;
	size_t			 i;

	if (l == NULL || len != TOKEN_LEN)
		return;
	for (i = 0; i < len; i++)
		n = n << 8 | data[i];
	if (n > l->pings)
		return;
	for (; l->pongs < n; l->pongs++)
		relay_link_pong(c);
}

void
link_hold(struct conn *c, int hold)
{
	if (c->link == NULL || c->state != CONN_OPEN)
		return;
	c->link->hold = hold;
	if (hold)
		return;
	STAILQ_CONCAT(&c->pieces, &c->link->held);
	front_flush_soon();
}

void
link_flush_all(void)
{
	struct conn_link	*l, *next;
	struct conn		*c;

	TAILQ_FOREACH_SAFE(l, &links, entry, next) {
		c = l->conn;
		if (c->state == CONN_OPEN && !output_empty(c))
			front_check_queue(c);
	}
}
