/*
 * What is logged about neighbours, by a clock of its own.
 */

/* link: olaf-relay/link_warn.o */

#include "compat.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "clock.h"
#include "log.h"
#include "monitor.h"
#include "olaf-relay/link.h"
#include "stats.h"
#include "test.h"

#define MINUTE	60000

struct stats	stats;

static int64_t	now = 1;
static char	line[1024], name[256];
static int	lines;

/* ---- what link_warn.c asks of the others --------------------------------- */

int64_t
clock_ms(void)
{
	return (now);
}

static void	 take_line(const char *, va_list)
		    __attribute__((__format__(printf, 1, 0)));

static void
take_line(const char *fmt, va_list ap)
{
	vsnprintf(line, sizeof(line), fmt, ap);
	lines++;
}

void
log_info(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	take_line(fmt, ap);
	va_end(ap);
}

void
log_warnx(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	take_line(fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	(void)fmt;
}

struct neighbour *
act_neighbour(const struct message *m)
{
	(void)m;
	return (NULL);
}

void
monitor_event(const char *event, const char *who, const char *fmt, ...)
{
	(void)event;
	(void)fmt;
	strlcpy(name, who, sizeof(name));
}

const char *
monitor_address(const struct client *c)
{
	(void)c;
	return ("192.0.2.1");
}

/* ---- tests --------------------------------------------------------------- */

static int
flap(struct neighbour *n, int times)
{
	lines = 0;
	while (times-- > 0) {
		link_log(n, LINE_UP, "linked");
		link_log(n, LINE_CLOSED, "link closed: %s", "bad_json");
		link_log(n, LINE_DOWN, "no link left");
		now++;
	}
	return (lines);
}

static void
test_few(void)
{
	static struct neighbour	n, other;

	strlcpy(n.name, "one", sizeof(n.name));
	CHECK(flap(&n, 1) == 3);
	CHECK(strcmp(line, "neighbour: one: no link left") == 0);
	CHECK(flap(&n, 1000) == 3 * 4);
	CHECK(flap(&other, 1000) == 3 * 5);
	link_log(&n, LINE_USERS, "too many");	/* the first of its kind */
	CHECK(strcmp(line, "neighbour: one: too many") == 0);
	now += MINUTE;
	CHECK(flap(&n, 1) == 3);
	CHECK(strcmp(line, "neighbour: one: no link left (996 more since the "
	    "last line)") == 0);
	CHECK(flap(&n, 1) == 3);
	CHECK(strcmp(line, "neighbour: one: no link left") == 0);
}

static void
test_one(void)
{
	static struct neighbour	n;
	int			i;

	lines = 0;
	for (i = 0; i < 1000; i++)
		link_log(&n, LINE_USERS, "too many");
	CHECK(lines == 1);
}

int
main(void)
{
	RUN(test_few);
	RUN(test_one);
	return (test_done());
}
