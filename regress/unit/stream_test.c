/*
 * The shared stream: every reader gets every octet once, in order, and what
 * all have read is freed.
 */

/* link: olaf-front/stream.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"
#include "test.h"

#define READERS	8
#define FRAMES	4000

struct reader {
	struct stream_pos	 pos;
	uint32_t		 next;		/* the frame that must come next */
	size_t			 have;		/* octets of a frame cut in two */
	uint8_t			 part[4096];
};

static uint32_t	seed = 42;

static uint32_t
chance(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return ((seed >> 8) % n);
}

/* A frame: its number, its length, then octets made of both. */
static size_t
frame_make(uint8_t *buf, uint32_t number)
{
	size_t	len = 8 + (number * 2654435761U) % 3000, i;
	uint32_t len32 = (uint32_t)len;

	memcpy(buf, &number, 4);
	memcpy(buf + 4, &len32, 4);
	for (i = 8; i < len; i++)
		buf[i] = (uint8_t)(number + i);
	return (len);
}

static void
append(uint32_t number)
{
	uint8_t	buf[4096];
	size_t	len = frame_make(buf, number);

	CHECK(stream_append(buf, 5, buf + 5, len - 5) == 0);
}

/* Compares what was read with the frames that were due. */
static void
reader_take(struct reader *r, const uint8_t *p, size_t n)
{
	uint8_t	due[4096];
	size_t	len, k;

	while (n > 0) {
		len = frame_make(due, r->next);
		k = len - r->have < n ? len - r->have : n;
		CHECK(memcmp(due + r->have, p, k) == 0);
		r->have += k;
		p += k;
		n -= k;
		if (r->have == len) {
			r->have = 0;
			r->next++;
		}
	}
}

static int
reader_read(struct reader *r, size_t most)
{
	const uint8_t	*p;
	size_t		 n;

	if ((n = stream_peek(&r->pos, UINT64_MAX, &p)) == 0)
		return (0);
	if (n > most)
		n = most;
	reader_take(r, p, n);
	stream_advance(&r->pos, n);
	return (1);
}

static void
test_readers(void)
{
	static struct reader	r[READERS];
	uint32_t		i, k;

	for (k = 0; k < READERS; k++)
		CHECK(stream_join(&r[k].pos) == 0);
	for (i = 0; i < FRAMES; i++) {
		append(i);
		for (k = 0; k < READERS; k++)
			if (chance(k + 1) == 0)
				reader_read(&r[k], 1 + chance(20000));
	}
	for (k = 0; k < READERS; k++) {
		while (reader_read(&r[k], 1 + chance(100000)))
			;
		CHECK(r[k].next == FRAMES && r[k].have == 0);
		CHECK(r[k].pos.at == stream_end());
		stream_leave(&r[k].pos);
	}
}

/*
 * One block stays when nobody is behind; a slow reader holds all since its
 * place.
 */
static void
test_memory(void)
{
	struct reader	slow = { .next = 0 };
	size_t		one;
	uint32_t	i;

	append(0);
	one = stream_memory();
	for (i = 0; i < FRAMES; i++)
		append(i);
	CHECK(stream_memory() <= 2 * one);
	CHECK(stream_join(&slow.pos) == 0);
	for (i = 0; i < FRAMES; i++)
		append(i);
	CHECK(stream_memory() > 4 * one);
	while (reader_read(&slow, SIZE_MAX))
		;
	CHECK(slow.next == FRAMES);
	append(FRAMES);
	CHECK(stream_memory() <= 2 * one);
	stream_leave(&slow.pos);
}

/* Leaving without reading frees too. */
static void
test_leave(void)
{
	struct stream_pos	pos;
	uint32_t		i;
	size_t			full;

	CHECK(stream_join(&pos) == 0);
	for (i = 0; i < FRAMES; i++)
		append(i);
	full = stream_memory();
	stream_leave(&pos);
	CHECK(stream_memory() < full / 4);
	stream_leave(&pos);		/* twice is fine */
}

/* The boundary is the end of the frame that a reader is within. */
static void
test_boundary(void)
{
	struct stream_pos	 pos;
	uint64_t		 ends[300], at;
	const uint8_t		*p;
	uint32_t		 i;
	size_t			 n;

	CHECK(stream_join(&pos) == 0);
	CHECK(stream_boundary(&pos) == pos.at);
	for (i = 0; i < nitems(ends); i++) {
		append(i);
		ends[i] = stream_end();
	}
	CHECK(stream_boundary(&pos) == pos.at);
	for (i = 0, at = pos.at; i < nitems(ends); i++) {
		while (pos.at < ends[i]) {
			CHECK(stream_boundary(&pos) ==
			    (pos.at == at ? at : ends[i]));
			n = stream_peek(&pos, ends[i], &p);
			CHECK(n > 0);
			stream_advance(&pos, 1 + chance((uint32_t)n));
		}
		at = ends[i];
		CHECK(pos.at == at);
	}
	stream_leave(&pos);
}

/* A frame far longer than a block. */
static void
test_large(void)
{
	struct stream_pos	 pos;
	const uint8_t		*p;
	uint8_t			*big;
	size_t			 size = 3 * 1024 * 1024, got = 0, n, i;

	if ((big = malloc(size)) == NULL)
		return;
	for (i = 0; i < size; i++)
		big[i] = (uint8_t)(i * 7);
	CHECK(stream_join(&pos) == 0);
	CHECK(stream_append("h", 1, big, size) == 0);
	stream_advance(&pos, 1);
	CHECK(stream_boundary(&pos) == stream_end());
	while ((n = stream_peek(&pos, UINT64_MAX, &p)) > 0) {
		CHECK(memcmp(p, big + got, n) == 0);
		got += n;
		stream_advance(&pos, n);
	}
	CHECK(got == size);
	stream_leave(&pos);
	free(big);
}

int
main(void)
{
	RUN(test_readers);
	RUN(test_memory);
	RUN(test_leave);
	RUN(test_boundary);
	RUN(test_large);
	return (test_done());
}
