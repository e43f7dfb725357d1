/*
 * The table of clients and users.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "msg_verify.h"
#include "table.h"

struct clients		 table_clients = TAILQ_HEAD_INITIALIZER(table_clients);
struct users		 table_users = TAILQ_HEAD_INITIALIZER(table_users);
unsigned int		 table_nclients, table_nusers;

static struct hash	 by_conn, by_key, by_digest;
static uint32_t		*free_slots;
static size_t		 nfree, maxfree;
static uint32_t		 next_slot;

static uint64_t
client_key(unsigned int front, uint64_t conn)
{
	return (conn ^ ((uint64_t)front << 56));
}

struct client *
client_new(unsigned int front, uint64_t conn, const struct sockaddr_storage *ss)
{
	struct client	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		fatal("client");
	c->front = front;
	c->conn = conn;
	memcpy(&c->address, ss, sizeof(c->address));
	STAILQ_INIT(&c->pending);
	hash_insert(&by_conn, &c->by_conn, client_key(front, conn));
	TAILQ_INSERT_TAIL(&table_clients, c, entry);
	table_nclients++;
	return (c);
}

struct client *
client_find(unsigned int front, uint64_t conn)
{
	struct hash_link	*l;
	struct client		*c;

	for (l = hash_first(&by_conn, client_key(front, conn)); l != NULL;
	    l = hash_next(l)) {
		c = HASH_OF(l, struct client, by_conn);
		if (c->front == front && c->conn == conn)
			return (c);
	}
	return (NULL);
}

void
client_free(struct client *c)
{
	hash_remove(&by_conn, &c->by_conn);
	TAILQ_REMOVE(&table_clients, c, entry);
	table_nclients--;
	free(c->strikes);
	free(c);
}

static int
slot_take(uint32_t *slot)
{
	if (nfree > 0) {
		*slot = free_slots[--nfree];
		return (0);
	}
	if (next_slot == MSG_SLOTS)
		return (-1);
	*slot = next_slot++;
	return (0);
}

static void
slot_give(uint32_t slot)
{
	uint32_t	*p;
	size_t		 max;

	if (nfree == maxfree) {
		max = maxfree == 0 ? 1024 : maxfree * 2;
		if ((p = reallocarray(free_slots, max, sizeof(*p))) == NULL)
			fatal("slots");
		free_slots = p;
		maxfree = max;
	}
	free_slots[nfree++] = slot;
}

struct user *
user_find(const uint8_t id[KEY_DIGEST_LEN])
{
	struct hash_link	*l;
	struct user		*u;

	for (l = hash_first(&by_key, hash_digest(id)); l != NULL;
	    l = hash_next(l)) {
		u = HASH_OF(l, struct user, by_key);
		if (memcmp(u->id, id, KEY_DIGEST_LEN) == 0)
			return (u);
	}
	return (NULL);
}

struct user *
user_get(const struct key *k, int *fresh)
{
	struct user	*u;
	uint32_t	 slot;

	*fresh = 0;
	if ((u = user_find(k->id)) == NULL) {
		if (slot_take(&slot) == -1)
			return (NULL);
		if ((u = calloc(1, sizeof(*u))) == NULL)
			fatal("user");
		*fresh = 1;
		u->slot = slot;
		u->siglen = (uint16_t)((k->bits + 7) / 8);
		memcpy(u->id, k->id, sizeof(u->id));
		hash_insert(&by_key, &u->by_key, hash_digest(u->id));
	}
	u->refs++;
	return (u);
}

struct user *
user_by_digest(const uint8_t digest[KEY_DIGEST_LEN])
{
	struct hash_link	*l;
	struct user_digest	*d;

	for (l = hash_first(&by_digest, hash_digest(digest)); l != NULL;
	    l = hash_next(l)) {
		d = HASH_OF(l, struct user_digest, link);
		if (memcmp(d->digest, digest, KEY_DIGEST_LEN) == 0)
			return (d->user);
	}
	return (NULL);
}

int
user_named(const struct user *u, const uint8_t digest[KEY_DIGEST_LEN])
{
	int	i;

	for (i = 0; i < u->ndigests; i++)
		if (memcmp(u->digests[i].digest, digest, KEY_DIGEST_LEN) == 0)
			return (1);
	return (0);
}

static void
user_name(struct user *u, const struct key *k, const char *pem, size_t len)
{
	uint8_t	digests[KEY_FORMS][KEY_DIGEST_LEN];
	size_t	n, i;

	n = key_digests(k, pem, len, digests);
	if ((u->digests = calloc(n, sizeof(*u->digests))) == NULL ||
	    (u->pem = malloc(len)) == NULL)
		fatal("user");
	memcpy(u->pem, pem, len);
	u->pemlen = len;
	u->ndigests = (uint16_t)n;
	for (i = 0; i < n; i++) {
		u->digests[i].user = u;
		memcpy(u->digests[i].digest, digests[i], KEY_DIGEST_LEN);
		hash_insert(&by_digest, &u->digests[i].link,
		    hash_digest(digests[i]));
	}
}

void
user_bind(struct user *u, struct client *c, const struct key *k,
    const char *pem, size_t len)
{
	user_name(u, k, pem, len);
	u->client = c;
	c->user = u;
	TAILQ_INSERT_TAIL(&table_users, u, entry);
	table_nusers++;
}

void
user_unbind(struct user *u)
{
	int	i;

	for (i = 0; i < u->ndigests; i++)
		hash_remove(&by_digest, &u->digests[i].link);
	free(u->digests);
	free(u->pem);
	u->digests = NULL;
	u->pem = NULL;
	u->pemlen = 0;
	u->ndigests = 0;
	u->client->user = NULL;
	u->client = NULL;
	u->has_counter = 0;
	TAILQ_REMOVE(&table_users, u, entry);
	table_nusers--;
}

int
user_unref(struct user *u, uint32_t *slot)
{
	if (--u->refs > 0)
		return (0);
	*slot = u->slot;
	slot_give(u->slot);
	hash_remove(&by_key, &u->by_key);
	free(u);
	return (1);
}
