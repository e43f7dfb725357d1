/*
 * From a file to a socket without a copy of ours: sendfile(2), which is another
 * call on each system, or none.
 */

#include "compat.h"

#include <errno.h>

#ifdef HAVE_SENDFILE

#include <sys/sendfile.h>

ssize_t
send_file(int to, int fd, off_t from, size_t len)
{
	return (sendfile(to, fd, &from, len));
}

#else

ssize_t
send_file(int to, int fd, off_t from, size_t len)
{
	(void)to;
	(void)fd;
	(void)from;
	(void)len;
	errno = ENOSYS;
	return (-1);
}

#endif
