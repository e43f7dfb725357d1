/*
 * The mesh.  Each pair of neighbours may have two links and more: one that we
 * dialled and those that the other dialled.  We send on one of them, `out', and
 * read all.  When out changes, there is a barrier between the two.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "barrier.h"
#include "log.h"
#include "mesh.h"

#define BACKOFF_MIN	500	/* milliseconds beyond the first second */
#define STABLE		10000	/* a link that stood so long was no failure */

void
mesh_init(struct mesh *m, struct table *t, const struct mesh_ops *ops,
    void *arg, int64_t interval, uint64_t first_attempt)
{
	memset(m, 0, sizeof(*m));
	TAILQ_INIT(&m->neighbours);
	m->table = t;
	m->ops = ops;
	m->arg = arg;
	m->interval = interval;
	m->last_attempt = first_attempt;
	m->version = 1;
}

void
mesh_clear(struct mesh *m)
{
	hash_free(&m->by_host);
	free(m->targets);
	free(m->batch);
	m->targets = NULL;
	m->batch = NULL;
}

static uint64_t
host_key(const char *host)
{
	uint64_t	key = 0xcbf29ce484222325ULL;

	for (; *host != '\0'; host++)
		key = (key ^ (uint8_t)*host) * 0x100000001b3ULL;
	return (key);
}

struct neighbour *
neighbour_find(const struct mesh *m, uint32_t number)
{
	struct neighbour	*n;

	TAILQ_FOREACH(n, &m->neighbours, entry)
		if (n->number == number)
			break;
	return (n);
}

struct neighbour *
neighbour_named(const struct mesh *m, const struct address *a)
{
	struct hash_link	*l;
	struct neighbour	*n;

	for (l = hash_first(&m->by_host, host_key(a->host)); l != NULL;
	    l = hash_next(l)) {
		n = HASH_OF(l, struct neighbour, by_host);
		if (address_match(&n->address, a))
			return (n);
	}
	return (NULL);
}

int
neighbour_linked(const struct neighbour *n)
{
	return (n->up && n->out != NULL);
}

static int
neighbour_before(const struct neighbour *a, const struct neighbour *b)
{
	int	order = strcmp(a->address.host, b->address.host);

	return (order < 0 || (order == 0 && a->address.port < b->address.port));
}

static void
neighbour_insert(struct mesh *m, struct neighbour *n)
{
	struct neighbour	*o;

	TAILQ_FOREACH(o, &m->neighbours, entry)
		if (neighbour_before(n, o))
			break;
	if (o != NULL)
		TAILQ_INSERT_BEFORE(o, n, entry);
	else
		TAILQ_INSERT_TAIL(&m->neighbours, n, entry);
	hash_insert(&m->by_host, &n->by_host, host_key(n->address.host));
	m->nneighbours++;
}

static void
mesh_make_room(struct mesh *m)
{
	size_t	n = m->nneighbours;

	m->targets = recallocarray(m->targets, n - 1, n, sizeof(*m->targets));
	m->batch = recallocarray(m->batch, n - 1, n, sizeof(*m->batch));
	if (m->targets == NULL || m->batch == NULL)
		fatal("neighbours");
}

struct neighbour *
neighbour_new(struct mesh *m, uint32_t number, const char *name, int64_t now)
{
	struct neighbour	*n;

	if ((n = calloc(1, sizeof(*n))) == NULL)
		fatal("neighbour");
	n->number = number;
	if (strlcpy(n->name, name, sizeof(n->name)) >= sizeof(n->name) ||
	    address_read(&n->address, name, strlen(name)) == -1)
		fatalx("neighbour: malformed address");
	server_init(&n->server);
	TAILQ_INIT(&n->links);
	STAILQ_INIT(&n->pending);
	n->backoff = BACKOFF_MIN;
	n->dial_at = now;
	neighbour_insert(m, n);
	mesh_make_room(m);
	return (n);
}

/* Sets the time of the next dial, and that of the one after it further off. */
static void
neighbour_redial(struct neighbour *n, int64_t now, uint32_t random)
{
	n->dial_at = now + MESH_DIAL_BASE + random % (n->backoff + 1);
	n->backoff *= 2;
	if (n->backoff > MESH_DIAL_MORE)
		n->backoff = MESH_DIAL_MORE;
}

static void
link_tell(struct mesh *m, struct link *l)
{
	l->told = m->version;
	l->telling = 1;
	l->asked = 0;
	l->neighbour->counts.updates_out++;
	l->neighbour->counts.messages_out++;
	m->ops->update(m->arg, &l, 1);
}

/*
 * The link on which we should send: ours, or the newest of the neighbour's as
 * long as it may refuse ours.
 */
