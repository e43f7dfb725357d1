/*
 * olafd: the privileged parent.  It reads the configuration, opens what is
 * privileged, starts, watches and stops the others, and never reads an octet
 * from the network.
 */

#include "compat.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "keyfiles.h"
#include "listen.h"
#include "log.h"
#include "peers.h"
#include "reload.h"
#include "shared.h"
#include "spawn.h"
#include "state.h"

#define READY_TIMEOUT	10	/* seconds for all children to start */
#define STOP_TIMEOUT	10	/* seconds for all to take their leave */
#define MACROS_MAX	32

/* Which process talks to which; with the parent they all do. */
static const struct peers_link links[] = {
	{ ROLE_FRONT,	ROLE_RELAY },
	{ ROLE_FRONT,	ROLE_SIGNER },
	{ ROLE_RELAY,	ROLE_VERIFIER },
	{ ROLE_RELAY,	ROLE_SIGNER },
	{ ROLE_FRONT,	ROLE_FILES },
	{ ROLE_RELAY,	ROLE_FILES },
};

const char *const olafd_promises =
    "stdio rpath wpath cpath fattr inet unix sendfd proc id";

static struct spawn_options	 spawn_options;
static struct event		 timer;		/* the barrier's, then the stop's */
static int			 control_fd = -1;
static int			 stopping;
static int			 exit_code;

static __dead void
usage(void)
{
	fprintf(stderr, "usage: olafd [-dnv] [-D macro=value] [-f file] "
	    "[-L directory]\n");
	exit(1);
}

static void
stop_others(void)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry)
		if (p->chan != NULL && p->role != ROLE_FRONT)
			chan_send(p->chan, MSG_STOP);
}

/*
 * Stop in order: the fronts first, which finish what is under way and take
 * leave of every client, then, when they are gone, the others.
 */
static void
stop(int code)
{
	struct timeval	 tv = { STOP_TIMEOUT, 0 };
	struct process	*p;

	if (code != 0)
		exit_code = code;
	if (stopping)
		return;
	stopping = 1;
	log_info("stopping");
	chan_set_phase(PHASE_SHUTDOWN);
	if (control_fd != -1)
		unlink(reload_config()->control_socket);
	TAILQ_FOREACH(p, &processes, entry)
		if (p->chan != NULL && p->role == ROLE_FRONT)
			chan_send(p->chan, MSG_STOP);
	if (spawn_alive(ROLE_FRONT) == 0)
		stop_others();
	evtimer_add(&timer, &tv);
}

static __dead void
finish(void)
{
	log_info("stopped");
	exit(exit_code);
}

static void
on_timer(int fd, short what, void *arg)
{
	struct process	*p;

	(void)fd;
	(void)what;
	(void)arg;
	if (stopping) {
		log_warnx("stop: took too long, killing what is left");
		spawn_kill(SIGKILL);
		return;
	}
	if (!peers_configured(&p) || !peers_ready(&p)) {
		log_warnx("%s: not ready within %d seconds", spawn_name(p),
		    READY_TIMEOUT);
		stop(1);
	}
}

static void
on_child_gone(struct process *p, const char *why, int clean)
{
	spawn_log_drain(p);
	if (!stopping || !clean) {
		log_warnx("%s: %s", spawn_name(p), why);
		exit_code = 1;
	}
	p->pid = 0;
	chan_free(p->chan);
	p->chan = NULL;
	if (!stopping)
		stop(1);
	else if (p->role == ROLE_FRONT && spawn_alive(ROLE_FRONT) == 0)
		stop_others();
	if (spawn_alive(ROLE_MAX) == 0)
		finish();
}

static void
on_signal(int sig, short what, void *arg)
{
	struct process	*p;
	char		 why[64];
	int		 clean;

	(void)what;
	(void)arg;
	switch (sig) {
	case SIGCHLD:
		while ((p = spawn_reap(why, sizeof(why), &clean)) != NULL)
			on_child_gone(p, why, clean);
		break;
	case SIGHUP:
		if (chan_phase() == PHASE_RUNNING)
			reload_start(0);
		break;
	case SIGTERM:
	case SIGINT:
		stop(0);
		break;
	default:
		fatalx("unexpected signal %d", sig);
	}
}

/* All are in their sandboxes: from here on there is something to talk to. */
static void
all_ready(void)
{
	chan_set_phase(PHASE_RUNNING);
	evtimer_del(&timer);
	if (pledge(olafd_promises, NULL) == -1)
		fatal("pledge");
	log_info("sandbox: %s, promises \"%s\"", sandbox_name(),
	    olafd_promises);
	peers_processes();
	if (listen(control_fd, 16) == -1)
		fatal("control socket");
	peers_control(fcntl(control_fd, F_DUPFD_CLOEXEC, 0));
	reload_listen();
	log_info("ready");
}

