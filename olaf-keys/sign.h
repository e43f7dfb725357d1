/*
 * The signer's role: it holds the private keys and nothing else.
 */

#ifndef SIGN_H
#define SIGN_H

#include <openssl/evp.h>

#include "chan.h"

/* A request of a front's, or NULL when it is gone: see chan_handler. */
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

/* The key that signs our server_hello; NULL if there is none. */
EVP_PKEY *sign_server_key(void);

#endif
