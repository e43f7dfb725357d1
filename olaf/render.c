/*
 * A line of a conversation as it is read.  Rows but the first are indented, so
 * that no text can pass for a line of its own.
 */

#include "compat.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "render.h"
#include "wrap.h"

#define NOTE_MAX	(LINE_WHY_MAX + 64)

static void
format_time(int64_t when, char text[8])
{
	struct tm	 tm;
	time_t		 t = (time_t)when;

	if (localtime_r(&t, &tm) == NULL || strftime(text, 8, "%H:%M", &tm) == 0)
		strlcpy(text, "--:--", 8);
}

/* What we say behind a text. */
static void
format_note(const struct line *l, char note[NOTE_MAX])
{
	note[0] = '\0';
	if (l->state == LINE_PENDING)
		strlcpy(note, " [sending]", NOTE_MAX);
	else if (l->state == LINE_REFUSED)
		snprintf(note, NOTE_MAX, " [NOT SENT: %s]", l->why);
	else if (l->state == LINE_UNKNOWN)
		strlcpy(note, " [not known whether it arrived]", NOTE_MAX);
	else if (l->offers)
		strlcpy(note, " [/save to download]", NOTE_MAX);
	else if (l->times > 1)
		snprintf(note, NOTE_MAX, " (%u times)", l->times);
}

/* What is before the text; returns where the label begins in it. */
static size_t
format_head(const struct line *l, char *head, size_t size)
{
	char	 when[8];

	if (l->kind == LINE_DATE) {
		strlcpy(head, "--- ", size);
		return (0);
	}
	format_time(l->time, when);
	if (l->kind == LINE_NOTICE || l->kind == LINE_UNREADABLE)
		snprintf(head, size, "%s -- ", when);
	else
		snprintf(head, size, "%s %s: ", when, l->label);
	return (strlen(when) + 1);
}

void
render_line(const struct line *l, struct rendered *r)
{
	char	 head[LINE_LABEL_MAX + 16], note[NOTE_MAX];
	size_t	 headlen, notelen;

	r->label = format_head(l, head, sizeof(head));
	format_note(l, note);
	if (l->kind == LINE_DATE)
		strlcpy(note, " ---", sizeof(note));
	headlen = strlen(head);
	notelen = strlen(note);
	r->label_len = strlen(l->label);
	r->note = headlen + l->len;
	r->len = r->note + notelen;
	if ((r->text = malloc(r->len + 1)) == NULL)
		err(1, NULL);
	memcpy(r->text, head, headlen);
	memcpy(r->text + headlen, l->text, l->len);
	memcpy(r->text + r->note, note, notelen + 1);
}

void
render_free(struct rendered *r)
{
	free(r->text);
	r->text = NULL;
}

int
render_indent(int columns)
{
	return (columns >= 40 ? 6 : 2);
}

size_t
render_rows(const struct line *l, int columns)
{
	struct rendered	 r;
	size_t		 rows;

	render_line(l, &r);
	rows = wrap_rows(r.text, r.len, columns,
	    columns - render_indent(columns));
	render_free(&r);
	return (rows);
}
