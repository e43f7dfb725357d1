/*
 * UTF-8 (RFC 3629), judged strictly: no overlong forms, no surrogates, nothing
 * beyond U+10FFFF.  The state between two octets is a single number, so that
 * text may come in pieces.
 */

#include "compat.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

#define HIGH_BITS	0x8080808080808080ULL

/* What must come next (RFC 3629 section 4). */
enum state {
	START,	/* a new character */
	ONE,	/* so many continuation octets, of any value */
	TWO,
	THREE,
	E0,	/* what may follow this first octet */
	ED,
	F0,
	F4,
	BAD
};

/* The state after the first octet of a character beyond ASCII. */
static enum state
first(uint8_t c)
{
	if (c < 0xc2)		/* a continuation, or overlong */
		return (BAD);
	if (c < 0xe0)
		return (ONE);
	if (c < 0xf0)
		return (c == 0xe0 ? E0 : c == 0xed ? ED : TWO);
	if (c < 0xf5)
		return (c == 0xf0 ? F0 : c == 0xf4 ? F4 : THREE);
	return (BAD);
}

/* The state after a continuation octet. */
static enum state
next(enum state state, uint8_t c)
{
	/* By state; then by octet: 80 to 8f, 90 to 9f, a0 to af, b0 to bf. */
	static const uint8_t	 following[][4] = {
		[ONE] = { START, START, START, START },
		[TWO] = { ONE, ONE, ONE, ONE },
		[THREE] = { TWO, TWO, TWO, TWO },
		[E0] = { BAD, BAD, ONE, ONE },
		[ED] = { ONE, ONE, BAD, BAD },
		[F0] = { BAD, TWO, TWO, TWO },
		[F4] = { TWO, BAD, BAD, BAD }
	};

	if ((c & 0xc0) != 0x80)
		return (BAD);
	return (following[state][c >> 4 & 3]);
}

/* Skips ASCII, of which most text is, eight octets at a time. */
static const uint8_t *
skip_ascii(const uint8_t *p, const uint8_t *end)
{
	uint64_t	 v;

	for (; (size_t)(end - p) >= sizeof(v); p += sizeof(v)) {
		memcpy(&v, p, sizeof(v));
		if (v & HIGH_BITS)
			break;
	}
	while (p < end && *p < 0x80)
		p++;
	return (p);
}

int
utf8_check(uint8_t *state, const void *data, size_t len)
{
	const uint8_t	*p = data, *end = p + len;

	while (p < end) {
		if (*state == START) {
			if ((p = skip_ascii(p, end)) == end)
				break;
			*state = first(*p++);
		} else
			*state = next(*state, *p++);
		if (*state == BAD)
			return (-1);
	}
	return (0);
}

size_t
utf8_put(char *dst, uint32_t c)
{
	if (c < 0x80) {
		dst[0] = c;
		return (1);
	}
	if (c < 0x800) {
		dst[0] = 0xc0 | c >> 6;
		dst[1] = 0x80 | (c & 0x3f);
		return (2);
	}
	if (c < 0x10000) {
		dst[0] = 0xe0 | c >> 12;
		dst[1] = 0x80 | (c >> 6 & 0x3f);
		dst[2] = 0x80 | (c & 0x3f);
		return (3);
	}
	dst[0] = 0xf0 | c >> 18;
	dst[1] = 0x80 | (c >> 12 & 0x3f);
	dst[2] = 0x80 | (c >> 6 & 0x3f);
	dst[3] = 0x80 | (c & 0x3f);
	return (4);
}

/* What the first octet of a character tells of it. */
static uint32_t
first_bits(uint8_t c)
{
	if (c < 0x80)
		return (c);
	return (c < 0xe0 ? c & 0x1f : c < 0xf0 ? c & 0xf : c & 0x7);
}

size_t
utf8_get(const void *data, size_t len, uint32_t *c)
{
	const uint8_t	*p = data;
	uint8_t		 state = START;
	size_t		 n;

	for (n = 0; n < len; n++) {
		if (utf8_check(&state, p + n, 1) == -1)
			return (0);
		*c = n == 0 ? first_bits(*p) : *c << 6 | (p[n] & 0x3f);
		if (state == START)
			return (n + 1);
	}
	return (0);
}

int
utf8_is_white(uint32_t c)
{
	return (c == ' ' ||
	    c == 0xa0 ||			/* no-break space */
	    c == 0x1680 ||			/* Ogham space mark */
	    (c >= 0x2000 && c <= 0x200a) ||	/* quads and narrow spaces */
	    c == 0x202f ||			/* narrow no-break space */
	    c == 0x205f ||			/* mathematical space */
	    c == 0x3000);			/* ideographic space */
}
