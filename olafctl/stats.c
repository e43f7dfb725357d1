/*
 * Collects counters.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "stats.h"

#define STATS_MAX	4096

static struct msg_ctl_stat	*stats;
static size_t			 nstats, size;

static int
is_part(const char *p, size_t len)
{
	return (len > 0 && strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_") >=
	    len);
}

static int
name_good(const char *name)
{
	size_t	 len;
	int	 parts = 0;

	for (;; name += len + 1) {
		len = strcspn(name, ".");
		if (!is_part(name, len) || ++parts > STATS_DEPTH)
			return (0);
		if (name[len] == '\0')
			return (1);
	}
}

int
stats_add(const struct msg_ctl_stat *stat)
{
	struct msg_ctl_stat	*p;
	size_t			 n;

	if (!name_good(stat->name))
		return (-1);
	if (nstats == size) {
		n = size == 0 ? 64 : size * 2;
		if (n > STATS_MAX ||
		    (p = reallocarray(stats, n, sizeof(*p))) == NULL)
			return (-1);
		stats = p;
		size = n;
	}
	stats[nstats++] = *stat;
	return (0);
}

static int
compare(const void *a, const void *b)
{
	const struct msg_ctl_stat	*sa = a, *sb = b;

	return (strcmp(sa->name, sb->name));
}

const struct msg_ctl_stat *
stats_sorted(size_t *n)
{
	static const struct msg_ctl_stat	 none;
	size_t					 i, len;

	*n = nstats;
	if (nstats == 0)
		return (&none);
	qsort(stats, nstats, sizeof(*stats), compare);
	/*
	 * a dot sorts before all else: what a name leads comes right behind
	 * it
	 */
	for (i = 1; i < nstats; i++) {
		len = strlen(stats[i - 1].name);
		if (strncmp(stats[i].name, stats[i - 1].name, len) == 0 &&
		    (stats[i].name[len] == '\0' || stats[i].name[len] == '.'))
			return (NULL);
	}
	return (stats);
}

int
stats_common(const char *a, const char *b)
{
	size_t	 i;
	int	 parts = 0;

	for (i = 0; a[i] == b[i] && a[i] != '\0'; i++)
		if (a[i] == '.')
			parts++;
	return (parts);
}
