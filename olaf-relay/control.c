/*
 * The control socket.  Each olafctl asks once and is answered; it may be
 * anybody who can open the socket, so its messages are checked like any
 * others, and each user has only so many connections.
 */

#include "compat.h"

#include <sys/socket.h>

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chan.h"
#include "child.h"
#include "control.h"
#include "files.h"
#include "fronts.h"
#include "link.h"
#include "monitor.h"
#include "msg_ctl.h"
#include "relay.h"
#include "stats.h"
#include "utf8.h"
#include "version.h"
#include "websocket.h"

#define CTLS_MAX	32	/* connections in all */
#define CTLS_PER_USER	8
#define CTL_ASK_TIMEOUT	5	/* seconds until it must have asked */
#define CTL_TIMEOUT	60	/* seconds for the answer */

struct ctl {
	TAILQ_ENTRY(ctl)	 entry;
	struct chan		*chan;
	struct event		 timer;
	uid_t			 uid;
	uint32_t		 id;		/* for answers of parent and fronts */
	unsigned int		 fronts_due;	/* for show clients */
	int			 asked;		/* one request a connection */
	struct msg_ctl_clients	 filter;
};

static TAILQ_HEAD(, ctl)	 ctls = TAILQ_HEAD_INITIALIZER(ctls);
static unsigned int		 nctls;
static uint32_t			 last_id;
static struct event		 listener;
static int			 listening;
static int64_t			 started;

static void
ctl_free(struct ctl *ctl)
{
	evtimer_del(&ctl->timer);
	monitor_remove(ctl->chan);
	chan_free(ctl->chan);
	TAILQ_REMOVE(&ctls, ctl, entry);
	nctls--;
	free(ctl);
}

static struct ctl *
ctl_find(uint32_t id)
{
	struct ctl	*ctl;

	TAILQ_FOREACH(ctl, &ctls, entry)
		if (ctl->id == id)
			return (ctl);
	return (NULL);
}

static void
ctl_timeout(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	ctl_free(arg);
}

static void
ctl_end(struct ctl *ctl, int ok, const char *why)
{
	struct msg_ctl_end	 m;
	struct ibuf		*b;

	m.ok = ok;
	strlcpy(m.text, why, sizeof(m.text));
	b = chan_open(ctl->chan, MSG_CTL_END, 0);
	msg_ctl_end_put(b, &m);
	chan_close(ctl->chan, b);
}

static void
ctl_processes(struct ctl *ctl)
{
	struct ibuf	*b;
	unsigned int	 i;

	for (i = 0; i < relay_nprocesses; i++) {
		b = chan_open(ctl->chan, MSG_CTL_PROCESS, 0);
		msg_process_put(b, &relay_processes[i]);
		chan_close(ctl->chan, b);
	}
	ctl_end(ctl, 1, "");
}

static void
ctl_show(struct ctl *ctl)
{
	struct msg_ctl_summary	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	strlcpy(m.version, OLAFD_VERSION, sizeof(m.version));
	strlcpy(m.address, relay_conf.address, sizeof(m.address));
	m.since = (uint64_t)started;
	m.connections = relay_table.nclients;
	m.clients = relay_table.here.nusers;
	m.neighbours = relay_mesh.nneighbours;
	m.linked = stats_linked();
	m.users = stats_neighbours_users();
	m.messages_in = stats.messages_in;
	m.messages_out = stats.delivered;
	m.rate_in = stats_rate_in();
	m.rate_out = stats_rate_out();
	b = chan_open(ctl->chan, MSG_CTL_SUMMARY, 0);
	msg_ctl_summary_put(b, &m);
	chan_close(ctl->chan, b);
	ctl_processes(ctl);
}

static void
ctl_stat(const char *name, uint64_t value, void *arg)
{
	struct ctl		*ctl = arg;
	struct msg_ctl_stat	 m;
	struct ibuf		*b;

	strlcpy(m.name, name, sizeof(m.name));
	m.value = value;
	b = chan_open(ctl->chan, MSG_CTL_STAT, 0);
	msg_ctl_stat_put(b, &m);
	chan_close(ctl->chan, b);
}

