/*
 * Holding connections back.
 */

#include "compat.h"

#include "clock.h"
#include "front.h"
#include "hold.h"
#include "input.h"
#include "relay.h"

#define CREDIT		(64 * 1024)	/* cost that relay may owe before we hold back */
#define CREDIT_LINK	(4 * 1024 * 1024)
#define HOLD_MAX	1000		/* milliseconds: then pings must be answered */

static struct conns	held = TAILQ_HEAD_INITIALIZER(held);
static uint64_t		owed;		/* by relay, over all */
static int		stopping;

int
hold_mute(const struct conn *c)
{
	return (c->held || c->waits || c->busy);
}

static void
hold_back(struct conn *c)
{
	if (c->held)
		return;
	c->held = 1;
	c->held_since = clock_ms();
	TAILQ_INSERT_TAIL(&held, c, entry_held);
	conn_watch(c);
}

static void
hold_resume(struct conn *c)
{
	if (!c->held || (stopping && c->state == CONN_OPEN))
		return;
	c->held = 0;
	TAILQ_REMOVE(&held, c, entry_held);
	conn_watch(c);
	input_again(c);
}

void
hold_wait(struct conn *c)
{
	c->waits = 1;
	conn_watch(c);
}

void
hold_unwait(struct conn *c)
{
	if (!c->waits)
		return;
	c->waits = 0;
	c->reread = 1;
	conn_watch(c);
	input_again(c);
}

static uint64_t
hold_credit(const struct conn *c)
{
	return (c->link != NULL ? CREDIT_LINK : CREDIT);
}

void
hold_owe(struct conn *c, uint64_t cost)
{
	c->owed += cost;
	owed += cost;
	if (c->owed > hold_credit(c) || relay_behind())
		hold_back(c);
}

void
hold_done(struct conn *c, uint64_t cost)
{
	if (cost > c->owed)
		cost = c->owed;
	c->owed -= cost;
	owed -= cost;
	if (c->owed <= hold_credit(c) / 2 && !relay_behind())
		hold_resume(c);
	if (c->owed == 0)
		hold_unwait(c);		/* all that will be said of it is said */
	front_stop_check();
}

void
hold_forgive(struct conn *c)
{
	owed -= c->owed;
	c->owed = 0;
}

uint64_t
hold_owed(void)
{
	return (owed);
}

void
hold_resume_all(void)
{
	struct conn	*c, *next;

	TAILQ_FOREACH_SAFE(c, &held, entry_held, next)
		if (c->owed <= hold_credit(c) / 2)
			hold_resume(c);
}

/*
 * A message of a link's may take relay longer than HOLD_MAX: one more each
 * time would be more than relay ever gets through.  Nothing is read, so that
 * nothing comes says nothing of the other end.
 */
static void
hold_longer(struct conn *c, int64_t now)
{
	c->held_since = now;
	TAILQ_REMOVE(&held, c, entry_held);
	TAILQ_INSERT_TAIL(&held, c, entry_held);
	conn_touch(c);
}

void
hold_tick(int64_t now)
{
	struct conn	*c;

	while ((c = TAILQ_FIRST(&held)) != NULL && !stopping &&
	    now - c->held_since >= HOLD_MAX)
		if (c->link != NULL && c->owed > hold_credit(c))
			hold_longer(c, now);
		else
			hold_resume(c);
}

void
hold_stop(struct conn *c)
{
	stopping = 1;
	if (c->state == CONN_OPEN)
		hold_back(c);
}

void
hold_goodbye(void)
{
	struct conn	*c, *next;

	TAILQ_FOREACH_SAFE(c, &held, entry_held, next)
		hold_resume(c);
}

void
hold_forget(struct conn *c)
{
	hold_forgive(c);
	if (c->held)
		TAILQ_REMOVE(&held, c, entry_held);
}
