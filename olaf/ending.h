/*
 * How a connection ended, for people, and when to come back.
 */

#ifndef ENDING_H
#define ENDING_H

#include <stddef.h>

#include "msg_client.h"

#define ENDING_MAX	2700	/* octets of a text, with NUL */

/*
 * Writes why, clean for a terminal.  Returns the seconds to wait at least before
 * another attempt, or -1 if there should be none.
 */
int	 ending_read(const struct msg_net_down *, char *why, size_t size);

/* The user wants to come back: who took our place before does not count. */
void	 ending_forget(void);

#endif