static struct user *
ctl_user(const char *fingerprint)
{
	uint8_t	digest[KEY_DIGEST_LEN];

	if (key_fingerprint_read(fingerprint, strlen(fingerprint), digest) ==
	    -1)
		return (NULL);
	return (user_by_digest(&relay_table, digest));
}

static void
ctl_client(struct ctl *ctl, const struct client *c)
{
	struct msg_ctl_client	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	if (c->user != NULL)
		key_fingerprint(c->user->here->digests[0].digest,
		    m.fingerprint);
	memcpy(&m.address, &c->address, sizeof(c->address));
	m.since = (uint64_t)c->since;
	m.messages = c->messages;
	m.queue = c->queue;
	strlcpy(m.server, relay_conf.address, sizeof(m.server));
	b = chan_open(ctl->chan, MSG_CTL_CLIENT, 0);
	msg_ctl_client_put(b, &m);
	chan_close(ctl->chan, b);
}

/* Of a neighbour's user all that is known is who and where. */
static void
ctl_remote(struct ctl *ctl, const struct presence *p, const char *server)
{
	struct msg_ctl_client	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	key_fingerprint(p->digests[0].digest, m.fingerprint);
	strlcpy(m.server, server, sizeof(m.server));
	b = chan_open(ctl->chan, MSG_CTL_CLIENT, 0);
	msg_ctl_client_put(b, &m);
	chan_close(ctl->chan, b);
}

static void
ctl_all_clients(struct ctl *ctl)
{
	const struct neighbour	*n;
	const struct presence	*p;
	const struct client	*c;

	TAILQ_FOREACH(c, &relay_table.clients, entry)
		if (c->link == NULL)
			ctl_client(ctl, c);
	if (!ctl->filter.all)
		return;
	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		TAILQ_FOREACH(p, &n->server.users, entry)
			if (!presence_hidden(p))
				ctl_remote(ctl, p, n->name);
}

/* Where the one user is that was asked for.  Returns 0 if nowhere. */
static int
ctl_one_client(struct ctl *ctl)
{
	const struct neighbour	*n;
	const struct presence	*p;
	struct user		*u;
	int			 found = 0;

	if ((u = ctl_user(ctl->filter.fingerprint)) == NULL)
		return (0);
	if (u->client != NULL) {
		ctl_client(ctl, u->client);
		return (1);
	}
	if (!ctl->filter.all)
		return (0);
	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		if ((p = presence_find(u, &n->server)) != NULL) {
			ctl_remote(ctl, p, n->name);
			found = 1;
		}
	return (found);
}

/* The fronts have told how much waits for each. */
static void
ctl_clients_answer(struct ctl *ctl)
{
	if (ctl->filter.fingerprint[0] == '\0')
		ctl_all_clients(ctl);
	else if (!ctl_one_client(ctl)) {
		ctl_end(ctl, 0, "no such client");
		return;
	}
	ctl_end(ctl, 1, "");
}

static void
ctl_clients(struct ctl *ctl, struct ibuf *b)
{
	struct client	*c;

	if (msg_ctl_clients_get(b, &ctl->filter) == -1) {
		chan_breach(ctl->chan, "CTL_CLIENTS");
		return;
	}
	TAILQ_FOREACH(c, &relay_table.clients, entry)
		c->queue = 0;
	ctl->fronts_due = fronts_count();
	fronts_ask_queues(ctl->id);
}

void
control_queues(const struct msg_queues *m)
{
	struct ctl	*ctl;

	if (!m->last || (ctl = ctl_find(m->id)) == NULL ||
	    ctl->fronts_due == 0)
		return;
	if (--ctl->fronts_due == 0)
		ctl_clients_answer(ctl);
}

