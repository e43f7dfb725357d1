/*
 * olafctl monitor: each event is seen before the next one happens, and it ends
 * quietly when it is told to or when nobody reads.
 */

#include "compat.h"

#include <sys/ioctl.h>

#include "olafctl_relay.h"

#define WHEN	1700000000123ULL	/* 22:13:20 */

/* ---- step by step -------------------------------------------------------- */

static int	 step[2];	/* an octet for each event that shall happen */
static pid_t	 relay_pid, ctl_pid;
static int	 outfd, errfd;

/* Waits for a step.  Once the test is through with it, there are none. */
static int
next_step(void)
{
	char	 c;

	return (read(step[0], &c, 1) == 1);
}

static void
one_by_one(struct chan *c, struct imsg *imsg)
{
	static const char *const objects[] = {
		"b.example", "c.example", "d.example"
	};
	size_t		 i;

	expect(imsg, MSG_CTL_MONITOR);
	close(step[1]);
	for (i = 0; i < nitems(objects) && next_step(); i++) {
		answer_event(c, WHEN + i, "neighbour.up", objects[i], "");
		chan_flush(c, TIMEOUT * 1000);
	}
	(void)next_step();
}

/* Starts monitor, with -j if json. */
static void
start_monitor(int json)
{
	char	*argv[] = {
		program, (char []){ "-s" }, path, (char []){ "-j" },
		(char []){ "monitor" }, NULL
	};

	if (!json) {
		argv[3] = argv[4];
		argv[4] = NULL;
	}
	if (pipe(step) == -1)
		err(1, "pipe");
	relay_pid = start_relay(one_by_one);
	close(step[0]);
	ctl_pid = start_program(argv, &outfd, &errfd);
}

static void
let_happen(void)
{
	if (write(step[1], "x", 1) != 1)
		err(1, "step");
}

/* One line as it comes; the alarm is the deadline. */
static const char *
read_line(void)
{
	static char	 line[4096];
	size_t		 len = 0;

	while (len < sizeof(line) - 1 && read(outfd, line + len, 1) == 1)
		if (line[len++] == '\n')
			break;
	line[len] = '\0';
	return (line);
}

/* What is left of its output goes to out; is its exit code. */
static int
end_monitor(void)
{
	int	 code;

	if (outfd == -1 && (outfd = open("/dev/null", O_RDONLY)) == -1)
		err(1, "/dev/null");
	collect(outfd, errfd);
	code = wait_code(ctl_pid);
	close(step[1]);
	CHECK(wait_code(relay_pid) == 0);
	return (code);
}

static void
test_interrupt(void)
{
	start_monitor(0);
	let_happen();
	IS(read_line(), "22:13:20  neighbour.up        b.example\n");
	let_happen();
	IS(read_line(), "22:13:20  neighbour.up        c.example\n");
	CHECK(kill(ctl_pid, SIGINT) == 0);
	CHECK(end_monitor() == 0);
	IS(out, "");
	IS(complaint, "");
}

static void
test_json_lines(void)
{
	start_monitor(1);
	let_happen();
	IS(read_line(), "{\"when\":1700000000.123,\"event\":\"neighbour.up\","
	    "\"object\":\"b.example\",\"text\":\"\"}\n");
	let_happen();
	IS(read_line(), "{\"when\":1700000000.124,\"event\":\"neighbour.up\","
	    "\"object\":\"c.example\",\"text\":\"\"}\n");
	let_happen();
	IS(read_line(), "{\"when\":1700000000.125,\"event\":\"neighbour.up\","
	    "\"object\":\"d.example\",\"text\":\"\"}\n");
	CHECK(kill(ctl_pid, SIGINT) == 0);
	CHECK(end_monitor() == 0);
	IS(out, "");
	IS(complaint, "");
}

/* As "olafctl monitor | head -1" does. */
static void
check_nobody_reads(int json)
{
	start_monitor(json);
	let_happen();
	HAS(read_line(), "b.example");
	close(outfd);
	outfd = -1;
	let_happen();
	CHECK(end_monitor() == 0);
	IS(complaint, "");
}

static void
test_nobody_reads(void)
{
	check_nobody_reads(0);
	check_nobody_reads(1);
}

/* Stdout is a pipe that is full: it still ends at a ^C. */
static void
flood(struct chan *c, struct imsg *imsg)
{
	char	 text[MSG_ERROR_MAX];
	int	 i;

	expect(imsg, MSG_CTL_MONITOR);
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (i = 0; i < 10000; i++)
		answer_event(c, WHEN, "client.open", "192.0.2.1", text);
}

/* Does nothing more come into the pipe while it is looked at? */
static int
is_full(int fd)
{
	int	 n, before;

	if (ioctl(fd, FIONREAD, &before) == -1)
		err(1, "FIONREAD");
	poll(NULL, 0, 100);
	if (ioctl(fd, FIONREAD, &n) == -1)
		err(1, "FIONREAD");
	return (n > 32768 && n == before);
}

