/*
 * Drawing.  All that is drawn goes through put_glyph: no octet of a text reaches
 * the terminal in another way, and none that is not a good character does.
 */

#include "compat.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "clean.h"
#include "draw.h"
#include "glyph.h"
#include "render.h"
#include "roster.h"
#include "screen.h"
#include "view.h"
#include "wrap.h"

#define USERS_COLUMNS	20
#define USERS_FROM	60	/* columns of the window */
#define CELL_CHARACTERS	5	/* that curses keeps in one place */
#define PROMPT_PART	3	/* of the input line at most */

#define VARIATION_EMOJI	0xfe0f
#define REPLACEMENT	0xfffd

/* What stands for a character: itself, or a sign that it is not shown. */
static wchar_t
printable(int32_t c)
{
	if (c == '\t')
		return (L' ');
	if (!glyph_is_utf8())
		return (c == '\n' ? L'|' : c >= ' ' && c < 0x7f ? c : L'?');
	if (c == '\n')
		return (0x21b5);
	if (clean_is_bad(c) || (c >= 0x80 && wcwidth((wchar_t)c) == -1))
		return (REPLACEMENT);
	return ((wchar_t)c);
}

/*
 * Adds one glyph at the cursor.  What ties emoji together, or asks for a coloured
 * form, is left out: terminals do not agree on how wide the result is, and the
 * row would go out of step.
 */
static void
put_glyph(const char *text, size_t len, int columns)
{
	wchar_t	 cell[CELL_CHARACTERS];
	wchar_t	 w;
	size_t	 n, taken = 0;
	int32_t	 c;

	if (columns == 0)
		return;
	if (text[0] == '\t') {
		printw("%*s", columns, "");
		return;
	}
	for (; (n = clean_next(text, len, &c)) != 0; len -= n, text += n) {
		if ((c == GLYPH_ZWJ && columns > 1) || c == VARIATION_EMOJI)
			continue;
		w = printable(c);
		if (taken == nitems(cell) || (taken > 0 && wcwidth(w) > 0)) {
			addnwstr(cell, (int)taken);
			taken = 0;
		}
		cell[taken++] = w;
	}
	addnwstr(cell, (int)taken);
}

/* Draws as much as fits in so many columns; returns how many it took. */
static int
put_text(const char *text, size_t len, int columns, int attributes)
{
	size_t	 n;
	int	 width, taken = 0;

	attrset(attributes);
	while ((n = glyph_next(text, len, &width)) != 0 &&
	    taken + width <= columns) {
		put_glyph(text, n, width);
		taken += width;
		text += n;
		len -= n;
	}
	attrset(A_NORMAL);
	return (taken);
}

static int
put_string(const char *text, int columns, int attributes)
{
	return (put_text(text, strlen(text), columns, attributes));
}

static void
put_blanks(int columns, int attributes)
{
	attrset(attributes);
	if (columns > 0)
		hline(' ' | (chtype)attributes, columns);
	attrset(A_NORMAL);
}

/* ---- the window ----------------------------------------------------------- */

static void
say_too_small(int rows, int columns)
{
	char	 text[64];

	erase();
	snprintf(text, sizeof(text), "window < %dx%d", SCREEN_COLUMNS_MIN,
	    SCREEN_ROWS_MIN);
	if (rows > 0) {
		move(0, 0);
		put_string(text, columns, A_NORMAL);
	}
}

int
draw_has_room(void)
{
	return (getmaxx(stdscr) >= USERS_FROM);
}

int
draw_layout(struct layout *l, int with_users)
{
	getmaxyx(stdscr, l->rows, l->columns);
	if (l->rows < SCREEN_ROWS_MIN || l->columns < SCREEN_COLUMNS_MIN) {
		say_too_small(l->rows, l->columns);
		return (-1);
	}
	l->height = l->rows - 3;
	l->users = with_users && draw_has_room() ? USERS_COLUMNS : 0;
	l->width = l->columns - (l->users > 0 ? l->users + 1 : 0);
	return (0);
}

