/*
 * Is what the client has still good, and which part does it want?  The order of
 * the questions is that of RFC 9110 13.2.2.
 */

#include "compat.h"

#include <string.h>
#include <strings.h>

#include "entity.h"
#include "octet.h"

#define DATE_LEN	29	/* Sun, 06 Nov 1994 08:49:37 GMT */
#define DAY		86400	/* seconds */

struct date {
	int	 year;
	int	 month;		/* from 0 */
	int	 day;		/* from 1 */
	int	 hour;
	int	 minute;
	int	 second;
};

enum range_kind {
	RANGE_NONE,		/* none that is served */
	RANGE_PART,
	RANGE_UNSATISFIABLE
};

static void
skip(struct http_span *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

/* Takes the text off the front; returns 0 if it is not there. */
static int
take(struct http_span *s, const char *text)
{
	size_t	 n = strlen(text);

	if (s->len < n || memcmp(s->p, text, n) != 0)
		return (0);
	skip(s, n);
	return (1);
}

/* Takes a number of so many digits; returns 0 if it is none. */
static int
take_digits(struct http_span *s, int digits, int *v)
{
	for (*v = 0; digits > 0; digits--) {
		if (s->len == 0 || s->p[0] < '0' || s->p[0] > '9')
			return (0);
		*v = *v * 10 + s->p[0] - '0';
		skip(s, 1);
	}
	return (1);
}

/* Takes one of the names of three letters; returns 0 if it is none. */
static int
take_name(struct http_span *s, const char *names, int *v)
{
	for (*v = 0; names[*v * 3] != '\0'; ++*v)
		if (s->len >= 3 && memcmp(s->p, names + *v * 3, 3) == 0) {
			skip(s, 3);
			return (1);
		}
	return (0);
}

static int
is_leap(int year)
{
	return ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0);
}

static int
days_of_month(int year, int month)
{
	static const uint8_t	 days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	return (days[month] + (month == 1 && is_leap(year)));
}

/* Days from 1970-01-01, by the Gregorian calendar also before it was made. */
static int64_t
days_since_epoch(const struct date *d)
{
	int64_t	 before = d->year - 1, days;
	int	 month;

	/* 719162: days from 0001-01-01 to 1970-01-01 */
	days = d->year == 0 ? -366 :
	    before * 365 + before / 4 - before / 100 + before / 400;
	for (month = 0; month < d->month; month++)
		days += days_of_month(d->year, month);
	return (days + d->day - 1 - 719162);
}

/* RFC 9110 5.6.7; a leap second is the first of the next minute. */
static int
date_valid(const struct date *d, int weekday)
{
	if (d->day < 1 || d->day > days_of_month(d->year, d->month) ||
	    d->hour > 23 || d->minute > 59 || d->second > 60)
		return (0);
	/* 1970-01-01 was a Thursday; the weeks added keep it positive. */
	return ((days_since_epoch(d) + 7 * 365000 + 4) % 7 == weekday);
}

/* Reads an IMF-fixdate as seconds since 1970.  Returns 0, or -1 if it is none. */
static int
date_read(struct http_span s, int64_t *seconds)
{
	struct date	 d;
	int		 weekday;

	if (s.len != DATE_LEN ||
	    !take_name(&s, "SunMonTueWedThuFriSat", &weekday) ||
	    !take(&s, ", ") || !take_digits(&s, 2, &d.day) || !take(&s, " ") ||
	    !take_name(&s, "JanFebMarAprMayJunJulAugSepOctNovDec", &d.month) ||
	    !take(&s, " ") || !take_digits(&s, 4, &d.year) || !take(&s, " ") ||
	    !take_digits(&s, 2, &d.hour) || !take(&s, ":") ||
	    !take_digits(&s, 2, &d.minute) || !take(&s, ":") ||
	    !take_digits(&s, 2, &d.second) || !take(&s, " GMT") ||
	    !date_valid(&d, weekday))
		return (-1);
	*seconds = days_since_epoch(&d) * DAY + d.hour * 3600 + d.minute * 60 +
	    d.second;
	return (0);
}

