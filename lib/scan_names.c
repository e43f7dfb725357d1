/*
 * The names of members: which are the same when unescaped.  The time is that of
 * reading them once, whatever they are and have in common.
 */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan_names.h"

#define PAIRWISE	16	/* so many names are compared each with each */
#define PRIME		0x7fffffff

/* A string's octets, unescaped one by one. */
struct octets {
	const char	*p;
	const char	*end;
	char		 pending[4];	/* what an escape became */
	size_t		 pos;
	size_t		 len;
};

/* The next octet of an unescaped string, -1 at its end. */
static int
next_octet(struct octets *o)
{
	if (o->pos < o->len)
		return ((uint8_t)o->pending[o->pos++]);
	if (o->p == o->end)
		return (-1);
	if (*o->p != '\\')
		return ((uint8_t)*o->p++);
	o->len = scan_escape(&o->p, o->pending);
	o->pos = 1;
	return ((uint8_t)o->pending[0]);
}

/*
 * A polynomial of the name's octets, unescaped, modulo a prime, at a point that
 * nobody knows: who writes the names cannot make their hashes alike.
 */
static uint32_t
name_hash(struct scan_span name)
{
	static uint32_t	 point;
	struct octets	 o = { name.p, name.p + name.len, "", 0, 0 };
	uint64_t	 h = 1;
	int		 c;

	if (point == 0)
		point = 256 + arc4random_uniform(PRIME - 256);
	while ((c = next_octet(&o)) != -1)
		h = (h * point + c) % PRIME;
	return (h);
}

/* Are they the same after unescaping? */
static int
names_equal(const struct scan_name *a, const struct scan_name *b)
{
	struct octets	 x = { a->text.p, a->text.p + a->text.len, "", 0, 0 };
	struct octets	 y = { b->text.p, b->text.p + b->text.len, "", 0, 0 };
	int		 i, j;

	if (a->hash != b->hash)
		return (0);
	do {
		i = next_octet(&x);
		j = next_octet(&y);
	} while (i == j && i != -1);
	return (i == j);
}

/* The names of a common object: few, and plain. */
static int
distinct_pairwise(const struct scan_name *v, size_t n)
{
	size_t	 i, j;

	for (i = 1; i < n; i++)
		for (j = 0; j < i; j++)
			if (v[i].text.len == v[j].text.len &&
			    memcmp(v[i].text.p, v[j].text.p,
			    v[i].text.len) == 0)
				return (0);
	return (1);
}

int
scan_names_distinct(struct scan_name *v, size_t n, int escaped)
{
	static uint16_t	 table[2 * SCAN_NAMES];	/* by hash: of a name, + 1 */
	size_t		 size = 2 * PAIRWISE, at, i;

	if (n <= PAIRWISE && !escaped)
		return (distinct_pairwise(v, n));
	while (size < 2 * n)
		size *= 2;
	memset(table, 0, size * sizeof(*table));
	for (i = 0; i < n; i++) {
		v[i].hash = name_hash(v[i].text);
		for (at = v[i].hash & (size - 1); table[at] != 0;
		    at = (at + 1) & (size - 1))
			if (names_equal(&v[table[at] - 1], &v[i]))
				return (0);
		table[at] = i + 1;
	}
	return (1);
}

/* Is the name, unescaped, that text? */
static int
name_is(struct scan_span name, const char *text)
{
	struct octets	 o = { name.p, name.p + name.len, "", 0, 0 };
	int		 c;

	while ((c = next_octet(&o)) == (uint8_t)*text && c != '\0')
		text++;
	return (c == -1 && *text == '\0');
}

const struct scan_member *
scan_find(const struct scan *s, int parent, const char *name)
{
	int	 i;

	for (i = 0; i < s->nmembers; i++)
		if (s->members[i].parent == parent &&
		    name_is(s->members[i].name, name))
			return (&s->members[i]);
	return (NULL);
}