static struct link *
neighbour_best(const struct neighbour *n)
{
	struct link	*l;

	if (n->dialled != NULL && (n->dialled->trusted || n->out == n->dialled))
		return (n->dialled);
	TAILQ_FOREACH(l, &n->links, entry)
		if (!l->lost && !l->dialled)
			return (l);
	return (n->dialled);
}

/*
 * Sends on that link from now on.  What was sent on the old one is read before;
 * and if the neighbour was not told of all changes by the new one, that goes
 * first, for it may be lost with the old one.
 */
static void
neighbour_switch(struct mesh *m, struct neighbour *n, struct link *to,
    int64_t now)
{
	struct link	*from = n->out;

	if (from == to)
		return;
	n->out = to;
	if (to == NULL)
		return;
	if (from != NULL && !from->lost) {
		barrier_next(m);
		barrier_set(m, from);
		barrier_hold(m, to, now);
	}
	if (to->told != m->version)
		link_tell(m, to);
}

/* Nothing is sent on it any more. */
static void
link_lose(struct mesh *m, struct link *l, int64_t now)
{
	struct neighbour	*n = l->neighbour;

	l->lost = 1;
	if (n->dialled == l)
		n->dialled = NULL;
	barrier_lost(m, l, now);
	if (n->out == l)
		neighbour_switch(m, n, neighbour_best(n), now);
}

/* Nothing comes by it any more either. */
static void
link_free(struct mesh *m, struct link *l)
{
	struct neighbour	*n = l->neighbour;

	TAILQ_REMOVE(&n->links, l, entry);
	free(l);
	if (!TAILQ_EMPTY(&n->links))
		return;
	server_clear(m->table, &n->server);
	if (n->up)
		m->ops->down(m->arg, n);
	n->up = 0;
}

static void
link_close(struct mesh *m, struct link *l, int64_t now, const char *why)
{
	if (!l->lost)
		link_lose(m, l, now);
	m->ops->close(m->arg, l, why);
	link_free(m, l);
}

/* The one that we send on last, so that no other is switched to. */
static void
neighbour_close_all(struct mesh *m, struct neighbour *n, int64_t now,
    const char *why)
{
	struct link	*l, *next;

	TAILQ_FOREACH_SAFE(l, &n->links, entry, next)
		if (l != n->out)
			link_close(m, l, now, why);
	if (n->out != NULL)
		link_close(m, n->out, now, why);
}

void
neighbour_remove(struct mesh *m, struct neighbour *n, int64_t now)
{
	neighbour_close_all(m, n, now, "no longer a neighbour");
	TAILQ_REMOVE(&m->neighbours, n, entry);
	hash_remove(&m->by_host, &n->by_host);
	m->nneighbours--;
	free(n);
}

void
neighbour_dial(struct neighbour *n, int64_t now)
{
	n->dropped = 0;
	n->backoff = BACKOFF_MIN;
	n->dial_at = now;
}

void
neighbour_drop(struct mesh *m, struct neighbour *n, int64_t now,
    const char *why)
{
	n->dropped = 1;
	n->attempt = 0;		/* what comes of it is not wanted */
	neighbour_close_all(m, n, now, why);
}

/* Of the links that the neighbour dialled the eldest beyond a few goes. */
static void
neighbour_trim(struct mesh *m, struct neighbour *n, int64_t now)
{
	struct link	*l, *eldest = NULL;
	unsigned int	 count = 0;

	TAILQ_FOREACH(l, &n->links, entry)
		if (!l->dialled && !l->lost) {
			count++;
			eldest = l;
		}
	if (count > MESH_ACCEPTED)
		link_close(m, eldest, now, "there are newer links");
}

static struct link *
link_new(struct neighbour *n, void *env, int dialled)
{
	struct link	*l;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		fatal("link");
	l->neighbour = n;
	l->env = env;
	l->dialled = dialled;
	TAILQ_INSERT_HEAD(&n->links, l, entry);
	return (l);
}

static void
link_trust(struct mesh *m, struct link *l)
{
	struct neighbour	*n = l->neighbour;

	l->trusted = 1;
	if (l->dialled)
		n->error[0] = '\0';
	if (!n->up) {
		n->up = 1;
		m->ops->up(m->arg, n);
	}
}

static void
link_request(struct mesh *m, struct link *l)
{
	l->neighbour->counts.messages_out++;
	m->ops->request(m->arg, l);
}

/* The one that we dialled: ours to ask on. */
static struct link *
link_dialled(struct mesh *m, struct neighbour *n, void *env, int64_t now)
{
	struct link	*l = link_new(n, env, 1);

	n->attempt = 0;
	n->dialled = l;
	n->dialled_at = now;
	link_request(m, l);
	return (l);
}

