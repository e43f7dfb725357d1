/*
 * A hash table of things that hold their own links.
 */

#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_link {
	struct hash_link	*next;
	uint64_t		 key;
};

struct hash {
	struct hash_link	**buckets;
	size_t			 size;		/* a power of two, 0 at first */
	size_t			 count;
};

/*
 * key: 64 bits that stand for the thing; several things may share one.  What
 * peers choose must not decide on a bucket: hash_seed makes keys
 * unpredictable.  Exits when out of memory.
 */
void		 hash_seed(uint64_t odd);
void		 hash_insert(struct hash *, struct hash_link *, uint64_t key);
void		 hash_remove(struct hash *, struct hash_link *);
/* Frees the table, which is empty again; what it held is not touched. */
void		 hash_free(struct hash *);
/* The first and the next link with that key; NULL at the end. */
struct hash_link *hash_first(const struct hash *, uint64_t key);
struct hash_link *hash_next(const struct hash_link *);

/* The first 64 bits of a digest. */
uint64_t	 hash_digest(const uint8_t *digest);

/* From a link to what holds it. */
#define HASH_OF(link, type, member)					\
	((type *)(void *)((char *)(link) - offsetof(type, member)))

#endif
