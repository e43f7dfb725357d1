/*
 * The channel to relay.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "chan.h"
#include "child.h"
#include "dial.h"
#include "front.h"
#include "hold.h"
#include "link.h"
#include "output.h"
#include "relay.h"

static struct chan	*relay;

int
relay_behind(void)
{
	return (relay != NULL && chan_behind(relay));
}

int
relay_gone(void)
{
	return (relay == NULL);
}

void
relay_opened(struct conn *c)
{
	struct msg_opened	 m;
	struct ibuf		*b;

	if (relay == NULL)
		return;
	m.conn = c->id;
	m.address = *c->address;
	free(c->address);
	c->address = NULL;
	c->told = 1;
	b = chan_open(relay, MSG_OPENED, 32);
	msg_opened_put(b, &m);
	chan_close(relay, b);
}

static void
relay_number(enum msg_type type, uint64_t v)
{
	struct ibuf	*b;

	if (relay == NULL)
		return;
	b = chan_open(relay, type, 8);
	msg_put64(b, v);
	chan_close(relay, b);
}

void
relay_closed(struct conn *c)
{
	relay_number(MSG_CLOSED, c->id);
}

void
relay_list_sent(const struct conn *c)
{
	relay_number(MSG_LIST_SENT, c->id);
}

void
relay_link_pong(const struct conn *c)
{
	relay_number(MSG_LINK_PONG, c->id);
}

void
relay_link_sent(const struct conn *c)
{
	relay_number(MSG_LINK_SENT, c->id);
}

void
relay_link_up(struct conn *c, uint64_t attempt)
{
	struct msg_link_up	 m;
	struct ibuf		*b;

	if (relay == NULL)
		return;
	m.conn = c->id;
	m.attempt = attempt;
	m.address = *c->address;
	free(c->address);
	c->address = NULL;
	c->told = 1;
	b = chan_open(relay, MSG_LINK_UP, 40);
	msg_link_up_put(b, &m);
	chan_close(relay, b);
}

void
relay_dial_failed(uint64_t attempt, const char *reason)
{
	struct msg_dial_failed	 m;
	struct ibuf		*b;

	if (relay == NULL)
		return;
	m.attempt = attempt;
	strlcpy(m.reason, reason, sizeof(m.reason));
	b = chan_open(relay, MSG_DIAL_FAILED, 0);
	msg_dial_failed_put(b, &m);
	chan_close(relay, b);
}

void
relay_text(const struct conn *c, const void *text, size_t len)
{
	struct msg_text	 m;
	struct ibuf	*b;

	if (relay == NULL)
		return;
	m.conn = c->id;
	m.text.p = text;
	m.text.len = len;
	b = chan_open(relay, MSG_TEXT, len + 8);
	msg_text_put(b, &m);
	chan_close(relay, b);
}

void
relay_stats(void)
{
	struct ibuf	*b;

	if (relay == NULL)
		return;
	front_stats.value[FRONT_OPEN] = conn_count();
	b = chan_open(relay, MSG_FRONT_STATS, 8 * FRONT_STAT_MAX);
	msg_front_stats_put(b, &front_stats);
	chan_close(relay, b);
}

/* A frame for all: into the stream once; one who is left out skips it. */
static void
relay_deliver_all(const struct msg_text *m)
{
	uint8_t		 header[WEBSOCKET_HEADER_MAX];
	struct conn	*c;
	size_t		 n;

	n = websocket_header(header, WEBSOCKET_TEXT, 1, m->text.len, NULL);
	front_stats.value[FRONT_MESSAGES_OUT] += conn_bound_count();
	if (m->conn != MSG_CONN_NONE && (c = conn_find(m->conn)) != NULL &&
	    c->bound) {
		front_stats.value[FRONT_MESSAGES_OUT]--;
		if (output_skip(c, n + m->text.len) == -1)
			conn_free(c);
	}
	if (stream_append(header, n, m->text.p, m->text.len) == -1)
		fatal("stream");
	front_flush_soon();
}

static void
relay_deliver_one(const struct msg_text *m)
{
	struct conn	*c = conn_find(m->conn);

	if (c == NULL || c->state != CONN_OPEN)
		return;
	front_stats.value[FRONT_MESSAGES_OUT]++;
	if (output_frame(c, WEBSOCKET_TEXT, m->text.p, m->text.len) == -1)
		conn_free(c);
	else
		front_check_queue(c);
}

/* At most one list is under way for each connection. */
static void
relay_list_to(struct conn *c, struct list *l)
{
	if (c->state != CONN_OPEN)
		return;
	front_stats.value[FRONT_MESSAGES_OUT]++;
	if (c->list_queued)
		c->list_again = 1;
	else if (output_list(c, l) == -1)
		conn_free(c);
	else if (!c->blocked)
		output_flush(c);
}

static void
relay_list_each(struct conn *c, void *arg)
{
	relay_list_to(c, arg);
}

