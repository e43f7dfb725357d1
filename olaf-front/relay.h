/*
 * The channel to relay: what front tells it, and what it wants of front.
 */

#ifndef RELAY_H
#define RELAY_H

#include "chan.h"
#include "conn.h"

/* Takes over fd, from the parent's MSG_PEER.  Returns -1 if there is one. */
int	 relay_open(int fd, unsigned int number);

void	 relay_opened(struct conn *);
void	 relay_closed(struct conn *);
void	 relay_text(const struct conn *, const void *, size_t);
void	 relay_list_sent(const struct conn *);
void	 relay_link_up(struct conn *, uint64_t attempt);
void	 relay_dial_failed(uint64_t attempt, const char *reason);
void	 relay_link_pong(const struct conn *);
void	 relay_link_sent(const struct conn *);
void	 relay_stats(void);
int	 relay_behind(void);
int	 relay_gone(void);

#endif
