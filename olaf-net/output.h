/*
 * What the server is to get and has not taken yet.
 */

#ifndef OUTPUT_H
#define OUTPUT_H

#include <sys/types.h>

#define OUTPUT_MAX	(8 * 1024 * 1024)	/* octets: then it does not read */

/* Returns 0, or -1 if that is too much, or when out of memory. */
int	 output_add(const void *, size_t);

/*
 * The same for a frame of a client, RFC 6455 5.3: masked.  opcode is one of
 * websocket.h's.
 */
int	 output_frame(int opcode, const void *, size_t);

/* Is anything left? */
int	 output_pending(void);

/* Writes what the connection takes.  Returns 0, or -1 with wire_error. */
int	 output_flush(void);

void	 output_drop(void);

#endif
