/*
 * The counters of an answer, collected and put in order: JSON nests them and
 * OpenMetrics wants those of one family together.
 */

#ifndef STATS_H
#define STATS_H

#include <stddef.h>

#include "msg_ctl.h"

#define STATS_DEPTH	4	/* parts of a name, as "refusals.bad_json" has two */

/*
 * Adds one.  Returns -1 if its name is not of letters, digits, underscores
 * and dots between, or if there are too many.
 */
int	 stats_add(const struct msg_ctl_stat *);

/*
 * Sorts them by name and sets *n to how many there are.  Returns NULL if a name
 * is there twice or is also the front part of another.
 */
const struct msg_ctl_stat *
	 stats_sorted(size_t *n);

/* How many leading parts two names have in common. */
int	 stats_common(const char *, const char *);

#endif
