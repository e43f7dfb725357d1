/*
 * The head of a part of a form.  RFC 7578 4.2 leaves open how a name is written
 * that needs quoting, so clients differ: some put a backslash before quotes
 * and backslashes, browsers write quotes and line ends (these three, and no
 * percent sign) in hexadecimal, some send the extended form of RFC 8187, that
 * RFC 7578 forbids, and old ones a path with backslashes that quote nothing.
 * All of them are understood.
 */

#include "compat.h"

#include <stdint.h>
#include <string.h>

#include "octet.h"
#include "param.h"
#include "part.h"
#include "utf8.h"

/* The parameters that matter; an extended one follows its plain one. */
enum {
	NAME,
	NAME_EXTENDED,
	FILENAME,
	FILENAME_EXTENDED,
	PARAMS
};

static const char	*const param_names[PARAMS] = {
	"name",
	"name*",
	"filename",
	"filename*"
};

struct reader {
	struct part	*part;
	char		*head;
	int		 has_disposition;
	int		 has_type;
	struct param	 params[PARAMS];	/* value.p is NULL: absent */
};

/* The same place, to be written to. */
static char *
writable(const struct reader *rd, const char *p)
{
	return (rd->head + (p - rd->head));
}

/* Is this octet and the next an escape in a quoted string? */
static int
is_escape(const char *p, size_t len)
{
	return (len >= 2 && p[0] == '\\' && (p[1] == '"' || p[1] == '\\'));
}

/* The octet that browsers write as these three, or -1. */
static int
percent_octet(const char *p, size_t len)
{
	if (len < 3)
		return (-1);
	if (memcmp(p, "%22", 3) == 0)
		return ('"');
	if (memcmp(p, "%0D", 3) == 0)
		return ('\r');
	return (memcmp(p, "%0A", 3) == 0 ? '\n' : -1);
}

/* Decodes a quoted string in place.  Returns it. */
static struct http_span
decode_quoted(const struct reader *rd, struct http_span in)
{
	struct http_span	 out = { in.p, 0 };
	char			*to = writable(rd, in.p);
	size_t			 i, n;
	int			 c;

	for (i = 0; i < in.len; i += n) {
		n = 1;
		if ((c = percent_octet(in.p + i, in.len - i)) != -1)
			n = 3;
		else if (is_escape(in.p + i, in.len - i)) {
			n = 2;
			c = in.p[i + 1];
		} else
			c = in.p[i];
		to[out.len++] = c;
	}
	return (out);
}

/*
 * Decodes percent signs in place.  Returns 0, or -1 if two hexadecimal digits
 * do not follow one.
 */
static int
decode_percent(const struct reader *rd, struct http_span *s)
{
	char	*to = writable(rd, s->p);
	size_t	 i, n = 0;
	int	 high, low;

	for (i = 0; i < s->len; i++) {
		if (s->p[i] != '%') {
			to[n++] = s->p[i];
			continue;
		}
		if (s->len - i < 3 || (high = octet_hex(s->p[i + 1])) == -1 ||
		    (low = octet_hex(s->p[i + 2])) == -1)
			return (-1);
		to[n++] = high << 4 | low;
		i += 2;
	}
	s->len = n;
	return (0);
}

/*
 * Decodes an extended value, charset'language'text, in place (RFC 8187 3.2).
 * Returns 0, or -1 if it is not one in UTF-8.
 */
static int
decode_extended(const struct reader *rd, struct http_span *s)
{
	struct http_span	 charset;
	const char		*quote, *text, *end = s->p + s->len;
	uint8_t			 utf8 = 0;

	if ((quote = memchr(s->p, '\'', s->len)) == NULL ||
	    (text = memchr(quote + 1, '\'', end - quote - 1)) == NULL)
		return (-1);
	charset.p = s->p;
	charset.len = quote - s->p;
	if (!span_is_caseless(charset, "UTF-8"))
		return (-1);
	s->p = text + 1;
	s->len = end - s->p;
	if (decode_percent(rd, s) == -1 ||
	    utf8_check(&utf8, s->p, s->len) == -1)
		return (-1);
	return (utf8 == 0 ? 0 : -1);
}

