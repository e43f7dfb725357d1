/*
 * olafctl against a relay that the test plays: what it asks, what it makes of
 * the answers, and that no answer, however wrong, does more than end it.
 */

#include "compat.h"

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
#include <stdarg.h>
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
#define TIMEOUT		30	/* seconds for the whole */

/* Answers the request that came: run within the relay's process. */
typedef void (*scenario)(struct chan *, struct imsg *);

static char	 path[100];		/* of the socket */
static char	 program[1024];
static char	 out[8 * 1024 * 1024], complaint[16384];	/* of the last run */

/* ---- the relay ----------------------------------------------------------- */

static scenario	 act;
static int	 any_request;	/* answer it whatever it is */

static void
expect(struct imsg *imsg, enum msg_type type)
{
	if (!any_request && imsg_get_type(imsg) != type)
		errx(1, "request %u instead of %u", imsg_get_type(imsg), type);
}

static void
on_request(struct chan *c, struct imsg *imsg, void *arg)
{
	(void)arg;
	if (imsg == NULL)
		_exit(0);
	act(c, imsg);
}

static __dead void
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

static int
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

static pid_t
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
static void
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

static int
run_program(char **argv)
{
	pid_t	 pid;
	int	 outp[2], errp[2], status;

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
	collect(outp[0], errp[0]);
	if (waitpid(pid, &status, 0) == -1)
		err(1, "waitpid");
	return (WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

/*
 * Runs olafctl with these words, NULL at their end, against a relay that does s.
 * Returns its exit code.
 */
static int
run(scenario s, ...)
{
	char	*argv[ARGS_MAX];
	pid_t	 pid = 0;
	va_list	 ap;
	int	 code, i = 0, status;

	argv[i++] = program;
	argv[i++] = (char []){ "-s" };
	argv[i++] = path;
	va_start(ap, s);
	while (i < ARGS_MAX - 1 && (argv[i] = va_arg(ap, char *)) != NULL)
		i++;
	va_end(ap);
	argv[i] = NULL;
	if (s != NULL)
		pid = start_relay(s);
	code = run_program(argv);
	if (s != NULL)
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	return (code);
}

static void
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

static void
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

static void
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
	m.messages_in = 1234;
	m.messages_out = UINT64_MAX;
	m.rate_in = 5;
	m.rate_out = 67;
	b = chan_open(c, MSG_CTL_SUMMARY, 0);
	msg_ctl_summary_put(b, &m);
	chan_close(c, b);
}

static void
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

static void
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

static void
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

static void
hang_up(struct chan *c)
{
	chan_flush(c, TIMEOUT * 1000);
	_exit(0);
}

/* ---- show ---------------------------------------------------------------- */

static void
show(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_SHOW);
	answer_summary(c);
	answer_process(c, ROLE_PARENT, 0, 1200, "root", "");
	answer_process(c, ROLE_FRONT, 1, 1201, "_olaffront", "/var/empty");
	answer_end(c, 1, "");
}

static void
test_show(void)
{
	CHECK(run(show, "show", NULL) == 0);
	IS(complaint, "");
	HAS(out, "version         7.5\n"
	    "address         chat.example.org\n"
	    "up since        2023-11-14 22:13:20 (");
	HAS(out, "connections     12, of which 10 clients\n"
	    "messages in     1234, now 5 a second\n"
	    "messages out    18446744073709551615, now 67 a second\n"
	    "\n"
	    "PROCESS                       PID  USER\n"
	    "olafd                        1200  root\n"
	    "olaf-front 1                 1201  _olaffront\n");
}

