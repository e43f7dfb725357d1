/*
 * The opening of a WebSocket, from the client's side (RFC 6455 4.1): the
 * request that we send and the answer that must come.  No I/O.
 */

#ifndef ANSWER_H
#define ANSWER_H

#include <stddef.h>

#define ANSWER_PATH_MAX		4096	/* octets, with NUL */
#define ANSWER_REQUEST_MAX	(ANSWER_PATH_MAX + 1024)
#define ANSWER_HEAD_MAX		16384	/* octets of an answer */
#define ANSWER_WHY_MAX		64

/*
 * Writes the request for a path (with its query) of host (as it stands in the
 * field of that name) with a key from websocket_key to buf, which holds
 * ANSWER_REQUEST_MAX.  Returns its length, or 0 if path or host is too long or
 * none that can stand there.
 */
size_t	 answer_request(char *buf, const char *path, const char *host,
	    const char *key);

/*
 * Reads the answer to it from the start of buf.  Returns its length in
 * octets, 0 if more is needed, or -1 if it is not what it must be, with why
 * (ANSWER_WHY_MAX octets) and HTTP's status, 0 if it did not come to one.
 */
int	 answer_read(const char *buf, size_t len, const char *key, int *status,
	    char *why);

#endif
