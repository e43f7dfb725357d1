/*
 * How a server says what a file is called.  What is read here is foreign, and
 * only filename_clean makes a name of it.
 */

#include "compat.h"

#include <stdint.h>
#include <string.h>

#include "disposition.h"
#include "octet.h"
#include "param.h"
#include "utf8.h"

#define VALUE_MAX	4096	/* octets of a longer field are not read */

/* A name while it is decoded. */
struct text {
	char	 octets[VALUE_MAX];
	size_t	 len;
};

/*
 * Decodes percent signs; one that no two digits follow stands for itself, unless
 * strict.  Returns 0, or -1 if it is too long, or not what strict demands.
 */
static int
decode_percent(struct http_span in, int strict, struct text *out)
{
	size_t	 i;
	int	 high, low;

	out->len = 0;
	if (in.len > sizeof(out->octets))
		return (-1);
	for (i = 0; i < in.len; i++) {
		if (in.p[i] == '%' && in.len - i >= 3 &&
		    (high = octet_hex(in.p[i + 1])) != -1 &&
		    (low = octet_hex(in.p[i + 2])) != -1) {
			out->octets[out->len++] = (char)(high << 4 | low);
			i += 2;
		} else if (in.p[i] == '%' && strict)
			return (-1);
		else
			out->octets[out->len++] = in.p[i];
	}
	return (0);
}

static int
is_utf8(const struct text *t)
{
	uint8_t	 state = 0;

	return (utf8_check(&state, t->octets, t->len) == 0 && state == 0);
}

/*
 * Decodes an extended value, charset'language'text (RFC 8187 3.2).  Returns 0,
 * or -1 if it is not one in UTF-8.
 */
static int
decode_extended(const struct param *p, struct text *out)
{
	struct http_span	 charset = p->value, text;
	const char		*quote, *end = p->value.p + p->value.len;

	if (p->quoted ||
	    (quote = memchr(charset.p, '\'', charset.len)) == NULL)
		return (-1);
	charset.len = quote - charset.p;
	if (!span_is_caseless(charset, "UTF-8") ||
	    (quote = memchr(quote + 1, '\'', end - quote - 1)) == NULL)
		return (-1);
	text.p = quote + 1;
	text.len = end - text.p;
	return (decode_percent(text, 1, out) == -1 || !is_utf8(out) ? -1 : 0);
}

/*
 * Decodes a plain value.  A backslash quotes only quotes and backslashes: some
 * servers send paths of systems where it does not quote.
 */
static int
decode_plain(const struct param *p, struct text *out)
{
	struct http_span	 in = p->value;
	size_t			 i;

	out->len = 0;
	if (in.len > sizeof(out->octets))
		return (-1);
	for (i = 0; i < in.len; i++) {
		if (p->quoted && in.p[i] == '\\' && i + 1 < in.len &&
		    (in.p[i + 1] == '"' || in.p[i + 1] == '\\'))
			i++;
		out->octets[out->len++] = in.p[i];
	}
	return (0);
}

static int
is_word(struct http_span s)
{
	size_t	 i;

	for (i = 0; i < s.len; i++)
		if (!octet_is_token(s.p[i]))
			return (0);
	return (s.len > 0);
}

/*
 * A value with white space before its quotes, as an example of RFC 6266 has it,
 * is read too, if that is easy; other quotes in a value without them are not.
 */
static int
settle_quotes(struct param *p)
{
	struct http_span	*v = &p->value;

	if (p->quoted || memchr(v->p, '"', v->len) == NULL)
		return (0);
	if (v->len < 2 || v->p[0] != '"' || v->p[v->len - 1] != '"')
		return (-1);
	v->p++;
	v->len -= 2;
	p->quoted = 1;
	return (memchr(v->p, '"', v->len) != NULL ||
	    memchr(v->p, '\\', v->len) != NULL ? -1 : 0);
}

/* Finds both forms; what is said twice is refused. */
static int
find_names(struct http_span field, struct param *plain, struct param *extended)
{
	struct param	 p, *to;
	int		 r;

	plain->value.p = extended->value.p = NULL;
	if (!is_word(param_value(&field)))
		return (-1);
	while ((r = param_next(&field, &p)) == 1) {
		if (span_is_caseless(p.name, "filename"))
			to = plain;
		else if (span_is_caseless(p.name, "filename*"))
			to = extended;
		else
			continue;
		if (to->value.p != NULL || settle_quotes(&p) == -1)
			return (-1);
		*to = p;
	}
	return (r);
}

static int
keep(const struct text *t, char name[FILENAME_SIZE])
{
	if (t->len == 0)
		return (-1);
	filename_clean(name, t->octets, t->len);
	return (0);
}

int
disposition_read(const char *value, size_t len, char name[FILENAME_SIZE])
{
	struct http_span	 field = { value, len };
	struct param		 plain, extended;
	struct text		 text;

	if (find_names(field, &plain, &extended) == -1)
		return (-1);
	if (extended.value.p != NULL && decode_extended(&extended, &text) == 0)
		return (keep(&text, name));
	if (plain.value.p != NULL && decode_plain(&plain, &text) == 0)
		return (keep(&text, name));
	return (-1);
}

int
disposition_of_url(const char *url, char name[FILENAME_SIZE])
{
	struct http_span	 last;
	struct text		 text;
	const char		*p;

	if ((p = strstr(url, "://")) != NULL)
		url = p + 3;
	last.len = strcspn(url, "?#");
	if ((p = memrchr(url, '/', last.len)) == NULL)
		return (-1);
	last.len -= p + 1 - url;
	last.p = p + 1;
	if (decode_percent(last, 0, &text) == -1)
		return (-1);
	return (keep(&text, name));
}
