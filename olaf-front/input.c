/*
 * Reading.  All connections share one buffer; one keeps memory of its own
 * only for an unfinished head, frame header or message.
 */

#include "compat.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tls.h>
#include <unistd.h>

#include "dial.h"
#include "front.h"
#include "hold.h"
#include "http.h"
#include "input.h"
#include "link.h"
#include "neighbours.h"
#include "output.h"
#include "relay.h"
#include "reply.h"
#include "transfer.h"

#define READ_SIZE	65536
#define TLS_READS	8	/* per turn: others wait too */

static uint8_t		buffer[HTTP_HEAD_MAX + READ_SIZE];

static struct conns	again = TAILQ_HEAD_INITIALIZER(again);
static struct event	again_event;

/*
 * What is not used up yet, for the next turn.  Returns -1 when out of memory.
 */
static int
input_keep(struct conn *c, const uint8_t *p, size_t len)
{
	uint8_t	*in = NULL;

	if (len > 0) {
		if ((in = malloc(len)) == NULL)
			return (-1);
		memcpy(in, p, len);
	}
	free(c->in);
	c->in = in;
	c->inlen = len;
	return (0);
}

static void
input_refuse(struct conn *c, int status, const struct http_request *r)
{
	char		 answer[REPLY_MAX];
	struct reply	 reply;
	size_t		 len;

	memset(&reply, 0, sizeof(reply));
	reply.status = status;
	reply.head = r != NULL && r->head;
	if (r != NULL ? transfer_shared(r) :
	    strcmp(front_http.cross_origin, "*") == 0)
		reply.origin = front_http.cross_origin;	/* its page may know */
	reply.vary = strcmp(front_http.cross_origin, "*") != 0;
	reply.now = time(NULL);
	len = reply_error(answer, &reply);
	if (status == 503 || status == 429)
		front_stats.value[FRONT_OVER_LIMIT]++;
	else
		front_stats.value[FRONT_HTTP_REFUSED]++;
	conn_enter(c, CONN_LINGER);
	if (output_raw(c, answer, len) == -1)
		conn_free(c);
	else
		output_flush(c);
}

static void
input_upgrade(struct conn *c, const struct http_request *r)
{
	char	accept[WEBSOCKET_ACCEPT_LEN + 1], answer[REPLY_MAX];
	size_t	len;

	if (websocket_accept(r->ws_key.p, r->ws_key.len, accept) == -1) {
		input_refuse(c, 400, r);
		return;
	}
	front_stats.value[FRONT_UPGRADES]++;
	len = reply_switch(answer, accept);
	websocket_init(&c->ws, neighbours_unsigned(c->address) ?
	    front_conf.link_message : front_conf.message,
	    WEBSOCKET_BINARY_UTF8);
	conn_enter(c, CONN_OPEN);
	relay_opened(c);
	if (output_raw(c, answer, len) == -1)
		conn_free(c);
	else
		output_flush(c);
}

/* Returns octets used, 0 if more is needed. */
static size_t
input_head(struct conn *c, const uint8_t *p, size_t len)
{
	struct http_request	r;
	enum http_target	target;
	int			n, status;

	if ((n = http_read(&r, (const char *)p, len)) == 0)
		return (0);
	if (n < 0) {
		input_refuse(c, -n, NULL);
		return (len);
	}
	target = http_target(&r);
	if (front_http.files && target == HTTP_UPLOAD && c->refuse != 0) {
		input_refuse(c, c->refuse, &r);
		return ((size_t)n);
	}
	if (front_http.files && target != HTTP_OTHER) {
		transfer_begin(c, &r);
		return ((size_t)n);
	}
	status = http_status(&r);
	if (status == 101 && c->refuse != 0)
		status = c->refuse;
	if (status == 101)
		input_upgrade(c, &r);
	else
		input_refuse(c, status, &r);
	return ((size_t)n);
}

/* Adds a piece to the message under way.  Returns -1 when out of memory. */
static int
input_collect(struct conn *c, const uint8_t *p, size_t len)
{
	uint8_t	*msg;
	size_t	 size = c->msgsize == 0 ? 1024 : c->msgsize;

	while (size < c->msglen + len)
		size *= 2;
	if (size != c->msgsize) {
		if ((msg = realloc(c->msg, size)) == NULL)
			return (-1);
		c->msg = msg;
		c->msgsize = size;
	}
	memcpy(c->msg + c->msglen, p, len);
	c->msglen += len;
	return (0);
}

