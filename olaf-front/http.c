/*
 * The head of an HTTP/1.1 request (RFC 9112), read strictly.  What lenient readers forgive (bare LF, folded lines, white
 * space before the colon, lengths given twice) is where two of them come to
 * disagree about where a request ends; so it is refused, at the first octet
 * that is wrong.
 */

#include "compat.h"

#include <string.h>
#include <strings.h>

#include "base64.h"
#include "http.h"
#include "octet.h"

/* What a step of the reader returns; 0 is fine. */
#define MORE		1
#define BAD		(-400)
#define TOO_LONG	(-414)
#define TOO_LARGE	(-431)
#define BAD_VERSION	(-505)

struct reader {
	const char		*p;
	const char		*end;
	struct http_request	*r;
	int			 fields;
	int			 has_length;
	int			 connection_upgrade;
	int			 connection_close;
	int			 connection_keep;
	int			 upgrade_websocket;
};

static int
is_scheme(uint8_t c)
{
	return (octet_is_alphanumeric(c) || c == '+' || c == '-' || c == '.');
}

/* A fragment is never sent (RFC 9112 3.2). */
static int
is_query(uint8_t c)
{
	return (c > ' ' && c < 0x7f && c != '#');
}

static int
is_path(uint8_t c)
{
	return (is_query(c) && c != '?');
}

static int
is_authority(uint8_t c)
{
	return (is_path(c) && c != '/');
}

static int
span_begins(struct http_span s, const char *text)
{
	return (s.len >= strlen(text) && memcmp(s.p, text, strlen(text)) == 0);
}

/* Takes octets of a kind, none perhaps, up to the first of another. */
static int
run(struct reader *rd, int (*kind)(uint8_t), struct http_span *s)
{
	s->p = rd->p;
	while (rd->p < rd->end && kind(*rd->p))
		rd->p++;
	s->len = rd->p - s->p;
	return (rd->p == rd->end ? MORE : 0);
}

/* Takes this text and no other. */
static int
expect(struct reader *rd, const char *text)
{
	for (; *text != '\0'; text++, rd->p++) {
		if (rd->p == rd->end)
			return (MORE);
		if (*rd->p != *text)
			return (BAD);
	}
	return (0);
}

static int
read_method(struct reader *rd)
{
	struct http_span	*method = &rd->r->method;
	int			 e;

	if ((e = run(rd, octet_is_token, method)) != 0)
		return (e);
	if (method->len == 0)
		return (BAD);
	rd->r->head = span_is(*method, "HEAD");
	return (expect(rd, " "));
}

/* Of the absolute form, what stands before the path (RFC 9112 3.2.2). */
static int
read_origin(struct reader *rd)
{
	struct http_span	 s;
	int			 e;

	if ((e = run(rd, is_scheme, &s)) != 0)
		return (e);
	if (s.len == 0)
		return (BAD);
	if ((e = expect(rd, "://")) != 0)
		return (e);
	if ((e = run(rd, is_authority, &s)) != 0)
		return (e);
	return (s.len == 0 ? BAD : 0);
}

/* RFC 9112 3.2: origin form, absolute form, or an asterisk. */
static int
read_target(struct reader *rd)
{
	struct http_span	*path = &rd->r->path, query;
	int			 e;

	if (rd->p == rd->end)
		return (MORE);
	if (*rd->p == '*') {
		path->p = rd->p++;
		path->len = 1;
		return (expect(rd, " "));
	}
	if (*rd->p != '/' && (e = read_origin(rd)) != 0)
		return (e);
	if ((e = run(rd, is_path, path)) != 0)
		return (e);
	if (path->len == 0) {
		path->p = "/";
		path->len = 1;
	}
	if (*rd->p == '?' && (e = run(rd, is_query, &query)) != 0)
		return (e);
	return (expect(rd, " "));
}

static int
read_digit(struct reader *rd, int *digit)
{
	if (rd->p == rd->end)
		return (MORE);
	if (*rd->p < '0' || *rd->p > '9')
		return (BAD);
	*digit = *rd->p++ - '0';
	return (0);
}

