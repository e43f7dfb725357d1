/*
 * The last counter of every key, in a file mapped from a descriptor that the
 * parent opened: it outlives the connection, the process, and kill -9 of any
 * process.
 */

#ifndef REPLAY_H
#define REPLAY_H

#include <stdint.h>

#include "key.h"

/*
 * Maps the file instead of the one before; takes fd over. least: how many
 * keys it must have room for.  Returns 0, or -1 with the file before still in
 * use.
 */
int	 replay_open(int fd, uint64_t least);
/*
 * The limit alone; it may be less than before, then the eldest go as new ones
 * come.
 */
void	 replay_limit(uint64_t limit);

/* Does the file know the key? */
int	 replay_known(const uint8_t id[KEY_DIGEST_LEN]);

/*
 * Is counter higher than the last one?  (Any is, for a key that is not known.)
 */
int	 replay_fresh(const uint8_t id[KEY_DIGEST_LEN], uint64_t counter);

/*
 * Raises the key's counter; today is in days since the epoch.  Returns 0, or
 * -1 if the key is new and there is no room: every record was used within a
 * day.
 */
int	 replay_raise(const uint8_t id[KEY_DIGEST_LEN], uint64_t counter,
	    uint32_t today);

/*
 * May it be the key of a neighbour's user?  It is known, or less than half of
 * the limit was used within a day: the rest is for our own.
 */
int	 replay_room(const uint8_t id[KEY_DIGEST_LEN], uint32_t today);

uint64_t replay_count(void);
/* Asks the kernel to write what changed: against power loss. */
void	 replay_sync(void);

#endif
