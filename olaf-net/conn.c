/*
 * The connection to the server: its states, its times, and moving octets.
 */

#include "compat.h"

#include <event.h>
#include <string.h>

#include "clock.h"
#include "conn.h"
#include "frames.h"
#include "helper.h"
#include "inbox.h"
#include "net.h"
#include "output.h"
#include "websocket.h"
#include "wire.h"

/* Milliseconds. */
#define OPEN_WAIT	15000	/* TLS, or the answer to the request */
#define PING_AFTER	30000	/* of silence */
#define LOST_AFTER	75000
#define CLOSE_WAIT	1000	/* for the server's close frame */

#define INBOX_HIGH	(4 * 1024 * 1024)	/* octets: then reading stops */
#define READ_SIZE	65536
#define READ_REST	16384	/* of an answer; of frames it is less */
#define READS		8	/* in a turn: olaf waits, too */

static enum conn_state		 state;
static struct msg_net_open	 server;
static struct event		 io_event, time_event, again_event;
static short			 events;	/* what io_event waits for */
static int64_t			 since;		/* of this state */
static int64_t			 heard;		/* when something came last */
static int			 pings;		/* in this silence */
static uint32_t			 probe;		/* what the latest one says */
static int			 probing;	/* it is not answered yet */
static uint8_t			 in[READ_REST + READ_SIZE];
static size_t			 inlen;

enum conn_state
conn_state(void)
{
	return (state);
}

/* ---- waiting --------------------------------------------------------------- */

/* There is more than we, or olaf, can deal with. */
static int
conn_held(void)
{
	return (state == CONN_OPEN && (inbox_octets() > INBOX_HIGH ||
	    chan_behind(helper_olaf())));
}

static void	 conn_io(int, short, void *);

static void
conn_watch(void)
{
	short	wants = 0;

	if (state != CONN_NONE)
		wants = wire_wants(!conn_held(), state != CONN_TLS &&
		    output_pending());
	if (wants == events)
		return;
	if (events != 0)
		event_del(&io_event);
	events = wants;
	if (events == 0)
		return;
	event_set(&io_event, wire_fd(), events | EV_PERSIST, conn_io, NULL);
	event_add(&io_event, NULL);
}

/* When, by the monotonic clock, there is something to do if nothing comes. */
static int64_t
conn_deadline(void)
{
	int64_t	ping = heard + PING_AFTER * (int64_t)(pings + 1);

	switch (state) {
	case CONN_OPEN:
		return (ping < heard + LOST_AFTER ? ping : heard + LOST_AFTER);
	case CONN_CLOSING:
		return (since + CLOSE_WAIT);
	default:
		return (since + OPEN_WAIT);
	}
}

static void
conn_time_on(void)
{
	struct timeval	tv;
	int64_t		left = conn_deadline() - clock_ms();

	if (left < 0)
		left = 0;
	tv.tv_sec = (time_t)(left / 1000);
	tv.tv_usec = (suseconds_t)(left % 1000 * 1000);
	evtimer_add(&time_event, &tv);
}

static void
conn_heard(void)
{
	heard = clock_ms();
	pings = 0;
}

static void
conn_overdue(void)
{
	switch (state) {
	case CONN_OPEN:
		if (clock_ms() >= heard + LOST_AFTER) {
			conn_fail(MSG_DOWN_LOST, 0,
			    "nothing was heard of the server for too long");
			return;
		}
		pings++;
		conn_frame(WEBSOCKET_PING, "", 0);
		break;
	case CONN_CLOSING:
		conn_fail(MSG_DOWN_CLOSED, WEBSOCKET_NORMAL, "");
		break;
	case CONN_TLS:
	case CONN_ANSWER:
		conn_fail(MSG_DOWN_LOST, 0, "no answer in time");
		break;
	case CONN_NONE:
	default:
		break;
	}
}

static void
conn_time(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (conn_held())
		conn_heard();	/* it may have spoken: we do not listen */
	if (clock_ms() >= conn_deadline())
		conn_overdue();
	if (state != CONN_NONE)
		conn_time_on();
}

void
conn_enter(enum conn_state new)
{
	state = new;
	since = clock_ms();
	conn_heard();
	conn_time_on();
	conn_watch();
}

/* ---- the end ------------------------------------------------------------------ */

void
conn_drop(void)
{
	state = CONN_NONE;
	conn_watch();
	evtimer_del(&time_event);
	evtimer_del(&again_event);
	wire_close();
	output_drop();
	frames_drop();
	inlen = 0;
	probing = 0;
}

static void
conn_fail_pin(enum msg_down kind, uint16_t code, const char *why,
    const uint8_t *pin)
{
	struct msg_net_down	m;

	memset(&m, 0, sizeof(m));
	m.kind = kind;
	m.code = code;
	if (pin != NULL) {
		m.has_pin = 1;
		memcpy(m.pin, pin, sizeof(m.pin));
	}
	strlcpy(m.why, why, sizeof(m.why));
	if (state > CONN_ANSWER)
		output_flush();		/* a close frame, perhaps */
	conn_drop();
	net_down(&m);
}

