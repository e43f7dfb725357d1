/*
 * Conditional requests and ranges: what is to be sent lies in the entity, and
 * without the fields that ask for less it is the whole.  Two octets choose the
 * size and which fields there are; lines are their values.
 */

/* link: olaf-front/entity.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "entity.h"

#define FIELDS	4

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const uint64_t	 sizes[] = {
	0, 1, 2, 500, 10000, INT64_MAX, UINT64_MAX - 1, UINT64_MAX
};

/* Takes a line, in memory of the exact size. */
static struct http_span
take_line(const uint8_t **p, const uint8_t *end)
{
	struct http_span	 s;
	const uint8_t		*lf;
	char			*copy;

	lf = *p == end ? NULL : memchr(*p, '\n', end - *p);
	s.len = (lf == NULL ? end : lf) - *p;
	if ((copy = malloc(s.len + 1)) == NULL)
		abort();
	memcpy(copy + 1, *p, s.len);
	s.p = copy + 1;
	*p = lf == NULL ? end : lf + 1;
	return (s);
}

static void
judge(const struct entity *e, const struct entity_request *r)
{
	uint64_t	 from = 1, len = 1;

	switch (entity_evaluate(e, r, &from, &len)) {
	case 200:
		if (from != 0 || len != e->size)
			abort();
		break;
	case 206:
		if (r->range.p == NULL || len == 0 || from >= e->size ||
		    len > e->size - from)
			abort();
		break;
	case 304:
		if ((r->if_none_match.p == NULL &&
		    r->if_modified_since.p == NULL) || from != 0 || len != 0)
			abort();
		break;
	case 416:
		if (r->range.p == NULL || from != 0 || len != 0)
			abort();
		break;
	default:
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct http_span	 absent;
	struct entity			 e = { 0, 784111777, "\"a,b\"" };
	struct http_span		 lines[FIELDS], s[FIELDS];
	struct entity_request		 r;
	const uint8_t			*p = data + 2;
	size_t				 i;

	if (size < 2)
		return (0);
	e.size = sizes[data[0] % nitems(sizes)];
	for (i = 0; i < FIELDS; i++) {
		lines[i] = take_line(&p, data + size);
		s[i] = data[1] & 1 << i ? absent : lines[i];
	}
	r.range = s[0];
	r.if_range = s[1];
	r.if_none_match = s[2];
	r.if_modified_since = s[3];
	judge(&e, &r);
	for (i = 0; i < FIELDS; i++)
		free((void *)(uintptr_t)(lines[i].p - 1));
	return (0);
}
