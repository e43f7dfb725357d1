/*
 * The table of clients, users and their presences.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "msg_verify.h"
#include "table.h"

void
table_init(struct table *t)
{
	TAILQ_INIT(&t->clients);
	server_init(&t->here);
}

void
table_clear(struct table *t)
{
	hash_free(&t->by_conn);
	hash_free(&t->by_key);
	hash_free(&t->by_digest);
	free(t->free_slots);
	t->free_slots = NULL;
	t->nfree = t->maxfree = 0;
}

static uint64_t
client_key(unsigned int front, uint64_t conn)
{
	return (conn ^ ((uint64_t)front << 56));
}

struct client *
client_new(struct table *t, unsigned int front, uint64_t conn,
    const struct sockaddr_storage *ss)
{
	struct client	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		fatal("client");
	c->front = front;
	c->conn = conn;
	memcpy(&c->address, ss, sizeof(c->address));
	STAILQ_INIT(&c->pending);
	hash_insert(&t->by_conn, &c->by_conn, client_key(front, conn));
	TAILQ_INSERT_TAIL(&t->clients, c, entry);
	t->nclients++;
	return (c);
}

struct client *
client_find(const struct table *t, unsigned int front, uint64_t conn)
{
	struct hash_link	*l;
	struct client		*c;

	for (l = hash_first(&t->by_conn, client_key(front, conn)); l != NULL;
	    l = hash_next(l)) {
		c = HASH_OF(l, struct client, by_conn);
		if (c->front == front && c->conn == conn)
			return (c);
	}
	return (NULL);
}

void
client_free(struct table *t, struct client *c)
{
	hash_remove(&t->by_conn, &c->by_conn);
	TAILQ_REMOVE(&t->clients, c, entry);
	t->nclients--;
	free(c->strikes);
	free(c);
}

static void
slot_give(struct table *t, uint32_t slot)
{
	uint32_t	*p;
	size_t		 max;

	if (t->nfree == t->maxfree) {
		max = t->maxfree == 0 ? 1024 : t->maxfree * 2;
		if ((p = reallocarray(t->free_slots, max, sizeof(*p))) == NULL)
			fatal("slots");
		t->free_slots = p;
		t->maxfree = max;
	}
	t->free_slots[t->nfree++] = slot;
}

int
user_slot(struct table *t, struct user *u)
{
	if (u->slot != TABLE_NO_SLOT)
		return (0);
	if (t->nfree > 0)
		u->slot = t->free_slots[--t->nfree];
	else if (t->next_slot < MSG_SLOTS)
		u->slot = t->next_slot++;
	else
		return (-1);
	return (1);
}

struct user *
user_find(const struct table *t, const uint8_t id[KEY_DIGEST_LEN])
{
	struct hash_link	*l;
	struct user		*u;

	for (l = hash_first(&t->by_key, hash_digest(id)); l != NULL;
	    l = hash_next(l)) {
		u = HASH_OF(l, struct user, by_key);
		if (memcmp(u->id, id, KEY_DIGEST_LEN) == 0)
			return (u);
	}
	return (NULL);
}

struct user *
user_get(struct table *t, const struct key *k)
{
	struct user	*u;

	if ((u = user_find(t, k->id)) == NULL) {
		if ((u = calloc(1, sizeof(*u))) == NULL)
			fatal("user");
		u->slot = TABLE_NO_SLOT;
		u->siglen = (uint16_t)((k->bits + 7) / 8);
		LIST_INIT(&u->presences);
		memcpy(u->id, k->id, sizeof(u->id));
		hash_insert(&t->by_key, &u->by_key, hash_digest(u->id));
	}
	u->refs++;
	return (u);
}

struct user *
user_by_digest(const struct table *t, const uint8_t digest[KEY_DIGEST_LEN])
{
	struct hash_link	*l;
	struct user_digest	*d;

	for (l = hash_first(&t->by_digest, hash_digest(digest)); l != NULL;
	    l = hash_next(l)) {
		d = HASH_OF(l, struct user_digest, link);
		if (memcmp(d->digest, digest, KEY_DIGEST_LEN) == 0)
			return (d->user);
	}
	return (NULL);
}

void
user_unref(struct table *t, struct user *u)
{
	if (--u->refs > 0)
		return;
	if (u->slot != TABLE_NO_SLOT) {
		slot_give(t, u->slot);
		if (t->forget != NULL)
			t->forget(u->slot);
	}
	hash_remove(&t->by_key, &u->by_key);
	free(u);
}

static void
presence_name(struct table *t, struct presence *p, const struct key *k,
    const char *pem, size_t len)
{
	uint8_t	digests[KEY_FORMS][KEY_DIGEST_LEN];
	size_t	n, i;

	n = key_digests(k, pem, len, digests);
	if ((p->digests = calloc(n, sizeof(*p->digests))) == NULL ||
	    (p->pem = malloc(len)) == NULL)
		fatal("user");
	memcpy(p->pem, pem, len);
	p->pemlen = len;
	p->ndigests = (uint16_t)n;
	for (i = 0; i < n; i++) {
		p->digests[i].user = p->user;
		memcpy(p->digests[i].digest, digests[i], KEY_DIGEST_LEN);
		hash_insert(&t->by_digest, &p->digests[i].link,
		    hash_digest(digests[i]));
	}
}

/* Takes a reference to the user. */
static struct presence *
presence_new(struct table *t, struct user *u, struct server *s,
    const struct key *k, const char *pem, size_t len)
{
	struct presence	*p;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		fatal("user");
	p->user = u;
	p->server = s;
	u->refs++;
	presence_name(t, p, k, pem, len);
	LIST_INSERT_HEAD(&u->presences, p, entry_user);
	TAILQ_INSERT_TAIL(&s->users, p, entry);
	s->nusers++;
	return (p);
}

