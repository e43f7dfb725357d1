/*
 * Messages of the user's, on their way out.
 */

#ifndef OUTGOING_H
#define OUTGOING_H

#include <stddef.h>
#include <stdint.h>

#include "roster.h"

#define OUTGOING_TO_MAX	1000	/* recipients of a message */

/*
 * Sends.  Returns 0 with the counter, by which the session's sent will tell; or
 * -1 with *why (static).  A message is never sent a second time.
 */
int	 outgoing_public(const char *text, size_t len, uint64_t *counter,
	    const char **why);
/* to: other users, who must be online. */
int	 outgoing_chat(struct user *const *to, size_t nto, const char *text,
	    size_t len, uint64_t *counter, const char **why);

/* When the last one went: clock_ms, 0 if none did yet. */
int64_t	 outgoing_last(void);

#endif
