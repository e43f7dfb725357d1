/*
 * Destinations: each server once, however often and however it is named.
 */

#include "compat.h"

#include <string.h>

#include "route.h"

static void
route_begin(struct route *r, struct mesh *m)
{
	memset(r, 0, sizeof(*r));
	r->to = m->targets;
	m->last_route++;
}

static void
route_add(struct route *r, const struct mesh *m, struct neighbour *n)
{
	if (n->routed == m->last_route)
		return;
	n->routed = m->last_route;
	r->to[r->count++] = n;
}

static void
route_dest(struct route *r, struct mesh *m, const struct address *ours,
    const struct scan_span *dest)
{
	struct neighbour	*n;
	struct address		 a;

	if (address_read(&a, dest->p, dest->len) == -1)
		r->unknown = r->nowhere = 1;
	else if (address_match(&a, ours))
		r->local = 1;
	else if ((n = neighbour_named(m, &a)) == NULL)
		r->unknown = r->nowhere = 1;
	else if (n->out == NULL)
		r->unknown = 1;
	else
		route_add(r, m, n);
}

void
route_chat(struct route *r, struct mesh *m, const struct address *ours,
    const struct scan_span *dests, size_t n)
{
	size_t	i;

	route_begin(r, m);
	for (i = 0; i < n; i++)
		route_dest(r, m, ours, &dests[i]);
}

int
route_here(const struct address *ours, const struct scan_span *dests, size_t n)
{
	struct address	a;
	size_t		i;

	for (i = 0; i < n; i++)
		if (address_read(&a, dests[i].p, dests[i].len) == 0 &&
		    address_match(&a, ours))
			return (1);
	return (0);
}

void
route_public_chat(struct route *r, struct mesh *m)
{
	struct neighbour	*n;

	route_begin(r, m);
	r->local = 1;
	TAILQ_FOREACH(n, &m->neighbours, entry)
		if (n->out != NULL)
			route_add(r, m, n);
}