static void
on_ready(struct process *p, struct ibuf *b)
{
	struct msg_ready	m;

	if (p->ready || msg_ready_get(b, &m) == -1) {
		chan_breach(p->chan, "READY");
		return;
	}
	strlcpy(p->promises, m.promises, sizeof(p->promises));
	strlcpy(p->sandbox, m.sandbox, sizeof(p->sandbox));
	p->ready = 1;
	if (!stopping && peers_ready(NULL) && peers_complete())
		all_ready();
}

/* Before the start is through, what a reload would report ends it. */
static void
on_first_conf(struct process *p, int ok, const char *reason)
{
	p->conf_ok = 1;
	if (stopping)
		return;
	if (!ok) {
		log_warnx("%s: %s", spawn_name(p), reason);
		stop(1);
	} else if (peers_configured(NULL) && peers_complete()) {
		if (keyfiles_match(reload_config()) == -1)
			stop(1);
		else
			peers_tell(MSG_START);
	}
}

static void
on_conf(struct process *p, int ok, struct ibuf *b)
{
	char	reason[MSG_REASON_MAX] = "";

	if (p->conf_ok) {
		chan_breach(p->chan, "answer without a question");
		return;
	}
	if (ok) {
		p->nhashes = ibuf_size(b) / MSG_HASH_LEN;
		if (p->nhashes > MSG_KEYS_MAX ||
		    msg_get_bytes(b, p->hashes, p->nhashes * MSG_HASH_LEN) ==
		    -1 || msg_get_end(b) == -1) {
			chan_breach(p->chan, "CONF_OK");
			return;
		}
	} else if (msg_string_only_get(b, reason, sizeof(reason)) == -1) {
		chan_breach(p->chan, "CONF_BAD");
		return;
	}
	if (reload_under_way())
		reload_answer(p, ok, reason);
	else
		on_first_conf(p, ok, reason);
}

static void
on_ask_verbose(struct process *p, struct ibuf *b)
{
	struct msg_ask_verbose	 m;
	struct process		*q;
	struct ibuf		*out;

	if (msg_ask_verbose_get(b, &m) == -1) {
		chan_breach(p->chan, "ASK_VERBOSE");
		return;
	}
	if (stopping) {
		reload_done(m.id, 0, "stopping");
		return;
	}
	log_set_verbose(m.verbose);
	TAILQ_FOREACH(q, &processes, entry)
		if (q->chan != NULL) {
			out = chan_open(q->chan, MSG_VERBOSE, 0);
			msg_put8(out, m.verbose);
			chan_close(q->chan, out);
		}
	reload_done(m.id, 1, "");
}

static void
on_ask(struct process *p, uint32_t type, struct ibuf *b)
{
	uint32_t	id;

	if (msg_number_only_get(b, &id) == -1 || id == 0) {
		chan_breach(p->chan, "ASK");
		return;
	}
	if (type == MSG_ASK_STOP) {
		reload_done(id, 1, "");
		stop(0);
	} else if (stopping)
		reload_done(id, 0, "stopping");
	else
		reload_start(id);
}

/*
 * A child whose channel is closed but which lives on is of no use to anybody.
 */
static void
on_mute(int fd, short what, void *arg)
{
	struct process	*p = arg;

	(void)fd;
	(void)what;
	if (p->pid == 0)
		return;
	log_warnx("%s: has no channel left, killing it", spawn_name(p));
	kill(p->pid, SIGKILL);
}

/* What the children say; one that ends is SIGCHLD's affair. */
static void
on_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct process	*p = arg;
	struct timeval	 tv = { chan_breached(c) ? 0 : 1, 0 };
	struct ibuf	 b;
	uint32_t	 type;

	if (imsg == NULL) {
		if (chan_breached(c))
			stop(1);
		chan_free(c);
		p->chan = NULL;
		event_once(-1, EV_TIMEOUT, on_mute, p, &tv);
		return;
	}
	if (imsg_get_ibuf(imsg, &b) == -1)
		memset(&b, 0, sizeof(b));
	switch (type = imsg_get_type(imsg)) {
	case MSG_READY:
		on_ready(p, &b);
		break;
	case MSG_CONF_OK:
	case MSG_CONF_BAD:
		on_conf(p, type == MSG_CONF_OK, &b);
		break;
	case MSG_CONF_SYNCED:
		reload_synced(p);
		break;
	case MSG_ASK_RELOAD:
	case MSG_ASK_STOP:
		on_ask(p, type, &b);
		break;
	case MSG_ASK_VERBOSE:
		on_ask_verbose(p, &b);
		break;
	default:
		chan_breach(c, "unexpected");
	}
}

