/*
 * Lists of users: asking for them, and what they say.
 */

#ifndef LISTS_H
#define LISTS_H

#include <stddef.h>

/* A new session. */
void	 lists_reset(void);

/* Asks the server for a list, for olaf. */
void	 lists_request(void);

/*
 * Asks for one because a sender is not known, unless that was done a moment
 * ago.  Returns whether a list is worth waiting for.
 */
int	 lists_request_own(void);

/* Is a list to come for which it is worth waiting? */
int	 lists_expected(void);
/* It did not come: some servers send none. */
void	 lists_missed(void);

/*
 * Takes a text that is a client_list: into the table of users, and to olaf.
 * Returns 1, 0 if it is something else, -1 if it is malformed.
 */
int	 lists_take(const char *text, size_t len);

/* The server does not answer a request. */
void	 lists_refused(void);

#endif
