/*
 * Links.  The mesh's wishes become messages to the fronts, and what fronts and
 * signer say becomes events of the mesh, with clock and randomness.
 */

#include "compat.h"

#include <event.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "child.h"
#include "clientlist.h"
#include "clock.h"
#include "monitor.h"
#include "fronts.h"
#include "inbox.h"
#include "link.h"
#include "msg_ctl.h"
#include "msg_verify.h"
#include "neighbours.h"
#include "relay.h"
#include "server_hello.h"
#include "stats.h"
#include "update.h"
#include "websocket.h"

#define REFUSALS	2	/* of a link that is not taken */
#define REST_SHARE	4	/* rest so many times as long as a message took */
#define REST_MIN	40	/* milliseconds: less is not worth it */

static struct event	 timer;
static struct chan	*signer;
static int		 started;

static uint64_t
hello_counter(void)
{
	static uint64_t	last;
	uint64_t	now = (uint64_t)relay_time();

	/* some peers want it greater than the last one, some have 32 bits */
	last = now > last ? now : last + 1;
	return (last);
}

/* ---- what the mesh wants ------------------------------------------------- */

/* Has the server_hello signed that goes out when the link is up, then dials. */
static void
op_dial(void *arg, struct neighbour *n, uint64_t attempt)
{
	struct msg_sign_hello	 m;
	struct ibuf		*b;

	(void)arg;
	free(n->hello);
	n->hello = NULL;
	if (signer == NULL)
		return;		/* the parent stops us all */
	n->hello_counter = hello_counter();
	m.id = attempt;
	m.counter = n->hello_counter;
	b = chan_open(signer, MSG_SIGN_HELLO, 16);
	msg_sign_hello_put(b, &m);
	chan_close(signer, b);
}

static void
op_request(void *arg, struct link *l)
{
	static const char	text[] = "{\"type\":\"client_update_request\"}";

	(void)arg;
	stats.links_out++;
	fronts_deliver_link(l->env, text, sizeof(text) - 1);
}

static void
op_update(void *arg, struct link *const *links, size_t n)
{
	const char	*text;
	size_t		 len;

	(void)arg;
	text = update_text(relay_mesh.version, &len);
	stats.links_out += n;
	stats.updates_out += n;
	stats.update_bytes_out += n * len;
	fronts_deliver_links(links, n, 1, text, len);
}

static void
op_ping(void *arg, struct link *l)
{
	(void)arg;
	fronts_link_ping(l->env);
}

static void
op_hold(void *arg, struct link *l, int hold)
{
	(void)arg;
	fronts_link_hold(l->env, hold);
}

static void
op_close(void *arg, struct link *l, const char *why)
{
	struct client	*c = l->env;

	(void)arg;
	c->link = NULL;
	fronts_close(c, WEBSOCKET_POLICY, why);
	c->closing = 1;
	inbox_detach(c, l->neighbour);
}

static void
op_up(void *arg, struct neighbour *n)
{
	(void)arg;
	n->changed = relay_time();
	link_log(n, LINE_UP, "linked");
	monitor_event("neighbour.up", n->name, "%s", "");
	clientlist_changed();
}

static void
op_down(void *arg, struct neighbour *n)
{
	(void)arg;
	n->changed = relay_time();
	link_log(n, LINE_DOWN, "no link left");
	monitor_event("neighbour.down", n->name, "%s", "");
	clientlist_changed();
}

static const struct mesh_ops	ops = {
	op_dial, op_request, op_update, op_ping, op_hold, op_close, op_up,
	op_down
};

/* ---- when ---------------------------------------------------------------- */

static int64_t
link_due(int64_t now)
{
	const struct neighbour	*n;
	int64_t			 due = mesh_due(&relay_mesh, now);

	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		if (n->rests_until != 0 && n->rests_until < due)
			due = n->rests_until;
	return (due);
}

void
link_schedule(void)
{
	struct timeval	tv;
	int64_t		now = clock_ms(), due;

	if (!started)
		return;
	if ((due = link_due(now)) == MESH_NEVER) {
		evtimer_del(&timer);
		return;
	}
	due = due > now ? due - now : 0;
	tv.tv_sec = due / 1000;
	tv.tv_usec = due % 1000 * 1000;
	evtimer_add(&timer, &tv);
}

void
link_rest(struct neighbour *n, int64_t microseconds)
{
	int64_t	rest = microseconds * REST_SHARE / 1000, now;

	if (rest < REST_MIN)
		return;
	now = clock_ms();
	n->rests_until = rest + (n->rests_until > now ? n->rests_until : now);
	link_schedule();
}

