/*
 * The verifier's role: it knows public keys only.
 */

#ifndef VERIFY_H
#define VERIFY_H

#include "chan.h"

/* A message from relay, or NULL when it is gone: see chan_handler. */
void	 verify_message(struct chan *, struct imsg *, void *);

#endif
