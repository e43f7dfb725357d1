/*
 * One loop for every channel: read, look the rule up, hand the message to the
 * handler, write.
 */

#include "compat.h"

#include <sys/socket.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chan.h"
#include "log.h"

#define CHAN_HIGH	(1024 * 1024)	/* octets queued: the peer is behind */
#define CHAN_CTL_MAX	4096		/* an olafctl's longest message */

struct chan {
	struct imsgbuf	 ibuf;
	struct event	 rev;
	struct event	 wev;
	enum role	 peer;
	unsigned int	 number;
	chan_handler	 handler;
	void		*arg;
	void		(*drained)(struct chan *, void *);
	size_t		 queued;	/* octets since the queue was last empty */
	int		 behind;
	int		 paused;
	int		 busy;		/* within the handler */
	int		 broken;	/* the peer is gone: nothing can be sent */
	int		 freed;
	int		 breached;
	int		 fd;		/* came with the message in hand, or -1 */
	char		 name[32];
};

static enum role	 chan_self;
static enum phase	 chan_now = PHASE_SETUP;

void
chan_init(enum role self)
{
	chan_self = self;
}

void
chan_set_phase(enum phase phase)
{
	chan_now = phase;
}

enum phase
chan_phase(void)
{
	return (chan_now);
}

enum role
chan_peer(const struct chan *c)
{
	return (c->peer);
}

unsigned int
chan_number(const struct chan *c)
{
	return (c->number);
}

int
chan_fd(const struct chan *c)
{
	return (c->ibuf.fd);
}

const char *
chan_name(const struct chan *c)
{
	return (c->name);
}

int
chan_take_fd(struct chan *c)
{
	int	fd = c->fd;

	c->fd = -1;
	return (fd);
}

static void
chan_drop_fd(struct chan *c)
{
	if (c->fd != -1)
		close(c->fd);
	c->fd = -1;
}

static int
chan_check(struct chan *c, struct imsg *imsg)
{
	const char	*why;

	c->fd = imsg_get_fd(imsg);
	why = msgrules_check(imsg_get_type(imsg), c->peer, chan_self, chan_now,
	    imsg_get_len(imsg), c->fd != -1);
	if (why == NULL)
		return (0);
	chan_drop_fd(c);
	chan_breach(c, why);
	return (-1);
}

static void
chan_gone(struct chan *c)
{
	event_del(&c->rev);
	event_del(&c->wev);
	c->paused = 1;
	c->handler(c, NULL, c->arg);
}

static void
chan_dispatch(struct chan *c)
{
	struct imsg	 imsg;
	int		 n;

	while (!c->paused && !c->freed && !c->breached) {
		if ((n = imsgbuf_get(&c->ibuf, &imsg)) == 0)
			return;
		if (n == -1) {
			chan_breach(c, "malformed");
			break;
		}
		if (chan_check(c, &imsg) == 0)
			c->handler(c, &imsg, c->arg);
		chan_drop_fd(c);
		imsg_free(&imsg);
	}
	if (c->breached && !c->freed)
		chan_gone(c);
}

static void
chan_destroy(struct chan *c)
{
	event_del(&c->rev);
	event_del(&c->wev);
	imsgbuf_clear(&c->ibuf);
	close(c->ibuf.fd);
	free(c);
}

static void
chan_read(int fd, short what, void *arg)
{
	struct chan	*c = arg;
	int		 n;

	(void)fd;
	c->busy = 1;
	if (what & EV_READ) {
		n = imsgbuf_read(&c->ibuf);
		if (n == 1)
			chan_dispatch(c);
		else if (n == 0 || errno != EAGAIN)
			chan_gone(c);
	} else
		chan_dispatch(c);
	c->busy = 0;
	if (c->freed)
		chan_destroy(c);
}

static void
chan_write(int fd, short what, void *arg)
{
	struct chan	*c = arg;

	(void)fd;
	(void)what;
	if (imsgbuf_write(&c->ibuf) == -1) {
		c->broken = 1;	/* the reading side tells who must know */
		return;
	}
	if (imsgbuf_queuelen(&c->ibuf) > 0) {
		event_add(&c->wev, NULL);
		return;
	}
	c->queued = 0;
	if (c->behind) {
		c->behind = 0;
		if (c->drained != NULL)
			c->drained(c, c->arg);
	}
}

