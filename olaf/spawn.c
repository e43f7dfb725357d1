/*
 * Starting the helpers and entering our own sandbox.
 */

#include "compat.h"

#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "config.h"
#include "helper.h"
#include "log.h"
#include "program.h"
#include "spawn.h"

#define READY_SECONDS	10
#define HELD_MAX	8192	/* octets of stderr kept for the end */
#define CA_MAX		(1024 * 1024)
#define CERTIFICATE	"-----BEGIN CERTIFICATE-----"
#define HELPER_ENV_MAX	8	/* with NULL */

struct helper_process {
	const char	*program;
	enum role	 role;
	unsigned int	 wanted;	/* by these */
	void		(*handler)(struct chan *, struct imsg *);
	struct chan	*chan;
	int		 ready;
};

struct connecting {
	TAILQ_ENTRY(connecting)	 entry;
	uint32_t		 id;
	void			(*done)(int, const struct msg_connected *,
				    const char *, void *);
	void			*arg;
};

static void	 dial_message(struct chan *, struct imsg *);

enum { DIAL, NET, TRANSFER };

static struct helper_process	 helpers[] = {
	[DIAL] = { "olaf-dial", ROLE_DIAL, SPAWN_SESSION | SPAWN_TRANSFER,
	    dial_message, NULL, 0 },
	[NET] = { "olaf-net", ROLE_NET, SPAWN_SESSION, NULL, NULL, 0 },
	[TRANSFER] = { "olaf-transfer", ROLE_TRANSFER, SPAWN_TRANSFER, NULL,
	    NULL, 0 },
};

static TAILQ_HEAD(, connecting)	 connectings =
				    TAILQ_HEAD_INITIALIZER(connectings);
static uint32_t			 connect_id;

/* The pipe to which helpers, and perhaps we, write what goes to stderr. */
static int			 log_read = -1, log_write = -1;
static int			 real_stderr = STDERR_FILENO;
static void			 (*before_end)(void);
static char			 held[HELD_MAX];
static size_t			 held_len;
static struct event		 log_event;

struct chan *
spawn_net(void)
{
	return (helpers[NET].chan);
}

struct chan *
spawn_transfer(void)
{
	return (helpers[TRANSFER].chan);
}

void
spawn_on_net(void (*handler)(struct chan *, struct imsg *))
{
	helpers[NET].handler = handler;
}

void
spawn_on_transfer(void (*handler)(struct chan *, struct imsg *))
{
	helpers[TRANSFER].handler = handler;
}

struct ibuf *
spawn_ibuf(struct imsg *imsg, struct ibuf *b)
{
	if (imsg_get_ibuf(imsg, b) == -1)
		memset(b, 0, sizeof(*b));	/* no payload: nothing to get */
	return (b);
}

/* ---- stderr -------------------------------------------------------------- */

/* Foreign programs' words, so each octet of them is looked at. */
static void
log_print(const char *text, size_t len)
{
	char	line[CLEAN_LINE_MAX(1024)];
	size_t	n, part;

	for (; len > 0; text += part, len -= part) {
		n = part = len < 1024 ? len : 1024;
		if (memchr(text, '\n', n) != NULL)
			part = (size_t)((const char *)memchr(text, '\n', n) -
			    text) + 1;
		n = clean_line(text, text[part - 1] == '\n' ? part - 1 : part,
		    line, sizeof(line) - 1);
		line[n++] = '\n';
		if (write(real_stderr, line, n) == -1)
			return;
	}
}

static void
log_keep(const char *text, size_t len)
{
	size_t	drop;

	if (held_len + len > sizeof(held)) {
		drop = held_len + len - sizeof(held);
		memmove(held, held + drop, held_len - drop);
		held_len -= drop;
	}
	memcpy(held + held_len, text, len);
	held_len += len;
}

