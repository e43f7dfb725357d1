/*
 * What the parent opens for its children: listening sockets, the control
 * socket, the state directory and its files.
 */

#ifndef LISTEN_H
#define LISTEN_H

#include "config.h"

/*
 * Binds every listener of conf; those that old (may be NULL) has too are
 * taken over from it with their descriptor.  Returns 0, or -1 with errors
 * reported and everything as it was.  Nobody listens yet.
 */
int	 listen_bind(struct config *conf, struct config *old);
/* Closes what conf alone holds. */
void	 listen_close(struct config *conf);

/*
 * Binds the control socket.  Returns the descriptor, or -1 with the error
 * reported: also when a server answers there already.
 */
int	 listen_control(const struct config *conf);

/* Makes or checks the state directory.  Exits when it is not safe. */
void	 listen_state(const struct config *conf);

/*
 * Opens the file of counters, with room for limit keys.  Returns the
 * descriptor, or -1 with the error reported.
 */
int	 listen_counters(const struct config *conf);

/*
 * A shared page of size octets for the fronts (shared.h), zeroed but for its
 * secret, with no name.  Exits on error.
 */
int	 listen_shared(const struct config *conf, size_t size);

#endif
