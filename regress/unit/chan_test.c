/*
 * Channels whose both ends keep to the rules; chan_breach_test.c has the
 * others.
 */

#include "compat.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "chan_ends.h"

/* ---- messages ------------------------------------------------------------ */

static void
test_names(void)
{
	struct chan	*c;

	c = begin(ROLE_RELAY, ROLE_FRONT);
	CHECK(chan_peer(c) == ROLE_FRONT);
	CHECK(chan_number(c) == 3);
	CHECK(strcmp(chan_name(c), "olaf-front 3") == 0);
	CHECK(chan_phase() == PHASE_RUNNING);
	CHECK(fcntl(chan_fd(c), F_GETFL) & O_NONBLOCK);
	end(c);
}

static void
test_receive(void)
{
	struct chan	*c;

	c = begin(ROLE_FRONT, ROLE_RELAY);
	far_send_done(1, 2);
	far_send_done(3, 4);
	CHECK(imsgbuf_write(&far) == 0);
	far_send(MSG_BOUND, -1, "12345678", 8);
	turn();
	CHECK(seen.n == 3);
	CHECK(seen.types[0] == MSG_DONE);
	CHECK(seen.types[1] == MSG_DONE);
	CHECK(seen.types[2] == MSG_BOUND);
	CHECK(seen.gone == 0);
	end(c);
}

/* Octets may come one by one. */
static void
test_receive_slowly(void)
{
	struct chan	*c;
	struct ibuf	*b;
	uint8_t		 data[64];
	size_t		 i, len;

	c = begin(ROLE_FRONT, ROLE_RELAY);
	if ((b = imsg_create(&far, MSG_BOUND, 0, 0, 8)) == NULL)
		err(1, NULL);
	msg_put64(b, 77);
	len = ibuf_size(b);
	memcpy(data, ibuf_data(b), len);
	ibuf_free(b);
	/* the length stands in the header's second word */
	memcpy(data + 4, &(uint32_t){ (uint32_t)len }, 4);
	for (i = 0; i < len; i++) {
		CHECK(seen.n == 0);
		CHECK(write(far.fd, data + i, 1) == 1);
		turn();
	}
	CHECK(seen.n == 1);
	end(c);
}

static void
test_send(void)
{
	struct msg_done	 m;
	struct chan	*c;
	struct imsg	 imsg;
	struct ibuf	*b, in;

	c = begin(ROLE_RELAY, ROLE_FRONT);
	b = chan_open(c, MSG_DONE, 0);
	msg_done_put(b, &(struct msg_done){ 5, 6 });
	chan_close(c, b);
	chan_send(c, MSG_ASK_QUEUES);
	CHECK(chan_queued(c) > 0);
	CHECK(far_get(&imsg) == 0);
	CHECK(imsg_get_type(&imsg) == MSG_DONE);
	CHECK(imsg_get_ibuf(&imsg, &in) == 0);
	CHECK(msg_done_get(&in, &m) == 0);
	CHECK(m.conn == 5 && m.cost == 6);
	imsg_free(&imsg);
	CHECK(far_get(&imsg) == 0);
	CHECK(imsg_get_type(&imsg) == MSG_ASK_QUEUES);
	CHECK(imsg_get_len(&imsg) == 0);
	imsg_free(&imsg);
	CHECK(chan_queued(c) == 0);
	end(c);
}

/* What is sent in one turn leaves in one write: it is there at once. */
static void
test_send_together(void)
{
	struct chan	*c;
	char		 buf[4096];
	ssize_t		 n;
	int		 i;

	c = begin(ROLE_RELAY, ROLE_FRONT);
	for (i = 0; i < 100; i++)
		chan_send(c, MSG_ASK_QUEUES);
	CHECK(read(far.fd, buf, sizeof(buf)) == -1 && errno == EAGAIN);
	CHECK(event_loop(EVLOOP_ONCE | EVLOOP_NONBLOCK) == 0);
	n = read(far.fd, buf, sizeof(buf));
	CHECK(n == 100 * (ssize_t)IMSG_HEADER_SIZE);
	end(c);
}

static void
test_long_message(void)
{
	const size_t	 len = MSG_TEXT_MAX;
	struct msg_text	 m;
	struct chan	*c;
	struct imsg	 imsg;
	struct ibuf	*b, in;
	uint8_t		*text;

	if ((text = malloc(len)) == NULL)
		err(1, NULL);
	memset(text, 'x', len);
	text[len - 1] = 'y';
	c = begin(ROLE_RELAY, ROLE_FRONT);
	b = chan_open(c, MSG_DELIVER_ALL, len + 8);
	m.conn = 9;
	m.text.p = text;
	m.text.len = len;
	msg_text_put(b, &m);
	chan_close(c, b);
	CHECK(far_get(&imsg) == 0);
	CHECK(imsg_get_ibuf(&imsg, &in) == 0);
	CHECK(msg_text_get(&in, &m) == 0);
	CHECK(m.conn == 9 && m.text.len == len);
	CHECK(memcmp(m.text.p, text, len) == 0);
	imsg_free(&imsg);
	end(c);
	free(text);
}

