/*
 * olaf-relay: who is where, and what goes where.  It has no socket to the
 * network and no file: texts come from the fronts, verdicts from the
 * verifiers.
 */

#include "compat.h"

#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "chan.h"
#include "child.h"
#include "clientlist.h"
#include "control.h"
#include "files.h"
#include "fronts.h"
#include "inbox.h"
#include "link.h"
#include "monitor.h"
#include "neighbours.h"
#include "relay.h"
#include "replay.h"
#include "stats.h"
#include "verifier.h"

#define SYNC_SECONDS	5			/* counters are written that often */

struct msg_conf_relay		 relay_conf;
struct address			 relay_address;
struct table			 relay_table;
struct mesh			 relay_mesh;
struct msg_process		 relay_processes[RELAY_PROCESSES];
unsigned int			 relay_nprocesses;

static struct msg_conf_relay	 conf_next;
static int			 counters_bad = 1;	/* the file that came last */
static struct event		 sync_event;

int64_t
relay_time(void)
{
	return ((int64_t)time(NULL));
}

void
relay_ask_parent(enum msg_type type, uint32_t id)
{
	struct ibuf	*b;

	b = chan_open(child_parent(), type, 4);
	msg_put32(b, id);
	chan_close(child_parent(), b);
}

void
relay_ask_verbose(uint32_t id, int verbose)
{
	struct msg_ask_verbose	 m;
	struct ibuf		*b;

	m.id = id;
	m.verbose = verbose;
	b = chan_open(child_parent(), MSG_ASK_VERBOSE, 5);
	msg_ask_verbose_put(b, &m);
	chan_close(child_parent(), b);
}

void
relay_forget(struct client *c)
{
	monitor_gone(c);
	if (c->user != NULL)
		inbox_unbind(c->user);
	if (c->link != NULL)
		link_gone(c);
	clientlist_forget(c);
	client_free(&relay_table, c);
}

static struct client *
relay_find(const struct chan *f, uint64_t conn)
{
	return (client_find(&relay_table, chan_number(f), conn));
}

static void
relay_opened(struct chan *f, struct ibuf *b)
{
	struct msg_opened	 m;
	struct client		*c;

	if (msg_opened_get(b, &m) == -1 || m.conn == MSG_CONN_NONE ||
	    relay_find(f, m.conn) != NULL) {
		chan_breach(f, "OPENED");
		return;
	}
	c = client_new(&relay_table, chan_number(f), m.conn, &m.address);
	c->since = relay_time();
	monitor_client("client.open", c, "");
}

static void
relay_link_up(struct chan *f, struct ibuf *b)
{
	struct msg_link_up	 m;

	if (msg_link_up_get(b, &m) == -1 || m.conn == MSG_CONN_NONE ||
	    relay_find(f, m.conn) != NULL)
		chan_breach(f, "LINK_UP");
	else
		link_up(f, &m);
}

static void
relay_closed(struct chan *f, struct ibuf *b)
{
	struct client	*c;
	uint64_t	 conn;

	if (msg_id_only_get(b, &conn) == -1 ||
	    (c = relay_find(f, conn)) == NULL || c->gone) {
		chan_breach(f, "CLOSED");
		return;
	}
	c->gone = 1;
	if (c->link != NULL)
		link_lost(c);
	if (c->npending == 0)
		relay_forget(c);
}

static void
relay_client_text(struct chan *f, struct imsg *imsg, struct ibuf *b)
{
	struct msg_text	 m;
	struct client	*c;

	if (msg_text_get(b, &m) == -1 ||
	    (c = relay_find(f, m.conn)) == NULL || c->gone) {
		chan_breach(f, "TEXT");
		return;
	}
	inbox_text(c, imsg, &m);
	fronts_balance();
}

