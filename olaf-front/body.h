/*
 * Where the body of an HTTP/1.1 request ends (RFC 9112 6 and 7.1), read piece
 * by piece; no I/O, and no memory beside the struct.
 */

#ifndef BODY_H
#define BODY_H

#include <stddef.h>
#include <stdint.h>

#define BODY_EXTENSIONS_MAX	1024	/* octets of all chunk extensions: 431 beyond */
#define BODY_TRAILERS_MAX	8192	/* octets of all trailer lines: 431 beyond */

struct body {
	uint64_t	 left;		/* octets of the body or chunk to come */
	uint16_t	 extensions;	/* octets that were read so far */
	uint16_t	 trailers;
	uint16_t	 status;	/* with which it was refused; 0 */
	uint8_t		 state;
	uint8_t		 digits;	/* of the chunk's size */
};

enum body_event_type {
	BODY_EV_NONE,		/* more input is needed */
	BODY_EV_DATA,		/* a piece of the body, not empty */
	BODY_EV_END,		/* the body is through */
	BODY_EV_ERROR		/* refuse it with status, and close */
};

struct body_event {
	enum body_event_type	 type;
	const uint8_t		*data;		/* DATA: within the input */
	size_t			 len;
	int			 status;	/* ERROR: 400 or 431 */
};

/* length: octets, if the body is not chunked. */
void	 body_init(struct body *b, int chunked, uint64_t length);

/*
 * Reads the next event from len octets of input.  Returns how many of them are
 * used up: with NONE all, so that the caller has nothing to keep; with END
 * none of what follows the body.  A body of no length ends with the first
 * call, though there be no input.  After END and ERROR the same event comes
 * again, and no input is used.
 *
 * Chunk extensions and trailer fields are read strictly and ignored.  What is
 * wrong is told with the octet that makes it so.
 */
size_t	 body_read(struct body *b, const uint8_t *p, size_t len,
	    struct body_event *ev);

#endif
