/*
 * The table of users and clients, and of neighbours' users.
 */

/* link: olaf-relay/table.o olaf-relay/hash.o */

#include "compat.h"

#include <netinet/in.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "test.h"

#define MANY	5000

static struct sockaddr_storage	address;
static uint32_t			forgotten = UINT32_MAX;

static void
forget(uint32_t slot)
{
	forgotten = slot;
}

static void
begin(struct table *t)
{
	memset(t, 0, sizeof(*t));
	t->forget = forget;
	table_init(t);
}

/* Whatever was in it is out: a leak would show here. */
static void
end(struct table *t)
{
	CHECK(t->by_conn.count == 0 && t->by_key.count == 0 &&
	    t->by_digest.count == 0);
	CHECK(t->nclients == 0 && t->here.nusers == 0);
	table_clear(t);
}

/* No key to sign with, but one that differs from all others. */
static void
make_key(struct key *k, uint32_t n, char *pem, size_t *len)
{
	uint8_t	der[294] = {
		0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86,
		0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03,
		0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82,
		0x01, 0x01, 0x00, 0x80
	};

	memcpy(der + 40, &n, sizeof(n));
	der[288] = 1;
	memcpy(der + 289, "\x02\x03\x01\x00\x01", 5);
	CHECK(key_read_der(k, der, sizeof(der)) == 0);
	*len = key_text(k, pem);
}

static void
test_many(void)
{
	static struct client	*clients[MANY];
	static struct user	*users[MANY];
	static struct table	 t;
	uint8_t			 digests[KEY_FORMS][KEY_DIGEST_LEN];
	char			 pem[KEY_TEXT_MAX];
	struct key		 k;
	uint32_t		 i;
	size_t			 len;

	begin(&t);
	for (i = 0; i < MANY; i++) {
		clients[i] = client_new(&t, i % 3, i / 3 + 1, &address);
		make_key(&k, i, pem, &len);
		memset(k.id, 0x11, 8);		/* all in one bucket */
		CHECK((users[i] = user_get(&t, &k)) != NULL);
		CHECK(user_get(&t, &k) == users[i] && users[i]->refs == 2);
		user_unref(&t, users[i]);
		CHECK(user_slot(&t, users[i]) == 1 &&
		    user_slot(&t, users[i]) == 0);
		user_bind(&t, users[i], clients[i], &k, pem, len);
		user_unref(&t, users[i]);
	}
	CHECK(t.here.nusers == MANY && t.nclients == MANY);
	for (i = 0; i < MANY; i += 7) {
		make_key(&k, i, pem, &len);
		CHECK(client_find(&t, i % 3, i / 3 + 1) == clients[i]);
		CHECK(key_digests(&k, pem, len, digests) > 1);
		CHECK(user_by_digest(&t, digests[0]) == users[i]);
		CHECK(presence_named(users[i]->here, digests[1]));
		CHECK(!presence_named(users[(i + 1) % MANY]->here,
		    digests[0]));
	}
	CHECK(client_find(&t, 3, 1) == NULL &&
	    client_find(&t, 0, MANY) == NULL);
	for (i = 0; i < MANY; i++) {
		make_key(&k, i, pem, &len);
		key_digests(&k, pem, len, digests);
		user_unbind(&t, users[i]);
		CHECK(clients[i]->user == NULL);
		CHECK(user_by_digest(&t, digests[0]) == NULL);
		client_free(&t, clients[i]);
		CHECK(client_find(&t, i % 3, i / 3 + 1) == NULL);
	}
	end(&t);
}

/* Slots are used again, no two users have one, and some have none. */
static void
test_slots(void)
{
	static struct table	 t;
	struct key		 k;
	struct user		*a, *b, *c;
	char			 pem[KEY_TEXT_MAX];
	uint32_t		 slot;
	size_t			 len;

	begin(&t);
	make_key(&k, 1, pem, &len);
	a = user_get(&t, &k);
	make_key(&k, 2, pem, &len);
	b = user_get(&t, &k);
	CHECK(a->slot == TABLE_NO_SLOT);
	CHECK(user_slot(&t, a) == 1 && user_slot(&t, b) == 1);
	CHECK(a->slot != b->slot);
	slot = a->slot;
	user_unref(&t, a);
	CHECK(forgotten == slot);
	make_key(&k, 3, pem, &len);
	a = user_get(&t, &k);
	CHECK(user_slot(&t, a) == 1 && a->slot == slot);
	forgotten = TABLE_NO_SLOT;
	make_key(&k, 4, pem, &len);
	c = user_get(&t, &k);
	user_unref(&t, c);
	CHECK(forgotten == TABLE_NO_SLOT);
	user_unref(&t, a);
	user_unref(&t, b);
	end(&t);
}

