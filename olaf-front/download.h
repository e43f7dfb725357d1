/*
 * Requests for a stored file.
 */

#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include "msg_files.h"
#include "transfer.h"

/* A GET or HEAD: asks olaf-files for the file, or answers with an error. */
void	 download_begin(struct transfer *, const struct http_request *);
/* olaf-files has opened it; the descriptor is taken over. */
void	 download_ready(struct transfer *, const struct msg_download_ready *,
	    int fd);
/* Nothing if it is no download. */
void	 download_free(struct transfer *);

#endif
