/*
 * HTTP requests: spans lie in the text, answers fit, and no prefix is judged
 * other than the whole.
 */

/* link: olaf-front/http.o olaf-front/reply.o lib/base64.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "reply.h"

#define PREFIXES_MAX	2048	/* of longer texts not every prefix is tried */

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
inside(struct http_span s, const char *text, size_t len)
{
	if (s.p == NULL && s.len == 0)
		return;
	if (s.len == 1 && *s.p == '/')	/* perhaps a constant */
		return;
	if (s.p < text || s.len > len || (size_t)(s.p - text) > len - s.len)
		abort();
}

static void
judge_answer(const struct http_request *r, int status)
{
	struct reply	 reply;
	char		 buf[REPLY_MAX];
	size_t		 len;

	memset(&reply, 0, sizeof(reply));
	reply.status = status;
	reply.head = r != NULL && r->head;
	len = reply_error(buf, &reply);
	if (len == 0 || len >= sizeof(buf) || strlen(buf) != len)
		abort();
	if (strncmp(buf, "HTTP/1.1 ", 9) != 0 || atoi(buf + 9) != status)
		abort();
}

static void
judge_request(const struct http_request *r, const char *text, size_t len)
{
	int	 status;

	if (r->method.len == 0 || r->path.len == 0)
		abort();
	inside(r->method, text, len);
	inside(r->path, text, len);
	inside(r->ws_key, text, len);
	inside(r->ws_version, text, len);
	inside(r->ws_protocols, text, len);
	inside(r->content_type, text, len);
	inside(r->if_modified_since, text, len);
	inside(r->if_none_match, text, len);
	inside(r->if_range, text, len);
	inside(r->origin, text, len);
	inside(r->range, text, len);
	inside(r->x_filename, text, len);
	if ((status = http_status(r)) == 101) {
		if (!r->upgrade || r->has_body || r->minor != 1 ||
		    r->ws_key.len != 24)
			abort();
	} else if (status == 400 || status == 404 || status == 405 ||
	    status == 426)
		judge_answer(r, status);
	else
		abort();
}

/* More input never changes a verdict. */
static void
judge_prefixes(const char *text, size_t size, int whole)
{
	struct http_request	 r;
	size_t			 len;
	int			 n, told = 0;

	for (len = 0; len <= size && len <= PREFIXES_MAX; len++) {
		n = http_read(&r, text, len);
		if (n != 0 && n != whole)
			abort();
		if (n == 0 && told)
			abort();
		if (n > 0 && (size_t)n > len)
			abort();
		told = n != 0;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_request	 r;
	const char		*text = (const char *)data;
	int			 n;

	n = http_read(&r, text, size);
	if (n > 0) {
		if (n > HTTP_HEAD_MAX || (size_t)n > size ||
		    memcmp(text + n - 4, "\r\n\r\n", 4) != 0)
			abort();
		judge_request(&r, text, n);
	} else if (n == -400 || n == -414 || n == -431 || n == -505)
		judge_answer(&r, -n);
	else if (n != 0 || size >= HTTP_HEAD_MAX)
		abort();
	judge_prefixes(text, size, n);
	return (0);
}
