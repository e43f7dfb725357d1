/*
 * Which part of a conversation is seen: its end, or wherever it was scrolled to.
 */

#ifndef VIEW_H
#define VIEW_H

#include <stddef.h>

#include "conversation.h"

/*
 * Scrolls by so many rows, back (towards what is older) or forth, in a window of
 * that size; stops where the oldest line is at the top, or the newest is seen.
 */
void	 view_back(struct conversation *, size_t rows, int height, int columns);
void	 view_forth(struct conversation *, size_t rows, int columns);

/* To the end, which it follows again. */
void	 view_end(struct conversation *);

/*
 * The line at the top of the window, and how many of its rows are above it.
 * NULL if there is none at all.
 */
struct line *view_top(struct conversation *, int height, int columns, size_t *above);

/* How many lines are below the window, in part or wholly. */
size_t	 view_below(const struct conversation *);

#endif
