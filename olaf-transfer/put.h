/*
 * Uploads.
 */

#ifndef PUT_H
#define PUT_H

#include "msg_client.h"

/* Begins, with the job's file and connection. */
void	 put_start(const struct msg_transfer_put *);

#endif
