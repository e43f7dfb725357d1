/*
 * Requests about files: which they are, and how they end.
 */

#include "compat.h"

#include <sys/resource.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "download.h"
#include "files.h"
#include "front.h"
#include "input.h"
#include "output.h"
#include "transfer.h"
#include "upload.h"

#define RESERVE		32	/* descriptors that nobody gets */

#define PREFLIGHT_FIELDS						\
	"Access-Control-Allow-Methods: GET, HEAD, POST\r\n"		\
	"Access-Control-Allow-Headers: Content-Type, X-Filename, Range, "	\
	"If-Range, If-None-Match\r\n"					\
	"Access-Control-Max-Age: 86400\r\n"

static uint64_t		 last_number;

static int
transfer_cmp(struct transfer *a, struct transfer *b)
{
	return (a->number < b->number ? -1 : a->number > b->number);
}

RB_HEAD(transfer_tree, transfer);
RB_PROTOTYPE_STATIC(transfer_tree, transfer, by_number, transfer_cmp)
RB_GENERATE_STATIC(transfer_tree, transfer, by_number, transfer_cmp)
static struct transfer_tree	tree = RB_INITIALIZER(&tree);

struct transfer *
transfer_find(uint64_t number)
{
	struct transfer	key;

	key.number = number;
	return (RB_FIND(transfer_tree, &tree, &key));
}

int
transfer_crowded(int fd)
{
	static rlim_t	limit;
	struct rlimit	rl;

	if (limit == 0) {
		if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
			return (0);
		limit = rl.rlim_cur;
	}
	return ((rlim_t)fd + RESERVE >= limit);
}

int
transfer_shared(const struct http_request *r)
{
	const char	*origin = front_http.cross_origin;

	return (strcmp(origin, "*") == 0 || (r->origin.p != NULL &&
	    r->origin.len == strlen(origin) &&
	    memcmp(r->origin.p, origin, r->origin.len) == 0));
}

/* RFC 6454 6.2: scheme, two slashes, and what Host has too. */
int
transfer_trusted(const struct http_request *r)
{
	const char	*slashes;
	size_t		 len;

	if (r->origin.p == NULL || transfer_shared(r))
		return (1);
	if ((slashes = memmem(r->origin.p, r->origin.len, "://", 3)) == NULL)
		return (0);
	len = r->origin.len - (size_t)(slashes + 3 - r->origin.p);
	return (len > 0 && len == r->host.len &&
	    strncasecmp(slashes + 3, r->host.p, len) == 0);
}

static struct transfer *
transfer_new(struct conn *c, const struct http_request *r)
{
	struct transfer	*t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return (NULL);
	t->number = ++last_number;
	t->conn = c;
	t->keep = r->keep != 0;
	t->head = r->head != 0;
	t->shared = (uint8_t)transfer_shared(r);
	RB_INSERT(transfer_tree, &tree, t);
	c->transfer = t;
	c->busy = 1;
	front_stats.value[FRONT_TRANSFERS]++;
	return (t);
}

static void
transfer_free(struct transfer *t)
{
	t->conn->transfer = NULL;
	RB_REMOVE(transfer_tree, &tree, t);
	upload_free(t);
	download_free(t);
	free(t);
	front_stats.value[FRONT_TRANSFERS]--;
}

void
transfer_forget(struct conn *c)
{
	if (c->transfer != NULL)
		transfer_free(c->transfer);
}

void
transfer_wait(struct transfer *t, enum transfer_state state)
{
	t->state = state;
	t->conn->busy = 1;
	conn_watch(t->conn);
}

void
transfer_resume(struct transfer *t)
{
	struct conn	*c = t->conn;

	t->state = TRANSFER_BODY;
	c->busy = 0;
	c->reread = 1;		/* what came with the head */
	conn_enter(c, CONN_REQUEST);
	conn_watch(c);
	input_again(c);
}

