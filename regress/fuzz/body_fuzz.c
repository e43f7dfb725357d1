/*
 * Bodies of requests: however the input is cut, the same octets come out and
 * the same octet is the last.  The first octet chooses length or chunks and
 * the cuts.
 */

/* link: olaf-front/body.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "body.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct transcript {
	struct body		 body;
	uint8_t			*out;
	size_t			 nout;
	size_t			 used;
	enum body_event_type	 end;
	int			 status;
};

static void
take_data(struct transcript *t, const struct body_event *ev, const uint8_t *p,
    size_t len)
{
	if (ev->len == 0 || ev->data < p || ev->data + ev->len > p + len)
		abort();
	memcpy(t->out + t->nout, ev->data, ev->len);
	t->nout += ev->len;
}

/* Reads a piece in memory of the exact size. */
static void
read_piece(struct transcript *t, const uint8_t *in, size_t len)
{
	struct body_event	 ev;
	uint8_t			*buf;
	size_t			 pos = 0, n;

	if ((buf = malloc(len)) == NULL)
		abort();
	memcpy(buf, in, len);
	do {
		n = body_read(&t->body, buf + pos, len - pos, &ev);
		if (n > len - pos)
			abort();
		pos += n;
		if (ev.type == BODY_EV_DATA)
			take_data(t, &ev, buf, len);
	} while (ev.type == BODY_EV_DATA);
	if (ev.type == BODY_EV_NONE && pos != len)
		abort();
	if (ev.type == BODY_EV_ERROR && ev.status != 400 && ev.status != 431)
		abort();
	t->end = ev.type;
	t->status = ev.status;
	t->used += pos;
	free(buf);
}

/* The pieces have 1 to max octets, by a generator that seed starts. */
static void
read_pieces(struct transcript *t, const uint8_t *in, size_t len, size_t max,
    uint32_t seed)
{
	size_t	 n;

	memset(t, 0, sizeof(*t));
	if ((t->out = malloc(len + 1)) == NULL)
		abort();
	body_init(&t->body, seed & 1, seed >> 1 & 63);
	for (; len > 0 && t->end == BODY_EV_NONE; in += n, len -= n) {
		seed = seed * 1664525 + 1013904223;
		n = 1 + (seed >> 16) % max;
		if (n > len)
			n = len;
		read_piece(t, in, n);
	}
}

static void
same(const struct transcript *a, const struct transcript *b)
{
	if (a->nout != b->nout || memcmp(a->out, b->out, a->nout) != 0 ||
	    a->end != b->end || a->status != b->status || a->used != b->used)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript	 whole, single, pieces;

	if (size < 2)
		return (0);
	memset(&whole, 0, sizeof(whole));
	if ((whole.out = malloc(size)) == NULL)
		abort();
	body_init(&whole.body, data[0] & 1, data[0] >> 1 & 63);
	read_piece(&whole, data + 1, size - 1);
	read_pieces(&single, data + 1, size - 1, 1, data[0]);
	read_pieces(&pieces, data + 1, size - 1, 2 + data[0] / 4, data[0]);
	same(&whole, &single);
	same(&whole, &pieces);
	free(whole.out);
	free(single.out);
	free(pieces.out);
	return (0);
}
