/*
 * The channel to olaf-files: how much is stored, for olafctl.
 */

#ifndef FILES_H
#define FILES_H

#include <stdint.h>

#include "msg_files.h"

/* As last heard. */
extern struct msg_files_state	files_state;

/* Takes over the channel's descriptor.  Returns -1 if there is one already. */
int	 files_open(int fd, unsigned int number);

/*
 * Asks for the state, which goes to control_files with that id.  Returns -1 if
 * there is no olaf-files.
 */
int	 files_ask(uint32_t id);

#endif