static void
relay_queues(struct chan *f, struct ibuf *b)
{
	static struct msg_queues	 m;
	struct client			*c;
	uint32_t			 i;

	if (msg_queues_get(b, &m) == -1) {
		chan_breach(f, "QUEUES");
		return;
	}
	for (i = 0; i < m.count; i++)
		if ((c = relay_find(f, m.queue[i].conn)) != NULL)
			c->queue = m.queue[i].octets;
	control_queues(&m);
}

static void
relay_list_sent(struct chan *f, struct ibuf *b)
{
	struct client	*c;
	uint64_t	 conn;

	if (msg_id_only_get(b, &conn) == -1)
		chan_breach(f, "LIST_SENT");
	else if ((c = relay_find(f, conn)) != NULL)
		clientlist_sent(c);
}

/* About a link; one that is gone meanwhile is no breach. */
static void
relay_link(struct chan *f, struct ibuf *b, void (*event)(struct client *))
{
	struct client	*c;
	uint64_t	 conn;

	if (msg_id_only_get(b, &conn) == -1)
		chan_breach(f, "LINK");
	else if ((c = relay_find(f, conn)) != NULL)
		event(c);
}

static void
relay_dial_failed(struct chan *f, struct ibuf *b)
{
	struct msg_dial_failed	 m;

	if (msg_dial_failed_get(b, &m) == -1)
		chan_breach(f, "DIAL_FAILED");
	else
		link_dial_failed(&m);
}

/* What a front says of links; the rest is of clients. */
static void
relay_from_front_link(struct chan *f, struct imsg *imsg, struct ibuf *b)
{
	switch (imsg_get_type(imsg)) {
	case MSG_LINK_UP:
		relay_link_up(f, b);
		break;
	case MSG_DIAL_FAILED:
		relay_dial_failed(f, b);
		break;
	case MSG_LINK_PONG:
		relay_link(f, b, link_pong);
		break;
	case MSG_LINK_SENT:
		relay_link(f, b, link_sent);
		break;
	default:
		chan_breach(f, "unexpected");
	}
}

static void
relay_from_front(struct chan *f, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	if (imsg == NULL) {
		fronts_gone(f);
		return;
	}
	child_ibuf(imsg, &b);
	switch (imsg_get_type(imsg)) {
	case MSG_OPENED:
		relay_opened(f, &b);
		break;
	case MSG_TEXT:
		relay_client_text(f, imsg, &b);
		break;
	case MSG_CLOSED:
		relay_closed(f, &b);
		break;
	case MSG_LIST_SENT:
		relay_list_sent(f, &b);
		break;
	case MSG_QUEUES:
		relay_queues(f, &b);
		break;
	case MSG_FRONT_STATS:
		if (msg_front_stats_get(&b, &stats_front[chan_number(f)]) ==
		    -1)
			chan_breach(f, "FRONT_STATS");
		break;
	default:
		relay_from_front_link(f, imsg, &b);
		break;
	}
}

static void
relay_peer(struct chan *c, struct ibuf *b)
{
	struct msg_peer	m;

	if (msg_peer_get(b, &m) == -1)
		chan_breach(c, "PEER");
	else if (m.role == ROLE_VERIFIER)
		verifier_add(c);
	else if (m.role == ROLE_SIGNER)
		link_signer(c);
	else if (m.role == ROLE_FILES) {
		if (files_open(chan_take_fd(c), m.number) == -1)
			chan_breach(c, "PEER: a second olaf-files");
	} else if (m.role == ROLE_FRONT && m.number == fronts_count() &&
	    m.number < STATS_FRONTS)
		fronts_add(chan_new(chan_take_fd(c), m.role, m.number,
		    relay_from_front, NULL));
	else
		chan_breach(c, "PEER: of the wrong role");
}

static void
relay_counters(struct chan *c, struct ibuf *b)
{
	uint64_t	limit;

	if (msg_id_only_get(b, &limit) == -1)
		chan_breach(c, "COUNTERS");
	else
		counters_bad = replay_open(chan_take_fd(c), limit) == -1;
}

