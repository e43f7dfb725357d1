/*
 * Private chats that were delivered here lately: some servers repeat or send
 * back what they were sent, and a chat names no sender whose counter would
 * tell.
 */

#ifndef SEEN_H
#define SEEN_H

#include "message.h"

/*
 * Notes a chat, however it is spelled; with another signature it is another,
 * for nobody here verifies it.  Returns 1 if it was noted before, of the last
 * SEEN_MAX.
 */
#define SEEN_MAX	65536
int	 seen_before(const struct message *);

#endif
