/*
 * Dialling.  Whose certificate does not verify may still be known by its key,
 * if that is the one pinned in the configuration: that takes a second
 * connection, for the library tells nothing of a peer that it refuses.
 */

#include "compat.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <errno.h>
#include <event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>
#include <vis.h>

#include "answer.h"
#include "dial.h"
#include "front.h"
#include "input.h"
#include "link.h"
#include "neighbours.h"
#include "output.h"
#include "relay.h"
#include "resolve.h"

struct dial {
	TAILQ_ENTRY(dial)	 entry;
	uint64_t		 attempt;
	struct neighbour	*neighbour;
	struct resolve		*resolve;	/* under way, or NULL */
	struct resolve_list	 list;
	size_t			 next;		/* address to try */
	int			 pinning;	/* it is to be known by its key */
	int			 tls_failed;
	struct event		 go_on;
	char			 key[WEBSOCKET_KEY_LEN + 1];
	char			 reason[MSG_DIAL_REASON_MAX];
};

static TAILQ_HEAD(, dial)	 dials = TAILQ_HEAD_INITIALIZER(dials);
static int			 stopping;

static void
dial_free(struct dial *d)
{
	evtimer_del(&d->go_on);
	resolve_cancel(d->resolve);
	TAILQ_REMOVE(&dials, d, entry);
	neighbours_release(d->neighbour);
	free(d);
}

/* To relay: printable, whatever a library or a peer made of it. */
static void
dial_tell(uint64_t attempt, const char *reason)
{
	char	text[4 * MSG_DIAL_REASON_MAX];

	strnvis(text, reason, sizeof(text), VIS_OCTAL | VIS_CSTYLE | VIS_NL |
	    VIS_TAB);
	front_stats.value[FRONT_DIAL_FAILURES]++;
	relay_dial_failed(attempt, text);
}

static void
dial_say(struct dial *d, const char *fmt, ...)
    __attribute__((__format__(printf, 2, 3)));

static void
dial_say(struct dial *d, const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(d->reason, sizeof(d->reason), fmt, ap);
	va_end(ap);
}

static void
dial_fail(struct dial *d)
{
	if (d->reason[0] == '\0')
		dial_say(d, "connection closed");
	dial_tell(d->attempt, d->reason);
	dial_free(d);
}