static void
relay_list_send(const struct msg_list_send *m)
{
	struct list	*l;
	struct conn	*c;

	if ((l = list_get(m->version)) == NULL)
		return;
	if (m->conn == MSG_CONN_NONE)
		conn_each_bound(relay_list_each, l);
	else if ((c = conn_find(m->conn)) != NULL)
		relay_list_to(c, l);
}

static void
relay_send_queues(struct msg_queues *m, int last)
{
	struct ibuf	*b;

	m->last = last;
	b = chan_open(relay, MSG_QUEUES, 0);
	msg_queues_put(b, m);
	chan_close(relay, b);
	m->count = 0;
}

static void
relay_add_queue(uint64_t id, uint64_t octets, void *arg)
{
	struct msg_queues	*m = arg;

	if (m->count == MSG_QUEUES_MAX)
		relay_send_queues(m, 0);
	m->queue[m->count].conn = id;
	m->queue[m->count++].octets = octets;
}

static void
relay_queues(uint32_t id)
{
	static struct msg_queues	m;

	m.id = id;
	m.count = 0;
	conn_each_queue(relay_add_queue, &m);
	relay_send_queues(&m, 1);
	relay_stats();
}

/* Links to neighbours.  Returns -1 if malformed. */
static int
relay_links(struct imsg *imsg, struct ibuf *b)
{
	static struct msg_links	 links;
	struct msg_link_hold	 hold;
	struct msg_dial		 dial;
	struct conn		*c;
	uint64_t		 id;

	switch (imsg_get_type(imsg)) {
	case MSG_DELIVER_LINKS:
		if (msg_links_get(b, &links) == -1)
			return (-1);
		link_deliver(&links);
		return (0);
	case MSG_LINK_HOLD:
		if (msg_link_hold_get(b, &hold) == -1)
			return (-1);
		if ((c = conn_find(hold.conn)) != NULL)
			link_hold(c, hold.hold);
		return (0);
	case MSG_DIAL:
		if (msg_dial_get(b, &dial) == -1)
			return (-1);
		dial_start(&dial);
		return (0);
	case MSG_LINK:
	case MSG_LINK_PING:
		if (msg_id_only_get(b, &id) == -1)
			return (-1);
		if ((c = conn_find(id)) == NULL)
			return (0);
		if (imsg_get_type(imsg) == MSG_LINK)
			conn_link(c);
		else
			link_ping(c);
		return (0);
	default:
		return (-1);
	}
}

/* Deliveries: the way that most messages take.  Returns -1 if malformed. */
static int
relay_deliver(struct imsg *imsg, struct ibuf *b)
{
	struct msg_text		 text;
	struct msg_list_part	 part;
	struct msg_list_send	 send;

	switch (imsg_get_type(imsg)) {
	case MSG_DELIVER_ALL:
		if (msg_text_get(b, &text) == -1)
			return (-1);
		relay_deliver_all(&text);
		return (0);
	case MSG_DELIVER_ONE:
		if (msg_text_get(b, &text) == -1)
			return (-1);
		relay_deliver_one(&text);
		return (0);
	case MSG_LIST_PART:
		if (msg_list_part_get(b, &part) == -1)
			return (-1);
		return (list_part(part.version, part.last, part.text.p,
		    part.text.len));
	case MSG_LIST_SEND:
		if (msg_list_send_get(b, &send) == -1)
			return (-1);
		relay_list_send(&send);
		return (0);
	default:
		return (relay_links(imsg, b));
	}
}

static int
relay_control(struct imsg *imsg, struct ibuf *b)
{
	struct msg_done	 done;
	struct msg_close close;
	struct conn	*c;
	uint64_t	 id;
	uint32_t	 number;

	switch (imsg_get_type(imsg)) {
	case MSG_DONE:
		if (msg_done_get(b, &done) == -1)
			return (-1);
		if ((c = conn_find(done.conn)) != NULL)
			hold_done(c, done.cost);
		return (0);
	case MSG_BOUND:
		if (msg_id_only_get(b, &id) == -1)
			return (-1);
		if ((c = conn_find(id)) != NULL)
			conn_bind(c);
		return (0);
	case MSG_CLOSE:
		if (msg_close_get(b, &close) == -1)
			return (-1);
		if ((c = conn_find(close.conn)) != NULL)
			conn_close(c, close.code, close.reason);
		return (0);
	case MSG_ASK_QUEUES:
		if (msg_number_only_get(b, &number) == -1)
			return (-1);
		relay_queues(number);
		return (0);
	default:
		return (relay_deliver(imsg, b));
	}
}

static void
relay_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	if (imsg == NULL) {
		chan_free(c);		/* the parent decides what comes of it */
		relay = NULL;
		front_stop_check();
		return;
	}
	if (relay_control(imsg, child_ibuf(imsg, &b)) == -1)
		chan_breach(c, "malformed");
}

static void
relay_on_drained(struct chan *c, void *arg)
{
	(void)c;
	(void)arg;
	hold_resume_all();
}

int
relay_open(int fd, unsigned int number)
{
	if (relay != NULL)
		return (-1);
	relay = chan_new(fd, ROLE_RELAY, number, relay_message, NULL);
	chan_on_drained(relay, relay_on_drained);
	return (0);
}
