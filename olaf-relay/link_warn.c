/*
 * What is logged about neighbours, however often it happens: once a minute.
 */

#include "compat.h"

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

#define WARN_INTERVAL	60000	/* milliseconds */

/* Is it time for another line, and how many were left out? */
static int
may_warn(int64_t *warned, unsigned int *unwarned, unsigned int *left_out)
{
	int64_t	now = clock_ms();

	if (*warned != 0 && now - *warned < WARN_INTERVAL) {
		++*unwarned;
		return (0);
	}
	*warned = now;
	*left_out = *unwarned;
	*unwarned = 0;
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
link_warn(struct neighbour *n, const char *what)
{
	unsigned int	left_out;

	if (may_warn(&n->warned, &n->unwarned, &left_out))
		log_warnx("neighbour: %s: %s%s", n->name, what,
		    more(left_out));
}

void
link_impostor(const struct client *c, const struct message *m)
{
	static int64_t		 warned;
	static unsigned int	 unwarned;
	struct neighbour	*n = act_neighbour(m);
	char			 name[64], visible[4 * sizeof(name)];
	unsigned int		 left_out;
	size_t			 len = m->sender.len;

	if (n != NULL && n->dropped) {
		log_debug("neighbour: %s: not taken: dropped", n->name);
		return;
	}
	stats.impostors++;
	if (len >= sizeof(name))
		len = sizeof(name) - 1;
	memcpy(name, m->sender.p, len);
	name[len] = '\0';
	monitor_event("neighbour.impostor", name, "%s", monitor_address(c));
	if (!may_warn(&warned, &unwarned, &left_out))
		return;
	strnvis(visible, name, sizeof(visible), VIS_OCTAL | VIS_CSTYLE |
	    VIS_NL | VIS_TAB);
	log_warnx("server_hello: %s: not proven by a connection from %s: %s "
	    "%s", visible, monitor_address(c),
	    n == NULL ? "no such neighbour" : n->conf->user == NULL ?
	    "no key is configured" : "not signed with its key",
	    more(left_out));
}