static void
test_show_json(void)
{
	CHECK(run(show, "-j", "show", NULL) == 0);
	IS(complaint, "");
	IS(out, "{\"version\":\"7.5\",\"address\":\"chat.example.org\","
	    "\"since\":1700000000,\"connections\":12,\"clients\":10,"
	    "\"messages_in\":1234,\"messages_out\":18446744073709551615,"
	    "\"rate_in\":5,\"rate_out\":67,\"processes\":[\n"
	    "{\"name\":\"olafd\",\"pid\":1200,\"user\":\"root\",\"root\":null,"
	    "\"promises\":\"stdio inet\",\"sandbox\":\"seccomp, landlock 7\"},\n"
	    "{\"name\":\"olaf-front 1\",\"pid\":1201,\"user\":\"_olaffront\","
	    "\"root\":\"/var/empty\",\"promises\":\"stdio inet\","
	    "\"sandbox\":\"seccomp, landlock 7\"}\n"
	    "]}\n");
}

static void
show_summary_only(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_summary(c);
	answer_end(c, 1, "");
}

static void
test_show_no_processes(void)
{
	CHECK(run(show_summary_only, "-j", "show", NULL) == 0);
	HAS(out, ",\"rate_out\":67,\"processes\":[]}\n");
}

static void
sandbox(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_SANDBOX);
	answer_process(c, ROLE_RELAY, 0, 1300, "_olafrelay", "/var/empty");
	answer_process(c, ROLE_VERIFIER, 0, 1301, "joe", "");
	answer_end(c, 1, "");
}

static void
test_sandbox(void)
{
	CHECK(run(sandbox, "show", "sandbox", NULL) == 0);
	IS(out, "olaf-relay, pid 1300\n"
	    "  user          _olafrelay\n"
	    "  root          /var/empty\n"
	    "  promises      stdio inet\n"
	    "  sandbox       seccomp, landlock 7\n"
	    "\n"
	    "olaf-keys verifier 0, pid 1301\n"
	    "  user          joe\n"
	    "  root          -\n"
	    "  promises      stdio inet\n"
	    "  sandbox       seccomp, landlock 7\n");
	CHECK(run(sandbox, "-j", "show", "sandbox", NULL) == 0);
	IS(out, "{\"processes\":[\n"
	    "{\"name\":\"olaf-relay\",\"pid\":1300,\"user\":\"_olafrelay\","
	    "\"root\":\"/var/empty\",\"promises\":\"stdio inet\","
	    "\"sandbox\":\"seccomp, landlock 7\"},\n"
	    "{\"name\":\"olaf-keys verifier 0\",\"pid\":1301,\"user\":\"joe\","
	    "\"root\":null,\"promises\":\"stdio inet\","
	    "\"sandbox\":\"seccomp, landlock 7\"}\n"
	    "]}\n");
}

/* ---- show clients -------------------------------------------------------- */

#define FP	"xwe7nwhrIdmra63bxRpiO3H71ua8TfVQdTm/b/3YfeQ="

static void
clients(struct chan *c, struct imsg *imsg)
{
	struct msg_ctl_clients	 m;
	struct ibuf		 b;

	if (imsg_get_type(imsg) != MSG_CTL_CLIENTS ||
	    imsg_get_ibuf(imsg, &b) == -1 || msg_ctl_clients_get(&b, &m) == -1)
		errx(1, "no CLIENTS");
	if (m.fingerprint[0] == '\0')
		answer_client(c, "", "2001:db8::1", 1700000000, "a.example");
	answer_client(c, FP, "192.0.2.1",
	    (uint64_t)time(NULL) - (3600 + 2 * 60 + 30), "a.example");
	if (m.all)
		answer_client(c, m.fingerprint, "", 0, "b.example");
	answer_end(c, 1, "");
}

static void
test_clients(void)
{
	CHECK(run(clients, "show", "clients", NULL) == 0);
	IS(complaint, "");
	HAS(out, "FINGERPRINT                                   ADDRESS\n"
	    "  SINCE                            MESSAGES      QUEUE  SERVER\n"
	    "-                                             "
	    "[2001:db8::1]:4712\n"
	    "  2023-11-14 22:13:20 (");
	HAS(out, "\n" FP "  192.0.2.1:4711\n  20");
	HAS(out, " (1h 2m)            17         42  a.example\n");
	CHECK(strstr(out, "b.example") == NULL);

	CHECK(run(clients, "show", "clients", "all", NULL) == 0);
	HAS(out, "\n-                                             -\n"
	    "  -                                      17         42  b.example\n");
}

