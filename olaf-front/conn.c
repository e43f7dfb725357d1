/*
 * Connections: their states and times, and cutting them.
 */

#include "compat.h"

#include <sys/socket.h>
#include <sys/tree.h>

#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>

#include "clock.h"
#include "dial.h"
#include "front.h"
#include "hold.h"
#include "input.h"
#include "link.h"
#include "listener.h"
#include "output.h"
#include "relay.h"
#include "tls_keys.h"
#include "transfer.h"

#define CLOSE_WAIT	5000		/* milliseconds for the peer's close frame */
#define LINGER_WAIT	2000		/* milliseconds for the peer's FIN */
#define STOP_WAIT	2000		/* milliseconds for relay to be done at a stop */
#define STOP_CLOSE_WAIT	1500		/* the same as CLOSE_WAIT, at a stop */

/* A list for each state, eldest first: all in it have the same time to go. */
enum age {
	AGE_BOUND = CONN_LINGER + 1,	/* open, and a user's */
	AGE_MAX
};
static struct conns	ages[AGE_MAX];

static struct conns	bound = TAILQ_HEAD_INITIALIZER(bound);
static struct conns	blocked = TAILQ_HEAD_INITIALIZER(blocked);
static uint64_t		last_id;
static unsigned int	count, nbound;
static int64_t		stop_since;	/* 0: not stopping */
static int		stop_said;

static int
conn_cmp(struct conn *a, struct conn *b)
{
	return (a->id < b->id ? -1 : a->id > b->id);
}

RB_HEAD(conn_tree, conn);
RB_PROTOTYPE_STATIC(conn_tree, conn, by_id, conn_cmp)
RB_GENERATE_STATIC(conn_tree, conn, by_id, conn_cmp)
static struct conn_tree	tree = RB_INITIALIZER(&tree);

struct conn *
conn_find(uint64_t id)
{
	struct conn	key;

	key.id = id;
	return (RB_FIND(conn_tree, &tree, &key));
}

unsigned int
conn_count(void)
{
	return (count);
}

void
conn_init(void)
{
	int	i;

	for (i = 0; i < AGE_MAX; i++)
		TAILQ_INIT(&ages[i]);
	input_init();
}

unsigned int
conn_bound_count(void)
{
	return (nbound);
}

/* A user's or a neighbour's: its pings are all that times it. */
static int
conn_settled(const struct conn *c)
{
	return ((c->bound || c->link != NULL) && c->state == CONN_OPEN);
}

static struct conns *
conn_age(const struct conn *c)
{
	return (&ages[conn_settled(c) ? AGE_BOUND : (int)c->state]);
}

void
conn_enter(struct conn *c, enum conn_state state)
{
	TAILQ_REMOVE(conn_age(c), c, by_age);
	c->state = state;
	c->since = clock_ms();
	TAILQ_INSERT_TAIL(conn_age(c), c, by_age);
}

void
conn_touch(struct conn *c)
{
	c->pinged = 0;
	if (conn_settled(c))
		conn_enter(c, CONN_OPEN);
	else if (c->state == CONN_REQUEST)
		conn_enter(c, CONN_REQUEST);
}

static void
conn_event(int fd, short what, void *arg)
{
	struct conn	*c = arg;

	(void)fd;
	if (c->state == CONN_CONNECT) {
		dial_connected(c);
		return;
	}
	if (c->state == CONN_HANDSHAKE) {
		input_handshake(c);
		return;
	}
	if (c->tls_wants & EV_WRITE)
		what |= EV_READ;	/* it was a read that waited for this */
	c->tls_wants = 0;
	if ((what & EV_WRITE) && output_flush(c) == -1)
		return;
	if ((what & EV_READ) && !hold_mute(c) && input_read(c) == -1)
		return;
	conn_watch(c);
}

void
conn_watch(struct conn *c)
{
	short	events = c->tls_wants;

	if (c->state != CONN_HANDSHAKE && c->state != CONN_CONNECT) {
		if (!hold_mute(c) && (events & EV_WRITE) == 0)
			events |= EV_READ;
		if (c->blocked)
			events |= EV_WRITE;
	}
	if (events == c->events)
		return;
	if (c->events != 0)
		event_del(&c->event);
	c->events = events;
	if (events == 0)
		return;
	event_set(&c->event, c->fd, events | EV_PERSIST, conn_event, c);
	event_add(&c->event, NULL);
}