/* A later 1.x is read as the latest that is known (RFC 9110 2.5). */
static int
read_version(struct reader *rd)
{
	int	 e, major, minor;

	if ((e = expect(rd, "HTTP/")) != 0 ||
	    (e = read_digit(rd, &major)) != 0 ||
	    (e = expect(rd, ".")) != 0 ||
	    (e = read_digit(rd, &minor)) != 0 ||
	    (e = expect(rd, "\r\n")) != 0)
		return (e);
	if (major != 1)
		return (BAD_VERSION);
	rd->r->minor = minor > 0;
	return (0);
}

/* An empty line before the request is forgiven (RFC 9112 2.2). */
static int
read_request_line(struct reader *rd)
{
	int	 e;

	if (rd->p < rd->end && *rd->p == '\r' &&
	    (e = expect(rd, "\r\n")) != 0)
		return (e);
	if ((e = read_method(rd)) != 0 ||
	    (e = read_target(rd)) != 0)
		return (e);
	return (read_version(rd));
}

/* For what must not be repeated. */
static int
once(struct http_span *s, struct http_span value)
{
	if (s->p != NULL)
		return (BAD);
	*s = value;
	return (0);
}

/* Its content is not judged: one client sends rubbish. */
static int
field_host(struct reader *rd, struct http_span value)
{
	return (once(&rd->r->host, value));
}

static int
field_content_length(struct reader *rd, struct http_span value)
{
	uint64_t	 v = 0;
	size_t		 i;
	int		 digit;

	if (rd->has_length || rd->r->chunked || value.len == 0)
		return (BAD);
	for (i = 0; i < value.len; i++) {
		digit = value.p[i] - '0';
		if (digit < 0 || digit > 9 || v > (UINT64_MAX - digit) / 10)
			return (BAD);
		v = v * 10 + digit;
	}
	rd->has_length = 1;
	rd->r->content_length = v;
	return (0);
}

static int
field_transfer_encoding(struct reader *rd, struct http_span value)
{
	if (rd->has_length || rd->r->chunked || rd->r->minor == 0 ||
	    !span_is_caseless(value, "chunked"))
		return (BAD);
	rd->r->chunked = 1;
	return (0);
}

static int
field_connection(struct reader *rd, struct http_span value)
{
	if (span_lists(value, "upgrade"))
		rd->connection_upgrade = 1;
	if (span_lists(value, "close"))
		rd->connection_close = 1;
	if (span_lists(value, "keep-alive"))
		rd->connection_keep = 1;
	return (0);
}

/* RFC 9110 10.1.1: HTTP/1.0 has none. */
static int
field_expect(struct reader *rd, struct http_span value)
{
	if (span_is_caseless(value, "100-continue"))
		rd->r->expects = rd->r->minor == 1;
	else
		rd->r->expects_more = 1;
	return (0);
}

static int
field_upgrade(struct reader *rd, struct http_span value)
{
	if (span_lists(value, "websocket"))
		rd->upgrade_websocket = 1;
	return (0);
}

static int
field_ws_key(struct reader *rd, struct http_span value)
{
	return (once(&rd->r->ws_key, value));
}

static int
field_ws_version(struct reader *rd, struct http_span value)
{
	return (once(&rd->r->ws_version, value));
}

/* Two types of one body: there is no telling which it is. */
static int
field_content_type(struct reader *rd, struct http_span value)
{
	return (once(&rd->r->content_type, value));
}

static const struct {
	const char	*name;
	int		 (*read)(struct reader *, struct http_span);
} known_fields[] = {
	{ "Connection",			field_connection },
	{ "Content-Length",		field_content_length },
	{ "Content-Type",		field_content_type },
	{ "Expect",			field_expect },
	{ "Host",			field_host },
	{ "Sec-WebSocket-Key",		field_ws_key },
	{ "Sec-WebSocket-Version",	field_ws_version },
	{ "Transfer-Encoding",		field_transfer_encoding },
	{ "Upgrade",			field_upgrade }
};

/* Fields that are kept as they are; of several of a name the first. */
static const struct {
	const char	*name;
	size_t		 offset;	/* in struct http_request */
} kept_fields[] = {
	{ "If-Modified-Since",	offsetof(struct http_request, if_modified_since) },
	{ "If-None-Match",	offsetof(struct http_request, if_none_match) },
	{ "If-Range",		offsetof(struct http_request, if_range) },
	{ "Origin",		offsetof(struct http_request, origin) },
	{ "Range",		offsetof(struct http_request, range) },
	{ "Sec-WebSocket-Protocol",
				offsetof(struct http_request, ws_protocols) },
	{ "X-Filename",		offsetof(struct http_request, x_filename) }
};

