/*
 * What is remembered of others' keys, in the file identity.seen: the highest
 * counter, and the form in which they last wrote.  Bounded: when it is full,
 * those unseen for longest go.
 */

#ifndef SEEN_H
#define SEEN_H

#include <stdint.h>

#include "key.h"
#include "msg_client.h"

#define SEEN_MAX	65536	/* keys */

/*
 * Reads the file; one that is missing is made, one that is broken is said to be
 * so on stderr and begun anew.  session: counters are neither taken from it nor
 * kept.  Returns 0, or -1 with errno.
 */
int	 seen_open(const char *identity, int session);

/*
 * May a message of that key with that counter be shown?  True once: the counter
 * must be higher than any before.  The file follows within a second or so (see
 * seen_flush), with the higher of what it and this process know.
 */
int	 seen_counter(const uint8_t id[KEY_DIGEST_LEN], uint64_t counter,
	    enum msg_form form);

/* The highest counter seen so far; 0 with *any 0 if none. */
uint64_t seen_last(const uint8_t id[KEY_DIGEST_LEN], int *any);

/* The form in which that key last wrote, or fallback. */
enum msg_form seen_form(const uint8_t id[KEY_DIGEST_LEN], enum msg_form fallback);

/* Forgets counters (not forms) of all keys: a new session, where that is set. */
void	 seen_forget(void);

/* Writes what is new; from a timer and before the end.  Returns 0, or -1. */
int	 seen_flush(void);

#endif
