/*
 * multipart/form-data.  Content is handed on from where it lies, in pieces as
 * long as they come.  What may become a delimiter is counted, not kept: should
 * it be content after all, the same octets stand in the struct.  A boundary
 * has no CR in it, so after a mismatch there is nothing to go back to, and
 * no input takes more than linear time.
 */

#include "compat.h"

#include <string.h>

#include "multipart.h"
#include "octet.h"
#include "param.h"

#define BAD		400
#define TOO_LARGE	431

enum state {
	OUTSIDE,	/* before the first part; for a moment, between two */
	HEAD,
	CONTENT,
	THROUGH,	/* behind the closing delimiter */
	FAILED
};

/* RFC 2046 5.1.1: bchars */
static int
is_boundary(uint8_t c)
{
	return (octet_is_alphanumeric(c) ||
	    (c != '\0' && strchr("'()+_,-./:=? ", c) != NULL));
}

static int
boundary_valid(const struct param *p)
{
	size_t	 i;

	if (p->value.len == 0 || p->value.len > MULTIPART_BOUNDARY_MAX ||
	    p->value.p[p->value.len - 1] == ' ')
		return (0);
	for (i = 0; i < p->value.len; i++)
		if (!is_boundary(p->value.p[i]) ||
		    (!p->quoted && !octet_is_token(p->value.p[i])))
			return (0);
	return (1);
}

int
multipart_boundary(const char *content_type, size_t len, char *boundary)
{
	struct http_span	 field = { content_type, len };
	struct param		 p;
	int			 n = -1, r;

	if (!span_is_caseless(param_value(&field), "multipart/form-data"))
		return (-1);
	while ((r = param_next(&field, &p)) == 1) {
		if (!span_is_caseless(p.name, "boundary"))
			continue;
		if (n != -1 || !boundary_valid(&p))
			return (-1);
		n = p.value.len;
		memcpy(boundary, p.value.p, n);
		boundary[n] = '\0';
	}
	return (r == 0 ? n : -1);
}

/*
 * A delimiter may stand where a line begins, thus also at the very start of the
 * input or of a part's content: as if a CRLF were read before.
 */
static void
pretend_crlf(struct multipart *m)
{
	m->matched = m->pretended = 2;
}

void
multipart_init(struct multipart *m, const char *boundary, size_t len)
{
	memset(m, 0, sizeof(*m));
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary, len);
	m->ndelimiter = 4 + len;
	pretend_crlf(m);
	m->state = OUTSIDE;
}

static void
fail(struct multipart *m, int status)
{
	m->state = FAILED;
	m->status = status;
}

/* Gives content to the caller; what is outside of the parts is nobody's. */
static void
emit(const struct multipart *m, struct multipart_event *ev, const void *p,
    size_t len)
{
	if (m->state != CONTENT || len == 0)
		return;
	ev->type = MULTIPART_EV_DATA;
	ev->data = p;
	ev->len = len;
}

/* How many octets are content, whatever comes? */
static size_t
content_length(const struct multipart *m, const uint8_t *p, size_t len)
{
	const uint8_t	*cr = p, *end = p + len;
	size_t		 n;

	while ((cr = memchr(cr, '\r', end - cr)) != NULL) {
		n = end - cr;
		if (n > m->ndelimiter)
			n = m->ndelimiter;
		if ((n == 1 || cr[1] == '\n') &&
		    memcmp(cr, m->delimiter, n) == 0)
			return (cr - p);
		cr++;
	}
	return (len);
}

/* What looked like a delimiter is none. */
static void
let_go(struct multipart *m, struct multipart_event *ev)
{
	emit(m, ev, m->delimiter + m->pretended, m->matched - m->pretended);
	m->matched = m->pretended = 0;
}

/* c is the last octet of a delimiter.  Returns whether it is used up. */
static int
delimited(struct multipart *m, uint8_t c, struct multipart_event *ev)
{
	if (m->state == CONTENT) {
		m->state = OUTSIDE;
		ev->type = MULTIPART_EV_PART_END;
		return (0);
	}
	if (c == '-') {
		m->state = THROUGH;
		ev->type = MULTIPART_EV_END;
	} else if (++m->parts > MULTIPART_PARTS_MAX)
		fail(m, BAD);
	else {
		m->state = HEAD;
		m->nhead = 0;
	}
	return (1);
}