static enum server_added
add(struct table *t, struct server *s, uint32_t n, const char *behind)
{
	struct presence	*p = NULL;
	struct key	 k;
	char		 pem[KEY_TEXT_MAX + 2];
	size_t		 len;
	enum server_added r;

	make_key(&k, n, pem, &len);
	strlcat(pem, behind, sizeof(pem));
	r = server_add(t, s, pem, strlen(pem), &p);
	CHECK((p != NULL) == (r == SERVER_ADDED || r == SERVER_KNOWN));
	if (p != NULL)
		CHECK(p->server == s && p->pemlen == strlen(pem) &&
		    memcmp(p->pem, pem, p->pemlen) == 0);
	return (r);
}

static void
test_update(void)
{
	static struct table	 t;
	struct server		 s;
	struct presence		*p;

	begin(&t);
	server_init(&s);
	server_update(&s);
	CHECK(add(&t, &s, 1, "") == SERVER_ADDED);
	CHECK(add(&t, &s, 2, "") == SERVER_ADDED);
	CHECK(add(&t, &s, 1, "") == SERVER_REPEATED);
	CHECK(add(&t, &s, 2, "\n") == SERVER_REPEATED);
	CHECK(server_add(&t, &s, "rubbish", 7, &p) == SERVER_BAD_KEY);
	CHECK(server_add(&t, &s, "", 0, &p) == SERVER_BAD_KEY);
	CHECK(server_updated(&t, &s) == 0 && s.nusers == 2);
	server_update(&s);
	CHECK(add(&t, &s, 2, "") == SERVER_KNOWN);
	CHECK(add(&t, &s, 3, "") == SERVER_ADDED);
	CHECK(server_updated(&t, &s) == 1 && s.nusers == 2);
	/* spelled in another way: who it is stays, the text does not */
	server_update(&s);
	CHECK(add(&t, &s, 3, "\n") == SERVER_ADDED);
	CHECK(server_updated(&t, &s) == 1 && s.nusers == 1);
	server_update(&s);
	CHECK(server_updated(&t, &s) == 1 && s.nusers == 0);
	end(&t);
}

static void
test_clear(void)
{
	static struct table	t;
	struct server		s;
	uint32_t		i;

	begin(&t);
	server_init(&s);
	server_update(&s);
	for (i = 0; i < 100; i++)
		CHECK(add(&t, &s, i, i % 2 ? "\n" : "") == SERVER_ADDED);
	server_clear(&t, &s);
	CHECK(s.nusers == 0 && TAILQ_EMPTY(&s.users));
	end(&t);
}

/* One key here and at two neighbours: each knows its own text of it. */
static void
test_everywhere(void)
{
	static struct table	 t;
	struct server		 a, b;
	struct client		*c;
	struct user		*u;
	struct presence		*p;
	struct key		 k;
	uint8_t			 digest[KEY_DIGEST_LEN];
	char			 pem[KEY_TEXT_MAX + 1];
	size_t			 len;

	begin(&t);
	server_init(&a);
	server_init(&b);
	server_update(&a);
	server_update(&b);
	CHECK(add(&t, &a, 7, "") == SERVER_ADDED);
	CHECK(add(&t, &b, 7, "\n") == SERVER_ADDED);
	make_key(&k, 7, pem, &len);
	u = user_find(&t, k.id);
	p = presence_find(u, &b);
	CHECK(p != NULL && !presence_hidden(p));
	CHECK(u->client == NULL && u->here == NULL && u->refs == 2);
	c = client_new(&t, 0, 1, &address);
	user_bind(&t, u, c, &k, pem, len);
	CHECK(presence_hidden(p) && !presence_hidden(u->here));
	CHECK(presence_find(u, &t.here) == u->here);
	/* the text with a newline names it wherever it is */
	strlcat(pem, "\n", sizeof(pem));
	key_text_digest(pem, len + 1, digest);
	CHECK(user_by_digest(&t, digest) == u && presence_named(p, digest));
	server_clear(&t, &b);
	CHECK(presence_find(u, &b) == NULL);
	CHECK(user_by_digest(&t, digest) == NULL);
	user_unbind(&t, u);
	CHECK(user_find(&t, k.id) == u && u->here == NULL);
	server_clear(&t, &a);
	CHECK(user_find(&t, k.id) == NULL);
	client_free(&t, c);
	end(&t);
}

int
main(void)
{
	address.ss_family = AF_INET;
	RUN(test_many);
	RUN(test_slots);
	RUN(test_update);
	RUN(test_clear);
	RUN(test_everywhere);
	return (test_done());
}
