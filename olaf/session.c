/*
 * The connection to the server: comes up, says hello, keeps the list of users
 * fresh, comes back by itself.
 */

#include "compat.h"

#include <err.h>
#include <errno.h>
#include <event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "clock.h"
#include "compose.h"
#include "counter.h"
#include "ending.h"
#include "identity.h"
#include "outgoing.h"
#include "pending.h"
#include "receive.h"
#include "seen.h"
#include "session.h"
#include "spawn.h"
#include "wire.h"

#define LIST_WAIT_MS	3000	/* for the first list; some servers send none */
#define CLOSE_WAIT_MS	1000
#define LINGER_MS	500	/* after our latest message */
#define FLUSH_MS	1000	/* between writes of what was seen */
#define RETRY_LIST_MS	300	/* after "rate_limited" */
#define POLL_MS		2000	/* the list is asked for again, later if it is long */
#define POLL_USER_MS	50	/* so much for each user in it */
#define BACKOFF_MAX	60	/* seconds */
#define HELLOS_MAX	5	/* other processes raise the counter too */

enum state {
	STATE_IDLE,		/* nothing, or waiting for the next attempt */
	STATE_DIALING,
	STATE_OPENING,		/* TLS, WebSocket */
	STATE_GREETING,		/* hello is said, the list is to come */
	STATE_UP,
	STATE_CLOSING
};

static const struct session_ops	*ops;
static struct session_options	 options;
static enum state		 state;
static uint64_t			 hello_counter;
static int			 said_hello;
static int			 hellos;	/* of this connection */
static int			 greeting;	/* lists to come until it is up */
static int			 was_up;	/* since the start */
static int			 listing;	/* a list is under way from net */
static unsigned int		 attempts;	/* since it was last up */
static int			 probing;	/* for the pin of who is not trusted */
static char			 untrusted[MSG_WHY_MAX];	/* and why not */
static int			 stopping;
static struct event		 timer;		/* of the state */
static struct event		 poll_timer;
static struct event		 flush_timer;

static void	 session_dial(void);
static void	 session_close(void);

static void
arm(struct event *ev, unsigned int ms)
{
	struct timeval	tv;

	tv.tv_sec = ms / 1000;
	tv.tv_usec = (ms % 1000) * 1000;
	evtimer_add(ev, &tv);
}

int
session_is_up(void)
{
	return (state == STATE_UP);
}

void
session_list(void)
{
	if (state == STATE_GREETING || state == STATE_UP)
		wire_list();
}

/* ---- down ---------------------------------------------------------------- */

static unsigned int
backoff(void)
{
	unsigned int	seconds = 1;

	while (seconds < BACKOFF_MAX && seconds < 1U << attempts)
		seconds *= 2;
	attempts++;
	return (seconds > BACKOFF_MAX ? BACKOFF_MAX : seconds);
}

/* A second to spread those whom a server lost at once. */
static void
arm_retry(unsigned int seconds)
{
	arm(&timer, seconds * 1000 + arc4random_uniform(1000));
}

/*
 * The connection is gone; wait is the least time until the next attempt in
 * seconds, or -1 to make none.
 */
static void
session_down(const char *why, int wait)
{
	int	again = options.reconnect && (!options.once_up || was_up);
	int	seconds;

	spawn_connect_cancel(&state);
	evtimer_del(&timer);
	evtimer_del(&poll_timer);
	seen_flush();
	roster_offline();
	pending_forget();
	listing = said_hello = 0;
	state = STATE_IDLE;
	if (stopping) {
		event_loopexit(NULL);
		return;
	}
	if (!again || wait < 0) {
		ops->down(why, -1);
		return;
	}
	seconds = (int)backoff();
	if (seconds < wait)
		seconds = wait;
	arm_retry((unsigned int)seconds);
	ops->down(why, seconds);
}

static void
session_downf(int wait, const char *fmt, ...)
	    __attribute__((__format__(printf, 2, 3)));

static void
session_downf(int wait, const char *fmt, ...)
{
	char	why[1024];
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	session_down(why, wait);
}

/* ---- up ------------------------------------------------------------------ */

static void
session_up(void)
{
	state = STATE_UP;
	was_up = 1;
	attempts = 0;
	evtimer_del(&timer);
	if (ops->up != NULL)
		ops->up();
}

