/*
 * The measured part: public_chats sent by some clients, and received by all.
 */

#ifndef TALK_H
#define TALK_H

#include <stdint.h>

#define TALK_WINDOW_MAX	64

struct talk_plan {
	unsigned int	 messages;	/* a multiple of senders */
	unsigned int	 senders;	/* the first so many clients, in turn */
	unsigned int	 window;	/* at most so many that not everybody has got
					 * yet; 0: as many as the connections take */
	unsigned int	 receivers;	/* clients that get each message; with a window,
					 * that must be all */
};

struct talk_result {
	uint64_t	 deliveries;
	double		 seconds;	/* from the first write to the last delivery */
	double		 p50, p99;	/* milliseconds from writing a message to having
					 * all of it, of a sample of the clients; 0
					 * without a window */
};

/* Signs all that will be said. */
void	 talk_prepare(const struct talk_plan *);

/* Says it, and returns when the last of it has been delivered. */
void	 talk_run(struct talk_result *);

#endif