static void
presence_free(struct table *t, struct presence *p)
{
	int	i;

	for (i = 0; i < p->ndigests; i++)
		hash_remove(&t->by_digest, &p->digests[i].link);
	LIST_REMOVE(p, entry_user);
	TAILQ_REMOVE(&p->server->users, p, entry);
	p->server->nusers--;
	user_unref(t, p->user);
	free(p->digests);
	free(p->pem);
	free(p);
}

struct presence *
presence_find(const struct user *u, const struct server *s)
{
	struct presence	*p;

	LIST_FOREACH(p, &u->presences, entry_user)
		if (p->server == s)
			break;
	return (p);
}

int
presence_named(const struct presence *p, const uint8_t digest[KEY_DIGEST_LEN])
{
	int	i;

	for (i = 0; i < p->ndigests; i++)
		if (memcmp(p->digests[i].digest, digest, KEY_DIGEST_LEN) == 0)
			return (1);
	return (0);
}

int
presence_hidden(const struct presence *p)
{
	return (p->user->here != NULL && p->user->here != p);
}

void
user_bind(struct table *t, struct user *u, struct client *c,
    const struct key *k, const char *pem, size_t len)
{
	u->here = presence_new(t, u, &t->here, k, pem, len);
	u->client = c;
	c->user = u;
}

void
user_unbind(struct table *t, struct user *u)
{
	struct presence	*p = u->here;

	u->client->user = NULL;
	u->client = NULL;
	u->here = NULL;
	presence_free(t, p);
}

void
server_init(struct server *s)
{
	memset(s, 0, sizeof(*s));
	TAILQ_INIT(&s->users);
}

void
server_clear(struct table *t, struct server *s)
{
	struct presence	*p;

	while ((p = TAILQ_FIRST(&s->users)) != NULL)
		presence_free(t, p);
}

void
server_update(struct server *s)
{
	s->generation++;
}

/* A user of the server's who is there under just this text: the usual case. */
static struct presence *
server_known(const struct table *t, const struct server *s, const char *pem,
    size_t len)
{
	uint8_t		 digest[KEY_DIGEST_LEN];
	struct user	*u;
	struct presence	*p;

	key_text_digest(pem, len, digest);
	if ((u = user_by_digest(t, digest)) == NULL ||
	    (p = presence_find(u, s)) == NULL ||
	    p->pemlen != len || memcmp(p->pem, pem, len) != 0)
		return (NULL);
	return (p);
}

enum server_added
server_add(struct table *t, struct server *s, const char *pem, size_t len,
    struct presence **pp)
{
	struct presence	*p;
	struct user	*u;
	struct key	 k;

	if ((p = server_known(t, s, pem, len)) == NULL) {
		if (key_read(&k, pem, len) == -1)
			return (SERVER_BAD_KEY);
		u = user_get(t, &k);
		p = presence_find(u, s);
		if (p != NULL && p->generation == s->generation) {
			user_unref(t, u);
			return (SERVER_REPEATED);
		}
		/* known, but spelled in another way */
		if (p != NULL)
			presence_free(t, p);
		*pp = presence_new(t, u, s, &k, pem, len);
		(*pp)->generation = s->generation;
		user_unref(t, u);
		return (SERVER_ADDED);
	}
	if (p->generation == s->generation)
		return (SERVER_REPEATED);
	p->generation = s->generation;
	*pp = p;
	return (SERVER_KNOWN);
}

unsigned int
server_updated(struct table *t, struct server *s)
{
	struct presence	*p, *next;
	unsigned int	 n = 0;

	TAILQ_FOREACH_SAFE(p, &s->users, entry, next)
		if (p->generation != s->generation) {
			presence_free(t, p);
			n++;
		}
	return (n);
}
