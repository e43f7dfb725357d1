/*
 * Starting the helpers and entering our own sandbox.
 */

#ifndef SPAWN_H
#define SPAWN_H

#include "chan.h"

/* Which helpers: bits. dial and net are needed by sessions, dial and transfer by
 * transfers. */
#define SPAWN_SESSION	0x01
#define SPAWN_TRANSFER	0x02

/*
 * Starts them, waits until each is in its sandbox, and gives them the
 * certificates of authorities; then pledges to promises.  No program can be
 * started after that.  event_init must have run.  Before the private key is read.
 * Exits on any error.
 */
void	 spawn_start(unsigned int helpers);
void	 spawn_sandbox(const char *promises);

/* The channels; NULL if it was not started. */
struct chan	*spawn_dial(void);
struct chan	*spawn_net(void);
struct chan	*spawn_transfer(void);

/* Who takes the messages of each. */
void	 spawn_on_net(chan_handler);
void	 spawn_on_transfer(chan_handler);

/*
 * Asks olaf-dial for a connection; done is called with its descriptor, or -1 and
 * why.
 */
void	 spawn_connect(const char *host, uint16_t port,
	    void (*done)(int fd, const struct msg_connected *, const char *why, void *arg),
	    void *arg);
/* Forgets those with that arg: what comes for them is closed. */
void	 spawn_connect_cancel(void *arg);

/*
 * Called before the program ends because a helper did, or broke the rules: the
 * screen restores the terminal.
 */
extern void	(*spawn_before_end)(void);

#endif
