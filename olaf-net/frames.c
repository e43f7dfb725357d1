/*
 * The WebSocket.
 */

#include "compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "conn.h"
#include "frames.h"
#include "inbox.h"
#include "net.h"
#include "output.h"
#include "websocket.h"

#define MESSAGE_MAX	MSG_TEXT_MAX	/* a client_list may be that long */
#define MESSAGE_FIRST	4096

static struct websocket	 ws;
static char		 request[ANSWER_REQUEST_MAX];
static size_t		 requestlen;
static char		 key[WEBSOCKET_KEY_LEN + 1];
static char		*message;	/* one that is not complete */
static size_t		 messagelen, messagesize;

int
frames_check(const struct msg_net_open *m)
{
	uint8_t	nonce[16];

	arc4random_buf(nonce, sizeof(nonce));
	websocket_key(nonce, key);
	requestlen = answer_request(request, m->path, m->host, key);
	return (requestlen == 0 ? -1 : 0);
}

void
frames_begin(void)
{
	frames_drop();
	output_drop();
	if (output_add(request, requestlen) == -1)
		conn_fail(MSG_DOWN_LOST, 0, "out of memory");
}

void
frames_drop(void)
{
	free(message);
	message = NULL;
	messagelen = messagesize = 0;
}

static ssize_t
fail(enum msg_down kind, uint16_t code, const char *why)
{
	conn_fail(kind, code, why);
	return (-1);
}

static ssize_t
read_answer(const uint8_t *p, size_t len)
{
	char	why[ANSWER_WHY_MAX];
	int	n, status;

	n = answer_read((const char *)p, len, key, &status, why);
	if (n == -1)
		return (fail(MSG_DOWN_REFUSED, status == 101 ? 0 :
		    (uint16_t)status, why));
	if (n > 0) {
		websocket_init(&ws, MESSAGE_MAX, WEBSOCKET_CLIENT |
		    WEBSOCKET_BINARY_UTF8);
		conn_enter(CONN_OPEN);
		net_up();
	}
	return (n);
}

/* Room for so many octets more.  Returns -1 when out of memory. */
static int
message_room(size_t len, int last)
{
	char	*p;
	size_t	 size = messagesize == 0 ? MESSAGE_FIRST : messagesize;

	if (messagesize - messagelen >= len && messagesize > 0)
		return (0);
	if (last)
		size = messagelen + len + 1;	/* not a multiple of what it is */
	while (size < messagelen + len)
		size *= 2;
	if ((p = realloc(message, size)) == NULL)
		return (-1);
	message = p;
	messagesize = size;
	return (0);
}

/* The inbox counts octets: there must not be more memory behind them. */
static void
message_trim(void)
{
	char	*p;

	if (messagesize - messagelen > messagelen &&
	    (p = realloc(message, messagelen + 1)) != NULL)
		message = p;
}

static ssize_t
read_data(const struct websocket_event *ev)
{
	if (conn_state() != CONN_OPEN)
		return (0);	/* we said goodbye already */
	if (message_room(ev->len, ev->last) == -1)
		return (fail(MSG_DOWN_LOST, 0, "out of memory"));
	memcpy(message + messagelen, ev->data, ev->len);
	messagelen += ev->len;
	if (!ev->last)
		return (0);
	message_trim();
	if (inbox_add(message, messagelen) == -1)
		return (fail(MSG_DOWN_LOST, 0, "out of memory"));
	message = NULL;
	messagelen = messagesize = 0;
	return (0);
}

static ssize_t
read_close(const struct websocket_event *ev)
{
	char	reason[WEBSOCKET_CONTROL_MAX];
	uint8_t	payload[WEBSOCKET_CONTROL_MAX];
	size_t	n;

	memcpy(reason, ev->data, ev->len);
	reason[ev->len] = '\0';
	if (conn_state() == CONN_OPEN) {
		n = websocket_close_payload(payload, ev->code, NULL);
		output_frame(WEBSOCKET_CLOSE, payload, n);
	}
	return (fail(MSG_DOWN_CLOSED, ev->code, reason));
}

static ssize_t
read_error(const struct websocket_event *ev)
{
	const char	*why = "WebSocket protocol error";
	uint8_t		 payload[WEBSOCKET_CONTROL_MAX];
	size_t		 n;

	if (ev->code == WEBSOCKET_BAD_UTF8)
		why = "text is not UTF-8";
	else if (ev->code == WEBSOCKET_TOO_BIG)
		why = "message too long";
	if (conn_state() == CONN_OPEN) {
		n = websocket_close_payload(payload, ev->code, why);
		output_frame(WEBSOCKET_CLOSE, payload, n);
	}
	return (fail(MSG_DOWN_PROTOCOL, ev->code, why));
}

static ssize_t
read_event(const struct websocket_event *ev)
{
	switch (ev->type) {
	case WEBSOCKET_EV_DATA:
		return (read_data(ev));
	case WEBSOCKET_EV_PING:
		if (conn_state() != CONN_OPEN)
			return (0);
		return (conn_frame(WEBSOCKET_PONG, ev->data, ev->len));
	case WEBSOCKET_EV_CLOSE:
		return (read_close(ev));
	case WEBSOCKET_EV_ERROR:
		return (read_error(ev));
	case WEBSOCKET_EV_PONG:
		conn_pong(ev->data, ev->len);
		return (0);
	case WEBSOCKET_EV_NONE:
	default:
		return (0);
	}
}

ssize_t
frames_use(uint8_t *p, size_t len)
{
	struct websocket_event	ev;
	size_t			used = 0;
	ssize_t			n;

	if (conn_state() == CONN_ANSWER) {
		if ((n = read_answer(p, len)) <= 0)
			return (n);
		used = (size_t)n;
	}
	for (;;) {
		used += websocket_read(&ws, p + used, len - used, &ev);
		if (ev.type == WEBSOCKET_EV_NONE)
			return ((ssize_t)used);
		if (read_event(&ev) == -1)
			return (-1);
	}
}
