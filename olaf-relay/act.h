/*
 * What a good message does.
 */

#ifndef ACT_H
#define ACT_H

#include "inbox.h"

/*
 * Does what a message says, whose signature was verified if it has one.
 * Returns REFUSE_NONE, or why the message is refused after all.
 */
enum refusal	 act(struct pending *);

/*
 * Is the counter higher than the last that was accepted from this key; for
 * replay session: on that connection (NULL: a neighbour's), the one to which the
 * key is bound, and at neighbours that list it?
 */
int		 act_fresh(const struct user *, const struct client *,
		    uint64_t counter);
/*
 * Raises the last one, before anything goes out.  Returns -1 if there is no
 * room for a new key; for those that come by links there is less.
 */
int		 act_raise(const struct user *, uint64_t counter, int of_link);

/* Whom a server_hello names; NULL if that is no neighbour. */
struct neighbour *act_neighbour(const struct message *);
/*
 * The user who signed a neighbour's public_chat, as it names itself there;
 * NULL if that is none of that neighbour's.
 */
struct presence	*act_signer(const struct pending *);

#endif