int
link_rests(const struct client *c)
{
	return (c->link != NULL && c->link->neighbour->rests_until != 0);
}

static void
link_run_rests(int64_t now)
{
	struct neighbour	*n;
	struct client		*c;
	struct link		*l;

	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry) {
		if (n->rests_until == 0 || n->rests_until > now)
			continue;
		n->rests_until = 0;
		TAILQ_FOREACH(l, &n->links, entry) {
			c = l->env;
			if (c->done > 0)
				fronts_done(c, c->done);
			c->done = 0;
		}
	}
}

static void
link_timer(int fd, short what, void *arg)
{
	int64_t	now = clock_ms();

	(void)fd;
	(void)what;
	(void)arg;
	link_run_rests(now);
	mesh_run(&relay_mesh, now);
	link_schedule();
}

void
link_init(void)
{
	evtimer_set(&timer, link_timer, NULL);
	mesh_init(&relay_mesh, &relay_table, &ops, NULL, 0, 0);
}

void
link_start(void)
{
	started = 1;
	link_schedule();
}

void
link_stop(void)
{
	started = 0;
	evtimer_del(&timer);
}

void
link_interval(void)
{
	relay_mesh.interval = relay_conf.update_interval;
}

/* ---- what the signer and the fronts say ---------------------------------- */

static struct neighbour *
neighbour_of(uint64_t attempt)
{
	struct neighbour	*n;

	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		if (attempt != 0 && n->attempt == attempt)
			break;
	return (n);
}

static void
link_keep_hello(struct neighbour *n, const struct msg_hello_signed *m)
{
	char	text[SERVER_HELLO_MAX];
	size_t	len;

	len = server_hello_text(text, relay_conf.address, n->hello_counter,
	    m->sig, m->len);
	if (len == 0 || (n->hello = malloc(len)) == NULL)
		fatal("server_hello");
	memcpy(n->hello, text, len);
	n->hellolen = len;
}

static void
link_hello_signed(struct chan *c, struct ibuf *b)
{
	struct msg_hello_signed	 m;
	struct neighbour	*n;

	if (msg_hello_signed_get(b, &m) == -1) {
		chan_breach(c, "HELLO_SIGNED");
		return;
	}
	if ((n = neighbour_of(m.id)) == NULL || n->hello != NULL)
		return;
	if (m.len > 0)
		link_keep_hello(n, &m);
	monitor_event("neighbour.dial", n->name, "%s port %u%s",
	    n->conf->m.host, n->conf->m.port, n->conf->m.tls ? " tls" : "");
	fronts_dial(n->number, n->attempt);
}

static void
link_from_signer(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	if (imsg == NULL) {
		chan_free(c);		/* the parent decides what comes of it */
		signer = NULL;
	} else if (imsg_get_type(imsg) != MSG_HELLO_SIGNED)
		chan_breach(c, "unexpected");
	else
		link_hello_signed(c, child_ibuf(imsg, &b));
}

void
link_signer(struct chan *parent)
{
	signer = chan_new(chan_take_fd(parent), ROLE_SIGNER, 0,
	    link_from_signer, NULL);
}

void
link_up(struct chan *f, const struct msg_link_up *m)
{
	struct neighbour	*n = neighbour_of(m->attempt);
	struct client		*c;

	c = client_new(&relay_table, chan_number(f), m->conn, &m->address);
	c->since = relay_time();
	c->told = 1;		/* it was not one that opened */
	if (n == NULL) {
		fronts_close(c, WEBSOCKET_NORMAL, "no longer wanted");
		return;
	}
	if (n->hello != NULL) {
		fronts_deliver_link(c, n->hello, n->hellolen);
		n->counts.messages_out++;
		stats.links_out++;
	}
	c->link = mesh_link_up(&relay_mesh, n, c, m->attempt, clock_ms(),
	    arc4random());
	log_debug("neighbour: %s: dialled", n->name);
	link_schedule();
}

/* The same reason again is not worth a line. */
static void
link_failed(struct neighbour *n, const char *why)
{
	if (strcmp(n->error, why) != 0)
		link_log(n, LINE_FAILED, "%s", why);
	strlcpy(n->error, why, sizeof(n->error));
	monitor_event("neighbour.failed", n->name, "%s", why);
}

void
link_dial_failed(const struct msg_dial_failed *m)
{
	struct neighbour	*n;

	if ((n = neighbour_of(m->attempt)) == NULL)
		return;
	link_failed(n, m->reason);
	mesh_dial_failed(n, m->attempt, m->reason, clock_ms(), arc4random());
	link_schedule();
}

