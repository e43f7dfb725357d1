/*
 * The two ends of a channel, for its tests: one a struct chan in an event
 * loop, the other a bare imsgbuf that does what the test says, good or bad.
 */

#ifndef CHAN_ENDS_H
#define CHAN_ENDS_H

#include <sys/socket.h>

#include <err.h>
#include <event.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "chan.h"
#include "log.h"
#include "msg_conn.h"
#include "msg_verify.h"
#include "test.h"

#define TIMEOUT		10000	/* milliseconds until a test gives up */
#define SEEN_MAX	64

/* The other end. */
static struct imsgbuf	 far;

/* What the handler saw and what it is to do. */
static struct {
	uint32_t	 types[SEEN_MAX];
	int		 n;
	int		 gone;		/* times called with NULL */
	int		 breached;	/* at that time */
	int		 fd;		/* taken from the last message, or -1 */
	int		 take_fd;
	int		 pause_at;	/* pause at the nth message */
	int		 free_at;
	int		 steal_at;
	struct imsg	 stolen;
	int		 drained;
	const char	*breach;	/* declare one at the first message */
}			 seen;

/* ---- both ends ----------------------------------------------------------- */

static inline void
on_message(struct chan *c, struct imsg *imsg, void *arg)
{
	CHECK(arg == &seen);
	if (imsg == NULL) {
		seen.gone++;
		seen.breached = chan_breached(c);
		chan_free(c);
		return;
	}
	if (seen.n < SEEN_MAX)
		seen.types[seen.n] = imsg_get_type(imsg);
	seen.n++;
	if (seen.take_fd)
		seen.fd = chan_take_fd(c);
	if (seen.n == seen.pause_at)
		chan_pause(c);
	if (seen.n == seen.steal_at)
		chan_steal(imsg, &seen.stolen);
	if (seen.n == seen.free_at)
		chan_free(c);
	if (seen.breach != NULL)
		chan_breach(c, seen.breach);
}

static inline void
on_drained(struct chan *c, void *arg)
{
	CHECK(arg == &seen);
	CHECK(!chan_behind(c));
	seen.drained++;
}

static inline struct chan *
begin(enum role self, enum role peer)
{
	int	 sv[2];

	memset(&seen, 0, sizeof(seen));
	seen.fd = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == -1 ||
	    fcntl(sv[1], F_SETFL, O_NONBLOCK) == -1 ||
	    imsgbuf_init(&far, sv[1]) == -1)
		err(1, NULL);
	imsgbuf_allow_fdpass(&far);
	imsgbuf_set_maxsize(&far, MSG_LEN_MAX + 64);
	chan_init(self);
	chan_set_phase(PHASE_RUNNING);
	return (chan_new(sv[0], peer, 3, on_message, &seen));
}

static inline void
far_close(void)
{
	imsgbuf_clear(&far);
	close(far.fd);
}

static inline void
end(struct chan *c)
{
	chan_free(c);
	far_close();
}

/* Runs the loop until nothing is ready. */
static inline void
turn(void)
{
	int	 i;

	for (i = 0; i < 20; i++)
		if (event_loop(EVLOOP_ONCE | EVLOOP_NONBLOCK) == -1)
			err(1, "event_loop");
}

static inline void
far_queue(uint32_t type, int fd, const void *data, size_t len)
{
	if (imsg_compose(&far, type, 0, 0, fd, data, len) == -1)
		err(1, "imsg_compose");
}

/* Sends from the far end, all that fits. */
static inline void
far_send(uint32_t type, int fd, const void *data, size_t len)
{
	far_queue(type, fd, data, len);
	if (imsgbuf_write(&far) == -1)
		err(1, "imsgbuf_write");
}

static inline void
far_send_done(uint64_t conn, uint64_t cost)
{
	struct msg_done	 m = { conn, cost };
	struct ibuf	*b;

	if ((b = imsg_create(&far, MSG_DONE, 0, 0, 0)) == NULL)
		err(1, "imsg_create");
	msg_done_put(b, &m);
	imsg_close(&far, b);
}

/* The next message at the far end, within the time; -1 if the chan is gone. */
static inline int
far_get(struct imsg *imsg)
{
	struct pollfd	 pfd = { far.fd, POLLIN, 0 };
	int		 n;

	while ((n = imsgbuf_get(&far, imsg)) == 0) {
		turn();
		if (poll(&pfd, 1, TIMEOUT) != 1)
			errx(1, "nothing came");
		if ((n = imsgbuf_read(&far)) != 1)
			return (-1);
	}
	return (n == 1 ? 0 : -1);
}

/* The far end reads a message and lets it go; its type, or -1. */
static inline int
far_type(void)
{
	struct imsg	 imsg;
	int		 type;

	if (far_get(&imsg) == -1)
		return (-1);
	type = (int)imsg_get_type(&imsg);
	imsg_free(&imsg);
	return (type);
}

/*
 * A pipe whose writing end is sent; what comes through tells whether it
 * arrived.
 */
static inline void
open_pipe(int p[2])
{
	if (pipe(p) == -1)
		err(1, "pipe");
}

static inline int
comes_through(int in, int out)
{
	char	 ch = 0;

	return (out != -1 && write(out, "!", 1) == 1 &&
	    read(in, &ch, 1) == 1 && ch == '!');
}

/* Is the other end of the pipe closed everywhere? */
static inline int
is_closed(int in)
{
	struct pollfd	 pfd = { in, POLLIN, 0 };
	char		 ch;

	return (poll(&pfd, 1, TIMEOUT) == 1 && read(in, &ch, 1) == 0);
}

/* A signer's answer from the far end. */
static inline void
put_signature(uint16_t len)
{
	static struct msg_signed m;
	struct ibuf		*b;

	if ((b = imsg_create(&far, MSG_SIGNED, 0, 0, 0)) == NULL)
		err(1, NULL);
	m.len = len;
	msg_signed_put(b, &m);
	imsg_close(&far, b);
	if (imsgbuf_flush(&far) == -1)
		err(1, NULL);
}

static inline void
ask_signature(struct chan *c)
{
	static struct msg_sign	 m;
	struct ibuf		*b;

	m.len = 32;
	b = chan_open(c, MSG_SIGN, 0);
	msg_sign_put(b, &m);
	chan_close(c, b);
}

#endif