void
draw_flush(void)
{
	refresh();
}

void
draw_title(const struct layout *l, const char *left, const char *right)
{
	int	 x, width = glyph_columns(right, strlen(right));

	move(0, 0);
	put_blanks(l->columns, A_REVERSE);
	move(0, 0);
	x = l->columns - width - 2;
	if (x > 0)
		put_string(left, x, A_REVERSE);
	move(0, x > 0 ? l->columns - width - 1 : 0);
	put_string(right, l->columns, A_REVERSE | A_BOLD);
}

/* ---- messages ------------------------------------------------------------- */

static int
label_attributes(const struct line *line)
{
	if (line->kind == LINE_FOREIGN)
		return (screen_user_colour(line->sender));
	return (A_BOLD);
}

static int
note_attributes(const struct line *line)
{
	if (line->state == LINE_REFUSED || line->state == LINE_UNKNOWN)
		return (screen_warning());
	return (A_DIM);
}

/* Attributes at an octet of a line, and where the next begin. */
static int
attributes_at(const struct line *line, const struct rendered *r, size_t at,
    size_t *next)
{
	if (at < r->label) {
		*next = r->label;
		return (A_DIM);
	}
	if (at < r->label + r->label_len) {
		*next = r->label + r->label_len;
		return (label_attributes(line));
	}
	if (at < r->note) {
		*next = r->note;
		return (A_NORMAL);
	}
	*next = r->len;
	return (note_attributes(line));
}

/* Draws octets from..to of a line as a row. */
static void
draw_row(const struct layout *l, int y, int indent, const struct line *line,
    const struct rendered *r, size_t from, size_t to)
{
	size_t	 next;
	int	 x = indent, attributes;

	move(y, 0);
	put_blanks(l->width, A_NORMAL);
	move(y, indent);
	for (; from < to; from = next) {
		attributes = attributes_at(line, r, from, &next);
		if (next > to)
			next = to;
		x += put_text(r->text + from, next - from, l->width - x,
		    attributes);
	}
}

/* Draws a line from its row -y on; returns the row below it. */
static int
draw_line(const struct layout *l, int y, const struct line *line)
{
	struct rendered	 r;
	size_t		 at = 0, n, next;
	int		 indent = 0;

	render_line(line, &r);
	do {
		n = wrap_line(r.text + at, r.len - at, l->width - indent, &next);
		if (y > 0 && y <= l->height)
			draw_row(l, y, indent, line, &r, at, at + n);
		indent = render_indent(l->width);
		at += next;
		y++;
	} while (at < r.len && y <= l->height);
	render_free(&r);
	return (y);
}

void
draw_lines(const struct layout *l, struct conversation *c)
{
	struct line	*line;
	size_t		 above;
	int		 y = 1;

	line = view_top(c, l->height, l->width, &above);
	if (line != NULL)
		y -= (int)above;
	for (; line != NULL && y <= l->height; line = TAILQ_NEXT(line, entry))
		y = draw_line(l, y, line);
	for (; y <= l->height; y++) {
		move(y, 0);
		put_blanks(l->width, A_NORMAL);
	}
}

/* ---- users ---------------------------------------------------------------- */

static void
users_row(const struct layout *l, int *y, const char *text, int attributes)
{
	int	 taken;

	if (*y > l->height)
		return;
	move(*y, l->width + 1);
	taken = put_string(text, l->users, attributes);
	put_blanks(l->users - taken, A_NORMAL);
	(*y)++;
}

static void
users_of(const struct layout *l, const struct roster_server *s, int *y)
{
	struct user	*u;
	char		 text[ADDRESS_LEN_MAX + 32];

	snprintf(text, sizeof(text), "%s (%zu)", s->address, s->users);
	users_row(l, y, text, A_BOLD);
	for (u = roster_first(); u != NULL && *y <= l->height;
	    u = roster_next(u)) {
		if (u->server != s)
			continue;
		snprintf(text, sizeof(text), " %s%s", roster_label(u),
		    u->is_self ? " (you)" : "");
		users_row(l, y, text, A_NORMAL);
	}
}

