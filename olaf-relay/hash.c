/*
 * Multiplicative hashing with a secret odd factor; chains; doubles as it fills.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "log.h"

#define HASH_MIN	64

static uint64_t	factor = 0x9e3779b97f4a7c15ULL;

void
hash_seed(uint64_t odd)
{
	factor = odd | 1;
}

static size_t
hash_bucket(const struct hash *h, uint64_t key)
{
	/* the upper bits of a product depend on all bits of the key */
	return ((size_t)(((key * factor) >> 32) * h->size >> 32));
}

static void
hash_grow(struct hash *h)
{
	struct hash	 new;
	struct hash_link *l, *next;
	size_t		 i, b;

	new.size = h->size == 0 ? HASH_MIN : h->size * 2;
	new.count = h->count;
	if ((new.buckets = calloc(new.size, sizeof(*new.buckets))) == NULL)
		fatal("hash");
	for (i = 0; i < h->size; i++)
		for (l = h->buckets[i]; l != NULL; l = next) {
			next = l->next;
			b = hash_bucket(&new, l->key);
			l->next = new.buckets[b];
			new.buckets[b] = l;
		}
	free(h->buckets);
	*h = new;
}

void
hash_insert(struct hash *h, struct hash_link *l, uint64_t key)
{
	size_t	b;

	if (h->count >= h->size)
		hash_grow(h);
	l->key = key;
	b = hash_bucket(h, key);
	l->next = h->buckets[b];
	h->buckets[b] = l;
	h->count++;
}

void
hash_remove(struct hash *h, struct hash_link *l)
{
	struct hash_link	**p;

	for (p = &h->buckets[hash_bucket(h, l->key)]; *p != l; p = &(*p)->next)
		;
	*p = l->next;
	h->count--;
}

void
hash_free(struct hash *h)
{
	free(h->buckets);
	memset(h, 0, sizeof(*h));
}

struct hash_link *
hash_first(const struct hash *h, uint64_t key)
{
	struct hash_link	*l;

	if (h->size == 0)
		return (NULL);
	for (l = h->buckets[hash_bucket(h, key)]; l != NULL; l = l->next)
		if (l->key == key)
			break;
	return (l);
}

struct hash_link *
hash_next(const struct hash_link *l)
{
	uint64_t	key = l->key;

	do {
		l = l->next;
	} while (l != NULL && l->key != key);
	return ((struct hash_link *)(uintptr_t)l);
}

uint64_t
hash_digest(const uint8_t *digest)
{
	uint64_t	key;

	memcpy(&key, digest, sizeof(key));
	return (key);
}
