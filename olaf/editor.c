/*
 * The line in which people type.
 */

#include "compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "editor.h"
#include "glyph.h"

/* Where the glyph begins that ends at, or holds, the octet before at. */
static size_t
glyph_before(const struct editor *e, size_t at)
{
	size_t	 n, begin = 0;
	int	 columns;

	while ((n = glyph_next(e->text + begin, e->len - begin, &columns)) != 0 &&
	    begin + n < at)
		begin += n;
	return (begin);
}

static size_t
glyph_after(const struct editor *e, size_t at)
{
	int	 columns;

	return (at + glyph_next(e->text + at, e->len - at, &columns));
}

static int
is_space(char c)
{
	return (c == ' ' || c == '\t' || c == '\n');
}

static size_t
word_before(const struct editor *e, size_t at)
{
	while (at > 0 && is_space(e->text[at - 1]))
		at--;
	while (at > 0 && !is_space(e->text[at - 1]))
		at--;
	return (at);
}

static size_t
word_after(const struct editor *e, size_t at)
{
	while (at < e->len && is_space(e->text[at]))
		at++;
	while (at < e->len && !is_space(e->text[at]))
		at++;
	return (at);
}

/* Takes out what is between two places; the cursor is there then. */
static void
cut(struct editor *e, size_t begin, size_t end)
{
	memmove(e->text + begin, e->text + end, e->len - end + 1);
	e->len -= end - begin;
	e->cursor = begin;
}

/* What is cut right after another cut stands before or behind that. */
static void
cut_and_keep(struct editor *e, size_t begin, size_t end)
{
	char	*before = e->killed, *all;
	int	 n = (int)(end - begin);

	if (begin == end)
		return;
	if (before == NULL || e->killed_len != e->len ||
	    e->killed_cursor != e->cursor)
		n = asprintf(&all, "%.*s", n, e->text + begin);
	else if (begin < e->cursor)
		n = asprintf(&all, "%.*s%s", n, e->text + begin, before);
	else
		n = asprintf(&all, "%s%.*s", before, n, e->text + begin);
	if (n != -1) {
		free(before);
		e->killed = all;
	}
	cut(e, begin, end);
	e->killed_len = e->len;
	e->killed_cursor = e->cursor;
}

/* Copies what may stand in the line, at most len octets; returns how many. */
static size_t
copy_good(char *dst, const char *text, size_t len)
{
	size_t	 n, octets = 0;
	int32_t	 c;

	for (; (n = clean_next(text, len, &c)) != 0; len -= n) {
		if (c == '\n' || c == '\t' || (c != -1 && !clean_is_bad(c))) {
			memcpy(dst + octets, text, n);
			octets += n;
		}
		text += n;
	}
	return (octets);
}

int
editor_insert(struct editor *e, const char *text, size_t len)
{
	char	*good;
	size_t	 n;

	if (len >= sizeof(e->text) - e->len || (good = malloc(len + 1)) == NULL)
		return (-1);
	n = copy_good(good, text, len);
	memmove(e->text + e->cursor + n, e->text + e->cursor,
	    e->len - e->cursor + 1);
	memcpy(e->text + e->cursor, good, n);
	e->len += n;
	e->cursor += n;
	free(good);
	return (0);
}

void
editor_left(struct editor *e)
{
	if (e->cursor > 0)
		e->cursor = glyph_before(e, e->cursor);
}

void
editor_right(struct editor *e)
{
	e->cursor = glyph_after(e, e->cursor);
}

void
editor_word_left(struct editor *e)
{
	e->cursor = word_before(e, e->cursor);
}

void
editor_word_right(struct editor *e)
{
	e->cursor = word_after(e, e->cursor);
}

void
editor_home(struct editor *e)
{
	e->cursor = 0;
}

void
editor_end(struct editor *e)
{
	e->cursor = e->len;
}

void
editor_backspace(struct editor *e)
{
	if (e->cursor > 0)
		cut(e, glyph_before(e, e->cursor), e->cursor);
}

void
editor_delete(struct editor *e)
{
	cut(e, e->cursor, glyph_after(e, e->cursor));
}

void
editor_kill_end(struct editor *e)
{
	cut_and_keep(e, e->cursor, e->len);
}

void
editor_kill_begin(struct editor *e)
{
	cut_and_keep(e, 0, e->cursor);
}

void
editor_kill_word(struct editor *e)
{
	cut_and_keep(e, word_before(e, e->cursor), e->cursor);
}

void
editor_yank(struct editor *e)
{
	if (e->killed != NULL)
		editor_insert(e, e->killed, strlen(e->killed));
}

void
editor_set(struct editor *e, const char *text)
{
	e->len = e->cursor = e->left = 0;
	e->text[0] = '\0';
	editor_insert(e, text, strlen(text));
}

void
editor_up(struct editor *e)
{
	const char	*text;

	if ((text = history_back(&e->history, e->text)) != NULL)
		editor_set(e, text);
}

void
editor_down(struct editor *e)
{
	const char	*text;

	if ((text = history_forth(&e->history)) != NULL)
		editor_set(e, text);
}

void
editor_done(struct editor *e)
{
	if (e->len > 0)
		history_add(&e->history, e->text);
	editor_set(e, "");
}

/*
 * Once the cursor would be out of sight, it is put at two thirds of the width, so
 * that the text is not moved with every key.
 */
int
editor_view(struct editor *e, int columns)
{
	size_t	 n;
	int	 before, width;

	if (e->left < e->cursor || e->left == 0) {
		before = glyph_columns(e->text + e->left, e->cursor - e->left);
		if (before < columns)
			return (before);
	}
	before = glyph_columns(e->text, e->cursor);
	e->left = 0;
	while (before > columns * 2 / 3) {
		n = glyph_next(e->text + e->left, e->len - e->left, &width);
		e->left += n;
		before -= width;
	}
	return (before);
}

void
editor_clear(struct editor *e)
{
	editor_set(e, "");
	free(e->killed);
	e->killed = NULL;
	history_clear(&e->history);
}
