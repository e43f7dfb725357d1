/*
 * A text of JSON that grows: for client_list and client_update.
 */

#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

/* All zero: empty. */
struct text {
	char	*p;
	size_t	 len;
	size_t	 size;
};

/* Appends.  Exits when out of memory: what goes in is our own. */
void	 text_add(struct text *, const char *, size_t);
/* A constant. */
#define TEXT_ADD(t, s)	text_add((t), (s), sizeof(s) - 1)
/*
 * A string in its quotes, of printable characters and line ends: all that PEM
 * and addresses have.
 */
void	 text_add_string(struct text *, const char *, size_t);

#endif
