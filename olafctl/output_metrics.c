/*
 * The counters as OpenMetrics 1.0 text, for Prometheus and its like.
 */

#include "compat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output.h"

#define FAMILY_MAX	(sizeof("olafd_") + MSG_STAT_MAX)

/* Groups that are one family, the last part of the name being its label. */
static const struct {
	const char	*prefix;
	const char	*label;
}		 labelled[] = {
	{ "refusals.", "code" },
};

/* What goes down as well as up. */
static const char *const gauges[] = {
	"clients.bound",
	"clients.open",
	"counters.limit",
	"counters.used",
	"files.bytes",
	"files.quota",
	"files.stored",
	"files.uploads",
	"front.open",
	"front.transfers",
	"neighbours.configured",
	"neighbours.linked",
	"neighbours.users",
	"verify.microseconds_max",
};

static int
is_gauge(const char *name)
{
	size_t	 i;

	for (i = 0; i < nitems(gauges); i++)
		if (strcmp(gauges[i], name) == 0)
			return (1);
	return (0);
}

/* The label of a stat's family and its value, or NULL. */
static const char *
find_label(const char *name, const char **value)
{
	size_t	 i, len;

	for (i = 0; i < nitems(labelled); i++) {
		len = strlen(labelled[i].prefix);
		if (strncmp(name, labelled[i].prefix, len) == 0) {
			*value = name + len;
			return (labelled[i].label);
		}
	}
	return (NULL);
}

/* "olafd_front_bytes_in" of the first len octets of "front.bytes_in". */
static void
format_family(char family[FAMILY_MAX], const char *name, size_t len)
{
	char	*p;

	snprintf(family, FAMILY_MAX, "olafd_%.*s", (int)len, name);
	for (p = family; *p != '\0'; p++)
		if (*p == '.')
			*p = '_';
}

static void
metrics_stat(const struct msg_ctl_stat *stat)
{
	static char	 last[FAMILY_MAX];
	char		 family[FAMILY_MAX];
	const char	*label, *value;
	int		 gauge = is_gauge(stat->name);

	label = find_label(stat->name, &value);
	format_family(family, stat->name, label == NULL ? strlen(stat->name) :
	    (size_t)(value - stat->name) - 1);
	if (strcmp(family, last) != 0)
		printf("# TYPE %s %s\n", family, gauge ? "gauge" : "counter");
	strlcpy(last, family, sizeof(last));
	printf("%s%s", family, gauge ? "" : "_total");
	if (label != NULL)
		printf("{%s=\"%s\"}", label, value);
	printf(" %" PRIu64 "\n", stat->value);
}

static void
metrics_stats(const struct msg_ctl_stat *stats, size_t n)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		metrics_stat(&stats[i]);
}

static void
metrics_finish(enum action action, const struct msg_ctl_end *m)
{
	(void)action;
	if (m->ok)
		printf("# EOF\n");
}

const struct output	 output_metrics = {
	NULL, NULL, NULL, NULL, NULL, NULL, metrics_stats, metrics_finish, NULL
};
