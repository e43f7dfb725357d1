/*
 * The messages of each client, and of each neighbour, in order: read when they come, verified in
 * parallel, acted on one after the other.
 */

#ifndef INBOX_H
#define INBOX_H

#include <imsg.h>

#include "mesh.h"
#include "message.h"
#include "msg_conn.h"

enum pending_state {
	PENDING_ASKED,		/* a verifier has it */
	PENDING_VERIFIED,	/* its signature is good */
	PENDING_PLAIN,		/* nothing to verify */
	PENDING_UNKNOWN,	/* its signer is not known yet */
	PENDING_REFUSED		/* for the reason given */
};

/* A message that was read and not yet acted on. */
struct pending {
	STAILQ_ENTRY(pending)	 entry;
	struct hash_link	 by_id;		/* verifier.c */
	struct client		*client;
	struct user		*user;		/* by whose key it is verified; a reference */
	uint32_t		 slot;		/* of that key, for verifier.c */
	int64_t			 asked;		/* microseconds */
	enum pending_state	 state;
	enum refusal		 refusal;
	int			 unread;	/* refused whoever sent it */
	int			 excused;	/* if it is refused, no strike */
	int			 of_link;	/* judged as a neighbour's */
	int			 counted;	/* as a neighbour's */
	int			 of_stranger;	/* when it came; counted as a client's */
	int			 retried;	/* further forms were asked about */
	int64_t			 took;		/* microseconds, of relay's */
	uint64_t		 cost;
	struct imsg		 imsg;		/* holds the text */
	struct msg_span		 text;
	struct message		 m;
};

/* A text from a client; takes the message over. */
void		 inbox_text(struct client *, struct imsg *, const struct msg_text *);

/* A verifier's answer. */
void		 inbox_verdict(struct pending *, int good);

/* Octets that wait for verdicts, over all clients. */
uint64_t	 inbox_cost(void);

/*
 * The client is no link of that neighbour's any more: its messages are through
 * without being acted on.
 */
void		 inbox_detach(struct client *, struct neighbour *);

/* Unbinds a user, and tells those who must know. */
void		 inbox_unbind(struct user *);

#endif
