/*
 * What was typed before, to be called back.
 */

#ifndef HISTORY_H
#define HISTORY_H

#include <stddef.h>

#define HISTORY_MAX	200	/* entries; the oldest go */

struct history {
	char	*entries[HISTORY_MAX];
	size_t	 n;
	size_t	 at;		/* the one that is shown; n: none */
	char	*draft;		/* what stood there before */
};

/* Adds at the end, unless it is the last already; none is shown any more. */
void	 history_add(struct history *, const char *text);

/*
 * The entry before or after the one that is shown, and at the end the draft; text
 * is what stands there now.  NULL if there is none, or no memory.
 */
const char *history_back(struct history *, const char *text);
const char *history_forth(struct history *);

void	 history_clear(struct history *);

#endif
