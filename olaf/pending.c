/*
 * Messages that we sent and whose fate is not known yet.
 */

#include "compat.h"

#include <sys/queue.h>

#include <err.h>
#include <event.h>
#include <stdlib.h>

#include "clock.h"
#include "pending.h"

#define SILENCE_MS	2000	/* without an error: taken */
#define CONFIRM_MS	5000	/* the same, from a server that answers nothing */
#define ANSWER_MS	30000	/* for any sign of life */
#define REFUSE_MS	500	/* the same, once the server has read it */
#define SETTLE_MS	100	/* a list that nobody asked for may have come between */
#define OURS_MAX	1024	/* latest counters of this process */

struct pending {
	TAILQ_ENTRY(pending)	 entry;
	uint64_t		 counter;
	int			 lists;		/* to come; 0: none, or no more */
	int64_t			 due;		/* clock_ms: its fate is sealed then */
	int64_t			 asked;		/* clock_ms: until then it may show life */
	uint32_t		 text;		/* of this session */
	int			 alive;		/* the server is, and got it */
};

static const struct session_ops	*ops;
static int			 confirm;
static void			 (*unanswered)(void);
static TAILQ_HEAD(, pending)	 pendings = TAILQ_HEAD_INITIALIZER(pendings);
static uint64_t			 ours[OURS_MAX];
static size_t			 nours;
static uint64_t			 latest;	/* counter of ours, hellos too */
static struct event		 timer;

static void
arm(void)
{
	struct pending	*p;
	struct timeval	 tv;
	int64_t		 due = 0, ms;

	TAILQ_FOREACH(p, &pendings, entry)
		if (due == 0 || p->due < due)
			due = p->due;
	evtimer_del(&timer);
	if (due == 0)
		return;
	if ((ms = due - clock_ms()) < 0)
		ms = 0;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = (ms % 1000) * 1000;
	evtimer_add(&timer, &tv);
}

static void
end(struct pending *p, const char *code, const char *text)
{
	uint64_t	counter = p->counter;

	TAILQ_REMOVE(&pendings, p, entry);
	free(p);
	if (ops->sent != NULL)
		ops->sent(counter, code, text);
}

static void
expire(int fd, short what, void *arg)
{
	struct pending	*p, *next;
	int64_t		 now = clock_ms();

	(void)fd;
	(void)what;
	(void)arg;
	for (p = TAILQ_FIRST(&pendings); p != NULL; p = next) {
		next = TAILQ_NEXT(p, entry);
		if (p->due > now)
			continue;
		if (p->alive || p->lists == 0)
			end(p, NULL, NULL);
		else if (p->asked <= now) {
			unanswered();	/* all of them are forgotten */
			return;
		} else
			p->due = p->asked;
	}
	arm();
}

void
pending_start(const struct session_ops *o, int c, void (*u)(void))
{
	ops = o;
	confirm = c;
	unanswered = u;
	evtimer_set(&timer, expire, NULL);
}

int
pending_add(uint64_t counter, uint32_t text, int lists)
{
	struct pending	*p;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		err(1, NULL);
	p->counter = counter;
	p->text = text;
	p->lists = confirm ? lists : 0;
	p->due = clock_ms() + (confirm ? CONFIRM_MS : SILENCE_MS);
	p->asked = clock_ms() + ANSWER_MS;
	TAILQ_INSERT_TAIL(&pendings, p, entry);
	ours[nours++ % OURS_MAX] = counter;
	latest = counter;
	arm();
	return (confirm);
}

void
pending_hello(uint64_t counter)
{
	latest = counter;
}

uint64_t
pending_latest(void)
{
	return (latest);
}

static struct pending *
find(uint64_t counter)
{
	struct pending	*p;

	TAILQ_FOREACH(p, &pendings, entry)
		if (p->counter == counter)
			break;
	return (p);
}

int
pending_echo(uint64_t counter)
{
	struct pending	*p;
	size_t		 i;

	if ((p = find(counter)) != NULL) {
		end(p, NULL, NULL);
		return (1);
	}
	for (i = 0; i < nours && i < OURS_MAX; i++)
		if (ours[i] == counter)
			return (1);
	return (0);
}

void
pending_alive(uint32_t text)
{
	struct pending	*p;
	int64_t		 soon = clock_ms() + REFUSE_MS;

	TAILQ_FOREACH(p, &pendings, entry) {
		if (p->alive || p->text > text)
			continue;
		p->alive = 1;
		if (!confirm && p->due > soon)
			p->due = soon;
	}
	arm();
}

int
pending_listed(void)
{
	struct pending	*p;
	int		 more = 0;

	TAILQ_FOREACH(p, &pendings, entry) {
		if (p->lists > 0 && --p->lists == 0)
			p->due = clock_ms() + SETTLE_MS;
		more |= p->lists > 0;
	}
	arm();
	return (more);
}

int
pending_refused(uint64_t counter, const char *code, const char *text)
{
	struct pending	*p;

	if ((p = find(counter)) == NULL)
		return (0);
	end(p, code, text);
	return (1);
}

void
pending_forget(void)
{
	struct pending	*p;

	evtimer_del(&timer);
	while ((p = TAILQ_FIRST(&pendings)) != NULL) {
		TAILQ_REMOVE(&pendings, p, entry);
		free(p);
	}
}