void
transfer_answer(struct transfer *t, struct reply *r, int fd, uint64_t from,
    uint64_t len)
{
	char		 buf[REPLY_MAX];
	struct conn	*c = t->conn;
	size_t		 n;

	r->keep = t->keep;
	r->head = t->head;
	r->origin = t->shared ? front_http.cross_origin : NULL;
	r->vary = strcmp(front_http.cross_origin, "*") != 0;
	r->now = time(NULL);
	n = r->status >= 400 ? reply_error(buf, r) : reply_write(buf, r);
	c->keep = t->keep;
	c->answered = 1;
	c->busy = 1;
	transfer_free(t);
	if (output_raw(c, buf, n) == -1 || (fd != -1 &&
	    output_file(c, fd, from, len) == -1)) {
		if (fd != -1)
			close(fd);
		conn_free(c);
		return;
	}
	conn_enter(c, CONN_REQUEST);
	if (output_flush(c) != -1)
		conn_watch(c);
}

void
transfer_fail(struct transfer *t, int status)
{
	struct reply	r;
	char		text[128];

	memset(&r, 0, sizeof(r));
	r.status = status;
	r.text = t->why;
	if (status == 413) {
		snprintf(text, sizeof(text), "This is too large: a file may "
		    "have %" PRIu64 " octets.", front_http.max_size);
		r.text = text;
	}
	front_stats.value[FRONT_HTTP_REFUSED]++;
	if (t->upload != NULL && !upload_through(t))
		t->keep = 0;	/* where the next request begins is not known */
	transfer_answer(t, &r, -1, 0, 0);
}

/* A browser asks whether its page may ask (the Fetch standard, CORS). */
static void
transfer_preflight(struct transfer *t)
{
	struct reply	r;

	memset(&r, 0, sizeof(r));
	r.status = 204;
	r.fields = PREFLIGHT_FIELDS;
	transfer_answer(t, &r, -1, 0, 0);
}

static void
transfer_not_allowed(struct transfer *t, const char *allowed)
{
	struct reply	r;

	memset(&r, 0, sizeof(r));
	r.status = 405;
	r.fields = allowed;
	front_stats.value[FRONT_HTTP_REFUSED]++;
	transfer_answer(t, &r, -1, 0, 0);
}

void
transfer_begin(struct conn *c, const struct http_request *r)
{
	int		 upload = http_target(r) == HTTP_UPLOAD;
	struct transfer	*t;

	conn_enter(c, CONN_REQUEST);
	if ((t = transfer_new(c, r)) == NULL) {
		conn_free(c);
		return;
	}
	if (upload && http_method_is(r, "POST")) {
		upload_begin(t, r);
		return;
	}
	if (r->has_body)
		t->keep = 0;	/* nobody reads it */
	if (!upload && (r->head || http_method_is(r, "GET")))
		download_begin(t, r);
	else if (http_method_is(r, "OPTIONS"))
		transfer_preflight(t);
	else
		transfer_not_allowed(t, upload ? "Allow: OPTIONS, POST\r\n" :
		    "Allow: GET, HEAD, OPTIONS\r\n");
}

ssize_t
transfer_input(struct conn *c, const uint8_t *p, size_t len)
{
	if (c->transfer == NULL || c->transfer->state != TRANSFER_BODY)
		return (0);
	return (upload_input(c->transfer, p, len));
}

void
transfer_drained(struct conn *c)
{
	if (!c->answered)
		return;
	c->answered = 0;
	c->busy = 0;
	c->reread = 1;		/* perhaps the next request is here, or what to drop */
	input_again(c);
	if (c->keep && !conn_stopping())
		conn_enter(c, CONN_KEEP);
	else {
		conn_enter(c, CONN_LINGER);
		conn_drained(c);
	}
	conn_watch(c);
}

void
transfer_stalled(struct conn *c)
{
	if (c->transfer == NULL || c->busy) {
		/* it is not the peer who is slow, or output sees to it */
		conn_enter(c, CONN_REQUEST);
		return;
	}
	front_stats.value[FRONT_TIMEOUTS]++;
	transfer_fail(c->transfer, 408);
}