static void
ctl_kick(struct ctl *ctl, struct ibuf *b)
{
	struct msg_ctl_kick	 m;
	struct user		*u;
	uint8_t			 state = 0;

	if (msg_ctl_kick_get(b, &m) == -1) {
		chan_breach(ctl->chan, "CTL_KICK");
		return;
	}
	if (utf8_check(&state, m.reason, strlen(m.reason)) == -1 ||
	    state != 0) {
		ctl_end(ctl, 0, "the reason is not UTF-8");
		return;
	}
	if ((u = ctl_user(m.fingerprint)) == NULL || u->client == NULL) {
		ctl_end(ctl, 0, "no such client");
		return;
	}
	stats.kicked++;
	log_info("kicked: %s", m.fingerprint);
	monitor_user("client.kicked", u->here, u->client);
	fronts_close(u->client, WEBSOCKET_KICKED,
	    m.reason[0] != '\0' ? m.reason : "kicked");
	ctl_end(ctl, 1, "");
}

static void
ctl_neighbour(struct ctl *ctl, const struct neighbour *n)
{
	struct msg_ctl_neighbour	 m;
	struct ibuf			*b;
	int64_t				 due = link_next_dial(n);

	memset(&m, 0, sizeof(m));
	strlcpy(m.name, n->name, sizeof(m.name));
	m.state = link_state(n);
	m.since = (uint64_t)n->changed;
	m.dialled = link_count(n, 1) > 0;
	m.accepted = (uint8_t)link_count(n, 0);
	m.users = n->server.nusers;
	m.messages_in = n->counts.messages_in;
	m.messages_out = n->counts.messages_out;
	m.updates_in = n->counts.updates_in;
	m.updates_out = n->counts.updates_out;
	m.refused = n->counts.refused;
	m.keys_refused = n->counts.keys_refused;
	m.next_dial = due == -1 ? 0 : (uint64_t)due / 1000 + 1;
	strlcpy(m.error, n->error, sizeof(m.error));
	b = chan_open(ctl->chan, MSG_CTL_NEIGHBOUR, 0);
	msg_ctl_neighbour_put(b, &m);
	chan_close(ctl->chan, b);
}

static void
ctl_neighbours(struct ctl *ctl)
{
	const struct neighbour	*n;

	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		ctl_neighbour(ctl, n);
	ctl_end(ctl, 1, "");
}

/* dial and drop: the neighbour that the message names, by any spelling. */
static void
ctl_with_neighbour(struct ctl *ctl, struct ibuf *b, int dial)
{
	char			 name[MESH_NAME_MAX];
	const char		*why;
	struct neighbour	*n;
	struct address		 a;

	if (msg_string_only_get(b, name, sizeof(name)) == -1) {
		chan_breach(ctl->chan, dial ? "CTL_DIAL" : "CTL_DROP");
		return;
	}
	if (address_read(&a, name, strlen(name)) == -1 ||
	    (n = neighbour_named(&relay_mesh, &a)) == NULL) {
		ctl_end(ctl, 0, "no such neighbour");
		return;
	}
	if (!dial)
		link_drop(n);
	else if (link_dial(n, &why) == -1) {
		ctl_end(ctl, 0, why);
		return;
	}
	ctl_end(ctl, 1, "");
}

static void
ctl_files(struct ctl *ctl)
{
	if (files_ask(ctl->id) == -1)
		ctl_end(ctl, 0, "no files are served");
}

void
control_files(const struct msg_files_state *m)
{
	struct ctl	*ctl;
	struct ibuf	*b;

	if ((ctl = ctl_find(m->id)) == NULL)
		return;
	b = chan_open(ctl->chan, MSG_CTL_STORE, 60);
	msg_files_state_put(b, m);
	chan_close(ctl->chan, b);
	ctl_end(ctl, 1, "");
}

/* Until it goes. */
static void
ctl_monitor(struct ctl *ctl)
{
	evtimer_del(&ctl->timer);
	monitor_add(ctl->chan);
}

static void
ctl_log(struct ctl *ctl, struct ibuf *b)
{
	int	verbose;

	if (msg_flag_only_get(b, &verbose) == -1)
		chan_breach(ctl->chan, "CTL_LOG");
	else
		relay_ask_verbose(ctl->id, verbose);
}