static void
watch_signals(void)
{
	static struct event	evs[4];
	static const int	sigs[] = { SIGCHLD, SIGHUP, SIGTERM, SIGINT };
	size_t			i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < nitems(sigs); i++) {
		signal_set(&evs[i], sigs[i], on_signal, NULL);
		signal_add(&evs[i], NULL);
	}
	evtimer_set(&timer, on_timer, NULL);
}

/* As many descriptors as the system gives: a connection is one. */
static void
raise_files(void)
{
	struct rlimit	rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		fatal("getrlimit");
	rl.rlim_cur = rl.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		log_warn("setrlimit");
}

static void
check_users(const struct config *conf)
{
	static const enum role	roles[] = { ROLE_FRONT, ROLE_RELAY,
				    ROLE_VERIFIER, ROLE_SIGNER, ROLE_FILES };
	char			user[MSG_NAME_MAX];
	size_t			i;

	for (i = 0; i < nitems(roles); i++)
		if ((roles[i] != ROLE_FILES || conf->files.enabled) &&
		    spawn_user(conf, roles[i], user, sizeof(user)) == -1)
			errx(1, "no user %s: \"make install\" makes it, or "
			    "see user prefix in olafd.conf(5)", user);
}

/* Opens and checks all that may fail while stderr is still there to say so. */
static void
prepare(struct config *conf)
{
	if (!spawn_options.unprivileged)
		check_users(conf);
	spawn_check_programs(conf, &spawn_options);
	state_check(conf);
	if (conf->files.enabled)
		state_files(conf, spawn_options.unprivileged);
	if (keyfiles_check(conf) == -1 || listen_bind(conf, NULL) == -1 ||
	    (control_fd = listen_control(conf)) == -1)
		exit(1);
	raise_files();
	config_advise(conf);
	config_not_served(conf);
}

static __dead void
run(struct config *conf, char *const *macros, size_t nmacros)
{
	struct timeval	tv = { READY_TIMEOUT, 0 };
	int		fd;

	if (!spawn_options.foreground) {
		if (daemon(1, 0) == -1)
			err(1, "daemon");
		log_init("olafd", LOG_TO_SYSLOG, spawn_options.verbose);
	}
	if (spawn_options.unprivileged)
		log_info("not started as root: no chroot and no change of "
		    "user, but the sandbox is on");
	title_set("parent");
	if (event_init() == NULL)
		fatalx("event_init");
	chan_init(ROLE_PARENT);
	watch_signals();
	reload_init(conf, macros, nmacros);
	config_errors_clear();
	spawn_all(conf, &spawn_options, on_message);
	peers_connect(links, nitems(links));
	if ((fd = state_counters(conf)) == -1)
		stop(1);
	else
		peers_counters(fd, conf->limits.counters);
	peers_load(fd = state_shared(conf, LOAD_SIZE));
	close(fd);
	if (peers_configure(conf) == -1)
		stop(1);
	evtimer_add(&timer, &tv);
	if (event_dispatch() == -1)
		fatal("event loop");
	fatalx("event loop ended");
}

int
main(int argc, char *argv[], char *envp[])
{
	static char	*macros[MACROS_MAX];
	const char	*file = PATH_CONF;
	struct config	*conf;
	size_t		 nmacros = 0;
	int		 ch, noaction = 0;

	title_init(argc, argv, envp);
	spawn_options.directory = PATH_LIBEXEC;
	spawn_options.unprivileged = geteuid() != 0;
	while ((ch = getopt(argc, argv, "D:dL:f:nv")) != -1)
		switch (ch) {
		case 'D':
			if (nmacros == MACROS_MAX)
				usage();
			macros[nmacros++] = optarg;
			break;
		case 'd':
			spawn_options.foreground = 1;
			break;
		case 'L':
			spawn_options.directory = optarg;
			break;
		case 'f':
			file = optarg;
			break;
		case 'n':
			noaction = 1;
			break;
		case 'v':
			spawn_options.verbose = 1;
			break;
		default:
			usage();
		}
	if (optind != argc)
		usage();
	log_init("olafd", LOG_TO_STDERR, spawn_options.verbose);
	if ((conf = config_parse(file, macros, nmacros)) == NULL)
		exit(1);
	if (noaction) {
		if (spawn_options.verbose)
			config_print(stdout, conf);
		config_advise(conf);
		config_not_served(conf);
		keyfiles_check(conf);	/* warns; the start would insist */
		exit(0);
	}
	prepare(conf);
	run(conf, macros, nmacros);
}
