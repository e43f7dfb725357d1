/*
 * A relay for the tests of olafctl to play, and a way to run olafctl against
 * it.
 */

#ifndef OLAFCTL_RELAY_H
#define OLAFCTL_RELAY_H

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <netinet/in.h>

#include <arpa/inet.h>
#include <err.h>
#include <event.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "chan.h"
#include "log.h"
#include "msg_ctl.h"
#include "test.h"

#define ARGS_MAX	16
#define TIMEOUT		120	/* seconds for the whole */

/* Answers the request that came: run within the relay's process. */
typedef void (*scenario)(struct chan *, struct imsg *);

static char	 path[100];		/* of the socket */
static char	 program[1024];
static char	 out[8 * 1024 * 1024], complaint[16384];	/* of the last run */

/* ---- the relay ----------------------------------------------------------- */

static scenario	 act;
static int	 any_request;	/* answer it whatever it is */

static inline void
expect(struct imsg *imsg, enum msg_type type)
{
	if (!any_request && imsg_get_type(imsg) != type)
		errx(1, "request %u instead of %d", imsg_get_type(imsg),
		    (int)type);
}

static inline void
on_request(struct chan *c, struct imsg *imsg, void *arg)
{
	(void)arg;
	if (imsg == NULL)
		_exit(0);
	act(c, imsg);
}

static inline __dead void
relay(int listener, scenario s)
{
	int	 fd;

	act = s;
	if ((fd = accept(listener, NULL, NULL)) == -1)
		err(1, "accept");
	close(listener);
	event_init();
	chan_init(ROLE_RELAY);
	chan_set_phase(PHASE_RUNNING);
	chan_new(fd, ROLE_CTL, 0, on_request, NULL);
	event_dispatch();
	_exit(1);
}

static inline int
listen_on(void)
{
	struct sockaddr_un	 sun;
	int			 fd;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
	unlink(path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    listen(fd, 1) == -1)
		err(1, "%s", path);
	return (fd);
}

static inline pid_t
start_relay(scenario s)
{
	pid_t	 pid;
	int	 fd;

	fd = listen_on();
	fflush(NULL);
	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0)
		relay(fd, s);
	close(fd);
	return (pid);
}

/* ---- olafctl ------------------------------------------------------------- */

/* Reads both pipes to their ends. */
static inline void
collect(int outfd, int errfd)
{
	struct pollfd	 pfd[2] = {
		{ outfd, POLLIN, 0 }, { errfd, POLLIN, 0 }
	};
	char		*bufs[2] = { out, complaint };
	size_t		 sizes[2] = { sizeof(out), sizeof(complaint) };
	size_t		 lens[2] = { 0, 0 };
	ssize_t		 n;
	int		 i;

	while (pfd[0].fd != -1 || pfd[1].fd != -1) {
		if (poll(pfd, 2, -1) == -1)
			err(1, "poll");
		for (i = 0; i < 2; i++) {
			if (pfd[i].fd == -1 || pfd[i].revents == 0)
				continue;
			n = read(pfd[i].fd, bufs[i] + lens[i],
			    sizes[i] - 1 - lens[i]);
			if (n <= 0) {
				close(pfd[i].fd);
				pfd[i].fd = -1;
			} else
				lens[i] += (size_t)n;
		}
	}
	out[lens[0]] = complaint[lens[1]] = '\0';
}

/* Starts olafctl and gives the ends of the pipes that it writes to. */
static inline pid_t
start_program(char **argv, int *outfd, int *errfd)
{
	pid_t	 pid;
	int	 outp[2], errp[2];

	if (pipe(outp) == -1 || pipe(errp) == -1)
		err(1, "pipe");
	fflush(NULL);
	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		dup2(outp[1], STDOUT_FILENO);
		dup2(errp[1], STDERR_FILENO);
		closefrom(3);
		execv(program, argv);
		_exit(99);
	}
	close(outp[1]);
	close(errp[1]);
	*outfd = outp[0];
	*errfd = errp[0];
	return (pid);
}

