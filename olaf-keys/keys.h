/*
 * olaf-keys has two roles in processes of their own: a verifier knows public
 * keys only, the signer holds the private keys and nothing else.
 */

#ifndef KEYS_H
#define KEYS_H

#include <imsg.h>

#include "chan.h"

/* verify.c: a message from relay. */
void	 verify_message(struct chan *, struct imsg *, void *);

/* sign.c: a request of a front's. */
void	 sign_message(struct chan *, struct imsg *, void *);

/*
 * The signer's configuration: begin a new set of keys, take one in, end the
 * set (and answer the parent).  The set before stays in use until sign_swap,
 * and a minute longer for handshakes under way.
 */
void	 sign_begin(void);
void	 sign_key(struct ibuf *);
void	 sign_end(void);
void	 sign_swap(void);

#endif
