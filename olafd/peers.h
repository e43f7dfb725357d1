/*
 * Which process talks to which, and the setup that all go through together:
 * channels, configuration, and the barrier before anybody listens.
 */

#ifndef PEERS_H
#define PEERS_H

#include "config.h"
#include "spawn.h"

/* One line of the table in olafd.c: each a is connected with each b. */
struct peers_link {
	enum role	 a;
	enum role	 b;
};

/*
 * Makes a channel for each pair of the table and hands the ends out.  Exits
 * on error.
 */
void	 peers_connect(const struct peers_link *, size_t);

/* Sends a configuration to all.  Returns 0, or -1 with the error reported. */
int	 peers_configure(const struct config *);

/* Sends a message without fields to all that live. */
void	 peers_tell(enum msg_type);

/*
 * Has every process a channel?  If not, one is about to be reaped: send nothing.
 */
int	 peers_complete(void);

/*
 * Have all said READY, or CONF_OK?  If not, missing (may be NULL) gets the first that hasn't.
 */
int	 peers_ready(struct process **missing);
int	 peers_configured(struct process **missing);
/* Have all answered CONF_SYNC? */
int	 peers_synced(void);
/* Forgets what was said to the configuration before. */
void	 peers_forget(void);

/* Gives every front a listener. */
void	 peers_listener(const struct config_listener *, uint32_t id);
void	 peers_listener_close(uint32_t id);

/*
 * Gives relay a descriptor: MSG_CONTROL or MSG_COUNTERS (with the file's
 * room).
 */
void	 peers_control(int fd);
void	 peers_counters(int fd, uint64_t limit);
/* Gives every front the page that they share. */
void	 peers_load(int fd);

/* What the parent itself pledges, once all is up. */
extern const char *const olafd_promises;

/* Tells relay about every process, for olafctl. */
void	 peers_processes(void);

#endif
