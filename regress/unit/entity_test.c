/*
 * Conditional requests and ranges: the examples of RFC 9110, the edges, and
 * dates of all years.
 */

/* link: olaf-front/entity.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "entity.h"
#include "test.h"

#define MODIFIED	784111777	/* the example of RFC 9110 5.6.7 */
#define DATE		"Sun, 06 Nov 1994 08:49:37 GMT"
#define BEFORE		"Sun, 06 Nov 1994 08:49:36 GMT"
#define AFTER		"Sun, 06 Nov 1994 08:49:38 GMT"
#define ETAG		"\"a,b\""
#define WEAK		"W/\"a,b\""

static struct entity	 entity = { 10000, MODIFIED, ETAG };
static uint64_t		 from, len;

/* A copy of the exact size, so that a sanitizer sees any excess. */
static struct http_span
span(const char *text)
{
	struct http_span	 s = { NULL, 0 };
	char			*copy;

	if (text == NULL)
		return (s);
	s.len = strlen(text);
	if ((copy = malloc(s.len + 1)) == NULL)
		abort();
	memcpy(copy + 1, text, s.len);
	s.p = copy + 1;
	return (s);
}

static void
span_free(struct http_span s)
{
	if (s.p != NULL)
		free((void *)(uintptr_t)(s.p - 1));
}

static int
evaluate(const char *range, const char *if_range, const char *if_none_match,
    const char *if_modified_since)
{
	struct entity_request	 r;
	int			 status;

	r.range = span(range);
	r.if_range = span(if_range);
	r.if_none_match = span(if_none_match);
	r.if_modified_since = span(if_modified_since);
	from = len = 12345;
	status = entity_evaluate(&entity, &r, &from, &len);
	span_free(r.range);
	span_free(r.if_range);
	span_free(r.if_none_match);
	span_free(r.if_modified_since);
	if (status == 200)
		CHECK(from == 0 && len == entity.size);
	else if (status == 206)
		CHECK(len > 0 && from + len <= entity.size);
	else
		CHECK(from == 0 && len == 0);
	return (status);
}

static void
test_nothing_asked(void)
{
	CHECK(evaluate(NULL, NULL, NULL, NULL) == 200);
	CHECK(evaluate(NULL, ETAG, NULL, NULL) == 200);
}

struct range_case {
	const char	*range;
	int		 status;
	uint64_t	 from;
	uint64_t	 len;
};

/* Of 10000 octets, as in RFC 9110 14.1.2. */
static const struct range_case range_cases[] = {
	{ "bytes=0-499", 206, 0, 500 },
	{ "bytes=500-999", 206, 500, 500 },
	{ "bytes=-500", 206, 9500, 500 },
	{ "bytes=9500-", 206, 9500, 500 },
	{ "bytes=0-0", 206, 0, 1 },
	{ "bytes=0-", 206, 0, 10000 },
	{ "bytes=-1", 206, 9999, 1 },
	{ "bytes=-10000", 206, 0, 10000 },
	{ "bytes=-10001", 206, 0, 10000 },
	{ "bytes=9999-9999", 206, 9999, 1 },
	{ "bytes=9999-10000", 206, 9999, 1 },
	{ "bytes=9998-9998", 206, 9998, 1 },
	{ "Bytes=00001-02", 206, 1, 2 },
	{ "bytes=1-18446744073709551615", 206, 1, 9999 },
	{ "bytes=1-18446744073709551616", 206, 1, 9999 },
	{ "bytes=1-99999999999999999999999999999999", 206, 1, 9999 },
	{ "bytes=-99999999999999999999999999999999", 206, 0, 10000 },
	{ "bytes=-18446744073709551617", 206, 0, 10000 },

	{ "bytes=10000-", 416, 0, 0 },
	{ "bytes=10000-10000", 416, 0, 0 },
	{ "bytes=-0", 416, 0, 0 },
	{ "bytes=18446744073709551615-", 416, 0, 0 },
	{ "bytes=18446744073709551616-", 416, 0, 0 },
	{ "bytes=18446744073709551617-", 416, 0, 0 },
	{ "bytes=99999999999999999999-99999999999999999999", 416, 0, 0 },

	{ "", 200, 0, 10000 },
	{ "bytes", 200, 0, 10000 },
	{ "bytes=", 200, 0, 10000 },
	{ "bytes=-", 200, 0, 10000 },
	{ "bytes=--1", 200, 0, 10000 },
	{ "bytes=1", 200, 0, 10000 },
	{ "bytes=2-1", 200, 0, 10000 },
	{ "bytes=10001-10000", 200, 0, 10000 },
	{ "bytes=0-1,3-4", 200, 0, 10000 },
	{ "bytes=0-1,", 200, 0, 10000 },
	{ "bytes=0-,5-6", 200, 0, 10000 },
	{ "bytes=-1,-2", 200, 0, 10000 },
	{ "bytes= 0-1", 200, 0, 10000 },
	{ "bytes=0 -1", 200, 0, 10000 },
	{ "bytes=0- 1", 200, 0, 10000 },
	{ "bytes=0-1 ", 200, 0, 10000 },
	{ "bytes=0-1x", 200, 0, 10000 },
	{ "bytes=0x0-1", 200, 0, 10000 },
	{ "bytes=+0-1", 200, 0, 10000 },
	{ "bytes =0-1", 200, 0, 10000 },
	{ "octets=0-1", 200, 0, 10000 },
	{ "lines=0-1", 200, 0, 10000 },
	{ "0-1", 200, 0, 10000 }
};