/*
 * Finds what a plain parameter and its extended one say together: the latter,
 * if it can be understood.  Returns whether one of them is there.
 */
static int
settle(const struct reader *rd, int plain, struct http_span *out)
{
	const struct param	*p = &rd->params[plain];
	struct http_span	 extended = rd->params[plain + 1].value;

	if (extended.p != NULL && decode_extended(rd, &extended) == 0)
		*out = extended;
	else if (p->value.p != NULL)
		*out = p->quoted ? decode_quoted(rd, p->value) : p->value;
	return (extended.p != NULL || p->value.p != NULL);
}

/* What is said twice is refused: another reader might take the other one. */
static int
keep_param(struct reader *rd, const struct param *p)
{
	int	 i;

	for (i = 0; i < PARAMS; i++)
		if (span_is_caseless(p->name, param_names[i])) {
			if (rd->params[i].value.p != NULL)
				return (-1);
			rd->params[i] = *p;
		}
	return (0);
}

static int
read_disposition(struct reader *rd, struct http_span field)
{
	struct param	 p;
	int		 form, r;

	if (rd->has_disposition)
		return (-1);
	rd->has_disposition = 1;
	form = span_is_caseless(param_value(&field), "form-data");
	while ((r = param_next(&field, &p)) == 1)
		if (keep_param(rd, &p) == -1)
			return (-1);
	if (r == -1 || !form)
		return (r);
	settle(rd, NAME, &rd->part->name);
	rd->part->has_filename = settle(rd, FILENAME, &rd->part->filename);
	return (0);
}

static int
read_type(struct reader *rd, struct http_span field)
{
	size_t	 i;

	if (rd->has_type)
		return (-1);
	rd->has_type = 1;
	if (field.len > PART_TYPE_MAX)
		return (0);
	for (i = 0; i < field.len; i++)
		if (field.p[i] < ' ' || field.p[i] > '~')
			return (0);
	rd->part->type = field;
	return (0);
}

static int
read_field(struct reader *rd, struct http_span line)
{
	struct http_span	 name = line, value;

	for (name.len = 0; name.len < line.len &&
	    octet_is_token(line.p[name.len]); name.len++)
		;
	if (name.len == 0 || name.len == line.len || line.p[name.len] != ':')
		return (-1);
	value.p = line.p + name.len + 1;
	value.len = line.len - name.len - 1;
	value = span_trim(value);
	if (span_is_caseless(name, "Content-Disposition"))
		return (read_disposition(rd, value));
	if (span_is_caseless(name, "Content-Type"))
		return (read_type(rd, value));
	return (0);
}

/* RFC 2045 knows folded lines (RFC 5322 2.2.3): makes them one. */
static void
unfold(char *head, size_t len)
{
	size_t	 i;

	for (i = 0; i + 2 < len; i++)
		if (head[i] == '\r' && head[i + 1] == '\n' &&
		    octet_is_space(head[i + 2]))
			head[i] = head[i + 1] = ' ';
}

int
part_read(struct part *part, char *head, size_t len)
{
	struct reader		 rd;
	struct http_span	 line = { head, 0 };
	const char		*end = head + len, *crlf;

	memset(part, 0, sizeof(*part));
	part->name.p = part->filename.p = part->type.p = "";
	memset(&rd, 0, sizeof(rd));
	rd.part = part;
	rd.head = head;
	unfold(head, len);
	for (; line.p < end; line.p = crlf + 2) {
		crlf = memmem(line.p, end - line.p, "\r\n", 2);
		if (crlf == NULL)
			return (-1);
		line.len = crlf - line.p;
		if (line.len == 0)
			break;
		if (read_field(&rd, line) == -1)
			return (-1);
	}
	return (0);
}
