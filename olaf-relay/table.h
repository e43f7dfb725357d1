/*
 * Who is where: clients (connections) and users (keys).  Found by connection,
 * by key and by fingerprint, in constant time.  No I/O, no clock.
 */

#ifndef TABLE_H
#define TABLE_H

#include <sys/queue.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <stdint.h>

#include "hash.h"
#include "key.h"

struct pending;
struct client;

/* One digest that names a user; see key_digests. */
struct user_digest {
	struct hash_link	 link;
	struct user		*user;
	uint8_t			 digest[KEY_DIGEST_LEN];
};

/* A key that is bound to a client, or about to be. */
struct user {
	TAILQ_ENTRY(user)	 entry;		/* bound users, in order of arrival */
	struct hash_link	 by_key;
	uint8_t			 id[KEY_DIGEST_LEN];
	uint32_t		 slot;		/* as the verifiers know it */
	uint16_t		 siglen;	/* octets of its signatures */
	uint16_t		 ndigests;
	unsigned int		 refs;		/* messages under way, and the binding */
	struct client		*client;	/* NULL: not bound */
	uint64_t		 counter;	/* last accepted: replay session */
	int			 has_counter;
	uint64_t		 listed;	/* first version of client_list with it */
	struct user_digest	*digests;	/* ndigests, the one we send first */
	char			*pem;		/* as sent */
	size_t			 pemlen;
};
TAILQ_HEAD(users, user);

/* IPv4 or IPv6: a fifth of a sockaddr_storage. */
union client_address {
	struct sockaddr		 sa;
	struct sockaddr_in	 in;
	struct sockaddr_in6	 in6;
};

/* A connection. */
struct client {
	TAILQ_ENTRY(client)	 entry;
	struct hash_link	 by_conn;
	unsigned int		 front;
	uint64_t		 conn;
	union client_address	 address;
	struct user		*user;		/* bound */
	struct user		*claim;		/* of the first hello under way */
	STAILQ_HEAD(, pending)	 pending;	/* its messages, in order */
	uint64_t		 done;		/* cost not yet reported to front */
	int			 gone;		/* front closed it; messages remain */
	int			 closing;	/* we told front to close it */
	int			 list_asked;	/* a client_list is under way */
	int			 list_waits;	/* in the queue of clientlist.c */
	TAILQ_ENTRY(client)	 entry_list;
	int64_t			 bucket_time;	/* milliseconds */
	uint64_t		 bucket;	/* thousandths of messages allowed */
	uint32_t		*strikes;	/* ring of times, NULL before the first */
	uint32_t		 nstrikes;	/* refusals so far */
	uint32_t		 maxstrikes;	/* size of the ring */
	uint64_t		 messages;	/* accepted */
	int64_t			 since;		/* seconds since the epoch */
	uint64_t		 queue;		/* octets, as front last said */
};
TAILQ_HEAD(clients, client);

extern struct clients	 table_clients;
extern struct users	 table_users;		/* bound ones */
extern unsigned int	 table_nclients, table_nusers;

struct client	*client_new(unsigned int front, uint64_t conn,
		    const struct sockaddr_storage *);
struct client	*client_find(unsigned int front, uint64_t conn);
/* The client must have no messages left and no user. */
void		 client_free(struct client *);

/*
 * The user with that key, made if there is none, with one reference more;
 * NULL when there is no slot left. *fresh tells whether it is new.
 */
struct user	*user_get(const struct key *, int *fresh);
struct user	*user_find(const uint8_t id[KEY_DIGEST_LEN]);
/* A bound user that a fingerprint names; NULL if there is none. */
struct user	*user_by_digest(const uint8_t digest[KEY_DIGEST_LEN]);
/* Is that digest one that names the user? */
int		 user_named(const struct user *, const uint8_t digest[KEY_DIGEST_LEN]);

/* Binds a user to a client under the PEM that it sent; both must be free. */
void		 user_bind(struct user *, struct client *, const struct key *,
		    const char *pem, size_t len);
void		 user_unbind(struct user *);
/*
 * Gives up a reference; returns 1 if the user is gone by it, with its slot in
 * *slot.
 */
int		 user_unref(struct user *, uint32_t *slot);

#endif
