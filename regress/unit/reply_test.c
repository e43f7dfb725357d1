/*
 * Answers to HTTP requests.
 */

/* link: olaf-front/reply.o */

#include "compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply.h"
#include "test.h"

#define NOW	784111777	/* the example of RFC 9110 5.6.7 */

static char	buf[REPLY_MAX];

static size_t
error(int status, int keep, int head, const char *fields)
{
	struct reply	 r;

	memset(&r, 0, sizeof(r));
	r.status = status;
	r.keep = keep;
	r.head = head;
	r.fields = fields;
	r.now = NOW;
	return (reply_error(buf, &r));
}

static int
has(const char *field)
{
	char	line[256];

	snprintf(line, sizeof(line), "\r\n%s\r\n", field);
	return (strstr(buf, line) != NULL);
}

/* The answer begins with line, and its body is one line of JSON. */
static int
is_error(size_t len, const char *line)
{
	const char	*body = strstr(buf, "\r\n\r\n");
	char		 length[64];

	if (len == 0 || len != strlen(buf) || body == NULL ||
	    strncmp(buf, line, strlen(line)) != 0 ||
	    strncmp(buf + strlen(line), "\r\n", 2) != 0)
		return (0);
	body += 4;
	snprintf(length, sizeof(length), "Content-Length: %zu", strlen(body));
	return (strncmp(body, "{\"error\":\"", 10) == 0 &&
	    strcmp(buf + len - 3, "\"}\n") == 0 &&
	    strchr(body, '\n') == buf + len - 1 && has(length) &&
	    has("Content-Type: application/json") &&
	    has("Cache-Control: no-store") &&
	    has("Date: Sun, 06 Nov 1994 08:49:37 GMT"));
}

static void
test_errors(void)
{
	static const struct {
		int		 status;
		const char	*line;
		const char	*field;
	} cases[] = {
		{ 400, "HTTP/1.1 400 Bad Request", "Connection: close" },
		{ 403, "HTTP/1.1 403 Forbidden", "Connection: close" },
		{ 404, "HTTP/1.1 404 Not Found", "Connection: close" },
		{ 405, "HTTP/1.1 405 Method Not Allowed", "Allow: GET, HEAD" },
		{ 408, "HTTP/1.1 408 Request Timeout", "Connection: close" },
		{ 413, "HTTP/1.1 413 Content Too Large", "Connection: close" },
		{ 414, "HTTP/1.1 414 URI Too Long", "Connection: close" },
		{ 416, "HTTP/1.1 416 Range Not Satisfiable",
		    "Connection: close" },
		{ 417, "HTTP/1.1 417 Expectation Failed", "Connection: close" },
		{ 426, "HTTP/1.1 426 Upgrade Required",
		    "Connection: Upgrade, close" },
		{ 426, "HTTP/1.1 426 Upgrade Required", "Upgrade: websocket" },
		{ 426, "HTTP/1.1 426 Upgrade Required",
		    "Sec-WebSocket-Version: 13" },
		{ 429, "HTTP/1.1 429 Too Many Requests", "Connection: close" },
		{ 431, "HTTP/1.1 431 Request Header Fields Too Large",
		    "Connection: close" },
		{ 500, "HTTP/1.1 500 Internal Server Error",
		    "Connection: close" },
		{ 503, "HTTP/1.1 503 Service Unavailable",
		    "Connection: close" },
		{ 505, "HTTP/1.1 505 HTTP Version Not Supported",
		    "Connection: close" },
		{ 507, "HTTP/1.1 507 Insufficient Storage",
		    "Connection: close" },
		{ 599, "HTTP/1.1 500 Internal Server Error",
		    "Connection: close" }
	};
	size_t	i;

	for (i = 0; i < nitems(cases); i++) {
		CHECK(is_error(error(cases[i].status, 0, 0, NULL),
		    cases[i].line));
		CHECK(has(cases[i].field));
	}
}

static void
test_error_kept(void)
{
	CHECK(is_error(error(404, 1, 0, NULL), "HTTP/1.1 404 Not Found"));
	CHECK(has("Connection: keep-alive"));
	CHECK(is_error(error(405, 1, 0, "Allow: POST\r\n"),
	    "HTTP/1.1 405 Method Not Allowed"));
	CHECK(has("Allow: POST") && strstr(buf, "GET") == NULL);
}

static void
test_own_text(void)
{
	struct reply	r;

	memset(&r, 0, sizeof(r));
	r.status = 400;
	r.text = "The form has no file.";
	r.vary = 1;
	r.now = NOW;
	CHECK(is_error(reply_error(buf, &r), "HTTP/1.1 400 Bad Request"));
	CHECK(strstr(buf, "\r\n\r\n{\"error\":\"The form has no file.\"}\n") !=
	    NULL);
	CHECK(has("Vary: Origin"));
}

/* HEAD is answered with GET's head and nothing behind it (RFC 9110 9.3.2). */
static void
test_head(void)
{
	char	get[REPLY_MAX];
	size_t	len;

	CHECK(error(426, 0, 0, NULL) > 0);
	memcpy(get, buf, sizeof(get));
	len = error(426, 0, 1, NULL);
	CHECK(len == strlen(buf));
	CHECK(strcmp(buf + len - 4, "\r\n\r\n") == 0);
	CHECK(strstr(get, "\r\n\r\n") == get + len - 4);
	CHECK(memcmp(get, buf, len) == 0 && strlen(get) > len);
}

static void
test_write(void)
{
	struct reply	r;

	memset(&r, 0, sizeof(r));
	r.status = 206;
	r.keep = 1;
	r.origin = "https://o";
	r.fields = "A: b\r\nC: d\r\n";
	r.type = "x/y";
	r.length = 18446744073709551615ULL;
	r.now = NOW;
	CHECK(reply_write(buf, &r) == strlen(buf));
	CHECK(strcmp(buf, "HTTP/1.1 206 Partial Content\r\n"
	    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	    "Connection: keep-alive\r\n"
	    "Access-Control-Allow-Origin: https://o\r\n"
	    "A: b\r\nC: d\r\n"
	    "Content-Type: x/y\r\n"
	    "Content-Length: 18446744073709551615\r\n\r\n") == 0);
	r.status = 204;
	r.origin = NULL;
	r.type = NULL;
	r.fields = "";
	CHECK(reply_write(buf, &r) == strlen(buf));
	CHECK(strcmp(buf, "HTTP/1.1 204 No Content\r\n"
	    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	    "Connection: keep-alive\r\n\r\n") == 0);
	r.status = 304;
	CHECK(reply_write(buf, &r) == strlen(buf));
	CHECK(strstr(buf, "Content-Length") == NULL);
}

static void
test_too_long(void)
{
	static char	 fields[REPLY_MAX];
	struct reply	 r;

	memset(&r, 0, sizeof(r));
	r.status = 200;
	memset(fields, 'a', sizeof(fields) - 1);
	r.fields = fields;
	CHECK(reply_write(buf, &r) == 0);
}

static void
test_switch(void)
{
	CHECK(reply_switch(buf, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") ==
	    strlen(buf));
	CHECK(strcmp(buf, "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n") == 0);
}

int
main(void)
{
	RUN(test_errors);
	RUN(test_error_kept);
	RUN(test_own_text);
	RUN(test_head);
	RUN(test_write);
	RUN(test_too_long);
	RUN(test_switch);
	return (test_done());
}
