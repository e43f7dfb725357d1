/*
 * The mesh in time: what is due when, and doing it.
 */

#include "compat.h"

#include "barrier.h"
#include "mesh.h"

#define TRUST	2000	/* milliseconds: so long may a first word take */

int
mesh_is_due(int64_t at, int64_t now, int64_t furthest)
{
	return (at <= now || at - now > furthest);
}

/* Does the neighbour lack a change, and can it be told now? */
static int
neighbour_untold(const struct mesh *m, const struct neighbour *n)
{
	return (n->out != NULL && !n->out->telling &&
	    n->out->told < m->version);
}

static int
neighbour_to_trust(const struct neighbour *n)
{
	return (n->dialled != NULL && !n->dialled->trusted);
}

static int
neighbour_to_dial(const struct neighbour *n)
{
	return (!n->dropped && n->attempt == 0 && n->dialled == NULL);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return (a < b ? a : b);
}

int64_t
mesh_due(const struct mesh *m, int64_t now)
{
	const struct neighbour	*n;
	int64_t			 due = MESH_NEVER;

	TAILQ_FOREACH(n, &m->neighbours, entry) {
		if (neighbour_to_dial(n))
			due = earlier(due, mesh_is_due(n->dial_at, now,
			    MESH_DIAL_BASE + MESH_DIAL_MORE) ? now : n->dial_at);
		if (neighbour_untold(m, n))
			due = earlier(due, mesh_is_due(m->updated +
			    m->interval, now, m->interval) ? now :
			    m->updated + m->interval);
		if (neighbour_to_trust(n))
			due = earlier(due, mesh_is_due(n->dialled_at + TRUST,
			    now, TRUST) ? now : n->dialled_at + TRUST);
		due = earlier(due, barrier_due(n, now));
	}
	return (due);
}

static void
mesh_run_dials(struct mesh *m, int64_t now)
{
	struct neighbour	*n;

	TAILQ_FOREACH(n, &m->neighbours, entry)
		if (neighbour_to_dial(n) && mesh_is_due(n->dial_at, now,
		    MESH_DIAL_BASE + MESH_DIAL_MORE)) {
			n->attempt = ++m->last_attempt;
			m->ops->dial(m->arg, n, n->attempt);
		}
}

/* All who lack the same change are told with one text. */
static void
mesh_run_updates(struct mesh *m, int64_t now)
{
	struct neighbour	*n;
	size_t			 count = 0;

	if (!mesh_is_due(m->updated + m->interval, now, m->interval))
		return;
	TAILQ_FOREACH(n, &m->neighbours, entry)
		if (neighbour_untold(m, n)) {
			n->out->told = m->version;
			n->out->telling = 1;
			n->counts.updates_out++;
			n->counts.messages_out++;
			m->batch[count++] = n->out;
		}
	if (count == 0)
		return;
	m->updated = now;
	m->ops->update(m->arg, m->batch, count);
}

static void
mesh_run_holds(struct mesh *m, int64_t now)
{
	struct neighbour	*n;

	TAILQ_FOREACH(n, &m->neighbours, entry)
		if (barrier_run(m, n, now))
			mesh_answer(m, n, now);
}

/* A neighbour without a word, as the seed's may be, has taken it by now. */
static void
mesh_run_trust(struct mesh *m, int64_t now)
{
	struct neighbour	*n;

	TAILQ_FOREACH(n, &m->neighbours, entry)
		if (neighbour_to_trust(n) &&
		    mesh_is_due(n->dialled_at + TRUST, now, TRUST))
			mesh_trust(m, n->dialled, now);
}

void
mesh_run(struct mesh *m, int64_t now)
{
	mesh_run_trust(m, now);
	mesh_run_holds(m, now);
	mesh_run_dials(m, now);
	mesh_run_updates(m, now);
}
