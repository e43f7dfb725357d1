/*
 * multipart/form-data (RFC 7578, RFC 2046 5.1), read piece by piece; no I/O, and
 * no memory beside the struct.
 */

#ifndef MULTIPART_H
#define MULTIPART_H

#include <stddef.h>
#include <stdint.h>

#include "part.h"

#define MULTIPART_BOUNDARY_MAX	70	/* octets: RFC 2046 5.1.1 */
#define MULTIPART_PADDING_MAX	64	/* octets behind a boundary: 400 beyond */
#define MULTIPART_HEAD_MAX	8192	/* octets of a part's headers: 431 beyond */
#define MULTIPART_PARTS_MAX	1000	/* 400 beyond */

/* Not to be copied: the part's texts lie in the head. */
struct multipart {
	struct part	 part;		/* from PART on, until the next one's head */
	char		 head[MULTIPART_HEAD_MAX];
	size_t		 nhead;
	/* CRLF, two dashes, boundary; behind it what was read behind it */
	char		 delimiter[4 + MULTIPART_BOUNDARY_MAX +
			    MULTIPART_PADDING_MAX];
	uint16_t	 ndelimiter;	/* octets up to the boundary's end */
	uint16_t	 matched;	/* octets read that may be a delimiter */
	uint16_t	 pretended;	/* so many of them were not read */
	uint16_t	 parts;
	uint16_t	 status;	/* with which it was refused; 0 */
	uint8_t		 state;
};

enum multipart_event_type {
	MULTIPART_EV_NONE,	/* more input is needed */
	MULTIPART_EV_PART,	/* a part begins */
	MULTIPART_EV_DATA,	/* a piece of its content, not empty */
	MULTIPART_EV_PART_END,
	MULTIPART_EV_END,	/* the closing delimiter was read */
	MULTIPART_EV_ERROR	/* refuse it with status */
};

struct multipart_event {
	enum multipart_event_type type;
	const uint8_t	*data;		/* DATA: until the next call */
	size_t		 len;
	int		 status;	/* ERROR: 400 or 431 */
};

/*
 * Is this value of Content-Type, of len octets, multipart/form-data with a good
 * boundary?  Writes that to boundary, which holds MULTIPART_BOUNDARY_MAX + 1.
 * Returns its length, or -1.
 */
int	 multipart_boundary(const char *content_type, size_t len, char *boundary);

/* boundary: as from multipart_boundary, of len octets. */
void	 multipart_init(struct multipart *m, const char *boundary, size_t len);

/*
 * Reads the next event from len octets of input.  Returns how many of them are
 * used up: with NONE all, so that the caller has nothing to keep; with another
 * event perhaps none, and the caller calls again with the rest.  DATA lies in
 * the input or in the struct.  What stands before the first delimiter and
 * behind the closing one is used up and ignored; after ERROR the same comes
 * again.
 *
 * A delimiter is what RFC 2046 5.1.1 says, but whole: where the boundary is
 * followed by anything but white space and CRLF, or two dashes, it is content.
 */
size_t	 multipart_read(struct multipart *m, const uint8_t *p, size_t len,
	    struct multipart_event *ev);

/* Was the closing delimiter read?  If not at the input's end, that is cut off. */
int	 multipart_through(const struct multipart *m);

#endif
