/*
 * The plaintext of a chat (PROTOCOL: what clients say to each other).  Pure.
 */

#ifndef PLAIN_H
#define PLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "key.h"

#define PLAIN_PARTICIPANTS_MAX	1024

struct plain {
	uint8_t		(*participants)[KEY_DIGEST_LEN];	/* sender first */
	size_t		 nparticipants;		/* at least one */
	char		*text;			/* UTF-8, not NUL-terminated */
	size_t		 textlen;
};

/*
 * Reads {"participants":[...],"message":"..."}, perhaps wrapped once more in
 * {"chat":{...}}.  Returns 0, or -1 if the text is no such, or when out of
 * memory; then there is nothing to clear.
 */
int	 plain_read(struct plain *, const char *text, size_t len);

/* Frees what was read, and wipes it.  Twice is fine. */
void	 plain_clear(struct plain *);

#endif