/* Which clients are asked for: -, or what was given. */
static void
test_clients_words(void)
{
	CHECK(run(clients, "show", "clients", "abc", NULL) == 0);
	CHECK(strstr(out, "2001:db8") == NULL);
	CHECK(run(clients, "sh", "c", "a", "abc", NULL) == 0);
	HAS(out, "\nabc  ");
	HAS(out, "b.example");
	CHECK(run(clients, "show", "clients", "local", "abc", NULL) == 0);
	CHECK(strstr(out, "b.example") == NULL);
	CHECK(strstr(out, "2001:db8") == NULL);
}

static void
clients_json(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_client(c, "", "2001:db8::1", 1700000000, "a.example");
	answer_client(c, FP, "", 0, "b.example");
	answer_end(c, 1, "");
}

static void
nothing(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_end(c, 1, "");
}

static void
test_clients_json(void)
{
	CHECK(run(clients_json, "-j", "show", "clients", NULL) == 0);
	IS(complaint, "");
	IS(out, "{\"clients\":[\n"
	    "{\"fingerprint\":null,\"address\":\"[2001:db8::1]:4712\","
	    "\"since\":1700000000,\"messages\":17,\"queue\":42,"
	    "\"server\":\"a.example\"},\n"
	    "{\"fingerprint\":\"" FP "\",\"address\":null,"
	    "\"since\":null,\"messages\":17,\"queue\":42,"
	    "\"server\":\"b.example\"}\n"
	    "]}\n");
	CHECK(run(nothing, "-j", "show", "clients", NULL) == 0);
	IS(out, "{\"clients\":[]}\n");
	CHECK(run(nothing, "show", "clients", NULL) == 0);
	IS(out, "");
}

/* Far more than a socket holds. */
#define MANY	20000

static void
many_clients(struct chan *c, struct imsg *imsg)
{
	int	 i;

	(void)imsg;
	for (i = 0; i < MANY; i++)
		answer_client(c, FP, "192.0.2.1", 1700000000, "a.example");
	answer_end(c, 1, "");
}

