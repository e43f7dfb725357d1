/*
 * Forms in parts: however the input is cut, the same comes out.  Of the first
 * octets one chooses the cuts and one the boundary; up to the line's end there
 * is a value of Content-Type, the rest is the form.
 */

/* link: olaf-front/multipart.o olaf-front/part.o lib/param.o lib/utf8.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "multipart.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char	*const boundaries[] = {
	"b", "--", "-b--b", "----WebKitFormBoundary7MA4YWxkTrZu0gW"
};

/* What was read: content as it is, all else with lengths. */
struct transcript {
	struct multipart	 m;
	uint8_t			*out;
	size_t			 nout;
	size_t			 size;
	size_t			 ncontent;
	int			 inside;	/* of a part */
	int			 ended;
	int			 status;
};

static void
put(struct transcript *t, const void *p, size_t len)
{
	if (t->nout + len > t->size) {
		t->size = 2 * (t->nout + len);
		if ((t->out = realloc(t->out, t->size)) == NULL)
			abort();
	}
	if (len > 0)
		memcpy(t->out + t->nout, p, len);
	t->nout += len;
}

static void
put_span(struct transcript *t, struct http_span s)
{
	const char	*head = t->m.head;

	if (s.len > 0 && (s.p < head || s.p + s.len > head + t->m.nhead))
		abort();
	put(t, &s.len, sizeof(s.len));
	put(t, s.p, s.len);
}

static void
take_part(struct transcript *t)
{
	if (t->inside || t->ended)
		abort();
	t->inside = 1;
	put(t, "(", 1);
	put_span(t, t->m.part.name);
	put_span(t, t->m.part.filename);
	put_span(t, t->m.part.type);
	if (t->m.part.type.len > PART_TYPE_MAX ||
	    (t->m.part.filename.len > 0 && !t->m.part.has_filename))
		abort();
	put(t, t->m.part.has_filename ? "f" : "-", 1);
}

static void
take_event(struct transcript *t, const struct multipart_event *ev)
{
	switch (ev->type) {
	case MULTIPART_EV_NONE:
		break;
	case MULTIPART_EV_PART:
		take_part(t);
		break;
	case MULTIPART_EV_DATA:
		if (!t->inside || ev->len == 0)
			abort();
		put(t, ev->data, ev->len);
		t->ncontent += ev->len;
		break;
	case MULTIPART_EV_PART_END:
		if (!t->inside)
			abort();
		t->inside = 0;
		put(t, ")", 1);
		break;
	case MULTIPART_EV_END:
		if (t->inside || t->ended)
			abort();
		t->ended = 1;
		put(t, ".", 1);
		break;
	case MULTIPART_EV_ERROR:
		if (ev->status != 400 && ev->status != 431)
			abort();
		t->status = ev->status;
		break;
	default:
		abort();
	}
}

/* Reads a piece in memory of the exact size. */
static void
read_piece(struct transcript *t, const uint8_t *in, size_t len)
{
	struct multipart_event	 ev;
	uint8_t			*buf;
	size_t			 pos = 0, n;
	int			 idle = 0;

	if ((buf = malloc(len)) == NULL)
		abort();
	memcpy(buf, in, len);
	while (pos < len && t->status == 0) {
		n = multipart_read(&t->m, buf + pos, len - pos, &ev);
		if (n > len - pos)
			abort();
		pos += n;
		if (ev.type == MULTIPART_EV_NONE && pos != len)
			abort();
		idle = n == 0 ? idle + 1 : 0;
		if (idle > 2)
			abort();
		take_event(t, &ev);
	}
	free(buf);
}

/* The pieces have 1 to max octets, by a generator that seed starts. */
static void
read_pieces(struct transcript *t, const uint8_t *in, size_t len,
    const char *boundary, size_t max, uint32_t seed)
{
	size_t	 n;

	memset(t, 0, sizeof(*t));
	multipart_init(&t->m, boundary, strlen(boundary));
	for (; len > 0; in += n, len -= n) {
		seed = seed * 1664525 + 1013904223;
		n = max == 0 ? len : 1 + (seed >> 16) % max;
		if (n > len)
			n = len;
		read_piece(t, in, n);
	}
	if (multipart_through(&t->m) != t->ended)
		abort();
}

static void
same(const struct transcript *a, const struct transcript *b)
{
	if (a->nout != b->nout || a->status != b->status ||
	    (a->nout > 0 && memcmp(a->out, b->out, a->nout) != 0))
		abort();
}

static void
judge_boundary(const char *type, size_t len)
{
	char	 boundary[MULTIPART_BOUNDARY_MAX + 1];
	int	 n;

	if ((n = multipart_boundary(type, len, boundary)) == -1)
		return;
	if (n < 1 || n > MULTIPART_BOUNDARY_MAX ||
	    (int)strlen(boundary) != n || boundary[n - 1] == ' ' ||
	    strpbrk(boundary, "\r\n\"\\") != NULL)
		abort();
}

/* A form of this one content, made of what cannot be a delimiter. */
static void
round_trip(const uint8_t *in, size_t len)
{
	static const char	 boundary[] = "0123456789012345678901234567890";
	struct transcript	 t;

	if (memmem(in, len, boundary, 8) != NULL)
		return;
	memset(&t, 0, sizeof(t));
	multipart_init(&t.m, boundary, strlen(boundary));
	read_piece(&t, (const uint8_t *)"--", 2);
	read_piece(&t, (const uint8_t *)boundary, strlen(boundary));
	read_piece(&t, (const uint8_t *)"\r\n\r\n", 4);
	read_piece(&t, in, len);
	read_piece(&t, (const uint8_t *)"\r\n--", 4);
	read_piece(&t, (const uint8_t *)boundary, strlen(boundary));
	read_piece(&t, (const uint8_t *)"--", 2);
	if (!t.ended || t.ncontent != len ||
	    memmem(t.out, t.nout, in, len) == NULL)
		abort();
	free(t.out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript	 whole, single, pieces;
	const uint8_t		*lf, *in, *end = data + size;
	const char		*boundary;

	if (size < 3 || (lf = memchr(data + 2, '\n', size - 2)) == NULL)
		return (0);
	judge_boundary((const char *)data + 2, lf - data - 2);
	boundary = boundaries[data[1] % nitems(boundaries)];
	in = lf + 1;
	read_pieces(&whole, in, end - in, boundary, 0, 0);
	read_pieces(&single, in, end - in, boundary, 1, 0);
	read_pieces(&pieces, in, end - in, boundary, 2 + data[0] / 4, data[0]);
	same(&whole, &single);
	same(&whole, &pieces);
	round_trip(in, end - in);
	free(whole.out);
	free(single.out);
	free(pieces.out);
	return (0);
}
