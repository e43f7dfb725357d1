/*
 * What the commands say of a file that went or came.
 */

#ifndef REPORT_H
#define REPORT_H

#include "transfer.h"

/* SHA-256 in hexadecimal, with NUL. */
#define REPORT_HASH_LEN	(2 * MSG_HASH_LEN + 1)
void	 report_hash(const struct transfer *, char text[REPORT_HASH_LEN]);

/*
 * Result on stdout, size and hash on stderr; or all of it on stdout with -j.
 * Returns 0, or -1 after saying why it could not be written.
 */
int	 report_upload(const struct transfer *);
int	 report_download(const struct transfer *);

#endif
