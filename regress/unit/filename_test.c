/*
 * Names of uploaded files: what is kept of foreign ones, and how they are given
 * back.
 */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "filename.h"
#include "test.h"
#include "utf8.h"

static char	 out[FILENAME_SIZE];

/* Reads memory of the exact size, so that a sanitizer sees any excess. */
static void
clean(const char *in, size_t len)
{
	char	*copy;

	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, in, len);
	memset(out, 0x7f, sizeof(out));
	filename_clean(out, copy + 1, len);
	free(copy);
}

static const struct {
	const char	*in;
	size_t		 len;
	const char	*out;
} cases[] = {
#define C(in, out)	{ in, sizeof(in) - 1, out }
	C("a", "a"),
	C("photo.jpg", "photo.jpg"),
	C("a b  c.tar.gz", "a b  c.tar.gz"),
	C(".profile", ".profile"),
	C("..profile", "..profile"),
	C(". a", ". a"),
	C("a..b", "a..b"),
	C("-rf", "-rf"),
	C("\"%'*:?<>|", "\"%'*:?<>|"),
	C("Gr\xc3\xbc\xc3\x9f" "e.txt", "Gr\xc3\xbc\xc3\x9f" "e.txt"),
	C("\xe6\x96\x87\xf0\x9f\x98\x80", "\xe6\x96\x87\xf0\x9f\x98\x80"),
	C("\xee\x80\x80", "\xee\x80\x80"),	/* private use */

	C("", "file"),
	C(".", "file"),
	C("..", "file"),
	C("...", "file"),
	C(" . . ", "file"),
	C("/", "file"),
	C("a/", "file"),
	C("a\\", "file"),
	C("a/..", "file"),
	C("\0", "file"),
	C("\xe2\x80\x8b", "file"),

	C("/etc/passwd", "passwd"),
	C("../../a", "a"),
	C("C:\\Users\\x\\a.txt", "a.txt"),
	C("a\\b/c", "c"),
	C("a/b\\c", "c"),
	C("a/\xff\\ b", "b"),

	C(" a ", "a"),
	C("a.", "a"),
	C("a. . .", "a"),
	C("a.b. ", "a.b"),
	C("\xc2\xa0\xe3\x80\x80" "a\xe2\x80\xaf.\xe2\x80\x83", "a"),
	C("\xe1\x9a\x80" "a\xe2\x81\x9f", "a"),
	C("a\xe3\x80\x80" "b", "a\xe3\x80\x80" "b"),
	C("\x01 a \x01", "a"),
	C(" \x01 a.\x01.", "a"),
	C(".\x01.", "file"),
	C(".\x01.a", "..a"),

	C("a\0b", "ab"),
	C("a\tb\r\nc\x1f" "d\x7f" "e", "abcde"),
	C("a\xc2\x80" "b\xc2\x9f" "c\xc2\x85" "d", "abcd"),
	C("a\xd8\x9c" "b", "ab"),			/* U+061C */
	C("a\xe2\x80\x8b\xe2\x80\x8f" "b", "ab"),	/* U+200B, U+200F */
	C("a\xe2\x80\xa8\xe2\x80\xae" "b", "ab"),	/* U+2028, U+202E */
	C("a\xe2\x81\xa0\xe2\x81\xa9" "b", "ab"),	/* U+2060, U+2069 */
	C("\xef\xbb\xbf" "a", "a"),			/* U+FEFF */
	C("a\xf3\xa0\x80\x81\xf3\xa0\x81\xbf" "b", "ab"),	/* tags */
	C("a\xef\xb7\x90\xef\xb7\xaf" "b", "ab"),	/* U+FDD0, U+FDEF */
	C("a\xef\xbf\xbe\xef\xbf\xbf" "b", "ab"),	/* U+FFFE, U+FFFF */
	C("a\xf4\x8f\xbf\xbe\xf0\x9f\xbf\xbf" "b", "ab"),	/* U+10FFFE */
	/* Their neighbours. */
	C("\xd8\x9b\xd8\x9d", "\xd8\x9b\xd8\x9d"),
	C("a\xe2\x80\x8a" "b\xe2\x80\x90" "c", "a\xe2\x80\x8a" "b\xe2\x80\x90" "c"),
	C("\xe2\x80\xa7\xe2\x81\xaa", "\xe2\x80\xa7\xe2\x81\xaa"),
	C("\xef\xb7\x8f\xef\xb7\xb0", "\xef\xb7\x8f\xef\xb7\xb0"),
	C("\xef\xbf\xbd", "\xef\xbf\xbd"),
	C("\xf3\xa0\x82\x80", "\xf3\xa0\x82\x80"),

	C("\xff", "_"),
	C("a\xe9t\xe9", "a_t_"),
	C("\xc3", "_"),
	C("a\xe2\x82", "a__"),
	C("a\xf0\x9f\x98", "a___"),
	C("\xc3\xc3\xbc", "_\xc3\xbc"),
	C("\xe2\x82/\xff", "_"),
	C("\xc0\xaf", "__"),			/* an overlong slash */
	C("\xed\xa0\x80", "___"),		/* a surrogate */
	C("\xf4\x90\x80\x80", "____"),
	C("\xe2\x80.", "__")
#undef C
};

