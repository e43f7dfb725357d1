/*
 * The signer's other work: our server_hello.
 */

#ifndef SIGN_HELLO_H
#define SIGN_HELLO_H

#include "chan.h"

/* Our address, from the parent, and taking it into use. */
void	 sign_hello_address(struct chan *, struct ibuf *);
void	 sign_hello_swap(void);

/* A request of relay's, or NULL when it is gone: see chan_handler. */
void	 sign_hello_message(struct chan *, struct imsg *, void *);

#endif