void
conn_fail(enum msg_down kind, uint16_t code, const char *why)
{
	conn_fail_pin(kind, code, why, NULL);
}

/* ---- the beginning ---------------------------------------------------------- */

static void
conn_request(void)
{
	frames_begin();
	if (state != CONN_NONE)
		conn_enter(CONN_ANSWER);
}

/* Nothing is sent before it is known who is there. */
static void
conn_secured(void)
{
	uint8_t	pin[MSG_PIN_LEN];

	if (!server.pinned)
		conn_request();
	else if (wire_pin(pin) == -1)
		conn_fail(MSG_DOWN_TLS, 0, "it showed no certificate");
	else if (timingsafe_bcmp(pin, server.pin, sizeof(pin)) != 0)
		conn_fail_pin(MSG_DOWN_TLS, 0, "its key is not the one pinned",
		    pin);
	else
		conn_request();
}

static void
conn_handshake(void)
{
	switch (wire_handshake()) {
	case 1:
		conn_secured();
		break;
	case -1:
		conn_fail(MSG_DOWN_TLS, 0, wire_error());
		break;
	default:
		break;
	}
}

void
conn_open(const struct msg_net_open *m, int fd)
{
	conn_drop();
	server = *m;
	wire_open(fd);
	conn_enter(m->tls ? CONN_TLS : CONN_ANSWER);
	if (!m->tls)
		conn_request();
	else if (wire_tls(m) == -1)
		conn_fail(MSG_DOWN_TLS, 0, wire_error());
	else
		conn_handshake();
	conn_watch();
}

/* ---- moving octets ------------------------------------------------------------- */

/* It said nothing more, not even goodbye. */
static void
conn_gone(void)
{
	if (state == CONN_CLOSING)
		conn_fail(MSG_DOWN_CLOSED, WEBSOCKET_NORMAL, "");
	else
		conn_fail(MSG_DOWN_LOST, 0, wire_error());
}

/* Returns whether more may be there. */
static int
conn_read_once(void)
{
	ssize_t	n, used;

	if ((n = wire_read(in + inlen, READ_SIZE)) == -1) {
		conn_gone();
		return (0);
	}
	if (n == 0)
		return (0);
	conn_heard();
	inlen += (size_t)n;
	if ((used = frames_use(in, inlen)) == -1)
		return (0);
	inlen -= (size_t)used;
	memmove(in, in + used, inlen);
	return (1);
}

static void
conn_again_soon(void)
{
	struct timeval	tv = { 0, 0 };

	if (!evtimer_pending(&again_event, NULL))
		evtimer_add(&again_event, &tv);
}

static void
conn_move(void)
{
	int	i;

	if (state == CONN_TLS) {
		conn_handshake();
		return;
	}
	if (output_flush() == -1) {
		conn_gone();
		return;
	}
	for (i = 0; i < READS && !conn_held(); i++)
		if (!conn_read_once())
			return;
	/* the library may hold octets of which no event tells */
	if (!conn_held())
		conn_again_soon();
}

static void
conn_io(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (state != CONN_NONE)
		conn_move();
	conn_watch();
}

void
conn_flow(void)
{
	if (state == CONN_OPEN && !conn_held() && (events & EV_READ) == 0) {
		conn_heard();
		conn_again_soon();
	}
	conn_watch();
}

int
conn_frame(int opcode, const void *p, size_t len)
{
	if (output_frame(opcode, p, len) == -1) {
		conn_fail(MSG_DOWN_LOST, 0,
		    "the server does not read what it is sent");
		return (-1);
	}
	conn_watch();
	return (0);
}

int
conn_text(const void *p, size_t len)
{
	if (state != CONN_OPEN)
		return (-1);
	return (conn_frame(WEBSOCKET_TEXT, p, len));
}

void
conn_probe(uint32_t number)
{
	probe = number;
	probing = 1;
	conn_frame(WEBSOCKET_PING, &probe, sizeof(probe));
}

void
conn_pong(const void *p, size_t len)
{
	if (!probing || len != sizeof(probe) || memcmp(p, &probe, len) != 0)
		return;
	probing = 0;
	net_alive(probe);
}

void
conn_close(void)
{
	uint8_t	payload[WEBSOCKET_CONTROL_MAX];

	if (state != CONN_OPEN) {
		if (state != CONN_NONE && state != CONN_CLOSING)
			conn_fail(MSG_DOWN_CLOSED, 0, "");
		return;
	}
	if (conn_frame(WEBSOCKET_CLOSE, payload, websocket_close_payload(payload,
	    WEBSOCKET_NORMAL, NULL)) == 0)
		conn_enter(CONN_CLOSING);
}

void
conn_init(void)
{
	evtimer_set(&time_event, conn_time, NULL);
	evtimer_set(&again_event, conn_io, NULL);
}
