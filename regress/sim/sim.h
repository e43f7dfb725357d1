/*
 * A neighbourhood of servers under a simulated network, in one process: each
 * server is the pure part of olaf-relay (table, mesh, route) with an
 * environment of the simulation's.  All that happens comes from one seed.
 */

#ifndef SIM_H
#define SIM_H

#include <sys/queue.h>

#include <stdint.h>

#include "mesh.h"
#include "route.h"
#include "table.h"

#define NODES_MAX	20
#define USERS		64		/* keys there are */
#define MOVERS		12		/* the first of them are at several servers */
#define INTERVAL	50		/* milliseconds between updates */
#define DELAY_MAX	300		/* milliseconds; a ping and its pong must be
					 * faster than mesh.c waits for */
#define SPELLINGS	3		/* of one key */

/* What travels on a connection. */
enum parcel_type {
	PARCEL_HELLO,			/* server_hello */
	PARCEL_REQUEST,
	PARCEL_UPDATE,
	PARCEL_CHAT,			/* private or public */
	PARCEL_PING,
	PARCEL_PONG
};

struct parcel {
	STAILQ_ENTRY(parcel)	 entry;		/* while it is held */
	enum parcel_type	 type;
	int			 tell;		/* the sender, when it is written */
	struct chat		*chat;
	unsigned int		 count;		/* of an update */
	uint8_t			 user[];	/* USERS and spelling, in turn */
};
STAILQ_HEAD(parcels, parcel);

/* One end of a connection. */
struct end {
	struct node	*node;
	struct link	*link;		/* NULL: not known, or not any more */
	int		 open;		/* this end knows of no loss */
	int		 hold;
	struct parcels	 held;
	int64_t		 last;		/* when the last parcel arrives there */
};

/* A connection; end 0 dialled. */
struct conn {
	TAILQ_ENTRY(conn)	 entry;
	struct end		 end[2];
	uint64_t		 number;
	int			 cut;		/* nothing travels any more */
	int			 closed;	/* by an end: what comes then is dropped */
};

/* A message of a user, and what became of it. */
struct chat {
	TAILQ_ENTRY(chat)	 entry;
	uint64_t		 number;
	int			 user;
	uint64_t		 counter;
	int			 is_public;
	int			 from;			/* node */
	int			 to[NODES_MAX];		/* named */
	struct conn		*by[NODES_MAX];	/* on which it was sent */
	int			 reached[NODES_MAX];	/* how often */
	int64_t			 at;
	int			 excused;	/* may be lost: a clock jumped */
};

struct node {
	int			 number;
	int			 up;
	int			 life;		/* starts so far */
	char			 name[64];
	struct address		 address;
	struct table		 table;
	struct mesh		 mesh;
	int64_t			 offset;	/* of its clock */
	int64_t			 jumped;	/* when it last did */
	uint64_t		 timer;		/* the latest one counts */
	int64_t			 batch_at;	/* of the last one */
	int64_t			 dialled_at[NODES_MAX];
	unsigned int		 timers;	/* in this second */
	int64_t			 second;
	struct client		*client[USERS];	/* those here */
	uint64_t		 counter[USERS];	/* last accepted: outlives it */
};

enum event_type {
	EVENT_DELIVER,		/* a parcel arrives at an end */
	EVENT_WRITTEN,		/* an end has written an update */
	EVENT_CLOSED,		/* an end learns of a loss */
	EVENT_DIAL,		/* a dial ends, one way or the other */
	EVENT_TIMER,
	EVENT_START		/* a node comes up again */
};

struct event {
	int64_t		 at;
	uint64_t	 order;		/* of events at one time */
	enum event_type	 type;
	struct node	*node;
	int		 life;		/* the node's, for which it is */
	struct conn	*conn;
	int		 side;
	struct parcel	*parcel;
	uint64_t	 number;	/* an attempt, or a timer */
	int		 peer;
};

struct sim {
	uint64_t	 seed, random;
	int64_t		 now;		/* milliseconds */
	uint64_t	 step;
	int		 calm;		/* no faults any more */
	int		 nnodes;
	struct node	 node[NODES_MAX];
	int		 apart[NODES_MAX][NODES_MAX];	/* no connection possible */
	TAILQ_HEAD(, conn) conns;
	TAILQ_HEAD(, chat) chats;
	uint64_t	 conn_number, chat_number;
	uint64_t	 counter[USERS];	/* last used */
	uint64_t	 updates, deliveries, losses;
};
extern struct sim	sim;
extern int		verbose;

/* A bug was found: says where, with the seed, and ends this process. */
__dead void	 sim_fail(const char *fmt, ...)
		    __attribute__((__format__(printf, 1, 2)));
/* With -v: what happens. */
void		 sim_say(const char *fmt, ...)
		    __attribute__((__format__(printf, 1, 2)));

/* queue.c */
uint32_t	 sim_random(uint32_t below);
int		 sim_chance(uint32_t percent);
struct event	*event_add(enum event_type, int64_t in, struct node *);
/* Takes the next one; NULL if there is none. The caller frees it. */
struct event	*event_next(int64_t until);
void		 event_clear(void (*f)(struct event *));

/* users.c: fabricated keys. */
void		 users_make(void);
const struct key *user_key(int user);
const char	*user_pem(int user, int spelling, size_t *len);
int		 user_number(const struct user *);

/* net.c */
void		 net_dial(struct node *, struct neighbour *, uint64_t attempt);
void		 net_dialled(struct event *);
void		 net_send(struct conn *, int side, struct parcel *);
struct parcel	*parcel_new(enum parcel_type, unsigned int count);
void		 net_hold(struct conn *, int side, int hold);
void		 net_close(struct conn *, int side);
void		 net_deliver(struct event *);
void		 net_closed(struct event *);
/* Faults: a connection, all of a node's. */
void		 net_cut(struct conn *);
void		 net_crash(struct node *);
struct conn	*net_any(void);
void		 net_clear(void);

/* node.c */
void		 node_init(int number);
void		 node_start(struct node *);
void		 node_crash(struct node *);
void		 node_stop(struct node *);
int64_t		 node_clock(const struct node *);
void		 node_schedule(struct node *);
void		 node_timer(struct node *, uint64_t number);
void		 node_parcel(struct node *, struct conn *, int side,
		    struct parcel *);
void		 node_join(struct node *, int user);
void		 node_leave(struct node *, int user);
void		 node_chat(struct node *, int user, int is_public);
void		 node_check(struct node *);

#endif
