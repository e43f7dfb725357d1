/*
 * Receivers are as cheap as can be: octets are counted, for all frames are of
 * one length.  A sample of clients reads the messages as well, to tell how
 * long each took.
 */

#include "compat.h"

#include <err.h>
#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "speech.h"
#include "talk.h"
#include "websocket.h"

#define READ_SIZE	(256 * 1024)
#define REST_MAX	139		/* what websocket_read may leave */
#define SAMPLES		20
#define PATIENCE	20		/* seconds without a delivery */

struct sample {
	struct websocket	 ws;
	uint8_t			 rest[REST_MAX];
	size_t			 restlen;
	char			 text[SPEECH_CHAT_LEN];
	size_t			 textlen;
};

static struct talk_plan	 plan;
static unsigned int	 each;		/* messages of one sender */
static uint8_t		*frames;	/* each sender's in a row */
static int64_t		*said_at;	/* nanoseconds, by number of message */
static unsigned int	 said;		/* messages */
static uint64_t		 delivered;
static int64_t		*latencies;
static size_t		 nlatencies, maxlatencies;
static struct event	*pens;		/* senders that write without a window */
static size_t		*written;	/* octets, by sender */
static struct event	 watchdog;
static uint64_t		 last_delivered;

static int64_t
now(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

static void *
array(size_t n, size_t size)
{
	void	*p;

	if ((p = calloc(n > 0 ? n : 1, size)) == NULL)
		err(1, NULL);
	return (p);
}

/*
 * ---- before
 * ----------------------------------------------------------------
 */

void
talk_prepare(const struct talk_plan *p)
{
	struct keyring_key	*k;
	struct client		*c;
	unsigned int		 s, i, number = 0;

	plan = *p;
	if (plan.senders == 0 || plan.senders > crowd_size ||
	    plan.messages % plan.senders != 0 ||
	    plan.messages > SPEECH_NUMBER_MAX ||
	    plan.receivers == 0 || plan.receivers > crowd_size)
		errx(1, "no such talk is possible");
	each = plan.messages / plan.senders;
	frames = array(plan.messages, SPEECH_CHAT_FRAME);
	for (s = 0; s < plan.senders; s++) {
		c = &crowd[s];
		k = keyring_key(s);
		if (each > SPEECH_COUNTER_MAX - c->counter)
			errx(1, "client %u has talked too much", s);
		for (i = 0; i < each; i++, number++)
			speech_chat(k, c->counter++, number, frames +
			    (size_t)number * SPEECH_CHAT_FRAME);
		keyring_free(k);
	}
}

/*
 * ---- sending
 * ---------------------------------------------------------------
 */

static void
say(unsigned int n)
{
	unsigned int	 sender = n % plan.senders;
	unsigned int	 number = sender * each + n / plan.senders;

	said_at[number] = now();
	if (write(crowd[sender].fd, frames + (size_t)number *
	    SPEECH_CHAT_FRAME, SPEECH_CHAT_FRAME) != SPEECH_CHAT_FRAME)
		err(1, "client %u: write", sender);
}

static void
say_next(void)
{
	while (said < plan.messages &&
	    said < delivered / plan.receivers + plan.window)
		say(said++);
}

static void
pen_write(int fd, short what, void *arg)
{
	struct event	*pen = arg;
	size_t		 sender = (size_t)(pen - pens);
	size_t		 all = (size_t)each * SPEECH_CHAT_FRAME;
	ssize_t		 n;

	(void)what;
	n = write(fd, frames + sender * all + written[sender],
	    all - written[sender]);
	if (n == -1 && errno != EAGAIN)
		err(1, "client %zu: write", sender);
	if (n > 0)
		written[sender] += (size_t)n;
	if (written[sender] == all)
		event_del(pen);
}

static void
pens_start(void)
{
	unsigned int	 i;

	pens = array(plan.senders, sizeof(*pens));
	written = array(plan.senders, sizeof(*written));
	for (i = 0; i < plan.senders; i++) {
		event_set(&pens[i], crowd[i].fd, EV_WRITE | EV_PERSIST,
		    pen_write, &pens[i]);
		event_add(&pens[i], NULL);
	}
}

/*
 * ---- receiving
 * -------------------------------------------------------------
 */

static void
sample_message(struct sample *s, int64_t when)
{
	unsigned int	 number;

	number = speech_chat_number(s->text, s->textlen);
	if (number >= plan.messages || said_at[number] == 0 ||
	    nlatencies == maxlatencies)
		errx(1, "received what was not sent");
	latencies[nlatencies++] = when - said_at[number];
	s->textlen = 0;
}

static void
sample_read(struct sample *s, uint8_t *p, size_t len)
{
	struct websocket_event	 ev;
	int64_t			 when = now();

	for (;;) {
		size_t	 n = websocket_read(&s->ws, p, len, &ev);

		p += n;
		len -= n;
		if (ev.type == WEBSOCKET_EV_NONE)
			break;
		if (ev.type != WEBSOCKET_EV_DATA ||
		    ev.len > sizeof(s->text) - s->textlen)
			errx(1, "received no public_chat");
		memcpy(s->text + s->textlen, ev.data, ev.len);
		s->textlen += ev.len;
		if (ev.last)
			sample_message(s, when);
	}
	memcpy(s->rest, p, len);
	s->restlen = len;
}

static void
count_messages(struct client *c)
{
	uint64_t	 messages = c->octets / SPEECH_CHAT_DELIVERED;

	delivered += messages - c->messages;
	c->messages = messages;
}

static void
client_readable(int fd, short what, void *arg)
{
	static uint8_t	 buffer[REST_MAX + READ_SIZE];
	struct client	*c = arg;
	struct sample	*s = c->sample;
	size_t		 kept = 0;
	ssize_t		 n;

	(void)what;
	if (s != NULL) {
		kept = s->restlen;
		memcpy(buffer, s->rest, kept);
	}
	if ((n = read(fd, buffer + kept, READ_SIZE)) == -1 && errno == EAGAIN)
		return;
	if (n <= 0)
		errx(1, "client %td: the server closed", c - crowd);
	c->octets += (size_t)n;
	if (s != NULL)
		sample_read(s, buffer, kept + (size_t)n);
	count_messages(c);
	if (plan.window > 0)
		say_next();
}

/*
 * ---- the run
 * ---------------------------------------------------------------
 */

static void
client_watch(struct client *c)
{
	int	 flags;

	c->octets = c->messages = 0;
	if (c->watched)
		return;
	c->watched = 1;
	if (c->tls != NULL)
		errx(1, "clients with TLS don't talk");
	if ((flags = fcntl(c->fd, F_GETFL)) == -1 ||
	    fcntl(c->fd, F_SETFL, flags | O_NONBLOCK) == -1)
		err(1, "fcntl");
	event_set(&c->event, c->fd, EV_READ | EV_PERSIST, client_readable, c);
	event_add(&c->event, NULL);
}

/*
 * Evenly among all who only listen: a server serves some first, others last,
 * and who speaks may be at another.
 */
static void
samples_choose(void)
{
	unsigned int	 first = plan.senders < crowd_size ? plan.senders : 0;
	unsigned int	 i, all = crowd_size - first;
	unsigned int	 n = all < SAMPLES ? all : SAMPLES;
	struct client	*c;

	for (i = 0; i < n; i++) {
		c = &crowd[first + (uint64_t)i * (all - 1) /
		    (n > 1 ? n - 1 : 1)];
		c->sample = array(1, sizeof(*c->sample));
		websocket_init(&c->sample->ws, SPEECH_CHAT_LEN,
		    WEBSOCKET_CLIENT);
	}
	maxlatencies = (size_t)n * plan.messages;
	nlatencies = 0;
	latencies = array(maxlatencies, sizeof(*latencies));
}

static void
samples_drop(void)
{
	unsigned int	 i;

	for (i = 0; i < crowd_size; i++) {
		free(crowd[i].sample);
		crowd[i].sample = NULL;
	}
}

static void
still_alive(int fd, short what, void *arg)
{
	struct timeval	 tv = { PATIENCE, 0 };

	(void)fd;
	(void)what;
	(void)arg;
	if (delivered == last_delivered)
		errx(1, "nothing came for %d seconds, after %llu deliveries",
		    PATIENCE, (unsigned long long)delivered);
	last_delivered = delivered;
	evtimer_add(&watchdog, &tv);
}

static void
watchdog_start(void)
{
	struct timeval	 tv = { PATIENCE, 0 };

	last_delivered = 0;
	evtimer_set(&watchdog, still_alive, NULL);
	evtimer_add(&watchdog, &tv);
}

static int
compare(const void *a, const void *b)
{
	const int64_t	*x = a, *y = b;

	return (*x < *y ? -1 : *x > *y);
}

static double
percentile(unsigned int percent)
{
	if (nlatencies == 0)
		return (0);
	return ((double)latencies[(nlatencies - 1) * percent / 100] / 1e6);
}

static void
talk_start(void)
{
	unsigned int	 i;

	for (i = 0; i < crowd_size; i++)
		client_watch(&crowd[i]);
	said = 0;
	delivered = 0;
	said_at = array(plan.messages, sizeof(*said_at));
	if (plan.window > 0)
		samples_choose();
	watchdog_start();
}

static void
talk_clear(void)
{
	evtimer_del(&watchdog);
	samples_drop();
	free(frames);
	free(said_at);
	free(latencies);
	free(pens);
	free(written);
	latencies = NULL;
	nlatencies = 0;
	pens = NULL;
	written = NULL;
}

void
talk_run(struct talk_result *r)
{
	uint64_t	 wanted = (uint64_t)plan.messages * plan.receivers;
	int64_t		 start;

	talk_start();
	start = now();
	if (plan.window > 0)
		say_next();
	else
		pens_start();
	while (delivered < wanted)
		event_loop(EVLOOP_ONCE);
	r->seconds = (double)(now() - start) / 1e9;
	r->deliveries = delivered;
	if (nlatencies > 0)
		qsort(latencies, nlatencies, sizeof(*latencies), compare);
	r->p50 = percentile(50);
	r->p99 = percentile(99);
	talk_clear();
}