struct chan *
chan_new(int fd, enum role peer, unsigned int number, chan_handler handler,
    void *arg)
{
	struct chan	*c;
	int		 flags;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		fatal("channel");
	c->peer = peer;
	c->number = number;
	c->fd = -1;
	c->handler = handler;
	c->arg = arg;
	snprintf(c->name, sizeof(c->name), "%s %u", msgrules_role(peer), number);
	if ((flags = fcntl(fd, F_GETFL)) == -1 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1)
		fatal("channel: %s: fcntl", c->name);
	if (imsgbuf_init(&c->ibuf, fd) == -1)
		fatal("channel: %s", c->name);
	if (peer != ROLE_CTL)
		imsgbuf_allow_fdpass(&c->ibuf);
	if (imsgbuf_set_maxsize(&c->ibuf, (peer == ROLE_CTL &&
	    chan_self == ROLE_RELAY) ? CHAN_CTL_MAX : MSG_LEN_MAX) == -1)
		fatal("channel: %s: size", c->name);
	event_set(&c->rev, fd, EV_READ | EV_PERSIST, chan_read, c);
	event_set(&c->wev, fd, EV_WRITE, chan_write, c);
	event_add(&c->rev, NULL);
	return (c);
}

void
chan_free(struct chan *c)
{
	if (c == NULL || c->freed)
		return;
	c->freed = 1;
	if (!c->busy)
		chan_destroy(c);
	else {
		event_del(&c->rev);
		event_del(&c->wev);
	}
}

struct ibuf *
chan_open(struct chan *c, enum msg_type type, size_t size)
{
	struct ibuf	*b;

	if ((b = imsg_create(&c->ibuf, type, 0, 0, size)) == NULL)
		fatal("channel: %s", c->name);
	return (b);
}

void
chan_close(struct chan *c, struct ibuf *b)
{
	size_t	len;

	if (c->broken) {
		ibuf_free(b);
		return;
	}
	len = ibuf_size(b);
	imsg_close(&c->ibuf, b);
	if (c->queued == 0)
		event_active(&c->wev, EV_WRITE, 1);
	c->queued += len;
	if (c->queued > CHAN_HIGH)
		c->behind = 1;
}

void
chan_close_fd(struct chan *c, struct ibuf *b, int fd)
{
	ibuf_fd_set(b, fd);
	chan_close(c, b);
}

void
chan_send(struct chan *c, enum msg_type type)
{
	chan_close(c, chan_open(c, type, 0));
}

/* Waits for the descriptor; milliseconds, -1 for ever. */
static int
chan_wait(struct chan *c, short events, int timeout)
{
	struct pollfd	pfd;
	int		n;

	pfd.fd = c->ibuf.fd;
	pfd.events = events;
	do {
		n = poll(&pfd, 1, timeout);
	} while (n == -1 && errno == EINTR);
	return (n == 1 ? 0 : -1);
}

int
chan_flush(struct chan *c, int timeout)
{
	while (imsgbuf_queuelen(&c->ibuf) > 0) {
		if (imsgbuf_write(&c->ibuf) == -1)
			return (-1);
		if (imsgbuf_queuelen(&c->ibuf) > 0 &&
		    chan_wait(c, POLLOUT, timeout) == -1)
			return (-1);
	}
	c->queued = 0;
	return (0);
}

void
chan_call(struct chan *c, enum msg_type answer, struct imsg *imsg)
{
	int	n;

	if (chan_flush(c, -1) == -1)
		fatalx("channel: %s: gone", c->name);
	while ((n = imsgbuf_get(&c->ibuf, imsg)) == 0) {
		if (chan_wait(c, POLLIN, -1) == -1)
			fatal("channel: %s: poll", c->name);
		if ((n = imsgbuf_read(&c->ibuf)) == 0 ||
		    (n == -1 && errno != EAGAIN))
			fatalx("channel: %s: gone", c->name);
	}
	if (n == -1)
		chan_breach(c, "malformed");
	if (chan_check(c, imsg) == 0 && imsg_get_type(imsg) != answer)
		chan_breach(c, "out of turn");
}

int
chan_behind(const struct chan *c)
{
	return (c->behind);
}

void
chan_on_drained(struct chan *c, void (*drained)(struct chan *, void *))
{
	c->drained = drained;
}

size_t
chan_queued(const struct chan *c)
{
	return (c->queued);
}

void
chan_pause(struct chan *c)
{
	if (c->paused)
		return;
	c->paused = 1;
	event_del(&c->rev);
}

void
chan_resume(struct chan *c)
{
	if (!c->paused)
		return;
	c->paused = 0;
	event_add(&c->rev, NULL);
	/* messages that were read before the pause */
	event_active(&c->rev, EV_TIMEOUT, 1);
}

void
chan_steal(struct imsg *imsg, struct imsg *kept)
{
	*kept = *imsg;
	memset(imsg, 0, sizeof(*imsg));
}

void
chan_breach(struct chan *c, const char *why)
{
	if (chan_self == ROLE_PARENT || chan_self == ROLE_OLAF)
		log_warnx("%s broke the rules: %s", c->name, why);
	else if (c->peer == ROLE_CTL && chan_self == ROLE_RELAY)
		log_info("%s broke the rules: %s", c->name, why);
	else
		fatalx("%s broke the rules: %s", c->name, why);
	c->breached = 1;
}

int
chan_breached(const struct chan *c)
{
	return (c->breached);
}