static void
test_cases(void)
{
	size_t	 i;
	int	 ok, same;

	for (i = 0; i < nitems(cases); i++) {
		clean(cases[i].in, cases[i].len);
		same = cases[i].len == strlen(cases[i].out) &&
		    memcmp(cases[i].in, cases[i].out, cases[i].len) == 0;
		ok = strcmp(out, cases[i].out) == 0 &&
		    filename_is_clean(out, strlen(out)) &&
		    filename_is_clean(cases[i].in, cases[i].len) == same;
		CHECK(ok);
		if (!ok)
			fprintf(stderr, "case %zu: %s\n", i, out);
	}
}

/* Each octet alone, between others: a name or not. */
static void
test_octets(void)
{
	char	 in[3] = "a.b";
	int	 c, kept;

	for (c = 0; c < 256; c++) {
		in[1] = c;
		kept = c >= ' ' && c < 0x7f && c != '/' && c != '\\';
		CHECK(filename_is_clean(in, sizeof(in)) == kept);
	}
}

static int
is_removed(uint32_t c)
{
	return (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
	    (c >= 0xe0000 && c <= 0xe007f) || (c >= 0xfdd0 && c <= 0xfdef) ||
	    c % 0x10000 == 0xfffe || c % 0x10000 == 0xffff);
}

static void
test_all_characters(void)
{
	char		 in[8], expected[8];
	uint32_t	 c;
	size_t		 n;
	int		 bad = 0;

	for (c = 0; c < 0x110000; c++) {
		if ((c >= 0xd800 && c < 0xe000) || c == '/' || c == '\\')
			continue;
		in[0] = 'a';
		n = 1 + utf8_put(in + 1, c);
		in[n++] = 'b';
		in[n] = '\0';
		strlcpy(expected, is_removed(c) ? "ab" : in, sizeof(expected));
		filename_clean(out, in, n);
		bad += strcmp(out, expected) != 0;
	}
	CHECK(bad == 0);
}

/* So many times this text, then that one. */
static void
clean_long(const char *text, size_t times, const char *end)
{
	char	*in;
	size_t	 i, n = strlen(text);

	if ((in = malloc(n * times + strlen(end) + 1)) == NULL)
		abort();
	for (i = 0; i < times; i++)
		memcpy(in + i * n, text, n);
	memcpy(in + n * times, end, strlen(end) + 1);
	clean(in, n * times + strlen(end));
	CHECK(filename_is_clean(out, strlen(out)));
	free(in);
}

static int
out_is(const char *text, size_t times, const char *end)
{
	size_t	 i, n = strlen(text);

	for (i = 0; i < times; i++)
		if (strncmp(out + i * n, text, n) != 0)
			return (0);
	return (strcmp(out + n * times, end) == 0);
}

static void
test_long_names(void)
{
	clean_long("a", 255, "");
	CHECK(out_is("a", 255, ""));
	clean_long("a", 256, "");
	CHECK(out_is("a", 255, ""));
	clean_long("a", 251, ".txt");
	CHECK(out_is("a", 251, ".txt"));
	clean_long("a", 252, ".txt");
	CHECK(out_is("a", 251, ".txt"));
	clean_long("a", 100000, ".tar.gz");
	CHECK(out_is("a", 252, ".gz"));
	clean_long("a", 300, ".0123456789abcdef");
	CHECK(out_is("a", 238, ".0123456789abcdef"));
	clean_long("a", 300, ".0123456789abcdefg");
	CHECK(out_is("a", 255, ""));
	clean_long("a", 300, ".txt. ");
	CHECK(out_is("a", 251, ".txt"));
	clean_long("a/", 300, "b.txt");
	CHECK(strcmp(out, "b.txt") == 0);
	/* What is not kept does not count. */
	clean_long("\x01", 300, "b.txt\x01");
	CHECK(strcmp(out, "b.txt") == 0);
	clean_long(" ", 100000, "b.txt");
	CHECK(strcmp(out, "b.txt") == 0);
	clean_long("a\x01", 255, "");
	CHECK(out_is("a", 255, ""));
	clean_long("a", 300, ".\x01t\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"
	    "\x01\x01\x01\x01\x01x\x01\x01");
	CHECK(out_is("a", 252, ".tx"));
}

