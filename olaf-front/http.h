/*
 * The head of an HTTP/1.1 request (RFC 9112), read strictly; no I/O.
 */

#ifndef HTTP_H
#define HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

#define HTTP_HEAD_MAX	16384	/* octets of request line and headers: 414 or 431 beyond */
#define HTTP_FIELDS_MAX	100	/* 431 beyond */

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
	int			 chunked;
	int			 has_body;	/* Content-Length > 0 or chunked */
	int			 keep;		/* the connection may go on */
	int			 expects;	/* 100 Continue before the body */
	int			 expects_more;	/* than we know: 417 */
	struct http_span	 content_type;
	struct http_span	 host;
	struct http_span	 if_modified_since;
	struct http_span	 if_none_match;
	struct http_span	 if_range;
	struct http_span	 origin;
	struct http_span	 range;
	struct http_span	 x_filename;
};

enum http_target {
	HTTP_UPLOAD,		/* /api/upload */
	HTTP_FILE,		/* /files/… */
	HTTP_OTHER
};

/*
 * Reads a request's head from the start of buf.  Returns its length in octets,
 * empty line included; 0 if more is needed (never once len reaches
 * HTTP_HEAD_MAX); or, negated, the status with which to refuse it: 400, 414,
 * 431, 505.  Spans point into buf, or to constants.
 */
int	 http_read(struct http_request *r, const char *buf, size_t len);

/* What it is about. */
enum http_target	 http_target(const struct http_request *r);
int	 http_method_is(const struct http_request *r, const char *method);

/*
 * What to answer to a request that was read: 101, or 400, 404, 405, 426.
 * Uploads and files are not asked about here: where there are none, they are
 * 404.
 */
int	 http_status(const struct http_request *r);

#endif
