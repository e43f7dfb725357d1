/*
 * The start of one of the client's helpers: a program that olaf starts with
 * its end of the channel on descriptor 3.
 */

#ifndef HELPER_H
#define HELPER_H

#include "chan.h"

#define HELPER_OLAF_FD	3

/* What helper_start needs to know of one. */
struct helper {
	enum role	 role;
	const char	*title;		/* for ps(1) */
	const char	*promises;
	const char	*const *sees;	/* paths to read, NULL ends them; NULL: nothing */
	chan_handler	 handler;	/* of olaf's messages; olaf gone is handled here */
};

/*
 * Starts: log to stderr, signals, event loop, channel, sandbox; then says
 * HELPER_READY.  Exits on any error.
 */
void	 helper_start(int argc, char **argv, const struct helper *);

struct chan *helper_olaf(void);

/* Runs the event loop; never returns. */
__dead void helper_run(void);

#endif
