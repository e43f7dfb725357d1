/*
 * A ring of digests with an index: the eldest goes when a new one comes.
 */

#include "compat.h"

#include <string.h>

#include "hash.h"
#include "seen.h"

struct seen {
	struct hash_link	 link;
	int			 used;
	uint8_t			 digest[MESSAGE_DIGEST_LEN];
};

static struct seen	ring[SEEN_MAX];
static size_t		next;
static struct hash	by_digest;

static int
seen_find(const uint8_t digest[MESSAGE_DIGEST_LEN])
{
	struct hash_link	*l;

	for (l = hash_first(&by_digest, hash_digest(digest)); l != NULL;
	    l = hash_next(l))
		if (memcmp(HASH_OF(l, struct seen, link)->digest, digest,
		    MESSAGE_DIGEST_LEN) == 0)
			return (1);
	return (0);
}

int
seen_before(const struct message *m)
{
	struct seen	*s = &ring[next];
	uint8_t		 digest[MESSAGE_DIGEST_LEN];

	message_identity(m, digest);
	if (seen_find(digest))
		return (1);
	if (s->used)
		hash_remove(&by_digest, &s->link);
	s->used = 1;
	memcpy(s->digest, digest, sizeof(digest));
	hash_insert(&by_digest, &s->link, hash_digest(digest));
	next = (next + 1) % SEEN_MAX;
	return (0);
}
