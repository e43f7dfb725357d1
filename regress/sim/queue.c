/*
 * Chance and time: numbers from the seed, and events in their order.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sim.h"

static struct event	**heap;
static size_t		 count, size;
static uint64_t		 order;

/* xorshift64*: small, and the same everywhere. */
uint32_t
sim_random(uint32_t below)
{
	sim.random ^= sim.random >> 12;
	sim.random ^= sim.random << 25;
	sim.random ^= sim.random >> 27;
	return ((uint32_t)((sim.random * 0x2545f4914f6cdd1dULL) >> 33) % below);
}

int
sim_chance(uint32_t percent)
{
	return (sim_random(100) < percent);
}

static int
before(const struct event *a, const struct event *b)
{
	return (a->at != b->at ? a->at < b->at : a->order < b->order);
}

static void
sift_up(size_t i)
{
	struct event	*e = heap[i];

	for (; i > 0 && before(e, heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = e;
}

static void
sift_down(void)
{
	struct event	*e = heap[0];
	size_t		 i = 0, child;

	while ((child = 2 * i + 1) < count) {
		if (child + 1 < count && before(heap[child + 1], heap[child]))
			child++;
		if (before(e, heap[child]))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = e;
}

struct event *
event_add(enum event_type type, int64_t in, struct node *n)
{
	struct event	*e;

	if (count == size) {
		size = size == 0 ? 256 : size * 2;
		if ((heap = reallocarray(heap, size, sizeof(*heap))) == NULL)
			fatal("events");
	}
	if ((e = calloc(1, sizeof(*e))) == NULL)
		fatal("event");
	e->at = sim.now + (in > 0 ? in : 0);
	e->order = ++order;
	e->type = type;
	e->node = n;
	if (n != NULL)
		e->life = n->life;
	heap[count++] = e;
	sift_up(count - 1);
	return (e);
}

struct event *
event_next(int64_t until)
{
	struct event	*e;

	if (count == 0 || heap[0]->at > until)
		return (NULL);
	e = heap[0];
	heap[0] = heap[--count];
	if (count > 0)
		sift_down();
	return (e);
}

void
event_clear(void (*f)(struct event *))
{
	while (count > 0) {
		f(heap[--count]);
		free(heap[count]);
	}
}