static void
test_many_clients(void)
{
	const char	*p;
	int		 lines = 0;

	CHECK(run(many_clients, "-j", "show", "clients", NULL) == 0);
	for (p = out; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	CHECK(lines == MANY + 2);
	HAS(out, "}\n]}\n");
}

/* ---- stats --------------------------------------------------------------- */

static void
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

static void
test_stats(void)
{
	CHECK(run(stats, "show", "stats", NULL) == 0);
	IS(complaint, "");
	IS(out, "a.b.c                                 1\n"
	    "a.b.d                                 2\n"
	    "a.bb                                  3\n"
	    "front.bytes_in     18446744073709551615\n"
	    "front.open                           12\n"
	    "refusals.bad_json                     3\n"
	    "refusals.replayed                     0\n"
	    "uptime                               99\n");
	CHECK(run(stats, "-j", "show", "stats", NULL) == 0);
	IS(out, "{\"a\":{\"b\":{\"c\":1,\"d\":2},\"bb\":3},"
	    "\"front\":{\"bytes_in\":18446744073709551615,\"open\":12},"
	    "\"refusals\":{\"bad_json\":3,\"replayed\":0},\"uptime\":99}\n");
	CHECK(run(nothing, "-j", "show", "stats", NULL) == 0);
	IS(out, "{}\n");
}

static void
test_metrics(void)
{
	CHECK(run(stats, "show", "metrics", NULL) == 0);
	IS(complaint, "");
	IS(out, "# TYPE olafd_a_b_c counter\n"
	    "olafd_a_b_c_total 1\n"
	    "# TYPE olafd_a_b_d counter\n"
	    "olafd_a_b_d_total 2\n"
	    "# TYPE olafd_a_bb counter\n"
	    "olafd_a_bb_total 3\n"
	    "# TYPE olafd_front_bytes_in counter\n"
	    "olafd_front_bytes_in_total 18446744073709551615\n"
	    "# TYPE olafd_front_open gauge\n"
	    "olafd_front_open 12\n"
	    "# TYPE olafd_refusals counter\n"
	    "olafd_refusals_total{code=\"bad_json\"} 3\n"
	    "olafd_refusals_total{code=\"replayed\"} 0\n"
	    "# TYPE olafd_uptime counter\n"
	    "olafd_uptime_total 99\n"
	    "# EOF\n");
}

/* ---- what changes something ---------------------------------------------- */

/* Refuses with what it was asked, to be seen in the complaint. */
static void
mirror_kick(struct chan *c, struct imsg *imsg)
{
	struct msg_ctl_kick	 m;
	struct ibuf		 b;
	char			 text[512];

	if (imsg_get_type(imsg) != MSG_CTL_KICK ||
	    imsg_get_ibuf(imsg, &b) == -1 || msg_ctl_kick_get(&b, &m) == -1)
		errx(1, "no KICK");
	snprintf(text, sizeof(text), "<%s> <%s>", m.fingerprint, m.reason);
	answer_end(c, 0, text);
}

static void
test_kick(void)
{
	CHECK(run(mirror_kick, "kick", FP, NULL) == 1);
	IS(complaint, "olafctl: <" FP "> <>\n");
	IS(out, "");
	CHECK(run(mirror_kick, "kick", FP, "be", "kind", "-x", NULL) == 1);
	IS(complaint, "olafctl: <" FP "> <be kind -x>\n");
	CHECK(run(mirror_kick, "-j", "kick", "x", NULL) == 1);
	IS(complaint, "olafctl: <x> <>\n");
	IS(out, "{\"ok\":false,\"error\":\"<x> <>\"}\n");
	CHECK(run(nothing, "kick", FP, NULL) == 0);
	IS(out, "");
	IS(complaint, "");
	CHECK(run(nothing, "-j", "kick", FP, NULL) == 0);
	IS(out, "{\"ok\":true}\n");
}

static void
mirror_log(struct chan *c, struct imsg *imsg)
{
	struct ibuf	 b;
	int		 flag;

	if (imsg_get_type(imsg) != MSG_CTL_LOG ||
	    imsg_get_ibuf(imsg, &b) == -1 || msg_flag_only_get(&b, &flag) == -1)
		errx(1, "no LOG");
	answer_end(c, 0, flag ? "more" : "less");
}

static void
test_log(void)
{
	CHECK(run(mirror_log, "log", "verbose", NULL) == 1);
	IS(complaint, "olafctl: more\n");
	CHECK(run(mirror_log, "l", "b", NULL) == 1);
	IS(complaint, "olafctl: less\n");
	CHECK(run(nothing, "-j", "log", "brief", NULL) == 0);
	IS(out, "{\"ok\":true}\n");
}

static void
bad_reload(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_RELOAD);
	answer_end(c, 0, "olafd.conf:1: unknown word \"x\"\n"
	    "olafd.conf:9: syntax error\n");
}

static void
test_reload(void)
{
	CHECK(run(bad_reload, "reload", NULL) == 1);
	IS(complaint, "olafctl: olafd.conf:1: unknown word \"x\"\n"
	    "olafctl: olafd.conf:9: syntax error\n");
	IS(out, "");
	CHECK(run(bad_reload, "-j", "reload", NULL) == 1);
	IS(out, "{\"ok\":false,\"error\":\"olafd.conf:1: unknown word "
	    "\\\"x\\\"\\nolafd.conf:9: syntax error\\n\"}\n");
	CHECK(run(nothing, "reload", NULL) == 0);
	IS(complaint, "");
}

