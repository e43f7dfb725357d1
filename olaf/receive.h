/*
 * Messages that came, from olaf-net to whoever shows them: keys are unwrapped,
 * counters checked.
 */

#ifndef RECEIVE_H
#define RECEIVE_H

#include "chan.h"
#include "session.h"

/*
 * Takes a message of olaf-net, of the current session.  Returns 0, or -1 if it is
 * not what its pair allows, or none of these.
 */
int	 receive(struct chan *, uint32_t type, struct ibuf *,
	    const struct session_ops *);

#endif
