/*
 * Who is where: clients (connections), users (keys), and at which servers the
 * users are.  Found by connection, by key and by fingerprint, in constant
 * time.  No I/O, no clock, and no state but the table's own.
 */

#ifndef TABLE_H
#define TABLE_H

#include <sys/queue.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <stdint.h>

#include "hash.h"
#include "key.h"

#define TABLE_NO_SLOT	UINT32_MAX

struct pending;
struct client;
struct link;
struct server;

/* Messages that wait, see inbox.h. */
STAILQ_HEAD(pendings, pending);

/* One digest that names a user; see key_digests. */
struct user_digest {
	struct hash_link	 link;
	struct user		*user;
	uint8_t			 digest[KEY_DIGEST_LEN];
};

/* A user at a server, under the PEM by which it is known there. */
struct presence {
	TAILQ_ENTRY(presence)	 entry;		/* of the server's, by arrival */
	LIST_ENTRY(presence)	 entry_user;	/* of the user's */
	struct user		*user;
	struct server		*server;
	uint64_t		 listed;	/* first version of client_list with it */
	uint64_t		 version;	/* of our users, first with it (mesh.h) */
	uint64_t		 generation;	/* of the update that named it last */
	uint64_t		 counter;	/* last accepted: replay session */
	int			 has_counter;
	uint16_t		 ndigests;
	struct user_digest	*digests;	/* ndigests, the one we send first */
	char			*pem;		/* as sent */
	size_t			 pemlen;
};
TAILQ_HEAD(presences, presence);

/* Whose users those are: this server, or a neighbour. */
struct server {
	struct presences	 users;
	unsigned int		 nusers;
	uint64_t		 generation;	/* updates so far */
};

/* A key that is bound to a client, about to be, or at a neighbour. */
struct user {
	struct hash_link	 by_key;
	uint8_t			 id[KEY_DIGEST_LEN];
	uint32_t		 slot;		/* as the verifiers know it */
	uint16_t		 siglen;	/* octets of its signatures */
	unsigned int		 refs;		/* messages under way, presences */
	struct client		*client;	/* NULL: not bound here */
	struct presence		*here;		/* the same */
	LIST_HEAD(, presence)	 presences;
};

/* IPv4 or IPv6: a fifth of a sockaddr_storage. */
union client_address {
	struct sockaddr		 sa;
	struct sockaddr_in	 in;
	struct sockaddr_in6	 in6;
};

/* A connection: a client's, or a neighbour's link. */
struct client {
	TAILQ_ENTRY(client)	 entry;
	struct hash_link	 by_conn;
	unsigned int		 front;
	uint64_t		 conn;
	union client_address	 address;
	struct user		*user;		/* bound */
	struct user		*claim;		/* of the first hello under way */
	struct link		*link;		/* NULL: no neighbour's */
	struct pendings		 pending;	/* its messages, in order */
	unsigned int		 npending;	/* those in a neighbour's queue too */
	uint64_t		 done;		/* cost not yet reported to front */
	uint8_t			 gone;		/* front closed it; messages remain */
	uint8_t			 closing;	/* we told front to close it */
	uint8_t			 told;		/* monitors know that it goes */
	int			 list_asked;	/* a client_list is under way */
	int			 list_waits;	/* in the queue of clientlist.c */
	TAILQ_ENTRY(client)	 entry_list;
	int64_t			 bucket_time;	/* milliseconds */
	uint64_t		 bucket;	/* thousandths of messages allowed */
	uint32_t		*strikes;	/* ring of times, NULL before the first */
	uint32_t		 nstrikes;	/* refusals so far */
	uint32_t		 maxstrikes;	/* size of the ring */
	uint64_t		 messages;	/* accepted */
	uint64_t		 counter;	/* of its user: replay session */
	int			 has_counter;
	int64_t			 since;		/* seconds since the epoch */
	uint64_t		 queue;		/* octets, as front last said */
};
TAILQ_HEAD(clients, client);

struct table {
	struct clients	 clients;
	unsigned int	 nclients;
	struct server	 here;			/* our own users: bound ones */
	struct hash	 by_conn, by_key, by_digest;
	uint32_t	*free_slots;
	size_t		 nfree, maxfree;
	uint32_t	 next_slot;
	/* a slot stands for no key any more; may be NULL */
	void		(*forget)(uint32_t slot);
};

/* All is zero, and forget the caller's, before.  Exits when out of memory. */
void		 table_init(struct table *);
/* Frees the table's memory; no client, user or presence may be left. */
void		 table_clear(struct table *);

struct client	*client_new(struct table *, unsigned int front, uint64_t conn,
		    const struct sockaddr_storage *);
struct client	*client_find(const struct table *, unsigned int front,
		    uint64_t conn);
/* The client must have no messages left, no user and no link. */
void		 client_free(struct table *, struct client *);

/* The user with that key, made if there is none, with one reference more. */
struct user	*user_get(struct table *, const struct key *);
struct user	*user_find(const struct table *,
		    const uint8_t id[KEY_DIGEST_LEN]);
/* Who is present, here or anywhere, and is named so; NULL if there is none. */
struct user	*user_by_digest(const struct table *,
		    const uint8_t digest[KEY_DIGEST_LEN]);
void		 user_unref(struct table *, struct user *);

/*
 * Gives the user a slot.  Returns 1 if it had none, 0 if it had, -1 if there
 * is none left.
 */
int		 user_slot(struct table *, struct user *);

/* Binds a user to a client under the PEM that it sent; both must be free. */
void		 user_bind(struct table *, struct user *, struct client *,
		    const struct key *, const char *pem, size_t len);
void		 user_unbind(struct table *, struct user *);

/* Where the user is at that server; NULL if it is not. */
struct presence	*presence_find(const struct user *, const struct server *);
/* Is that digest one that names it? */
int		 presence_named(const struct presence *,
		    const uint8_t digest[KEY_DIGEST_LEN]);
/* A neighbour's user who is bound here is ours, and counts as nobody else's. */
int		 presence_hidden(const struct presence *);

/* A neighbour's users: none at first, all gone, and a client_update. */
void		 server_init(struct server *);
void		 server_clear(struct table *, struct server *);
enum server_added {
	SERVER_ADDED,
	SERVER_KNOWN,
	SERVER_REPEATED,		/* twice in this update: left out */
	SERVER_BAD_KEY			/* left out */
};
void		 server_update(struct server *);
enum server_added
		 server_add(struct table *, struct server *, const char *pem,
		    size_t len, struct presence **);
/* Who was not named since server_update goes.  Returns how many. */
unsigned int	 server_updated(struct table *, struct server *);

#endif
