/*
 * One request to a running olafd, and its answer.
 */

#ifndef REQUEST_H
#define REQUEST_H

#include "output.h"

/* Is this command for a running olafd? */
int	 request_exists(enum action);

/*
 * Asks the olafd that listens on a socket and prints the answer.  Returns 0
 * if it did what was asked, 1 after having told stderr why not.  Exits 1 if
 * there is none to ask or if it breaks the rules.
 */
int	 request_run(const struct command *, const struct output *,
	    const char *path);

#endif
