/*
 * New keys per address, counted by the minute; all is forgotten when the next
 * one begins.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "newkeys.h"
#include "relay.h"

struct source {
	struct hash_link	 link;
	uint32_t		 count;
};

static struct hash	 sources;
static int64_t		 minute;

/* 64 bits that stand for an address: all that is known of it fits. */
static uint64_t
source_key(const union client_address *a)
{
	uint64_t	key = 0;

	if (a->sa.sa_family == AF_INET)
		memcpy(&key, &a->in.sin_addr, 4);
	else
		memcpy(&key, &a->in6.sin6_addr, 8);
	return (key);
}

static void
sources_clear(void)
{
	struct hash_link	*l, *next;
	size_t			 i;

	for (i = 0; i < sources.size; i++)
		for (l = sources.buckets[i]; l != NULL; l = next) {
			next = l->next;
			free(HASH_OF(l, struct source, link));
		}
	hash_free(&sources);
}

int
newkeys_allow(const union client_address *a)
{
	struct hash_link	*l;
	struct source		*s;
	uint64_t		 key = source_key(a);
	int64_t			 now = clock_ms() / 60000;

	if (now != minute) {
		sources_clear();
		minute = now;
	}
	if ((l = hash_first(&sources, key)) == NULL) {
		if ((s = calloc(1, sizeof(*s))) == NULL)
			return (0);
		hash_insert(&sources, &s->link, key);
	} else
		s = HASH_OF(l, struct source, link);
	if (s->count >= relay_conf.hellos)
		return (0);
	s->count++;
	return (1);
}