static void
input_message(struct conn *c, const uint8_t *p, size_t len)
{
	front_stats.value[FRONT_MESSAGES_IN]++;
	relay_text(c, p, len);
	hold_owe(c, MSG_TEXT_COST(len));
}

/* Returns -1 if the connection cannot go on. */
static int
input_data(struct conn *c, const struct websocket_event *ev)
{
	if (c->state != CONN_OPEN)
		return (0);		/* we said goodbye already */
	if (ev->last && c->msglen == 0) {
		input_message(c, ev->data, ev->len);
		return (0);
	}
	if (input_collect(c, ev->data, ev->len) == -1)
		return (-1);
	if (ev->last) {
		input_message(c, c->msg, c->msglen);
		free(c->msg);
		c->msg = NULL;
		c->msglen = c->msgsize = 0;
	}
	return (0);
}

static void
input_error(struct conn *c, uint16_t code)
{
	switch (code) {
	case WEBSOCKET_BAD_UTF8:
		front_stats.value[FRONT_BAD_UTF8]++;
		conn_close(c, code, "text is not UTF-8");
		break;
	case WEBSOCKET_TOO_BIG:
		front_stats.value[FRONT_TOO_BIG]++;
		conn_close(c, code, "message too long");
		break;
	default:
		front_stats.value[FRONT_PROTOCOL_ERRORS]++;
		conn_close(c, code, "WebSocket protocol error");
		break;
	}
}

/*
 * One event; returns 0, 1 if nothing more is to be read, -1 if the connection
 * is gone.
 */
static int
input_event(struct conn *c, struct websocket_event *ev)
{
	uint64_t	id = c->id;

	switch (ev->type) {
	case WEBSOCKET_EV_DATA:
		if (input_data(c, ev) == -1) {
			conn_free(c);
			return (-1);
		}
		return (0);
	case WEBSOCKET_EV_PING:
		if (c->state != CONN_OPEN)
			return (0);
		if (output_frame(c, WEBSOCKET_PONG, ev->data, ev->len) == -1) {
			conn_free(c);
			return (-1);
		}
		return (0);		/* input_frames sends it */
	case WEBSOCKET_EV_CLOSE:
		c->peer_closed = 1;
		if (c->state == CONN_OPEN)
			conn_close(c, ev->code, NULL);
		else
			output_flush(c);	/* we are through when it is out */
		return (conn_find(id) == NULL ? -1 : 1);
	case WEBSOCKET_EV_ERROR:
		c->peer_closed = 1;	/* nothing it sends is read any more */
		input_error(c, ev->code);
		return (conn_find(id) == NULL ? -1 : 1);
	case WEBSOCKET_EV_PONG:
		link_pong(c, ev->data, ev->len);
		return (0);
	case WEBSOCKET_EV_NONE:
	default:
		return (0);
	}
}

/*
 * Too long for a client, but perhaps not for a neighbour, and relay has yet to
 * say which this is: the header is judged again when it has.
 */
static int
input_must_wait(struct conn *c, const struct websocket_event *ev)
{
	if (ev->type != WEBSOCKET_EV_ERROR ||
	    ev->code != WEBSOCKET_TOO_BIG || c->state != CONN_OPEN ||
	    c->bound || c->link != NULL || c->owed == 0)
		return (0);
	c->ws.closed = 0;
	return (1);
}

/* Returns octets used, -1 if the connection is gone. */
static ssize_t
input_frames(struct conn *c, uint8_t *p, size_t len)
{
	struct websocket_event	ev;
	uint64_t		id = c->id;
	size_t			n, used = 0;
	int			r;

	for (;;) {
		if (c->state != CONN_OPEN &&
		    (c->state != CONN_CLOSING || c->peer_closed))
			return ((ssize_t)len);
		n = websocket_read(&c->ws, p + used, len - used, &ev);
		used += n;
		if (ev.type == WEBSOCKET_EV_NONE)
			break;
		if (input_must_wait(c, &ev)) {
			hold_wait(c);
			break;
		}
		if ((r = input_event(c, &ev)) == -1)
			return (-1);
		if (r == 1)
			return ((ssize_t)len);
	}
	/* pongs, all at once */
	if (!output_empty(c))
		front_check_queue(c);
	return (conn_find(id) == NULL ? -1 : (ssize_t)used);
}

