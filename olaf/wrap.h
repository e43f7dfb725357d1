/*
 * Text broken into lines of so many columns, between words where possible.
 */

#ifndef WRAP_H
#define WRAP_H

#include <stddef.h>

/*
 * The first line of a text: returns its octets; *next is where the following
 * one begins, len if there is none.  A newline, and the blanks at which a line
 * was broken, are in neither.  At least one glyph is taken, even if it is wider.
 */
size_t	 wrap_line(const char *text, size_t len, int columns, size_t *next);

/*
 * How many lines there are, the first and the others so many columns wide; at
 * least one.
 */
size_t	 wrap_rows(const char *text, size_t len, int first, int others);

#endif