/*
 * Too many already: answered with a status if it can be, otherwise not at
 * all.
 */
static int
conn_admit(struct conn *c, const struct sockaddr_storage *address)
{
	uint32_t	total, mine;

	load_enter(address, &c->load, &total, &mine);
	if (total > 2ULL * front_conf.clients ||
	    mine > 2ULL * front_conf.clients_per_address) {
		front_stats.value[FRONT_OVER_LIMIT]++;
		load_leave(&c->load);
		return (-1);
	}
	if (total > front_conf.clients)
		c->refuse = 503;
	else if (mine > front_conf.clients_per_address)
		c->refuse = 429;
	return (0);
}

static void
conn_begin(struct conn *c, int fd, enum conn_state state, short wants)
{
	c->id = ++last_id;
	c->fd = fd;
	c->stop = UINT64_MAX;
	STAILQ_INIT(&c->pieces);
	c->state = state;
	c->tls_wants = (uint8_t)wants;
	c->since = clock_ms();
	TAILQ_INSERT_TAIL(conn_age(c), c, by_age);
	RB_INSERT(conn_tree, &tree, c);
	count++;
	conn_watch(c);
	front_tick_on();
}

void
conn_new(int fd, struct tls *tls, struct tls_server *server,
    const struct sockaddr_storage *address)
{
	struct conn	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    (c->address = malloc(sizeof(*c->address))) == NULL ||
	    conn_admit(c, address) == -1) {
		if (c != NULL)
			free(c->address);
		free(c);
		tls_free(tls);
		tls_keys_release(server);
		close(fd);
		return;
	}
	*c->address = *address;
	c->tls = tls;
	c->server = server;
	front_stats.value[FRONT_CONNECTIONS]++;
	conn_begin(c, fd, tls != NULL ? CONN_HANDSHAKE : CONN_HEAD, tls != NULL ?
	    EV_READ : 0);
}

struct conn *
conn_dial(int fd, struct dial *d, const struct sockaddr_storage *address)
{
	struct conn	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    (c->address = malloc(sizeof(*c->address))) == NULL ||
	    link_new(c, d) == -1) {
		if (c != NULL)
			free(c->address);
		free(c);
		close(fd);
		return (NULL);
	}
	*c->address = *address;
	conn_begin(c, fd, CONN_CONNECT, EV_WRITE);
	return (c);
}

void
conn_link(struct conn *c)
{
	if (c->bound || c->link != NULL || c->state != CONN_OPEN)
		return;
	TAILQ_REMOVE(conn_age(c), c, by_age);
	if (link_new(c, NULL) == -1) {
		TAILQ_INSERT_TAIL(conn_age(c), c, by_age);
		conn_free(c);
		return;
	}
	c->since = clock_ms();
	TAILQ_INSERT_TAIL(conn_age(c), c, by_age);
	c->ws.max = front_conf.link_message;
	hold_unwait(c);
}

/* Nothing that it sends is read any more: for relay it is gone. */
static void
conn_tell_closed(struct conn *c)
{
	if (!c->told)
		return;
	c->told = 0;
	relay_closed(c);
	hold_forgive(c);
}

void
conn_free(struct conn *c)
{
	int	ours = link_dialled(c);

	conn_tell_closed(c);
	hold_forget(c);
	transfer_forget(c);
	count--;
	RB_REMOVE(conn_tree, &tree, c);
	TAILQ_REMOVE(conn_age(c), c, by_age);
	if (c->bound) {
		TAILQ_REMOVE(&bound, c, entry_bound);
		nbound--;
	}
	if (c->blocked)
		TAILQ_REMOVE(&blocked, c, entry_blocked);
	input_forget(c);
	if (c->events != 0)
		event_del(&c->event);
	output_free(c);
	link_free(c);
	tls_free(c->tls);
	tls_keys_release(c->server);
	close(c->fd);
	if (!ours)
		load_leave(&c->load);
	free(c->address);
	free(c->in);
	free(c->msg);
	free(c);
	listener_room();
	front_stop_check();
}

