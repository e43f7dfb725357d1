/*
 * The user's own counter, in a file beside the key: raised under a lock before
 * it is used, so that no two processes, and no crash, use one twice.
 */

#ifndef COUNTER_H
#define COUNTER_H

#include <stdint.h>

/* Opens identity.counter, made if missing.  Returns 0, or -1 with errno. */
int	 counter_open(const char *identity);

/*
 * The next value, from 1 on; on the disk before this returns.  Returns 0, or -1
 * with errno (ERANGE: used up).
 */
int	 counter_next(uint64_t *counter);

#endif
