/*
 * The sockets that the parent opens for its children.
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

#endif
