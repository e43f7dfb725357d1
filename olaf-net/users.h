/*
 * The users that the lists of this session named, by each of the digests by
 * which peers may name them.  Who left stays, for a message may come after its
 * sender has gone.
 */

#ifndef USERS_H
#define USERS_H

#include <stddef.h>
#include <stdint.h>

#include "key.h"

#define USERS_MAX	131072	/* more than a list of 64 MiB holds */

/* The user's own key, who is always in the table. */
void	 users_set_own(const struct key *);
int	 users_is_own(const struct key *);

/* Forgets all but the own key: a new session. */
void	 users_clear(void);

/* A list begins: those that are not in it may be forgotten for want of room. */
void	 users_begin(void);

/*
 * Adds the user whose PEM was sent, if it is not there yet.  Returns the key,
 * which is the table's; or NULL if it is no usable key or there is no room.
 */
const struct key	*users_add(const char *pem, size_t len);

/* Whom a digest off the wire names, NULL if nobody. */
const struct key	*users_find(const uint8_t digest[KEY_DIGEST_LEN]);

#endif
