/*
 * ws-echo port: a WebSocket server on 127.0.0.1 that echoes every message,
 * text as text and binary as binary, for conformance suites.  It is made of
 * the daemon's own HTTP and WebSocket readers and a plain event loop.  Port 0
 * takes a free one; the port is printed.
 */

/* link: olaf-front/http.o olaf-front/reply.o */

#include "compat.h"

#include <sys/queue.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <err.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http.h"
#include "reply.h"
#include "websocket.h"

#define IN_SIZE		65536			/* holds any HTTP head */
#define MESSAGE_MAX	(64 * 1024 * 1024)	/* suites send 16 MB */
#define OUT_HIGH	(2 * MESSAGE_MAX)	/* then reading waits */
#define LINGER_SECONDS	5

enum phase {
	HEAD,		/* reading the HTTP request */
	FRAMES,
	LAST,		/* what is queued is the last that is sent */
	LINGER		/* waiting for the peer to close, too */
};

struct client {
	TAILQ_ENTRY(client)	 entry;
	int			 fd;
	enum phase		 phase;
	struct event		*readable;
	struct event		*writable;
	struct websocket	 ws;
	struct evbuffer		*message;	/* what came of the current one */
	struct evbuffer		*out;
	uint8_t			 in[IN_SIZE];
	size_t			 inlen;
};

static TAILQ_HEAD(, client)	 clients = TAILQ_HEAD_INITIALIZER(clients);
static struct event_base	*base;

static void
client_free(struct client *c)
{
	TAILQ_REMOVE(&clients, c, entry);
	event_free(c->readable);
	event_free(c->writable);
	evbuffer_free(c->message);
	evbuffer_free(c->out);
	close(c->fd);
	free(c);
}

static void
queue(struct client *c, const void *data, size_t len)
{
	if (evbuffer_add(c->out, data, len) == -1)
		err(1, NULL);
}

static void
queue_control(struct client *c, enum websocket_opcode opcode,
    const void *data, size_t len)
{
	uint8_t	 header[WEBSOCKET_HEADER_MAX];

	queue(c, header, websocket_header(header, opcode, 1, len, NULL));
	queue(c, data, len);
}

static void
queue_close(struct client *c, uint16_t code)
{
	uint8_t	 payload[WEBSOCKET_CONTROL_MAX];

	queue_control(c, WEBSOCKET_CLOSE, payload,
	    websocket_close_payload(payload, code, NULL));
	c->phase = LAST;
}

static void
queue_message(struct client *c, enum websocket_opcode opcode)
{
	uint8_t	 header[WEBSOCKET_HEADER_MAX];

	queue(c, header, websocket_header(header, opcode, 1,
	    evbuffer_get_length(c->message), NULL));
	if (evbuffer_add_buffer(c->out, c->message) == -1)
		err(1, NULL);
}

static void
answer(struct client *c, int status, const struct http_request *r)
{
	char		 buf[REPLY_MAX];
	struct reply	 reply;

	memset(&reply, 0, sizeof(reply));
	reply.status = status;
	reply.head = r != NULL && r->head;
	reply.now = time(NULL);
	queue(c, buf, reply_error(buf, &reply));
	c->phase = LAST;
}

/* Returns how many octets of input were used. */
static size_t
read_request(struct client *c)
{
	struct http_request	 r;
	char			 buf[REPLY_MAX];
	char			 accept_key[WEBSOCKET_ACCEPT_LEN + 1];
	int			 n, status;

	if ((n = http_read(&r, (char *)c->in, c->inlen)) == 0)
		return (0);
	if (n < 0) {
		answer(c, -n, NULL);
		return (c->inlen);
	}
	status = http_status(&r);
	if (status != 101) {
		answer(c, status, &r);
		return (n);
	}
	if (websocket_accept(r.ws_key.p, r.ws_key.len, accept_key) == -1)
		errx(1, "no Sec-WebSocket-Accept");
	queue(c, buf, reply_switch(buf, accept_key));
	websocket_init(&c->ws, MESSAGE_MAX, 0);
	c->phase = FRAMES;
	return (n);
}

static void
take_event(struct client *c, const struct websocket_event *ev)
{
	switch (ev->type) {
	case WEBSOCKET_EV_DATA:
		if (evbuffer_add(c->message, ev->data, ev->len) == -1)
			err(1, NULL);
		if (ev->last)
			queue_message(c, ev->opcode);
		break;
	case WEBSOCKET_EV_PING:
		queue_control(c, WEBSOCKET_PONG, ev->data, ev->len);
		break;
	case WEBSOCKET_EV_CLOSE:
	case WEBSOCKET_EV_ERROR:
		queue_close(c, ev->code);
		break;
	case WEBSOCKET_EV_PONG:
	case WEBSOCKET_EV_NONE:
	default:
		break;
	}
}

static size_t
read_frames(struct client *c, uint8_t *in, size_t len)
{
	struct websocket_event	 ev;
	size_t			 used = 0;

	do {
		used += websocket_read(&c->ws, in + used, len - used, &ev);
		take_event(c, &ev);
	} while (c->phase == FRAMES && ev.type != WEBSOCKET_EV_NONE);
	return (used);
}

