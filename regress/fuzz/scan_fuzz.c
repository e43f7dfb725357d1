/*
 * The scanner: extents lie in the text and scan again as what they were said to
 * be, members are found by their unescaped names, and no object is one without
 * its last octet.
 */

/* link: lib/scan.o lib/scan_names.o lib/scan_whole.o lib/utf8.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"
#include "utf8.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char	*text;
static size_t		 textlen;

static void
inside(struct scan_span s)
{
	if (s.p < text || s.len > textlen ||
	    (size_t)(s.p - text) > textlen - s.len)
		abort();
}

/* Returns the string, NUL-terminated, and its length. */
static char *
unescape(struct scan_span value, size_t *len)
{
	uint8_t	 state = 0;
	char	*s;

	if ((s = malloc(value.len)) == NULL)
		abort();
	*len = scan_unescape(value, s);
	if (*len > value.len - 2)
		abort();
	if (utf8_check(&state, s, *len) == -1 || state != 0)
		abort();
	s[*len] = '\0';
	return (s);
}

static void
judge_name(const struct scan *s, const struct scan_member *m)
{
	struct scan_span	 quoted = { m->name.p - 1, m->name.len + 2 };
	size_t			 len;
	char			*name;

	inside(quoted);
	if (quoted.p[0] != '"' || quoted.p[quoted.len - 1] != '"')
		abort();
	name = unescape(quoted, &len);
	if (strlen(name) == len && scan_find(s, m->parent, name) != m)
		abort();
	free(name);
}

static void
judge_value(const struct scan *s, const struct scan_member *m)
{
	struct scan	 again;
	enum scan_type	 type;
	size_t		 len;

	inside(m->value);
	if (scan_value(&again, m->value.p, m->value.len, SCAN_DEPTH - 1,
	    &type) == -1 || type != m->type)
		abort();
	if (type == SCAN_STRING)
		free(unescape(m->value, &len));
	if (m->parent != -1 && (m->parent >= m - s->members ||
	    s->members[m->parent].type != SCAN_OBJECT))
		abort();
}

static void
judge_object(const struct scan *s)
{
	struct scan	 again;
	size_t		 len = textlen;
	int		 i;

	for (i = 0; i < s->nmembers; i++) {
		judge_name(s, &s->members[i]);
		judge_value(s, &s->members[i]);
	}
	while (text[len - 1] != '}')
		len--;
	if (scan_object(&again, text, len, SCAN_DEPTH) == -1 ||
	    scan_object(&again, text, len - 1, SCAN_DEPTH) == 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scan	 s;
	enum scan_type		 type;
	int			 r;

	text = (const char *)data;
	textlen = size;
	r = scan_value(&s, text, size, SCAN_DEPTH, &type);
	if ((r == -1 || type != SCAN_OBJECT) && s.nmembers != 0)
		abort();
	if ((scan_object(&s, text, size, SCAN_DEPTH) == 0) !=
	    (r == 0 && type == SCAN_OBJECT))
		abort();
	if (r == 0 && type == SCAN_OBJECT)
		judge_object(&s);
	return (0);
}
