/*
 * What relay says to the fronts, and holding them back.
 */

#include "compat.h"

#include <string.h>

#include "chan.h"
#include "fronts.h"
#include "inbox.h"
#include "monitor.h"
#include "msg_conn.h"
#include "stats.h"

#define COST_HIGH	(64 * 1024 * 1024)	/* octets that wait for verdicts */
#define COST_LOW	(32 * 1024 * 1024)

static struct chan	*fronts[STATS_FRONTS];
static unsigned int	 nfronts;
static int		 paused;

unsigned int
fronts_count(void)
{
	return (nfronts);
}

/*
 * A front that is gone is the parent's affair; nothing is sent to it any
 * more.
 */
static struct chan *
fronts_of(const struct client *c)
{
	return (c->front < nfronts ? fronts[c->front] : NULL);
}

static void
fronts_text(struct chan *c, enum msg_type type, uint64_t conn, const void *text,
    size_t len)
{
	struct msg_text	 m;
	struct ibuf	*b;

	if (c == NULL)
		return;
	m.conn = conn;
	m.text.p = text;
	m.text.len = len;
	b = chan_open(c, type, len + 8);
	msg_text_put(b, &m);
	chan_close(c, b);
}

void
fronts_deliver_all(const struct client *except, const void *text, size_t len)
{
	unsigned int	i;

	for (i = 0; i < nfronts; i++)
		fronts_text(fronts[i], MSG_DELIVER_ALL,
		    except != NULL && except->front == i ? except->conn :
		    MSG_CONN_NONE, text, len);
}

void
fronts_deliver_one(const struct client *c, const void *text, size_t len)
{
	fronts_text(fronts_of(c), MSG_DELIVER_ONE, c->conn, text, len);
}

static void
fronts_conn(const struct client *c, enum msg_type type)
{
	struct chan	*f = fronts_of(c);
	struct ibuf	*b;

	if (f == NULL)
		return;
	b = chan_open(f, type, 8);
	msg_put64(b, c->conn);
	chan_close(f, b);
}

void
fronts_bound(const struct client *c)
{
	fronts_conn(c, MSG_BOUND);
}

void
fronts_link(const struct client *c)
{
	fronts_conn(c, MSG_LINK);
}

void
fronts_link_ping(const struct client *c)
{
	fronts_conn(c, MSG_LINK_PING);
}

void
fronts_link_hold(const struct client *c, int hold)
{
	struct chan		*f = fronts_of(c);
	struct msg_link_hold	 m;
	struct ibuf		*b;

	if (f == NULL)
		return;
	m.conn = c->conn;
	m.hold = hold;
	b = chan_open(f, MSG_LINK_HOLD, 9);
	msg_link_hold_put(b, &m);
	chan_close(f, b);
}

static void
fronts_links_text(struct chan *f, struct msg_links *m)
{
	struct ibuf	*b;

	if (f != NULL && m->count > 0) {
		b = chan_open(f, MSG_DELIVER_LINKS, m->text.len + 16);
		msg_links_put(b, m);
		chan_close(f, b);
	}
	m->count = 0;
}

void
fronts_deliver_links(struct link *const *links, size_t n, int tell,
    const void *text, size_t len)
{
	static struct msg_links	 m;
	const struct client	*c;
	unsigned int		 i;
	size_t			 j;

	m.tell = tell;
	m.count = 0;
	m.text.p = text;
	m.text.len = len;
	for (i = 0; i < nfronts; i++) {
		for (j = 0; j < n; j++) {
			c = links[j]->env;
			if (c->front != i)
				continue;
			m.conn[m.count++] = c->conn;
			if (m.count == MSG_LINKS_MAX)
				fronts_links_text(fronts[i], &m);
		}
		fronts_links_text(fronts[i], &m);
	}
}

void
fronts_deliver_link(const struct client *c, const void *text, size_t len)
{
	static struct msg_links	 m;

	m.tell = 0;
	m.count = 1;
	m.conn[0] = c->conn;
	m.text.p = text;
	m.text.len = len;
	fronts_links_text(fronts_of(c), &m);
}