/* Takes an entity tag with its quotes, which may hold commas (RFC 9110 8.8.3). */
static int
take_tag(struct http_span *s, struct http_span *tag)
{
	const char	*quote;

	if (s->len < 2 || s->p[0] != '"' ||
	    (quote = memchr(s->p + 1, '"', s->len - 1)) == NULL)
		return (0);
	tag->p = s->p;
	tag->len = quote + 1 - s->p;
	skip(s, tag->len);
	return (1);
}

static void
skip_separators(struct http_span *s)
{
	while (s->len > 0 && (octet_is_space(s->p[0]) || s->p[0] == ','))
		skip(s, 1);
}

/* If-None-Match: does the list have our tag, compared weakly (13.1.2)? */
static int
tag_listed(struct http_span list, const char *etag)
{
	struct http_span	 tag;

	if (span_is(list, "*"))
		return (1);
	for (skip_separators(&list); list.len > 0; skip_separators(&list)) {
		take(&list, "W/");
		if (!take_tag(&list, &tag))
			return (0);
		if (span_is(tag, etag))
			return (1);
	}
	return (0);
}

/* RFC 9110 13.2.2: If-Modified-Since counts only without If-None-Match. */
static int
not_modified(const struct entity *e, const struct entity_request *r)
{
	int64_t	 since;

	if (r->if_none_match.p != NULL)
		return (tag_listed(r->if_none_match, e->etag));
	return (r->if_modified_since.p != NULL &&
	    date_read(r->if_modified_since, &since) == 0 &&
	    e->modified <= since);
}

/* RFC 9110 13.1.5: a weak tag never matches, and a date exactly or not at all. */
static int
range_applies(const struct entity *e, struct http_span if_range)
{
	int64_t	 date;

	if (if_range.p == NULL || span_is(if_range, e->etag))
		return (1);
	return (date_read(if_range, &date) == 0 && date == e->modified);
}

/* Takes a number, at most UINT64_MAX; returns 0 if there is none. */
static int
take_number(struct http_span *s, uint64_t *v)
{
	int	 digit, digits = 0;

	for (*v = 0; s->len > 0 && s->p[0] >= '0' && s->p[0] <= '9'; digits++) {
		digit = s->p[0] - '0';
		if (*v > (UINT64_MAX - digit) / 10)
			*v = UINT64_MAX;
		else
			*v = *v * 10 + digit;
		skip(s, 1);
	}
	return (digits > 0);
}

/* The last octets: "-500". */
static enum range_kind
suffix(struct http_span s, uint64_t size, uint64_t *from, uint64_t *len)
{
	uint64_t	 n;

	if (!take(&s, "-") || !take_number(&s, &n) || s.len > 0)
		return (RANGE_NONE);
	if (n == 0)
		return (RANGE_UNSATISFIABLE);
	if (size == 0)
		return (RANGE_NONE);
	*len = n < size ? n : size;
	*from = size - *len;
	return (RANGE_PART);
}

/* RFC 9110 14.1.2: a range of bytes. */
static enum range_kind
range_read(struct http_span s, uint64_t size, uint64_t *from, uint64_t *len)
{
	uint64_t	 first, last = UINT64_MAX;

	if (s.len < 6 || strncasecmp(s.p, "bytes=", 6) != 0)
		return (RANGE_NONE);
	skip(&s, 6);
	if (!take_number(&s, &first))
		return (suffix(s, size, from, len));
	if (!take(&s, "-") || (s.len > 0 && !take_number(&s, &last)) ||
	    s.len > 0 || last < first)
		return (RANGE_NONE);
	if (first >= size)
		return (RANGE_UNSATISFIABLE);
	if (last > size - 1)
		last = size - 1;
	*from = first;
	*len = last - first + 1;
	return (RANGE_PART);
}

int
entity_evaluate(const struct entity *e, const struct entity_request *r,
    uint64_t *from, uint64_t *len)
{
	*from = *len = 0;
	if (not_modified(e, r))
		return (304);
	if (r->range.p != NULL && range_applies(e, r->if_range))
		switch (range_read(r->range, e->size, from, len)) {
		case RANGE_PART:
			return (206);
		case RANGE_UNSATISFIABLE:
			return (416);
		case RANGE_NONE:
		default:
			break;
		}
	*len = e->size;
	return (200);
}
