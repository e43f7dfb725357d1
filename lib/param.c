/*
 * Parameters behind a field's value.
 */

#include "compat.h"

#include <string.h>
#include <strings.h>

#include "octet.h"
#include "param.h"

static void
skip(struct http_span *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

/* Takes what stands before the next semicolon. */
static struct http_span
take_plain(struct http_span *s)
{
	struct http_span	 taken = *s;
	const char		*end = memchr(s->p, ';', s->len);

	if (end != NULL)
		taken.len = end - s->p;
	skip(s, taken.len);
	return (span_trim(taken));
}

/* Takes what stands in quotes.  Returns 0, or -1 if they are not closed. */
static int
take_quoted(struct http_span *s, struct http_span *taken)
{
	size_t	 n;

	for (n = 1; n < s->len && s->p[n] != '"'; n++)
		if (s->p[n] == '\\')
			n++;
	if (n >= s->len)
		return (-1);
	taken->p = s->p + 1;
	taken->len = n - 1;
	skip(s, n + 1);
	return (0);
}

/* Goes to the next parameter, as param_next returns. */
static int
find_next(struct http_span *s)
{
	*s = span_trim(*s);
	if (s->len > 0 && s->p[0] != ';')
		return (-1);
	while (s->len > 0 && (s->p[0] == ';' || octet_is_space(s->p[0])))
		skip(s, 1);
	return (s->len > 0);
}

struct http_span
param_value(struct http_span *field)
{
	return (take_plain(field));
}

int
param_next(struct http_span *field, struct param *p)
{
	int	 r;

	if ((r = find_next(field)) != 1)
		return (r);
	p->name.p = field->p;
	for (p->name.len = 0; field->len > 0 && octet_is_token(field->p[0]);
	    p->name.len++)
		skip(field, 1);
	if (p->name.len == 0 || field->len == 0 || field->p[0] != '=')
		return (-1);
	skip(field, 1);
	p->quoted = field->len > 0 && field->p[0] == '"';
	if (p->quoted)
		return (take_quoted(field, &p->value) == -1 ? -1 : 1);
	p->value = take_plain(field);
	return (1);
}
