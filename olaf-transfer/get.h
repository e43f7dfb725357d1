/*
 * Downloads.
 */

#ifndef GET_H
#define GET_H

#include "msg_client.h"

/* Begins, with the job's file and connection. */
void	 get_start(const struct msg_transfer_get *);

#endif
