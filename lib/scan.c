/*
 * The strict JSON scanner (RFC 8259).  One descent over the text judges it
 * and notes where the members of the first two levels lie.  Nothing is
 * copied; the only memory is a stack of the member names of the objects that
 * are open, of which each object checks its own when it closes.
 */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"
#include "scan_names.h"
#include "utf8.h"

#define ROOT		(-1)	/* parent of the outermost object's members */
#define NOWHERE		(-2)	/* parent of members that are judged only */

#define NAMES_FIRST	64	/* the stack's first size */
#define NAMES_KEPT	4096	/* a larger stack is freed after use */

#define OCTETS(c)	(0x0101010101010101ULL * (c))

struct scanner {
	const char	*p;
	const char	*end;
	struct scan	*s;
	int		 maxdepth;
};

/* Names of the open objects' members, those of the innermost on top. */
static struct {
	struct scan_name	*v;
	size_t			 n;
	size_t			 size;
} names;

static int	 value(struct scanner *, int, int, enum scan_type *);

static void
skip_space(struct scanner *sc)
{
	while (sc->p < sc->end && (*sc->p == ' ' || *sc->p == '\n' ||
	    *sc->p == '\r' || *sc->p == '\t'))
		sc->p++;
}

/* Takes the character c, if it is next. */
static int
take(struct scanner *sc, char c)
{
	if (sc->p == sc->end || *sc->p != c)
		return (0);
	sc->p++;
	return (1);
}

static int
names_push(struct scan_span text)
{
	struct scan_name	*v;
	size_t			 size;

	if (names.n == names.size) {
		size = names.size == 0 ? NAMES_FIRST : names.size * 2;
		if ((v = reallocarray(names.v, size, sizeof(*v))) == NULL)
			return (-1);
		names.v = v;
		names.size = size;
	}
	names.v[names.n++].text = text;
	return (0);
}

/* The value of four hex digits, or -1; p has that many characters. */
static int
hex4(const char *p)
{
	int	 i, v = 0;

	for (i = 0; i < 4; i++) {
		v <<= 4;
		if (p[i] >= '0' && p[i] <= '9')
			v |= p[i] - '0';
		else if (p[i] >= 'a' && p[i] <= 'f')
			v |= p[i] - 'a' + 10;
		else if (p[i] >= 'A' && p[i] <= 'F')
			v |= p[i] - 'A' + 10;
		else
			return (-1);
	}
	return (v);
}

static int
is_high_surrogate(int c)
{
	return (c >= 0xd800 && c <= 0xdbff);
}

static int
is_low_surrogate(int c)
{
	return (c >= 0xdc00 && c <= 0xdfff);
}

size_t
scan_escape(const char **p, char *dst)
{
	int	 c = (*p)[1];

	*p += 2;
	switch (c) {
	case 'b':
		c = '\b';
		break;
	case 'f':
		c = '\f';
		break;
	case 'n':
		c = '\n';
		break;
	case 'r':
		c = '\r';
		break;
	case 't':
		c = '\t';
		break;
	case 'u':
		c = hex4(*p);
		*p += 4;
		if (is_high_surrogate(c)) {
			c = 0x10000 + ((c - 0xd800) << 10) +
			    hex4(*p + 2) - 0xdc00;
			*p += 6;
		}
		break;
	default:	/* quote, backslash, slash */
		break;
	}
	return (utf8_put(dst, c));
}

int
scan_compare(const struct scan_span *a, const struct scan_span *b)
{
	int	r;

	r = memcmp(a->p, b->p, a->len < b->len ? a->len : b->len);
	if (r != 0 || a->len == b->len)
		return (r);
	return (a->len < b->len ? -1 : 1);
}

/*
 * Returns the first octet in p to end that needs a look: a quote, a backslash,
 * a control character, or part of a character beyond ASCII.  Almost all of a
 * message is base64, so eight octets are judged at once.
 */
