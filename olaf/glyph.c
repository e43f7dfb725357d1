/*
 * Text by what a terminal shows as one.  A small part of Unicode's rules for
 * grapheme clusters (UAX 29), as far as they matter in a line of text: what has
 * no width belongs to what is before it, a joiner ties emoji together, letters
 * of flags come in pairs.
 */

#include "compat.h"

#include <wchar.h>

#include "clean.h"
#include "glyph.h"

static int	 utf8;

void
glyph_utf8(int yes)
{
	utf8 = yes;
}

int
glyph_is_utf8(void)
{
	return (utf8);
}

static int
character_columns(int32_t c)
{
	int	 n;

	if (c == '\t')
		return (GLYPH_TAB);
	if (c < 0x80 || !utf8 || clean_is_bad(c))
		return (1);
	n = wcwidth((wchar_t)c);
	return (n == -1 ? 1 : n);
}

/* One of the two letters that make a flag. */
static int
is_flag_letter(int32_t c)
{
	return (c >= 0x1f1e6 && c <= 0x1f1ff);
}

static int
is_skin_tone(int32_t c)
{
	return (c >= 0x1f3fb && c <= 0x1f3ff);
}

/* Does c belong to what ends with last and began with first? */
static int
joins(int32_t first, int32_t last, int32_t c, size_t characters)
{
	if (!utf8 || c < 0x80 || first < ' ' || clean_is_bad(c))
		return (0);
	if (character_columns(c) == 0)
		return (1);
	if (last == GLYPH_ZWJ || is_skin_tone(c))
		return (character_columns(first) == 2 || first >= 0x2000);
	return (is_flag_letter(c) && is_flag_letter(first) && characters == 1);
}

size_t
glyph_next(const char *text, size_t len, int *columns)
{
	size_t	 n, octets, characters;
	int32_t	 first, last, c;

	if ((octets = clean_next(text, len, &first)) == 0) {
		*columns = 0;
		return (0);
	}
	*columns = character_columns(first);
	last = first;
	for (characters = 1; characters < GLYPH_CHARACTERS; characters++) {
		n = clean_next(text + octets, len - octets, &c);
		if (n == 0 || !joins(first, last, c, characters))
			break;
		*columns += character_columns(c);
		octets += n;
		last = c;
	}
	return (octets);
}

int
glyph_columns(const char *text, size_t len)
{
	size_t	 n;
	int	 columns, all = 0;

	for (; (n = glyph_next(text, len, &columns)) != 0; len -= n) {
		all += columns;
		text += n;
	}
	return (all);
}