static void
check_range(const struct range_case *c)
{
	int	 status = evaluate(c->range, NULL, NULL, NULL);
	int	 ok = status == c->status && from == c->from && len == c->len;

	CHECK(ok);
	if (!ok)
		fprintf(stderr, "%s: %d\n", c->range, status);
}

static void
test_ranges(void)
{
	size_t	 i;

	for (i = 0; i < nitems(range_cases); i++)
		check_range(&range_cases[i]);
}

/* Of nothing no part can be sent: the last octets are all of it. */
static void
test_ranges_of_nothing(void)
{
	entity.size = 0;
	CHECK(evaluate("bytes=0-", NULL, NULL, NULL) == 416);
	CHECK(evaluate("bytes=0-0", NULL, NULL, NULL) == 416);
	CHECK(evaluate("bytes=-0", NULL, NULL, NULL) == 416);
	CHECK(evaluate("bytes=-1", NULL, NULL, NULL) == 200);
	entity.size = 10000;
}

static void
test_ranges_of_much(void)
{
	entity.size = UINT64_MAX;
	CHECK(evaluate("bytes=18446744073709551614-", NULL, NULL, NULL) == 206);
	CHECK(from == UINT64_MAX - 1 && len == 1);
	CHECK(evaluate("bytes=0-", NULL, NULL, NULL) == 206);
	CHECK(from == 0 && len == UINT64_MAX);
	CHECK(evaluate("bytes=18446744073709551615-", NULL, NULL, NULL) == 416);
	CHECK(evaluate("bytes=-18446744073709551616", NULL, NULL, NULL) == 206);
	CHECK(from == 0 && len == UINT64_MAX);
	entity.size = 10000;
}

static void
test_if_range(void)
{
	static const char	*const good[] = { ETAG, DATE };
	static const char	*const bad[] = {
		WEAK, "\"b\"", "\"a,b", "a,b", "\"a,b\" ", "\"A,B\"", "*",
		"", BEFORE, AFTER, "Sunday, 06-Nov-94 08:49:37 GMT", "rubbish"
	};
	size_t			 i;

	for (i = 0; i < nitems(good); i++) {
		CHECK(evaluate("bytes=1-2", good[i], NULL, NULL) == 206);
		CHECK(evaluate("bytes=10000-", good[i], NULL, NULL) == 416);
	}
	for (i = 0; i < nitems(bad); i++) {
		CHECK(evaluate("bytes=1-2", bad[i], NULL, NULL) == 200);
		CHECK(evaluate("bytes=10000-", bad[i], NULL, NULL) == 200);
	}
}

static void
test_if_none_match(void)
{
	static const char	*const good[] = {
		"*", ETAG, WEAK, "\"b\", " ETAG, "\"b\"," ETAG,
		", ,\"\"\t, W/\"c\", W/" ETAG " ,\"d\"", ETAG ", rubbish"
	};
	static const char	*const bad[] = {
		"", "**", "*, " ETAG, "a,b", "\"a\",\"b\"", "\"a,b", "w/" ETAG,
		"W/ " ETAG, "W/", "\"", "rubbish, " ETAG, "\"A,B\"", "\"xa,b\"",
		"\"\"a,b\"\"", "x\", " ETAG
	};
	size_t			 i;

	for (i = 0; i < nitems(good); i++)
		CHECK(evaluate(NULL, NULL, good[i], NULL) == 304);
	for (i = 0; i < nitems(bad); i++)
		CHECK(evaluate(NULL, NULL, bad[i], NULL) == 200);
}

static void
test_if_modified_since(void)
{
	CHECK(evaluate(NULL, NULL, NULL, DATE) == 304);
	CHECK(evaluate(NULL, NULL, NULL, AFTER) == 304);
	CHECK(evaluate(NULL, NULL, NULL, BEFORE) == 200);
	CHECK(evaluate(NULL, NULL, NULL, "rubbish") == 200);
	CHECK(evaluate(NULL, NULL, NULL, "") == 200);
}

