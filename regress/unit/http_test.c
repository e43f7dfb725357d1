/*
 * HTTP requests: what is taken, and what is refused and at which octet.
 */

/* link: olaf-front/http.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "test.h"

#define HOST	"Host: h\r\n"
#define KEY	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define WS	"Connection: Upgrade\r\nUpgrade: websocket\r\n"
#define V13	"Sec-WebSocket-Version: 13\r\n"
#define GET	"GET / HTTP/1.1\r\n"

/* A literal, which may hold NUL octets. */
#define C(in, status)	{ in, sizeof(in) - 1, status }

struct request {
	const char	*in;
	size_t		 len;
	int		 status;
};

static struct http_request	 req;

/*
 * Reads memory of the exact size, so that a sanitizer sees any excess.  It is
 * kept until the next call, for req points into it.
 */
static int
read_copy(const char *in, size_t len)
{
	static char	*copy;

	free(copy);
	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, in, len);
	return (http_read(&req, copy + 1, len));
}

/* Requests that are whole; status is what is answered. */
static const struct request good_cases[] = {
	C(GET HOST KEY WS V13 "\r\n", 101),
	C("GET /chat HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 101),
	C("GET /?room=1 HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 101),
	C("GET /api HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 101),
	C("GET http://h:80/ HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 101),
	C("GET http://h HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 101),
	C("GET http://h?q HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 101),
	C("GET / HTTP/1.2\r\n" HOST KEY WS V13 "\r\n", 101),
	C("\r\n" GET HOST KEY WS V13 "\r\n", 101),
	C(GET HOST KEY V13 "CONNECTION: keep-alive, ,\tUPGRADE\r\n"
	    "upgrade:h2c,WebSocket ,\r\n\r\n", 101),
	C(GET HOST KEY V13 "Connection: keep-alive\r\nUpgrade: h2c\r\n"
	    "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n", 101),
	C(GET "Host:\r\n" KEY WS V13 "\r\n", 101),
	C(GET "Host: \x80 rubbish/%\r\n" KEY WS V13 "\r\n", 101),
	C(GET HOST KEY WS V13 "Content-Length: 0\r\n\r\n", 101),
	C(GET HOST KEY WS V13 "!#$%&'*+-.^_`|~9Zz:\t\x80\xff\t x \t\r\n\r\n",
	    101),
	C(GET HOST KEY WS V13 "Sec-WebSocket-Extensions: permessage-deflate\r\n"
	    "\r\n", 101),

	C(GET HOST KEY WS "\r\n", 426),
	C(GET HOST KEY WS "Sec-WebSocket-Version: 8\r\n\r\n", 426),
	C(GET HOST KEY WS "Sec-WebSocket-Version: 13, 8\r\n\r\n", 426),
	C(GET HOST KEY WS "Sec-WebSocket-Version: 013\r\n\r\n", 426),
	C(GET HOST WS "Sec-WebSocket-Version: 8\r\n\r\n", 426),
	C("GET / HTTP/1.0\r\n" HOST KEY WS V13 "\r\n", 426),
	C("GET / HTTP/1.0\r\n\r\n", 426),
	C(GET HOST "\r\n", 426),
	C("HEAD / HTTP/1.1\r\n" HOST "\r\n", 426),
	C("HEAD / HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 426),
	C(GET HOST KEY V13 "Connection: Upgrade\r\n\r\n", 426),
	C(GET HOST KEY V13 "Upgrade: websocket\r\n\r\n", 426),
	C(GET HOST KEY V13 "Connection: upgraded\r\nUpgrade: websocket\r\n\r\n",
	    426),
	C(GET HOST KEY V13 "Connection: Upgrade\r\nUpgrade: web socket\r\n\r\n",
	    426),

	C(GET HOST WS V13 "\r\n", 400),
	C(GET HOST WS V13 "Sec-WebSocket-Key:\r\n\r\n", 400),
	C(GET HOST WS V13 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=\r\n\r\n",
	    400),
	C(GET HOST WS V13 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n\r\n", 400),
	C(GET HOST WS V13 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWU=\r\n\r\n",
	    400),
	C(GET HOST KEY WS V13 "Content-Length: 1\r\n\r\n", 400),

	C("GET /chat HTTP/1.1\r\n" HOST "\r\n", 404),
	C("GET /chat HTTP/1.0\r\n\r\n", 404),
	C("GET // HTTP/1.1\r\n" HOST "\r\n", 404),
	C("POST /api/upload HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\n", 404),
	C("GET /api/upload HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 404),
	C("GET /files/ HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 404),
	C("OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 404),
	C("POST /chat HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 404),

	C("POST / HTTP/1.1\r\n" HOST "\r\n", 405),
	C("POST / HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 405),
	C("get / HTTP/1.1\r\n" HOST KEY WS V13 "\r\n", 405),
	C("PUT /?q HTTP/1.0\r\n\r\n", 405)
};

/* Each ends with the octet that is wrong, or that makes it so. */
static const struct request bad_cases[] = {
	C("\n", 400),
	C("\r\n\r", 400),
	C(" ", 400),
	C("\x16", 400),			/* TLS */
	C("G\xc3", 400),
	C("GET\t", 400),
	C("GET\r", 400),
	C("GET  ", 400),
	C("GET(", 400),
	C("G\0", 400),
	C("GET \0", 400),
	C("GET /\t", 400),
	C("GET /\r", 400),		/* HTTP/0.9 */
	C("GET /\n", 400),
	C("GET /\x7f", 400),
	C("GET /\xc3", 400),
	C("GET /#", 400),
	C("GET /?a#", 400),
	C("GET /?\x01", 400),
	C("GET *a", 400),
	C("GET ?", 400),
	C("GET h/", 400),
	C("GET h ", 400),
	C("GET :", 400),
	C("GET http:/ ", 400),
	C("GET http:///", 400),
	C("GET http:// ", 400),
	C("CONNECT h:8", 400),
	C("GET /  ", 400),
	C("GET / h", 400),
	C("GET / HTTP/x", 400),
	C("GET / HTTP/11", 400),
	C("GET / HTTP/1.\r", 400),
	C("GET / HTTP/1.10", 400),
	C("GET / HTTP/1.1 ", 400),
	C("GET / HTTP/1.1\n", 400),
	C("GET / HTTP/1.1\r\r", 400),
	C("GET / HTTP/1.1\r ", 400),

	C("GET / HTTP/2.0\r\n", 505),
	C("PRI * HTTP/2.0\r\n", 505),
	C("GET / HTTP/0.9\r\n", 505),
	C("GET / HTTP/3.1\r\n", 505),
	C("GET / HTTP/9.9\r\n", 505),

	C(GET " ", 400),		/* folding */
	C(GET "\n", 400),
	C(GET ":", 400),
	C(GET "Host ", 400),
	C(GET "Host\r", 400),
	C(GET "Host\n", 400),
	C(GET "Ho\xc3", 400),
	C(GET "Host: a\n", 400),
	C(GET "Host: a\r\r", 400),
	C(GET "Host: a\rb", 400),
	C(GET "Host: a\0", 400),
	C(GET "Host: a\x01", 400),
	C(GET "Host: a\x7f", 400),
	C(GET "X: a\r\n ", 400),
	C(GET "X: a\r\n\t", 400),
	C(GET HOST "\r\r", 400),
	C(GET HOST "\r ", 400),
	C(GET "\r\n", 400),
	C(GET "X-Host: h\r\n\r\n", 400),
	C("GET / HTTP/1.2\r\n\r\n", 400),
	C(GET HOST "host: h\r\n", 400),
	C("GET / HTTP/1.0\r\n" HOST HOST, 400),
	C(GET HOST "Content-Type: a\r\ncontent-type: a\r\n", 400),
	C(GET HOST KEY "SEC-WEBSOCKET-KEY: \r\n", 400),
	C(GET HOST V13 V13, 400),

	C(GET "Content-Length:\r\n", 400),
	C(GET "Content-Length: +3\r\n", 400),
	C(GET "Content-Length: -3\r\n", 400),
	C(GET "Content-Length: 3 3\r\n", 400),
	C(GET "Content-Length: 3,3\r\n", 400),
	C(GET "Content-Length: 0x3\r\n", 400),
	C(GET "Content-Length: 18446744073709551616\r\n", 400),
	C(GET "Content-Length: 99999999999999999999999\r\n", 400),
	C(GET "Content-Length: 3\r\nContent-Length: 3\r\n", 400),
	C(GET "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", 400),
	C(GET "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", 400),
	C(GET "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
	    400),
	C(GET "Transfer-Encoding: gzip\r\n", 400),
	C(GET "Transfer-Encoding: chunked, chunked\r\n", 400),
	C(GET "Transfer-Encoding:\r\n", 400),
	C("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", 400)
};

static void
test_good_requests(void)
{
	const struct request	*c;
	size_t			 i, len;
	int			 status;

	for (i = 0; i < nitems(good_cases); i++) {
		c = &good_cases[i];
		for (len = 0; len < c->len; len++)
			CHECK(read_copy(c->in, len) == 0);
		CHECK(read_copy(c->in, c->len) == (int)c->len);
		status = http_status(&req);
		CHECK(status == c->status);
		if (status != c->status)
			fprintf(stderr, "%d: %s\n", status, c->in);
	}
}

/* With the octet, not before, and whatever follows. */
static void
test_bad_requests(void)
{
	const struct request	*c;
	char			 more[512];
	size_t			 i, len;
	int			 ok;

	for (i = 0; i < nitems(bad_cases); i++) {
		c = &bad_cases[i];
		ok = 1;
		for (len = 0; len < c->len; len++)
			ok &= read_copy(c->in, len) == 0;
		ok &= read_copy(c->in, c->len) == -c->status;
		memcpy(more, c->in, c->len);
		memcpy(more + c->len, "\r\n" HOST "\r\n", 13);
		ok &= read_copy(more, c->len + 13) == -c->status;
		CHECK(ok);
		if (!ok)
			fprintf(stderr, "case %zu: %s\n", i, c->in);
	}
}

static void
test_fields(void)
{
	static const char	 in[] = "GET http://h/path/x?q=1 HTTP/1.1\r\n"
				    HOST KEY WS V13
				    "sec-websocket-protocol:\t a, b \t\r\n"
				    "Sec-WebSocket-Protocol: c\r\n\r\nrest";

	CHECK(read_copy(in, sizeof(in) - 1) == sizeof(in) - 5);
	CHECK(span_is(req.method, "GET"));
	CHECK(span_is(req.path, "/path/x"));
	CHECK(req.minor == 1 && !req.head && req.upgrade && !req.has_body);
	CHECK(span_is(req.ws_key, "dGhlIHNhbXBsZSBub25jZQ=="));
	CHECK(span_is(req.ws_version, "13"));
	CHECK(span_is(req.ws_protocols, "a, b"));
}

static void
test_no_fields(void)
{
	static const char	 in[] = "HEAD http://h?q HTTP/1.0\r\n\r\n";

	CHECK(read_copy(in, sizeof(in) - 1) == sizeof(in) - 1);
	CHECK(span_is(req.method, "HEAD"));
	CHECK(span_is(req.path, "/"));
	CHECK(req.minor == 0 && req.head && !req.upgrade && !req.has_body);
	CHECK(req.ws_key.p == NULL && req.ws_version.p == NULL);
	CHECK(req.ws_protocols.p == NULL);
}

/* What the answers to requests about files depend on. */
static void
test_kept_fields(void)
{
	static const char	 in[] = "POST /api/upload?x HTTP/1.1\r\n" HOST
				    "content-type: text/plain; a=b\r\n"
				    "RANGE: bytes=1-\r\nRange: bytes=2-\r\n"
				    "If-Range: \"a\"\r\nIf-None-Match: *\r\n"
				    "If-Modified-Since: x y\r\n"
				    "Origin: https://o\r\nX-Filename: a b\r\n"
				    "Expect: 100-Continue\r\n"
				    "Transfer-Encoding: chunked\r\n\r\n";

	CHECK(read_copy(in, sizeof(in) - 1) == sizeof(in) - 1);
	CHECK(http_target(&req) == HTTP_UPLOAD);
	CHECK(http_method_is(&req, "POST") && !http_method_is(&req, "post"));
	CHECK(span_is(req.content_type, "text/plain; a=b"));
	CHECK(span_is(req.range, "bytes=1-"));
	CHECK(span_is(req.if_range, "\"a\""));
	CHECK(span_is(req.if_none_match, "*"));
	CHECK(span_is(req.if_modified_since, "x y"));
	CHECK(span_is(req.origin, "https://o"));
	CHECK(span_is(req.host, "h"));
	CHECK(span_is(req.x_filename, "a b"));
	CHECK(req.expects && !req.expects_more && req.chunked && req.keep);
}

static int
keeps(const char *version, const char *field)
{
	char	in[256];

	snprintf(in, sizeof(in), "GET / HTTP/%s\r\n" HOST "%s\r\n", version,
	    field);
	CHECK(read_copy(in, strlen(in)) == (int)strlen(in));
	return (req.keep);
}

/* RFC 9112 9.3 */
static void
test_keep(void)
{
	CHECK(keeps("1.1", ""));
	CHECK(keeps("1.1", "Connection: keep-alive\r\n"));
	CHECK(!keeps("1.1", "Connection: x, Close\r\n"));
	CHECK(!keeps("1.1", "Connection: keep-alive, close\r\n"));
	CHECK(!keeps("1.0", ""));
	CHECK(keeps("1.0", "Connection: Keep-Alive\r\n"));
	CHECK(!keeps("1.0", "Connection: Keep-Alive\r\nConnection: close\r\n"));
}

static void
test_expect(void)
{
	keeps("1.1", "Expect: 200-ok\r\n");
	CHECK(!req.expects && req.expects_more);
	keeps("1.0", "Expect: 100-continue\r\n");
	CHECK(!req.expects && !req.expects_more);
}

static void
test_target(void)
{
	static const struct {
		const char		*path;
		enum http_target	 target;
	} cases[] = {
		{ "/api/upload", HTTP_UPLOAD }, { "/api/upload/", HTTP_OTHER },
		{ "/api", HTTP_OTHER }, { "/files/", HTTP_FILE },
		{ "/files/x", HTTP_FILE }, { "/files", HTTP_OTHER },
		{ "/", HTTP_OTHER }
	};
	char	in[256];
	size_t	i;

	for (i = 0; i < nitems(cases); i++) {
		snprintf(in, sizeof(in), "GET %s HTTP/1.1\r\n" HOST "\r\n",
		    cases[i].path);
		CHECK(read_copy(in, strlen(in)) > 0);
		CHECK(http_target(&req) == cases[i].target);
	}
}

static void
test_body(void)
{
	static const char	 length[] = "POST / HTTP/1.1\r\n" HOST
				    "Content-Length: 18446744073709551615\r\n\r\n";
	static const char	 chunked[] = "POST / HTTP/1.1\r\n" HOST
				    "Transfer-Encoding: Chunked\r\n\r\n";
	static const char	 none[] = "POST / HTTP/1.1\r\n" HOST
				    "Content-Length: 000\r\n\r\n";

	CHECK(read_copy(length, sizeof(length) - 1) > 0);
	CHECK(req.has_body && req.content_length == UINT64_MAX);
	CHECK(read_copy(chunked, sizeof(chunked) - 1) > 0);
	CHECK(req.has_body && req.content_length == 0);
	CHECK(read_copy(none, sizeof(none) - 1) > 0);
	CHECK(!req.has_body && req.content_length == 0);
}

/* A request of len octets, filled up between its begin and its end. */
static int
filled(const char *begin, const char *end, size_t len)
{
	char	*in;
	int	 r;

	if ((in = malloc(len + 1)) == NULL)
		abort();
	memset(in, 'a', len);
	memcpy(in, begin, strlen(begin));
	memcpy(in + len - strlen(end), end, strlen(end));
	r = read_copy(in, len);
	free(in);
	return (r);
}

static void
test_longest_head(void)
{
	CHECK(filled(GET HOST "X: ", "\r\n\r\n", HTTP_HEAD_MAX) ==
	    HTTP_HEAD_MAX);
	CHECK(filled(GET HOST "X: ", "\r\n\r\n", HTTP_HEAD_MAX + 1) == -431);
	CHECK(filled(GET HOST "X: ", "", HTTP_HEAD_MAX - 1) == 0);
	CHECK(filled(GET HOST "X: ", "", HTTP_HEAD_MAX) == -431);
	CHECK(filled("GET /", "", HTTP_HEAD_MAX - 1) == 0);
	CHECK(filled("GET /", "", HTTP_HEAD_MAX) == -414);
	CHECK(filled("GET /?", " HTTP/1.1\r\n" HOST "\r\n", HTTP_HEAD_MAX) ==
	    HTTP_HEAD_MAX);
	CHECK(filled("", "", HTTP_HEAD_MAX) == -414);
	/* What follows the head does not count. */
	CHECK(filled(GET HOST "\r\n", "", 2 * HTTP_HEAD_MAX) ==
	    sizeof(GET HOST) + 1);
}

static int
fields(int n)
{
	char	 in[4096] = GET;
	int	 i;

	for (i = 0; i < n - 1; i++)
		strlcat(in, "a:\r\n", sizeof(in));
	strlcat(in, HOST "\r\n", sizeof(in));
	return (read_copy(in, strlen(in)));
}

static void
test_most_fields(void)
{
	CHECK(fields(1) > 0);
	CHECK(fields(HTTP_FIELDS_MAX) > 0);
	CHECK(fields(HTTP_FIELDS_MAX + 1) == -431);
	CHECK(fields(HTTP_FIELDS_MAX * 5) == -431);
}

int
main(void)
{
	RUN(test_good_requests);
	RUN(test_bad_requests);
	RUN(test_fields);
	RUN(test_no_fields);
	RUN(test_kept_fields);
	RUN(test_keep);
	RUN(test_expect);
	RUN(test_target);
	RUN(test_body);
	RUN(test_longest_head);
	RUN(test_most_fields);
	return (test_done());
}
