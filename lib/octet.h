/*
 * Kinds of octets in the grammar of HTTP and MIME, whatever the locale.
 */

#ifndef OCTET_H
#define OCTET_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline int
octet_is_alphanumeric(uint8_t c)
{
	return ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z'));
}

/* RFC 9110 5.6.2: tchar */
static inline int
octet_is_token(uint8_t c)
{
	return (octet_is_alphanumeric(c) ||
	    (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL));
}

static inline int
octet_is_space(uint8_t c)
{
	return (c == ' ' || c == '\t');
}

/* RFC 9110 5.5: field-content, obs-text included */
static inline int
octet_is_value(uint8_t c)
{
	return ((c >= ' ' && c != 0x7f) || c == '\t');
}

/* What a hexadecimal digit, of either case, stands for; -1 for another octet. */
static inline int
octet_hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	return (-1);
}

/* Writes n octets in lower case hexadecimal, and a NUL: 2 * n + 1 characters. */
static inline void
octet_write_hex(char *text, const uint8_t *p, size_t n)
{
	static const char	digits[] = "0123456789abcdef";
	size_t			i;

	for (i = 0; i < n; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 0xf];
	}
	text[2 * n] = '\0';
}

/* Reads what octet_write_hex wrote for n octets.  Returns 0, or -1. */
static inline int
octet_read_hex(uint8_t *p, size_t n, const char *text, size_t len)
{
	size_t	i;
	int	high, low;

	if (len != 2 * n)
		return (-1);
	for (i = 0; i < n; i++) {
		high = octet_hex((uint8_t)text[2 * i]);
		low = octet_hex((uint8_t)text[2 * i + 1]);
		if (high == -1 || low == -1 ||
		    memchr("ABCDEF", text[2 * i], 6) != NULL ||
		    memchr("ABCDEF", text[2 * i + 1], 6) != NULL)
			return (-1);
		p[i] = (uint8_t)(high << 4 | low);
	}
	return (0);
}

#endif
