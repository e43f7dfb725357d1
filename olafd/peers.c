/*
 * Which process talks to which, and their common setup.
 */

#include "compat.h"

#include <sys/socket.h>

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "keyfiles.h"
#include "log.h"
#include "msg_files.h"
#include "neighbours.h"
#include "peers.h"

static void
peers_give(struct process *to, struct process *peer, int fd)
{
	struct msg_peer	 m;
	struct ibuf	*b;

	m.role = peer->role;
	m.number = peer->number;
	b = chan_open(to->chan, MSG_PEER, 0);
	msg_peer_put(b, &m);
	chan_close_fd(to->chan, b, fd);
}

void
peers_connect(const struct peers_link *links, size_t n)
{
	struct process	*a, *b;
	size_t		 i;
	int		 sv[2];

	for (i = 0; i < n; i++)
		TAILQ_FOREACH(a, &processes, entry)
			TAILQ_FOREACH(b, &processes, entry) {
				if (a->role != links[i].a ||
				    b->role != links[i].b)
					continue;
				if (socketpair(AF_UNIX, SOCK_STREAM |
				    SOCK_CLOEXEC, 0, sv) == -1)
					fatal("socketpair");
				peers_give(a, b, sv[0]);
				peers_give(b, a, sv[1]);
			}
}

static void
peers_configure_front(const struct config *conf, struct chan *c)
{
	const struct config_limits	*l = &conf->limits;
	struct msg_conf_front		 m;
	struct ibuf			*b;

	m.clients = l->clients;
	m.clients_per_address = l->clients_per_address;
	m.message = l->message;
	m.link_message = l->link_message;
	m.send_queue = l->send_queue;
	m.hello_timeout = l->hello_timeout;
	m.idle_ping = l->idle_ping;
	m.stall_timeout = l->stall_timeout;
	b = chan_open(c, MSG_CONF_FRONT, 0);
	msg_conf_front_put(b, &m);
	chan_close(c, b);
}

/* As it stands in a URL: what else olafd.conf may say around it is left out. */
static void
url_address(char *buf, size_t size, const char *text)
{
	struct address	a;
	char		port[8] = "";
	int		literal;

	if (address_read(&a, text, strlen(text)) == -1)
		memset(&a, 0, sizeof(a));	/* it was checked before */
	if (a.port != 0)
		snprintf(port, sizeof(port), ":%u", a.port);
	literal = strchr(a.host, ':') != NULL;
	if (snprintf(buf, size, "%s%s%s%s", literal ? "[" : "", a.host,
	    literal ? "]" : "", port) >= (int)size)
		fatalx("address: too long");
}

static void
peers_configure_http(const struct config *conf, struct chan *c)
{
	static struct msg_conf_http	 m;
	struct ibuf			*b;

	memset(&m, 0, sizeof(m));
	m.files = conf->files.enabled;
	m.max_size = conf->files.max_size;
	url_address(m.address, sizeof(m.address), conf->address);
	if ((conf->files.url != NULL &&
	    strlcpy(m.url, conf->files.url, sizeof(m.url)) >= sizeof(m.url)) ||
	    strlcpy(m.cross_origin, conf->cross_origin,
	    sizeof(m.cross_origin)) >= sizeof(m.cross_origin))
		fatalx("files: a setting is too long");
	b = chan_open(c, MSG_CONF_HTTP, 0);
	msg_conf_http_put(b, &m);
	chan_close(c, b);
}

static void
peers_configure_files(const struct config *conf, struct chan *c)
{
	struct msg_conf_files	 m;
	struct ibuf		*b;

	m.max_size = conf->files.max_size;
	m.quota = conf->files.quota;
	m.retain = conf->files.retain;
	b = chan_open(c, MSG_CONF_FILES, 24);
	msg_conf_files_put(b, &m);
	chan_close(c, b);
}

static void
peers_configure_relay(const struct config *conf, struct chan *c)
{
	const struct config_limits	*l = &conf->limits;
	struct msg_conf_relay		 m;
	struct ibuf			*b;

	if (strlcpy(m.address, conf->address, sizeof(m.address)) >=
	    sizeof(m.address))
		fatalx("address: too long");
	m.message_rate = l->message_rate;
	m.message_burst = l->message_burst;
	m.strikes = l->strikes;
	m.hellos = l->hellos;
	m.counters = l->counters;
	m.send_queue = l->send_queue;
	m.link_users = l->link_users;
	m.update_interval = conf->update_interval;
	m.replay_session = conf->replay == REPLAY_SESSION;
	m.echo = conf->echo;
	m.push_client_list = conf->push_client_list;
	m.error_replies = conf->error_replies;
	b = chan_open(c, MSG_CONF_RELAY, 0);
	msg_conf_relay_put(b, &m);
	chan_close(c, b);
}