static void
refuse(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_end(c, 0, "");
}

static void
test_refused_without_reason(void)
{
	CHECK(run(refuse, "-j", "reload", NULL) == 1);
	IS(complaint, "olafctl: refused\n");
	IS(out, "{\"ok\":false,\"error\":\"refused\"}\n");
}

/* Says that it stops, then takes its time, and leaves a trace when it goes. */
static void
slow_stop(struct chan *c, struct imsg *imsg)
{
	char	 trace[128];
	int	 fd;

	expect(imsg, MSG_CTL_STOP);
	answer_end(c, 1, "");
	chan_flush(c, TIMEOUT * 1000);
	poll(NULL, 0, 300);
	snprintf(trace, sizeof(trace), "%s.gone", path);
	if ((fd = open(trace, O_CREAT | O_WRONLY, 0600)) == -1)
		err(1, "%s", trace);
	_exit(0);
}

static void
test_stop(void)
{
	char	 trace[128];

	snprintf(trace, sizeof(trace), "%s.gone", path);
	CHECK(run(slow_stop, "stop", NULL) == 0);
	IS(complaint, "");
	CHECK(unlink(trace) == 0);
	CHECK(run(slow_stop, "-j", "stop", NULL) == 0);
	IS(out, "{\"ok\":true}\n");
	CHECK(unlink(trace) == 0);
}

static void
never_stop(struct chan *c, struct imsg *imsg)
{
	if (imsg_get_type(imsg) == MSG_CTL_STOP)
		answer_end(c, 1, "");
}

static void
test_stop_takes_too_long(void)
{
	CHECK(run(never_stop, "-j", "stop", NULL) == 1);
	IS(complaint, "olafctl: olafd is still there\n");
	IS(out, "{\"ok\":false,\"error\":\"olafd is still there\"}\n");
}

/* ---- no answer, wrong answers -------------------------------------------- */

static void
close_at_once(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	hang_up(c);
}

static void
close_halfway(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_client(c, "", "2001:db8::1", 1700000000, "a.example");
	hang_up(c);
}

static void
fail_halfway(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_client(c, "", "2001:db8::1", 1700000000, "a.example");
	answer_end(c, 0, "front is gone");
}

static void
test_hang_up(void)
{
	CHECK(run(close_at_once, "show", NULL) == 1);
	IS(complaint, "olafctl: olafd closed the connection\n");
	CHECK(run(close_at_once, "stop", NULL) == 1);
	IS(complaint, "olafctl: olafd closed the connection\n");
	CHECK(run(close_halfway, "show", "clients", NULL) == 1);
	IS(complaint, "olafctl: olafd closed the connection\n");
}

/* JSON is whole even then. */
static void
test_fail_halfway(void)
{
	CHECK(run(fail_halfway, "-j", "show", "clients", NULL) == 1);
	IS(complaint, "olafctl: front is gone\n");
	IS(out, "{\"clients\":[\n"
	    "{\"fingerprint\":null,\"address\":\"[2001:db8::1]:4712\","
	    "\"since\":1700000000,\"messages\":17,\"queue\":42,"
	    "\"server\":\"a.example\"}\n"
	    "],\"ok\":false,\"error\":\"front is gone\"}\n");
}

static void
test_nobody(void)
{
	unlink(path);
	CHECK(run(NULL, "show", NULL) == 1);
	HAS(complaint, "no olafd listens there");
	close(listen_on());
	CHECK(run(NULL, "show", NULL) == 1);
	HAS(complaint, "no olafd listens there");
}

static void
process_first(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_process(c, ROLE_PARENT, 0, 1200, "root", "");
	answer_summary(c);
	answer_end(c, 1, "");
}

