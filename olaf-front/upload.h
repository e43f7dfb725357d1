/*
 * The body of an upload, streamed into a file that olaf-files opened.
 */

#ifndef UPLOAD_H
#define UPLOAD_H

#include "transfer.h"

/* A POST: asks olaf-files for a file, or answers with an error. */
void	 upload_begin(struct transfer *, const struct http_request *);
/* olaf-files has opened one, which is taken over. */
void	 upload_ready(struct transfer *, int fd);
/* See transfer_input. */
ssize_t	 upload_input(struct transfer *, const uint8_t *p, size_t len);
/* It is kept, under this id. */
void	 upload_stored(struct transfer *, const uint8_t *id);

/* Is all of the body read? */
int	 upload_through(const struct transfer *);
/* Tells olaf-files, unless that has ended it; nothing if it is no upload. */
void	 upload_free(struct transfer *);

#endif