static void
log_readable(int fd, short what, void *arg)
{
	char	buf[4096];
	ssize_t	n;

	(void)what;
	(void)arg;
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if (before_end != NULL)
			log_keep(buf, (size_t)n);
		else
			log_print(buf, (size_t)n);
	}
}

/* At exit(3): gives back the terminal, then says what was kept. */
static void
log_end(void)
{
	void	(*restore)(void) = before_end;

	if (restore != NULL)
		restore();
	log_readable(log_read, 0, NULL);
	before_end = NULL;
	log_print(held, held_len);
	held_len = 0;
}

static void
log_start(void)
{
	int	fds[2];

	if (pipe2(fds, O_CLOEXEC) == -1)
		err(1, "pipe");
	log_read = fds[0];
	log_write = fds[1];
	if (fcntl(log_read, F_SETFL, O_NONBLOCK) == -1 ||
	    fcntl(log_write, F_SETFL, O_NONBLOCK) == -1)
		err(1, "fcntl");
	event_set(&log_event, log_read, EV_READ | EV_PERSIST, log_readable,
	    NULL);
	event_add(&log_event, NULL);
	if (atexit(log_end) != 0)
		errx(1, "atexit");
}

void
spawn_hold_stderr(void (*restore)(void))
{
	if ((real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) == -1 ||
	    dup2(log_write, STDERR_FILENO) == -1)
		err(1, "stderr");
	before_end = restore;
}

/* ---- the helpers --------------------------------------------------------- */

/*
 * Its own last words come by the pipe; they have been written, for it closed
 * the channel by ending.
 */
static __dead void
helper_gone(const struct helper_process *h, const struct chan *c)
{
	log_readable(log_read, 0, NULL);
	if (!chan_breached(c))
		log_warnx("%s: ended unexpectedly", h->program);
	exit(1);
}

static void
helper_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct helper_process	*h = arg;
	struct msg_ready	 m;
	struct ibuf		 b;

	if (imsg == NULL)
		helper_gone(h, c);
	if (imsg_get_type(imsg) != MSG_HELPER_READY) {
		if (h->ready && h->handler != NULL)
			h->handler(c, imsg);
		else
			chan_breach(c, "message before it is ready");
		return;
	}
	if (h->ready || msg_ready_get(spawn_ibuf(imsg, &b), &m) == -1) {
		chan_breach(c, "HELPER_READY");
		return;
	}
	h->ready = 1;
	log_debug("%s: sandbox: %s, promises \"%s\"", h->program, m.sandbox,
	    m.promises);
}

/*
 * What a helper may know of our environment: the time zone, what a resolver and
 * a linker want, and what tests want of sanitizers.  Passwords are often there.
 */
static void
helper_environment(char *env[HELPER_ENV_MAX])
{
	static const char *const	names[] = {
		"TZ", "LOCALDOMAIN", "RES_OPTIONS", "LD_LIBRARY_PATH",
		"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"
	};
	const char			*value;
	size_t				 i, n = 0;

	_Static_assert(nitems(names) < HELPER_ENV_MAX, "HELPER_ENV_MAX");
	for (i = 0; i < nitems(names); i++)
		if ((value = getenv(names[i])) != NULL &&
		    asprintf(&env[n++], "%s=%s", names[i], value) == -1)
			err(1, NULL);
	env[n] = NULL;
}

/* Neither the terminal, of which keys could be read, nor what a script reads. */
static void
helper_descriptors(void)
{
	int	fd;

	if ((fd = open("/dev/null", O_RDWR)) == -1 ||
	    dup2(fd, STDIN_FILENO) == -1 || dup2(fd, STDOUT_FILENO) == -1 ||
	    dup2(log_write, STDERR_FILENO) == -1)
		err(1, "/dev/null");
}

