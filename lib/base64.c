/*
 * Base64, RFC 4648 section 4.  It carries keys, signatures and fingerprints,
 * several to a message, so decoding looks each character up in a table and
 * judges four at a time.
 */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>

#include "base64.h"

#define BAD	0x80	/* no value of six bits has this bit */

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const uint8_t values[256] = {
#define B4	BAD, BAD, BAD, BAD
#define B16	B4, B4, B4, B4
	B16, B16,
	B4, B4, BAD, BAD, BAD, 62, BAD, BAD, BAD, 63,	/* + / */
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61,		/* 0 to 9 */
	BAD, BAD, BAD, BAD, BAD, BAD, BAD,
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,	/* A to M */
	13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
	BAD, BAD, BAD, BAD, BAD, BAD,
	26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,	/* a to m */
	39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
	BAD, BAD, BAD, BAD, BAD,
	B16, B16, B16, B16, B16, B16, B16, B16
#undef B16
#undef B4
};

static void
encode_group(uint32_t v, char *dst)
{
	dst[0] = alphabet[v >> 18 & 0x3f];
	dst[1] = alphabet[v >> 12 & 0x3f];
	dst[2] = alphabet[v >> 6 & 0x3f];
	dst[3] = alphabet[v & 0x3f];
}

void
base64_encode(const void *src, size_t len, char *dst)
{
	const uint8_t	*s = src;

	for (; len >= 3; len -= 3, s += 3, dst += 4)
		encode_group((uint32_t)s[0] << 16 | s[1] << 8 | s[2], dst);
	if (len == 2) {
		encode_group((uint32_t)s[0] << 16 | s[1] << 8, dst);
		dst[3] = '=';
		dst += 4;
	} else if (len == 1) {
		encode_group((uint32_t)s[0] << 16, dst);
		dst[2] = dst[3] = '=';
		dst += 4;
	}
	*dst = '\0';
}

/*
 * The last group: n of its three octets are meant.  Bits behind the last octet
 * must be clear, or one value would have several spellings.
 */
static int
decode_last(const uint8_t *s, size_t n, uint8_t *dst)
{
	uint8_t		 a, b, c;

	a = values[s[0]];
	b = values[s[1]];
	c = n == 2 ? values[s[2]] : 0;
	if ((a | b | c) & BAD)
		return (-1);
	if (n == 1 ? b & 0x0f : c & 0x03)
		return (-1);
	dst[0] = a << 2 | b >> 4;
	if (n == 2)
		dst[1] = b << 4 | c >> 2;
	return (0);
}

/* Returns -1 if any of the n groups of four holds anything but base64. */
static int
decode_groups(const uint8_t *s, size_t n, uint8_t *dst)
{
	uint8_t		 a, b, c, d, bad = 0;

	for (; n > 0; n--, s += 4, dst += 3) {
		a = values[s[0]];
		b = values[s[1]];
		c = values[s[2]];
		d = values[s[3]];
		bad |= a | b | c | d;
		dst[0] = a << 2 | b >> 4;
		dst[1] = b << 4 | c >> 2;
		dst[2] = c << 6 | d;
	}
	return (bad & BAD ? -1 : 0);
}

ssize_t
base64_decode(const char *src, size_t len, void *dst, size_t size)
{
	const uint8_t	*s = (const uint8_t *)src;
	uint8_t		*d = dst;
	size_t		 groups, rest = 0;

	if (len % 4 != 0)
		return (-1);
	groups = len / 4;
	if (len > 0 && s[len - 1] == '=') {
		rest = s[len - 2] == '=' ? 1 : 2;
		groups--;
	}
	if (groups > size / 3 || groups * 3 + rest > size)
		return (-1);
	if (decode_groups(s, groups, d) == -1)
		return (-1);
	if (rest > 0 && decode_last(s + groups * 4, rest, d + groups * 3) == -1)
		return (-1);
	return (groups * 3 + rest);
}
