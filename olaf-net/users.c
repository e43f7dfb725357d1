/*
 * The table of users.  A PEM that was seen before is known again by one digest,
 * so that a list like the last one costs little.
 */

#include "compat.h"

#include <sys/queue.h>
#include <sys/tree.h>

#include <stdlib.h>
#include <string.h>

#include "users.h"

#define NAMES_MAX	24	/* of one user: how often may a PEM be respelled? */

struct user;

struct name {
	RB_ENTRY(name)		 entry;
	SLIST_ENTRY(name)	 of_user;
	struct user		*user;
	uint8_t			 digest[KEY_DIGEST_LEN];
};

struct user {
	RB_ENTRY(user)		 entry;
	SLIST_HEAD(, name)	 names;
	unsigned int		 nnames;
	unsigned int		 list;		/* the last that had it */
	struct key		 key;
};

static int
name_cmp(struct name *a, struct name *b)
{
	return (memcmp(a->digest, b->digest, sizeof(a->digest)));
}

static int
user_cmp(struct user *a, struct user *b)
{
	return (memcmp(a->key.id, b->key.id, sizeof(a->key.id)));
}

RB_HEAD(names, name);
RB_PROTOTYPE_STATIC(names, name, entry, name_cmp)
RB_GENERATE_STATIC(names, name, entry, name_cmp)

RB_HEAD(users, user);
RB_PROTOTYPE_STATIC(users, user, entry, user_cmp)
RB_GENERATE_STATIC(users, user, entry, user_cmp)

static struct names	names = RB_INITIALIZER(&names);
static struct users	users = RB_INITIALIZER(&users);
static size_t		nusers;
static unsigned int	list;
static int		purged;		/* since this list began */
static struct key	own;
static int		has_own;

static struct name *
name_find(const uint8_t digest[KEY_DIGEST_LEN])
{
	struct name	key;

	memcpy(key.digest, digest, sizeof(key.digest));
	return (RB_FIND(names, &names, &key));
}

/* One that is there already is this user's, too: it is over the same key. */
static void
name_add(struct user *u, const uint8_t digest[KEY_DIGEST_LEN])
{
	struct name	*n;

	if (u->nnames == NAMES_MAX || (n = malloc(sizeof(*n))) == NULL)
		return;
	memcpy(n->digest, digest, sizeof(n->digest));
	if (RB_INSERT(names, &names, n) != NULL) {
		free(n);
		return;
	}
	n->user = u;
	u->nnames++;
	SLIST_INSERT_HEAD(&u->names, n, of_user);
}

static void
user_free(struct user *u)
{
	struct name	*n;

	while ((n = SLIST_FIRST(&u->names)) != NULL) {
		SLIST_REMOVE_HEAD(&u->names, of_user);
		RB_REMOVE(names, &names, n);
		free(n);
	}
	RB_REMOVE(users, &users, u);
	free(u);
	nusers--;
}

/* Those who left before this list go. */
static void
purge(void)
{
	struct user	*u, *next;

	purged = 1;
	RB_FOREACH_SAFE(u, users, &users, next)
		if (u->list != list && !users_is_own(&u->key))
			user_free(u);
}

static struct user *
user_get(const struct key *k)
{
	struct user	*u, key;

	memcpy(key.key.id, k->id, sizeof(key.key.id));
	if ((u = RB_FIND(users, &users, &key)) != NULL)
		return (u);
	if (nusers >= USERS_MAX && !purged)
		purge();
	if (nusers >= USERS_MAX || (u = calloc(1, sizeof(*u))) == NULL)
		return (NULL);
	u->key = *k;
	SLIST_INIT(&u->names);
	RB_INSERT(users, &users, u);
	nusers++;
	return (u);
}

static const struct key *
add(const struct key *k, const char *pem, size_t len)
{
	struct user	*u;
	uint8_t		 digests[KEY_FORMS][KEY_DIGEST_LEN];
	size_t		 i, n;

	if ((u = user_get(k)) == NULL)
		return (NULL);
	u->list = list;
	n = key_digests(k, pem, len, digests);
	for (i = 0; i < n; i++)
		name_add(u, digests[i]);
	return (&u->key);
}

static void
add_own(void)
{
	char	text[KEY_TEXT_MAX];

	if (has_own)
		add(&own, text, key_text(&own, text));
}

void
users_set_own(const struct key *k)
{
	own = *k;
	has_own = 1;
	add_own();
}

int
users_is_own(const struct key *k)
{
	return (has_own && memcmp(own.id, k->id, sizeof(own.id)) == 0);
}

void
users_clear(void)
{
	struct user	*u;

	while ((u = RB_ROOT(&users)) != NULL)
		user_free(u);
	add_own();
}

void
users_begin(void)
{
	list++;
	purged = 0;
}

const struct key *
users_add(const char *pem, size_t len)
{
	struct name	*n;
	struct key	 k;
	uint8_t		 digest[KEY_DIGEST_LEN];

	key_text_digest(pem, len, digest);
	if ((n = name_find(digest)) != NULL) {
		n->user->list = list;
		return (&n->user->key);
	}
	if (key_read(&k, pem, len) == -1)
		return (NULL);
	return (add(&k, pem, len));
}

const struct key *
users_find(const uint8_t digest[KEY_DIGEST_LEN])
{
	struct name	*n = name_find(digest);

	return (n == NULL ? NULL : &n->user->key);
}
