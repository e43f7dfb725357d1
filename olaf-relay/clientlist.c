/*
 * The text of client_list.
 */

#include "compat.h"

#include <event.h>
#include <stdlib.h>
#include <string.h>

#include "clientlist.h"
#include "clock.h"
#include "fronts.h"
#include "relay.h"
#include "stats.h"
#include "text.h"

#define PART		(64 * 1024)	/* octets that go to front in one message */

static struct clients	 waiting = TAILQ_HEAD_INITIALIZER(waiting);
static struct event	 timer;
static int		 timer_on;
static int		 stale = 1;
static int		 push;		/* somebody must hear of a change */
static uint64_t		 version;	/* of the text that the fronts have */
static int64_t		 built;		/* when; milliseconds */
static struct text	 text;

/* The users of a server, but those of a neighbour's who are bound here. */
static void
text_add_server(struct text *t, const char *address, const struct server *s)
{
	const struct presence	*p;
	int			 first = 1;

	TEXT_ADD(t, "{\"address\":");
	text_add_string(t, address, strlen(address));
	TEXT_ADD(t, ",\"clients\":[");
	TAILQ_FOREACH(p, &s->users, entry) {
		if (presence_hidden(p))
			continue;
		if (!first)
			TEXT_ADD(t, ",");
		first = 0;
		text_add_string(t, p->pem, p->pemlen);
	}
	TEXT_ADD(t, "]}");
}

static void
text_make(struct text *t)
{
	const struct neighbour	*n;

	t->len = 0;
	TEXT_ADD(t, "{\"type\":\"client_list\",\"servers\":[");
	text_add_server(t, relay_conf.address, &relay_table.here);
	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		if (neighbour_linked(n)) {
			TEXT_ADD(t, ",");
			text_add_server(t, n->name, &n->server);
		}
	TEXT_ADD(t, "]}");
}

static void
clientlist_build(void)
{
	size_t	off, n;

	text_make(&text);
	stats.lists_built++;
	version++;
	for (off = 0; off < text.len; off += n) {
		n = text.len - off < PART ? text.len - off : PART;
		fronts_list_part(version, off + n == text.len, text.p + off,
		    n);
	}
	stale = 0;
	built = clock_ms();
}

static void
clientlist_wait(int64_t ms)
{
	struct timeval	tv;

	if (timer_on)
		return;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = (ms % 1000) * 1000;
	timer_on = 1;
	evtimer_add(&timer, &tv);
}

/* Is the text that the fronts have a good one, or is it time for a new one? */
static int
clientlist_ready(void)
{
	int64_t	age = clock_ms() - built;

	if (!stale)
		return (1);
	if (built != 0 && age < relay_conf.update_interval) {
		clientlist_wait(relay_conf.update_interval - age);
		return (0);
	}
	clientlist_build();
	return (1);
}

static void
clientlist_serve(void)
{
	struct client	*c;

	if ((TAILQ_EMPTY(&waiting) && !push) || !clientlist_ready())
		return;
	if (push)
		fronts_list_send(version, NULL);
	push = 0;
	while ((c = TAILQ_FIRST(&waiting)) != NULL) {
		TAILQ_REMOVE(&waiting, c, entry_list);
		c->list_waits = 0;
		fronts_list_send(version, c);
	}
}

static void
clientlist_timer(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	timer_on = 0;
	clientlist_serve();
}

void
clientlist_init(void)
{
	evtimer_set(&timer, clientlist_timer, NULL);
}

void
clientlist_changed(void)
{
	stale = 1;
	if (!relay_conf.push_client_list)
		return;
	push = 1;
	clientlist_wait(relay_conf.update_interval);
}

void
clientlist_joined(struct presence *p)
{
	p->listed = version + 1;
	clientlist_changed();
}

void
clientlist_before(const struct presence *p)
{
	if (!push || p->listed <= version)
		return;
	clientlist_build();
	clientlist_serve();
}

void
clientlist_ask(struct client *c)
{
	c->list_asked = 1;
	c->list_waits = 1;
	TAILQ_INSERT_TAIL(&waiting, c, entry_list);
	clientlist_serve();
}

void
clientlist_sent(struct client *c)
{
	if (!c->list_waits)
		c->list_asked = 0;
}

void
clientlist_forget(struct client *c)
{
	if (c->list_waits)
		TAILQ_REMOVE(&waiting, c, entry_list);
}
