/*
 * Base64 with padding, RFC 4648 section 4, strictly: no white space, no other
 * characters, no bits set behind the last octet.
 */

#ifndef BASE64_H
#define BASE64_H

#include <sys/types.h>

/* Characters that n octets become, without the NUL. */
#define BASE64_LEN(n)		(((n) + 2) / 3 * 4)
/* The most octets that n characters can hold. */
#define BASE64_OCTETS(n)	((n) / 4 * 3)

/* Writes BASE64_LEN(len) characters and a NUL to dst. */
void	 base64_encode(const void *src, size_t len, char *dst);

/*
 * Decodes len characters into dst, which holds size octets.  Returns the
 * number of octets, or -1 if the text is not base64 or does not fit.
 */
ssize_t	 base64_decode(const char *src, size_t len, void *dst, size_t size);

#endif