/* The octet that was read last behind the boundary, 0 if there is none. */
static uint8_t
last_behind(const struct multipart *m)
{
	return (m->matched > m->ndelimiter ? m->delimiter[m->matched - 1] : 0);
}

/* Can a delimiter that is not whole yet go on with c? */
static int
continues(const struct multipart *m, uint8_t c)
{
	if (m->matched < m->ndelimiter)
		return (c == (uint8_t)m->delimiter[m->matched]);
	switch (last_behind(m)) {
	case 0:
		return (c == '-' || c == '\r' || octet_is_space(c));
	case ' ':
	case '\t':
		return (c == '\r' || octet_is_space(c));
	default:
		return (0);
	}
}

/* Reads an octet that may belong to a delimiter; returns whether it is used up. */
static int
match(struct multipart *m, uint8_t c, struct multipart_event *ev)
{
	uint8_t	 last = last_behind(m);

	if ((last == '-' && c == '-') || (last == '\r' && c == '\n'))
		return (delimited(m, c, ev));
	if (!continues(m, c)) {
		let_go(m, ev);
		return (0);
	}
	if (m->matched == m->ndelimiter + MULTIPART_PADDING_MAX)
		fail(m, BAD);
	else
		m->delimiter[m->matched++] = c;
	return (1);
}

static size_t
read_content(struct multipart *m, const uint8_t *p, size_t len,
    struct multipart_event *ev)
{
	size_t	 n;

	if (m->matched == 0 && (n = content_length(m, p, len)) > 0) {
		emit(m, ev, p, n);
		return (n);
	}
	return (match(m, *p, ev));
}

/* Lines end with CRLF and with nothing else. */
static int
head_octet_valid(const struct multipart *m, uint8_t c)
{
	int	 cr = m->nhead > 0 && m->head[m->nhead - 1] == '\r';

	return (c != '\0' && cr == (c == '\n'));
}

/* Does the head end here, with its empty line? */
static int
head_ends(const struct multipart *m)
{
	if (m->nhead == 2)
		return (m->head[1] == '\n');
	return (m->nhead >= 4 &&
	    memcmp(m->head + m->nhead - 4, "\r\n\r\n", 4) == 0);
}

static void
read_head(struct multipart *m, uint8_t c, struct multipart_event *ev)
{
	if (!head_octet_valid(m, c)) {
		fail(m, BAD);
		return;
	}
	if (m->nhead == sizeof(m->head)) {
		fail(m, TOO_LARGE);
		return;
	}
	m->head[m->nhead++] = c;
	if (!head_ends(m))
		return;
	if (part_read(&m->part, m->head, m->nhead) == -1) {
		fail(m, BAD);
		return;
	}
	m->state = CONTENT;
	pretend_crlf(m);
	ev->type = MULTIPART_EV_PART;
}

static size_t
read_some(struct multipart *m, const uint8_t *p, size_t len,
    struct multipart_event *ev)
{
	switch (m->state) {
	case OUTSIDE:
	case CONTENT:
		return (read_content(m, p, len, ev));
	case HEAD:
		read_head(m, *p, ev);
		return (1);
	case THROUGH:
	default:
		return (len);
	}
}

size_t
multipart_read(struct multipart *m, const uint8_t *p, size_t len,
    struct multipart_event *ev)
{
	size_t	 n = 0;

	memset(ev, 0, sizeof(*ev));
	while (n < len && m->state != FAILED && ev->type == MULTIPART_EV_NONE)
		n += read_some(m, p + n, len - n, ev);
	if (m->state == FAILED) {
		ev->type = MULTIPART_EV_ERROR;
		ev->status = m->status;
	}
	return (n);
}

int
multipart_through(const struct multipart *m)
{
	return (m->state == THROUGH);
}
