/*
 * The stream of frames that go to everybody: appended once, read by every bound
 * connection at its own offset, freed behind the last reader.  No I/O.
 */

#ifndef STREAM_H
#define STREAM_H

#include <stddef.h>
#include <stdint.h>

struct stream_block;

/* Where a reader is.  All zero: not in the stream. */
struct stream_pos {
	struct stream_block	*block;
	uint64_t		 at;		/* octets since the start of time */
};

/*
 * Appends one frame, given in two parts.  Returns 0, or -1 when out of memory,
 * with nothing appended.
 */
int		 stream_append(const void *head, size_t headlen,
		    const void *body, size_t bodylen);

/* The end: where the next frame will begin. */
uint64_t	 stream_end(void);

/* A reader comes in at the end, or goes. */
int		 stream_join(struct stream_pos *);
void		 stream_leave(struct stream_pos *);

/*
 * The octets from the reader's place on, in one piece, before limit.  Returns
 * how many there are; p points to them until the next call of any of these
 * functions.
 */
size_t		 stream_peek(struct stream_pos *, uint64_t limit,
		    const uint8_t **p);
void		 stream_advance(struct stream_pos *, size_t);

/* The first place at or behind the reader's that is between two frames. */
uint64_t	 stream_boundary(const struct stream_pos *);

/* Octets of memory that the stream holds; for statistics and tests. */
size_t		 stream_memory(void);

#endif