static __dead void
helper_exec(const char *path, const char *program, int fd)
{
	char	name[32];
	char	flag[] = "-v";
	char	*argv[] = { name, config.verbose ? flag : NULL, NULL };
	char	*env[HELPER_ENV_MAX];

	strlcpy(name, program, sizeof(name));
	setsid();	/* what the terminal or timeout(1) ends is olaf alone */
	helper_environment(env);
	helper_descriptors();
	if (fd == HELPER_OLAF_FD) {
		if (fcntl(fd, F_SETFD, 0) == -1)
			err(1, "fcntl");
	} else if (dup2(fd, HELPER_OLAF_FD) == -1)
		err(1, "dup2");
	closefrom(HELPER_OLAF_FD + 1);
	execve(path, argv, env);
	err(1, "%s", path);
}

static void
helper_spawn(struct helper_process *h)
{
	char	path[PATH_MAX];
	int	fds[2];

	if (program_path(config.libexec, h->program, path, sizeof(path)) == -1)
		err(1, "%s", path);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, PF_UNSPEC, fds) ==
	    -1)
		err(1, "socketpair");
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		helper_exec(path, h->program, fds[1]);
	default:
		break;
	}
	close(fds[1]);
	h->chan = chan_new(fds[0], h->role, 0, helper_message, h);
}

static void
too_late(int fd, short what, void *arg)
{
	size_t	i;

	(void)fd;
	(void)what;
	(void)arg;
	for (i = 0; i < nitems(helpers); i++)
		if (helpers[i].chan != NULL && !helpers[i].ready)
			errx(1, "%s: not ready within %d seconds",
			    helpers[i].program, READY_SECONDS);
}

static int
all_ready(void)
{
	size_t	i;

	for (i = 0; i < nitems(helpers); i++)
		if (helpers[i].chan != NULL && !helpers[i].ready)
			return (0);
	return (1);
}

/* ---- certificates -------------------------------------------------------- */

/* The PEM of the authorities; empty if the system has none. */
static char *
read_ca(size_t *len)
{
	const char	*path = config.server.ca, *env;
	char		*text;
	ssize_t		 n;
	int		 fd;

	if (path[0] == '\0') {
		env = getenv("SSL_CERT_FILE");
		path = env != NULL ? env : PATH_CA;
	}
	*len = 0;
	if ((text = malloc(CA_MAX)) == NULL)
		err(1, NULL);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		if (config.server.ca[0] != '\0')
			err(1, "%s", path);
		return (text);
	}
	while (*len < CA_MAX &&
	    (n = read(fd, text + *len, CA_MAX - *len)) != 0) {
		if (n == -1)
			err(1, "%s", path);
		*len += (size_t)n;
	}
	if (*len == CA_MAX)
		errx(1, "%s: longer than %d octets", path, CA_MAX);
	close(fd);
	if (config.server.ca[0] != '\0' &&
	    memmem(text, *len, CERTIFICATE, strlen(CERTIFICATE)) == NULL)
		errx(1, "%s: no certificate in it", path);
	return (text);
}

static void
send_ca(void)
{
	struct chan	*to[] = { helpers[NET].chan, helpers[TRANSFER].chan };
	struct ibuf	*b;
	size_t		 i, len;
	char		*text;

	text = read_ca(&len);
	for (i = 0; i < nitems(to); i++) {
		if (to[i] == NULL)
			continue;
		b = chan_open(to[i], MSG_CLIENT_CA, len);
		msg_put_bytes(b, text, len);
		chan_close(to[i], b);
	}
	free(text);
}

void
spawn_start(unsigned int wanted)
{
	struct timeval	tv = { READY_SECONDS, 0 };
	struct event	timer;
	size_t		i;

	if (event_init() == NULL)
		errx(1, "event_init");
	chan_init(ROLE_OLAF);
	chan_set_phase(PHASE_RUNNING);
	log_start();
	for (i = 0; i < nitems(helpers); i++)
		if (helpers[i].wanted & wanted)
			helper_spawn(&helpers[i]);
	evtimer_set(&timer, too_late, NULL);
	evtimer_add(&timer, &tv);
	while (!all_ready())
		if (event_loop(EVLOOP_ONCE) != 0)
			errx(1, "event loop");
	evtimer_del(&timer);
	send_ca();
}

