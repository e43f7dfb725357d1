/*
 * The opening of a WebSocket that we dialled.  An answer that is anything but
 * strict HTTP/1.1 is none: nothing else that it says is of interest.
 */

#include "compat.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "span.h"
#include "websocket.h"

#define FIELDS_MAX	100

struct fields {
	int		 upgrade;
	int		 connection;
	struct http_span	 accept;
};

/* Printable ASCII without a blank: nothing that would end a line or a word. */
static int
is_word(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text >= 0x7f)
			return (0);
	return (1);
}

size_t
answer_request(char *buf, const char *path, const char *host, const char *key)
{
	int	n;

	if (*path != '/' || *host == '\0' || strlen(path) >= ANSWER_PATH_MAX ||
	    !is_word(path) || !is_word(host))
		return (0);
	n = snprintf(buf, ANSWER_REQUEST_MAX,
	    "GET %s HTTP/1.1\r\n"
	    "Host: %s\r\n"
	    "Upgrade: websocket\r\n"
	    "Connection: Upgrade\r\n"
	    "Sec-WebSocket-Key: %s\r\n"
	    "Sec-WebSocket-Version: 13\r\n"
	    "\r\n", path, host, key);
	return (n < 0 || n >= ANSWER_REQUEST_MAX ? 0 : (size_t)n);
}

/*
 * Takes a line off the front.  Returns 1; 0 if its end is not there yet; -1
 * for an octet that no line of a head has.
 */
static int
line_take(struct http_span *rest, struct http_span *line)
{
	size_t	i;

	for (i = 0; i < rest->len; i++) {
		if (rest->p[i] == '\r')
			break;
		if ((rest->p[i] < ' ' && rest->p[i] != '\t' &&
		    !(rest->p[i] & 0x80)) || rest->p[i] == 0x7f)
			return (-1);
	}
	if (i + 1 >= rest->len)
		return (0);
	if (rest->p[i + 1] != '\n')
		return (-1);
	line->p = rest->p;
	line->len = i;
	rest->p += i + 2;
	rest->len -= i + 2;
	return (1);
}

/*
 * RFC 9112 4: HTTP/1.1 101 Switching Protocols.  Returns 0, or -1 with why and
 * the status, if it has one.
 */
static int
status_read(struct http_span line, int *status, char *why)
{
	int	i, n = 0;

	strlcpy(why, "not HTTP/1.1", ANSWER_WHY_MAX);
	if (line.len < 12 || memcmp(line.p, "HTTP/1.1 ", 9) != 0 ||
	    (line.len > 12 && line.p[12] != ' '))
		return (-1);
	for (i = 9; i < 12; i++) {
		if (line.p[i] < '0' || line.p[i] > '9')
			return (-1);
		n = n * 10 + line.p[i] - '0';
	}
	*status = n;
	if (n == 101)
		return (0);
	snprintf(why, ANSWER_WHY_MAX, "HTTP status %d", n);
	return (-1);
}

static int
field_read(struct http_span line, struct fields *f)
{
	struct http_span	 name, value;
	const char	*colon;

	if ((colon = memchr(line.p, ':', line.len)) == NULL ||
	    colon == line.p)
		return (-1);
	name.p = line.p;
	name.len = (size_t)(colon - line.p);
	if (memchr(name.p, ' ', name.len) != NULL ||
	    memchr(name.p, '\t', name.len) != NULL)
		return (-1);
	value.p = colon + 1;
	value.len = line.len - name.len - 1;
	value = span_trim(value);
	if (span_is_caseless(name, "Upgrade"))
		f->upgrade |= span_is_caseless(value, "websocket");
	else if (span_is_caseless(name, "Connection"))
		f->connection |= span_lists(value, "upgrade");
	else if (span_is_caseless(name, "Sec-WebSocket-Accept")) {
		if (f->accept.p != NULL)
			return (-1);
		f->accept = value;
	} else if (span_is_caseless(name, "Sec-WebSocket-Extensions") ||
	    span_is_caseless(name, "Sec-WebSocket-Protocol"))
		return (-1);	/* none was offered */
	return (0);
}

static int
fields_good(const struct fields *f, const char *key)
{
	char	accept[WEBSOCKET_ACCEPT_LEN + 1];

	return (f->upgrade && f->connection &&
	    websocket_accept(key, strlen(key), accept) == 0 &&
	    f->accept.len == WEBSOCKET_ACCEPT_LEN &&
	    memcmp(f->accept.p, accept, WEBSOCKET_ACCEPT_LEN) == 0);
}

int
answer_read(const char *buf, size_t len, const char *key, int *status, char *why)
{
	struct http_span	 rest = { buf, len }, line;
	struct fields		 f;
	int			 r, n;

	memset(&f, 0, sizeof(f));
	*status = 0;
	if (len > ANSWER_HEAD_MAX)
		rest.len = ANSWER_HEAD_MAX;
	for (n = 0; (r = line_take(&rest, &line)) == 1; n++) {
		if (n == 0) {
			if (status_read(line, status, why) == -1)
				return (-1);
			continue;
		}
		if (line.len == 0) {
			strlcpy(why, "no WebSocket", ANSWER_WHY_MAX);
			return (fields_good(&f, key) ? rest.p - buf : -1);
		}
		if (n > FIELDS_MAX || field_read(line, &f) == -1)
			break;
	}
	if (r == 0 && len < ANSWER_HEAD_MAX)
		return (0);
	strlcpy(why, "malformed answer", ANSWER_WHY_MAX);
	return (-1);
}