/* ---- descriptors --------------------------------------------------------- */

static void
test_receive_fd(void)
{
	struct chan	*c;
	int		 p[2];

	c = begin(ROLE_RELAY, ROLE_PARENT);
	seen.take_fd = 1;
	open_pipe(p);
	far_send(MSG_CONTROL, p[1], NULL, 0);
	turn();
	CHECK(seen.n == 1);
	CHECK(comes_through(p[0], seen.fd));
	/* now it is nobody's but ours */
	close(seen.fd);
	CHECK(is_closed(p[0]));
	close(p[0]);
	end(c);
}

/* One that no handler takes is closed. */
static void
test_fd_not_taken(void)
{
	struct chan	*c;
	int		 p[2];

	c = begin(ROLE_RELAY, ROLE_PARENT);
	open_pipe(p);
	far_send(MSG_CONTROL, p[1], NULL, 0);
	turn();
	CHECK(seen.n == 1);
	CHECK(is_closed(p[0]));
	close(p[0]);
	end(c);
}

/* Among others, each comes with its own message. */
static void
test_fd_among_others(void)
{
	struct chan	*c;
	int		 p[2];

	c = begin(ROLE_RELAY, ROLE_PARENT);
	open_pipe(p);
	seen.take_fd = 1;
	seen.pause_at = 2;
	far_queue(MSG_CONF_BEGIN, -1, NULL, 0);
	far_queue(MSG_CONTROL, p[1], NULL, 0);
	far_queue(MSG_CONF_END, -1, NULL, 0);
	CHECK(imsgbuf_flush(&far) == 0);
	turn();
	CHECK(seen.n == 2);
	CHECK(seen.types[1] == MSG_CONTROL);
	CHECK(comes_through(p[0], seen.fd));
	close(seen.fd);
	chan_resume(c);
	turn();
	CHECK(seen.n == 3);
	CHECK(seen.fd == -1);
	close(p[0]);
	end(c);
}

static void
test_send_fd(void)
{
	struct chan	*c;
	struct imsg	 imsg;
	int		 fd, p[2];

	c = begin(ROLE_PARENT, ROLE_RELAY);
	open_pipe(p);
	chan_close_fd(c, chan_open(c, MSG_CONTROL, 0), p[1]);
	CHECK(far_get(&imsg) == 0);
	fd = imsg_get_fd(&imsg);
	CHECK(comes_through(p[0], fd));
	close(fd);
	CHECK(is_closed(p[0]));		/* ours was given away */
	imsg_free(&imsg);
	close(p[0]);
	end(c);
}

/* ---- pause, free, steal -------------------------------------------------- */

static void
test_pause(void)
{
	struct chan	*c;
	int		 i;

	c = begin(ROLE_FRONT, ROLE_RELAY);
	seen.pause_at = 2;
	for (i = 0; i < 5; i++)
		far_send_done(1, 1);
	CHECK(imsgbuf_flush(&far) == 0);
	turn();
	CHECK(seen.n == 2);
	far_send_done(1, 1);
	CHECK(imsgbuf_flush(&far) == 0);
	turn();
	CHECK(seen.n == 2);
	seen.pause_at = 4;
	chan_resume(c);
	chan_resume(c);
	turn();
	CHECK(seen.n == 4);
	chan_resume(c);
	turn();
	CHECK(seen.n == 6);
	CHECK(seen.gone == 0);
	end(c);
}

/* Messages that were sent before the end come before the end. */
static void
test_pause_then_eof(void)
{
	struct chan	*c;
	int		 i;

	c = begin(ROLE_FRONT, ROLE_RELAY);
	seen.pause_at = 1;
	for (i = 0; i < 3; i++)
		far_send_done(1, 1);
	CHECK(imsgbuf_flush(&far) == 0);
	turn();
	CHECK(seen.n == 1);
	far_close();
	turn();
	CHECK(seen.n == 1);
	CHECK(seen.gone == 0);
	chan_resume(c);
	turn();
	CHECK(seen.n == 3);
	CHECK(seen.gone == 1);
}

