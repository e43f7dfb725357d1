/*
 * What libcurl calls on a socket in the place of libc's: the program's own
 * functions go before those of libraries.  libcurl asks every socket who is at
 * its ends, and some versions (7.88) connect it although they were told that it
 * is connected; they give up where that fails.  So it is told that all is well,
 * and this process need not be allowed any of that.
 */

#include "compat.h"

/* Prototypes differ: keep libc's out of sight. */
#define connect		libc_connect
#define getpeername	libc_getpeername
#define getsockname	libc_getsockname
#define getsockopt	libc_getsockopt
#include <sys/socket.h>
#include <netinet/in.h>
#undef connect
#undef getpeername
#undef getsockname
#undef getsockopt

#include <errno.h>
#include <string.h>

int	 connect(int, const struct sockaddr *, socklen_t);
int	 getpeername(int, struct sockaddr *, socklen_t *);
int	 getsockname(int, struct sockaddr *, socklen_t *);
int	 getsockopt(int, int, int, void *, socklen_t *);

/* It is; what is not is found out when it is written to. */
int
connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	(void)fd;
	(void)sa;
	(void)len;
	return (0);
}

/* An address that says nothing. */
static int
no_address(struct sockaddr *sa, socklen_t *len)
{
	struct sockaddr_in	 sin;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	memcpy(sa, &sin, *len < sizeof(sin) ? *len : sizeof(sin));
	*len = sizeof(sin);
	return (0);
}

int
getsockname(int fd, struct sockaddr *sa, socklen_t *len)
{
	(void)fd;
	return (no_address(sa, len));
}

int
getpeername(int fd, struct sockaddr *sa, socklen_t *len)
{
	(void)fd;
	return (no_address(sa, len));
}

/* SO_ERROR: none. */
int
getsockopt(int fd, int level, int option, void *value, socklen_t *len)
{
	(void)fd;
	if (level != SOL_SOCKET || option != SO_ERROR || *len < sizeof(int)) {
		errno = ENOPROTOOPT;
		return (-1);
	}
	memset(value, 0, sizeof(int));
	*len = sizeof(int);
	return (0);
}
