/*
 * olaf-front: sockets, TLS, HTTP, WebSocket.  It knows nothing of JSON and of
 * who is who: texts go to relay, and what relay says goes to connections.
 */

#include "compat.h"

#include <sys/resource.h>

#include <event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chan.h"
#include "child.h"
#include "clock.h"
#include "dial.h"
#include "files.h"
#include "front.h"
#include "link.h"
#include "listener.h"
#include "neighbours.h"
#include "output.h"
#include "relay.h"
#include "resolve.h"
#include "tls_keys.h"

#define TICK_MS		500
#define GAP_SHARE	4	/* a flush is followed by a pause of this part of it */
#define GAP_FROM	1000	/* microseconds: after shorter ones there is none */
#define GAP_MAX		4000	/* microseconds */

struct msg_conf_front		 front_conf;
struct msg_conf_http		 front_http;
struct msg_front_stats		 front_stats;

static struct msg_conf_front	 conf_next;
static struct msg_conf_http	 http_next;
static struct event		 flush_event, tick_event, stop_event;
static int			 ticking, stopping;
static int64_t			 gap_until;	/* microseconds: no flush before */
static unsigned int		 unflushed;	/* frames since the last one */

/* A link's holds a whole client_update, and what comes behind it. */
static uint64_t
front_queue_max(const struct conn *c)
{
	return (front_conf.send_queue +
	    (c->link != NULL ? front_conf.link_message : 0));
}

void
front_check_queue(struct conn *c)
{
	if (c->state == CONN_OPEN &&
	    output_waiting(c) > front_queue_max(c)) {
		front_stats.value[FRONT_SLOW_CONSUMERS]++;
		conn_cut(c, WEBSOCKET_POLICY, "slow_consumer");
	} else if (!c->blocked)
		output_flush(c);
}

/* Twice a second while there are connections, so that an idle server sleeps. */
static void
front_tick(int fd, short what, void *arg)
{
	struct timeval	tv = { 0, TICK_MS * 1000 };

	(void)fd;
	(void)what;
	(void)arg;
	conn_tick(clock_ms());
	relay_stats();
	listener_room();
	ticking = conn_count() > 0;
	if (ticking)
		evtimer_add(&tick_event, &tv);
}

void
front_tick_on(void)
{
	struct timeval	tv = { 0, TICK_MS * 1000 };

	if (ticking)
		return;
	ticking = 1;
	evtimer_add(&tick_event, &tv);
}

void
front_stop_check(void)
{
	if (stopping)
		event_active(&stop_event, EV_TIMEOUT, 1);
}

static void
front_stop_now(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (conn_stopped())
		exit(0);
}

/*
 * After a flush of several frames more are under way: the next one waits for
 * a part of the time that this took, so that each write carries more of them.
 */
static void
front_flush(int fd, short what, void *arg)
{
	int64_t	begin = clock_us(), took;

	(void)fd;
	(void)what;
	(void)arg;
	conn_flush_all();
	link_flush_all();
	took = clock_us() - begin;
	gap_until = 0;
	if (unflushed > 1 && took >= GAP_FROM)
		gap_until = begin + took + (took / GAP_SHARE < GAP_MAX ?
		    took / GAP_SHARE : GAP_MAX);
	unflushed = 0;
}

void
front_flush_soon(void)
{
	struct timeval	tv = { 0, 0 };
	int64_t		wait;

	if (unflushed++ > 0)
		return;
	if (gap_until != 0 && (wait = gap_until - clock_us()) > 0) {
		tv.tv_usec = wait;
		evtimer_add(&flush_event, &tv);
	} else
		event_active(&flush_event, EV_TIMEOUT, 1);
}

/* The signer speaks only when asked, and chan_call takes its answer. */
static void
front_from_signer(struct chan *c, struct imsg *imsg, void *arg)
{
	(void)arg;
	if (imsg != NULL) {
		chan_breach(c, "spoke unasked");
		return;
	}
	tls_keys_signer(NULL);
	chan_free(c);
}

static void
front_peer(struct chan *c, struct ibuf *b)
{
	struct msg_peer	m;

	if (msg_peer_get(b, &m) == -1)
		chan_breach(c, "PEER");
	else if (m.role == ROLE_RELAY) {
		if (relay_open(chan_take_fd(c), m.number) == -1)
			chan_breach(c, "PEER: a second relay");
	} else if (m.role == ROLE_SIGNER)
		tls_keys_signer(chan_new(chan_take_fd(c), m.role, m.number,
		    front_from_signer, NULL));
	else if (m.role == ROLE_FILES) {
		if (files_open(chan_take_fd(c), m.number) == -1)
			chan_breach(c, "PEER: a second olaf-files");
	} else
		chan_breach(c, "PEER: of the wrong role");
}

