/*
 * Where a message goes.  Pure: no clock, no I/O.
 */

#ifndef ROUTE_H
#define ROUTE_H

#include <stddef.h>

#include "address.h"
#include "mesh.h"
#include "scan.h"

/* The distinct servers that a message goes to. */
struct route {
	int			  local;	/* to our own clients */
	int			  unknown;	/* a destination cannot be reached */
	int			  nowhere;	/* and one is no neighbour either */
	struct neighbour	**to;		/* linked ones; memory of the mesh */
	size_t			  count;
};

/*
 * Sorts the n destinations of a chat of one of our clients; ours: our own
 * address.
 */
void	 route_chat(struct route *, struct mesh *, const struct address *ours,
	    const struct scan_span *dests, size_t n);

/* Is this server among the destinations of a chat that a neighbour sent? */
int	 route_here(const struct address *ours, const struct scan_span *dests,
	    size_t n);

/* A public chat: to all linked neighbours and our own clients. */
void	 route_public_chat(struct route *, struct mesh *);

#endif
