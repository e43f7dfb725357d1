/*
 * The start of a child process, always in the same order: arguments, log, user,
 * chroot, groups and ids, event loop, channel to the parent, sandbox.
 */

#ifndef CHILD_H
#define CHILD_H

#include "chan.h"

#define CHILD_PARENT_FD	3	/* where the parent leaves its end of the channel */

/*
 * Starts as role: parses the arguments that spawn.c gives, gives up every
 * privilege, pledges to the role's promises and returns. handler gets what
 * the parent sends; a parent that is gone is handled here.  Exits on any
 * error.
 */
void		 child_start(int argc, char **argv, enum role role,
		    chan_handler handler);

/* The role that the arguments ask for: known before child_start. */
enum role	 child_role(int argc, char **argv, enum role fallback);

struct chan	*child_parent(void);

/* Runs the event loop; never returns. */
__dead void	 child_run(void);

/*
 * What every child does alike: START (phase, READY), CONF_SYNC, VERBOSE.
 * Returns 1 if the message was one of these, otherwise 0.
 */
int		 child_handle(struct chan *, struct imsg *);

/* The message in hand, for its _get function. */
struct ibuf	*child_ibuf(struct imsg *, struct ibuf *);

/* Answers MSG_CONF_END: fine, with the hashes of keys (may be none), or not. */
void		 child_conf_ok(const void *hashes, size_t len);
void		 child_conf_bad(const char *fmt, ...)
		    __attribute__((__format__(printf, 1, 2)));

#endif