void
conn_bind(struct conn *c)
{
	if (c->bound || c->link != NULL || c->state != CONN_OPEN)
		return;
	if (stream_join(&c->pos) == -1) {
		conn_free(c);
		return;
	}
	TAILQ_REMOVE(conn_age(c), c, by_age);
	c->bound = 1;
	nbound++;
	c->since = clock_ms();
	TAILQ_INSERT_TAIL(conn_age(c), c, by_age);
	TAILQ_INSERT_TAIL(&bound, c, entry_bound);
	c->ws.max = front_conf.message;
	hold_unwait(c);
}

void
conn_close(struct conn *c, uint16_t code, const char *reason)
{
	if (c->state >= CONN_CLOSING)
		return;
	if (c->state < CONN_OPEN ||
	    output_close(c, code, reason == NULL ? "" : reason) == -1) {
		conn_free(c);
		return;
	}
	free(c->msg);
	c->msg = NULL;
	c->msglen = c->msgsize = 0;
	conn_enter(c, CONN_CLOSING);
	conn_tell_closed(c);
	if (!c->blocked && output_flush(c) == -1)
		return;
	conn_watch(c);
}

void
conn_cut(struct conn *c, uint16_t code, const char *reason)
{
	if (c->state != CONN_OPEN)
		return;
	output_drop(c);
	conn_close(c, code, reason);
}

void
conn_progress(struct conn *c, int is_blocked, int moved)
{
	if (c->blocked && (!is_blocked || moved))
		TAILQ_REMOVE(&blocked, c, entry_blocked);
	if (is_blocked && (!c->blocked || moved)) {
		c->blocked_since = clock_ms();
		TAILQ_INSERT_TAIL(&blocked, c, entry_blocked);
	}
	if (c->blocked != is_blocked || c->tls_wants != 0) {
		c->blocked = is_blocked != 0;
		conn_watch(c);
	}
}

/* Our part is said: close the writing side, and wait for the peer's. */
void
conn_drained(struct conn *c)
{
	if (c->state == CONN_CLOSING) {
		if (!c->close_sent || !c->peer_closed)
			return;
		conn_enter(c, CONN_LINGER);
	}
	if (c->tls != NULL && tls_close(c->tls) == TLS_WANT_POLLOUT)
		return;
	shutdown(c->fd, SHUT_WR);
}

void
conn_flush_all(void)
{
	struct conn	*c, *next;

	TAILQ_FOREACH_SAFE(c, &bound, entry_bound, next) {
		if (!c->blocked && output_flush(c) == -1)
			continue;
		if (c->blocked)
			front_check_queue(c);
	}
}

void
conn_limit_all(void)
{
	struct conn	*c;

	RB_FOREACH(c, conn_tree, &tree)
		c->ws.max = c->link != NULL ? front_conf.link_message :
		    front_conf.message;
}

void
conn_each(void (*f)(struct conn *, void *), void *arg)
{
	struct conn	*c, *next;

	RB_FOREACH_SAFE(c, conn_tree, &tree, next)
		f(c, arg);
}

void
conn_each_bound(void (*f)(struct conn *, void *), void *arg)
{
	struct conn	*c, *next;

	TAILQ_FOREACH_SAFE(c, &bound, entry_bound, next)
		f(c, arg);
}

void
conn_each_queue(void (*f)(uint64_t, uint64_t, void *), void *arg)
{
	struct conn	*c;
	uint64_t	 n;

	TAILQ_FOREACH(c, &blocked, entry_blocked)
		if ((n = output_waiting(c)) > 0)
			f(c->id, n, arg);
}

/*
 * Nothing came, not even a pong: that it would answer a close frame is not
 * waited for, so that it is known to be gone at once.
 */
static void
conn_silent(struct conn *c)
{
	uint64_t	id = c->id;

	front_stats.value[FRONT_TIMEOUTS]++;
	conn_cut(c, WEBSOCKET_GOING_AWAY, "no pong in time");
	if ((c = conn_find(id)) != NULL)
		conn_free(c);
}

