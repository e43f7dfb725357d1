/*
 * What the parts of olaf-files share: the way to relay.
 */

#ifndef FILES_H
#define FILES_H

#include "chan.h"
#include "msg_files.h"

/* Relay is told of the new counts, soon. */
void	 files_changed(void);

/* For olafctl monitor. */
void	 files_event(enum msg_file_event_type type,
	    const uint8_t id[MSG_FILE_ID_LEN], uint64_t size, const char *name);

/* The transfer is over; status as in HTTP. */
void	 files_fail(struct chan *, uint64_t number, int status);
/* The status for an errno. */
int	 files_status(int error);

#endif