static const char *
skip_plain(const char *p, const char *end)
{
	uint64_t	 w, quote, backslash, special;
	uint8_t		 c;

	for (; end - p >= 8; p += 8) {
		memcpy(&w, p, sizeof(w));
		quote = w ^ OCTETS('"');
		backslash = w ^ OCTETS('\\');
		special = (quote - OCTETS(1)) | (backslash - OCTETS(1)) |
		    (w - OCTETS(0x20)) | w;
		if (special & OCTETS(0x80))
			break;
	}
	for (; p < end; p++) {
		c = *p;
		if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80)
			break;
	}
	return (p);
}

/*
 * A run of characters beyond ASCII; none is an error, as of a control
 * character.
 */
static int
beyond_ascii(struct scanner *sc)
{
	const char	*start = sc->p;
	uint8_t		 state = 0;

	while (sc->p < sc->end && (*sc->p & 0x80))
		sc->p++;
	if (sc->p == start ||
	    utf8_check(&state, start, sc->p - start) == -1 || state != 0)
		return (-1);
	return (0);
}

/* The rest of a \u escape, behind the u; surrogates must be a pair. */
static int
unicode_escape(struct scanner *sc)
{
	int	 c;

	if (sc->end - sc->p < 4 || (c = hex4(sc->p)) == -1)
		return (-1);
	sc->p += 4;
	if (is_low_surrogate(c))
		return (-1);
	if (!is_high_surrogate(c))
		return (0);
	if (sc->end - sc->p < 6 || sc->p[0] != '\\' || sc->p[1] != 'u' ||
	    !is_low_surrogate(hex4(sc->p + 2)))
		return (-1);
	sc->p += 6;
	return (0);
}

