/*
 * The WebSocket: its opening, and what the server's frames say.
 */

#ifndef FRAMES_H
#define FRAMES_H

#include <sys/types.h>

#include "msg_client.h"

/* A request that a server can be sent?  Returns 0, or -1. */
int	 frames_check(const struct msg_net_open *);

/* Queues the request. */
void	 frames_begin(void);

/*
 * Acts on input.  Returns how many octets are used up, the rest wants more, or
 * -1 if the connection is over.
 */
ssize_t	 frames_use(uint8_t *, size_t);

/* Forgets an incomplete message. */
void	 frames_drop(void);

#endif
