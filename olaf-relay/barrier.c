/*
 * Barriers.  They are numbered: what is held with a serial waits for those up
 * to it, so that two links never wait for each other.
 */

#include "compat.h"

#include "barrier.h"

#define HOLD_MAX	2000	/* milliseconds; a peer that answers no ping
				 * holds us no longer */

void
barrier_next(struct mesh *m)
{
	m->serial++;
}

static void
barrier_ping(struct mesh *m, struct link *l)
{
	l->pings++;
	m->ops->ping(m->arg, l);
}

void
barrier_set(struct mesh *m, struct link *l)
{
	if (l->barrier == 0)
		l->barrier = m->serial;
	if (!l->held)
		barrier_ping(m, l);
	else if (l->to_ping == 0)
		l->to_ping = m->serial;
}

void
barrier_hold(struct mesh *m, struct link *l, int64_t now)
{
	if (!l->held)
		m->ops->hold(m->arg, l, 1);
	l->held = 1;
	l->serial = m->serial;
	l->held_until = now + HOLD_MAX;
}

/* Who waits for what is behind it waits from now on. */
static void
barrier_let_go(struct mesh *m, struct link *l, int64_t now)
{
	struct link	*o;

	l->held = 0;
	m->ops->hold(m->arg, l, 0);
	if (l->to_ping == 0)
		return;
	l->to_ping = 0;
	barrier_ping(m, l);
	TAILQ_FOREACH(o, &l->neighbour->links, entry)
		if (o->held)
			o->held_until = now + HOLD_MAX;
}

static int
barrier_between(const struct link *l, const struct link *o)
{
	return (o != l && o->barrier != 0 && o->barrier <= l->serial);
}

static int
barrier_waits(const struct link *l)
{
	const struct link	*o;

	TAILQ_FOREACH(o, &l->neighbour->links, entry)
		if (barrier_between(l, o))
			return (1);
	return (0);
}

/* A barrier is down. */
static void
barrier_release(struct mesh *m, struct neighbour *n, int64_t now)
{
	struct link	*l;

	TAILQ_FOREACH(l, &n->links, entry)
		if (l->held && !barrier_waits(l))
			barrier_let_go(m, l, now);
}

/*
 * It waited too long.  Should what is before the barrier be read all the same,
 * then after what is behind it: mesh_pong mends that.
 */
static void
barrier_give_up(struct mesh *m, struct link *l, int64_t now)
{
	struct link	*o;

	TAILQ_FOREACH(o, &l->neighbour->links, entry)
		if (barrier_between(l, o)) {
			o->barrier = 0;
			o->given_up = 1;
		}
	barrier_release(m, l->neighbour, now);
}

int
barrier_any(const struct neighbour *n)
{
	const struct link	*l;

	TAILQ_FOREACH(l, &n->links, entry)
		if (l->held)
			return (1);
	return (0);
}

int
barrier_pong(struct mesh *m, struct link *l, int64_t now)
{
	int	late;

	if (l->pings == 0 || --l->pings > 0)
		return (0);
	late = l->given_up;
	l->given_up = 0;
	l->barrier = l->to_ping;
	barrier_release(m, l->neighbour, now);
	return (late);
}

void
barrier_lost(struct mesh *m, struct link *l, int64_t now)
{
	l->held = 0;
	l->barrier = 0;
	l->to_ping = 0;
	barrier_release(m, l->neighbour, now);
}

int64_t
barrier_due(const struct neighbour *n, int64_t now)
{
	const struct link	*l;
	int64_t			 due = MESH_NEVER, at;

	TAILQ_FOREACH(l, &n->links, entry) {
		if (!l->held)
			continue;
		at = mesh_is_due(l->held_until, now, HOLD_MAX) ? now :
		    l->held_until;
		if (at < due)
			due = at;
	}
	return (due);
}

int
barrier_run(struct mesh *m, struct neighbour *n, int64_t now)
{
	struct link	*l;
	int		 late = 0;

	TAILQ_FOREACH(l, &n->links, entry)
		if (l->held && mesh_is_due(l->held_until, now, HOLD_MAX)) {
			barrier_give_up(m, l, now);
			late = 1;
		}
	return (late);
}
