/*
 * Barriers between the links of a neighbour: what was sent on one of them is
 * read before what is sent on another.  A ping goes behind the former, and the
 * latter is held at the front until its pong is there.
 */

#ifndef BARRIER_H
#define BARRIER_H

#include "mesh.h"

/* From now on, by which both of the next two go. */
void	 barrier_next(struct mesh *);
/* What was sent on the link so far, held or not, is before the barrier. */
void	 barrier_set(struct mesh *, struct link *);
/* What will be sent on it is behind all barriers so far. */
void	 barrier_hold(struct mesh *, struct link *, int64_t now);

/*
 * A pong came.  Returns 1 if a barrier is down that was not waited for: then
 * what was before it came too late.
 */
int	 barrier_pong(struct mesh *, struct link *, int64_t now);
/* The link is lost, and its barriers with it. */
void	 barrier_lost(struct mesh *, struct link *, int64_t now);
/* Is anything held? */
int	 barrier_any(const struct neighbour *);

/* When barrier_run has something to do: what is held too long goes. */
int64_t	 barrier_due(const struct neighbour *, int64_t now);
/* Returns 1 if anything went. */
int	 barrier_run(struct mesh *, struct neighbour *, int64_t now);

#endif
