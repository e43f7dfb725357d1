/*
 * How many connections there are, in total and per address, over all fronts: a
 * page that they share.
 */

#ifndef LOAD_H
#define LOAD_H

#include <sys/socket.h>

#include <stdint.h>

#include "shared.h"

/* Where an address is counted. */
struct load_place {
	uint32_t	 column[LOAD_ROWS];
};

/* Maps the page; takes fd over.  Exits on error. */
void	 load_init(int fd);

/*
 * Counts a connection in from an address (IPv6: from its /64). total and
 * address get the counts with this one; the second is exact but for addresses
 * that share all of their LOAD_ROWS places with busy ones, which is never to
 * their advantage.
 */
void	 load_enter(const struct sockaddr_storage *, struct load_place *,
	    uint32_t *total, uint32_t *address);
void	 load_leave(const struct load_place *);

#endif