static inline int
wait_code(pid_t pid)
{
	int	 status;

	if (waitpid(pid, &status, 0) == -1)
		err(1, "waitpid");
	return (WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static inline int
run_program(char **argv)
{
	pid_t	 pid;
	int	 outfd, errfd;

	pid = start_program(argv, &outfd, &errfd);
	collect(outfd, errfd);
	return (wait_code(pid));
}

static inline int
run_words(scenario s, const char *const *words)
{
	char	*argv[ARGS_MAX] = { program, (char []){ "-s" }, path };
	pid_t	 pid = 0;
	int	 code, i;

	for (i = 3; i < ARGS_MAX - 1 && *words != NULL; i++)
		if ((argv[i] = strdup(*words++)) == NULL)
			err(1, NULL);
	if (s != NULL)
		pid = start_relay(s);
	code = run_program(argv);
	if (s != NULL)
		CHECK(wait_code(pid) == 0);
	while (i-- > 3)
		free(argv[i]);
	return (code);
}

/*
 * Runs olafctl with these words against a relay that does s, or none.  Is its
 * exit code.
 */
#define run(s, ...)							\
	run_words(s, (const char *const []){ __VA_ARGS__, NULL })

static inline void
check_text(const char *is, const char *should, int line)
{
	if (strcmp(is, should) == 0)
		return;
	fprintf(stderr, "line %d: is:\n%s\nshould be:\n%s\n", line, is, should);
	CHECK(!"as expected");
}

#define IS(is, should)	check_text(is, should, __LINE__)
#define HAS(text, part)	CHECK(strstr(text, part) != NULL)

/* ---- answers ------------------------------------------------------------- */

static inline void
answer_end(struct chan *c, int ok, const char *text)
{
	struct msg_ctl_end	 m;
	struct ibuf		*b;

	m.ok = ok;
	strlcpy(m.text, text, sizeof(m.text));
	b = chan_open(c, MSG_CTL_END, 0);
	msg_ctl_end_put(b, &m);
	chan_close(c, b);
}

static inline void
answer_summary(struct chan *c)
{
	struct msg_ctl_summary	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	strlcpy(m.version, "7.5", sizeof(m.version));
	strlcpy(m.address, "chat.example.org", sizeof(m.address));
	m.since = 1700000000;
	m.connections = 12;
	m.clients = 10;
	m.neighbours = 3;
	m.linked = 2;
	m.users = 41;
	m.messages_in = 1234;
	m.messages_out = UINT64_MAX;
	m.rate_in = 5;
	m.rate_out = 67;
	b = chan_open(c, MSG_CTL_SUMMARY, 0);
	msg_ctl_summary_put(b, &m);
	chan_close(c, b);
}

static inline void
answer_process(struct chan *c, enum role role, uint32_t number, uint32_t pid,
    const char *user, const char *root)
{
	struct msg_process	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	m.role = role;
	m.number = number;
	m.pid = pid;
	strlcpy(m.user, user, sizeof(m.user));
	strlcpy(m.root, root, sizeof(m.root));
	strlcpy(m.promises, "stdio inet", sizeof(m.promises));
	strlcpy(m.sandbox, "seccomp, landlock 7", sizeof(m.sandbox));
	b = chan_open(c, MSG_CTL_PROCESS, 0);
	msg_process_put(b, &m);
	chan_close(c, b);
}

static inline void
answer_client(struct chan *c, const char *fingerprint, const char *address,
    uint64_t since, const char *server)
{
	struct msg_ctl_client	 m;
	struct sockaddr_in	*sin = (void *)&m.address;
	struct sockaddr_in6	*sin6 = (void *)&m.address;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	strlcpy(m.fingerprint, fingerprint, sizeof(m.fingerprint));
	if (inet_pton(AF_INET, address, &sin->sin_addr) == 1) {
		sin->sin_family = AF_INET;
		sin->sin_port = htons(4711);
	} else if (inet_pton(AF_INET6, address, &sin6->sin6_addr) == 1) {
		sin6->sin6_family = AF_INET6;
		sin6->sin6_port = htons(4712);
	}
	m.since = since;
	m.messages = 17;
	m.queue = 42;
	strlcpy(m.server, server, sizeof(m.server));
	b = chan_open(c, MSG_CTL_CLIENT, 0);
	msg_ctl_client_put(b, &m);
	chan_close(c, b);
}

static inline void
answer_stat(struct chan *c, const char *name, uint64_t value)
{
	struct msg_ctl_stat	 m;
	struct ibuf		*b;

	strlcpy(m.name, name, sizeof(m.name));
	m.value = value;
	b = chan_open(c, MSG_CTL_STAT, 0);
	msg_ctl_stat_put(b, &m);
	chan_close(c, b);
}

static inline void
answer_neighbour(struct chan *c, const struct msg_ctl_neighbour *m)
{
	struct ibuf	*b;

	b = chan_open(c, MSG_CTL_NEIGHBOUR, 0);
	msg_ctl_neighbour_put(b, m);
	chan_close(c, b);
}

static inline void
answer_event(struct chan *c, uint64_t when, const char *event,
    const char *object, const char *text)
{
	struct msg_ctl_event	 m;
	struct ibuf		*b;

	m.when = when;
	strlcpy(m.event, event, sizeof(m.event));
	strlcpy(m.object, object, sizeof(m.object));
	strlcpy(m.text, text, sizeof(m.text));
	b = chan_open(c, MSG_CTL_EVENT, 0);
	msg_ctl_event_put(b, &m);
	chan_close(c, b);
}

static inline void
hang_up(struct chan *c)
{
	chan_flush(c, TIMEOUT * 1000);
	_exit(0);
}

/*
 * ---- answers in full, each to its request ---------------------------------
 */

#define FP	"xwe7nwhrIdmra63bxRpiO3H71ua8TfVQdTm/b/3YfeQ="

static inline void
clients_json(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_client(c, "", "2001:db8::1", 1700000000, "a.example");
	answer_client(c, FP, "", 0, "b.example");
	answer_end(c, 1, "");
}

static inline void
neighbours(struct chan *c, struct imsg *imsg)
{
	struct msg_ctl_neighbour	 m = {
		.name = "b.example", .state = MSG_NEIGHBOUR_LINKED,
		.since = 1700000000, .dialled = 1, .accepted = 1, .users = 41,
		.messages_in = 1234, .messages_out = 567, .updates_in = 8,
		.updates_out = 9, .refused = 3, .keys_refused = 2
	};

	expect(imsg, MSG_CTL_NEIGHBOURS);
	answer_neighbour(c, &m);
	memset(&m, 0, sizeof(m));
	strlcpy(m.name, "chat.c.example:8443", sizeof(m.name));
	m.state = MSG_NEIGHBOUR_WAITING;
	m.next_dial = 5;
	strlcpy(m.error, "connect: Connection refused", sizeof(m.error));
	answer_neighbour(c, &m);
	answer_end(c, 1, "");
}

static inline void
nothing(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_end(c, 1, "");
}

static inline void
show(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_SHOW);
	answer_summary(c);
	answer_process(c, ROLE_PARENT, 0, 1200, "root", "");
	answer_process(c, ROLE_FRONT, 1, 1201, "_olaffront", "/var/empty");
	answer_end(c, 1, "");
}

static inline void
sandbox(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_SANDBOX);
	answer_process(c, ROLE_RELAY, 0, 1300, "_olafrelay", "/var/empty");
	answer_process(c, ROLE_VERIFIER, 0, 1301, "joe", "");
	answer_end(c, 1, "");
}

static inline void
stats(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_STATS);
	answer_stat(c, "refusals.bad_json", 3);
	answer_stat(c, "front.open", 12);
	answer_stat(c, "uptime", 99);
	answer_stat(c, "refusals.replayed", 0);
	answer_stat(c, "front.bytes_in", UINT64_MAX);
	answer_stat(c, "a.b.c", 1);
	answer_stat(c, "a.b.d", 2);
	answer_stat(c, "a.bb", 3);
	answer_end(c, 1, "");
}

static inline void
prepare(void)
{
	const char	*top = getenv("OLAF_BUILD"), *tmp = getenv("TMPDIR");

	signal(SIGPIPE, SIG_IGN);
	alarm(TIMEOUT);
	setenv("TZ", "UTC0", 1);
	log_init("relay", LOG_TO_STDERR, 0);
	snprintf(program, sizeof(program), "%s/olafctl/olafctl",
	    top != NULL ? top : "../..");
	snprintf(path, sizeof(path), "%s/ctl.sock", tmp != NULL ? tmp : ".");
}

#endif
