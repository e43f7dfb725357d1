/*
 * Compares secrets in a time that does not tell where they differ:
 * timingsafe_bcmp(3).
 */

#include "compat.h"

#ifndef HAVE_TIMINGSAFE_BCMP

int
timingsafe_bcmp(const void *b1, const void *b2, size_t len)
{
	const volatile unsigned char	*p1 = b1, *p2 = b2;
	unsigned int			 different = 0;

	while (len-- > 0)
		different |= *p1++ ^ *p2++;
	return (different != 0);
}

#endif /* !HAVE_TIMINGSAFE_BCMP */
