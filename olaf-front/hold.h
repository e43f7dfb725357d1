/*
 * Holding connections back: reading no more from those whose texts relay has
 * yet to deal with, or of which it has yet to say whose they are.
 */

#ifndef HOLD_H
#define HOLD_H

#include "conn.h"

/* Is nothing to be read from it? */
int		 hold_mute(const struct conn *);

/* A text of that cost was handed to relay; and relay is through with it. */
void		 hold_owe(struct conn *, uint64_t cost);
void		 hold_done(struct conn *, uint64_t cost);
/* It will not say so any more. */
void		 hold_forgive(struct conn *);
/* What relay owes for all connections. */
uint64_t	 hold_owed(void);

/*
 * A message is longer than a client's may be, and relay has not said yet
 * whether this is a client: nothing is read until it has.
 */
void		 hold_wait(struct conn *);
void		 hold_unwait(struct conn *);

/* Reads on from all that were held back because relay was behind. */
void		 hold_resume_all(void);
/*
 * And from those that were for longest: their pings must be answered.  Not from
 * links for which relay owes more than it may.
 */
void		 hold_tick(int64_t now);

/* A stop: open ones are held until it is time to say goodbye. */
void		 hold_stop(struct conn *);
void		 hold_goodbye(void);

/* The connection goes. */
void		 hold_forget(struct conn *);

#endif
