/*
 * Bodies of requests: what their octets are and where they end, however the
 * input is cut, and what is refused, at which octet.
 */

/* link: olaf-front/body.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "test.h"

#define CHUNKED		(-1)
#define OUT_MAX		4096

/* What was read of a body. */
struct result {
	enum body_event_type	 end;	/* the last event; NONE: there was no end */
	int			 status;
	size_t			 used;
	size_t			 nout;
	char			 out[OUT_MAX];
};

static struct body	 body;
static struct result	 result;

static void
begin(int64_t length)
{
	memset(&result, 0, sizeof(result));
	body_init(&body, length == CHUNKED, length == CHUNKED ? 0 : length);
}

static void
take_data(const struct body_event *ev, const uint8_t *p, size_t len)
{
	CHECK(ev->len > 0 && ev->data >= p && ev->data + ev->len <= p + len);
	if (result.nout + ev->len > sizeof(result.out))
		abort();
	memcpy(result.out + result.nout, ev->data, ev->len);
	result.nout += ev->len;
}

/* Reads a piece in memory of the exact size, until more is needed. */
static void
feed(const char *in, size_t len)
{
	struct body_event	 ev;
	uint8_t			*copy;
	size_t			 n, pos = 0;

	if (result.end != BODY_EV_NONE)
		return;
	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, in, len);
	do {
		n = body_read(&body, copy + 1 + pos, len - pos, &ev);
		CHECK(n <= len - pos);
		pos += n;
		if (ev.type == BODY_EV_DATA)
			take_data(&ev, copy + 1, len);
	} while (ev.type == BODY_EV_DATA);
	CHECK(ev.type != BODY_EV_NONE || pos == len);
	result.end = ev.type;
	result.status = ev.status;
	result.used += pos;
	free(copy);
}

static int
ended(const char *out, size_t used)
{
	return (result.end == BODY_EV_END && result.used == used &&
	    result.nout == strlen(out) &&
	    memcmp(result.out, out, result.nout) == 0);
}

static void
read_whole(int64_t length, const char *in)
{
	begin(length);
	feed(in, strlen(in));
}

static void
read_single(int64_t length, const char *in, size_t len)
{
	size_t	 i;

	begin(length);
	for (i = 0; i < len; i++)
		feed(in + i, 1);
}

static const struct {
	int64_t		 length;
	const char	*in;
	const char	*out;
	const char	*rest;		/* the next request */
} good_cases[] = {
	{ 1, "a", "a", "" },
	{ 5, "a\r\nbc", "a\r\nbc", "GET / HTTP/1.1\r\n" },
	{ CHUNKED, "0\r\n\r\n", "", "" },
	{ CHUNKED, "0000000000000000\r\n\r\n", "", "0" },
	{ CHUNKED, "3\r\nabc\r\n0\r\n\r\n", "abc", "GET /" },
	{ CHUNKED, "0000000000000003\r\nabc\r\n0\r\n\r\n", "abc", "" },
	{ CHUNKED, "a\r\n0123456789\r\nB\r\n0123456789a\r\n00\r\n\r\n",
	    "01234567890123456789a", "\r\n" },
	{ CHUNKED, "10\r\n0123456789abcdef\r\n0\r\n\r\n", "0123456789abcdef",
	    "\n" },
	{ CHUNKED, "2\r\n\r\n\r\n2\r\n0\r\r\n0\r\n\r\n", "\r\n0\r", "x" },
	{ CHUNKED, "1;a\r\nx\r\n0;b=\"c;\\\"\"\r\n\r\n", "x", "x" },
	{ CHUNKED, "1 \t;a = b\t\xff\r\nx\r\n0 ;\r\n\r\n", "x", "x" },
	{ CHUNKED, "1\r\nx\r\n0\r\nX-Sum: 1 2\xff\r\nE:\r\n\r\n", "x", "0\r\n" }
};

