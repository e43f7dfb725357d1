/*
 * Glyphs and lines: what stays together, and where texts are broken.
 */

#include "compat.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "glyph.h"
#include "test.h"
#include "wrap.h"

/* link: olaf/wrap.o olaf/glyph.o olaf/clean.o */

#define E_ACUTE		"e\xcc\x81"
#define HAN		"\xe6\xbc\xa2"		/* two columns */
#define WOMAN		"\xf0\x9f\x91\xa9"
#define ZWJ		"\xe2\x80\x8d"
#define GIRL		"\xf0\x9f\x91\xa7"
#define FLAG		"\xf0\x9f\x87\xaf\xf0\x9f\x87\xb5"

static size_t
first(const char *text, int *columns)
{
	return (glyph_next(text, strlen(text), columns));
}

static void
test_glyphs(void)
{
	int	 columns;

	CHECK(first("", &columns) == 0 && columns == 0);
	CHECK(first("ab", &columns) == 1 && columns == 1);
	CHECK(first(E_ACUTE "x", &columns) == 3 && columns == 1);
	CHECK(first(HAN "x", &columns) == 3 && columns == 2);
	CHECK(first(WOMAN ZWJ GIRL "x", &columns) == 11 && columns == 4);
	CHECK(first(FLAG FLAG, &columns) == 8);
	CHECK(first("\t", &columns) == 1 && columns == GLYPH_TAB);
}

/* What must not be shown stands for itself, with nothing tied to it. */
static void
test_bad_glyphs(void)
{
	int	 columns;

	CHECK(first("\x1b[2J", &columns) == 1 && columns == 1);
	CHECK(first("\xff\xff", &columns) == 1 && columns == 1);
	CHECK(first("\xe2\x80\xae" "abc", &columns) == 3 && columns == 1);
	CHECK(first("\n\xcc\x81", &columns) == 1);
	CHECK(glyph_next("\0a", 2, &columns) == 1 && columns == 1);
}

/* A tower of accents is more than one. */
static void
test_endless_glyph(void)
{
	char	 text[1 + 2 * 100 + 1] = "o";
	int	 i, columns;

	for (i = 0; i < 100; i++)
		strlcat(text, "\xcc\x81", sizeof(text));
	CHECK(first(text, &columns) == 1 + 2 * (GLYPH_CHARACTERS - 1));
	CHECK(columns == 1);
}

static void
test_without_utf8(void)
{
	int	 columns;

	glyph_utf8(0);
	CHECK(first(HAN, &columns) == 3 && columns == 1);
	CHECK(first(E_ACUTE, &columns) == 1 && columns == 1);
	CHECK(glyph_columns(E_ACUTE HAN, 6) == 3);
	glyph_utf8(1);
}

static void
test_columns(void)
{
	CHECK(glyph_columns("a" HAN E_ACUTE, 7) == 4);
}

/* Lines with bars between them. */
static const char *
wrapped(const char *text, int columns)
{
	static char	 lines[1024];
	size_t		 len = strlen(text), n, next;

	lines[0] = '\0';
	do {
		n = wrap_line(text, len, columns, &next);
		if (n > len || next > len || (next == 0 && len > 0))
			abort();
		strlcat(lines, lines[0] != '\0' ? "|" : "", sizeof(lines));
		if (strlen(lines) + n >= sizeof(lines))
			abort();
		strncat(lines, text, n);
		text += next;
		len -= next;
	} while (len > 0);
	return (lines);
}

static const struct {
	const char	*text;
	int		 columns;
	const char	*lines;
} cases[] = {
	{ "", 10, "" },
	{ "one two three", 20, "one two three" },
	{ "one two three", 13, "one two three" },
	{ "one two three", 12, "one two|three" },
	{ "one two three", 7, "one two|three" },
	{ "one two three", 6, "one|two|three" },
	{ "one   two", 4, "one|two" },
	{ "one   two", 3, "one|two" },
	{ "abcdefgh", 3, "abc|def|gh" },
	{ "a abcdefgh", 4, "a|abcd|efgh" },
	{ "  indented", 20, "  indented" },
	{ " abcdef", 4, " abc|def" },
	{ "one\ntwo", 10, "one|two" },
	{ "one\r\ntwo", 10, "one|two" },
	{ "one\n\ntwo", 10, "one||two" },
	{ "one \ntwo", 3, "one|two" },
	{ "one\n", 10, "one" },
	{ HAN HAN HAN, 4, HAN HAN "|" HAN },
	{ HAN HAN HAN, 5, HAN HAN "|" HAN },
	{ HAN HAN, 1, HAN "|" HAN },
	{ "ab " HAN HAN, 5, "ab " HAN "|" HAN },
	{ HAN "abc", 4, HAN "|abc" },
	{ "xy" WOMAN ZWJ GIRL, 5, "xy|" WOMAN ZWJ GIRL },
	{ E_ACUTE E_ACUTE E_ACUTE, 2, E_ACUTE E_ACUTE "|" E_ACUTE },
};

static void
test_lines(void)
{
	size_t		 i;
	const char	*lines;

	for (i = 0; i < nitems(cases); i++) {
		lines = wrapped(cases[i].text, cases[i].columns);
		CHECK(strcmp(lines, cases[i].lines) == 0);
		if (strcmp(lines, cases[i].lines) != 0)
			fprintf(stderr, "case %zu: %s\n", i, lines);
	}
}

/* Of any width all is shown but blanks and newlines, and nothing is too wide. */
static void
test_nothing_is_lost(void)
{
	static const char	 text[] = "a bc  def " HAN HAN "g\n\n hij" WOMAN
				    ZWJ GIRL " kl\tm \xff\x1b";
	size_t			 len, n, next, shown;
	int			 columns;
	const char		*p;

	for (columns = 4; columns < 40; columns++) {
		shown = 0;
		p = text;
		for (len = sizeof(text) - 1; len > 0; len -= next, p += next) {
			n = wrap_line(p, len, columns, &next);
			CHECK(glyph_columns(p, n) <= columns);
			CHECK(strspn(p + n, " \t\n") >= next - n);
			shown += next;
		}
		CHECK(shown == sizeof(text) - 1);
	}
}

static void
test_rows(void)
{
	CHECK(wrap_rows("", 0, 5, 5) == 1);
	CHECK(wrap_rows("one two three", 13, 7, 5) == 2);
	CHECK(wrap_rows("one two three", 13, 5, 5) == 3);
	CHECK(wrap_rows("abcdefgh", 8, 4, 2) == 3);
}

int
main(void)
{
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return (1);
	glyph_utf8(1);
	RUN(test_glyphs);
	RUN(test_bad_glyphs);
	RUN(test_endless_glyph);
	RUN(test_without_utf8);
	RUN(test_columns);
	RUN(test_lines);
	RUN(test_nothing_is_lost);
	RUN(test_rows);
	return (test_done());
}
