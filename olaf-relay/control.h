/*
 * The control socket: what olafctl asks.
 */

#ifndef CONTROL_H
#define CONTROL_H

#include "msg_conf.h"
#include "msg_conn.h"
#include "msg_files.h"

/* Accepts on fd from now on, instead of on the one before. */
void	 control_listen(int fd);

/* A front's answer to MSG_ASK_QUEUES is through. */
void	 control_queues(const struct msg_queues *);

/* The answer of olaf-files. */
void	 control_files(const struct msg_files_state *);

/* The parent's answer to a request. */
void	 control_done(const struct msg_ask_done *);

/*
 * Before relay ends: writes the answers and events that still wait, as far as
 * the sockets take them at once.
 */
void	 control_flush(void);

#endif
