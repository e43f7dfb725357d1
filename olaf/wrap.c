/*
 * Text broken into lines.  Words end at blanks; wide characters, of scripts that
 * have no blanks, may be parted from each other anywhere.
 */

#include "compat.h"

#include "glyph.h"
#include "wrap.h"

/* A place to break: where the line ends (0: nowhere), and the next begins. */
struct place {
	size_t	 end;
	size_t	 next;
};

static int
is_blank(char c)
{
	return (c == ' ' || c == '\t');
}

/* Notes that the line may be broken at, or behind, the glyph there. */
static void
note_place(struct place *place, const char *text, size_t at, size_t n, int wide)
{
	if (is_blank(text[at])) {
		if (place->next != at)
			place->end = at;
		place->next = at + n;
	} else if (wide)
		place->end = place->next = at + n;
}

/* The line ends with the newline there, perhaps with a return before it. */
static size_t
at_newline(const char *text, size_t at, size_t *next)
{
	*next = at + 1;
	return (at > 0 && text[at - 1] == '\r' ? at - 1 : at);
}

/* The line ends there, and the blanks that follow are in no line. */
static size_t
at_blank(const char *text, size_t len, size_t at, size_t *next)
{
	for (*next = at; *next < len && is_blank(text[*next]); (*next)++)
		;
	if (*next > at && *next < len && text[*next] == '\n')
		(*next)++;
	return (at);
}

/* The glyph there, of that width, does not fit. */
static size_t
at_edge(const char *text, size_t len, size_t at, int width,
    const struct place *place, size_t *next)
{
	if (is_blank(text[at]) && place->next == at && place->end > 0)
		return (at_blank(text, len, place->end, next));
	if (is_blank(text[at]) || width > 1 || place->end == 0)
		return (at_blank(text, len, at, next));
	*next = place->next;
	return (place->end);
}

size_t
wrap_line(const char *text, size_t len, int columns, size_t *next)
{
	struct place	 place = { 0, 0 };
	size_t		 n, at;
	int		 width, left = columns;

	for (at = 0; at < len; at += n) {
		if (text[at] == '\n')
			return (at_newline(text, at, next));
		n = glyph_next(text + at, len - at, &width);
		if (width > left && at > 0)
			return (at_edge(text, len, at, width, &place, next));
		note_place(&place, text, at, n, width > 1);
		left -= width;
	}
	*next = len;
	return (len);
}

size_t
wrap_rows(const char *text, size_t len, int first, int others)
{
	size_t	 next, rows = 0;

	do {
		wrap_line(text, len, rows == 0 ? first : others, &next);
		text += next;
		len -= next;
		rows++;
	} while (len > 0);
	return (rows);
}
