/*
 * Holding connections back: who is read from again, and when.
 */

/* link: olaf-front/hold.o */

#include "compat.h"

#include <string.h>

#include "clock.h"
#include "front.h"
#include "hold.h"
#include "input.h"
#include "relay.h"
#include "test.h"

#define MIB		(1024 * 1024)
#define SECOND		1000

static int	touched, again;

/* ---- what hold.c asks of the others -------------------------------------- */

void
conn_watch(struct conn *c)
{
	(void)c;
}

void
conn_touch(struct conn *c)
{
	(void)c;
	touched++;
}

void
input_again(struct conn *c)
{
	(void)c;
	again++;
}

int
relay_behind(void)
{
	return (0);
}

void
front_stop_check(void)
{
}

/* ---- tests --------------------------------------------------------------- */

static struct conn *
conn(int of_link)
{
	static struct conn	all[8];
	static int		next;
	struct conn		*c = &all[next++ % 8];

	memset(c, 0, sizeof(*c));
	c->state = CONN_OPEN;
	if (of_link)
		c->link = (struct conn_link *)(void *)c;
	touched = again = 0;
	return (c);
}

static void
test_client(void)
{
	struct conn	*c = conn(0);
	int64_t		 now = clock_ms();

	hold_owe(c, MIB);
	CHECK(hold_mute(c));
	hold_tick(now);
	CHECK(hold_mute(c));
	hold_tick(now + 2 * SECOND);		/* for its pings */
	CHECK(!hold_mute(c) && again == 1);
	hold_done(c, MIB);
	CHECK(hold_owed() == 0);
	hold_forget(c);
}

/* As long as relay has the message; its silence is ours meanwhile. */
static void
test_link(void)
{
	struct conn	*c = conn(1);
	int64_t		 now = clock_ms();
	int		 i;

	hold_owe(c, 4 * MIB);
	CHECK(!hold_mute(c));
	hold_owe(c, 64 * MIB);
	CHECK(hold_mute(c));
	for (i = 2; i < 100; i++)
		hold_tick(now + i * SECOND);
	CHECK(hold_mute(c) && again == 0 && touched == 98);
	hold_done(c, 64 * MIB);			/* it owes what it may */
	CHECK(hold_mute(c));
	hold_tick(now + 99 * SECOND);
	CHECK(hold_mute(c));
	hold_tick(now + 100 * SECOND);
	CHECK(!hold_mute(c) && again == 1);
	hold_done(c, 4 * MIB);
	CHECK(hold_owed() == 0);
	hold_forget(c);
}

/* A link that stays held is in nobody's way. */
static void
test_both(void)
{
	struct conn	*l = conn(1), *c = conn(0);
	int64_t		 now = clock_ms();

	hold_owe(l, 64 * MIB);
	hold_owe(c, MIB);
	hold_tick(now + 2 * SECOND);
	CHECK(hold_mute(l) && !hold_mute(c));
	hold_forgive(l);			/* it is closed */
	hold_tick(now + 4 * SECOND);
	CHECK(!hold_mute(l));
	hold_forget(l);
	hold_forget(c);
	CHECK(hold_owed() == 0);
}

int
main(void)
{
	RUN(test_client);
	RUN(test_link);
	RUN(test_both);
	return (test_done());
}