void
control_done(const struct msg_ask_done *m)
{
	struct ctl	*ctl;

	if ((ctl = ctl_find(m->id)) != NULL)
		ctl_end(ctl, m->ok, m->text);
}

static void
ctl_request(struct ctl *ctl, struct imsg *imsg)
{
	struct ibuf	b;

	child_ibuf(imsg, &b);
	switch (imsg_get_type(imsg)) {
	case MSG_CTL_SHOW:
		ctl_show(ctl);
		break;
	case MSG_CTL_CLIENTS:
		ctl_clients(ctl, &b);
		break;
	case MSG_CTL_STATS:
		stats_each(ctl_stat, ctl);
		ctl_end(ctl, 1, "");
		break;
	case MSG_CTL_SANDBOX:
		ctl_processes(ctl);
		break;
	case MSG_CTL_KICK:
		ctl_kick(ctl, &b);
		break;
	case MSG_CTL_LOG:
		ctl_log(ctl, &b);
		break;
	case MSG_CTL_RELOAD:
		relay_ask_parent(MSG_ASK_RELOAD, ctl->id);
		break;
	case MSG_CTL_STOP:
		relay_ask_parent(MSG_ASK_STOP, ctl->id);
		break;
	case MSG_CTL_NEIGHBOURS:
		ctl_neighbours(ctl);
		break;
	case MSG_CTL_FILES:
		ctl_files(ctl);
		break;
	case MSG_CTL_DIAL:
	case MSG_CTL_DROP:
		ctl_with_neighbour(ctl, &b,
		    imsg_get_type(imsg) == MSG_CTL_DIAL);
		break;
	case MSG_CTL_MONITOR:
		ctl_monitor(ctl);
		break;
	default:
		chan_breach(ctl->chan, "unexpected");
	}
}

static void
ctl_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct timeval	 tv = { CTL_TIMEOUT, 0 };
	struct ctl	*ctl = arg;

	if (imsg == NULL) {
		ctl_free(ctl);
		return;
	}
	if (ctl->asked) {
		chan_breach(c, "more than one request");
		return;
	}
	ctl->asked = 1;
	evtimer_add(&ctl->timer, &tv);
	ctl_request(ctl, imsg);
}

static int
control_allowed(uid_t uid)
{
	struct ctl	*ctl;
	unsigned int	 n = 0;

	TAILQ_FOREACH(ctl, &ctls, entry)
		if (ctl->uid == uid)
			n++;
	return (nctls < CTLS_MAX && n < CTLS_PER_USER);
}

static void
control_accept(int fd, short what, void *arg)
{
	struct timeval	 tv = { CTL_ASK_TIMEOUT, 0 };
	struct ctl	*ctl;
	uid_t		 uid;
	gid_t		 gid;
	int		 s;

	(void)what;
	(void)arg;
	if ((s = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) == -1) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			log_warn("control: accept");
		return;
	}
	if (getpeereid(s, &uid, &gid) == -1 || !control_allowed(uid) ||
	    (ctl = calloc(1, sizeof(*ctl))) == NULL) {
		close(s);
		return;
	}
	ctl->uid = uid;
	if (++last_id == 0)
		last_id = 1;
	ctl->id = last_id;
	TAILQ_INSERT_TAIL(&ctls, ctl, entry);
	nctls++;
	evtimer_set(&ctl->timer, ctl_timeout, ctl);
	evtimer_add(&ctl->timer, &tv);
	ctl->chan = chan_new(s, ROLE_CTL, ctl->id, ctl_message, ctl);
}

void
control_flush(void)
{
	struct ctl	*ctl;

	TAILQ_FOREACH(ctl, &ctls, entry)
		chan_flush(ctl->chan, 0);
}

void
control_listen(int fd)
{
	if (listening) {
		event_del(&listener);
		close(EVENT_FD(&listener));
	} else
		started = relay_time();
	listening = 1;
	event_set(&listener, fd, EV_READ | EV_PERSIST, control_accept, NULL);
	event_add(&listener, NULL);
}
