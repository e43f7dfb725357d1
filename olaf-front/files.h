/*
 * The channel to olaf-files.  Each function returns -1 if there is none; what
 * ends a transfer comes back to it by its number.
 */

#ifndef FILES_H
#define FILES_H

#include "chan.h"
#include "msg_files.h"

/* Takes over the channel's descriptor.  Returns -1 if there is one already. */
int	 files_open(int fd, unsigned int number);

/* hint: octets of the file, 0 if not known. */
int	 files_upload(uint64_t number, uint64_t hint);
int	 files_upload_more(uint64_t number);
int	 files_upload_commit(uint64_t number, uint64_t size, const char *name,
	    const char *type);
int	 files_upload_abort(uint64_t number);
int	 files_download(const struct msg_file_id *);

#endif