/* The fronts take turns. */
void
fronts_dial(uint32_t number, uint64_t attempt)
{
	struct chan	*f;
	struct msg_dial	 m;
	struct ibuf	*b;

	if (nfronts == 0 || (f = fronts[attempt % nfronts]) == NULL)
		return;
	m.number = number;
	m.attempt = attempt;
	b = chan_open(f, MSG_DIAL, 12);
	msg_dial_put(b, &m);
	chan_close(f, b);
}

void
fronts_close(struct client *c, uint16_t code, const char *reason)
{
	struct chan		*f = fronts_of(c);
	struct msg_close	 m;
	struct ibuf		*b;

	if (c->closing || c->gone)
		return;
	c->closing = 1;
	monitor_gone(c);
	if (c->user != NULL)
		inbox_unbind(c->user);
	if (f == NULL)
		return;
	m.conn = c->conn;
	m.code = code;
	strlcpy(m.reason, reason, sizeof(m.reason));
	b = chan_open(f, MSG_CLOSE, 0);
	msg_close_put(b, &m);
	chan_close(f, b);
}

void
fronts_done(const struct client *c, uint64_t cost)
{
	struct chan	*f = fronts_of(c);
	struct msg_done	 m;
	struct ibuf	*b;

	if (f == NULL || c->gone)
		return;
	m.conn = c->conn;
	m.cost = cost;
	b = chan_open(f, MSG_DONE, 16);
	msg_done_put(b, &m);
	chan_close(f, b);
}

void
fronts_list_part(uint64_t version, int last, const void *text, size_t len)
{
	struct msg_list_part	 m;
	struct ibuf		*b;
	unsigned int		 i;

	m.version = version;
	m.last = last;
	m.text.p = text;
	m.text.len = len;
	for (i = 0; i < nfronts; i++)
		if (fronts[i] != NULL) {
			b = chan_open(fronts[i], MSG_LIST_PART, len + 16);
			msg_list_part_put(b, &m);
			chan_close(fronts[i], b);
		}
}

void
fronts_list_send(uint64_t version, const struct client *to)
{
	struct msg_list_send	 m;
	struct ibuf		*b;
	unsigned int		 i;

	m.version = version;
	m.conn = to != NULL ? to->conn : MSG_CONN_NONE;
	for (i = 0; i < nfronts; i++)
		if (fronts[i] != NULL && (to == NULL || to->front == i)) {
			b = chan_open(fronts[i], MSG_LIST_SEND, 16);
			msg_list_send_put(b, &m);
			chan_close(fronts[i], b);
		}
}

void
fronts_ask_queues(uint32_t id)
{
	struct ibuf	*b;
	unsigned int	 i;

	for (i = 0; i < nfronts; i++)
		if (fronts[i] != NULL) {
			b = chan_open(fronts[i], MSG_ASK_QUEUES, 4);
			msg_put32(b, id);
			chan_close(fronts[i], b);
		}
}

void
fronts_balance(void)
{
	unsigned int	i;
	int		behind;

	behind = inbox_cost() > (paused ? COST_LOW : COST_HIGH);
	for (i = 0; i < nfronts; i++)
		behind |= fronts[i] != NULL && chan_behind(fronts[i]);
	if (behind == paused)
		return;
	paused = behind;
	for (i = 0; i < nfronts; i++) {
		if (fronts[i] == NULL)
			continue;
		if (paused)
			chan_pause(fronts[i]);
		else
			chan_resume(fronts[i]);
	}
}

static void
fronts_drained(struct chan *c, void *arg)
{
	(void)c;
	(void)arg;
	fronts_balance();
}

void
fronts_add(struct chan *c)
{
	fronts[nfronts++] = c;
	chan_on_drained(c, fronts_drained);
}

void
fronts_gone(struct chan *c)
{
	fronts[chan_number(c)] = NULL;
	chan_free(c);
}