static void
say_hello(void)
{
	size_t	 len;
	char	*text;

	if (counter_next(&hello_counter) == -1 ||
	    (text = compose_hello(hello_counter, config.server.form, &len)) ==
	    NULL) {
		wire_close();
		session_downf(-1, "hello: %s", strerror(errno));
		return;
	}
	if (config.server.replay_session)
		seen_forget();
	pending_hello(hello_counter);
	wire_text(text, len);
	said_hello = 1;
	hellos++;
}

static void
net_up(void)
{
	if (probing)
		return;			/* nobody has that pin */
	state = STATE_GREETING;
	hellos = 0;
	greeting = 1;
	if (options.hello)
		say_hello();
	if (state != STATE_GREETING)
		return;			/* it could not be said */
	session_list();
	arm(&timer, LIST_WAIT_MS);
}

/* The first list did not come: who has not said hello yet may have to. */
static void
list_late(void)
{
	if (said_hello) {
		session_up();
		return;
	}
	if (identity_key() == NULL) {
		wire_close();
		session_down("the server tells the list only to who has an "
		    "identity: olaf keygen makes one", -1);
		return;
	}
	say_hello();
	wire_listed(0);
	session_list();
	arm(&timer, LIST_WAIT_MS);
}

static void
session_connected(int fd, const struct msg_connected *m, const char *why,
    void *arg)
{
	const struct server	*s = &config.server;

	(void)arg;
	if (fd == -1) {
		probing = 0;
		session_down(why, 0);
		return;
	}
	if (!s->tls && !m->loopback && !s->insecure) {
		close(fd);
		session_downf(-1, "%s: not encrypted, and not this machine: "
		    "use wss://, or say --insecure", s->host);
		return;
	}
	state = STATE_OPENING;
	wire_open(fd, probing);
}

static void
session_dial(void)
{
	state = STATE_DIALING;
	spawn_connect(config.server.name, config.server.port,
	    session_connected, &state);
}

/*
 * Whoever is not trusted by the authorities may still be by a pin, so the user is
 * told which that would be; which takes another connection.
 */
static void
net_down(struct msg_net_down *m)
{
	char	why[ENDING_MAX];
	int	wait;

	if (m->kind == MSG_DOWN_TLS && !config.server.pinned && !probing &&
	    state == STATE_OPENING) {
		strlcpy(untrusted, m->why, sizeof(untrusted));
		probing = 1;
		session_dial();
		return;
	}
	if (probing) {
		probing = 0;
		m->kind = MSG_DOWN_TLS;
		strlcpy(m->why, untrusted, sizeof(m->why));
	}
	wait = ending_read(m, why, sizeof(why));
	session_down(why, wait);
}

static void
session_timer(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	switch (state) {
	case STATE_IDLE:
		session_dial();
		break;
	case STATE_GREETING:
		list_late();
		break;
	case STATE_UP:
		session_close();
		break;
	case STATE_CLOSING:
		session_down("", -1);
		break;
	default:
		break;
	}
}

void
session_retry(void)
{
	if (state != STATE_IDLE)
		return;
	evtimer_del(&timer);
	attempts = 0;
	ending_forget();
	session_dial();
}

static void
session_close(void)
{
	if (state == STATE_IDLE || state == STATE_DIALING) {
		session_down("", -1);
		return;
	}
	state = STATE_CLOSING;
	wire_close();
	evtimer_del(&timer);
	arm(&timer, CLOSE_WAIT_MS);
}

/*
 * Whoever does not know us yet, and got our message, asks the server, which tells
 * only of those who are there.
 */
void
session_stop(void)
{
	int64_t	left = outgoing_last() + LINGER_MS - clock_ms();

	stopping = 1;
	if (state == STATE_UP && outgoing_last() != 0 && left > 0)
		arm(&timer, (unsigned int)left);
	else
		session_close();
}

/* ---- lists --------------------------------------------------------------- */

static size_t
online(void)
{
	const struct roster_server	*s;
	size_t				 n = 0;

	TAILQ_FOREACH(s, roster_servers(), entry)
		n += s->users;
	return (n);
}

static void
list_due(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	session_list();
}

static void
net_listed(const struct msg_net_listed *m)
{
	int	changed;

	if (!listing)
		roster_begin();		/* a list of no servers */
	listing = 0;
	changed = roster_end();
	if (m->asked) {
		wire_listed(1);
		if (pending_listed())
			session_list();
	}
	evtimer_del(&poll_timer);
	arm(&poll_timer, POLL_MS + (unsigned int)online() * POLL_USER_MS);
	if (ops->listed != NULL)
		ops->listed(changed);
	if (state == STATE_GREETING && (options.hello || m->asked) &&
	    --greeting == 0)
		session_up();
}

