/*
 * The message from the server that is in hand: there is one at a time, for they
 * are shown in the order in which they came.
 */

#ifndef INCOMING_H
#define INCOMING_H

#include <stddef.h>

#include "msg.h"

enum incoming {
	INCOMING_DONE,		/* nothing is in hand any more */
	INCOMING_UNWRAP,	/* olaf was asked about keys */
	INCOMING_UNKNOWN	/* the sender is not in the table */
};

/* Takes up the next; text is malloc'ed, and ours from now on. */
enum incoming	 incoming_begin(char *text, size_t len);

/*
 * olaf's answer; another than to the question in hand is ignored: then it is
 * still INCOMING_UNWRAP.  Returns -1 if it does not fit the question.
 */
int	 incoming_unwrapped(uint32_t number, struct msg_span keys);

/*
 * After a list: is the sender known now?  If last, it is unreadable if not.
 * Nothing in hand is done with already.
 */
enum incoming	 incoming_sender(int last);

/*
 * Acts on a text whose turn has not come, if it may: a list, or that there will
 * be none.  Returns 1 if it did.
 */
int	 incoming_early(const char *text, size_t len);

/* Forgets what is in hand. */
void	 incoming_drop(void);

#endif