static int
keep_field(struct reader *rd, struct http_span name, struct http_span value)
{
	struct http_span	*s;
	size_t			 i;

	for (i = 0; i < nitems(kept_fields); i++) {
		if (!span_is_caseless(name, kept_fields[i].name))
			continue;
		s = (struct http_span *)(void *)((char *)rd->r +
		    kept_fields[i].offset);
		if (s->p == NULL)
			*s = value;
	}
	return (0);
}

/* A line that begins with white space has no name: folding is refused. */
static int
read_field(struct reader *rd)
{
	struct http_span	 name, value;
	size_t			 i;
	int			 e;

	if (++rd->fields > HTTP_FIELDS_MAX)
		return (TOO_LARGE);
	if ((e = run(rd, octet_is_token, &name)) != 0)
		return (e);
	if (name.len == 0)
		return (BAD);
	if ((e = expect(rd, ":")) != 0 ||
	    (e = run(rd, octet_is_value, &value)) != 0 ||
	    (e = expect(rd, "\r\n")) != 0)
		return (e);
	for (i = 0; i < nitems(known_fields); i++)
		if (span_is_caseless(name, known_fields[i].name))
			return (known_fields[i].read(rd, span_trim(value)));
	return (keep_field(rd, name, span_trim(value)));
}

/* What only the whole head can tell. */
static int
finish(struct reader *rd)
{
	struct http_request	*r = rd->r;

	if (r->minor == 1 && rd->r->host.p == NULL)
		return (BAD);
	r->upgrade = rd->connection_upgrade && rd->upgrade_websocket;
	r->has_body = r->chunked || r->content_length > 0;
	/* RFC 9112 9.3 */
	r->keep = !rd->connection_close && (r->minor == 1 ||
	    rd->connection_keep);
	return (0);
}

static int
read_head(struct reader *rd)
{
	int	 e;

	if ((e = read_request_line(rd)) != 0)
		return (e);
	while (rd->p < rd->end && *rd->p != '\r')
		if ((e = read_field(rd)) != 0)
			return (e);
	if ((e = expect(rd, "\r\n")) != 0)
		return (e);
	return (finish(rd));
}

int
http_read(struct http_request *r, const char *buf, size_t len)
{
	struct reader	 rd;
	int		 e;

	memset(r, 0, sizeof(*r));
	memset(&rd, 0, sizeof(rd));
	rd.r = r;
	rd.p = buf;
	rd.end = buf + (len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX);
	e = read_head(&rd);
	if (e == MORE && len < HTTP_HEAD_MAX)
		return (0);
	if (e == MORE)		/* what is too long? */
		return (memchr(buf, '\n', HTTP_HEAD_MAX) == NULL ?
		    TOO_LONG : TOO_LARGE);
	return (e == 0 ? rd.p - buf : e);
}

/* RFC 6455 4.2.1 and 4.4 */
static int
upgrade_status(const struct http_request *r)
{
	uint8_t	 nonce[16];

	if (r->minor == 0 || !span_is(r->ws_version, "13"))
		return (426);
	if (r->has_body || base64_decode(r->ws_key.p, r->ws_key.len, nonce,
	    sizeof(nonce)) != sizeof(nonce))
		return (400);
	return (101);
}

enum http_target
http_target(const struct http_request *r)
{
	if (span_is(r->path, "/api/upload"))
		return (HTTP_UPLOAD);
	if (span_begins(r->path, "/files/"))
		return (HTTP_FILE);
	return (HTTP_OTHER);
}

int
http_method_is(const struct http_request *r, const char *method)
{
	return (span_is(r->method, method));
}

int
http_status(const struct http_request *r)
{
	int	 get = span_is(r->method, "GET");

	if (span_is(r->path, "*") && !span_is(r->method, "OPTIONS"))
		return (400);		/* RFC 9112 3.2.4 */
	if (span_begins(r->path, "/api/") || span_begins(r->path, "/files/"))
		return (404);
	if (get && r->upgrade)
		return (upgrade_status(r));
	if (!span_is(r->path, "/"))
		return (404);
	return (get || r->head ? 426 : 405);
}
