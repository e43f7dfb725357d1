/*
 * Foreign text for a terminal: no bad character and no octet that is not UTF-8
 * comes through, whatever the octets and however little room; and what was cut
 * is the beginning of what is whole.  (olaf_clean judges by Unicode's tables.)
 */
/* link: olaf/clean.o */

#include "compat.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "test.h"

#define ROUNDS	5000
#define LEN_MAX	64

static uint32_t	 seed = 20261128;

static uint32_t
chance(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return ((seed >> 8) % n);
}

/* Octets of which many make characters, bad ones too. */
static size_t
rubbish(char *text)
{
	static const char *const	pieces[] = {
		"a", "\\", "\n", "\033[2J", "\302\233", "\303\251", "\342\200\256",
		"\357\273\277", "\357\277\277", "\360\237\230\200",
		"\363\240\201\201", "\355\240\200", "\364\220\200\200",
		"\300\200", "\342\202", "\360\237", "\177", "\u200d"
	};
	size_t		 len = 0, n, max = chance(LEN_MAX - 8);
	const char	*piece;

	while (len < max) {
		if (chance(3) == 0) {
			text[len++] = (char)chance(256);
			continue;
		}
		piece = pieces[chance(nitems(pieces))];
		n = strlen(piece);
		memcpy(text + len, piece, n);
		len += n;
	}
	return (len);
}

static int
is_harmless(const char *text, size_t len)
{
	int32_t	 c;
	size_t	 n;

	for (; (n = clean_next(text, len, &c)) > 0; text += n, len -= n)
		if (clean_is_bad(c))
			return (0);
	return (1);
}

static void
test_whatever(void)
{
	char	 text[LEN_MAX], whole[CLEAN_LINE_MAX(LEN_MAX)];
	char	 cut[CLEAN_LINE_MAX(LEN_MAX)];
	size_t	 i, len, n, m, size;

	for (i = 0; i < ROUNDS; i++) {
		len = rubbish(text);
		n = clean_line(text, len, whole, CLEAN_LINE_MAX(len));
		CHECK(n == strlen(whole) && is_harmless(whole, n));
		for (size = 1; size <= n; size++) {
			memset(cut, 'X', sizeof(cut));
			m = clean_line(text, len, cut, size);
			CHECK(m < size && m + 10 >= size && cut[m] == '\0');
			CHECK(cut[size] == 'X');
			CHECK(memcmp(cut, whole, m) == 0 && is_harmless(cut, m));
		}
	}
}

static void
test_no_room(void)
{
	char	text[2] = "XY";

	CHECK(clean_line("a", 1, text, 0) == 0 && text[0] == 'X');
	CHECK(clean_line("a", 1, text, 1) == 0 && text[0] == '\0');
	CHECK(text[1] == 'Y');
	CHECK(clean_line("", 0, text, 2) == 0 && text[0] == '\0');
}

/* Each octet that is there counts tenfold and no more. */
static void
test_longest(void)
{
	char	 text[4 * 100], line[CLEAN_LINE_MAX(sizeof(text))];
	size_t	 i;

	memset(text, 1, sizeof(text));
	CHECK(clean_line(text, sizeof(text), line, sizeof(line)) ==
	    8 * sizeof(text));
	memset(text, 0xff, sizeof(text));
	CHECK(clean_line(text, sizeof(text), line, sizeof(line)) ==
	    4 * sizeof(text));
	for (i = 0; i < sizeof(text); i += 4)
		memcpy(text + i, "\364\217\277\277", 4);	/* U+10FFFF */
	CHECK(clean_line(text, sizeof(text), line, sizeof(line)) ==
	    10 * sizeof(text) / 4);
}

static void
test_next(void)
{
	static const char	text[] = "a\303\251\377\342\202";
	int32_t			c;

	CHECK(clean_next(text, 6, &c) == 1 && c == 'a');
	CHECK(clean_next(text + 1, 5, &c) == 2 && c == 0xe9);
	CHECK(clean_next(text + 3, 3, &c) == 1 && c == -1);
	CHECK(clean_next(text + 4, 2, &c) == 1 && c == -1);
	CHECK(clean_next(text + 6, 0, &c) == 0);
	CHECK(clean_next("", 1, &c) == 1 && c == 0);
	CHECK(clean_is_bad(-1) && clean_is_bad(0) && clean_is_bad(0x110000));
}

int
main(void)
{
	RUN(test_whatever);
	RUN(test_no_room);
	RUN(test_longest);
	RUN(test_next);
	return (test_done());
}
