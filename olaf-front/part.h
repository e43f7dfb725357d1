/*
 * The head of a part of a form (RFC 7578 4), as clients write it; no I/O.
 */

#ifndef PART_H
#define PART_H

#include <stddef.h>

#include "http.h"

#define PART_TYPE_MAX	127	/* octets of a Content-Type; a longer one is dropped */

/*
 * What a head says, of which nothing need be there.  The texts lie in the
 * head.  Names are what the sender chose, any octets but not necessarily UTF-8.
 */
struct part {
	struct http_span	 name;		/* of the field; perhaps empty */
	struct http_span	 filename;
	struct http_span	 type;		/* printable ASCII; empty: none */
	int			 has_filename;	/* be it empty: this is a file */
};

/*
 * Reads a head of len octets, with or without its empty line at the end, and
 * decodes names in place.  Returns 0, or -1 if it is malformed.
 */
int	 part_read(struct part *part, char *head, size_t len);

#endif