static void
front_conf_end(void)
{
	uint8_t		 hashes[MSG_KEYS_MAX][MSG_HASH_LEN];
	const char	*why;
	size_t		 n = 0;

	if (tls_keys_end(hashes, nitems(hashes), &n, &why) == -1)
		child_conf_bad("tls certificate: %s", why);
	else if (neighbours_end() == 0)
		child_conf_ok(hashes, n * sizeof(hashes[0]));
}

static void
front_swap(void)
{
	struct rlimit	rl;

	front_conf = conf_next;
	front_http = http_next;
	conn_limit_all();
	tls_keys_swap();
	neighbours_swap();
	resolve_swap();
	if (getrlimit(RLIMIT_NOFILE, &rl) == 0 &&
	    rl.rlim_cur < front_conf.clients + 32ULL)
		log_warnx("limits clients %u: the system allows %llu open "
		    "files", front_conf.clients,
		    (unsigned long long)rl.rlim_cur);
}

static int
front_listener(struct chan *c, struct imsg *imsg, struct ibuf *b)
{
	struct msg_listener	m;
	uint32_t		id;

	if (imsg_get_type(imsg) == MSG_LISTENER_CLOSE) {
		if (msg_number_only_get(b, &id) == -1)
			return (-1);
		listener_remove(id);
		return (0);
	}
	if (msg_listener_get(b, &m) == -1)
		return (-1);
	listener_add(m.id, chan_take_fd(c), m.tls);
	return (0);
}

static void
front_stop(void)
{
	stopping = 1;
	chan_set_phase(PHASE_SHUTDOWN);
	listener_stop();
	dial_stop();
	conn_stop();
	front_stop_check();
	front_tick_on();
}

/* A part of the configuration.  Returns -1 if it is malformed. */
static int
front_conf_part(struct imsg *imsg, struct ibuf *b)
{
	static struct msg_conf_neighbour	neighbour;
	struct msg_conf_source			source;
	struct msg_conf_ca			ca;
	struct msg_conf_resolver		resolver;

	switch (imsg_get_type(imsg)) {
	case MSG_CONF_BEGIN:
		tls_keys_begin();
		neighbours_begin();
		resolve_begin();
		return (0);
	case MSG_CONF_FRONT:
		return (msg_conf_front_get(b, &conf_next));
	case MSG_CONF_HTTP:
		return (msg_conf_http_get(b, &http_next));
	case MSG_CONF_CERT:
		tls_keys_add(ibuf_data(b), ibuf_size(b));
		return (0);
	case MSG_CONF_NEIGHBOUR:
		if (msg_conf_neighbour_get(b, &neighbour) == -1)
			return (-1);
		return (neighbours_add(&neighbour));
	case MSG_CONF_SOURCE:
		if (msg_conf_source_get(b, &source) == -1)
			return (-1);
		return (neighbours_source(&source));
	case MSG_CONF_CA:
		if (msg_conf_ca_get(b, &ca) == -1)
			return (-1);
		return (neighbours_ca(&ca));
	case MSG_CONF_RESOLVER:
		if (msg_conf_resolver_get(b, &resolver) == -1)
			return (-1);
		resolve_text(&resolver);
		return (0);
	default:
		return (-1);
	}
}

static void
front_from_parent(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	child_ibuf(imsg, &b);
	switch (imsg_get_type(imsg)) {
	case MSG_PEER:
		front_peer(c, &b);
		break;
	case MSG_LOAD:
		load_init(chan_take_fd(c));
		break;
	case MSG_CONF_BEGIN:
	case MSG_CONF_FRONT:
	case MSG_CONF_HTTP:
	case MSG_CONF_CERT:
	case MSG_CONF_NEIGHBOUR:
	case MSG_CONF_SOURCE:
	case MSG_CONF_CA:
	case MSG_CONF_RESOLVER:
		if (front_conf_part(imsg, &b) == -1)
			chan_breach(c, "CONF");
		break;
	case MSG_CONF_END:
		front_conf_end();
		break;
	case MSG_START:
	case MSG_CONF_SWAP:
		front_swap();
		break;
	case MSG_LISTENER:
	case MSG_LISTENER_CLOSE:
		if (front_listener(c, imsg, &b) == -1)
			chan_breach(c, "LISTENER");
		break;
	case MSG_STOP:
		front_stop();
		break;
	default:
		chan_breach(c, "unexpected");
	}
}

int
main(int argc, char *argv[], char *envp[])
{
	title_init(argc, argv, envp);
	signal(SIGXFSZ, SIG_IGN);	/* a file that is too long is an error */
	tls_keys_init();
	resolve_init();
	child_start(argc, argv, ROLE_FRONT, front_from_parent);
	conn_init();
	event_set(&flush_event, -1, 0, front_flush, NULL);
	event_set(&stop_event, -1, 0, front_stop_now, NULL);
	evtimer_set(&tick_event, front_tick, NULL);
	child_run();
}