static void
test_free_in_handler(void)
{
	struct chan	*c;
	int		 i;

	c = begin(ROLE_FRONT, ROLE_RELAY);
	seen.free_at = 2;
	for (i = 0; i < 4; i++)
		far_send_done(1, 1);
	CHECK(imsgbuf_flush(&far) == 0);
	(void)c;
	turn();
	CHECK(seen.n == 2);
	CHECK(seen.gone == 0);
	CHECK(far_type() == -1);	/* it was closed */
	far_close();
}

/* What is queued may go with the channel. */
static void
test_free_with_queue(void)
{
	struct chan	*c;
	int		 p[2];

	c = begin(ROLE_PARENT, ROLE_RELAY);
	open_pipe(p);
	chan_send(c, MSG_CONF_BEGIN);
	chan_close_fd(c, chan_open(c, MSG_CONTROL, 0), p[1]);
	chan_free(c);
	chan_free(NULL);
	turn();
	CHECK(is_closed(p[0]));
	CHECK(far_type() == -1);
	close(p[0]);
	far_close();
}

static void
test_steal(void)
{
	struct msg_done	 m;
	struct chan	*c;
	struct ibuf	 b;

	c = begin(ROLE_FRONT, ROLE_RELAY);
	seen.steal_at = 1;
	far_send_done(5, 55);
	far_send_done(6, 66);
	CHECK(imsgbuf_flush(&far) == 0);
	turn();
	CHECK(seen.n == 2);
	end(c);
	CHECK(imsg_get_ibuf(&seen.stolen, &b) == 0);
	CHECK(msg_done_get(&b, &m) == 0);
	CHECK(m.conn == 5 && m.cost == 55);
	imsg_free(&seen.stolen);
}

/*
 * ---- the end of the peer --------------------------------------------------
 */

static void
test_eof(void)
{
	begin(ROLE_FRONT, ROLE_RELAY);
	far_send_done(1, 1);
	CHECK(imsgbuf_flush(&far) == 0);
	far_close();
	turn();
	CHECK(seen.n == 1);
	CHECK(seen.gone == 1);
}

/* The rest of a message that was cut off is no message. */
static void
test_eof_in_message(void)
{
	struct imsg_hdr	 hdr = { MSG_DONE, IMSG_HEADER_SIZE + 16, 0, 0 };

	begin(ROLE_FRONT, ROLE_RELAY);
	CHECK(write(far.fd, &hdr, sizeof(hdr)) == sizeof(hdr));
	CHECK(write(far.fd, "1234", 4) == 4);
	far_close();
	turn();
	CHECK(seen.n == 0);
	CHECK(seen.gone == 1);
}

/* ---- high and low marks -------------------------------------------------- */

/* Sends until the peer, who reads nothing, is behind. */
static int
fill(struct chan *c)
{
	static uint8_t	 text[65536];
	struct msg_text	 m = { 1, { text, sizeof(text) } };
	struct ibuf	*b;
	int		 n;

	for (n = 0; n < 1000 && !chan_behind(c); n++) {
		b = chan_open(c, MSG_DELIVER_ONE, 0);
		msg_text_put(b, &m);
		chan_close(c, b);
		turn();
	}
	return (n);
}

static void
test_behind(void)
{
	struct chan	*c;
	int		 i, n;

	c = begin(ROLE_RELAY, ROLE_FRONT);
	chan_on_drained(c, on_drained);
	n = fill(c);
	CHECK(n > 16 && n < 1000);
	CHECK(chan_behind(c));
	CHECK(chan_queued(c) > 1024 * 1024);
	turn();
	CHECK(chan_behind(c) && seen.drained == 0);
	/* half of it is not enough */
	for (i = 0; i < n; i++) {
		CHECK(far_type() == MSG_DELIVER_ONE);
		if (i < n / 2)
			CHECK(seen.drained == 0);
	}
	turn();
	CHECK(!chan_behind(c));
	CHECK(chan_queued(c) == 0);
	CHECK(seen.drained == 1);
	/* and again */
	n = fill(c);
	CHECK(chan_behind(c));
	while (n-- > 0)
		CHECK(far_type() == MSG_DELIVER_ONE);
	turn();
	CHECK(seen.drained == 2);
	end(c);
}

static void
test_flush(void)
{
	struct chan	*c;

	c = begin(ROLE_RELAY, ROLE_FRONT);
	chan_send(c, MSG_ASK_QUEUES);
	CHECK(chan_flush(c, 0) == 0);
	CHECK(chan_queued(c) == 0);
	CHECK(far_type() == MSG_ASK_QUEUES);
	fill(c);
	CHECK(chan_flush(c, 10) == -1);		/* nobody reads */
	far_close();
	CHECK(chan_flush(c, 10) == -1);		/* nobody is there */
	chan_free(c);
}

