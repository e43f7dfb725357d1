/*
 * What the parts of olaf-relay share: configuration, the clock as the event
 * loop saw it, and what relay says to the fronts.
 */

#ifndef RELAY_H
#define RELAY_H

#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "log.h"
#include "message.h"
#include "msg_conf.h"
#include "table.h"

extern struct msg_conf_relay	relay_conf;
extern struct address		relay_address;	/* ours, read from relay_conf */

/* Seconds since the epoch. */
int64_t	 relay_time(void);

/* To the fronts. */
void	 relay_bound(const struct client *);
void	 relay_deliver_all(const struct client *except, const void *, size_t);
void	 relay_deliver_one(const struct client *, const void *, size_t);
void	 relay_close(struct client *, uint16_t code, const char *reason);
void	 relay_done(const struct client *, uint64_t cost);
void	 relay_list_part(uint64_t version, int last, const void *, size_t);
void	 relay_list_send(uint64_t version, const struct client *to);
void	 relay_ask_queues(uint32_t id);
unsigned int relay_fronts(void);

/* To the parent. */
void	 relay_ask_parent(enum msg_type, uint32_t id);
void	 relay_ask_verbose(uint32_t id, int verbose);

/* Work was taken in or got through: hold the fronts back or let them go on. */
void	 relay_balance(void);

/* A client's last message is through, and it is gone. */
void	 relay_forget(struct client *);

/* The processes, for olafctl. */
#define RELAY_PROCESSES	64
extern struct msg_process	relay_processes[RELAY_PROCESSES];
extern unsigned int		relay_nprocesses;

#endif
