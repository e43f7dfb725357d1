/*
 * The measured part: public_chats sent by some clients, and received by all.
 * With n messages in flight, at most n times as many deliveries are due as
 * there are receivers.
 */

#ifndef TALK_H
#define TALK_H

#include <stdint.h>

struct talk_plan {
	unsigned int	 messages;	/* a multiple of senders */
	unsigned int	 senders;	/* the first so many clients, in turn */
	unsigned int	 window;	/* messages in flight; 0: as many as the connections
					 * take */
	unsigned int	 receivers;	/* clients that get each message */
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
