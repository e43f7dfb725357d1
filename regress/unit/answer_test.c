/*
 * The opening of a WebSocket that we dial: our request is one that our own
 * server takes, and of answers only the right one is.
 */

/* link: olaf-front/http.o olaf-front/reply.o */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "http.h"
#include "reply.h"
#include "test.h"
#include "websocket.h"

/* RFC 6455 1.3 */
static const char	key[] = "dGhlIHNhbXBsZSBub25jZQ==";
static const char	good[] =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "\r\n";

static char	why[ANSWER_WHY_MAX];
static int	status;

/* From memory of that size, so that a sanitizer sees what is read behind. */
static int
answer(const char *text, size_t len)
{
	char	*copy;
	int	 n;

	if ((copy = malloc(len > 0 ? len : 1)) == NULL)
		abort();
	memcpy(copy, text, len);
	why[0] = '\0';
	n = answer_read(copy, len, key, &status, why);
	free(copy);
	return (n);
}

/* The good answer with a part of it replaced. */
static int
with(const char *part, const char *other)
{
	char		 text[4096];
	const char	*at = strstr(good, part);

	CHECK(at != NULL);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, other,
	    at + strlen(part));
	return (answer(text, strlen(text)));
}

static void
test_request(void)
{
	struct http_request	 r;
	char			 buf[ANSWER_REQUEST_MAX], host[ANSWER_REQUEST_MAX];
	size_t			 len;

	len = answer_request(buf, "/", "chat.example.net:8443", key);
	CHECK(len > 0 && len < sizeof(buf));
	CHECK(http_read(&r, buf, len) == (int)len);
	CHECK(http_status(&r) == 101);
	CHECK(r.ws_key.len == strlen(key) &&
	    memcmp(r.ws_key.p, key, strlen(key)) == 0);
	CHECK(r.ws_protocols.p == NULL);
	CHECK(strstr(buf, "\r\nHost: chat.example.net:8443\r\n") != NULL);
	memset(host, 'a', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	CHECK(answer_request(buf, "/", host, key) == 0);
}

static void
test_request_path(void)
{
	static const char *const	bad[][2] = {
		{ "", "a.example" }, { "olaf", "a.example" },
		{ "/a b", "a.example" }, { "/\r\nX: y", "a.example" },
		{ "/\xc3\xa9", "a.example" }, { "/\x7f", "a.example" },
		{ "/", "" }, { "/", "a.example\r\nX: y" }, { "/", "a b" },
	};
	char				buf[ANSWER_REQUEST_MAX];
	char				path[ANSWER_PATH_MAX + 1];
	size_t				i;

	CHECK(answer_request(buf, "/olaf?a=%20b", "a.example", key) > 0);
	CHECK(strncmp(buf, "GET /olaf?a=%20b HTTP/1.1\r\n", 27) == 0);
	for (i = 0; i < nitems(bad); i++)
		CHECK(answer_request(buf, bad[i][0], bad[i][1], key) == 0);
	memset(path, '/', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	CHECK(answer_request(buf, path, "a.example", key) == 0);
	path[sizeof(path) - 2] = '\0';
	CHECK(answer_request(buf, path, "a.example", key) > 0);
}

static void
test_own_answer(void)
{
	char	accept[WEBSOCKET_ACCEPT_LEN + 1], buf[REPLY_MAX];
	size_t	len;

	CHECK(websocket_accept(key, strlen(key), accept) == 0);
	len = reply_switch(buf, accept);
	CHECK(answer(buf, len) == (int)len);
}

static void
test_truncated(void)
{
	char	more[sizeof(good) + 8];
	size_t	len = strlen(good), i;

	for (i = 0; i < len; i++)
		CHECK(answer(good, i) == 0);
	CHECK(answer(good, len) == (int)len);
	memcpy(more, good, len);
	memcpy(more + len, "\x81\x02{}", 4);
	CHECK(answer(more, len + 4) == (int)len);
}

static void
test_taken(void)
{
	CHECK(with("Upgrade: websocket", "UPGRADE:  WebSocket ") > 0);
	CHECK(with("Connection: Upgrade", "connection: keep-alive, upgrade") >
	    0);
	CHECK(with(" Switching Protocols", "") > 0);
	CHECK(with(" Switching Protocols", " ") > 0);
	CHECK(with("Upgrade: websocket\r\n",
	    "Server: x\xc3\xa9\r\nUpgrade: websocket\r\nX-Empty:\r\n") > 0);
}

static void
test_refused(void)
{
	static const char *const	cases[][2] = {
		{ "HTTP/1.1", "HTTP/1.0" }, { "HTTP/1.1", "HTTP/2.0" },
		{ "HTTP/1.1", "http/1.1" }, { "HTTP/1.1 ", "HTTP/1.1  " },
		{ "101", "1010" }, { "101", "10x" }, { "101", "-01" },
		{ "101", "200" }, { "101", "404" },
		{ "Upgrade: websocket\r\n", "" },
		{ "Upgrade: websocket", "Upgrade: websocket2" },
		{ "Upgrade: websocket", "Upgrade : websocket" },
		{ "Upgrade: websocket", " Upgrade: websocket" },
		{ "Upgrade: websocket\r\n", "Upgrade: websocket\n" },
		{ "Upgrade: websocket\r\n", "Upgrade: websocket\r\r\n" },
		{ "Upgrade: websocket\r\n", "Upgrade\r\n" },
		{ "Upgrade: websocket\r\n", ": websocket\r\n" },
		{ "Connection: Upgrade\r\n", "" },
		{ "Connection: Upgrade", "Connection: close" },
		{ "Connection: Upgrade", "Connection: upgraded" },
		{ "s3pPLM", "t3pPLM" }, { "xOo=", "xOo" },
		{ "xOo=\r\n", "xOo=\r\nSec-WebSocket-Accept: "
		    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" },
		{ "Connection", "Sec-WebSocket-Extensions: "
		    "permessage-deflate\r\nConnection" },
		{ "Connection", "Sec-WebSocket-Protocol: chat\r\nConnection" },
	};
	size_t				i;

	for (i = 0; i < nitems(cases); i++) {
		if (with(cases[i][0], cases[i][1]) == -1 && why[0] != '\0')
			continue;
		fprintf(stderr, "%s: %s\n", cases[i][0], cases[i][1]);
		CHECK(!"taken");
	}
	CHECK(with("101", "503") == -1 && strcmp(why, "HTTP status 503") == 0);
	CHECK(status == 503);
	CHECK(with("HTTP/1.1", "HTTP/1.0") == -1 && status == 0);
	CHECK(answer("GET / HTTP/1.1\r\n", 16) == -1);
	CHECK(answer("HTTP/1.1 101 \0x\r\n", 17) == -1);
}

/* Neither a line nor a head without end is waited for. */
static void
test_endless(void)
{
	char	*text;
	size_t	 i, len;

	if ((text = malloc(HTTP_HEAD_MAX)) == NULL)
		abort();
	memset(text, 'a', HTTP_HEAD_MAX);
	memcpy(text, good, 34);
	CHECK(answer(text, HTTP_HEAD_MAX - 1) == 0);
	CHECK(answer(text, HTTP_HEAD_MAX) == -1);
	for (len = 34, i = 0; i <= HTTP_FIELDS_MAX; i++, len += 5)
		memcpy(text + len, "a: \r\n", 5);
	CHECK(answer(text, len) == -1);
	free(text);
}

int
main(void)
{
	RUN(test_request);
	RUN(test_request_path);
	RUN(test_own_answer);
	RUN(test_truncated);
	RUN(test_taken);
	RUN(test_refused);
	RUN(test_endless);
	return (test_done());
}
