/*
 * A TCP connection.
 */

#include "compat.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "connect.h"
#include "helper.h"

#define ADDRESS_WAIT	10000		/* milliseconds for one address */
#define TOTAL_WAIT	30000		/* for all */

/* What strerror(3) says, as the middle of a sentence. */
static void
error_text(int error, char *why, size_t size)
{
	strlcpy(why, strerror(error), size);
	if (size > 1 && isupper((unsigned char)why[0]) &&
	    !isupper((unsigned char)why[1]))
		why[0] = (char)tolower((unsigned char)why[0]);
}

/*
 * Waits until the connection stands or failed.  Returns 0, or an error number.
 * Ends the program with olaf, whom nobody would miss a connection.
 */
static int
connect_wait(int fd, int64_t until)
{
	struct pollfd	pfd[2] = { { .fd = fd, .events = POLLOUT },
			    { .fd = HELPER_OLAF_FD } };
	socklen_t	len = sizeof(int);
	int64_t		left;
	int		error = 0, n;

	do {
		if ((left = until - clock_ms()) <= 0)
			return (ETIMEDOUT);
		n = poll(pfd, 2, (int)left);
		if (n > 0 && pfd[1].revents & (POLLHUP | POLLERR | POLLNVAL))
			exit(0);
	} while ((n == -1 && errno == EINTR) || (n >= 0 && pfd[0].revents == 0));
	if (n == -1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		return (errno);
	return (error);
}

/* Blocking, as the caller wants it. */
static int
connect_finish(int fd)
{
	int	flags;

	if ((flags = fcntl(fd, F_GETFL)) == -1 ||
	    fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == -1)
		return (errno);
	return (0);
}

/* Returns a descriptor, or -1 with an error number. */
static int
connect_address(const struct addrinfo *ai, int64_t until, int *error)
{
	int	fd, on = 1;

	if ((fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0)) == -1) {
		*error = errno;
		return (-1);
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	*error = 0;
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == -1) {
		if (errno == EINPROGRESS)
			*error = connect_wait(fd, until);
		else
			*error = errno;
	}
	if (*error == 0 && (*error = connect_finish(fd)) == 0)
		return (fd);
	close(fd);
	return (-1);
}

static int
connect_any(const struct addrinfo *list, char *why, size_t size)
{
	const struct addrinfo	*ai;
	int64_t			 now, last = clock_ms() + TOTAL_WAIT;
	int			 fd, error = EADDRNOTAVAIL;

	for (ai = list; ai != NULL && (now = clock_ms()) < last;
	    ai = ai->ai_next) {
		if (ai->ai_family != AF_INET && ai->ai_family != AF_INET6)
			continue;
		fd = connect_address(ai, now + ADDRESS_WAIT < last ?
		    now + ADDRESS_WAIT : last, &error);
		if (fd != -1)
			return (fd);
	}
	error_text(error, why, size);
	return (-1);
}

static void
resolve_error(int error, char *why, size_t size)
{
	switch (error) {
	case EAI_NONAME:
#ifdef EAI_NODATA
#if EAI_NODATA != EAI_NONAME
	case EAI_NODATA:
#endif
#endif
		strlcpy(why, "no such host", size);
		break;
	case EAI_AGAIN:
		strlcpy(why, "no name server answers", size);
		break;
	default:
		strlcpy(why, gai_strerror(error), size);
		break;
	}
}

int
connect_to(const char *host, uint16_t port, char *why, size_t size)
{
	struct addrinfo	 hints, *list;
	char		 service[sizeof("65535")];
	int		 error, fd;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_UNSPEC;
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICSERV;
	snprintf(service, sizeof(service), "%u", port);
	if ((error = getaddrinfo(host, service, &hints, &list)) != 0) {
		resolve_error(error, why, size);
		return (-1);
	}
	fd = connect_any(list, why, size);
	freeaddrinfo(list);
	return (fd);
}