static void
test_good_bodies(void)
{
	char	 in[256];
	size_t	 i, cut, len, used;
	int	 ok;

	for (i = 0; i < nitems(good_cases); i++) {
		used = strlen(good_cases[i].in);
		len = snprintf(in, sizeof(in), "%s%s", good_cases[i].in,
		    good_cases[i].rest);
		ok = 1;
		for (cut = 0; cut <= len; cut++) {
			begin(good_cases[i].length);
			feed(in, cut);
			ok &= (result.end == BODY_EV_NONE) == (cut < used);
			feed(in + cut, len - cut);
			ok &= ended(good_cases[i].out, used);
		}
		read_single(good_cases[i].length, in, len);
		ok &= ended(good_cases[i].out, used);
		CHECK(ok);
		if (!ok)
			fprintf(stderr, "case %zu: %s\n", i, in);
	}
}

/* Each ends with the octet that is wrong. */
static const struct {
	const char	*in;
	size_t		 len;
} bad_cases[] = {
#define C(in)	{ in, sizeof(in) - 1 }
	C("\r"),
	C("\n"),
	C(" "),
	C(";"),
	C("g"),
	C("-"),
	C("+"),
	C("\0"),
	C("0x"),
	C("3\n"),
	C("3\r\r"),
	C("3\r "),
	C("3 \r"),
	C("3 4"),
	C("3\tx"),
	C("3:"),
	C("00000000000000003"),
	C("10000000000000000"),
	C("ffffffffffffffff0"),
	C("1;a\n"),
	C("1;a\r\r"),
	C("1;a\0"),
	C("1;a\x7f"),
	C("1;a\x01"),
	C("1\r\nab"),
	C("1\r\na\n"),
	C("1\r\na\r\r"),
	C("1\r\na\r1"),
	C("1\r\na\r\n\r"),
	C("1\r\na\r\n\n"),
	C("0\r\n\n"),
	C("0\r\n\r\r"),
	C("0\r\n\r0"),
	C("0\r\n "),
	C("0\r\n:"),
	C("0\r\nA "),
	C("0\r\nA\r"),
	C("0\r\nA\n"),
	C("0\r\nA\xff"),
	C("0\r\nA: b\n"),
	C("0\r\nA: b\0"),
	C("0\r\nA: b\r\r"),
	C("0\r\nA: b\r\n "),
	C("0\r\nA: b\r\n\n")
#undef C
};

static void
test_bad_bodies(void)
{
	size_t	 i, n;
	int	 ok;

	for (i = 0; i < nitems(bad_cases); i++) {
		n = bad_cases[i].len;
		read_single(CHUNKED, bad_cases[i].in, n - 1);
		ok = result.end == BODY_EV_NONE;
		feed(bad_cases[i].in + n - 1, 1);
		ok &= result.end == BODY_EV_ERROR && result.status == 400;
		begin(CHUNKED);
		feed(bad_cases[i].in, n);
		ok &= result.end == BODY_EV_ERROR && result.status == 400;
		CHECK(ok);
		if (!ok)
			fprintf(stderr, "case %zu: %s\n", i, bad_cases[i].in);
	}
}

static void
test_no_length(void)
{
	struct body_event	 ev;

	begin(0);
	CHECK(body_read(&body, NULL, 0, &ev) == 0 && ev.type == BODY_EV_END);
	begin(0);
	CHECK(body_read(&body, (const uint8_t *)"GET", 3, &ev) == 0 &&
	    ev.type == BODY_EV_END);
	begin(CHUNKED);
	CHECK(body_read(&body, NULL, 0, &ev) == 0 && ev.type == BODY_EV_NONE);
}

/* The same comes again, and no input is used. */
static void
test_after_the_end(void)
{
	struct body_event	 ev;

	read_whole(CHUNKED, "0\r\n\r\n");
	CHECK(result.end == BODY_EV_END);
	CHECK(body_read(&body, (const uint8_t *)"1", 1, &ev) == 0);
	CHECK(ev.type == BODY_EV_END);
	read_whole(CHUNKED, "1 1");
	CHECK(result.end == BODY_EV_ERROR);
	CHECK(body_read(&body, (const uint8_t *)"1", 1, &ev) == 0);
	CHECK(ev.type == BODY_EV_ERROR && ev.status == 400 && ev.data == NULL);
}

