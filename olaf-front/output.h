/*
 * What waits to be sent to a connection: the shared stream from its offset
 * on, and in between pieces of its own.
 */

#ifndef OUTPUT_H
#define OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "conn.h"

struct frame;
struct list;

/* Queues a frame for one connection.  Returns 0, or -1 when out of memory. */
int	 output_frame(struct conn *, enum websocket_opcode, const void *, size_t);
/*
 * For links: queues a frame by reference; tell: relay hears when it is
 * written.  And a ping behind all that waits.  Both wait while texts are held.
 */
int	 output_shared(struct conn *, struct frame *, int tell);
int	 output_barrier(struct conn *, const void *, size_t);
/* Queues octets as they are: an HTTP answer. */
int	 output_raw(struct conn *, const void *, size_t);
/* Queues a close frame, behind which nothing goes. */
int	 output_close(struct conn *, uint16_t code, const char *reason);
/* Queues a client_list by reference; it does not count as queued. */
int	 output_list(struct conn *, struct list *);
/* A list that is queued and not begun becomes the newest one. */
void	 output_list_renew(struct conn *, struct list *newest);
/* The list that is queued, or NULL. */
struct list *output_list_held(const struct conn *);
/* Leaves the next octets of the stream out. */
int	 output_skip(struct conn *, size_t);

/*
 * Writes what can be written now.  The connection may be gone afterwards only
 * if the answer is -1: then the caller must not touch it again.
 */
int	 output_flush(struct conn *);

/* Octets that wait, lists apart. */
uint64_t output_waiting(const struct conn *);
int	 output_empty(const struct conn *);

/* Drops all that is not begun, for conn_cut. */
void	 output_drop(struct conn *);
void	 output_free(struct conn *);

/*
 * So many octets of a file, from there on; fd is taken over.  Returns -1 when out
 * of memory, fd still the caller's.
 */
int	 output_file(struct conn *, int fd, uint64_t from, uint64_t len);

#endif
