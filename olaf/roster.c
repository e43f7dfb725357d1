/*
 * Who is online where.
 */

#include "compat.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "names.h"
#include "roster.h"

#define USERS_MAX	50000	/* kept, online or not: 40 MB */
#define SERVERS_MAX	4096	/* olaf-net skips more */
#define PREFIX_MIN	8	/* characters of a fingerprint's beginning */
#define LABELS		4

RB_HEAD(ids, user);
RB_HEAD(digests, user);

static struct ids		 ids = RB_INITIALIZER(&ids);
static struct digests		 digests = RB_INITIALIZER(&digests);
static size_t			 nusers;

static struct roster_servers	 servers = TAILQ_HEAD_INITIALIZER(servers);
static struct roster_servers	 next_servers =
				    TAILQ_HEAD_INITIALIZER(next_servers);
static size_t			 nservers;	/* of the next list */
static int			 changed;
static int			 purged;	/* since the list began */

static int
user_cmp_id(const struct user *a, const struct user *b)
{
	return (memcmp(a->key.id, b->key.id, KEY_DIGEST_LEN));
}

static int
user_cmp_digest(const struct user *a, const struct user *b)
{
	return (memcmp(a->digest, b->digest, KEY_DIGEST_LEN));
}

RB_GENERATE_STATIC(ids, user, by_id, user_cmp_id)
RB_GENERATE_STATIC(digests, user, by_digest, user_cmp_digest)

const struct roster_servers *
roster_servers(void)
{
	return (&servers);
}

struct user *
roster_first(void)
{
	return (RB_MIN(digests, &digests));
}

struct user *
roster_next(struct user *u)
{
	return (RB_NEXT(digests, &digests, u));
}

struct user *
roster_find_id(const uint8_t id[KEY_DIGEST_LEN])
{
	struct user	u;

	memcpy(u.key.id, id, KEY_DIGEST_LEN);
	return (RB_FIND(ids, &ids, &u));
}

struct user *
roster_find_digest(const uint8_t digest[KEY_DIGEST_LEN])
{
	struct user	u;

	memcpy(u.digest, digest, KEY_DIGEST_LEN);
	return (RB_FIND(digests, &digests, &u));
}

struct user *
roster_find_participant(const struct msg_participant *p)
{
	return (p->known ? roster_find_id(p->name) :
	    roster_find_digest(p->name));
}

/* ---- what a user typed --------------------------------------------------- */

/* By any fingerprint that peers use. */
static struct user *
find_form(const uint8_t digest[KEY_DIGEST_LEN])
{
	uint8_t		 forms[KEY_FORMS][KEY_DIGEST_LEN];
	char		 text[KEY_TEXT_MAX];
	struct user	*u;
	size_t		 n;

	if ((u = roster_find_digest(digest)) != NULL)
		return (u);
	for (u = roster_first(); u != NULL; u = roster_next(u)) {
		n = key_digests(&u->key, text, key_text(&u->key, text), forms);
		while (n-- > 0)
			if (memcmp(forms[n], digest, KEY_DIGEST_LEN) == 0)
				return (u);
	}
	return (NULL);
}

static struct user *
find_prefix(const char *text, const char **why)
{
	struct user	*u, *found = NULL;
	size_t		 len;

	if (text[0] == '~')
		text++;
	if ((len = strlen(text)) < PREFIX_MIN || len > KEY_FP_LEN) {
		*why = "no such name, and no fingerprint or beginning of one "
		    "(8 characters at least)";
		return (NULL);
	}
	for (u = roster_first(); u != NULL; u = roster_next(u)) {
		if (u->server == NULL ||
		    strncmp(u->fingerprint, text, len) != 0)
			continue;
		if (found != NULL) {
			*why = "more than one fingerprint begins so";
			return (NULL);
		}
		found = u;
	}
	if (found == NULL)
		*why = "nobody of that name or fingerprint is online";
	return (found);
}

struct user *
roster_find_text(const char *text, const char **why)
{
	uint8_t		 digest[KEY_DIGEST_LEN];
	struct user	*u;

	if (names_find(text, digest) == -1 &&
	    key_fingerprint_read(text, strlen(text), digest) == -1)
		return (find_prefix(text, why));
	if ((u = find_form(digest)) == NULL)
		*why = "not online";
	return (u);
}

