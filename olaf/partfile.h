/*
 * A download while it is incomplete: a hidden file beside where it will be, named
 * after the URL, and another with the server's name for its contents (ETag).
 */

#ifndef PARTFILE_H
#define PARTFILE_H

#include <limits.h>
#include <stdint.h>

#include "filename.h"
#include "msg_client.h"

struct partfile {
	int		 fd;			/* -1: none */
	char		 path[PATH_MAX];
	char		 sidecar[PATH_MAX];
	char		 etag[MSG_ETAG_MAX];	/* of what is in it; "": unknown */
};

/*
 * Opens what an earlier attempt left, or a new one, in a directory, and locks
 * it.  What cannot be gone on from is emptied.  Returns 0, or -1 with *why
 * (static).
 */
int	 partfile_open(struct partfile *, const char *directory, const char *url,
	    const char **why);

/* Octets in it. */
uint64_t partfile_size(const struct partfile *);

/* What is in it is of that name from now on. */
void	 partfile_set_etag(struct partfile *, const char *etag);

/*
 * It is whole: writes it to the disk and gives it its name; no file is replaced
 * unless replace is set.  Returns 0, or -1 with errno; then it is kept.
 */
int	 partfile_finish(struct partfile *, const char *name, int replace);

/*
 * Closes it, and removes it if remove is set or nobody could go on from it.
 * Returns whether it was kept.
 */
int	 partfile_close(struct partfile *, int remove);

/*
 * What a server calls a file becomes a name that is seen, is no option to a
 * command, and has nothing in it that a terminal would obey.
 */
void	 partfile_safe_name(char out[FILENAME_SIZE], const char *foreign);

#endif
