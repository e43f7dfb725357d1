/*
 * Channels to a peer that breaks the rules or goes away at a bad moment.  What
 * ends a process runs in a child.
 */

#include "compat.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <signal.h>

#include "chan_ends.h"

/* ---- breaches ------------------------------------------------------------ */

/*
 * Runs f in a child with its stderr in text.  Returns its exit code, or -1 for
 * a signal.
 */
static int
run_child(void (*f)(void), char *text, size_t size)
{
	size_t	 len = 0;
	ssize_t	 n;
	pid_t	 pid;
	int	 p[2], status;

	open_pipe(p);
	fflush(NULL);
	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		close(p[0]);
		dup2(p[1], STDERR_FILENO);
		event_init();
		f();
		_exit(test_case_failed ? 99 : 0);
	}
	close(p[1]);
	while (len < size - 1 &&
	    (n = read(p[0], text + len, size - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(p[0]);
	if (waitpid(pid, &status, 0) == -1)
		err(1, "waitpid");
	return (WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

/* Does f end the process, with these words? */
static void
check_dies(void (*f)(void), const char *words)
{
	char	 text[4096];
	int	 code;

	code = run_child(f, text, sizeof(text));
	if (code != 1 || strstr(text, words) == NULL) {
		fprintf(stderr, "exit %d, \"%s\", expected \"%s\"\n", code, text,
		    words);
		CHECK(!"ended so");
	}
}

static void
breach_unknown(void)
{
	begin(ROLE_FRONT, ROLE_RELAY);
	far_send(MSG_MAX, -1, NULL, 0);
	turn();
}

static void
breach_sender(void)
{
	begin(ROLE_RELAY, ROLE_FRONT);
	far_send(MSG_BOUND, -1, "12345678", 8);
	turn();
}

static void
breach_receiver(void)
{
	begin(ROLE_VERIFIER, ROLE_RELAY);
	far_send(MSG_BOUND, -1, "12345678", 8);
	turn();
}

static void
breach_phase(void)
{
	begin(ROLE_FRONT, ROLE_RELAY);
	chan_set_phase(PHASE_SETUP);
	far_send(MSG_BOUND, -1, "12345678", 8);
	turn();
}

static void
breach_short(void)
{
	begin(ROLE_FRONT, ROLE_RELAY);
	far_send(MSG_BOUND, -1, "1234567", 7);
	turn();
}

static void
breach_long(void)
{
	begin(ROLE_FRONT, ROLE_RELAY);
	far_send(MSG_BOUND, -1, "123456789", 9);
	turn();
}

static void
breach_fd(void)
{
	begin(ROLE_FRONT, ROLE_RELAY);
	far_send(MSG_BOUND, dup(STDERR_FILENO), "12345678", 8);
	turn();
}

static void
breach_no_fd(void)
{
	begin(ROLE_RELAY, ROLE_PARENT);
	far_send(MSG_CONTROL, -1, NULL, 0);
	turn();
}

static void
breach_own(void)
{
	begin(ROLE_FRONT, ROLE_RELAY);
	seen.breach = "DONE of nothing";
	far_send_done(1, 1);
	imsgbuf_flush(&far);
	turn();
}

static void
test_breaches(void)
{
	check_dies(breach_unknown, "unknown message");
	check_dies(breach_sender, "not its message to send");
	check_dies(breach_receiver, "message for another");
	check_dies(breach_phase, "message at the wrong time");
	check_dies(breach_short, "message too short");
	check_dies(breach_long, "message too long");
	check_dies(breach_fd, "descriptor not expected");
	check_dies(breach_no_fd, "descriptor missing");
	check_dies(breach_own, "DONE of nothing");
	check_dies(breach_own, "olaf-relay 3");
}

static void
malformed_header(void)
{
	struct imsg_hdr	 hdr = { MSG_BOUND, 3, 0, 0 };

	begin(ROLE_FRONT, ROLE_RELAY);
	CHECK(write(far.fd, &hdr, sizeof(hdr)) == sizeof(hdr));
	turn();
}

static void
endless_message(void)
{
	struct imsg_hdr	 hdr = { MSG_TEXT, 0x7ffffff0, 0, 0 };

	begin(ROLE_RELAY, ROLE_FRONT);
	CHECK(write(far.fd, &hdr, sizeof(hdr)) == sizeof(hdr));
	turn();
}

/* A header that no imsg has: named like any other breach. */
static void
test_malformed(void)
{
	check_dies(malformed_header, "malformed");
	check_dies(endless_message, "malformed");
}

/* ---- the parent ---------------------------------------------------------- */

/* It outlives a child's breach, to stop the others in order. */
static void
test_parent(void)
{
	begin(ROLE_PARENT, ROLE_FRONT);
	far_queue(MSG_TEXT, -1, "12345678", 8);
	far_queue(MSG_CONF_OK, -1, NULL, 0);
	CHECK(imsgbuf_flush(&far) == 0);
	turn();
	CHECK(seen.n == 0 && seen.gone == 1);
	CHECK(seen.breached == 1);
	far_close();

	begin(ROLE_PARENT, ROLE_FRONT);
	far_close();
	turn();
	CHECK(seen.gone == 1);
	CHECK(seen.breached == 0);
}

/* ---- olafctl ------------------------------------------------------------- */

/* To relay an olafctl's breach is the end of that olafctl only. */
static void
test_ctl_breach(void)
{
	struct chan	*c;

	begin(ROLE_RELAY, ROLE_CTL);
	far_send(MSG_BOUND, -1, "12345678", 8);
	turn();
	CHECK(seen.n == 0 && seen.gone == 1);
	CHECK(far_type() == -1);
	far_close();

	begin(ROLE_RELAY, ROLE_CTL);
	seen.breach = "SHOW of too much";
	far_queue(MSG_CTL_SHOW, -1, NULL, 0);
	far_queue(MSG_CTL_STATS, -1, NULL, 0);
	CHECK(imsgbuf_flush(&far) == 0);
	turn();
	CHECK(seen.n == 1 && seen.gone == 1);
	far_close();

	c = begin(ROLE_RELAY, ROLE_CTL);
	far_send(MSG_CTL_SHOW, -1, NULL, 0);
	turn();
	CHECK(seen.n == 1 && seen.gone == 0);
	end(c);
}

/* An olafctl's descriptors never get in. */
static void
test_ctl_fd(void)
{
	struct chan	*c;
	int		 p[2];

	c = begin(ROLE_RELAY, ROLE_CTL);
	seen.take_fd = 1;
	open_pipe(p);
	far_send(MSG_CTL_SHOW, p[1], NULL, 0);
	turn();
	CHECK(seen.n == 1);
	CHECK(seen.fd == -1);
	CHECK(is_closed(p[0]));
	close(p[0]);
	end(c);
}

static void
check_ctl_header(uint32_t len)
{
	struct imsg_hdr	 hdr = { MSG_CTL_KICK, len, 0, 0 };

	begin(ROLE_RELAY, ROLE_CTL);
	CHECK(write(far.fd, &hdr, sizeof(hdr)) == sizeof(hdr));
	turn();
	CHECK(seen.n == 0 && seen.gone == 1);
	far_close();
}

static void
test_ctl_malformed(void)
{
	check_ctl_header(0);
	check_ctl_header(IMSG_HEADER_SIZE - 1);
	check_ctl_header(4096 + IMSG_HEADER_SIZE + 1);
	check_ctl_header(UINT32_MAX);
}

/* In olafctl, relay's breach ends the program. */
static void
breach_to_ctl(void)
{
	begin(ROLE_CTL, ROLE_RELAY);
	far_send(MSG_CTL_END, -1, "12", 2);
	turn();
}

static void
test_breach_to_ctl(void)
{
	check_dies(breach_to_ctl, "message too short");
}

/* ---- the peer that goes while we write ----------------------------------- */

static void
write_to_nobody(void)
{
	struct chan	*c;

	c = begin(ROLE_RELAY, ROLE_FRONT);
	far_send(MSG_CLOSED, -1, "12345678", 8);
	seen.pause_at = 1;
	turn();
	CHECK(seen.n == 1);
	far_close();
	/* reading is off, so that it is the write that fails */
	chan_send(c, MSG_ASK_QUEUES);
	turn();
	chan_send(c, MSG_ASK_QUEUES);
	turn();
	CHECK(seen.gone == 0);
	chan_resume(c);
	turn();
	CHECK(seen.gone == 1);
}

static void
test_write_to_nobody(void)
{
	char	 text[4096];
	int	 code;

	code = run_child(write_to_nobody, text, sizeof(text));
	CHECK(code == 0);
	if (code != 0)
		fprintf(stderr, "exit %d: %s\n", code, text);
}

/* ---- the synchronous call ------------------------------------------------ */

static void
call_nobody(void)
{
	struct chan	*c;
	struct imsg	 imsg;

	c = begin(ROLE_FRONT, ROLE_SIGNER);
	ask_signature(c);
	shutdown(far.fd, SHUT_WR);
	chan_call(c, MSG_SIGNED, &imsg);
}

static void
call_breach(void)
{
	struct chan	*c;
	struct imsg	 imsg;

	c = begin(ROLE_FRONT, ROLE_SIGNER);
	ask_signature(c);
	far_send(MSG_SIGNED, -1, "12", 2);
	chan_call(c, MSG_SIGNED, &imsg);
}

static void
call_other(void)
{
	struct chan	*c;
	struct imsg	 imsg;

	c = begin(ROLE_FRONT, ROLE_SIGNER);
	ask_signature(c);
	put_signature(1);
	chan_call(c, MSG_BOUND, &imsg);
}

static void
test_call_fails(void)
{
	check_dies(call_nobody, "gone");
	check_dies(call_breach, "message too short");
	check_dies(call_other, "out of turn");
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	alarm(TIMEOUT / 1000 * 5);
	log_init("chan_test", LOG_TO_STDERR, 0);
	if (event_init() == NULL)
		errx(1, "event_init");
	RUN(test_breaches);
	RUN(test_malformed);
	RUN(test_parent);
	RUN(test_ctl_breach);
	RUN(test_ctl_fd);
	RUN(test_ctl_malformed);
	RUN(test_breach_to_ctl);
	RUN(test_write_to_nobody);
	RUN(test_call_fails);
	return (test_done());
}
