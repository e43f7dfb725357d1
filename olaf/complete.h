/*
 * Completion: candidates for what was begun, and what they have in common.
 */

#ifndef COMPLETE_H
#define COMPLETE_H

#include <stddef.h>

#define COMPLETE_MAX	500	/* candidates; more are not gathered */

struct complete {
	const char	*begun;		/* what they must begin with, without case */
	size_t		 begun_len;
	char		*words[COMPLETE_MAX];
	size_t		 n;
};

void	 complete_init(struct complete *, const char *begun, size_t len);
void	 complete_free(struct complete *);

/* Takes a candidate if it begins so and is not there yet. */
void	 complete_add(struct complete *, const char *word);

/*
 * How many octets of the first candidate all others begin with too, without
 * case; never a part of a character.  0 if there is none.
 */
size_t	 complete_common(const struct complete *);

/*
 * Writes the candidates, in order, to text: those that fit, and "..." for the
 * rest.
 */
void	 complete_list(struct complete *, char *text, size_t size);

#endif