static void
test_interrupt_blocked(void)
{
	char	*argv[] = {
		program, (char []){ "-s" }, path, (char []){ "monitor" }, NULL
	};

	relay_pid = start_relay(flood);
	ctl_pid = start_program(argv, &outfd, &errfd);
	while (!is_full(outfd))
		continue;
	CHECK(kill(ctl_pid, SIGINT) == 0);
	CHECK(wait_code(ctl_pid) == 0);
	collect(outfd, errfd);
	IS(complaint, "");
	CHECK(wait_code(relay_pid) == 0);
}

/* ---- all at once --------------------------------------------------------- */

static void
events(struct chan *c)
{
	answer_event(c, 0, "client.open", "[2001:db8::1]:4712", "");
	answer_event(c, WHEN, "client.hello", FP, "192.0.2.1:4711");
	answer_event(c, WHEN + 61000, "neighbour.impostor", "b.example",
	    "signature by another key");
	answer_event(c, UINT64_MAX, "monitor.lost", "", "12 events");
}

#define EVENTS_TEXT							\
	"00:00:00  client.open         [2001:db8::1]:4712\n"		\
	"22:13:20  client.hello        " FP "  192.0.2.1:4711\n"	\
	"22:14:21  neighbour.impostor  b.example  signature by another key\n" \
	"14:25:51  monitor.lost        -  12 events\n"
#define EVENTS_JSON							\
	"{\"when\":0.000,\"event\":\"client.open\","			\
	"\"object\":\"[2001:db8::1]:4712\",\"text\":\"\"}\n"		\
	"{\"when\":1700000000.123,\"event\":\"client.hello\","		\
	"\"object\":\"" FP "\",\"text\":\"192.0.2.1:4711\"}\n"		\
	"{\"when\":1700000061.123,\"event\":\"neighbour.impostor\","	\
	"\"object\":\"b.example\",\"text\":\"signature by another key\"}\n" \
	"{\"when\":18446744073709551.615,\"event\":\"monitor.lost\","	\
	"\"object\":\"\",\"text\":\"12 events\"}\n"

static void
events_then_gone(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_MONITOR);
	events(c);
	hang_up(c);
}

static void
test_olafd_goes(void)
{
	CHECK(run(events_then_gone, "monitor") == 1);
	IS(out, EVENTS_TEXT);
	IS(complaint, "olafctl: olafd closed the connection\n");
	CHECK(run(events_then_gone, "-j", "mon") == 1);
	IS(out, EVENTS_JSON "{\"ok\":false,"
	    "\"error\":\"olafd closed the connection\"}\n");
	IS(complaint, "olafctl: olafd closed the connection\n");
}

static void
events_then_refused(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_MONITOR);
	events(c);
	answer_end(c, 0, "shutting down");
}

static void
test_refused(void)
{
	CHECK(run(events_then_refused, "monitor") == 1);
	IS(out, EVENTS_TEXT);
	IS(complaint, "olafctl: shutting down\n");
	CHECK(run(events_then_refused, "-j", "monitor") == 1);
	IS(out, EVENTS_JSON "{\"ok\":false,\"error\":\"shutting down\"}\n");
}

static void
events_then_end(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_MONITOR);
	events(c);
	answer_end(c, 1, "");
}

static void
test_end(void)
{
	CHECK(run(events_then_end, "monitor") == 0);
	IS(out, EVENTS_TEXT);
	IS(complaint, "");
	CHECK(run(events_then_end, "-j", "monitor") == 0);
	IS(out, EVENTS_JSON);
	IS(complaint, "");
}

/* What a terminal would obey, and what a line of JSON would end at. */
static void
nasty_event(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_MONITOR);
	answer_event(c, WHEN, "a\nb", "a\033[2J\xff", "\"\n\xc2\x9b");
	answer_end(c, 1, "");
}

static void
test_nasty_event(void)
{
	CHECK(run(nasty_event, "monitor") == 0);
	IS(out, "22:13:20  a\\nb                a\\033[2J\\377  "
	    "\"\\n\\302\\233\n");
	CHECK(run(nasty_event, "-j", "monitor") == 0);
	IS(out, "{\"when\":1700000000.123,\"event\":\"a\\nb\","
	    "\"object\":\"a\\\\033[2J\\\\377\","
	    "\"text\":\"\\\"\\n\\\\302\\\\233\"}\n");
}

int
main(void)
{
	prepare();
	RUN(test_interrupt);
	RUN(test_json_lines);
	RUN(test_nobody_reads);
	RUN(test_interrupt_blocked);
	RUN(test_olafd_goes);
	RUN(test_refused);
	RUN(test_end);
	RUN(test_nasty_event);
	return (test_done());
}
