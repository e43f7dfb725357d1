/*
 * Dialling a neighbour: its addresses, one after the other; TCP, TLS, and the
 * opening of the WebSocket.
 */

#ifndef DIAL_H
#define DIAL_H

#include "conn.h"
#include "msg_conn.h"

/*
 * Begins; relay is told, once, of the link or of why there is none.
 */
void	 dial_start(const struct msg_dial *);
/* None goes on from now on. */
void	 dial_stop(void);

/*
 * What becomes of its connection: TCP stands (or failed), TLS stands, octets
 * of the answer came.  The last returns how many were used, 0 if more are
 * needed; a connection that has failed was freed.
 */
void	 dial_connected(struct conn *);
void	 dial_secured(struct conn *);
size_t	 dial_answer(struct conn *, const uint8_t *, size_t);
/* Why the connection, if it is a dial's, is about to be freed. */
void	 dial_reason(struct conn *, const char *fmt, ...)
	    __attribute__((__format__(printf, 2, 3)));
/* And it was: the next address, or the end. */
void	 dial_lost(struct dial *);

#endif
