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

static void
impostor(const char *sender)
{
	static struct message	m;

	m.sender.p = sender;
	m.sender.len = strlen(sender);
	link_impostor(NULL, &m);
}

static void
test_impostor(void)
{
	char	sender[80] = "";
	size_t	i;

	impostor("a");
	CHECK(strcmp(name, "a") == 0);
	CHECK(strcmp(line, "server_hello: a: not proven by a connection from "
	    "192.0.2.1: no such neighbour") == 0);
	impostor("b");
	now += MINUTE;
	impostor("c");
	CHECK(strcmp(line, "server_hello: c: not proven by a connection from "
	    "192.0.2.1: no such neighbour (1 more since the last line)") == 0);
	for (i = 0; i < 62; i++)
		sender[i] = 'x';
	strlcpy(sender + 62, "y", sizeof(sender) - 62);
	impostor(sender);
	CHECK(strcmp(name, sender) == 0);
	strlcpy(sender + 62, "yz", sizeof(sender) - 62);
	impostor(sender);
	CHECK(strlen(name) == 63 && name[62] == 'y');
	strlcpy(sender + 62, "\xe2\x82\xac", sizeof(sender) - 62);
	impostor(sender);
	CHECK(strlen(name) == 62);
	strlcpy(sender + 60, "\xe2\x82\xac\xe2\x82\xac", sizeof(sender) -
	    60);
	impostor(sender);
	CHECK(strlen(name) == 63 && name[62] == '\xac');
	impostor("");
	CHECK(name[0] == '\0');
}

int
main(void)
{
	RUN(test_few);
	RUN(test_one);
	RUN(test_impostor);
	return (test_done());
}
