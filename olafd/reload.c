/*
 * Reload in two phases.
 */

#include "compat.h"

#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keyfiles.h"
#include "listen.h"
#include "log.h"
#include "peers.h"
#include "reload.h"
#include "state.h"

#define BACKLOG	1024

static struct config	*current;
static struct config	*next;		/* NULL: no reload under way */
static uint32_t		 asker;		/* who asked for it */
static int		 again;		/* SIGHUP came meanwhile */
static int		 failed;	/* a child said CONF_BAD */
static int		 syncing;	/* all is sent, and not yet all in use */
static char *const	*config_macros;
static size_t		 config_nmacros;
static uint32_t		 listener_ids;

void
reload_init(struct config *conf, char *const *macros, size_t nmacros)
{
	current = conf;
	config_macros = macros;
	config_nmacros = nmacros;
}

struct config *
reload_config(void)
{
	return (current);
}

int
reload_under_way(void)
{
	return (next != NULL || syncing);
}

void
reload_done(uint32_t id, int ok, const char *text)
{
	struct msg_ask_done	 m;
	struct process		*relay = spawn_find(ROLE_RELAY, -1);
	struct ibuf		*b;

	if (id == 0 || relay == NULL || relay->chan == NULL)
		return;
	m.id = id;
	m.ok = ok;
	strlcpy(m.text, text, sizeof(m.text));
	b = chan_open(relay->chan, MSG_ASK_DONE, 0);
	msg_ask_done_put(b, &m);
	chan_close(relay->chan, b);
}

static void
reload_end(int ok)
{
	if (ok)
		log_info("%s: reloaded", current->file);
	else
		log_warnx("%s: not reloaded, the old configuration stays",
		    current->file);
	reload_done(asker, ok, ok ? "" : config_errors());
	config_errors_clear();
	if (again && chan_phase() == PHASE_RUNNING) {
		again = 0;
		reload_start(0);
	}
}

static void
reload_abort(void)
{
	if (next != NULL)
		listen_close(next);
	if (current->files.enabled)
		spawn_limit(current->files.max_size, 0);
	config_free(next);
	next = NULL;
	reload_end(0);
}

/* A front may have to write longer files than it could until now. */
static int
reload_limit(void)
{
	if (!next->files.enabled ||
	    spawn_limit(next->files.max_size, 1) == 0)
		return (0);
	config_error(next->file, 0, "%s: a greater one needs a restart on this "
	    "system", setting_name(SETTING_FILES_MAX_SIZE));
	return (-1);
}

static int
reload_prepare(void)
{
	const char	*what;

	if ((what = config_needs_restart(current, next)) != NULL) {
		config_error(next->file, 0, "%s: a change needs a restart",
		    what);
		return (-1);
	}
	config_advise(next);
	config_not_served(next);
	if (reload_limit() == -1)
		return (-1);
	return (keyfiles_check(next) == -1 ? -1 : listen_bind(next, current));
}

/* The file of counters grows at once: room is no promise. */
static int
reload_counters(void)
{
	int	fd;

	if (next->limits.counters <= current->limits.counters)
		return (0);
	if ((fd = state_counters(next)) == -1)
		return (-1);
	peers_counters(fd, next->limits.counters);
	return (0);
}

void
reload_start(uint32_t id)
{
	if (reload_under_way()) {
		if (id == 0)
			again = 1;
		else
			reload_done(id, 0, "a reload is under way");
		return;
	}
	if (!peers_complete()) {
		reload_done(id, 0, "a process is gone");
		return;
	}
	asker = id;
	failed = 0;
	config_errors_clear();
	if ((next = config_parse(current->file, config_macros,
	    config_nmacros)) == NULL || reload_prepare() == -1 ||
	    reload_counters() == -1 || peers_configure(next) == -1)
		reload_abort();
}

/* A listener of conf on the same address. */
static struct config_listener *
reload_find(struct config *conf, const struct config_listener *l)
{
	struct config_listener	*o;

	TAILQ_FOREACH(o, &conf->listeners, entry)
		if (o->tls == l->tls && o->sslen == l->sslen &&
		    memcmp(&o->ss, &l->ss, l->sslen) == 0)
			return (o);
	return (NULL);
}

static int
reload_listen_one(struct config_listener *l)
{
	if (l->fd == -1) {
		log_info("listen on %s: not on this system", l->host);
		return (0);
	}
	if (listen(l->fd, BACKLOG) == -1) {
		log_warn("listen on %s port %u", l->host, l->port);
		return (-1);
	}
	l->id = ++listener_ids;
	peers_listener(l, l->id);
	log_info("listening on %s port %u%s", l->host, l->port,
	    l->tls ? " tls" : "");
	return (0);
}

static void
reload_listeners(void)
{
	struct config_listener	*l, *o;

	TAILQ_FOREACH(l, &next->listeners, entry) {
		if ((o = reload_find(current, l)) != NULL)
			l->id = o->id;
		else
			reload_listen_one(l);
	}
	TAILQ_FOREACH(o, &current->listeners, entry)
		if (o->fd != -1 && reload_find(next, o) == NULL) {
			peers_listener_close(o->id);
			log_info("no longer listening on %s port %u", o->host,
			    o->port);
		}
}

static void
reload_control(void)
{
	int	fd;

	if (strcmp(current->control_socket, next->control_socket) == 0)
		return;
	if ((fd = listen_control(next)) == -1 || listen(fd, 16) == -1) {
		log_warnx("control socket: the old one stays");
		free(next->control_socket);
		if ((next->control_socket =
		    strdup(current->control_socket)) == NULL)
			fatal("control socket");
		if (fd != -1)
			close(fd);
		return;
	}
	unlink(current->control_socket);
	peers_control(fd);
}

static void
reload_swap(void)
{
	peers_tell(MSG_CONF_SWAP);
	reload_listeners();
	reload_control();
	listen_close(current);
	config_free(current);
	current = next;
	next = NULL;
	if (current->files.enabled)
		spawn_limit(current->files.max_size, 0);
	syncing = 1;
	peers_tell(MSG_CONF_SYNC);
}

void
reload_synced(struct process *p)
{
	p->synced = 1;
	if (!syncing || !peers_synced())
		return;
	syncing = 0;
	chan_send(spawn_find(ROLE_RELAY, -1)->chan, MSG_CONF_DONE);
	reload_end(1);
}

void
reload_answer(struct process *p, int ok, const char *reason)
{
	p->conf_ok = 1;
	if (next == NULL)
		return;
	if (!ok) {
		config_error(next->file, 0, "%s: %s", msgrules_role(p->role),
		    reason);
		failed = 1;
	}
	if (!peers_configured(NULL) || !peers_complete())
		return;
	if (chan_phase() != PHASE_RUNNING) {
		config_error(next->file, 0, "stopping");
		failed = 1;
	}
	if (failed || keyfiles_match(next) == -1)
		reload_abort();
	else
		reload_swap();
}

void
reload_listen(void)
{
	struct config_listener	*l;

	TAILQ_FOREACH(l, &current->listeners, entry)
		if (reload_listen_one(l) == -1)
			fatalx("cannot listen");
}
