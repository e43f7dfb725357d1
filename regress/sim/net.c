/*
 * The network and the fronts: connections that keep the order in each
 * direction, take their time, and are lost.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sim.h"

#define CONNECT_MAX	200	/* milliseconds of a dial */
#define NOTICE_SOON	40	/* until an end knows of a loss, or, half-open, */
#define NOTICE_LATE	4000	/* until pings tell */

static void
net_event(struct event *e, struct conn *c, int side)
{
	e->conn = c;
	e->side = side;
}

struct parcel *
parcel_new(enum parcel_type type, unsigned int n)
{
	struct parcel	*p;

	if ((p = calloc(1, sizeof(*p) + 2 * (size_t)n)) == NULL)
		fatal("parcel");
	p->type = type;
	p->count = n;
	return (p);
}

/* Each side learns of it in its own time. */
void
net_cut(struct conn *c)
{
	int	side;

	if (c->cut)
		return;
	sim_say("connection %llu is cut", (unsigned long long)c->number);
	c->cut = 1;
	for (side = 0; side < 2; side++)
		if (c->end[side].open)
			net_event(event_add(EVENT_CLOSED, sim_chance(60) ?
			    sim_random(NOTICE_SOON) : sim_random(NOTICE_LATE),
			    c->end[side].node), c, side);
}

static void
end_drop_held(struct end *e)
{
	struct parcel	*p;

	while ((p = STAILQ_FIRST(&e->held)) != NULL) {
		STAILQ_REMOVE_HEAD(&e->held, entry);
		free(p);
	}
}

void
net_crash(struct node *n)
{
	struct conn	*c, *next;
	int		 side;

	TAILQ_FOREACH_SAFE(c, &sim.conns, entry, next)
		for (side = 0; side < 2; side++)
			if (c->end[side].node == n && c->end[side].open) {
				c->end[side].open = 0;
				c->end[side].link = NULL;
				end_drop_held(&c->end[side]);
				net_cut(c);
			}
}

struct conn *
net_any(void)
{
	struct conn	*c;
	uint32_t	 n = 0;

	TAILQ_FOREACH(c, &sim.conns, entry)
		n++;
	if (n == 0)
		return (NULL);
	n = sim_random(n);
	TAILQ_FOREACH(c, &sim.conns, entry)
		if (n-- == 0)
			break;
	return (c);
}

void
net_clear(void)
{
	struct conn	*c;

	while ((c = TAILQ_FIRST(&sim.conns)) != NULL) {
		end_drop_held(&c->end[0]);
		end_drop_held(&c->end[1]);
		TAILQ_REMOVE(&sim.conns, c, entry);
		free(c);
	}
}

void
net_dial(struct node *n, struct neighbour *to, uint64_t attempt)
{
	struct event	*e = event_add(EVENT_DIAL, 1 + sim_random(CONNECT_MAX),
			    n);

	e->peer = (int)to->number - 1;
	e->number = attempt;
}

static struct conn *
conn_new(struct node *from, struct node *to)
{
	struct conn	*c;
	int		 side;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		fatal("connection");
	c->number = ++sim.conn_number;
	c->end[0].node = from;
	c->end[1].node = to;
	for (side = 0; side < 2; side++) {
		c->end[side].open = 1;
		STAILQ_INIT(&c->end[side].held);
	}
	TAILQ_INSERT_TAIL(&sim.conns, c, entry);
	return (c);
}

/* The dial is over: the node is told of a link, or why there is none. */
void
net_dialled(struct event *e)
{
	struct node		*n = e->node, *peer = &sim.node[e->peer];
	struct neighbour	*to = neighbour_find(&n->mesh,
				    (uint32_t)e->peer + 1);
	struct conn		*c;

	if (!peer->up || sim.apart[n->number][peer->number] ||
	    (!sim.calm && sim_chance(10))) {
		mesh_dial_failed(to, e->number, "no", node_clock(n),
		    sim_random(1 << 30));
		return;
	}
	c = conn_new(n, peer);
	sim_say("%d dialled %d: connection %llu", n->number, peer->number,
	    (unsigned long long)c->number);
	net_send(c, 0, parcel_new(PARCEL_HELLO, 0));
	c->end[0].link = mesh_link_up(&n->mesh, to, c, e->number,
	    node_clock(n), sim_random(1 << 30));
	if (c->end[0].link == NULL)
		sim_fail("a dial that was wanted is not");
}

static const char *
parcel_name(const struct parcel *p)
{
	static const char *const	names[] = {
		"hello", "request", "update", "chat", "ping", "pong"
	};

	return (names[p->type]);
}

/* In order in each direction, each after a time of its own. */
void
net_send(struct conn *c, int side, struct parcel *p)
{
	struct end	*from = &c->end[side], *to = &c->end[!side];
	struct event	*e;
	int64_t		 at = sim.now + 1 + sim_random(DELAY_MAX);

	sim_say("%d: %s of %u to %d by %llu%s", from->node->number,
	    parcel_name(p), p->count, to->node->number,
	    (unsigned long long)c->number, from->hold &&
	    p->type != PARCEL_PONG ? ", held" : "");
	if (from->hold && p->type != PARCEL_PONG) {
		STAILQ_INSERT_TAIL(&from->held, p, entry);
		return;
	}
	if (p->tell)
		net_event(event_add(EVENT_WRITTEN, 1 + sim_random(30),
		    from->node), c, side);
	if (at < to->last)
		at = to->last;
	to->last = at;
	e = event_add(EVENT_DELIVER, at - sim.now, to->node);
	e->parcel = p;
	net_event(e, c, !side);
}

void
net_hold(struct conn *c, int side, int hold)
{
	struct end	*e = &c->end[side];
	struct parcel	*p;

	e->hold = hold;
	while (!hold && (p = STAILQ_FIRST(&e->held)) != NULL) {
		STAILQ_REMOVE_HEAD(&e->held, entry);
		net_send(c, side, p);
	}
}

/* We close it: the other end hears of that behind all that was sent. */
void
net_close(struct conn *c, int side)
{
	struct end	*to = &c->end[!side];

	c->closed = 1;
	c->end[side].open = 0;
	c->end[side].link = NULL;
	end_drop_held(&c->end[side]);
	if (c->cut || !to->open)
		return;
	net_event(event_add(EVENT_CLOSED, to->last > sim.now ?
	    to->last - sim.now : 1, to->node), c, !side);
}

void
net_deliver(struct event *e)
{
	struct end	*to = &e->conn->end[e->side];

	sim_say("%d: %s of %u from %d by %llu%s", to->node->number,
	    parcel_name(e->parcel), e->parcel->count,
	    e->conn->end[!e->side].node->number,
	    (unsigned long long)e->conn->number,
	    e->conn->cut || !to->open ? ", lost" : "");
	if (!e->conn->cut && to->open)
		node_parcel(to->node, e->conn, e->side, e->parcel);
	free(e->parcel);
	e->parcel = NULL;
}

/* An end knows now; what arrived before it has dealt with. */
void
net_closed(struct event *e)
{
	struct end	*end = &e->conn->end[e->side];
	struct node	*n = end->node;
	struct link	*l = end->link;

	if (!end->open)
		return;
	end->open = 0;
	end->link = NULL;
	end_drop_held(end);
	if (l == NULL)
		return;
	mesh_link_lost(&n->mesh, l, node_clock(n), sim_random(1 << 30));
	mesh_link_gone(&n->mesh, l, node_clock(n), sim_random(1 << 30));
}
