/*
 * The shared stream: a list of blocks, each with the ends of the frames in it.
 */

#include "compat.h"

#include <sys/queue.h>

#include <stdlib.h>
#include <string.h>

#include "stream.h"

#define BLOCK_SIZE	(256 * 1024)

struct stream_block {
	TAILQ_ENTRY(stream_block)	 entry;
	uint64_t			 start;		/* of its first octet */
	size_t				 len;
	unsigned int			 readers;	/* with their place in it */
	int				 between;	/* it begins between two frames */
	uint32_t			*ends;		/* of frames, from start */
	size_t				 nends, maxends;
	uint8_t				 data[BLOCK_SIZE];
};
TAILQ_HEAD(stream_blocks, stream_block);

static struct stream_blocks	 blocks = TAILQ_HEAD_INITIALIZER(blocks);
static size_t			 nblocks;

static struct stream_block *
block_new(void)
{
	struct stream_block	*b, *last = TAILQ_LAST(&blocks, stream_blocks);

	if ((b = malloc(sizeof(*b))) == NULL)
		return (NULL);
	b->start = last != NULL ? last->start + last->len : 0;
	b->len = 0;
	b->readers = 0;
	b->between = last == NULL || (last->nends > 0 &&
	    last->ends[last->nends - 1] == last->len);
	b->ends = NULL;
	b->nends = b->maxends = 0;
	TAILQ_INSERT_TAIL(&blocks, b, entry);
	nblocks++;
	return (b);
}

static void
block_free(struct stream_block *b)
{
	TAILQ_REMOVE(&blocks, b, entry);
	nblocks--;
	free(b->ends);
	free(b);
}

/* Frees what lies behind the last reader; the newest block stays. */
static void
stream_trim(void)
{
	struct stream_block	*b;

	while ((b = TAILQ_FIRST(&blocks)) != NULL && b->readers == 0 &&
	    TAILQ_NEXT(b, entry) != NULL)
		block_free(b);
}

/* Takes the blocks after b away again, and what was added to b. */
static void
stream_undo(struct stream_block *b, size_t len)
{
	struct stream_block	*last;

	while ((last = TAILQ_LAST(&blocks, stream_blocks)) != b)
		block_free(last);
	if (b != NULL)
		b->len = len;
}

static int
stream_copy(const void *data, size_t len)
{
	struct stream_block	*b = TAILQ_LAST(&blocks, stream_blocks);
	const uint8_t		*p = data;
	size_t			 n;

	while (len > 0) {
		if ((b == NULL || b->len == BLOCK_SIZE) &&
		    (b = block_new()) == NULL)
			return (-1);
		n = BLOCK_SIZE - b->len;
		if (n > len)
			n = len;
		memcpy(b->data + b->len, p, n);
		b->len += n;
		p += n;
		len -= n;
	}
	return (0);
}

static int
stream_mark(void)
{
	struct stream_block	*b = TAILQ_LAST(&blocks, stream_blocks);
	uint32_t		*ends;
	size_t			 max;

	if (b->nends == b->maxends) {
		max = b->maxends == 0 ? 64 : b->maxends * 2;
		if ((ends = reallocarray(b->ends, max, sizeof(*ends))) == NULL)
			return (-1);
		b->ends = ends;
		b->maxends = max;
	}
	b->ends[b->nends++] = (uint32_t)b->len;
	return (0);
}

int
stream_append(const void *head, size_t headlen, const void *body,
    size_t bodylen)
{
	struct stream_block	*b = TAILQ_LAST(&blocks, stream_blocks);
	size_t			 len = b != NULL ? b->len : 0;

	if (stream_copy(head, headlen) == -1 ||
	    stream_copy(body, bodylen) == -1 || stream_mark() == -1) {
		stream_undo(b, len);
		return (-1);
	}
	stream_trim();
	return (0);
}

uint64_t
stream_end(void)
{
	struct stream_block	*b = TAILQ_LAST(&blocks, stream_blocks);

	return (b != NULL ? b->start + b->len : 0);
}

int
stream_join(struct stream_pos *pos)
{
	struct stream_block	*b = TAILQ_LAST(&blocks, stream_blocks);

	if (b == NULL && (b = block_new()) == NULL)
		return (-1);
	b->readers++;
	pos->block = b;
	pos->at = b->start + b->len;
	return (0);
}

void
stream_leave(struct stream_pos *pos)
{
	if (pos->block == NULL)
		return;
	pos->block->readers--;
	pos->block = NULL;
	stream_trim();
}

/*
 * To the block in which the reader's place is; a skip may have led over
 * several.
 */
static void
stream_settle(struct stream_pos *pos)
{
	struct stream_block	*b = pos->block, *next;

	while (pos->at >= b->start + b->len &&
	    (next = TAILQ_NEXT(b, entry)) != NULL) {
		b->readers--;
		next->readers++;
		pos->block = b = next;
	}
	stream_trim();
}

size_t
stream_peek(struct stream_pos *pos, uint64_t limit, const uint8_t **p)
{
	struct stream_block	*b;
	uint64_t		 end;

	if (pos->block == NULL)
		return (0);
	stream_settle(pos);
	b = pos->block;
	end = b->start + b->len;
	if (end > limit)
		end = limit;
	*p = b->data + (pos->at - b->start);
	return (end > pos->at ? (size_t)(end - pos->at) : 0);
}

void
stream_advance(struct stream_pos *pos, size_t n)
{
	pos->at += n;
	stream_settle(pos);
}

uint64_t
stream_boundary(const struct stream_pos *pos)
{
	const struct stream_block	*b = pos->block;
	uint32_t			 off = (uint32_t)(pos->at - b->start);
	size_t				 lo = 0, hi = b->nends, mid;

	if (off == 0 && b->between)
		return (pos->at);
	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (b->ends[mid] < off)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < b->nends)
		return (b->start + b->ends[lo]);
	for (b = TAILQ_NEXT(b, entry); b != NULL; b = TAILQ_NEXT(b, entry))
		if (b->nends > 0)
			return (b->start + b->ends[0]);
	return (stream_end());
}

size_t
stream_memory(void)
{
	return (nblocks * sizeof(struct stream_block));
}