/* Ends one that is overdue in its state; returns 0 if the list is through. */
static int
conn_overdue(struct conn *c, int64_t now)
{
	int64_t	hello = (int64_t)front_conf.hello_timeout * 1000;
	int64_t	idle = (int64_t)front_conf.idle_ping * 1000;
	int64_t	stall = (int64_t)front_conf.stall_timeout * 1000;
	int64_t	age = now - c->since;

	switch (conn_settled(c) ? AGE_BOUND : (int)c->state) {
	case CONN_CONNECT:
	case CONN_HANDSHAKE:
	case CONN_HEAD:
	case CONN_ANSWER:
		if (age < hello)
			return (0);
		front_stats.value[FRONT_TIMEOUTS]++;
		dial_reason(c, "timeout");
		conn_free(c);
		return (1);
	case CONN_KEEP:
		if (age < stall)
			return (0);
		conn_free(c);
		return (1);
	case CONN_REQUEST:
		if (age < stall)
			return (0);
		transfer_stalled(c);
		return (1);
	case CONN_OPEN:
		if (age < hello)
			return (0);
		front_stats.value[FRONT_TIMEOUTS]++;
		conn_cut(c, WEBSOCKET_POLICY, "no hello in time");
		return (1);
	case AGE_BOUND:
		if (age < idle)
			return (0);
		if (c->pinged) {
			conn_silent(c);
			return (1);
		}
		conn_enter(c, CONN_OPEN);
		c->pinged = 1;
		if (output_frame(c, WEBSOCKET_PING, "", 0) == -1)
			conn_free(c);
		else if (!c->blocked)
			output_flush(c);
		return (1);
	case CONN_CLOSING:
		if (age < (stop_since == 0 ? CLOSE_WAIT : STOP_CLOSE_WAIT))
			return (0);
		conn_free(c);
		return (1);
	case CONN_LINGER:
	default:
		if (age < LINGER_WAIT)
			return (0);
		conn_free(c);
		return (1);
	}
}

void
conn_tick(int64_t now)
{
	struct conn	*c;
	int64_t		 stall = (int64_t)front_conf.stall_timeout * 1000;
	int		 i;

	for (i = 0; i < AGE_MAX; i++)
		while ((c = TAILQ_FIRST(&ages[i])) != NULL &&
		    conn_overdue(c, now))
			;
	hold_tick(now);
	while ((c = TAILQ_FIRST(&blocked)) != NULL &&
	    now - c->blocked_since >= stall) {
		front_stats.value[FRONT_SLOW_CONSUMERS]++;
		conn_free(c);
	}
	if (stop_since != 0)
		front_stop_check();
}

static void
conn_say_goodbye(void)
{
	struct conn	*c, *next;
	int		 i;

	stop_said = 1;
	for (i = 0; i < AGE_MAX; i++)
		if (i != CONN_REQUEST)
			TAILQ_FOREACH_SAFE(c, &ages[i], by_age, next)
				conn_close(c, WEBSOCKET_GOING_AWAY,
				    "server stops");
	hold_goodbye();
}

static void
conn_free_all(enum conn_state state)
{
	struct conn	*c, *next;

	TAILQ_FOREACH_SAFE(c, &ages[state], by_age, next)
		conn_free(c);
}

void
conn_stop(void)
{
	struct conn	*c;
	int		 i;

	stop_since = clock_ms();
	for (i = 0; i < CONN_OPEN; i++)
		if (i != CONN_REQUEST)	/* for these there is a little time */
			conn_free_all(i);
	for (i = CONN_OPEN; i < AGE_MAX; i++)
		TAILQ_FOREACH(c, &ages[i], by_age)
			hold_stop(c);
}

int
conn_stopping(void)
{
	return (stop_since != 0);
}

int
conn_stopped(void)
{
	if (stop_since == 0)
		return (0);
	if (clock_ms() - stop_since >= STOP_WAIT)
		conn_free_all(CONN_REQUEST);
	if (!stop_said && (hold_owed() == 0 || relay_gone() ||
	    clock_ms() - stop_since >= STOP_WAIT))
		conn_say_goodbye();
	return (stop_said && count == 0);
}
