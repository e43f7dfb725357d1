/*
 * Kinds of octets in the grammar of HTTP and MIME, whatever the locale.
 */

#ifndef OCTET_H
#define OCTET_H

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

#endif
