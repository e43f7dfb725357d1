/*
 * Other ways of writing a JSON object.  A form is made only after a signature
 * over the text as received has failed, which is rare; but whoever likes can
 * make it happen, so no text takes more than n log n time or memory in
 * proportion.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"

#define MEMBERS_FIRST	64

struct member {
	struct scan_span	 name;	/* unescaped */
	char			*text;	/* from the name to the end of the value */
	size_t			 len;
};

struct sorter {
	char		*text;
	char		*end;
	char		*p;		/* what is to be read next */
	char		*names;		/* each at the place of the one in text */
	char		*sorted;	/* members of an object, in their new order */
	struct member	*members;	/* of the open objects */
	size_t		 nmembers;
	size_t		 size;
};

static int	 sort_value(struct sorter *);

size_t
form_string_len(struct scan_span text)
{
	const char	*p = text.p, *end = text.p + text.len;
	size_t		 backslashes;

	do {
		p = memchr(p + 1, '"', end - p - 1);
		for (backslashes = 0; p[-1] == '\\'; p--)
			backslashes++;
		p += backslashes;
	} while (backslashes % 2 != 0);
	return (p - text.p + 1);
}

int
form_is_space(char c)
{
	return (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

/* The length of the string at the front of the text, or of one octet. */
static size_t
token_len(struct scan_span text)
{
	return (*text.p == '"' ? form_string_len(text) : 1);
}

/* The length of the value with which scanned text begins. */
static size_t
value_len(struct scan_span text)
{
	struct scan_span	 rest = text;
	size_t			 n;
	int			 depth = 0;

	do {
		n = 1;
		if (*rest.p == '"')
			n = form_string_len(rest);
		else if (*rest.p == '{' || *rest.p == '[')
			depth++;
		else if (*rest.p == '}' || *rest.p == ']')
			depth--;
		rest.p += n;
		rest.len -= n;
	} while (depth > 0 || (*text.p != '"' && *text.p != '{' &&
	    *text.p != '[' && *rest.p != ',' && *rest.p != ']' &&
	    !form_is_space(*rest.p)));
	return ((size_t)(rest.p - text.p));
}

int
form_next(struct scan_span *rest, struct scan_span *value)
{
	while (form_is_space(*rest->p) || *rest->p == ',') {
		rest->p++;
		rest->len--;
	}
	if (*rest->p == ']')
		return (0);
	value->p = rest->p;
	value->len = value_len(*rest);
	rest->p += value->len;
	rest->len -= value->len;
	return (1);
}

size_t
form_compact(struct scan_span text, char *dst)
{
	char	*start = dst;
	size_t	 n;

	for (; text.len > 0; text.p += n, text.len -= n) {
		n = token_len(text);
		if (form_is_space(*text.p))
			continue;
		memcpy(dst, text.p, n);
		dst += n;
	}
	return (dst - start);
}

size_t
form_spaced(struct scan_span compact, char *dst)
{
	char	*start = dst;
	size_t	 n;

	for (; compact.len > 0; compact.p += n, compact.len -= n) {
		n = token_len(compact);
		memcpy(dst, compact.p, n);
		dst += n;
		if (*compact.p == ',' || *compact.p == ':')
			*dst++ = ' ';
	}
	return (dst - start);
}

static int
compare_names(const void *va, const void *vb)
{
	return (scan_compare(&((const struct member *)va)->name,
	    &((const struct member *)vb)->name));
}

static int
push_member(struct sorter *s, const struct member *m)
{
	struct member	*members;
	size_t		 size;

	if (s->nmembers == s->size) {
		size = s->size == 0 ? MEMBERS_FIRST : s->size * 2;
		members = reallocarray(s->members, size, sizeof(*members));
		if (members == NULL)
			return (-1);
		s->members = members;
		s->size = size;
	}
	s->members[s->nmembers++] = *m;
	return (0);
}

/* The length of the string that is to be read next. */
static size_t
next_len(const struct sorter *s)
{
	struct scan_span	 rest = { s->p, s->end - s->p };

	return (form_string_len(rest));
}

static int
sort_member(struct sorter *s)
{
	struct scan_span	 quoted = { s->p, next_len(s) };
	struct member		 m;
	char			*name = s->names + (s->p - s->text);

	m.text = s->p;
	m.name.p = name;
	m.name.len = scan_unescape(quoted, name);
	s->p += quoted.len + 1;		/* and the colon */
	if (sort_value(s) == -1)
		return (-1);
	m.len = s->p - m.text;
	return (push_member(s, &m));
}

/* Writes members in their order to the place where they lay. */
static void
put_members(struct sorter *s, const struct member *m, size_t n, char *dst)
{
	size_t	 i, len = 0;

	for (i = 0; i < n; i++) {
		if (i > 0)
			s->sorted[len++] = ',';
		memcpy(s->sorted + len, m[i].text, m[i].len);
		len += m[i].len;
	}
	memcpy(dst, s->sorted, len);
}

/*
 * What lies within the object is sorted first, which leaves its length as it
 * was; so the members can then change places.
 */
static int
sort_object(struct sorter *s)
{
	size_t	 base = s->nmembers, n;
	char	*start;

	start = ++s->p;
	if (*s->p == '}') {
		s->p++;
		return (0);
	}
	do {
		if (sort_member(s) == -1)
			return (-1);
	} while (*s->p++ == ',');
	n = s->nmembers - base;
	if (mergesort(s->members + base, n, sizeof(*s->members),
	    compare_names) == -1)
		return (-1);
	put_members(s, s->members + base, n, start);
	s->nmembers = base;
	return (0);
}

static int
sort_array(struct sorter *s)
{
	s->p++;
	if (*s->p == ']') {
		s->p++;
		return (0);
	}
	do {
		if (sort_value(s) == -1)
			return (-1);
	} while (*s->p++ == ',');
	return (0);
}

/* The scanner has bounded the depth. */
static int
sort_value(struct sorter *s)
{
	switch (*s->p) {
	case '{':
		return (sort_object(s));
	case '[':
		return (sort_array(s));
	case '"':
		s->p += next_len(s);
		return (0);
	default:
		while (*s->p != ',' && *s->p != ']' && *s->p != '}')
			s->p++;
		return (0);
	}
}

int
form_sort(char *text, size_t len)
{
	struct sorter	 s = { .text = text, .end = text + len,
	    .p = text };
	int		 r;

	if ((s.names = reallocarray(NULL, len, 2)) == NULL)
		return (-1);
	s.sorted = s.names + len;
	r = sort_value(&s);
	free(s.members);
	free(s.names);
	return (r);
}