static void
relay_conf_end(void)
{
	struct address	a;

	if (counters_bad) {
		counters_bad = 0;	/* the one before stays in use */
		child_conf_bad("the file of counters cannot be used");
	} else if (address_read(&a, conf_next.address,
	    strlen(conf_next.address)) == -1)
		child_conf_bad("address: malformed");
	else if (neighbours_end() == 0)
		child_conf_ok(NULL, 0);
}

static void
relay_swap(void)
{
	relay_conf = conf_next;
	address_read(&relay_address, relay_conf.address,
	    strlen(relay_conf.address));
	replay_limit(relay_conf.counters);
	link_interval();
	neighbours_swap();
}

/* A part of the configuration.  Returns -1 if it is malformed. */
static int
relay_conf_part(struct imsg *imsg, struct ibuf *b)
{
	static struct msg_conf_neighbour	neighbour;
	struct msg_conf_source			source;

	switch (imsg_get_type(imsg)) {
	case MSG_CONF_BEGIN:
		neighbours_begin();
		return (0);
	case MSG_CONF_RELAY:
		return (msg_conf_relay_get(b, &conf_next));
	case MSG_CONF_NEIGHBOUR:
		if (msg_conf_neighbour_get(b, &neighbour) == -1)
			return (-1);
		return (neighbours_add(&neighbour));
	case MSG_CONF_SOURCE:
		if (msg_conf_source_get(b, &source) == -1)
			return (-1);
		return (neighbours_source(&source));
	default:
		return (-1);
	}
}

static void
relay_process(struct chan *c, struct ibuf *b)
{
	if (relay_nprocesses == RELAY_PROCESSES ||
	    msg_process_get(b, &relay_processes[relay_nprocesses]) == -1)
		chan_breach(c, "PROCESS");
	else
		relay_nprocesses++;
}

static void
relay_ask_done(struct chan *c, struct ibuf *b)
{
	struct msg_ask_done	m;

	if (msg_ask_done_get(b, &m) == -1)
		chan_breach(c, "ASK_DONE");
	else
		control_done(&m);
}

static void
relay_from_parent(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	child_ibuf(imsg, &b);
	switch (imsg_get_type(imsg)) {
	case MSG_PEER:
		relay_peer(c, &b);
		break;
	case MSG_COUNTERS:
		relay_counters(c, &b);
		break;
	case MSG_CONF_BEGIN:
	case MSG_CONF_RELAY:
	case MSG_CONF_NEIGHBOUR:
	case MSG_CONF_SOURCE:
		if (relay_conf_part(imsg, &b) == -1)
			chan_breach(c, "CONF");
		break;
	case MSG_CONF_END:
		relay_conf_end();
		break;
	case MSG_START:
	case MSG_CONF_SWAP:
		link_stop();		/* until the fronts know whom to dial */
		relay_swap();
		break;
	case MSG_CONF_DONE:
		link_start();
		break;
	case MSG_PROCESS:
		relay_process(c, &b);
		break;
	case MSG_CONTROL:
		control_listen(chan_take_fd(c));
		link_start();
		break;
	case MSG_ASK_DONE:
		relay_ask_done(c, &b);
		break;
	case MSG_STOP:
		control_flush();
		exit(0);
	default:
		chan_breach(c, "unexpected");
	}
}

static void
relay_sync(int fd, short what, void *arg)
{
	struct timeval	tv = { SYNC_SECONDS, 0 };

	(void)fd;
	(void)what;
	(void)arg;
	replay_sync();
	evtimer_add(&sync_event, &tv);
}

int
main(int argc, char *argv[], char *envp[])
{
	title_init(argc, argv, envp);
	child_start(argc, argv, ROLE_RELAY, relay_from_parent);
	hash_seed(((uint64_t)arc4random() << 32) | arc4random());
	relay_table.forget = verifier_forget;
	table_init(&relay_table);
	link_init();
	clientlist_init();
	evtimer_set(&sync_event, relay_sync, NULL);
	relay_sync(-1, 0, NULL);
	child_run();
}
