/*
 * How many descriptors this process has open: getdtablecount(2).  Asks about
 * each that there may be, as there is no /proc in an empty root: that is a
 * system call each, so nothing for a path that has to be fast.
 */

#include "compat.h"

#ifndef HAVE_GETDTABLECOUNT

#include <fcntl.h>
#include <unistd.h>

int
getdtablecount(void)
{
	int	 fd, size = getdtablesize(), count = 0;

	for (fd = 0; fd < size; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			count++;
	return (count);
}

#endif /* !HAVE_GETDTABLECOUNT */
