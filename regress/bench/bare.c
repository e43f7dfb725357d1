/*
 * A broadcast with nothing around it, all in one process: its system calls
 * are what no server can save.
 */

#include "compat.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bare.h"

#define LEN_MAX		65536	/* fits the buffers of a connection */

struct pair {
	int	 server;
	int	 client;
};

static double
cpu(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ((double)ts.tv_sec + (double)ts.tv_nsec / 1e9);
}

static int
listener(struct sockaddr_in *sin)
{
	socklen_t	 len = sizeof(*sin);
	int		 fd;

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)sin, len) == -1 ||
	    getsockname(fd, (struct sockaddr *)sin, &len) == -1 ||
	    listen(fd, 1) == -1)
		err(1, "listen");
	return (fd);
}

static void
pair_open(struct pair *p, int fd, const struct sockaddr_in *sin)
{
	struct linger	 reset = { 1, 0 };
	int		 on = 1;

	if ((p->client = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    connect(p->client, (const struct sockaddr *)sin,
	    sizeof(*sin)) == -1 || (p->server = accept(fd, NULL, NULL)) == -1)
		err(1, "connect");
	setsockopt(p->server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(p->client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

static void
read_all(int fd, uint8_t *buf, size_t len)
{
	ssize_t	 n;

	for (; len > 0; len -= (size_t)n)
		if ((n = read(fd, buf, len)) <= 0)
			err(1, "read");
}

double
bare_write(unsigned int count, unsigned int len, unsigned int rounds)
{
	static uint8_t		 buf[LEN_MAX];
	struct sockaddr_in	 sin;
	struct pair		*pairs;
	double			 spent = 0;
	unsigned int		 i, round;
	int			 fd;

	if (count == 0 || rounds == 0 || len > LEN_MAX ||
	    (pairs = calloc(count, sizeof(*pairs))) == NULL)
		errx(1, "no such broadcast is possible");
	fd = listener(&sin);
	for (i = 0; i < count; i++)
		pair_open(&pairs[i], fd, &sin);
	for (round = 0; round < rounds; round++) {
		spent -= cpu();
		for (i = 0; i < count; i++)
			if (write(pairs[i].server, buf, len) != (ssize_t)len)
				err(1, "write");
		spent += cpu();
		for (i = 0; i < count; i++)
			read_all(pairs[i].client, buf, len);
	}
	for (i = 0; i < count; i++) {
		close(pairs[i].client);
		close(pairs[i].server);
	}
	close(fd);
	free(pairs);
	return (spent / count / rounds);
}
