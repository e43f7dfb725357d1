/*
 * The connection to the server: one at a time, from a connected descriptor to
 * the end of its session.
 */

#ifndef CONN_H
#define CONN_H

#include <stddef.h>
#include <stdint.h>

#include "msg_client.h"

enum conn_state {
	CONN_NONE,
	CONN_TLS,		/* its handshake */
	CONN_ANSWER,		/* the answer to our request is awaited */
	CONN_OPEN,		/* a WebSocket */
	CONN_CLOSING		/* our close frame is on its way */
};

/* Once, with the event loop there. */
void	 conn_init(void);

/* Takes over fd; net.h hears how it goes. */
void	 conn_open(const struct msg_net_open *, int fd);

/* Closes at once, without a word to anybody. */
void	 conn_drop(void);

/*
 * Sends a text.  Returns 0, or -1 if the connection is not open, or is no
 * longer.
 */
int	 conn_text(const void *, size_t);

/* Sends a ping: net.h hears if it is answered before the next is sent. */
void	 conn_probe(uint32_t number);

/* Closes politely: net.h hears when that is done. */
void	 conn_close(void);

/* Looks whether reading is to be held back, or to go on. */
void	 conn_flow(void);

/* ---- for frames.c ----------------------------------------------------------- */

/* A pong came. */
void		 conn_pong(const void *, size_t);

enum conn_state	 conn_state(void);
void		 conn_enter(enum conn_state);
/*
 * It is over: what is queued goes as far as that needs no waiting.  why may be
 * from the server.
 */
void		 conn_fail(enum msg_down, uint16_t code, const char *why);
/* Queues a frame.  Returns 0, or -1 if it is over. */
int		 conn_frame(int opcode, const void *, size_t);

#endif
