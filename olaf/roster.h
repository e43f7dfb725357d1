/*
 * Who is online where, as the server's latest client_list says; and keys of
 * those who were, until there are too many: so nobody keeps a pointer to a user.
 */

#ifndef ROSTER_H
#define ROSTER_H

#include <sys/queue.h>
#include <sys/tree.h>

#include "key.h"
#include "msg_client.h"

#define ROSTER_SHORT_LEN	10	/* characters of a short fingerprint */

struct roster_server {
	TAILQ_ENTRY(roster_server)	 entry;
	char				 address[ADDRESS_LEN_MAX];
	size_t				 users;
};
TAILQ_HEAD(roster_servers, roster_server);

struct user {
	RB_ENTRY(user)			 by_id;
	RB_ENTRY(user)			 by_digest;
	struct key			 key;
	uint8_t				 digest[KEY_DIGEST_LEN];	/* of v1.2's form */
	char				 fingerprint[KEY_FP_LEN + 1];
	const struct roster_server	*server;	/* NULL: not online now */
	const struct roster_server	*next;	/* roster.c's: in the list that comes */
	int				 is_self;
	void				*ui;		/* the screen's own */
};

/* The list's servers, our own first. */
const struct roster_servers *roster_servers(void);

/* All known users by digest, online or not: NULL ends them. */
struct user	*roster_first(void);
struct user	*roster_next(struct user *);

struct user	*roster_find_id(const uint8_t id[KEY_DIGEST_LEN]);
struct user	*roster_find_digest(const uint8_t digest[KEY_DIGEST_LEN]);
struct user	*roster_find_participant(const struct msg_participant *);

/*
 * By what a user typed: a local name; a fingerprint in any form; the beginning
 * of the fingerprint's base64, at least eight characters, perhaps led by ~, of
 * somebody online.  NULL with *why: a static text, to say behind "NAME: ".
 */
struct user	*roster_find_text(const char *text, const char **why);

/*
 * How a user is shown: the local name, or ~ and the short fingerprint.  Static
 * memory, four such at a time.
 */
const char	*roster_label(const struct user *);
const char	*roster_label_digest(const uint8_t digest[KEY_DIGEST_LEN]);

/* For session.c: a new list comes; each server; it is complete. */
void	 roster_begin(void);
/* Returns -1 if the message is not what it must be. */
int	 roster_add(const struct msg_net_server *);
/* Returns whether anything changed. */
int	 roster_end(void);
/* Nobody is online any more. */
void	 roster_offline(void);

#endif