/* Of two reasons that one address gave the first is kept. */
void
dial_reason(struct conn *c, const char *fmt, ...)
{
	struct dial	*d;
	va_list		 ap;

	if (c->link == NULL || (d = c->link->dial) == NULL)
		return;
	if (c->state == CONN_HANDSHAKE)
		d->tls_failed = 1;
	if (d->pinning && d->reason[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(d->reason, sizeof(d->reason), fmt, ap);
	va_end(ap);
}

/* Returns a socket whose connection is under way or stands, or -1. */
static int
dial_socket(struct dial *d, const struct sockaddr_storage *ss)
{
	socklen_t	len;
	int		fd, on = 1;

	len = ss->ss_family == AF_INET ? sizeof(struct sockaddr_in) :
	    sizeof(struct sockaddr_in6);
	if ((fd = socket(ss->ss_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0)) == -1) {
		dial_say(d, "socket: %s", strerror(errno));
		return (-1);
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (const struct sockaddr *)ss, len) == 0 ||
	    errno == EINPROGRESS)
		return (fd);
	dial_say(d, "connect: %s", strerror(errno));
	close(fd);
	return (-1);
}

static void
dial_next(struct dial *d)
{
	const struct sockaddr_storage	*ss;
	int				 fd;

	while (!stopping && d->next < d->list.n) {
		ss = &d->list.address[d->next];
		d->tls_failed = 0;
		if ((fd = dial_socket(d, ss)) != -1) {
			if (conn_dial(fd, d, ss) != NULL)
				return;
			dial_say(d, "out of memory");
		}
		d->next++;
	}
	dial_fail(d);
}

static void
dial_go_on(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	dial_next(arg);
}

/* The same address again, if its key may prove what its certificate did not. */
void
dial_lost(struct dial *d)
{
	struct timeval	tv = { 0, 0 };

	if (d->tls_failed && !d->pinning && d->neighbour->pin != NULL)
		d->pinning = 1;
	else {
		d->pinning = d->neighbour->pin_first;
		d->next++;
	}
	evtimer_add(&d->go_on, &tv);
}

static void
dial_resolved(void *arg, const struct resolve_list *list, const char *why)
{
	struct dial	*d = arg;
	struct timeval	 tv = { 0, 0 };

	d->resolve = NULL;
	d->list = *list;
	if (list->n == 0)
		dial_say(d, "resolve: %s", why);
	evtimer_add(&d->go_on, &tv);
}

void
dial_start(const struct msg_dial *m)
{
	struct neighbour	*n;
	struct resolve		*r;
	struct dial		*d = NULL;

	front_stats.value[FRONT_DIALS]++;
	if (stopping || (n = neighbours_get(m->number)) == NULL) {
		dial_tell(m->attempt, stopping ? "stopping" :
		    "no longer a neighbour");
		return;
	}
	if ((d = calloc(1, sizeof(*d))) == NULL)
		fatal("dial");
	d->attempt = m->attempt;
	d->neighbour = n;
	d->pinning = n->pin_first;
	evtimer_set(&d->go_on, dial_go_on, d);
	TAILQ_INSERT_TAIL(&dials, d, entry);
	if ((r = resolve_start(n->conf.host, n->conf.port, dial_resolved,
	    d)) != NULL)
		d->resolve = r;
}

void
dial_stop(void)
{
	struct dial	*d, *next;
	struct timeval	 tv = { 0, 0 };

	stopping = 1;
	TAILQ_FOREACH_SAFE(d, &dials, entry, next)
		if (d->resolve != NULL) {
			resolve_cancel(d->resolve);
			d->resolve = NULL;
			dial_say(d, "stopping");
			evtimer_add(&d->go_on, &tv);
		}
}

static int
dial_tls(struct conn *c, struct dial *d)
{
	struct neighbour	*n = d->neighbour;
	struct tls_config	*config;

	if (n->verify == NULL && n->pin != NULL)
		d->pinning = 1;
	config = d->pinning ? n->pin : n->verify;
	if (config == NULL) {
		dial_reason(c, "tls: no certificates to trust, and no key");
		return (-1);
	}
	if ((c->tls = tls_client()) == NULL ||
	    tls_configure(c->tls, config) == -1 ||
	    tls_connect_socket(c->tls, c->fd, n->server) == -1) {
		dial_reason(c, "tls: %s", c->tls != NULL ?
		    tls_error(c->tls) : "out of memory");
		return (-1);
	}
	return (0);
}

void
dial_connected(struct conn *c)
{
	struct dial	*d = c->link->dial;
	socklen_t	 len = sizeof(int);
	int		 error = 0;

	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		error = errno;
	if (error != 0) {
		dial_reason(c, "connect: %s", strerror(error));
		conn_free(c);
		return;
	}
	c->tls_wants = 0;
	if (!d->neighbour->conf.tls) {
		dial_secured(c);
		return;
	}
	conn_enter(c, CONN_HANDSHAKE);
	if (dial_tls(c, d) == -1)
		conn_free(c);
	else
		input_handshake(c);
}

/* Is the peer's key the one that is pinned? */
static int
dial_pinned(struct conn *c, const struct key *k)
{
	const uint8_t	*pem;
	unsigned char	*der = NULL;
	BIO		*bio;
	X509		*x = NULL;
	size_t		 len;
	int		 n = -1, same;

	if ((pem = tls_peer_cert_chain_pem(c->tls, &len)) == NULL ||
	    len > INT32_MAX)
		return (0);
	if ((bio = BIO_new_mem_buf(pem, (int)len)) != NULL)
		x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (x != NULL && X509_get0_pubkey(x) != NULL)
		n = i2d_PUBKEY(X509_get0_pubkey(x), &der);
	same = n > 0 && (size_t)n == k->derlen &&
	    memcmp(der, k->der, k->derlen) == 0;
	OPENSSL_free(der);
	X509_free(x);
	BIO_free(bio);
	ERR_clear_error();
	return (same);
}

/* Nothing is sent to a peer before it is known who that is. */
void
dial_secured(struct conn *c)
{
	struct dial	*d = c->link->dial;
	char		 request[ANSWER_REQUEST_MAX];
	uint8_t		 nonce[16];
	size_t		 len;

	if (c->tls != NULL && d->pinning) {
		d->neighbour->pin_first = dial_pinned(c, &d->neighbour->key);
		if (!d->neighbour->pin_first) {
			dial_reason(c, "tls: not the key that is configured");
			conn_free(c);
			return;
		}
	}
	arc4random_buf(nonce, sizeof(nonce));
	websocket_key(nonce, d->key);
	len = answer_request(request, "/", d->neighbour->http_host, d->key);
	conn_enter(c, CONN_ANSWER);
	if (len == 0 || output_raw(c, request, len) == -1)
		conn_free(c);
	else if (output_flush(c) != -1)
		conn_watch(c);
}

static void
dial_open(struct conn *c)
{
	struct dial	*d = c->link->dial;
	uint64_t	 attempt = d->attempt;

	c->link->dial = NULL;
	dial_free(d);
	websocket_init(&c->ws, front_conf.link_message, WEBSOCKET_CLIENT |
	    WEBSOCKET_BINARY_UTF8);
	conn_enter(c, CONN_OPEN);
	relay_link_up(c, attempt);
}

size_t
dial_answer(struct conn *c, const uint8_t *p, size_t len)
{
	char	why[ANSWER_WHY_MAX];
	int	n, status;

	n = answer_read((const char *)p, len, c->link->dial->key, &status, why);
	if (n > 0)
		dial_open(c);
	else if (n == -1) {
		dial_reason(c, "upgrade: %s", why);
		conn_free(c);
	}
	return (n > 0 ? (size_t)n : 0);
}
