/*
 * The other ways of writing a JSON object over which peers sign: without
 * white space, spaced as Python's json.dumps does, sorted.  All of them take
 * text that the scanner has judged, and rely on it.
 */

#ifndef FORMS_H
#define FORMS_H

#include <stddef.h>

#include "scan.h"

/* Is it white space to JSON (RFC 8259 2)? */
int	 form_is_space(char c);

/* The length, quotes included, of the string with which the text begins. */
size_t	 form_string_len(struct scan_span text);

/*
 * Takes the next element off the front of an array's rest, which begins behind
 * the bracket.  Returns 0 at the end.
 */
int	 form_next(struct scan_span *rest, struct scan_span *value);

/*
 * Writes the text without its insignificant white space to dst, which holds
 * text.len, and returns the length.
 */
size_t	 form_compact(struct scan_span text, char *dst);

/*
 * Writes compact text with a space after each comma and colon outside strings
 * to dst, which holds twice its length, and returns the length.
 */
size_t	 form_spaced(struct scan_span compact, char *dst);

/*
 * Sorts, in place, the members of every object of a compact value by the
 * octets of their unescaped names, so by code points; names and values stay
 * as they were sent.  Returns 0, or -1 when out of memory.
 */
int	 form_sort(char *text, size_t len);

#endif
