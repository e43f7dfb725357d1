/*
 * Destinations: each server once, however often and however it is named.
 */

#include "compat.h"

#include <string.h>

#include "route.h"

void
route_chat(struct route *r, const struct message *m, const struct address *ours)
{
	struct address	a;
	size_t		i;

	memset(r, 0, sizeof(*r));
	for (i = 0; i < m->ndests; i++) {
		if (address_read(&a, m->dests[i].p, m->dests[i].len) == 0 &&
		    address_match(&a, ours))
			r->local = 1;
		else
			r->unknown = 1;
	}
}