void
draw_users(const struct layout *l)
{
	const struct roster_server	*s;
	int				 y = 1;

	if (l->users == 0)
		return;
	mvvline(1, l->width, glyph_is_utf8() ? ACS_VLINE : '|', l->height);
	TAILQ_FOREACH(s, roster_servers(), entry)
		users_of(l, s, &y);
	while (y <= l->height)
		users_row(l, &y, "", A_NORMAL);
}

/* ---- status and input ----------------------------------------------------- */

static void
format_tab(const struct conversation *c, unsigned int place, char *text,
    size_t size)
{
	if (c->unread > 0)
		snprintf(text, size, "[%u%s%s %u]", place,
		    c->mention ? "*" : " ", c->name, c->unread);
	else
		snprintf(text, size, "[%u %s]", place, c->name);
}

/* The first to be shown, so that the current one is in sight. */
static const struct conversation *
first_tab(const struct conversations *cs, int columns, unsigned int *place)
{
	const struct conversation	*c, *first = TAILQ_FIRST(&cs->list);
	char				 text[128];
	unsigned int			 i = 0;
	int				 taken = 0;

	*place = 1;
	TAILQ_FOREACH(c, &cs->list, entry) {
		format_tab(c, ++i, text, sizeof(text));
		taken += glyph_columns(text, strlen(text)) + 1;
		if (taken > columns && c != first) {
			first = c;
			*place = i;
			taken = glyph_columns(text, strlen(text)) + 1;
		}
		if (c == cs->current)
			break;
	}
	return (first);
}

static void
draw_tabs(const struct conversations *cs, int columns)
{
	const struct conversation	*c;
	char				 text[128];
	unsigned int			 place;
	int				 width;

	c = first_tab(cs, columns, &place);
	for (; c != NULL; c = TAILQ_NEXT(c, entry)) {
		format_tab(c, place++, text, sizeof(text));
		width = glyph_columns(text, strlen(text));
		put_string(text, columns, c == cs->current ?
		    A_NORMAL | A_BOLD : A_REVERSE | (c->unread ? A_BOLD : 0));
		if ((columns -= width) <= 0)
			break;
		put_string(" ", columns--, A_REVERSE);
	}
}

void
draw_status(const struct layout *l, const struct conversations *cs,
    const char *hint, const char *right)
{
	int	 y = l->rows - 2, width = glyph_columns(right, strlen(right));

	if (width > l->columns / 2)
		width = l->columns / 2;
	move(y, 0);
	put_blanks(l->columns, A_REVERSE);
	move(y, 0);
	if (hint[0] != '\0') {
		put_string(hint, l->columns, A_REVERSE);
		return;
	}
	draw_tabs(cs, l->columns - (width > 0 ? width + 1 : 0));
	move(y, l->columns - width);
	put_string(right, width, A_REVERSE | A_BOLD);
}

void
draw_input(const struct layout *l, const char *prompt, struct editor *e)
{
	int	 x, cursor;

	move(l->rows - 1, 0);
	put_blanks(l->columns, A_NORMAL);
	move(l->rows - 1, 0);
	x = put_string(prompt, l->columns / PROMPT_PART, A_BOLD);
	x += put_string("> ", 2, A_BOLD);
	cursor = editor_view(e, l->columns - x - 1);
	put_text(e->text + e->left, e->len - e->left, l->columns - x - 1,
	    A_NORMAL);
	move(l->rows - 1, x + cursor);
}

void
draw_question(const struct layout *l, const char *question, const char *reply)
{
	int	 x;

	move(l->rows - 1, 0);
	put_blanks(l->columns, A_NORMAL);
	move(l->rows - 1, 0);
	x = put_string(question, l->columns - 1, A_BOLD);
	x += put_string(" ", l->columns - x - 1, A_NORMAL);
	x += put_string(reply, l->columns - x - 1, A_NORMAL);
	move(l->rows - 1, x);
}
