/*
 * The lexer of olafd.conf: every kind of token, what quotes and backslashes do,
 * macros, files within files, and the bounds.
 */
/* link: olafd/lex.o */

#include "compat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lex.h"
#include "test.h"

/* One token as text: its line, a sign of its kind and its own text. */
static void
describe(const struct lex_token *t, char *text, size_t len)
{
	static const char *const signs[] = {
		[LEX_END] = "end", [LEX_NEWLINE] = "nl", [LEX_OPEN] = "",
		[LEX_CLOSE] = "", [LEX_EQUALS] = "", [LEX_MACRO] = "macro ",
		[LEX_WORD] = "", [LEX_STRING] = "'", [LEX_ERROR] = "error "
	};

	snprintf(text, len, "%d:%s%s", t->line, signs[t->type], t->text);
}

/* All tokens to the end, with a blank between; the caller frees it. */
static char *
tokens(struct lex *l)
{
	struct lex_token	t;
	char			one[LEX_WORD_MAX + 32], *all;
	size_t			size = 64 * 1024;

	if ((all = calloc(1, size)) == NULL)
		abort();
	do {
		lex_next(l, &t);
		describe(&t, one, sizeof(one));
		if (all[0] != '\0')
			strlcat(all, " ", size);
		if (strlcat(all, one, size) >= size)
			abort();
	} while (t.type != LEX_END);
	return (all);
}

