/*
 * Stretches of text within a larger one, as heads of HTTP and MIME are made of.
 */

#ifndef SPAN_H
#define SPAN_H

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "octet.h"

struct http_span {
	const char	*p;		/* NULL: absent */
	size_t		 len;
};

static inline int
span_is(struct http_span s, const char *text)
{
	return (s.len == strlen(text) && memcmp(s.p, text, s.len) == 0);
}

static inline int
span_is_caseless(struct http_span s, const char *text)
{
	return (s.len == strlen(text) && strncasecmp(s.p, text, s.len) == 0);
}

/* Without white space around it. */
static inline struct http_span
span_trim(struct http_span s)
{
	while (s.len > 0 && octet_is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && octet_is_space(s.p[s.len - 1]))
		s.len--;
	return (s);
}

/* Is the word, in any case, in a comma-separated list (RFC 9110 5.6.1)? */
static inline int
span_lists(struct http_span list, const char *word)
{
	struct http_span	 s;
	const char		*comma, *end = list.p + list.len;

	for (s.p = list.p; s.p < end; s.p = comma + 1) {
		if ((comma = memchr(s.p, ',', end - s.p)) == NULL)
			comma = end;
		s.len = comma - s.p;
		if (span_is_caseless(span_trim(s), word))
			return (1);
		if (comma == end)
			break;
	}
	return (0);
}

#endif
