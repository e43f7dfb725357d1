/*
 * Neighbours as they are configured, now and next.  At a reload those whose
 * block is as before are not touched; one that has changed is another.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "clientlist.h"
#include "clock.h"
#include "link.h"
#include "neighbours.h"
#include "relay.h"
#include "verifier.h"

TAILQ_HEAD(neighbour_confs, neighbour_conf);

static struct neighbour_confs	next = TAILQ_HEAD_INITIALIZER(next);

static void
conf_free(struct neighbour_conf *c)
{
	struct neighbour_source	*s;

	while ((s = TAILQ_FIRST(&c->sources)) != NULL) {
		TAILQ_REMOVE(&c->sources, s, entry);
		free(s);
	}
	if (c->user != NULL)
		user_unref(&relay_table, c->user);
	free(c);
}

void
neighbours_begin(void)
{
	struct neighbour_conf	*c;

	while ((c = TAILQ_FIRST(&next)) != NULL) {
		TAILQ_REMOVE(&next, c, entry);
		conf_free(c);
	}
}

int
neighbours_add(const struct msg_conf_neighbour *m)
{
	struct neighbour_conf	*c;
	struct address		 a;

	if (address_read(&a, m->name, strlen(m->name)) == -1)
		return (-1);
	if ((c = calloc(1, sizeof(*c))) == NULL)
		fatal("neighbour");
	TAILQ_INIT(&c->sources);
	c->m = *m;
	TAILQ_INSERT_TAIL(&next, c, entry);
	return (0);
}

/* Sources follow their neighbour. */
int
neighbours_source(const struct msg_conf_source *m)
{
	struct neighbour_conf	*c = TAILQ_LAST(&next, neighbour_confs);
	struct neighbour_source	*s;

	if (c == NULL || c->m.number != m->number)
		return (-1);
	if ((s = calloc(1, sizeof(*s))) == NULL)
		fatal("neighbour");
	memcpy(&s->address, &m->address, sizeof(s->address));
	TAILQ_INSERT_TAIL(&c->sources, s, entry);
	return (0);
}

/* The grammar sees to it; but the mesh relies on it. */
static int
conf_repeated(const struct neighbour_conf *c)
{
	const struct neighbour_conf	*o;
	struct address			 a, b;

	address_read(&a, c->m.name, strlen(c->m.name));
	TAILQ_FOREACH(o, &next, entry) {
		if (o == c)
			break;
		address_read(&b, o->m.name, strlen(o->m.name));
		if (o->m.number == c->m.number || address_match(&a, &b))
			return (1);
	}
	return (0);
}

int
neighbours_end(void)
{
	struct neighbour_conf	*c;

	TAILQ_FOREACH(c, &next, entry) {
		if (conf_repeated(c)) {
			child_conf_bad("neighbour \"%s\": named twice",
			    c->m.name);
			return (-1);
		}
		if (c->m.key[0] != '\0' &&
		    key_read(&c->key, c->m.key, strlen(c->m.key)) == -1) {
			child_conf_bad("neighbour \"%s\": key: not an RSA "
			    "public key of 2048 to 4096 bits in PEM",
			    c->m.name);
			return (-1);
		}
	}
	return (0);
}

static int
source_equal(const union client_address *a, const union client_address *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return (0);
	if (a->sa.sa_family == AF_INET)
		return (memcmp(&a->in.sin_addr, &b->in.sin_addr,
		    sizeof(a->in.sin_addr)) == 0);
	return (memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr,
	    sizeof(a->in6.sin6_addr)) == 0);
}

static int
conf_equal(const struct neighbour_conf *a, const struct neighbour_conf *b)
{
	const struct neighbour_source	*s, *t;

	t = TAILQ_FIRST(&b->sources);
	TAILQ_FOREACH(s, &a->sources, entry) {
		if (t == NULL || !source_equal(&s->address, &t->address))
			return (0);
		t = TAILQ_NEXT(t, entry);
	}
	return (t == NULL && a->m.number == b->m.number &&
	    a->m.port == b->m.port && a->m.tls == b->m.tls &&
	    a->m.own_ca == b->m.own_ca &&
	    strcmp(a->m.name, b->m.name) == 0 &&
	    strcmp(a->m.host, b->m.host) == 0 &&
	    strcmp(a->m.key, b->m.key) == 0);
}

static struct neighbour_conf *
conf_same(const struct neighbour_conf *old)
{
	struct neighbour_conf	*c;

	TAILQ_FOREACH(c, &next, entry)
		if (conf_equal(old, c))
			break;
	return (c);
}

/* The key's user has its slot for as long as the block is in use. */
static void
conf_use(struct neighbour_conf *c)
{
	struct neighbour	*n;

	TAILQ_REMOVE(&next, c, entry);
	if (c->m.key[0] != '\0') {
		c->user = user_get(&relay_table, &c->key);
		if (user_slot(&relay_table, c->user) == 1)
			verifier_key(c->user, &c->key);
	}
	n = neighbour_new(&relay_mesh, c->m.number, c->m.name, clock_ms());
	n->conf = c;
	n->changed = relay_time();
}

void
neighbours_swap(void)
{
	struct neighbour	*n, *other;
	struct neighbour_conf	*c;

	TAILQ_FOREACH_SAFE(n, &relay_mesh.neighbours, entry, other) {
		if ((c = conf_same(n->conf)) != NULL) {
			TAILQ_REMOVE(&next, c, entry);
			conf_free(c);
			continue;
		}
		c = n->conf;
		link_neighbour_gone(n);
		conf_free(c);
	}
	while ((c = TAILQ_FIRST(&next)) != NULL)
		conf_use(c);
	clientlist_changed();
	link_schedule();
}

struct neighbour *
neighbours_unsigned(const union client_address *a)
{
	struct neighbour	*n;
	struct neighbour_source	*s;

	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		TAILQ_FOREACH(s, &n->conf->sources, entry)
			if (source_equal(&s->address, a))
				return (n);
	return (NULL);
}
