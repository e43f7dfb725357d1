/*
 * How the session goes.
 */

#ifndef NET_H
#define NET_H

#include "msg_client.h"

/* The WebSocket stands. */
void	 net_up(void);

/* The server answered what conn_probe sent with that number. */
void	 net_alive(uint32_t);

/*
 * The connection is over: olaf is told when all that came before is acted on.
 */
void	 net_down(const struct msg_net_down *);

#endif
