/*
 * Text by what a terminal shows as one: a character with its accents, an emoji
 * of several characters.  Any octets may be read; what is no good character
 * counts one column, for the sign that stands in its place.
 */

#ifndef GLYPH_H
#define GLYPH_H

#include <stddef.h>
#include <stdint.h>

#define GLYPH_CHARACTERS	16	/* at most, of one */
#define GLYPH_TAB		4	/* columns of a tab, wherever it is */
#define GLYPH_ZWJ		0x200d	/* joins two emoji to one */

/*
 * Does the terminal take UTF-8?  If not (the default), each character beyond
 * ASCII is one of its own, a column wide.  Needs setlocale.
 */
void	 glyph_utf8(int yes);
int	 glyph_is_utf8(void);

/*
 * The next off the front: its length in octets, 0 at the end, and its columns
 * as wcwidth(3) has them, of which the terminal and curses know too.
 */
size_t	 glyph_next(const char *text, size_t len, int *columns);

/* Columns of a whole text. */
int	 glyph_columns(const char *text, size_t len);

#endif
