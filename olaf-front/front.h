/*
 * What the parts of olaf-front share: configuration, statistics, and the turns
 * of the loop.
 */

#ifndef FRONT_H
#define FRONT_H

#include "conn.h"
#include "list.h"
#include "log.h"
#include "msg_conf.h"
#include "msg_conn.h"

extern struct msg_conf_front	front_conf;
extern struct msg_conf_http	front_http;
extern struct msg_front_stats	front_stats;

/*
 * Something was queued for a connection: cut it if it is too slow, otherwise
 * send.
 */
void	 front_check_queue(struct conn *);

/* Something was queued that goes out when the loop comes round. */
void	 front_flush_soon(void);

/* There are connections: the clock must tick. */
void	 front_tick_on(void);

/* A stop may be through: looked at when the loop comes round. */
void	 front_stop_check(void);

#endif
