/*
 * Relay's side of the verifiers: which one has which key, and what is asked.
 */

#ifndef VERIFIER_H
#define VERIFIER_H

#include "chan.h"
#include "message.h"
#include "table.h"

struct pending;

void	 verifier_add(struct chan *);
/* Tells the key's verifier about it, and that it is no longer needed. */
void	 verifier_key(const struct user *, const struct key *);
void	 verifier_forget(uint32_t slot);

/*
 * Asks for a verdict on m by user's key over n digests; inbox_verdict is
 * called with p when it comes.
 */
void	 verifier_ask(struct pending *p, const struct user *,
	    const struct message *m,
	    uint8_t (*digests)[MESSAGE_DIGEST_LEN], size_t n);

#endif