void
link_pong(struct client *c)
{
	if (c->link == NULL)
		return;
	mesh_pong(&relay_mesh, c->link, clock_ms());
	link_schedule();
}

void
link_sent(struct client *c)
{
	if (c->link == NULL)
		return;
	mesh_sent(&relay_mesh, c->link, clock_ms());
	link_schedule();
}

void
link_lost(struct client *c)
{
	mesh_link_lost(&relay_mesh, c->link, clock_ms(), arc4random());
	clientlist_changed();
	link_schedule();
}

void
link_gone(struct client *c)
{
	mesh_link_gone(&relay_mesh, c->link, clock_ms(), arc4random());
	c->link = NULL;
	link_schedule();
}

/* ---- what others of relay want ------------------------------------------- */

int
link_accept(struct client *c, struct neighbour *n)
{
	if (n->dropped)
		return (-1);
	fronts_link(c);
	c->claim = NULL;
	c->link = mesh_link_up(&relay_mesh, n, c, 0, clock_ms(), arc4random());
	STAILQ_CONCAT(&n->pending, &c->pending);
	log_debug("neighbour: %s: dialled us", n->name);
	link_schedule();
	return (0);
}

void
link_close(struct client *c, const char *why)
{
	struct neighbour	*n = c->link->neighbour;

	strlcpy(n->error, why, sizeof(n->error));
	link_log(n, LINE_CLOSED, "link closed: %s", why);
	mesh_link_close(&relay_mesh, c->link, clock_ms(), arc4random(), why);
	link_schedule();
}

void
link_heard(struct client *c)
{
	mesh_heard(&relay_mesh, c->link, clock_ms());
	link_schedule();
}

/*
 * One refusal may be of our server_hello alone, where another proof will do;
 * but one that refuses the rest too did not take the link.
 */
void
link_refused(struct client *c)
{
	static const char	 why[] = "refused there: not_a_server";
	struct link		*l = c->link;

	if (!l->dialled || l->heard || ++l->refusals < REFUSALS)
		return;
	link_failed(l->neighbour, why);
	mesh_link_close(&relay_mesh, l, clock_ms(), arc4random(), why);
	link_schedule();
}

void
link_neighbour_gone(struct neighbour *n)
{
	log_info("neighbour: %s: no longer one", n->name);
	free(n->hello);
	neighbour_remove(&relay_mesh, n, clock_ms());
}

void
link_asked(struct client *c)
{
	mesh_asked(&relay_mesh, c->link, clock_ms());
	link_schedule();
}

uint64_t
link_users_changed(void)
{
	uint64_t	version = mesh_changed(&relay_mesh);

	link_schedule();
	return (version);
}

void
link_send(const struct route *r, uint64_t version, const void *text, size_t len)
{
	struct link	**links = relay_mesh.batch;
	struct link	*l;
	size_t		 i, n = 0;

	for (i = 0; i < r->count; i++)
		if ((l = mesh_out(&relay_mesh, r->to[i], version)) != NULL)
			links[n++] = l;
	if (n > 0)
		fronts_deliver_links(links, n, 0, text, len);
	stats.links_out += n;
}

int
link_state(const struct neighbour *n)
{
	if (n->dropped)
		return (MSG_NEIGHBOUR_DROPPED);
	if (neighbour_linked(n))
		return (MSG_NEIGHBOUR_LINKED);
	return (n->attempt != 0 ? MSG_NEIGHBOUR_DIALLING :
	    MSG_NEIGHBOUR_WAITING);
}

int64_t
link_next_dial(const struct neighbour *n)
{
	int64_t	now = clock_ms();

	if (n->dropped || n->attempt != 0 || n->dialled != NULL)
		return (-1);
	return (n->dial_at > now ? n->dial_at - now : 0);
}

unsigned int
link_count(const struct neighbour *n, int dialled)
{
	const struct link	*l;
	unsigned int		 count = 0;

	TAILQ_FOREACH(l, &n->links, entry)
		count += !l->lost && l->dialled == dialled;
	return (count);
}

int
link_dial(struct neighbour *n, const char **why)
{
	*why = "already linked";
	if (n->dialled != NULL)
		return (-1);
	if (n->dropped)
		n->changed = relay_time();
	neighbour_dial(n, clock_ms());
	link_schedule();
	return (0);
}

void
link_drop(struct neighbour *n)
{
	log_info("neighbour: %s: dropped", n->name);
	neighbour_drop(&relay_mesh, n, clock_ms(), "dropped");
	n->changed = relay_time();
	link_schedule();
}
