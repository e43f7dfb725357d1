/*
 * transfer [-t] port connections count GET|POST|PUT path [size]: so many requests by
 * each of so many connections to 127.0.0.1, each a process that waits for every
 * answer before it asks again.  GET: the path, and what comes is thrown away.
 * POST, PUT: size octets of rubbish to the path; "#" in it stands for a number
 * that no other request has.  -t: TLS.
 *
 * Prints "ready" when all are connected, waits for a line, and prints how long it
 * took in seconds, and the octets of all bodies; whatever is not answered with
 * a status from 200 to 206 ends it.  With count 0 it goes on until it is ended.
 */

/* libs: TLS */

#include "compat.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <tls.h>
#include <unistd.h>

#define CHUNK		(256 * 1024)	/* octets of a read or write */
#define HEAD_MAX	8192

/* Though the socket blocks: a record was not for us. */
#define TLS_WAITS(n)	((n) == TLS_WANT_POLLIN || (n) == TLS_WANT_POLLOUT)

struct peer {
	int		 fd;
	struct tls	*tls;
	char		 in[CHUNK];
	size_t		 len;		/* octets in it, from its begin */
};

static const char	*method, *path;
static uint64_t		 size;
static uint8_t		 rubbish[CHUNK];

static double
now(void)
{
	struct timespec	ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((double)ts.tv_sec + (double)ts.tv_nsec / 1e9);
}

static void
peer_open(struct peer *p, uint16_t port, int secure)
{
	struct sockaddr_in	 sin;
	struct tls_config	*config;
	int			 on = 1;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if ((p->fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    connect(p->fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1)
		err(1, "connect");
	if (!secure)
		return;
	if ((config = tls_config_new()) == NULL ||
	    (p->tls = tls_client()) == NULL)
		errx(1, "tls");
	tls_config_insecure_noverifycert(config);
	tls_config_insecure_noverifyname(config);
	if (tls_configure(p->tls, config) == -1 ||
	    tls_connect_socket(p->tls, p->fd, "localhost") == -1 ||
	    tls_handshake(p->tls) == -1)
		errx(1, "tls: %s", tls_error(p->tls));
}

static void
peer_write(struct peer *p, const void *data, size_t len)
{
	const char	*from = data;
	ssize_t		 n;

	for (; len > 0; from += n, len -= (size_t)n) {
		do {
			n = p->tls != NULL ? tls_write(p->tls, from, len) :
			    write(p->fd, from, len);
		} while (p->tls != NULL && TLS_WAITS(n));
		if (n <= 0)
			errx(1, "%s %s: cut off while writing", method, path);
	}
}

static size_t
peer_read(struct peer *p, char *to, size_t len)
{
	ssize_t	n;

	do {
		n = p->tls != NULL ? tls_read(p->tls, to, len) :
		    read(p->fd, to, len);
	} while (p->tls != NULL && TLS_WAITS(n));
	if (n <= 0)
		errx(1, "%s %s: cut off while reading", method, path);
	return ((size_t)n);
}

static void
request(struct peer *p, unsigned long number)
{
	char		 head[HEAD_MAX];
	uint64_t	 left = size;
	size_t		 n;
	int		 before = (int)strcspn(path, "#"), len;

	if (path[before] == '#')
		len = snprintf(head, sizeof(head), "%s %.*s%ld-%lu%s HTTP/1.1\r\n"
		    "Host: localhost\r\n", method, before, path, (long)getpid(),
		    number, path + before + 1);
	else
		len = snprintf(head, sizeof(head), "%s %s HTTP/1.1\r\n"
		    "Host: localhost\r\n", method, path);
	if (size > 0 || strcmp(method, "GET") != 0)
		len += snprintf(head + len, sizeof(head) - (size_t)len,
		    "Content-Length: %llu\r\n", (unsigned long long)size);
	strlcat(head, "\r\n", sizeof(head));
	peer_write(p, head, (size_t)len + 2);
	for (; left > 0; left -= n) {
		n = left < sizeof(rubbish) ? (size_t)left : sizeof(rubbish);
		peer_write(p, rubbish, n);
	}
}

/* Returns the octets of the answer's body, which are read. */
static uint64_t
response(struct peer *p)
{
	const char	*field;
	char		*end;
	uint64_t	 length, left;
	size_t		 n;

	p->in[0] = '\0';
	for (p->len = 0; (end = strstr(p->in, "\r\n\r\n")) == NULL;) {
		if (p->len >= HEAD_MAX)
			errx(1, "no head:\n%s", p->in);
		p->len += peer_read(p, p->in + p->len,
		    sizeof(p->in) - 1 - p->len);
		p->in[p->len] = '\0';
	}
	*end = '\0';
	if (strncmp(p->in, "HTTP/1.1 20", 11) != 0)
		errx(1, "%s %s: %.60s", method, path, p->in);
	for (field = p->in; field != NULL; field = strchr(field + 1, '\n'))
		if (strncasecmp(field, "\nContent-Length:", 16) == 0)
			break;
	length = field == NULL ? 0 : strtoull(field + 16, NULL, 10);
	n = p->len - (size_t)(end + 4 - p->in);
	for (left = length - n; left > 0; left -= n)
		n = peer_read(p, p->in, left < sizeof(p->in) ? (size_t)left :
		    sizeof(p->in));
	return (length);
}

/* One connection; go is closed when it may begin, result takes its octets. */
static __dead void
run(uint16_t port, int secure, unsigned long count, int go, int result)
{
	static struct peer	 p;
	uint64_t		 octets = 0;
	unsigned long		 i;
	char			 c = 0;

	peer_open(&p, port, secure);
	if (write(result, &c, 1) != 1 || read(go, &c, 1) == -1)
		err(1, "pipe");
	for (i = 0; count == 0 || i < count; i++) {
		request(&p, i);
		octets += size > 0 ? (response(&p), size) : response(&p);
	}
	if (write(result, &octets, sizeof(octets)) != sizeof(octets))
		err(1, "pipe");
	exit(0);
}

static void
start(int connections, uint16_t port, int secure, unsigned long count, int *go,
    int *result)
{
	char	c;
	int	i;

	if (pipe(go) == -1 || pipe(result) == -1)
		err(1, "pipe");
	for (i = 0; i < connections; i++)
		switch (fork()) {
		case -1:
			err(1, "fork");
		case 0:
			close(go[1]);
			close(result[0]);
			run(port, secure, count, go[0], result[1]);
		default:
			if (read(result[0], &c, 1) != 1)
				errx(1, "not connected");
		}
	close(result[1]);
}

int
main(int argc, char *argv[])
{
	char		 line[16];
	double		 begin;
	uint64_t	 octets, total = 0;
	int		 secure, go[2], result[2], status, failed = 0;

	secure = argc > 1 && strcmp(argv[1], "-t") == 0;
	argc -= secure;
	argv += secure;
	if (argc < 6)
		errx(1, "usage: transfer [-t] port connections count method "
		    "path [size]");
	method = argv[4];
	path = argv[5];
	size = argc > 6 ? strtoull(argv[6], NULL, 10) : 0;
	arc4random_buf(rubbish, sizeof(rubbish));
	start(atoi(argv[2]), (uint16_t)atoi(argv[1]), secure,
	    strtoul(argv[3], NULL, 10), go, result);
	puts("ready");
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return (1);
	begin = now();
	close(go[1]);
	while (read(result[0], &octets, sizeof(octets)) == sizeof(octets))
		total += octets;
	printf("done seconds=%.6f octets=%llu\n", now() - begin,
	    (unsigned long long)total);
	while (wait(&status) != -1)
		failed |= status != 0;
	return (failed);
}
