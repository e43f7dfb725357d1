/*
 * What is logged about neighbours, however often it happens: a few times a
 * minute, for whoever recorded a server_hello can open and break links at will.
 */

#include "compat.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <vis.h>

#include "act.h"
#include "clock.h"
#include "link.h"
#include "log.h"
#include "monitor.h"
#include "neighbours.h"
#include "stats.h"

#define LINES_INTERVAL	60000	/* milliseconds */
#define LINES_FEW	5	/* within that, of links */

/* May another line be logged, and how many were left out? */
static int
may_log(struct neighbour_lines *l, unsigned int most, unsigned int *left_out)
{
	int64_t	now = clock_ms();

	if (l->since == 0 || now - l->since >= LINES_INTERVAL) {
		l->since = now;
		l->said = 0;
	}
	if (l->said == most) {
		l->left_out++;
		return (0);
	}
	l->said++;
	*left_out = l->left_out;
	l->left_out = 0;
	return (1);
}

/* What to add to a line. */
static const char *
more(unsigned int left_out)
{
	static char	text[48];

	text[0] = '\0';
	if (left_out > 0)
		snprintf(text, sizeof(text), " (%u more since the last line)",
		    left_out);
	return (text);
}

void
link_log(struct neighbour *n, enum neighbour_line line, const char *fmt, ...)
{
	char		what[MESH_ERROR_MAX + 32];
	unsigned int	left_out, most;
	va_list		ap;

	most = line == LINE_USERS || line == LINE_KEYS ? 1 : LINES_FEW;
	if (!may_log(&n->lines[line], most, &left_out))
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (line == LINE_UP || line == LINE_DOWN)
		log_info("neighbour: %s: %s%s", n->name, what,
		    more(left_out));
	else
		log_warnx("neighbour: %s: %s%s", n->name, what,
		    more(left_out));
}

/* Copies what fits of a sender, which is UTF-8, in whole characters. */
static void
sender_name(char *name, size_t size, struct scan_span sender)
{
	size_t	len = sender.len;

	if (len >= size)
		for (len = size - 1; len > 0 && (sender.p[len] & 0xc0) == 0x80;
		    len--)
			;
	memcpy(name, sender.p, len);
	name[len] = '\0';
}

void
link_impostor(const struct client *c, const struct message *m)
{
	static struct neighbour_lines	 lines;
	struct neighbour	*n = act_neighbour(m);
	char			 name[64], visible[4 * sizeof(name)];
	unsigned int		 left_out;

	if (n != NULL && n->dropped) {
		log_debug("neighbour: %s: not taken: dropped", n->name);
		return;
	}
	stats.impostors++;
	sender_name(name, sizeof(name), m->sender);
	monitor_event("neighbour.impostor", name, "%s", monitor_address(c));
	if (!may_log(&lines, 1, &left_out))
		return;
	strnvis(visible, name, sizeof(visible), VIS_OCTAL | VIS_CSTYLE |
	    VIS_NL | VIS_TAB);
	log_warnx("server_hello: %s: not proven by a connection from %s: "
	    "%s%s", visible, monitor_address(c),
	    n == NULL ? "no such neighbour" : n->conf->user == NULL ?
	    "no key is configured" : "not signed with its key",
	    more(left_out));
}
