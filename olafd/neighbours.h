/*
 * What the children must know to link with neighbours.
 */

#ifndef NEIGHBOURS_H
#define NEIGHBOURS_H

#include "config.h"

#define NEIGHBOURS_TEXT_MAX	(1024 * 1024 - 8)	/* octets: CAs, hosts(5) */

/*
 * Sends the neighbours with their keys to fronts and relay, and what is needed
 * to dial them to the fronts; and our address to the signer, which signs our
 * server_hello.  Returns 0, or -1 with the error reported.
 */
int	 neighbours_send(const struct config *conf);

#endif
