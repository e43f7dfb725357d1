/*
 * Links: between the mesh, which decides, and the fronts and the signer.
 */

#ifndef LINK_H
#define LINK_H

#include "chan.h"
#include "mesh.h"
#include "message.h"
#include "msg_conn.h"
#include "route.h"

/* Once, with the event loop there. */
void		 link_init(void);
/*
 * From now on the mesh does what it has to: all processes are ready, and use
 * this configuration; and: it does not, until then.
 */
void		 link_start(void);
void		 link_stop(void);
/* The channel to the signer, from the parent's MSG_PEER. */
void		 link_signer(struct chan *);
/* Something happened that may change when the mesh has something to do. */
void		 link_schedule(void);
/* "update interval" is another. */
void		 link_interval(void);

/* What a front says. */
void		 link_up(struct chan *, const struct msg_link_up *);
void		 link_dial_failed(const struct msg_dial_failed *);
void		 link_pong(struct client *);
void		 link_sent(struct client *);
/* The connection is closed: nothing can be sent; and all its messages are through. */
void		 link_lost(struct client *);
void		 link_gone(struct client *);

/*
 * A client's connection is the neighbour's from now on.  Returns 0, or -1 if
 * it is not wanted: dropped by olafctl.
 */
int		 link_accept(struct client *, struct neighbour *);
/* Closes a link: what came by it and was not acted on yet is dropped. */
void		 link_close(struct client *, const char *why);
/*
 * A neighbour's message took so long: what it sent is through for front only
 * after several times as long, and until then no more is read.
 */
void		 link_rest(struct neighbour *, int64_t microseconds);
int		 link_rests(const struct client *);

/*
 * Logs something of a neighbour, of each kind a few times a minute; the next
 * line says how many were left out.
 */
void		 link_log(struct neighbour *, enum neighbour_line,
		    const char *, ...) __attribute__((__format__(printf, 3,
		    4)));
/* A client's server_hello was not that of the neighbour that it names. */
void		 link_impostor(const struct client *, const struct message *);
/* The neighbour is configured no longer. */
void		 link_neighbour_gone(struct neighbour *);

/* A message came by the link; and: one that refuses what we are. */
void		 link_heard(struct client *);
void		 link_refused(struct client *);
/* A neighbour asks on that link who is here. */
void		 link_asked(struct client *);

/* Our users changed.  Returns the version that has the change, for presences. */
uint64_t	 link_users_changed(void);

/*
 * Sends a text to the neighbours of a route; version is of the sender's
 * presence.
 */
void		 link_send(const struct route *, uint64_t version, const void *,
		    size_t);

/* The states that olafctl shows: enum msg_neighbour_state. */
int		 link_state(const struct neighbour *);
/* Milliseconds until the next dial, -1 if none is due. */
int64_t		 link_next_dial(const struct neighbour *);
unsigned int	 link_count(const struct neighbour *, int dialled);

/* For olafctl; -1 with why. */
int		 link_dial(struct neighbour *, const char **why);
void		 link_drop(struct neighbour *);

#endif