static void
read_input(struct client *c)
{
	size_t	 used = 0;

	if (c->phase == HEAD)
		used = read_request(c);
	if (c->phase == FRAMES)
		used += read_frames(c, c->in + used, c->inlen - used);
	if (c->phase == LAST || c->phase == LINGER)
		used = c->inlen;
	c->inlen -= used;
	memmove(c->in, c->in + used, c->inlen);
}

/*
 * The server closes first, once all is sent.  Closing with input unread would
 * reset the connection and could take our close frame with it (RFC 6455
 * 7.1.1).
 */
static void
linger(struct client *c)
{
	struct timeval	 tv = { LINGER_SECONDS, 0 };

	c->phase = LINGER;
	shutdown(c->fd, SHUT_WR);
	event_add(c->readable, &tv);
}

/* Sends what can be sent.  Returns -1 if the client is gone. */
static int
flush(struct client *c)
{
	while (evbuffer_get_length(c->out) > 0) {
		if (evbuffer_write(c->out, c->fd) == -1) {
			if (errno != EAGAIN && errno != EINTR)
				return (-1);
			break;
		}
	}
	if (evbuffer_get_length(c->out) > 0)
		event_add(c->writable, NULL);
	else if (c->phase == LAST)
		linger(c);
	if (evbuffer_get_length(c->out) > OUT_HIGH)
		event_del(c->readable);
	else if (c->phase != LINGER)
		event_add(c->readable, NULL);
	return (0);
}

static void
on_writable(int fd __unused, short what __unused, void *arg)
{
	struct client	*c = arg;

	if (flush(c) == -1)
		client_free(c);
}

static void
on_readable(int fd __unused, short what, void *arg)
{
	struct client	*c = arg;
	ssize_t		 n;

	if (what & EV_TIMEOUT) {
		client_free(c);
		return;
	}
	n = read(c->fd, c->in + c->inlen, sizeof(c->in) - c->inlen);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_free(c);
		return;
	}
	c->inlen += n;
	read_input(c);
	if (flush(c) == -1)
		client_free(c);
}

static void
client_new(int fd)
{
	struct client	*c;
	int		 on = 1;

	evutil_make_socket_nonblocking(fd);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    (c->message = evbuffer_new()) == NULL ||
	    (c->out = evbuffer_new()) == NULL)
		err(1, NULL);
	c->fd = fd;
	c->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, c);
	c->writable = event_new(base, fd, EV_WRITE, on_writable, c);
	if (c->readable == NULL || c->writable == NULL)
		err(1, NULL);
	event_add(c->readable, NULL);
	TAILQ_INSERT_TAIL(&clients, c, entry);
}

static void
on_connection(int listener, short what __unused, void *arg __unused)
{
	int	 fd;

	if ((fd = accept(listener, NULL, NULL)) != -1)
		client_new(fd);
}

static void
on_signal(int sig __unused, short what __unused, void *arg __unused)
{
	event_base_loopbreak(base);
}

static int
listen_on(uint16_t port)
{
	struct sockaddr_in	 sin;
	socklen_t		 len = sizeof(sin);
	int			 fd, on = 1;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		err(1, "socket");
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1)
		err(1, "setsockopt");
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    listen(fd, SOMAXCONN) == -1 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) == -1)
		err(1, "127.0.0.1 port %u", port);
	evutil_make_socket_nonblocking(fd);
	printf("127.0.0.1 port %u\n", ntohs(sin.sin_port));
	fflush(stdout);
	return (fd);
}

static struct event *
watch(int fd, short what, event_callback_fn callback)
{
	struct event	*ev;

	if ((ev = event_new(base, fd, what | EV_PERSIST, callback, NULL)) ==
	    NULL || event_add(ev, NULL) == -1)
		err(1, NULL);
	return (ev);
}

int
main(int argc, char *argv[])
{
	struct event	*events[3];
	const char	*error;
	uint16_t	 port;
	size_t		 i;
	int		 fd;

	if (argc != 2) {
		fprintf(stderr, "usage: ws-echo port\n");
		return (2);
	}
	port = strtonum(argv[1], 0, UINT16_MAX, &error);
	if (error != NULL)
		errx(2, "port is %s: %s", error, argv[1]);
	signal(SIGPIPE, SIG_IGN);
	if ((base = event_base_new()) == NULL)
		errx(1, "no event base");
	fd = listen_on(port);
	events[0] = watch(fd, EV_READ, on_connection);
	events[1] = watch(SIGTERM, EV_SIGNAL, on_signal);
	events[2] = watch(SIGINT, EV_SIGNAL, on_signal);
	event_base_dispatch(base);
	while (!TAILQ_EMPTY(&clients))
		client_free(TAILQ_FIRST(&clients));
	for (i = 0; i < nitems(events); i++)
		event_free(events[i]);
	event_base_free(base);
	close(fd);
	return (0);
}
