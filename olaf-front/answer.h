/*
 * The opening of a WebSocket, from the client's side (RFC 6455 4.1): the
 * request that we send and the answer that must come.  No I/O.
 */

#ifndef ANSWER_H
#define ANSWER_H

#include <stddef.h>

#define ANSWER_REQUEST_MAX	1024
#define ANSWER_WHY_MAX		64

/*
 * Writes the request for host (as it stands in the field of that name) with a
 * key from websocket_key to buf, which holds ANSWER_REQUEST_MAX.  Returns its
 * length, or 0 if the host is too long.
 */
size_t	 answer_request(char *buf, const char *host, const char *key);

/*
 * Reads the answer to it from the start of buf.  Returns its length in
 * octets, 0 if more is needed, or -1 if it is not what it must be, with why
 * (ANSWER_WHY_MAX octets).
 */
int	 answer_read(const char *buf, size_t len, const char *key, char *why);

#endif
