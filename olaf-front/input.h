/*
 * Reading from a connection: TLS handshake, HTTP request, WebSocket frames.
 */

#ifndef INPUT_H
#define INPUT_H

#include "conn.h"

/*
 * Reads once and acts on it.  Returns 0, or -1 if the connection is gone:
 * then the caller must not touch it again.
 */
int	 input_read(struct conn *);
/* Goes on with a TLS handshake; same answer. */
int	 input_handshake(struct conn *);

#endif