int
peers_configure(const struct config *conf)
{
	struct process	*p;

	peers_forget();
	peers_tell(MSG_CONF_BEGIN);
	TAILQ_FOREACH(p, &processes, entry) {
		if (p->role == ROLE_FRONT) {
			peers_configure_front(conf, p->chan);
			peers_configure_http(conf, p->chan);
		} else if (p->role == ROLE_RELAY)
			peers_configure_relay(conf, p->chan);
		else if (p->role == ROLE_FILES)
			peers_configure_files(conf, p->chan);
	}
	if (keyfiles_send(conf) == -1 || neighbours_send(conf) == -1)
		return (-1);
	peers_tell(MSG_CONF_END);
	return (0);
}

void
peers_tell(enum msg_type type)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry)
		if (p->chan != NULL)
			chan_send(p->chan, type);
}

int
peers_complete(void)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry)
		if (p->chan == NULL)
			return (0);
	return (1);
}

int
peers_ready(struct process **missing)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry)
		if (!p->ready) {
			if (missing != NULL)
				*missing = p;
			return (0);
		}
	return (1);
}

int
peers_configured(struct process **missing)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry)
		if (!p->conf_ok) {
			if (missing != NULL)
				*missing = p;
			return (0);
		}
	return (1);
}

int
peers_synced(void)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry)
		if (!p->synced)
			return (0);
	return (1);
}

void
peers_forget(void)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry) {
		p->conf_ok = 0;
		p->synced = 0;
		p->nhashes = 0;
	}
}

void
peers_listener(const struct config_listener *l, uint32_t id)
{
	struct msg_listener	 m;
	struct process		*p;
	struct ibuf		*b;
	int			 fd;

	m.id = id;
	m.tls = l->tls;
	TAILQ_FOREACH(p, &processes, entry) {
		if (p->role != ROLE_FRONT)
			continue;
		if ((fd = fcntl(l->fd, F_DUPFD_CLOEXEC, 0)) == -1)
			fatal("listener");
		b = chan_open(p->chan, MSG_LISTENER, 0);
		msg_listener_put(b, &m);
		chan_close_fd(p->chan, b, fd);
	}
}

void
peers_listener_close(uint32_t id)
{
	struct process	*p;
	struct ibuf	*b;

	TAILQ_FOREACH(p, &processes, entry)
		if (p->role == ROLE_FRONT) {
			b = chan_open(p->chan, MSG_LISTENER_CLOSE, 0);
			msg_put32(b, id);
			chan_close(p->chan, b);
		}
}

void
peers_control(int fd)
{
	struct chan	*c = spawn_find(ROLE_RELAY, -1)->chan;

	chan_close_fd(c, chan_open(c, MSG_CONTROL, 0), fd);
}

void
peers_counters(int fd, uint64_t limit)
{
	struct chan	*c = spawn_find(ROLE_RELAY, -1)->chan;
	struct ibuf	*b;

	b = chan_open(c, MSG_COUNTERS, 0);
	msg_put64(b, limit);
	chan_close_fd(c, b, fd);
}

void
peers_load(int fd)
{
	struct process	*p;
	int		 copy;

	TAILQ_FOREACH(p, &processes, entry)
		if (p->role == ROLE_FRONT) {
			if ((copy = fcntl(fd, F_DUPFD_CLOEXEC, 0)) == -1)
				fatal("load");
			chan_close_fd(p->chan, chan_open(p->chan, MSG_LOAD, 0),
			    copy);
		}
}

static void
peers_process(struct chan *c, const struct msg_process *m)
{
	struct ibuf	*b;

	b = chan_open(c, MSG_PROCESS, 0);
	msg_process_put(b, m);
	chan_close(c, b);
}

void
peers_processes(void)
{
	struct chan		*c = spawn_find(ROLE_RELAY, -1)->chan;
	struct msg_process	 m;
	struct process		*p;
	struct passwd		*pw;

	memset(&m, 0, sizeof(m));
	m.role = ROLE_PARENT;
	m.pid = (uint32_t)getpid();
	pw = getpwuid(geteuid());
	strlcpy(m.user, pw != NULL ? pw->pw_name : "?", sizeof(m.user));
	strlcpy(m.promises, olafd_promises, sizeof(m.promises));
	strlcpy(m.sandbox, sandbox_name(), sizeof(m.sandbox));
	peers_process(c, &m);
	TAILQ_FOREACH(p, &processes, entry) {
		m.role = p->role;
		m.number = p->number;
		m.pid = (uint32_t)p->pid;
		strlcpy(m.user, p->user[0] != '\0' ? p->user :
		    (pw != NULL ? pw->pw_name : "?"), sizeof(m.user));
		/* who became no other user is in no chroot either */
		strlcpy(m.root, p->user[0] != '\0' ? p->root : "",
		    sizeof(m.root));
		strlcpy(m.promises, p->promises, sizeof(m.promises));
		strlcpy(m.sandbox, p->sandbox, sizeof(m.sandbox));
		peers_process(c, &m);
	}
}
