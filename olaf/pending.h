/*
 * Messages that we sent and whose fate is not known yet.  The protocol has no
 * word for "taken": it was if we get it back, if lists that were asked for
 * behind it came and no error did, or if no error came for a while.
 */

#ifndef PENDING_H
#define PENDING_H

#include <stdint.h>

#include "session.h"

/*
 * confirm: ask, and give the server more time to refuse.  unanswered is called
 * when the server shows no sign of life, and must call pending_forget: then nobody
 * knows what became of any.
 */
void	 pending_start(const struct session_ops *, int confirm,
	    void (*unanswered)(void));

/*
 * text: the session's how manyth it is.  lists: so many answers must come before
 * it counts as taken, or a sign of life and then nothing for a while, for some
 * servers do not answer; without confirm none need.  Returns whether to ask for a
 * list now.
 */
int	 pending_add(uint64_t counter, uint32_t text, int lists);

/* The server read so many texts. */
void	 pending_alive(uint32_t text);

/* Hello was said with this counter. */
void	 pending_hello(uint64_t counter);

/*
 * The latest counter of ours: the file of counters has given out all that are
 * lower.  A message of ours that is not above it, and no echo, is an old one.
 */
uint64_t pending_latest(void);

/* Our own message came back.  Returns whether this process sent it. */
int	 pending_echo(uint64_t counter);

/* A list came that was asked for.  Returns whether another is waited for. */
int	 pending_listed(void);

/* The server refused it.  Returns whether there is such a one. */
int	 pending_refused(uint64_t counter, const char *code, const char *text);

/* The connection is gone: no more will be known of any. */
void	 pending_forget(void);

#endif