/* No character is cut, and what is cut leaves no white space at the end. */
static void
test_cuts(void)
{
	clean_long("\xc3\xbc", 200, "");
	CHECK(out_is("\xc3\xbc", 127, ""));
	clean_long("\xc3\xbc", 200, ".txt");
	CHECK(out_is("\xc3\xbc", 125, ".txt"));
	clean_long("\xf0\x9f\x98\x80", 64, "");
	CHECK(out_is("\xf0\x9f\x98\x80", 63, ""));
	clean_long("\xff", 300, "");
	CHECK(out_is("_", 255, ""));
	clean_long("a", 250, "      b");
	CHECK(out_is("a", 250, ""));
	clean_long("a", 250, ". . . . . . . . . . bbbbbbbbbbbbbbbbbbb");
	CHECK(out_is("a", 250, ""));
	clean_long(".", 300, "bbbbbbbbbbbbbbbbb");
	CHECK(strcmp(out, "file") == 0);
	clean_long(".", 300, "b");
	CHECK(out_is(".", 254, "b"));
	clean_long("a", 250, "\xe3\x80\x80\xe3\x80\x80\xe3\x80\x80");
	CHECK(out_is("a", 250, ""));
}

static void
test_is_clean_length(void)
{
	char	 name[FILENAME_SIZE + 1];

	memset(name, 'a', sizeof(name));
	CHECK(!filename_is_clean(name, 0));
	CHECK(filename_is_clean(name, 1));
	CHECK(filename_is_clean(name, FILENAME_SIZE - 1));
	CHECK(!filename_is_clean(name, FILENAME_SIZE));
	CHECK(!filename_is_clean("a\0", 2));
}

static const struct {
	const char	*name;
	const char	*value;
} dispositions[] = {
	{ "a.txt", "attachment; filename=\"a.txt\"" },
	{ "a b;c='x', ~!#", "attachment; filename=\"a b;c='x', ~!#\"" },
	{ "100%.txt", "attachment; filename=\"100_.txt\"; "
	    "filename*=UTF-8''100%25.txt" },
	{ "a\"b", "attachment; filename=\"a_b\"; filename*=UTF-8''a%22b" },
	{ "a\\b", "attachment; filename=\"a_b\"; filename*=UTF-8''a%5Cb" },
	/* RFC 8187 3.2.3 */
	{ "\xc2\xa3 and \xe2\x82\xac rates",
	    "attachment; filename=\"_ and _ rates\"; "
	    "filename*=UTF-8''%C2%A3%20and%20%E2%82%AC%20rates" },
	{ "\xf0\x9f\x98\x80!#$&+-.^_`|~*'%()<>@,;:[]?={}/09AZaz",
	    "attachment; filename=\"_!#$&+-.^_`|~*'_()<>@,;:[]?={}/09AZaz\"; "
	    "filename*=UTF-8''%F0%9F%98%80!#$&+-.^_`|~%2A%27%25%28%29%3C%3E%40"
	    "%2C%3B%3A%5B%5D%3F%3D%7B%7D%2F09AZaz" },
	/* What no clean name has. */
	{ "a\r\nb\x7f", "attachment; filename=\"a__b_\"; "
	    "filename*=UTF-8''a%0D%0Ab%7F" }
};

static void
test_disposition(void)
{
	char	 buf[FILENAME_DISPOSITION_MAX];
	size_t	 i, n;
	int	 ok;

	for (i = 0; i < nitems(dispositions); i++) {
		n = filename_disposition(buf, sizeof(buf),
		    dispositions[i].name);
		ok = n == strlen(buf) &&
		    strcmp(buf, dispositions[i].value) == 0;
		CHECK(ok);
		if (!ok)
			fprintf(stderr, "%s\n", buf);
	}
}

static void
test_disposition_size(void)
{
	char	 buf[FILENAME_DISPOSITION_MAX], name[FILENAME_SIZE + 1];
	size_t	 n;

	memset(name, '%', sizeof(name));
	name[FILENAME_SIZE - 1] = '\0';
	n = filename_disposition(buf, sizeof(buf), name);
	CHECK(n == FILENAME_DISPOSITION_MAX - 1 && strlen(buf) == n);
	CHECK(filename_disposition(buf, sizeof(buf) - 1, name) == 0);
	name[FILENAME_SIZE - 1] = '%';
	name[FILENAME_SIZE] = '\0';
	CHECK(filename_disposition(buf, sizeof(buf), name) == 0);
	CHECK(filename_disposition(buf, 25, "a") == 24);
	CHECK(filename_disposition(buf, 24, "a") == 0);
}

int
main(void)
{
	RUN(test_cases);
	RUN(test_octets);
	RUN(test_all_characters);
	RUN(test_long_names);
	RUN(test_cuts);
	RUN(test_is_clean_length);
	RUN(test_disposition);
	RUN(test_disposition_size);
	return (test_done());
}
