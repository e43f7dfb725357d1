/*
 * What relay counts, and what the fronts told of their counts.
 */

#ifndef STATS_H
#define STATS_H

#include <stdint.h>

#include "message.h"
#include "msg_conn.h"

#define STATS_FRONTS	16

struct stats {
	uint64_t	 messages_in;		/* texts from clients */
	uint64_t	 hellos;		/* accepted, as the next three */
	uint64_t	 chats;
	uint64_t	 public_chats;
	uint64_t	 list_requests;
	uint64_t	 errors_ignored;	/* messages of type error */
	uint64_t	 delivered;		/* messages to clients, fan-out counted */
	uint64_t	 takeovers;
	uint64_t	 strikes_out;		/* connections closed for their refusals */
	uint64_t	 kicked;
	uint64_t	 refusals[REFUSE_MAX];
	uint64_t	 lists_built;
	/* between servers; messages_in etc. are clients' alone */
	uint64_t	 links_in;		/* texts from neighbours */
	uint64_t	 links_out;		/* texts to neighbours, each counted */
	uint64_t	 links_chats;		/* of links_in: delivered, as the next */
	uint64_t	 links_public_chats;
	uint64_t	 links_refused;		/* of links_in */
	uint64_t	 links_repeated;	/* of links_refused: seen before */
	uint64_t	 updates_in;
	uint64_t	 updates_out;
	uint64_t	 update_bytes_out;
	uint64_t	 keys_refused;		/* left out of updates */
	uint64_t	 impostors;		/* server_hellos that were not proven */
	uint64_t	 verify_count;		/* verdicts */
	uint64_t	 verify_bad;
	uint64_t	 verify_usec;		/* their waiting times together */
	uint64_t	 verify_usec_max;
};
extern struct stats		stats;
extern struct msg_front_stats	stats_front[STATS_FRONTS];

/* Counts messages for the rates. */
void		 stats_in(void);
void		 stats_out(uint64_t n);
/* Messages per second over the last ten. */
uint64_t	 stats_rate_in(void);
uint64_t	 stats_rate_out(void);

/* Neighbours that are linked, and users of all neighbours. */
unsigned int	 stats_linked(void);
unsigned int	 stats_neighbours_users(void);

/* Calls f with each counter's name ("group.name") and value. */
void		 stats_each(void (*f)(const char *, uint64_t, void *), void *);

#endif
