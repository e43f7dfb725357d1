/*
 * Conditional requests and requests for a part (RFC 9110 13 and 14), of what
 * never changes under its name; no I/O.
 */

#ifndef ENTITY_H
#define ENTITY_H

#include <stdint.h>

#include "http.h"

/* What is asked for. */
struct entity {
	uint64_t	 size;		/* octets */
	int64_t		 modified;	/* seconds since 1970, as Last-Modified says */
	const char	*etag;		/* strong, with its quotes */
};

/* Values of fields, without white space around them; p is NULL if absent. */
struct entity_request {
	struct http_span	 range;
	struct http_span	 if_range;
	struct http_span	 if_none_match;
	struct http_span	 if_modified_since;
};

/*
 * What to answer to a request for e: 200, 206, 304 or 416; and which part of it,
 * from so many octets on and of so many octets: the whole with 200, nothing
 * with 304 and 416.  Range is for GET alone (RFC 9110 14.2): for HEAD the
 * caller gives none.
 *
 * One range of bytes is served.  Several, another unit or a bad syntax yield
 * the whole, as does what RFC 9110 14.1.2 calls satisfiable but cannot be
 * expressed: the last octets of nothing.  Of dates only the preferred format
 * is known (RFC 9110 5.6.7: IMF-fixdate); another one is as if absent, which
 * for If-Range means that it does not match.
 */
int	 entity_evaluate(const struct entity *e, const struct entity_request *r,
	    uint64_t *from, uint64_t *len);

#endif