/* The largest sizes are taken, and counted down without a mistake. */
static void
test_largest(void)
{
	read_whole(CHUNKED, "ffffffffffffffff\r\nabc");
	CHECK(result.end == BODY_EV_NONE && result.nout == 3);
	CHECK(body.left == UINT64_MAX - 3);
	read_whole(CHUNKED, "8000000000000000\r\na");
	CHECK(result.nout == 1 && body.left == 0x7fffffffffffffffULL);
	read_whole(INT64_MAX, "abc");
	CHECK(result.nout == 3 && body.left == INT64_MAX - 3);
	body_init(&body, 0, UINT64_MAX);
	memset(&result, 0, sizeof(result));
	feed("abc", 3);
	CHECK(result.nout == 3 && body.left == UINT64_MAX - 3);
}

static void
feed_many(size_t n, const char *in)
{
	while (n-- > 0)
		feed(in, strlen(in));
}

/* Extensions of all chunks count together, their semicolons too. */
static void
test_extensions(void)
{
	read_whole(CHUNKED, "1;");
	feed_many(BODY_EXTENSIONS_MAX - 1, "a");
	feed("\r\nx\r\n", 5);
	feed("0\r\n\r\n", 5);
	CHECK(result.end == BODY_EV_END && result.nout == 1);

	read_whole(CHUNKED, "1;");
	feed_many(BODY_EXTENSIONS_MAX - 1, "a");
	CHECK(result.end == BODY_EV_NONE);
	feed("a", 1);
	CHECK(result.end == BODY_EV_ERROR && result.status == 431);

	begin(CHUNKED);
	feed_many(BODY_EXTENSIONS_MAX / 4, "1 ;ab\r\nx\r\n");
	CHECK(result.end == BODY_EV_NONE);
	feed("1 ", 2);
	CHECK(result.end == BODY_EV_ERROR && result.status == 431);

	read_whole(CHUNKED, "1");
	feed_many(BODY_EXTENSIONS_MAX, " ");
	CHECK(result.end == BODY_EV_NONE);
	feed("\t", 1);
	CHECK(result.end == BODY_EV_ERROR && result.status == 431);
}

static void
test_trailers(void)
{
	read_whole(CHUNKED, "0\r\n");
	feed_many(BODY_TRAILERS_MAX / 8 - 1, "Ab: cd\r\n");
	feed("Ab:c\r\n", 6);
	CHECK(result.end == BODY_EV_NONE);
	feed("\r\n", 2);
	CHECK(result.end == BODY_EV_END);

	read_whole(CHUNKED, "0\r\n");
	feed_many(BODY_TRAILERS_MAX / 8 - 1, "Ab: cd\r\n");
	feed("Ab:cd\r\n\r", 8);
	CHECK(result.end == BODY_EV_NONE);
	feed("\n", 1);
	CHECK(result.end == BODY_EV_ERROR && result.status == 431);

	read_whole(CHUNKED, "0\r\n");
	feed_many(BODY_TRAILERS_MAX / 8, "Ab: cd\r\n");
	CHECK(result.end == BODY_EV_NONE);
	feed("\r", 1);
	CHECK(result.end == BODY_EV_ERROR && result.status == 431);

	read_whole(CHUNKED, "0\r\n");
	feed_many(BODY_TRAILERS_MAX, "a");
	CHECK(result.end == BODY_EV_NONE);
	feed("a", 1);
	CHECK(result.end == BODY_EV_ERROR && result.status == 431);
}

/* Neither the number of chunks nor their sum is bounded here. */
static void
test_many_chunks(void)
{
	int	 i;

	begin(CHUNKED);
	for (i = 0; i < 100000; i++) {
		feed("1\r\nx\r\n", 6);
		result.nout = 0;
	}
	feed("0\r\n\r\n", 5);
	CHECK(ended("", 600005));
}

int
main(void)
{
	RUN(test_good_bodies);
	RUN(test_bad_bodies);
	RUN(test_no_length);
	RUN(test_after_the_end);
	RUN(test_largest);
	RUN(test_extensions);
	RUN(test_trailers);
	RUN(test_many_chunks);
	return (test_done());
}