/* One that the neighbour dialled: so it lives, and may be dialled soon. */
static struct link *
link_accepted(struct mesh *m, struct neighbour *n, void *env, int64_t now,
    uint32_t random)
{
	struct link	*l = link_new(n, env, 0);

	link_trust(m, l);
	if (n->dialled == NULL) {
		link_request(m, l);
		if (n->attempt == 0 && n->dial_at - now > MESH_DIAL_BASE) {
			n->backoff = BACKOFF_MIN;
			neighbour_redial(n, now, random);
		}
	}
	return (l);
}

struct link *
mesh_link_up(struct mesh *m, struct neighbour *n, void *env, uint64_t attempt,
    int64_t now, uint32_t random)
{
	struct link	*l;

	if (n->dropped || (attempt != 0 && attempt != n->attempt))
		return (NULL);
	l = attempt != 0 ? link_dialled(m, n, env, now) :
	    link_accepted(m, n, env, now, random);
	neighbour_switch(m, n, neighbour_best(n), now);
	neighbour_trim(m, n, now);
	return (l);
}

/* A link that ended soon, or was never taken, was as good as none. */
static void
neighbour_lost_ours(struct neighbour *n, const struct link *l, int64_t now,
    uint32_t random)
{
	if (now - n->dialled_at >= (l->heard ? STABLE : MESH_DIAL_MORE))
		n->backoff = BACKOFF_MIN;
	neighbour_redial(n, now, random);
}

/* Whoever asked while texts were held. */
void
mesh_answer(struct mesh *m, struct neighbour *n, int64_t now)
{
	struct link	*l;

	TAILQ_FOREACH(l, &n->links, entry)
		if (l->asked && !l->lost)
			mesh_asked(m, l, now);
}

void
mesh_link_lost(struct mesh *m, struct link *l, int64_t now, uint32_t random)
{
	struct neighbour	*n = l->neighbour;
	int			 ours = n->dialled == l;

	if (l->lost)
		return;
	link_lose(m, l, now);
	mesh_answer(m, n, now);
	if (ours)
		neighbour_lost_ours(n, l, now, random);
}

void
mesh_link_gone(struct mesh *m, struct link *l, int64_t now, uint32_t random)
{
	mesh_link_lost(m, l, now, random);
	link_free(m, l);
}

void
mesh_link_close(struct mesh *m, struct link *l, int64_t now, uint32_t random,
    const char *why)
{
	mesh_link_lost(m, l, now, random);
	link_close(m, l, now, why);
}

void
mesh_dial_failed(struct neighbour *n, uint64_t attempt, const char *why,
    int64_t now, uint32_t random)
{
	if (attempt == 0 || attempt != n->attempt)
		return;
	n->attempt = 0;
	strlcpy(n->error, why, sizeof(n->error));
	neighbour_redial(n, now, random);
}

void
mesh_pong(struct mesh *m, struct link *l, int64_t now)
{
	struct neighbour	*n = l->neighbour;

	if (barrier_pong(m, l, now) && n->out != NULL)
		n->out->told = 0;	/* the last word must be the newest */
	mesh_answer(m, n, now);
}

void
mesh_trust(struct mesh *m, struct link *l, int64_t now)
{
	link_trust(m, l);
	neighbour_switch(m, l->neighbour, neighbour_best(l->neighbour), now);
}

void
mesh_heard(struct mesh *m, struct link *l, int64_t now)
{
	l->heard = 1;
	if (!l->trusted && !l->lost)
		mesh_trust(m, l, now);
}

/*
 * The answer goes by the link on which it was asked.  Where that is not the
 * one that we send on, it must overtake nothing and be overtaken by nothing:
 * we switch there and back.
 */
void
mesh_asked(struct mesh *m, struct link *l, int64_t now)
{
	struct neighbour	*n = l->neighbour;

	if (l->lost)
		return;
	/* whoever asks faster than it reads waits */
	l->asked = l->telling || barrier_any(n);
	if (l->asked)
		return;
	l->told = 0;
	if (n->out == l)
		link_tell(m, l);
	else {
		neighbour_switch(m, n, l, now);
		neighbour_switch(m, n, neighbour_best(n), now);
	}
}

void
mesh_sent(struct mesh *m, struct link *l, int64_t now)
{
	l->telling = 0;
	if (l->asked)
		mesh_asked(m, l, now);
}

uint64_t
mesh_changed(struct mesh *m)
{
	return (++m->version);
}

struct link *
mesh_out(struct mesh *m, struct neighbour *n, uint64_t version)
{
	if (n->out == NULL)
		return (NULL);
	if (n->out->told < version)
		link_tell(m, n->out);
	n->counts.messages_out++;
	return (n->out);
}
