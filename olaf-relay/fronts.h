/*
 * What relay says to the fronts: the only place that knows where "my clients"
 * are.
 */

#ifndef FRONTS_H
#define FRONTS_H

#include <stddef.h>
#include <stdint.h>

#include "chan.h"
#include "mesh.h"

/* A front's channel: they come in the order of their numbers. */
void	 fronts_add(struct chan *);
/* It is gone, which is the parent's affair; its channel is freed. */
void	 fronts_gone(struct chan *);
unsigned int fronts_count(void);

/* The client is a user's from now on. */
void	 fronts_bound(const struct client *);
/* A text for all bound clients but one (may be NULL), or for one. */
void	 fronts_deliver_all(const struct client *except, const void *, size_t);
void	 fronts_deliver_one(const struct client *, const void *, size_t);
/* A connection is a neighbour's link from now on. */
void	 fronts_link(const struct client *);
/*
 * A text for a link, or for several (their env is the client); tell: front
 * says MSG_LINK_SENT when it is written.
 */
void	 fronts_deliver_link(const struct client *, const void *, size_t);
void	 fronts_deliver_links(struct link *const *, size_t n, int tell,
	    const void *, size_t);
void	 fronts_link_ping(const struct client *);
void	 fronts_link_hold(const struct client *, int hold);
/* Has a neighbour dialled. */
void	 fronts_dial(uint32_t number, uint64_t attempt);
/* Unbinds the client and has its connection closed: RFC 6455 7.4. */
void	 fronts_close(struct client *, uint16_t code, const char *reason);
/* Work of a client's that cost so much is through. */
void	 fronts_done(const struct client *, uint64_t cost);
/* The text of client_list, piece by piece; and who is sent it, NULL for all. */
void	 fronts_list_part(uint64_t version, int last, const void *, size_t);
void	 fronts_list_send(uint64_t version, const struct client *to);
/* Asks how much waits for each connection: MSG_QUEUES answers. */
void	 fronts_ask_queues(uint32_t id);

/* Work was taken in or got through: hold the fronts back or let them go on. */
void	 fronts_balance(void);

#endif
