/*
 * What the server sent and is not acted on yet, in order.  A chat waits for
 * olaf to unwrap its keys, a message of an unknown sender for a list; all that
 * came later waits with it.
 */

#ifndef INBOX_H
#define INBOX_H

#include <stddef.h>
#include <stdint.h>

#include "msg.h"

/* Once, with the event loop there. */
void	 inbox_init(void);

/*
 * A text of the server's, malloc'ed and the inbox's from now on.  Returns 0, or
 * -1 when out of memory: then it is still the caller's.
 */
int	 inbox_add(char *text, size_t len);

/* Octets that wait, roughly. */
size_t	 inbox_octets(void);

/* olaf answers a question about keys.  Returns -1 if the answer does not fit it. */
int	 inbox_unwrapped(uint32_t number, struct msg_span keys);

/* Goes on when olaf reads again. */
void	 inbox_go_on(void);

/* Nothing more will come: calls done, later, when all is acted on. */
void	 inbox_finish(void (*done)(void));

/* Forgets everything. */
void	 inbox_drop(void);

#endif