static struct lex *
start(const char *text, size_t len)
{
	struct lex	*l;
	char		*copy;

	/* From memory that is gone afterwards: the lexer keeps a copy. */
	if ((l = lex_new()) == NULL || (copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy, text, len);
	if (lex_push(l, "f", copy, len) == -1)
		abort();
	memset(copy, 'x', len);
	free(copy);
	return (l);
}

/* Does the text give these tokens? */
static int
reads_len(const char *text, size_t len, const char *expected)
{
	struct lex	*l = start(text, len);
	char		*got = tokens(l);
	int		 same = strcmp(got, expected) == 0;

	if (!same)
		fprintf(stderr, "got      %s\nexpected %s\n", got, expected);
	free(got);
	lex_free(l);
	return (same);
}

static int
reads(const char *text, const char *expected)
{
	return (reads_len(text, strlen(text), expected));
}

/* The same with one macro, $m. */
static int
expands(const char *value, const char *text, const char *expected)
{
	struct lex	*l = start(text, strlen(text));
	char		*got;
	int		 same;

	if (lex_define(l, "m", value, 0) == -1)
		abort();
	got = tokens(l);
	same = strcmp(got, expected) == 0;
	if (!same)
		fprintf(stderr, "got      %s\nexpected %s\n", got, expected);
	free(got);
	lex_free(l);
	return (same);
}

static void
test_words(void)
{
	CHECK(reads("", "1:nl 1:end"));
	CHECK(reads("a", "1:a 1:nl 1:end"));
	CHECK(reads("a\n", "1:a 1:nl 2:nl 2:end"));
	CHECK(reads("\t listen on\t*  port 80 \n",
	    "1:listen 1:on 1:* 1:port 1:80 1:nl 2:nl 2:end"));
	CHECK(reads("10.0.0.1 ::1 [::1] 25M /a/b https://c:1/d?e -5",
	    "1:10.0.0.1 1:::1 1:[::1] 1:25M 1:/a/b 1:https://c:1/d?e 1:-5 "
	    "1:nl 1:end"));
	CHECK(reads("a{b}c", "1:a 1:{ 1:b 1:} 1:c 1:nl 1:end"));
	CHECK(reads("a\n\n\nb", "1:a 1:nl 2:nl 3:nl 4:b 4:nl 4:end"));
}

static void
test_definitions(void)
{
	CHECK(reads("a=b", "1:macro a 1:b 1:nl 1:end"));
	CHECK(reads("a \t= b", "1:macro a 1:b 1:nl 1:end"));
	CHECK(reads("a \\\n = b", "1:macro a 2:b 2:nl 2:end"));
	CHECK(reads("\"a\" = b", "1:'a 1:= 1:b 1:nl 1:end"));
	CHECK(reads("=", "1:= 1:nl 1:end"));
	CHECK(reads("a\n=", "1:a 1:nl 2:= 2:nl 2:end"));
}

static void
test_comments(void)
{
	CHECK(reads("# a\nb", "1:nl 2:b 2:nl 2:end"));
	CHECK(reads("a # b { \" $c\nd", "1:a 1:nl 2:d 2:nl 2:end"));
	CHECK(reads("a#b", "1:a 1:nl 1:end"));
	CHECK(reads("'a#b'", "1:'a#b 1:nl 1:end"));
	CHECK(reads("# a \\\nb\nc", "2:nl 3:c 3:nl 3:end"));
	CHECK(reads("#", "1:nl 1:end"));
	CHECK(reads("# \xc3\xa4 \x01\na", "1:nl 2:a 2:nl 2:end"));
}

static void
test_continuation(void)
{
	CHECK(reads("a \\\n b\nc", "1:a 2:b 2:nl 3:c 3:nl 3:end"));
	CHECK(reads("a\\\nb", "1:ab 2:nl 2:end"));
	CHECK(reads("\\\n\\\na", "3:a 3:nl 3:end"));
	CHECK(reads("a\\ b\\", "1:a\\ 1:b\\ 1:nl 1:end"));
	CHECK(reads("a \\\n", "1:a 2:nl 2:end"));
}

static void
test_strings(void)
{
	CHECK(reads("\"a b\" 'c d'", "1:'a b 1:'c d 1:nl 1:end"));
	CHECK(reads("\"\"", "1:' 1:nl 1:end"));
	CHECK(reads("\"it's\" 'a \"b\"'", "1:'it's 1:'a \"b\" 1:nl 1:end"));
	CHECK(reads("\"{}=#$x\"", "1:'{}=#$x 1:nl 1:end"));
	CHECK(reads("a\"b\"c", "1:a 1:'b 1:c 1:nl 1:end"));
	CHECK(reads("\"\xc3\xa4\tb\"", "1:'\xc3\xa4\tb 1:nl 1:end"));
}

static void
test_escapes(void)
{
	CHECK(reads("\"a\\\"b\"", "1:'a\"b 1:nl 1:end"));
	CHECK(reads("'a\\'b'", "1:'a'b 1:nl 1:end"));
	CHECK(reads("\"a\\'b\"", "1:'a\\'b 1:nl 1:end"));
	CHECK(reads("\"a\\\\\"", "1:'a\\ 1:nl 1:end"));
	CHECK(reads("\"\\\\\\\"\"", "1:'\\\" 1:nl 1:end"));
	CHECK(reads("\"a\\ b\\\tc\"", "1:'a b\tc 1:nl 1:end"));
	CHECK(reads("\"\\n\\$x\"", "1:'\\n\\$x 1:nl 1:end"));
	CHECK(reads("\"a\\\nb\" c", "1:'ab 2:c 2:nl 2:end"));
}

static void
test_strings_open(void)
{
	CHECK(reads("\"a", "1:error a string is not closed 1:nl 1:end"));
	CHECK(reads("\"a\nb", "1:error a string is not closed 1:nl "
	    "2:b 2:nl 2:end"));
	CHECK(reads("'a\"\n", "1:error a string is not closed 1:nl "
	    "2:nl 2:end"));
	CHECK(reads("\"a\\\"", "1:error a string is not closed 1:nl 1:end"));
	CHECK(reads("\"a\\", "1:error a string is not closed 1:nl 1:end"));
}

static void
test_characters(void)
{
	CHECK(reads("a \x01 b", "1:a 1:error a control character (0x01) 1:b "
	    "1:nl 1:end"));
	CHECK(reads("a\r\nb", "1:a 1:error a control character (0x0d) 1:nl "
	    "2:b 2:nl 2:end"));
	CHECK(reads("\xff", "1:error a character (0xff) that needs quotes "
	    "1:nl 1:end"));
	CHECK(reads("\"\x7f\" a", "1:error a control character (0x7f) "
	    "1:error a string is not closed 1:nl 1:end"));
	CHECK(reads_len("a\0b", 3, "1:a 1:error a control character (0x00) "
	    "1:b 1:nl 1:end"));
	CHECK(reads_len("'\0'", 3, "1:error a control character (0x00) "
	    "1:error a string is not closed 1:nl 1:end"));
}

static void
test_macros(void)
{
	CHECK(expands("b", "a $m c", "1:a 1:b 1:c 1:nl 1:end"));
	CHECK(expands("b c", "$m", "1:b 1:c 1:nl 1:end"));
	CHECK(expands("/a", "$m/b", "1:/a/b 1:nl 1:end"));
	CHECK(expands("80", "$m\n$m", "1:80 1:nl 2:80 2:nl 2:end"));
	CHECK(expands("", "a $m b", "1:a 1:b 1:nl 1:end"));
	CHECK(expands("'b c' {", "$m", "1:'b c 1:{ 1:nl 1:end"));
	CHECK(expands("b", "\"$m\" '$m' a$m", "1:'$m 1:'$m 1:a$m 1:nl 1:end"));
	CHECK(expands("$m $n", "$m", "1:$m 1:$n 1:nl 1:end"));
	CHECK(expands("b # c", "$m d\ne", "1:b 1:d 1:nl 2:e 2:nl 2:end"));
	CHECK(expands("'b", "$m c", "1:error a string is not closed "
	    "1:nl 1:end"));
	CHECK(expands("m", "$m = b", "1:macro m 1:b 1:nl 1:end"));
	CHECK(expands("b", "$m_ $mm $", "1:error macro \"m_\" is not defined "
	    "1:error macro \"mm\" is not defined "
	    "1:error $ without a macro's name 1:nl 1:end"));
}

static void
test_macro_names(void)
{
	struct lex	*l = lex_new();

	CHECK(lex_define(l, "A_1", "x", 0) == 0);
	CHECK(lex_define(l, "1", "x", 0) == 0);
	CHECK(lex_define(l, "", "x", 0) == -1 && errno == EINVAL);
	CHECK(lex_define(l, "a-b", "x", 0) == -1 && errno == EINVAL);
	CHECK(lex_define(l, "a b", "x", 0) == -1 && errno == EINVAL);
	CHECK(lex_define(l, "a", "x\ny", 0) == -1 && errno == EINVAL);
	CHECK(lex_define(l, "a", "x\ty", 0) == 0);
	lex_free(l);
}

/* What -D gives stays, what the file gives may change. */
static void
test_macro_final(void)
{
	static const char	text[] = "$a $b";
	struct lex		*l = start(text, sizeof(text) - 1);
	char			*got;

	CHECK(lex_define(l, "a", "1", 1) == 0);
	CHECK(lex_define(l, "a", "2", 0) == 0);
	CHECK(lex_define(l, "b", "3", 0) == 0);
	CHECK(lex_define(l, "b", "4", 0) == 0);
	got = tokens(l);
	CHECK(strcmp(got, "1:1 1:4 1:nl 1:end") == 0);
	free(got);
	lex_free(l);
}

static void
next_is(struct lex *l, const char *file, const char *expected)
{
	struct lex_token	t;
	char			text[128];

	lex_next(l, &t);
	describe(&t, text, sizeof(text));
	if (strcmp(text, expected) != 0)
		fprintf(stderr, "got %s, expected %s\n", text, expected);
	CHECK(strcmp(text, expected) == 0);
	CHECK(strcmp(t.file, file) == 0);
}

static void
test_files(void)
{
	struct lex	*l = start("a\nb\nc", 5);

	next_is(l, "f", "1:a");
	next_is(l, "f", "1:nl");
	CHECK(lex_push(l, "g", "d\n\ne", 4) == 0);
	next_is(l, "g", "1:d");
	CHECK(lex_push(l, "h", "", 0) == 0);
	next_is(l, "h", "1:nl");
	next_is(l, "g", "1:nl");
	next_is(l, "g", "2:nl");
	next_is(l, "g", "3:e");
	next_is(l, "g", "3:nl");
	next_is(l, "f", "2:b");
	next_is(l, "f", "2:nl");
	next_is(l, "f", "3:c");
	next_is(l, "f", "3:nl");
	next_is(l, "f", "3:end");
	next_is(l, "f", "3:end");
	lex_free(l);
}

static void
test_too_many_files(void)
{
	struct lex	*l = lex_new();
	int		 i;

	for (i = 0; i < LEX_FILES_MAX; i++)
		CHECK(lex_push(l, "f", "a", 1) == 0);
	CHECK(lex_push(l, "f", "a", 1) == -1 && errno == EMFILE);
	lex_free(l);
}

static void
test_no_file(void)
{
	struct lex		*l = lex_new();
	struct lex_token	 t;

	lex_next(l, &t);
	CHECK(t.type == LEX_END);
	lex_free(l);
	lex_free(NULL);
}

/* Is that many letters, between quotes or not, more than a token may have? */
static int
is_too_long(size_t n, int quoted)
{
	struct lex		*l;
	struct lex_token	 t;
	char			*text;
	int			 failed;

	if ((text = malloc(n + 2)) == NULL)
		abort();
	memset(text, 'a', n + 2);
	if (quoted)
		text[0] = text[n + 1] = '"';
	l = start(text, quoted ? n + 2 : n);
	lex_next(l, &t);
	CHECK(t.type == LEX_ERROR || strlen(t.text) == n);
	failed = t.type == LEX_ERROR;
	lex_next(l, &t);
	CHECK(t.type == LEX_NEWLINE);
	free(text);
	lex_free(l);
	return (failed);
}

static void
test_lengths(void)
{
	CHECK(!is_too_long(LEX_WORD_MAX - 1, 0));
	CHECK(is_too_long(LEX_WORD_MAX, 0));
	CHECK(!is_too_long(LEX_WORD_MAX - 1, 1));
	CHECK(is_too_long(LEX_WORD_MAX, 1));
	CHECK(is_too_long(100000, 1));
}

/* A name or a value of n letters. */
static int
defines(size_t n, int as_value)
{
	struct lex	*l = lex_new();
	char		*text;
	int		 r;

	if ((text = malloc(n + 1)) == NULL)
		abort();
	memset(text, 'a', n);
	text[n] = '\0';
	r = lex_define(l, as_value ? "a" : text, as_value ? text : "a", 0);
	CHECK(r == 0 || errno == ENAMETOOLONG);
	free(text);
	lex_free(l);
	return (r == 0);
}

static void
test_macro_lengths(void)
{
	CHECK(defines(LEX_WORD_MAX - 1, 0));
	CHECK(!defines(LEX_WORD_MAX, 0));
	CHECK(defines(LEX_WORD_MAX - 1, 1));
	CHECK(!defines(LEX_WORD_MAX, 1));
}

/* A file that says $m many times must not become gigabytes. */
static void
test_too_much_text(void)
{
	enum { USES = 3 * LEX_TEXT_MAX / LEX_WORD_MAX };
	static char		 text[3 * USES], value[LEX_WORD_MAX];
	struct lex		*l;
	struct lex_token	 t;
	size_t			 i, len = 0;

	for (i = 0; i < USES; i++)
		memcpy(text + 3 * i, "$m ", 3);
	memset(value, 'a', sizeof(value) - 1);
	l = start(text, sizeof(text));
	CHECK(lex_define(l, "m", value, 0) == 0);
	for (lex_next(l, &t); t.type == LEX_WORD; lex_next(l, &t))
		len += strlen(t.text);
	CHECK(t.type == LEX_ERROR && strcmp(t.text, "too much text") == 0);
	CHECK(len <= LEX_TEXT_MAX && len > LEX_TEXT_MAX / 2);
	lex_free(l);
}

int
main(void)
{
	RUN(test_words);
	RUN(test_definitions);
	RUN(test_comments);
	RUN(test_continuation);
	RUN(test_strings);
	RUN(test_escapes);
	RUN(test_strings_open);
	RUN(test_characters);
	RUN(test_macros);
	RUN(test_macro_names);
	RUN(test_macro_final);
	RUN(test_files);
	RUN(test_too_many_files);
	RUN(test_no_file);
	RUN(test_lengths);
	RUN(test_macro_lengths);
	RUN(test_too_much_text);
	return (test_done());
}