/* ---- labels -------------------------------------------------------------- */

const char *
roster_label_digest(const uint8_t digest[KEY_DIGEST_LEN])
{
	static char	 labels[LABELS][NAMES_LEN_MAX + ROSTER_SHORT_LEN];
	static size_t	 turn;
	char		 fingerprint[KEY_FP_LEN + 1];
	const char	*name;
	char		*label;

	label = labels[turn++ % LABELS];
	if ((name = names_of(digest)) != NULL)
		strlcpy(label, name, sizeof(labels[0]));
	else {
		key_fingerprint(digest, fingerprint);
		snprintf(label, sizeof(labels[0]), "~%.*s", ROSTER_SHORT_LEN,
		    fingerprint);
	}
	return (label);
}

const char *
roster_label(const struct user *u)
{
	return (roster_label_digest(u->digest));
}

/* ---- a new list ---------------------------------------------------------- */

/* Those who are neither online nor in the list that comes go. */
static void
purge(void)
{
	struct user	*u, *next;

	purged = 1;
	RB_FOREACH_SAFE(u, ids, &ids, next) {
		if (u->server != NULL || u->next != NULL || u->is_self)
			continue;
		RB_REMOVE(ids, &ids, u);
		RB_REMOVE(digests, &digests, u);
		free(u);
		nusers--;
	}
}

static struct user *
user_new(const struct key *k)
{
	char		 text[KEY_TEXT_MAX];
	struct user	*u;

	if (nusers == USERS_MAX && !purged)
		purge();
	if (nusers == USERS_MAX)
		return (NULL);
	if ((u = calloc(1, sizeof(*u))) == NULL)
		err(1, NULL);
	u->key = *k;
	key_text_digest(text, key_text(k, text), u->digest);
	key_fingerprint(u->digest, u->fingerprint);
	if (identity_key() != NULL)
		u->is_self = memcmp(identity_key()->id, k->id,
		    KEY_DIGEST_LEN) == 0;
	RB_INSERT(ids, &ids, u);
	RB_INSERT(digests, &digests, u);
	nusers++;
	return (u);
}

static void
free_servers(struct roster_servers *list)
{
	struct roster_server	*s;

	while ((s = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, s, entry);
		free(s);
	}
}

void
roster_begin(void)
{
	struct user	*u;

	free_servers(&next_servers);
	nservers = 0;
	changed = purged = 0;
	RB_FOREACH(u, ids, &ids)
		u->next = NULL;
}

int
roster_add(const struct msg_net_server *m)
{
	struct roster_server	*s;
	struct msg_span		 keys = m->keys;
	struct user		*u;
	struct key		 k;
	int			 r;

	if (nservers++ == SERVERS_MAX)
		return (-1);
	if ((s = calloc(1, sizeof(*s))) == NULL)
		err(1, NULL);
	strlcpy(s->address, m->address, sizeof(s->address));
	TAILQ_INSERT_TAIL(&next_servers, s, entry);
	while ((r = msg_net_server_next(&keys, &k)) == 1) {
		if ((u = roster_find_id(k.id)) == NULL &&
		    (u = user_new(&k)) == NULL)
			continue;
		if (u->next != NULL)
			continue;	/* named twice: where first */
		u->next = s;
		s->users++;
	}
	return (r);
}

int
roster_end(void)
{
	struct roster_servers	 old = TAILQ_HEAD_INITIALIZER(old);
	struct user		*u;

	RB_FOREACH(u, ids, &ids) {
		if ((u->next == NULL) != (u->server == NULL) ||
		    (u->next != NULL && strcmp(u->next->address,
		    u->server->address) != 0))
			changed = 1;
		u->server = u->next;
	}
	TAILQ_CONCAT(&old, &servers, entry);
	TAILQ_CONCAT(&servers, &next_servers, entry);
	free_servers(&old);
	return (changed);
}

void
roster_offline(void)
{
	struct user	*u;

	RB_FOREACH(u, ids, &ids)
		u->server = u->next = NULL;
	free_servers(&servers);
	free_servers(&next_servers);
}