static void
net_server(struct chan *c, const struct msg_net_server *m)
{
	if (!listing)
		roster_begin();
	listing = 1;
	if (roster_add(m) == -1)
		chan_breach(c, "NET_SERVER: no key, or too many");
}

/* ---- refusals ------------------------------------------------------------ */

/*
 * Another process of ours may have been quicker with the counter after this one:
 * then once more.
 */
static void
hello_refused(const char *code, const char *text)
{
	if (strcmp(code, "replayed") == 0 && hellos < HELLOS_MAX) {
		say_hello();
		if (state == STATE_GREETING) {
			greeting++;	/* the one under way came too soon */
			session_list();
		}
		return;
	}
	wire_close();
	session_downf(-1, "hello was refused: %s%s%s", code,
	    text[0] != '\0' ? ": " : "", text);
}

static void
net_refused(const struct msg_net_refused *m)
{
	char	code[CLEAN_LINE_MAX(MSG_CODE_MAX)];
	char	text[CLEAN_LINE_MAX(MSG_WHY_MAX)];

	clean_line(m->code, strlen(m->code), code, sizeof(code));
	clean_line(m->text, strlen(m->text), text, sizeof(text));
	if (m->has_counter && said_hello && m->counter == hello_counter)
		hello_refused(code, text);
	else if (m->has_counter && pending_refused(m->counter, code, text))
		return;
	else if (!m->has_counter && wire_listing() &&
	    strcmp(code, "rate_limited") == 0) {
		wire_listed(0);
		evtimer_del(&poll_timer);
		arm(&poll_timer, RETRY_LIST_MS);
	} else
		ops->error(code, text);
}

/* It may be that nothing gets through any more, and nobody noticed yet. */
static void
unanswered(void)
{
	wire_close();
	session_down("the server does not answer any more", 0);
}

/* ---- from olaf-net ------------------------------------------------------- */

static void
from_net(struct chan *c, struct imsg *imsg)
{
	union {
		struct msg_net_alive	 alive;
		struct msg_net_down	 down;
		struct msg_net_server	 server;
		struct msg_net_listed	 listed;
		struct msg_net_refused	 refused;
	} m;
	struct ibuf	b, head;
	uint32_t	number;
	int		r = 0;

	head = *spawn_ibuf(imsg, &b);
	if (msg_get32(&head, &number) == -1) {
		chan_breach(c, "no session");
		return;
	}
	if (number != wire_session() || state < STATE_OPENING)
		return;			/* of one that is over */
	switch (imsg_get_type(imsg)) {
	case MSG_NET_UP:
		if (state == STATE_OPENING)
			net_up();
		break;
	case MSG_NET_ALIVE:
		if ((r = msg_net_alive_get(&b, &m.alive)) == 0)
			pending_alive(m.alive.texts);
		break;
	case MSG_NET_DOWN:
		if ((r = msg_net_down_get(&b, &m.down)) == 0)
			net_down(&m.down);
		break;
	case MSG_NET_SERVER:
		if ((r = msg_net_server_get(&b, &m.server)) == 0)
			net_server(c, &m.server);
		break;
	case MSG_NET_LISTED:
		if ((r = msg_net_listed_get(&b, &m.listed)) == 0)
			net_listed(&m.listed);
		break;
	case MSG_NET_REFUSED:
		if ((r = msg_net_refused_get(&b, &m.refused)) == 0)
			net_refused(&m.refused);
		break;
	default:
		r = receive(c, imsg_get_type(imsg), &b, ops);
		if (!evtimer_pending(&flush_timer, NULL))
			arm(&flush_timer, FLUSH_MS);
		break;
	}
	if (r == -1)
		chan_breach(c, msgrules_find(imsg_get_type(imsg))->name);
}

static void
flush_seen(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (seen_flush() == -1)
		warn("%s.seen", config.identity);
}

void
session_start(const struct session_ops *o, const struct session_options *opts)
{
	ops = o;
	options = *opts;
	evtimer_set(&timer, session_timer, NULL);
	evtimer_set(&poll_timer, list_due, NULL);
	evtimer_set(&flush_timer, flush_seen, NULL);
	pending_start(ops, options.confirm, unanswered);
	spawn_on_net(from_net);
	wire_self();
	session_dial();
}
