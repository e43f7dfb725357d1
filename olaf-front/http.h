/*
 * The head of an HTTP/1.1 request (RFC 9112), read strictly; no I/O.
 */

#ifndef HTTP_H
#define HTTP_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define HTTP_HEAD_MAX	16384	/* octets of request line and headers: 414 or 431 beyond */
#define HTTP_FIELDS_MAX	100	/* 431 beyond */

struct http_span {
	const char	*p;
	size_t		 len;
};

struct http_request {
	struct http_span	 method;
	struct http_span	 path;		/* of the target, without query */
	int			 minor;		/* HTTP/1.minor; beyond 1 is 1 */
	int			 head;		/* the method is HEAD */
	int			 upgrade;	/* asks for a WebSocket: Upgrade and Connection */
	struct http_span	 ws_key;
	struct http_span	 ws_version;
	struct http_span	 ws_protocols;	/* first Sec-WebSocket-Protocol field */
	uint64_t		 content_length;
	int			 has_body;	/* Content-Length > 0 or chunked */
};

/*
 * Reads a request's head from the start of buf.  Returns its length in octets,
 * empty line included; 0 if more is needed (never once len reaches
 * HTTP_HEAD_MAX); or, negated, the status with which to refuse it: 400, 414,
 * 431, 505.  Spans point into buf, or to constants.
 */
int	 http_read(struct http_request *r, const char *buf, size_t len);

/*
 * What to answer to a request that was read: 101, or 400, 404, 405, 426.  The
 * file API and web client do not exist yet: their paths are 404.
 */
int	 http_status(const struct http_request *r);

/*
 * Writes a whole answer (head and, unless r says HEAD, a short text) with
 * Connection: close to buf; r may be NULL; now is for its Date.  Returns its
 * length, which is below 1024.
 */
#define HTTP_ANSWER_MAX	1024
size_t	 http_answer(char *buf, size_t size, int status, const struct http_request *r,
	    time_t now);

/*
 * Writes the 101 answer; accept as from websocket_accept.  Returns its
 * length.
 */
size_t	 http_switch(char *buf, size_t size, const char *accept);

#endif