static void
summary_twice(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_summary(c);
	answer_summary(c);
	answer_end(c, 1, "");
}

static void
cut_end(struct chan *c, struct imsg *imsg)
{
	struct ibuf	*b;

	(void)imsg;
	b = chan_open(c, MSG_CTL_END, 0);
	msg_put8(b, 1);
	msg_put16(b, 5);
	msg_put_bytes(b, "abc", 3);
	chan_close(c, b);
}

static void
long_stat(struct chan *c, struct imsg *imsg)
{
	struct ibuf	*b;

	(void)imsg;
	b = chan_open(c, MSG_CTL_STAT, 0);
	msg_put_string(b, "a.b");
	msg_put64(b, 1);
	msg_put8(b, 0);
	chan_close(c, b);
}

static void
question(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	chan_send(c, MSG_CTL_SHOW);
}

static void
unknown_type(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	chan_send(c, MSG_MAX);
}

static void
end_twice(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_end(c, 1, "");
	answer_end(c, 1, "");
}

static void
bad_stat_name(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a\"b", 1);
	answer_end(c, 1, "");
}

static void
empty_stat_part(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a..b", 1);
	answer_end(c, 1, "");
}

static void
deep_stat(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a.b.c.d.e", 1);
	answer_end(c, 1, "");
}

static void
same_stat(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a.b", 1);
	answer_stat(c, "a.c", 1);
	answer_stat(c, "a.b", 1);
	answer_end(c, 1, "");
}

static void
stat_and_group(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a.b.c", 1);
	answer_stat(c, "a.b", 1);
	answer_stat(c, "a.b0", 1);
	answer_end(c, 1, "");
}

static void
endless_stats(struct chan *c, struct imsg *imsg)
{
	char	 name[MSG_STAT_MAX];
	int	 i;

	(void)imsg;
	for (i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "a.s%d", i);
		answer_stat(c, name, 1);
	}
	answer_end(c, 1, "");
}

static void
test_wrong_answers(void)
{
	static const struct {
		scenario	 s;
		const char	*what;	/* of show */
		const char	*words;
	}		 cases[] = {
		{ clients_json,		NULL,		"CTL_CLIENT" },
		{ show,			"clients",	"CTL_SUMMARY" },
		{ sandbox,		"stats",	"CTL_PROCESS" },
		{ stats,		"sandbox",	"CTL_STAT" },
		{ show,			"sandbox",	"CTL_SUMMARY" },
		{ nothing,		NULL,		"CTL_END" },
		{ process_first,	NULL,		"CTL_PROCESS" },
		{ summary_twice,	NULL,		"CTL_SUMMARY" },
		{ cut_end,		"clients",	"CTL_END" },
		{ long_stat,		"stats",	"CTL_STAT" },
		{ question,		NULL,		"not its message" },
		{ unknown_type,		NULL,		"unknown message" },
		{ bad_stat_name,	"stats",	"CTL_STAT" },
		{ empty_stat_part,	"stats",	"CTL_STAT" },
		{ deep_stat,		"stats",	"CTL_STAT" },
		{ same_stat,		"stats",	"CTL_END" },
		{ stat_and_group,	"stats",	"CTL_END" },
		{ endless_stats,	"stats",	"CTL_STAT" },
	};
	size_t		 i;

	any_request = 1;
	for (i = 0; i < nitems(cases); i++) {
		fprintf(stderr, "case %zu\n", i);
		CHECK(run(cases[i].s, "show", cases[i].what, NULL) == 1);
		HAS(complaint, "broke the rules");
		HAS(complaint, cases[i].words);
	}
	CHECK(run(clients_json, "reload", NULL) == 1);
	HAS(complaint, "broke the rules");
	CHECK(run(end_twice, "stop", NULL) == 1);
	HAS(complaint, "broke the rules");
	CHECK(run(end_twice, "reload", NULL) == 0);
	any_request = 0;
}