/* ---- our own sandbox ----------------------------------------------------- */

static void
unveil_rwc(const char *path)
{
	if (unveil(path, "rwc") == -1)
		err(1, "unveil %s", path);
}

void
spawn_hide_files(void)
{
	char		 path[PATH_MAX], real[PATH_MAX], *directory;
	size_t		 len;

	strlcpy(path, config.identity, sizeof(path));
	directory = dirname(path);
	unveil_rwc(config.directory);
	if (realpath(directory, real) == NULL)
		err(1, "%s", directory);
	len = strlen(real);
	if (realpath(config.directory, path) == NULL)
		err(1, "%s", config.directory);
	if (strncmp(path, real, len) != 0 || path[len] != '\0')
		unveil_rwc(real);
}

void
spawn_sandbox(const char *promises)
{
	tzset();
	if (pledge(promises, NULL) == -1)
		err(1, "pledge \"%s\"", promises);
	log_debug("sandbox: %s, promises \"%s\"", sandbox_name(), promises);
}

/* ---- connections --------------------------------------------------------- */

void
spawn_connect(const char *host, uint16_t port,
    void (*done)(int, const struct msg_connected *, const char *, void *),
    void *arg)
{
	struct connecting	*c;
	struct msg_connect	 m;
	struct ibuf		*b;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		err(1, NULL);
	c->id = m.id = ++connect_id;
	c->done = done;
	c->arg = arg;
	TAILQ_INSERT_TAIL(&connectings, c, entry);
	m.port = port;
	strlcpy(m.host, host, sizeof(m.host));
	b = chan_open(helpers[DIAL].chan, MSG_CONNECT, 0);
	msg_connect_put(b, &m);
	chan_close(helpers[DIAL].chan, b);
}

void
spawn_connect_cancel(const void *arg)
{
	struct connecting	*c, *next;

	for (c = TAILQ_FIRST(&connectings); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		if (c->arg != arg)
			continue;
		TAILQ_REMOVE(&connectings, c, entry);
		free(c);
	}
}

static struct connecting *
find_connecting(uint32_t id)
{
	struct connecting	*c;

	TAILQ_FOREACH(c, &connectings, entry)
		if (c->id == id)
			break;
	if (c != NULL)
		TAILQ_REMOVE(&connectings, c, entry);
	return (c);
}

static void
dial_connected(struct chan *chan, struct ibuf *b)
{
	struct msg_connected	 m;
	struct connecting	*c;
	int			 fd;

	if (msg_connected_get(b, &m) == -1) {
		chan_breach(chan, "CONNECTED");
		return;
	}
	fd = chan_take_fd(chan);
	if ((c = find_connecting(m.id)) == NULL) {
		close(fd);
		return;
	}
	c->done(fd, &m, NULL, c->arg);
	free(c);
}

static void
dial_failed(struct chan *chan, struct ibuf *b)
{
	char				 why[CLEAN_LINE_MAX(MSG_WHY_MAX)];
	struct msg_connect_failed	 m;
	struct connecting		*c;

	if (msg_connect_failed_get(b, &m) == -1) {
		chan_breach(chan, "CONNECT_FAILED");
		return;
	}
	if ((c = find_connecting(m.id)) == NULL)
		return;
	clean_line(m.why, strlen(m.why), why, sizeof(why));
	c->done(-1, NULL, why, c->arg);
	free(c);
}

static void
dial_message(struct chan *c, struct imsg *imsg)
{
	struct ibuf	b;

	switch (imsg_get_type(imsg)) {
	case MSG_CONNECTED:
		dial_connected(c, spawn_ibuf(imsg, &b));
		break;
	case MSG_CONNECT_FAILED:
		dial_failed(c, spawn_ibuf(imsg, &b));
		break;
	default:
		chan_breach(c, "message for another");
	}
}
