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
#include "mesh.h"
#include "message.h"
#include "msg_conf.h"
#include "table.h"

extern struct msg_conf_relay	relay_conf;
extern struct address		relay_address;	/* ours, read from relay_conf */
extern struct table		relay_table;
extern struct mesh		relay_mesh;

/* Seconds since the epoch. */
int64_t	 relay_time(void);

/* To the parent. */
void	 relay_ask_parent(enum msg_type, uint32_t id);
void	 relay_ask_verbose(uint32_t id, int verbose);

/* A client's last message is through, and it is gone. */
void	 relay_forget(struct client *);

/* The processes, for olafctl. */
#define RELAY_PROCESSES	64
extern struct msg_process	relay_processes[RELAY_PROCESSES];
extern unsigned int		relay_nprocesses;

#endif
