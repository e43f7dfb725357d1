/*
 * UTF-8, as strictly as RFC 3629 has it.
 */

#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Judges a further piece of UTF-8; *state is 0 before the first.  Returns 0,
 * or -1 on the first bad octet.  The text is complete only if *state is 0 at
 * its end.
 */
int	 utf8_check(uint8_t *state, const void *data, size_t len);

/*
 * Writes the character c, which must be one, as 1 to 4 octets; returns how
 * many.
 */
size_t	 utf8_put(char *dst, uint32_t c);

/*
 * Reads the first character of len octets.  Returns how many are its, or 0 if
 * there is none in UTF-8.
 */
size_t	 utf8_get(const void *data, size_t len, uint32_t *c);

/* Is the character a blank, of whatever width (Unicode's category Zs)? */
int	 utf8_is_white(uint32_t c);

#endif