/* Acts on input.  Returns -1 if the connection is gone. */
static int
input_use(struct conn *c, uint8_t *p, size_t len)
{
	uint64_t	id = c->id;
	size_t		used = 0;
	ssize_t		n;

	if (c->state == CONN_KEEP && len > 0)
		conn_enter(c, CONN_HEAD);
	if (c->state == CONN_HEAD) {
		used = input_head(c, p, len);
		if (conn_find(id) == NULL)
			return (-1);
	}
	if (c->state == CONN_ANSWER) {
		used = dial_answer(c, p, len);
		if (conn_find(id) == NULL)
			return (-1);
	}
	if (c->state == CONN_OPEN || c->state == CONN_CLOSING) {
		if ((n = input_frames(c, p + used, len - used)) == -1)
			return (-1);
		used += (size_t)n;
	} else if (c->state == CONN_REQUEST) {
		if ((n = transfer_input(c, p + used, len - used)) == -1)
			return (-1);
		used += (size_t)n;
	}
	if (c->state == CONN_LINGER)
		used = len;
	if (input_keep(c, p + used, len - used) == -1) {
		conn_free(c);
		return (-1);
	}
	return (0);
}

/* Returns octets read; 0 none now; -1 end or error. */
static ssize_t
input_fill(struct conn *c, uint8_t *p, size_t len)
{
	ssize_t	n;

	if (c->tls == NULL) {
		n = read(c->fd, p, len);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return (0);
		return (n == 0 ? -1 : n);
	}
	n = tls_read(c->tls, p, len);
	if (n == TLS_WANT_POLLOUT)
		c->tls_wants = EV_WRITE;
	if (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT)
		return (0);
	return (n == 0 ? -1 : n);
}

static int
input_once(struct conn *c)
{
	ssize_t	n;

	if (c->inlen > 0)
		memcpy(buffer, c->in, c->inlen);
	if (c->reread) {
		c->reread = 0;
		return (input_use(c, buffer, c->inlen) == -1 ? -1 : 1);
	}
	if (c->inlen > HTTP_HEAD_MAX) {
		conn_free(c);
		return (-1);
	}
	n = input_fill(c, buffer + c->inlen, READ_SIZE);
	if (n == -1) {
		conn_free(c);
		return (-1);
	}
	if (n == 0)
		return (0);
	front_stats.value[FRONT_BYTES_IN] += (uint64_t)n;
	conn_touch(c);
	return (input_use(c, buffer, c->inlen + (size_t)n) == -1 ? -1 : 1);
}

int
input_read(struct conn *c)
{
	int	i, r;

	if (c->tls == NULL)
		return (input_once(c) == -1 ? -1 : 0);
	/* the library may hold octets that no event will tell of */
	for (i = 0; i < TLS_READS && !hold_mute(c); i++)
		if ((r = input_once(c)) <= 0)
			return (r);
	if (!hold_mute(c))
		input_again(c);
	return (0);
}

/* Not by event_active, which would keep the loop from looking at the others. */
void
input_again(struct conn *c)
{
	struct timeval	tv = { 0, 0 };

	if (c->again)
		return;
	c->again = 1;
	TAILQ_INSERT_TAIL(&again, c, entry_again);
	if (!evtimer_pending(&again_event, NULL))
		evtimer_add(&again_event, &tv);
}

void
input_forget(struct conn *c)
{
	if (c->again)
		TAILQ_REMOVE(&again, c, entry_again);
	c->again = 0;
}

static void
input_again_all(int fd, short what, void *arg)
{
	struct conn	*c, *last = TAILQ_LAST(&again, conns);
	int		 through = last == NULL;

	(void)fd;
	(void)what;
	(void)arg;
	while (!through) {
		c = TAILQ_FIRST(&again);
		through = c == last;
		input_forget(c);
		if (!hold_mute(c) && input_read(c) != -1)
			conn_watch(c);
	}
}

void
input_init(void)
{
	evtimer_set(&again_event, input_again_all, NULL);
}

int
input_handshake(struct conn *c)
{
	int	r;

	c->tls_wants = 0;
	r = tls_handshake(c->tls);
	if (r == TLS_WANT_POLLIN)
		c->tls_wants = EV_READ;
	else if (r == TLS_WANT_POLLOUT)
		c->tls_wants = EV_WRITE;
	else if (r == -1) {
		front_stats.value[FRONT_TLS_FAILURES]++;
		log_debug("tls: handshake: %s", tls_error(c->tls));
		dial_reason(c, "tls: %s", tls_error(c->tls));
		conn_free(c);
		return (-1);
	} else if (c->link != NULL) {
		front_stats.value[FRONT_TLS_HANDSHAKES]++;
		dial_secured(c);
		return (0);
	} else {
		front_stats.value[FRONT_TLS_HANDSHAKES]++;
		conn_enter(c, CONN_HEAD);
		conn_watch(c);
		return (input_read(c));
	}
	conn_watch(c);
	return (0);
}
