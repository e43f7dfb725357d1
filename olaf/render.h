/*
 * A line of a conversation as it is read: "21:30 alice: text".
 */

#ifndef RENDER_H
#define RENDER_H

#include <stddef.h>

#include "conversation.h"

/* Its text, not made harmless, and where its parts are, in octets. */
struct rendered {
	char	*text;
	size_t	 len;
	size_t	 label;		/* begins here */
	size_t	 label_len;
	size_t	 note;		/* what we say about it: from here to the end */
};

/* Exits when out of memory. */
void	 render_line(const struct line *, struct rendered *);
void	 render_free(struct rendered *);

/* By how much its rows but the first are indented. */
int	 render_indent(int columns);

/* How many rows it takes. */
size_t	 render_rows(const struct line *, int columns);

#endif
