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

/* Calls f with each counter's name ("group.name") and value. */
void		 stats_each(void (*f)(const char *, uint64_t, void *), void *);

#endif