static int
escape(struct scanner *sc)
{
	if (sc->end - sc->p < 2)
		return (-1);
	sc->p += 2;
	switch (sc->p[-1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return (0);
	case 'u':
		return (unicode_escape(sc));
	default:
		return (-1);
	}
}

/* Sets *escaped if the string holds an escape, else leaves it. */
static int
string(struct scanner *sc, int *escaped)
{
	if (!take(sc, '"'))
		return (-1);
	while ((sc->p = skip_plain(sc->p, sc->end)) < sc->end) {
		if (*sc->p == '"') {
			sc->p++;
			return (0);
		} else if (*sc->p == '\\') {
			*escaped = 1;
			if (escape(sc) == -1)
				return (-1);
		} else if (beyond_ascii(sc) == -1)
			return (-1);
	}
	return (-1);
}

/* At least one digit. */
static int
digits(struct scanner *sc)
{
	const char	*start = sc->p;

	while (sc->p < sc->end && *sc->p >= '0' && *sc->p <= '9')
		sc->p++;
	return (sc->p == start ? -1 : 0);
}

static int
number(struct scanner *sc)
{
	take(sc, '-');
	if (!take(sc, '0') && digits(sc) == -1)
		return (-1);
	if (take(sc, '.') && digits(sc) == -1)
		return (-1);
	if (take(sc, 'e') || take(sc, 'E')) {
		if (!take(sc, '+'))
			take(sc, '-');
		return (digits(sc));
	}
	return (0);
}

static int
literal(struct scanner *sc, const char *word, size_t len)
{
	if ((size_t)(sc->end - sc->p) < len || memcmp(sc->p, word, len) != 0)
		return (-1);
	sc->p += len;
	return (0);
}

static int
array(struct scanner *sc, int depth)
{
	enum scan_type	 type;

	sc->p++;
	skip_space(sc);
	if (take(sc, ']'))
		return (0);
	do {
		skip_space(sc);
		if (value(sc, depth, NOWHERE, &type) == -1)
			return (-1);
		skip_space(sc);
	} while (take(sc, ','));
	return (take(sc, ']') ? 0 : -1);
}

/* Notes a member's name and returns its index, or NOWHERE. */
static int
keep(struct scan *s, struct scan_span name, int parent)
{
	struct scan_member	*m;

	if (parent == NOWHERE || s->nmembers == SCAN_MEMBERS)
		return (NOWHERE);
	m = &s->members[s->nmembers];
	m->name = name;
	m->parent = parent;
	return (s->nmembers++);
}

static int
member(struct scanner *sc, int depth, int parent, int *escaped)
{
	struct scan_span	 name;
	const char		*start;
	enum scan_type		 type;
	int			 idx;

	name.p = sc->p + 1;
	if (string(sc, escaped) == -1)
		return (-1);
	name.len = sc->p - name.p - 1;
	if (names_push(name) == -1)
		return (-1);
	idx = keep(sc->s, name, parent);
	skip_space(sc);
	if (!take(sc, ':'))
		return (-1);
	skip_space(sc);
	start = sc->p;
	if (value(sc, depth, parent == ROOT ? idx : NOWHERE, &type) == -1)
		return (-1);
	if (idx != NOWHERE) {
		sc->s->members[idx].type = type;
		sc->s->members[idx].value.p = start;
		sc->s->members[idx].value.len = sc->p - start;
	}
	return (0);
}

static int
object(struct scanner *sc, int depth, int parent)
{
	size_t	 base = names.n;
	int	 escaped = 0;

	sc->p++;
	skip_space(sc);
	if (take(sc, '}'))
		return (0);
	do {
		skip_space(sc);
		if (names.n - base == SCAN_NAMES ||
		    member(sc, depth, parent, &escaped) == -1)
			return (-1);
		skip_space(sc);
	} while (take(sc, ','));
	if (!take(sc, '}') ||
	    !scan_names_distinct(names.v + base, names.n - base, escaped))
		return (-1);
	names.n = base;
	return (0);
}

/*
 * depth: how many objects and arrays are open; parent: what the members are
 * kept under, if the value is an object.
 */
static int
value(struct scanner *sc, int depth, int parent, enum scan_type *type)
{
	int	 escaped;

	if (sc->p == sc->end)
		return (-1);
	switch (*sc->p) {
	case '{':
		*type = SCAN_OBJECT;
		if (depth == sc->maxdepth)
			return (-1);
		return (object(sc, depth + 1, parent));
	case '[':
		*type = SCAN_ARRAY;
		if (depth == sc->maxdepth)
			return (-1);
		return (array(sc, depth + 1));
	case '"':
		*type = SCAN_STRING;
		return (string(sc, &escaped));
	case 'n':
		*type = SCAN_NULL;
		return (literal(sc, "null", 4));
	case 'f':
		*type = SCAN_FALSE;
		return (literal(sc, "false", 5));
	case 't':
		*type = SCAN_TRUE;
		return (literal(sc, "true", 4));
	default:
		*type = SCAN_NUMBER;
		return (number(sc));
	}
}

int
scan_value(struct scan *s, const char *text, size_t len, int maxdepth,
    enum scan_type *type)
{
	struct scanner	 sc = { text, text + len, s, maxdepth };
	int		 r;

	s->nmembers = 0;
	names.n = 0;
	skip_space(&sc);
	r = value(&sc, 0, ROOT, type);
	skip_space(&sc);
	if (sc.p != sc.end)
		r = -1;
	if (r == -1)
		s->nmembers = 0;
	if (names.size > NAMES_KEPT)
		scan_cleanup();
	return (r);
}

int
scan_object(struct scan *s, const char *text, size_t len, int maxdepth)
{
	enum scan_type	 type;

	if (scan_value(s, text, len, maxdepth, &type) == -1)
		return (-1);
	return (type == SCAN_OBJECT ? 0 : -1);
}

size_t
scan_unescape(struct scan_span value, char *dst)
{
	const char	*p = value.p + 1, *end = value.p + value.len - 1;
	const char	*stop;
	char		*start = dst;

	while (p < end) {
		if (*p == '\\') {
			dst += scan_escape(&p, dst);
			continue;
		}
		if ((stop = memchr(p, '\\', end - p)) == NULL)
			stop = end;
		memcpy(dst, p, stop - p);
		dst += stop - p;
		p = stop;
	}
	return (dst - start);
}

void
scan_cleanup(void)
{
	free(names.v);
	names.v = NULL;
	names.n = names.size = 0;
}
