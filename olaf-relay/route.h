/*
 * Where a message goes.  Pure: no clock, no I/O.
 */

#ifndef ROUTE_H
#define ROUTE_H

#include <stddef.h>

#include "address.h"
#include "message.h"

/* The distinct servers that a chat goes to. */
struct route {
	int	 local;		/* to our own clients */
	int	 unknown;	/* some destination is no server that we know */
};

/* Sorts the destinations of a chat; ours: our own address. */
void	 route_chat(struct route *, const struct message *,
	    const struct address *ours);

#endif
