/*
 * Starting the helpers and entering our own sandbox.
 */

#ifndef SPAWN_H
#define SPAWN_H

#include "chan.h"
#include "msg_client.h"

/* Which helpers: bits.  Both sorts need olaf-dial. */
#define SPAWN_SESSION	0x01
#define SPAWN_TRANSFER	0x02

/*
 * Makes the event loop, starts the helpers, waits until each is in its sandbox,
 * and gives them the certificates of authorities.  Before the private key is
 * read.  Exits on any error.
 */
void	 spawn_start(unsigned int helpers);

/*
 * No other files than the configuration directory and those beside the identity
 * from here on: for commands that need none.  Before spawn_sandbox.
 */
void	 spawn_hide_files(void);

/* Pledges; no program can be started after that. */
void	 spawn_sandbox(const char *promises);

/* The channels; NULL if it was not started. */
struct chan	*spawn_net(void);
struct chan	*spawn_transfer(void);

/* Who takes the messages of each.  A helper that is gone ends the program. */
void	 spawn_on_net(void (*)(struct chan *, struct imsg *));
void	 spawn_on_transfer(void (*)(struct chan *, struct imsg *));

/*
 * Asks olaf-dial for a connection; done is called with its descriptor, or -1 and
 * why, for people.
 */
void	 spawn_connect(const char *host, uint16_t port,
	    void (*done)(int fd, const struct msg_connected *, const char *why,
	    void *arg), void *arg);
/* Forgets those with that arg: what comes for them is closed. */
void	 spawn_connect_cancel(const void *arg);

/*
 * For a screen: what we and the helpers write to stderr is kept (its latest 8
 * kB) and written when the program exits, after before_end was called.
 */
void	 spawn_hold_stderr(void (*before_end)(void));

/* The message in hand, for its _get function. */
struct ibuf	*spawn_ibuf(struct imsg *, struct ibuf *);

#endif
