/*
 * The mesh: which neighbours there are, the links to them, when to dial, on
 * which link to send, and when to tell them who is here.  No clock, no I/O, no
 * randomness: all of these come in as arguments and go out through mesh_ops,
 * so that a test can run many such servers in one process.
 *
 * Times are in milliseconds of any clock; one that jumps does no lasting harm.
 */

#ifndef MESH_H
#define MESH_H

#include <sys/queue.h>

#include <stdint.h>

#include "address.h"
#include "hash.h"
#include "table.h"

#define MESH_NAME_MAX	304		/* as configured, with NUL */
#define MESH_ERROR_MAX	256		/* with NUL */
#define MESH_ACCEPTED	4		/* links that one neighbour may have dialled */
#define MESH_DIAL_BASE	1000	/* milliseconds until the next dial, */
#define MESH_DIAL_MORE	59000	/* and so many more at most */
#define MESH_NEVER	INT64_MAX	/* mesh_due: nothing is due */

struct neighbour;
struct neighbour_conf;
struct mesh;

/* A connection to a neighbour, by which both send. */
struct link {
	TAILQ_ENTRY(link)	 entry;		/* accepted ones: newest first */
	struct neighbour	*neighbour;
	void			*env;		/* the caller's */
	int			 dialled;	/* by us */
	int			 lost;		/* nothing can be sent any more */
	int			 heard;		/* a server's message came by it */
	int			 trusted;	/* the neighbour has taken it */
	unsigned int		 refusals;	/* link.c: until it is heard */
	/* barrier.c */
	int			 held;		/* texts wait at the front */
	uint64_t		 serial;	/* for barriers up to this one */
	int64_t			 held_until;
	uint64_t		 barrier;	/* its eldest one under way, 0: none */
	unsigned int		 pings;		/* sent for them, not answered */
	uint64_t		 to_ping;	/* for this one, when held no more */
	int			 given_up;	/* a barrier was not waited for */
	uint64_t		 told;		/* version of our users sent last */
	int			 telling;	/* and that is not written yet */
	int			 asked;		/* a client_update_request is owed */
};
TAILQ_HEAD(mesh_links, link);

struct neighbour_counts {
	uint64_t	 messages_in;		/* texts on its links */
	uint64_t	 messages_out;
	uint64_t	 updates_in;		/* of messages_in: taken */
	uint64_t	 updates_out;		/* of messages_out */
	uint64_t	 refused;		/* of messages_in */
	uint64_t	 repeated;		/* of refused: seen before */
	uint64_t	 keys_refused;		/* left out of updates */
};

/* What is logged of a neighbour, so many times a minute: link_warn.c. */
enum neighbour_line {
	LINE_UP,
	LINE_DOWN,
	LINE_CLOSED,
	LINE_FAILED,
	LINE_USERS,
	LINE_KEYS,
	LINE_MAX
};
struct neighbour_lines {
	int64_t		 since;		/* milliseconds, 0: never */
	unsigned int	 said;		/* since then */
	unsigned int	 left_out;	/* not told of yet */
};

struct neighbour {
	TAILQ_ENTRY(neighbour)	 entry;		/* in order of address */
	struct hash_link	 by_host;
	uint32_t		 number;	/* the caller's, see neighbour_find */
	char			 name[MESH_NAME_MAX];
	struct address		 address;	/* read from it */
	struct server		 server;	/* its users */
	struct mesh_links	 links;		/* all, lost ones too */
	struct link		*dialled;	/* the one that we dialled, if not lost */
	struct link		*out;		/* the one we send on, NULL: none */
	int			 up;		/* a link is, or was, trusted */
	uint64_t		 attempt;	/* dial under way, 0 if none */
	int64_t			 dial_at;	/* if none is, and no link dialled */
	int64_t			 backoff;
	int64_t			 dialled_at;	/* since when dialled is up */
	int			 dropped;	/* not dialled, not taken */
	uint64_t		 routed;	/* route.c: named by this message */
	struct neighbour_counts	 counts;
	char			 error[MESH_ERROR_MAX];	/* last one, "" if none */

	/* relay's, of which mesh.c knows nothing */
	struct pendings		 pending;	/* messages of all its links */
	struct neighbour_conf	*conf;		/* link.c */
	int64_t			 changed;	/* seconds: when it came up or went */
	int64_t			 rests_until;	/* milliseconds, 0: it does not */
	struct neighbour_lines	 lines[LINE_MAX];
	uint64_t		 hello_counter;	/* of the server_hello being signed */
	char			*hello;		/* signed for this attempt, or NULL */
	size_t			 hellolen;
};
TAILQ_HEAD(neighbours, neighbour);

