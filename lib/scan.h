/*
 * The strict JSON scanner (RFC 8259), in the place of a JSON library, which
 * takes far too much.  It judges a whole text and gives the byte extents of the
 * members of its first two levels.
 */

#ifndef SCAN_H
#define SCAN_H

#include <stddef.h>

#define SCAN_DEPTH	16	/* the protocol's bound on nesting */
#define SCAN_MEMBERS	256	/* extents kept; further members are judged only */
#define SCAN_NAMES	4096	/* members that one object may have */

enum scan_type {
	SCAN_NULL,
	SCAN_FALSE,
	SCAN_TRUE,
	SCAN_NUMBER,
	SCAN_STRING,
	SCAN_ARRAY,
	SCAN_OBJECT
};

/* Octets within the scanned text; owned by whoever owns the text. */
struct scan_span {
	const char	*p;
	size_t		 len;
};

struct scan_member {
	struct scan_span	 name;		/* between its quotes, escapes as sent */
	struct scan_span	 value;		/* whole, a string with its quotes */
	enum scan_type		 type;
	int			 parent;	/* index of the member whose object holds
						 * it, -1 for the outermost object */
};

struct scan {
	struct scan_member	 members[SCAN_MEMBERS];
	int			 nmembers;
};

/*
 * Scans one JSON object, with white space around it, nested at most maxdepth
 * deep (the object itself counts as one).  Returns 0, or -1 if the text is
 * anything else: bad syntax, bad UTF-8 (overlong forms and surrogates
 * included), lone surrogate escapes, control characters in strings, member
 * names that are equal after unescaping, at any level, an object with more than
 * SCAN_NAMES members, or anything but white space behind the object.  Takes
 * O(n) time and bounded stack; scratch memory, which is bounded by the text's
 * length, is kept between calls.  Never exits; out of memory is -1.
 */
int	 scan_object(struct scan *s, const char *text, size_t len, int maxdepth);

/*
 * As scan_object, but takes any JSON value.  A value that is no object yields
 * no members, and *type tells what it was.
 */
int	 scan_value(struct scan *s, const char *text, size_t len, int maxdepth,
	    enum scan_type *type);

/*
 * For a text that was refused: is it an object all the same, to judge by its
 * brackets and quotes alone, with nothing behind it?  So are names that come
 * twice, NaN, too deep nesting and what else a more lenient reader takes.
 */
int	 scan_is_whole(const char *text, size_t len);

/*
 * The member of the object with index parent whose name, unescaped, is name;
 * NULL if there is none.
 */
const struct scan_member *
	 scan_find(const struct scan *s, int parent, const char *name);

/*
 * Unescapes a string of a scanned text (value with its quotes) into dst, which
 * must hold value.len octets; a NUL escape becomes a NUL octet.  Returns the
 * length.  Not NUL-terminated.
 */
size_t	 scan_unescape(struct scan_span value, char *dst);

/* Orders spans by their octets, as memcmp(3) would: below, 0 or above 0. */
int	 scan_compare(const struct scan_span *, const struct scan_span *);

/* Frees the scratch memory; for tests that look for leaks. */
void	 scan_cleanup(void);

#endif