/* ---- the synchronous call ------------------------------------------------ */

static void
test_call(void)
{
	struct msg_signed	 m;
	struct chan		*c;
	struct imsg		 imsg;
	struct ibuf		 b;

	c = begin(ROLE_FRONT, ROLE_SIGNER);
	ask_signature(c);
	put_signature(256);
	chan_call(c, MSG_SIGNED, &imsg);
	CHECK(imsg_get_ibuf(&imsg, &b) == 0);
	CHECK(msg_signed_get(&b, &m) == 0);
	CHECK(m.len == 256);
	imsg_free(&imsg);
	CHECK(far_type() == MSG_SIGN);
	/* a second time, the answer coming later and from another process */
	ask_signature(c);
	fflush(NULL);
	if (fork() == 0) {
		if (far_type() == MSG_SIGN)
			put_signature(128);
		_exit(0);
	}
	chan_call(c, MSG_SIGNED, &imsg);
	CHECK(imsg_get_ibuf(&imsg, &b) == 0);
	CHECK(msg_signed_get(&b, &m) == 0);
	CHECK(m.len == 128);
	imsg_free(&imsg);
	wait(NULL);
	CHECK(seen.n == 0);
	end(c);
}

/* ---- two processes ------------------------------------------------------- */

#define QUESTIONS	5000

static int	 answers;

static void
on_verdict(struct chan *c, struct imsg *imsg, void *arg)
{
	struct msg_verdict	 m;
	struct ibuf		 b;

	(void)arg;
	if (imsg == NULL || imsg_get_ibuf(imsg, &b) == -1 ||
	    msg_verdict_get(&b, &m) == -1)
		errx(1, "verdict %d", answers);
	/* in order, each once */
	CHECK(m.id == (uint64_t)answers && m.good == answers % 2);
	if (++answers == QUESTIONS) {
		chan_free(c);
		event_loopbreak();
	}
}

static void
on_question(struct chan *c, struct imsg *imsg, void *arg)
{
	struct msg_verify	 m;
	struct msg_verdict	 v;
	struct ibuf		 b, *out;

	(void)arg;
	if (imsg == NULL)
		_exit(0);
	if (imsg_get_ibuf(imsg, &b) == -1 || msg_verify_get(&b, &m) == -1)
		_exit(1);
	v.id = m.id;
	v.good = m.id % 2;
	out = chan_open(c, MSG_VERDICT, 0);
	msg_verdict_put(out, &v);
	chan_close(c, out);
}

static __dead void
verifier(int fd)
{
	event_init();
	chan_init(ROLE_VERIFIER);
	chan_set_phase(PHASE_RUNNING);
	chan_new(fd, ROLE_RELAY, 0, on_question, NULL);
	event_dispatch();
	_exit(1);
}

static void
send_questions(struct chan *c)
{
	static struct msg_verify m;
	struct ibuf		*b;
	int			 i;

	m.count = 1;
	m.siglen = 256;
	for (i = 0; i < QUESTIONS; i++) {
		m.id = (uint64_t)i;
		b = chan_open(c, MSG_VERIFY, 0);
		msg_verify_put(b, &m);
		chan_close(c, b);
	}
}

static void
test_two_processes(void)
{
	struct chan	*c;
	pid_t		 pid;
	int		 sv[2], status;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == -1)
		err(1, "socketpair");
	fflush(NULL);
	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		close(sv[0]);
		verifier(sv[1]);
	}
	close(sv[1]);
	chan_init(ROLE_RELAY);
	chan_set_phase(PHASE_RUNNING);
	c = chan_new(sv[0], ROLE_VERIFIER, 0, on_verdict, NULL);
	send_questions(c);
	event_dispatch();
	CHECK(answers == QUESTIONS);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	alarm(TIMEOUT / 1000 * 5);
	log_init("chan_test", LOG_TO_STDERR, 0);
	if (event_init() == NULL)
		errx(1, "event_init");
	RUN(test_names);
	RUN(test_receive);
	RUN(test_receive_slowly);
	RUN(test_send);
	RUN(test_send_together);
	RUN(test_long_message);
	RUN(test_receive_fd);
	RUN(test_fd_not_taken);
	RUN(test_fd_among_others);
	RUN(test_send_fd);
	RUN(test_pause);
	RUN(test_pause_then_eof);
	RUN(test_free_in_handler);
	RUN(test_free_with_queue);
	RUN(test_steal);
	RUN(test_eof);
	RUN(test_eof_in_message);
	RUN(test_behind);
	RUN(test_flush);
	RUN(test_call);
	RUN(test_two_processes);
	return (test_done());
}