/* What the mesh wants done.  None may call back into it. */
struct mesh_ops {
	/* dial: mesh_link_up or mesh_dial_failed with that attempt answers */
	void	(*dial)(void *, struct neighbour *, uint64_t attempt);
	/* a client_update_request goes out on the link */
	void	(*request)(void *, struct link *);
	/*
	 * our client_update goes out on these links, once each; mesh_sent when
	 * it is written
	 */
	void	(*update)(void *, struct link *const *, size_t n);
	/* a ping behind all that was sent: mesh_pong answers */
	void	(*ping)(void *, struct link *);
	/* texts for the link (not the request) wait from now on, or go */
	void	(*hold)(void *, struct link *, int hold);
	/*
	 * the link is to be closed; nothing that came by it counts any more,
	 * and it is freed when this returns
	 */
	void	(*close)(void *, struct link *, const char *why);
	/* the first link is trusted; the last one is gone, and all users */
	void	(*up)(void *, struct neighbour *);
	void	(*down)(void *, struct neighbour *);
};

struct mesh {
	struct neighbours	 neighbours;
	unsigned int		 nneighbours;
	struct hash		 by_host;
	struct table		*table;
	const struct mesh_ops	*ops;
	void			*arg;		/* for ops */
	int64_t			 interval;	/* between updates */
	int64_t			 updated;	/* when the last one went */
	uint64_t		 version;	/* of our users */
	uint64_t		 serial;	/* of barriers */
	uint64_t		 last_attempt;
	uint64_t		 last_route;
	struct neighbour	**targets;	/* room for all; route.c */
	struct link		**batch;	/* the same, for ops->update */
};

/* first_attempt: attempts are above this. */
void		 mesh_init(struct mesh *, struct table *,
		    const struct mesh_ops *, void *arg, int64_t interval,
		    uint64_t first_attempt);
/* All neighbours must have been removed. */
void		 mesh_clear(struct mesh *);

/*
 * A new neighbour, which is dialled at once; name must be an address that fits
 * no other neighbour.  number is kept for the caller.
 */
struct neighbour *neighbour_new(struct mesh *, uint32_t number,
		    const char *name, int64_t now);
/* Its links are closed, its users gone; it is freed. */
void		 neighbour_remove(struct mesh *, struct neighbour *,
		    int64_t now);
struct neighbour *neighbour_find(const struct mesh *, uint32_t number);
/* Whom that address names, in any spelling of the protocol's section 1. */
struct neighbour *neighbour_named(const struct mesh *, const struct address *);
/* Is there a link that it has taken? */
int		 neighbour_linked(const struct neighbour *);
/* Dials now, though it was dropped or is to be dialled later. */
void		 neighbour_dial(struct neighbour *, int64_t now);
/* Closes its links, and leaves it alone until neighbour_dial. */
void		 neighbour_drop(struct mesh *, struct neighbour *, int64_t now,
		    const char *why);

/*
 * A link is up: attempt is that of ops->dial, or 0 for one that the neighbour
 * dialled and is known for.  NULL if it is not wanted.
 */
struct link	*mesh_link_up(struct mesh *, struct neighbour *, void *env,
		    uint64_t attempt, int64_t now, uint32_t random);
/* Nothing can be sent on it any more; what it sent before may still come. */
void		 mesh_link_lost(struct mesh *, struct link *, int64_t now,
		    uint32_t random);
/* And now nothing comes any more: it is freed.  It may not be lost yet. */
void		 mesh_link_gone(struct mesh *, struct link *, int64_t now,
		    uint32_t random);
/* Closes it: ops->close. */
void		 mesh_link_close(struct mesh *, struct link *, int64_t now,
		    uint32_t random, const char *why);
void		 mesh_dial_failed(struct neighbour *, uint64_t attempt,
		    const char *why, int64_t now, uint32_t random);
void		 mesh_pong(struct mesh *, struct link *, int64_t now);
void		 mesh_sent(struct mesh *, struct link *, int64_t now);
/*
 * A server's message came by the link: the neighbour has taken it.  Before
 * that another link is better to send on.  The latter for one that is trusted
 * without a word.
 */
void		 mesh_heard(struct mesh *, struct link *, int64_t now);
void		 mesh_trust(struct mesh *, struct link *, int64_t now);
/* The neighbour asks on that link who is here. */
void		 mesh_asked(struct mesh *, struct link *, int64_t now);
/* Answers, if nothing is held any more, on those links where it asked. */
void		 mesh_answer(struct mesh *, struct neighbour *, int64_t now);

/* Our users changed.  Returns the version of them that has the change. */
uint64_t	 mesh_changed(struct mesh *);
/*
 * The link on which a message of a user of ours goes out, NULL if there is
 * none; an update that would first name the user (version: the presence's)
 * goes before.
 */
struct link	*mesh_out(struct mesh *, struct neighbour *, uint64_t version);

/*
 * Is that time come?  One further away than it can be, in milliseconds, is of a
 * clock that jumped, and has come.
 */
int		 mesh_is_due(int64_t at, int64_t now, int64_t furthest);
/* When mesh_run has something to do; it may be in the past. */
int64_t		 mesh_due(const struct mesh *, int64_t now);
void		 mesh_run(struct mesh *, int64_t now);

#endif