/* ---- what a terminal would obey ------------------------------------------ */

#define NASTY	"a\033[2Jb\xc2\x9b""c\xe2\x80\xae\xff\"\\\nd"

static void
nasty(struct chan *c, struct imsg *imsg)
{
	if (imsg_get_type(imsg) == MSG_CTL_SANDBOX)
		answer_process(c, ROLE_PARENT, 0, 1, NASTY, NASTY);
	else if (imsg_get_type(imsg) == MSG_CTL_CLIENTS)
		answer_client(c, NASTY, "192.0.2.1", UINT64_MAX, NASTY);
	answer_end(c, imsg_get_type(imsg) == MSG_CTL_CLIENTS, NASTY);
}

static int
is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text != '\n' && (*text < ' ' || *text > '~'))
			return (0);
	return (1);
}

static void
test_nasty_text(void)
{
	CHECK(run(nasty, "show", "sandbox", NULL) == 1);
	CHECK(is_clean(out) && is_clean(complaint));
	HAS(out, "user          a\\033[2Jb");
	HAS(complaint, "\nolafctl: d\n");
	CHECK(run(nasty, "show", "clients", NULL) == 0);
	CHECK(is_clean(out));
	HAS(out, "\n  -   ");		/* no time is that late */
	CHECK(run(nasty, "-j", "show", "sandbox", NULL) == 1);
	CHECK(is_clean(out) && is_clean(complaint));
	HAS(out, "\"user\":\"a\\u001b[2Jb\\u009bc\\u202e\\ufffd\\\"\\\\\\nd\"");
}

/* ---- without olafd ------------------------------------------------------- */

static void
test_usage(void)
{
	CHECK(run(NULL, NULL) == 2);
	HAS(complaint, "olafctl: word missing\n");
	HAS(complaint, "  show ");
	CHECK(run(NULL, "shop", NULL) == 2);
	HAS(complaint, "olafctl: unknown word: shop\n");
	CHECK(run(NULL, "s", NULL) == 2);
	HAS(complaint, "olafctl: ambiguous word: s\n");
	CHECK(run(NULL, "show", "stats", "more", NULL) == 2);
	HAS(complaint, "olafctl: too many words: more\n");
	CHECK(run(NULL, "-x", NULL) == 2);
	HAS(complaint, "usage: olafctl");
	CHECK(run(NULL, "help", NULL) == 0);
	IS(complaint, "");
	HAS(out, "usage: olafctl");
	HAS(out, "kick FINGERPRINT [REASON]");
	CHECK(run(NULL, "-h", NULL) == 0);
	HAS(out, "usage: olafctl");
}

int
main(void)
{
	const char	*top = getenv("OLAF_BUILD"), *tmp = getenv("TMPDIR");

	signal(SIGPIPE, SIG_IGN);
	alarm(TIMEOUT);
	setenv("TZ", "UTC0", 1);
	log_init("relay", LOG_TO_STDERR, 0);
	snprintf(program, sizeof(program), "%s/olafctl/olafctl",
	    top != NULL ? top : "../..");
	snprintf(path, sizeof(path), "%s/ctl.sock", tmp != NULL ? tmp : ".");
	RUN(test_show);
	RUN(test_show_json);
	RUN(test_show_no_processes);
	RUN(test_sandbox);
	RUN(test_clients);
	RUN(test_clients_words);
	RUN(test_clients_json);
	RUN(test_many_clients);
	RUN(test_stats);
	RUN(test_metrics);
	RUN(test_kick);
	RUN(test_log);
	RUN(test_reload);
	RUN(test_refused_without_reason);
	RUN(test_stop);
	RUN(test_stop_takes_too_long);
	RUN(test_hang_up);
	RUN(test_fail_halfway);
	RUN(test_nobody);
	RUN(test_wrong_answers);
	RUN(test_nasty_text);
	RUN(test_usage);
	return (test_done());
}
