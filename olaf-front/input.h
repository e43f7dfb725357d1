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

/* Once, with the event loop there. */
void	 input_init(void);
/*
 * Reads on in the next turn of the loop, event or none: TLS may hold octets
 * that no event will tell of.
 */
void	 input_again(struct conn *);
/* The connection goes. */
void	 input_forget(struct conn *);

#endif
