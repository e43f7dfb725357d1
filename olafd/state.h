/*
 * The state directory: the file of counters, and the page that the fronts
 * share.
 */

#ifndef STATE_H
#define STATE_H

#include <dirent.h>
#include <stddef.h>

#include "config.h"

/* Makes or checks the state directory.  Exits when it is not safe. */
void	 state_check(const struct config *conf);

/* Has a directory, read from its beginning, nothing in it? */
int	 state_is_empty(DIR *);

/*
 * Makes or checks the directory of files, which belongs to _olaffiles or, if
 * unprivileged, to us.  Exits when it is not safe.
 */
void	 state_files(const struct config *, int unprivileged);

/*
 * Opens the file of counters, with room for limit keys.  Returns the
 * descriptor, or -1 with the error reported.
 */
int	 state_counters(const struct config *conf);

/*
 * A shared page of size octets for the fronts (shared.h), zeroed but for its
 * secret, with no name.  Exits on error.
 */
int	 state_shared(const struct config *conf, size_t size);

#endif
