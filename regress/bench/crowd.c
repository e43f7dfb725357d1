/*
 * Connections of the benchmark's clients.  Up to the hello all is blocking,
 * with so many of them under way that the server always has some to work on.
 */

#include "compat.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>

#include "crowd.h"
#include "speech.h"

#define BATCH	64	/* under way at a time; twice that while connecting */

struct client	 crowd[CROWD_MAX];
unsigned int	 crowd_size;
unsigned int	 crowd_servers;

static struct sockaddr_in	 servers[CROWD_SERVERS_MAX];
static struct tls_config	*tls_conf;
static unsigned int		 connected;

void
crowd_init(int tls)
{
	if (!tls)
		return;
	if ((tls_conf = tls_config_new()) == NULL)
		errx(1, "tls_config_new");
	tls_config_insecure_noverifycert(tls_conf);
	tls_config_insecure_noverifyname(tls_conf);
}

void
crowd_server(unsigned int port)
{
	struct sockaddr_in	*sin;

	if (crowd_servers == CROWD_SERVERS_MAX)
		errx(1, "more than %d servers", CROWD_SERVERS_MAX);
	sin = &servers[crowd_servers++];
	sin->sin_family = AF_INET;
	sin->sin_port = htons((in_port_t)port);
	sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

void
crowd_prepare(unsigned int count, unsigned int server, int users)
{
	struct client		*c;
	struct keyring_key	*k;
	uint8_t			 frame[SPEECH_FRAME_MAX];

	if (count > CROWD_MAX - crowd_size)
		errx(1, "more than %d clients", CROWD_MAX);
	if (server >= crowd_servers)
		errx(1, "no server %u", server);
	for (; count > 0; count--) {
		c = &crowd[crowd_size];
		c->server = server;
		c->counter = SPEECH_COUNTER_MIN;
		if (users) {
			k = keyring_key(crowd_size);
			c->hellolen = speech_hello(k, frame);
			keyring_free(k);
			if ((c->hello = malloc(c->hellolen)) == NULL)
				err(1, NULL);
			memcpy(c->hello, frame, c->hellolen);
		}
		crowd_size++;
	}
}

/* Waits for some octets; returns how many came, at least one. */
static size_t
client_read(struct client *c, void *buf, size_t size)
{
	ssize_t	 n;

	do {
		if (c->tls == NULL)
			n = read(c->fd, buf, size);
		else
			n = tls_read(c->tls, buf, size);
	} while (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT);
	if (n == -1)
		err(1, "client %td: read", c - crowd);
	if (n == 0)
		errx(1, "client %td: the server closed", c - crowd);
	return ((size_t)n);
}

static void
client_read_all(struct client *c, void *buf, size_t len)
{
	size_t	 got = 0;

	while (got < len)
		got += client_read(c, (uint8_t *)buf + got, len - got);
}

void
client_write(struct client *c, const void *data, size_t len)
{
	const uint8_t	*p = data;
	ssize_t		 n;

	while (len > 0) {
		if (c->tls == NULL)
			n = write(c->fd, p, len);
		else
			n = tls_write(c->tls, p, len);
		if (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT)
			continue;
		if (n == -1)
			err(1, "client %td: write", c - crowd);
		p += n;
		len -= (size_t)n;
	}
}

static void
client_tls(struct client *c)
{
	int	n;

	if ((c->tls = tls_client()) == NULL ||
	    tls_configure(c->tls, tls_conf) == -1 ||
	    tls_connect_socket(c->tls, c->fd, "localhost") == -1)
		errx(1, "tls: %s", c->tls != NULL ? tls_error(c->tls) : "new");
	do {
		n = tls_handshake(c->tls);
	} while (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT);
	if (n == -1)
		errx(1, "tls: %s", tls_error(c->tls));
}

static void
client_open(struct client *c)
{
	static const char	 request[] = "GET / HTTP/1.1\r\n"
				    "Host: localhost\r\n"
				    "Upgrade: websocket\r\n"
				    "Connection: Upgrade\r\n"
				    "Sec-WebSocket-Key: "
				    "dGhlIHNhbXBsZSBub25jZQ==\r\n"
				    "Sec-WebSocket-Version: 13\r\n\r\n";
	struct linger		 reset = { 1, 0 };
	int			 on = 1;

	if ((c->fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		err(1, "socket");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* leaves no port behind that must rest before it is used again */
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	if (connect(c->fd, (struct sockaddr *)&servers[c->server],
	    sizeof(servers[0])) == -1)
		err(1, "connect");
	if (tls_conf != NULL)
		client_tls(c);
	client_write(c, request, sizeof(request) - 1);
}

/* The server says nothing behind its answer before it is spoken to. */
static void
client_upgraded(struct client *c)
{
	char	 head[1024];
	size_t	 len = 0;

	do {
		if (len == sizeof(head) - 1)
			errx(1, "an answer too long");
		len += client_read(c, head + len, sizeof(head) - 1 - len);
		head[len] = '\0';
	} while (len < 4 || memcmp(head + len - 4, "\r\n\r\n", 4) != 0);
	if (strncmp(head, "HTTP/1.1 101 ", 13) != 0)
		errx(1, "not a WebSocket: %.*s", (int)strcspn(head, "\r"), head);
}

static void
client_hello(struct client *c)
{
	client_upgraded(c);
	if (c->hello == NULL)
		return;
	client_write(c, c->hello, c->hellolen);
	free(c->hello);
	c->hello = NULL;
}

static void
client_probe(struct client *c)
{
	uint8_t	 frame[SPEECH_FRAME_MAX];

	client_write(c, frame, speech_probe(frame));
}

/* Its length has one octet, or two or eight further ones (RFC 6455 5.2). */
size_t
client_message(struct client *c, char *text, size_t size)
{
	uint8_t	 head[2], more[8];
	size_t	 len, n, i;

	client_read_all(c, head, sizeof(head));
	if (head[0] != 0x81)
		errx(1, "client %td: not a whole message", c - crowd);
	len = head[1];
	n = len == 126 ? 2 : len == 127 ? 8 : 0;
	client_read_all(c, more, n);
	if (n > 0)
		len = 0;
	for (i = 0; i < n; i++)
		len = len << 8 | more[i];
	if (len >= size)
		errx(1, "an answer too long");
	client_read_all(c, text, len);
	text[len] = '\0';
	return (len);
}

/* A hello has no answer of its own; a refused one comes before the probe's. */
static void
client_probed(struct client *c)
{
	char	 text[SPEECH_FRAME_MAX];

	client_message(c, text, sizeof(text));
	if (strstr(text, "unknown_type") == NULL)
		errx(1, "client %td: hello refused: %s", c - crowd, text);
}

/*
 * The last of the users ask: verifiers work in order, and some of these had
 * theirs from each.
 */
static void
crowd_settle(unsigned int first)
{
	unsigned int	 i;

	if (crowd_size - first > BATCH)
		first = crowd_size - BATCH;
	for (i = first; i < crowd_size; i++)
		client_probe(&crowd[i]);
	for (i = first; i < crowd_size; i++)
		client_probed(&crowd[i]);
}

void
crowd_connect(void)
{
	unsigned int	 first = connected, opened = connected, i;
	int		 users;

	users = first < crowd_size && crowd[first].hello != NULL;
	while (connected < crowd_size) {
		for (; opened < crowd_size && opened < connected + 2 * BATCH;
		    opened++)
			client_open(&crowd[opened]);
		for (i = 0; i < BATCH && connected < crowd_size; i++)
			client_hello(&crowd[connected++]);
	}
	if (users)
		crowd_settle(first);
}

void
crowd_connect_one(void)
{
	struct client	*c = &crowd[connected++];

	client_open(c);
	client_hello(c);
}
