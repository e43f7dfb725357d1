/*
 * A TCP connection to a name or a numeric address, made while the caller waits.
 */

#ifndef CONNECT_H
#define CONNECT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Tries the addresses of host in the order in which the system prefers them.
 * Returns a blocking descriptor; or -1 with why, of size octets, for people:
 * lower case, printable.
 */
int	 connect_to(const char *host, uint16_t port, char *why, size_t size);

#endif
