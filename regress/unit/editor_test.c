/*
 * The line in which people type, and what they typed before.
 */

#include "compat.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "editor.h"
#include "glyph.h"
#include "test.h"

/* link: olaf/editor.o olaf/history.o olaf/glyph.o olaf/clean.o */

#define E_ACUTE		"e\xcc\x81"
#define HAN		"\xe6\xbc\xa2"

static struct editor	 e;

static void
type(const char *text)
{
	editor_insert(&e, text, strlen(text));
}

/* Is this the text, with a bar where the cursor is? */
static int
is(const char *expected)
{
	char	 text[1024];

	snprintf(text, sizeof(text), "%.*s|%s", (int)e.cursor, e.text,
	    e.text + e.cursor);
	if (strcmp(text, expected) == 0)
		return (1);
	fprintf(stderr, "%s, not %s\n", text, expected);
	return (0);
}

static void
test_insert_and_move(void)
{
	editor_clear(&e);
	type("abd");
	editor_left(&e);
	type("c");
	CHECK(is("abc|d"));
	editor_home(&e);
	editor_left(&e);
	CHECK(is("|abcd"));
	editor_right(&e);
	CHECK(is("a|bcd"));
	editor_end(&e);
	editor_right(&e);
	CHECK(is("abcd|"));
}

static void
test_delete(void)
{
	editor_clear(&e);
	editor_backspace(&e);
	editor_delete(&e);
	CHECK(is("|"));
	type("a" E_ACUTE HAN);
	editor_backspace(&e);
	CHECK(is("a" E_ACUTE "|"));
	editor_left(&e);
	CHECK(is("a|" E_ACUTE));
	editor_delete(&e);
	CHECK(is("a|"));
	editor_delete(&e);
	editor_backspace(&e);
	CHECK(is("|"));
}

static void
test_words(void)
{
	editor_set(&e, "one  two three");
	editor_word_left(&e);
	CHECK(is("one  two |three"));
	editor_word_left(&e);
	editor_word_left(&e);
	editor_word_left(&e);
	CHECK(is("|one  two three"));
	editor_word_right(&e);
	editor_word_right(&e);
	CHECK(is("one  two| three"));
}

static void
test_kill_and_yank(void)
{
	editor_set(&e, "one two three");
	editor_kill_word(&e);
	CHECK(is("one two |"));
	editor_yank(&e);
	editor_yank(&e);
	CHECK(is("one two threethree|"));
	editor_word_left(&e);
	editor_kill_end(&e);
	CHECK(is("one two |"));
	editor_kill_begin(&e);
	CHECK(is("|"));
	editor_kill_begin(&e);		/* nothing: what was cut is kept */
	editor_yank(&e);
	CHECK(is("one two threethree|"));
	editor_kill_word(&e);
	editor_yank(&e);
	CHECK(is("one two threethree|"));
	editor_set(&e, "one two three");
	editor_kill_word(&e);
	editor_kill_word(&e);
	editor_yank(&e);
	CHECK(is("one two three|"));
}

/* Nothing that must not reach a terminal, and no broken character. */
static void
test_only_good_text(void)
{
	editor_clear(&e);
	editor_insert(&e, "a\x1b[\0b\xff" "c\xe2\x80\xae\n\td\x7f", 14);
	CHECK(is("a[bc\n\td|"));
}

static void
test_full(void)
{
	static char	 much[EDITOR_MAX];

	editor_clear(&e);
	memset(much, 'a', sizeof(much));
	CHECK(editor_insert(&e, much, sizeof(much)) == -1 && e.len == 0);
	CHECK(editor_insert(&e, much, sizeof(much) - 1) == 0);
	CHECK(e.len == EDITOR_MAX - 1 && e.text[e.len] == '\0');
	CHECK(editor_insert(&e, "b", 1) == -1);
	editor_backspace(&e);
	CHECK(editor_insert(&e, "b", 1) == 0);
}

static void
test_history(void)
{
	editor_clear(&e);
	editor_up(&e);
	editor_down(&e);
	CHECK(is("|"));
	type("first");
	editor_done(&e);
	type("second");
	editor_done(&e);
	type("second");
	editor_done(&e);
	type("draft");
	editor_up(&e);
	CHECK(is("second|"));
	editor_up(&e);
	CHECK(is("first|"));
	editor_up(&e);
	CHECK(is("first|"));
	editor_down(&e);
	editor_down(&e);
	CHECK(is("draft|"));
	editor_down(&e);
	CHECK(is("draft|"));
}

static void
test_much_history(void)
{
	char	 line[16];
	int	 i;

	editor_clear(&e);
	for (i = 0; i < HISTORY_MAX + 10; i++) {
		snprintf(line, sizeof(line), "%d", i);
		type(line);
		editor_done(&e);
	}
	for (i = 0; i < HISTORY_MAX + 10; i++)
		editor_up(&e);
	CHECK(is("10|"));
}

/* The cursor is in sight, wherever it goes and however wide the line is. */
static void
test_view(void)
{
	int	 columns, cursor, before;
	size_t	 i;

	editor_set(&e, "one " HAN HAN E_ACUTE " two three four five six seven");
	CHECK(editor_view(&e, 80) == glyph_columns(e.text, e.len));
	for (columns = 4; columns < 50; columns++) {
		for (i = 0; i < 100; i++) {
			cursor = editor_view(&e, columns);
			before = glyph_columns(e.text + e.left,
			    e.cursor - e.left);
			CHECK(cursor == before && cursor < columns);
			CHECK(e.left == 0 || e.left < e.cursor);
			if (i < 50)
				editor_left(&e);
			else
				editor_right(&e);
		}
	}
}

int
main(void)
{
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return (1);
	glyph_utf8(1);
	RUN(test_insert_and_move);
	RUN(test_delete);
	RUN(test_words);
	RUN(test_kill_and_yank);
	RUN(test_only_good_text);
	RUN(test_full);
	RUN(test_history);
	RUN(test_much_history);
	RUN(test_view);
	editor_clear(&e);
	return (test_done());
}
