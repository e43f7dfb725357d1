/*
 * The table of users and clients, and where a chat goes.
 */

/* link: olaf-relay/table.o olaf-relay/hash.o olaf-relay/route.o */

#include "compat.h"

#include <netinet/in.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"
#include "table.h"
#include "test.h"

#define MANY	5000

static struct sockaddr_storage	address;

/* No real key, but one that differs from all others. */
static void
make_key(struct key *k, uint32_t n, char *pem, size_t *len)
{
	memset(k, 0, sizeof(*k));
	k->bits = 2048;
	k->derlen = 294;
	memcpy(k->der + 40, &n, sizeof(n));
	memset(k->id, 0x11, sizeof(k->id));
	memcpy(k->id + 8, &n, sizeof(n));	/* all in one bucket */
	*len = key_text(k, pem);
}

static void
test_many(void)
{
	static struct client	*clients[MANY];
	static struct user	*users[MANY];
	uint8_t			 digests[KEY_FORMS][KEY_DIGEST_LEN];
	char			 pem[KEY_TEXT_MAX];
	struct key		 k;
	uint32_t		 i, slot;
	size_t			 len;
	int			 fresh;

	for (i = 0; i < MANY; i++) {
		clients[i] = client_new(i % 3, i / 3 + 1, &address);
		make_key(&k, i, pem, &len);
		CHECK((users[i] = user_get(&k, &fresh)) != NULL && fresh);
		CHECK(user_get(&k, &fresh) == users[i] && !fresh);
		CHECK(user_unref(users[i], &slot) == 0);
		user_bind(users[i], clients[i], &k, pem, len);
	}
	CHECK(table_nusers == MANY && table_nclients == MANY);
	for (i = 0; i < MANY; i += 7) {
		make_key(&k, i, pem, &len);
		CHECK(client_find(i % 3, i / 3 + 1) == clients[i]);
		CHECK(user_find(k.id) == users[i]);
		CHECK(key_digests(&k, pem, len, digests) > 1);
		CHECK(user_by_digest(digests[0]) == users[i]);
		CHECK(user_named(users[i], digests[1]));
		CHECK(!user_named(users[(i + 1) % MANY], digests[0]));
	}
	CHECK(client_find(3, 1) == NULL && client_find(0, MANY) == NULL);
	for (i = 0; i < MANY; i++) {
		make_key(&k, i, pem, &len);
		key_digests(&k, pem, len, digests);
		user_unbind(users[i]);
		CHECK(clients[i]->user == NULL);
		CHECK(user_by_digest(digests[0]) == NULL);
		CHECK(user_find(k.id) == users[i]);
		CHECK(user_unref(users[i], &slot) == 1);
		CHECK(user_find(k.id) == NULL);
		client_free(clients[i]);
		CHECK(client_find(i % 3, i / 3 + 1) == NULL);
	}
	CHECK(table_nusers == 0 && table_nclients == 0);
}

/* Slots are used again, and no two users have one. */
static void
test_slots(void)
{
	struct key	 k;
	struct user	*a, *b;
	char		 pem[KEY_TEXT_MAX];
	uint32_t	 slot, again;
	size_t		 len;
	int		 fresh;

	make_key(&k, 1, pem, &len);
	a = user_get(&k, &fresh);
	make_key(&k, 2, pem, &len);
	b = user_get(&k, &fresh);
	CHECK(a->slot != b->slot);
	CHECK(user_unref(a, &slot) == 1);
	make_key(&k, 3, pem, &len);
	a = user_get(&k, &fresh);
	CHECK(a->slot == slot);
	CHECK(user_unref(a, &again) == 1 && again == slot);
	CHECK(user_unref(b, &slot) == 1);
}

static void
route(struct route *r, const char *ours, const char *const *dests, size_t n)
{
	struct scan_span	 spans[8];
	struct message		 m;
	struct address		 a;
	size_t			 i;

	memset(&m, 0, sizeof(m));
	CHECK(address_read(&a, ours, strlen(ours)) == 0);
	for (i = 0; i < n; i++) {
		spans[i].p = dests[i];
		spans[i].len = strlen(dests[i]);
	}
	m.dests = spans;
	m.ndests = n;
	route_chat(r, &m, &a);
}

static void
test_route(void)
{
	static const char *const same[] = { "chat.example", "CHAT.example:443",
	    "ws://chat.example/", "https://chat.example:80" };
	static const char *const mixed[] = { "other.example", "chat.example" };
	static const char *const others[] = { "other.example", "", "a b",
	    "chat.example:8080" };
	struct route		 r;

	route(&r, "chat.example", same, 4);
	CHECK(r.local && !r.unknown);
	route(&r, "chat.example", mixed, 2);
	CHECK(r.local && r.unknown);
	route(&r, "chat.example", others, 4);
	CHECK(!r.local && r.unknown);
}

int
main(void)
{
	address.ss_family = AF_INET;
	RUN(test_many);
	RUN(test_slots);
	RUN(test_route);
	return (test_done());
}
