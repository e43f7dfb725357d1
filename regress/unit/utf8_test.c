/*
 * UTF-8: every character is taken, and by count nothing else is; pieces are
 * judged as the whole is, and the first bad octet is told.
 */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "utf8.h"

/*
 * How many characters have an encoding of so many octets (RFC 3629 section
 * 3).
 */
#define ONE		0x80
#define TWO		(0x800 - 0x80)
#define THREE		(0x10000 - 0x800 - 0x800)	/* less the surrogates */
#define FOUR		(0x110000 - 0x10000)

static int
valid(const void *data, size_t len)
{
	uint8_t	 state = 0;

	return (utf8_check(&state, data, len) == 0 && state == 0);
}

static void
test_every_character(void)
{
	uint32_t	 c, bad = 0;
	size_t		 len;
	char		 buf[4];

	for (c = 0; c < 0x110000; c++) {
		len = utf8_put(buf, c);
		if (len != (c < 0x80 ? 1u : c < 0x800 ? 2u :
		    c < 0x10000 ? 3u : 4u))
			bad++;
		if (valid(buf, len) == (c >= 0xd800 && c < 0xe000))
			bad++;
	}
	CHECK(bad == 0);
}

/* Whole, with more behind, and cut short. */
static void
test_get(void)
{
	uint32_t	 c, got, bad = 0;
	size_t		 i, len;
	char		 buf[5];

	for (c = 0; c < 0x110000; c++) {
		if (c >= 0xd800 && c < 0xe000)
			continue;
		len = utf8_put(buf, c);
		buf[len] = 'a';
		bad += utf8_get(buf, len, &got) != len || got != c;
		bad += utf8_get(buf, len + 1, &got) != len || got != c;
		for (i = 0; i < len; i++)
			bad += utf8_get(buf, i, &got) != 0;
	}
	CHECK(bad == 0);
	CHECK(utf8_get("\xff" "a", 2, &got) == 0);
	CHECK(utf8_get("\xe2\x82" "a", 3, &got) == 0);
}

static void
test_put(void)
{
	char	 buf[4];

	CHECK(utf8_put(buf, '$') == 1 && memcmp(buf, "$", 1) == 0);
	CHECK(utf8_put(buf, 0xa3) == 2 && memcmp(buf, "\xc2\xa3", 2) == 0);
	CHECK(utf8_put(buf, 0x20ac) == 3 &&
	    memcmp(buf, "\xe2\x82\xac", 3) == 0);
	CHECK(utf8_put(buf, 0x10348) == 4 &&
	    memcmp(buf, "\xf0\x90\x8d\x88", 4) == 0);
}

/* All texts of one, two and three octets. */
static void
test_nothing_else(void)
{
	uint32_t	 i, n;
	uint8_t		 buf[4];

	for (n = i = 0; i < 1 << 8; i++) {
		buf[0] = i;
		n += valid(buf, 1);
	}
	CHECK(n == ONE);
	for (n = i = 0; i < 1 << 16; i++) {
		buf[0] = i >> 8;
		buf[1] = i;
		n += valid(buf, 2);
	}
	CHECK(n == ONE * ONE + TWO);
	for (n = i = 0; i < 1 << 24; i++) {
		buf[0] = i >> 16;
		buf[1] = i >> 8;
		buf[2] = i;
		n += valid(buf, 3);
	}
	CHECK(n == ONE * ONE * ONE + 2 * ONE * TWO + THREE);
}

/* Of the last two octets of four only the borders of ranges. */
static void
test_four_octets(void)
{
	static const uint8_t	 border[] = { 0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff };
	uint32_t		 i, j, k, n = 0;
	uint8_t			 buf[4];

	for (i = 0; i < 1 << 12; i++) {
		for (j = 0; j < nitems(border); j++) {
			for (k = 0; k < nitems(border); k++) {
				buf[0] = 0xf0 | i >> 8;
				buf[1] = i;
				buf[2] = border[j];
				buf[3] = border[k];
				n += valid(buf, 4);
			}
		}
	}
	CHECK(n == FOUR / 64 / 64 * 4);
}

static void
test_pieces(void)
{
	static const char	 text[] =
				    "plain text, \xc3\xa9t\xc3\xa9, \xe2\x82\xac, "
				    "\xed\x9f\xbf, \xf0\x9f\x98\x80, the end";
	size_t			 i, j, len = sizeof(text) - 1;
	uint8_t			 state;

	for (i = 0; i <= len; i++) {
		for (j = i; j <= len; j++) {
			state = 0;
			CHECK(utf8_check(&state, text, i) == 0);
			CHECK(utf8_check(&state, text + i, j - i) == 0);
			CHECK(utf8_check(&state, text + j, len - j) == 0);
			CHECK(state == 0);
		}
	}
	state = 0;
	CHECK(utf8_check(&state, "\xe2\x82", 2) == 0 && state != 0);
}

/* At each place in a text longer than the words that are read at once. */
static void
test_bad_octet_anywhere(void)
{
	char	 text[40];
	size_t	 i, j;
	uint8_t	 state;

	for (i = 0; i < sizeof(text); i++) {
		memset(text, 'a', sizeof(text));
		text[i] = '\xff';
		for (j = 0; j <= sizeof(text); j++) {
			state = 0;
			CHECK(utf8_check(&state, text, j) == (j > i ? -1 : 0));
		}
	}
}

static void
test_first_bad_octet(void)
{
	uint8_t	 state;

	state = 0;	/* overlong */
	CHECK(utf8_check(&state, "\xe0\x80", 2) == -1);
	state = 0;	/* a surrogate */
	CHECK(utf8_check(&state, "\xed\xa0", 2) == -1);
	state = 0;	/* beyond U+10FFFF */
	CHECK(utf8_check(&state, "\xf4\x90", 2) == -1);
	state = 0;
	CHECK(utf8_check(&state, "\xf5", 1) == -1);
	state = 0;
	CHECK(utf8_check(&state, "\xc0", 1) == -1);
	state = 0;
	CHECK(utf8_check(&state, "\x80", 1) == -1);
	state = 0;	/* a character cut short */
	CHECK(utf8_check(&state, "\xe2\x82" "a", 3) == -1);
}

int
main(void)
{
	RUN(test_every_character);
	RUN(test_put);
	RUN(test_get);
	RUN(test_nothing_else);
	RUN(test_four_octets);
	RUN(test_pieces);
	RUN(test_bad_octet_anywhere);
	RUN(test_first_bad_octet);
	return (test_done());
}