/* RFC 9110 13.2.2 */
static void
test_precedence(void)
{
	CHECK(evaluate(NULL, NULL, "\"b\"", DATE) == 200);
	CHECK(evaluate(NULL, NULL, "", DATE) == 200);
	CHECK(evaluate(NULL, NULL, ETAG, BEFORE) == 304);
	CHECK(evaluate("bytes=1-2", NULL, ETAG, NULL) == 304);
	CHECK(evaluate("bytes=1-2", ETAG, ETAG, NULL) == 304);
	CHECK(evaluate("bytes=10000-", NULL, NULL, DATE) == 304);
	CHECK(evaluate("bytes=1-2", NULL, "\"b\"", DATE) == 206);
	CHECK(evaluate("bytes=1-2", DATE, NULL, BEFORE) == 206);
}

/* All later than MODIFIED, were they dates. */
static void
test_bad_dates(void)
{
	static const char	*const bad[] = {
		"Mon, 07 Nov 1994 08:49:37 UTC",
		"Mon, 07 Nov 1994 08:49:37 gmt",
		"Mon, 07 Nov 1994 08:49:37 GM",
		"Mon, 07 Nov 1994 08:49:37 GMT ",
		" Mon, 07 Nov 1994 08:49:37 GMT",
		"mon, 07 Nov 1994 08:49:37 GMT",
		"Mon, 07 nov 1994 08:49:37 GMT",
		"Mon, 07 NoD 1994 08:49:37 GMT",
		"onT, 07 Nov 1994 08:49:37 GMT",
		"Mon, 07 ovD 1994 08:49:37 GMT",
		"Tue, 07 Nov 1994 08:49:37 GMT",
		"Mon  07 Nov 1994 08:49:37 GMT",
		"Mon, 7  Nov 1994 08:49:37 GMT",
		"Mon,  7 Nov 1994 08:49:37 GMT",
		"Mon, +7 Nov 1994 08:49:37 GMT",
		"Mon, 7 Nov 1994 08:49:37 GMTx",
		"Mon, 07 Nov 1994 0/:49:37 GMT",
		"Mon, 07 Nov 1994 1/:49:37 GMT",
		"Mon, 07 Nov 1994 0::49:37 GMT",
		"Mon, 07 Nov 1994 24:00:00 GMT",
		"Mon, 07 Nov 1994 08:60:37 GMT",
		"Mon, 07 Nov 1994 08:49:61 GMT",
		"Mon, 07 Nov 1994 08-49-37 GMT",
		"Mon, 07-Nov-1994 08:49:37 GMT",
		"Mon, 07 Nov 94 08:49:37 GMT",
		"Monday, 07-Nov-94 08:49:37 GMT",
		"Mon Nov  7 08:49:37 1994",
		"Wed, 00 Mar 1995 00:00:00 GMT",
		"Wed, 29 Feb 1995 00:00:00 GMT",
		"Mon, 29 Feb 2100 00:00:00 GMT",
		"Thu, 31 Nov 1994 00:00:00 GMT",
		"Sun, 32 Jan 1995 00:00:00 GMT"
	};
	size_t			 i;

	CHECK(evaluate(NULL, NULL, NULL, "Mon, 07 Nov 1994 08:49:37 GMT") ==
	    304);
	CHECK(evaluate(NULL, NULL, NULL, "Tue, 29 Feb 2000 23:59:60 GMT") ==
	    304);
	for (i = 0; i < nitems(bad); i++) {
		if (evaluate(NULL, NULL, NULL, bad[i]) == 200)
			continue;
		CHECK(0);
		fprintf(stderr, "%s\n", bad[i]);
	}
}

/* Does a date that the C library wrote mean the same here? */
static int
agrees(time_t t)
{
	struct tm	 tm;
	char		 date[64];

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(date, sizeof(date), "%a, %d %b ", &tm) == 0)
		return (0);
	snprintf(date + 12, sizeof(date) - 12, "%04d %02d:%02d:%02d GMT",
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	entity.modified = t;
	return (evaluate("bytes=1-1", date, NULL, NULL) == 206);
}

/* Days and seconds of all kinds, from year 0 to 9999. */
static void
test_all_dates(void)
{
	time_t	 t, n = 0, good = 0;

	for (t = -62167219200; t < 253402300800; t += 86400 * 17 + 4711) {
		n++;
		good += agrees(t);
	}
	CHECK(n > 200000 && good == n);
	CHECK(agrees(-62167219200) && agrees(253402300799));
	CHECK(agrees(0) && agrees(-1) && agrees(951782400));
	entity.modified = MODIFIED;
}

int
main(void)
{
	RUN(test_nothing_asked);
	RUN(test_ranges);
	RUN(test_ranges_of_nothing);
	RUN(test_ranges_of_much);
	RUN(test_if_range);
	RUN(test_if_none_match);
	RUN(test_if_modified_since);
	RUN(test_precedence);
	RUN(test_bad_dates);
	RUN(test_all_dates);
	return (test_done());
}
