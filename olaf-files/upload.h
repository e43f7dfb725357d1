/*
 * Uploads, from the request for room to the answer that all is on the disk.
 */

#ifndef UPLOAD_H
#define UPLOAD_H

#include "chan.h"
#include "msg_files.h"

#define UPLOADS_MAX	1000	/* at a time: 503 beyond */

/* Once, with the event loop there. */
void	 upload_init(void);

/* What a front says.  Each returns -1 if the message breaks the rules. */
int	 upload_begin(struct chan *, const struct msg_upload *);
void	 upload_more(struct chan *, uint64_t number);
int	 upload_commit(struct chan *, const struct msg_upload_commit *);
void	 upload_abort(struct chan *, uint64_t number);
/* The front is gone, or (NULL) all end. */
void	 upload_gone(struct chan *);

/* The store has counted what there is: who waits for that may begin. */
void	 upload_ready(void);

uint64_t upload_count(void);
/* Octets that are on the disk for uploads under way. */
uint64_t upload_bytes(void);
uint64_t upload_failures(void);

#endif
