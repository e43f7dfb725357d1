/*
 * Acting on clients' messages: hello, chat, public_chat, client_list_request;
 * and on the one that makes a client a neighbour.
 */

#include "compat.h"

#include <string.h>

#include "act.h"
#include "act_link.h"
#include "clientlist.h"
#include "monitor.h"
#include "fronts.h"
#include "link.h"
#include "neighbours.h"
#include "newkeys.h"
#include "relay.h"
#include "replay.h"
#include "route.h"
#include "seen.h"
#include "stats.h"
#include "websocket.h"

#define DAY	86400	/* seconds */

static int
act_fresh_client(const struct client *c, uint64_t counter)
{
	return (c == NULL || !c->has_counter || counter > c->counter);
}

/*
 * For replay session.  Whoever recorded a message must not take a user over
 * with it, nor repeat at one server what was said at another.
 */
static int
act_fresh_session(const struct user *u, const struct client *c,
    uint64_t counter)
{
	const struct presence	*p;

	LIST_FOREACH(p, &u->presences, entry_user)
		if (p->has_counter && counter <= p->counter)
			return (0);
	return (act_fresh_client(c, counter) &&
	    act_fresh_client(u->client, counter));
}

int
act_fresh(const struct user *u, const struct client *c, uint64_t counter)
{
	return (relay_conf.replay_session ? act_fresh_session(u, c, counter) :
	    replay_fresh(u->id, counter));
}

int
act_raise(const struct user *u, uint64_t counter, int of_link)
{
	uint32_t	today = (uint32_t)(relay_time() / DAY);

	if (relay_conf.replay_session)
		return (0);
	if (of_link && !replay_room(u->id, today))
		return (-1);
	return (replay_raise(u->id, counter, today));
}

/* The same for a client, whose connection has a counter of its own too. */
static int
act_raise_client(struct client *c, const struct user *u, uint64_t counter)
{
	c->has_counter = 1;
	c->counter = counter;
	return (act_raise(u, counter, 0));
}

static void
act_take_over(struct user *u)
{
	struct client	*old = u->client;

	stats.takeovers++;
	monitor_gone(old);
	inbox_unbind(u);
	fronts_close(old, WEBSOCKET_TAKEN_OVER, "taken over by a newer connection");
}

static void
act_bind(struct client *c, struct user *u, const struct message *m)
{
	struct key	k;

	if (key_read(&k, m->public_key.p, m->public_key.len) == -1)
		fatalx("a key that was read before");
	user_bind(&relay_table, u, c, &k, m->public_key.p, m->public_key.len);
	fronts_bound(c);
	u->here->version = link_users_changed();
	clientlist_joined(u->here);
	monitor_user("client.hello", u->here, c);
}

static enum refusal
act_hello(struct pending *p)
{
	struct client	*c = p->client;
	struct user	*u = p->user;

	if (c->user != NULL && c->user != u)
		return (REFUSE_WRONG_SENDER);
	if (!act_fresh(u, c, p->m.counter))
		return (REFUSE_REPLAYED);
	if (!relay_conf.replay_session && !replay_known(u->id) &&
	    !newkeys_allow(&c->address))
		return (REFUSE_RATE_LIMITED);
	if (act_raise_client(c, u, p->m.counter) == -1)
		return (REFUSE_RATE_LIMITED);
	stats.hellos++;
	if (c->user == u)
		return (REFUSE_NONE);
	if (u->client != NULL)
		act_take_over(u);
	/* even one that is gone: messages of it may wait behind the hello */
	if (!c->closing)
		act_bind(c, u, &p->m);
	return (REFUSE_NONE);
}

/* To our own clients, and to the neighbours of the route. */
static void
act_deliver(const struct pending *p, const struct route *r)
{
	const struct client	*except = relay_conf.echo ? NULL : p->client;
	const struct presence	*here = p->user->here;

	p->client->messages++;
	if (r->local) {
		clientlist_before(here);
		fronts_deliver_all(except, p->text.p, p->text.len);
		stats_out(relay_table.here.nusers - (except != NULL));
	}
	if (r->count > 0)
		link_send(r, here->version, p->text.p, p->text.len);
}

static enum refusal
act_public_chat(struct pending *p)
{
	struct client	*c = p->client;
	struct route	 r;
	uint8_t		 digest[KEY_DIGEST_LEN];

	if (c->user == NULL)
		return (REFUSE_HELLO_REQUIRED);
	if (key_fingerprint_read(p->m.sender.p, p->m.sender.len, digest) ==
	    -1 || !presence_named(p->user->here, digest))
		return (REFUSE_WRONG_SENDER);
	if (!act_fresh(p->user, c, p->m.counter))
		return (REFUSE_REPLAYED);
	if (act_raise_client(c, p->user, p->m.counter) == -1)
		return (REFUSE_RATE_LIMITED);
	stats.public_chats++;
	route_public_chat(&r, &relay_mesh);
	act_deliver(p, &r);
	return (REFUSE_NONE);
}

/* Unknown destinations are refused, the others are served all the same. */
static enum refusal
act_chat(struct pending *p)
{
	struct client	*c = p->client;
	struct route	 r;

	if (c->user == NULL)
		return (REFUSE_HELLO_REQUIRED);
	if (!act_fresh(p->user, c, p->m.counter))
		return (REFUSE_REPLAYED);
	route_chat(&r, &relay_mesh, &relay_address, p->m.dests, p->m.ndests);
	if (r.local || r.count > 0) {
		if (act_raise_client(c, p->user, p->m.counter) == -1)
			return (REFUSE_RATE_LIMITED);
		stats.chats++;
		/* a neighbour may send it back */
		if (r.local && r.count > 0)
			seen_before(&p->m);
		act_deliver(p, &r);
	}
	/* that a neighbour is away is no fault of the client's */
	p->excused = !r.nowhere;
	return (r.unknown ? REFUSE_UNKNOWN_DESTINATION : REFUSE_NONE);
}

static enum refusal
act_list(struct pending *p)
{
	if (p->client->list_asked)
		return (REFUSE_RATE_LIMITED);
	stats.list_requests++;
	if (!p->client->gone && !p->client->closing)
		clientlist_ask(p->client);
	return (REFUSE_NONE);
}

struct neighbour *
act_neighbour(const struct message *m)
{
	struct address	a;

	if (address_read(&a, m->sender.p, m->sender.len) == -1)
		return (NULL);
	return (neighbour_named(&relay_mesh, &a));
}

/* The key was verified that was pinned when the message came. */
static enum refusal
act_server_hello(struct pending *p)
{
	struct neighbour	*n = act_neighbour(&p->m);
	struct client		*c = p->client;

	if (n == NULL || n->conf->user != p->user || c->user != NULL ||
	    c->gone || link_accept(c, n) == -1)
		return (REFUSE_NOT_A_SERVER);
	return (REFUSE_NONE);
}

/* From an address whose connections need no server_hello? */
static enum refusal
act_unsigned(struct pending *p)
{
	struct client		*c = p->client;
	struct neighbour	*n;

	if (c->user != NULL || c->gone ||
	    (n = neighbours_unsigned(&c->address)) == NULL ||
	    link_accept(c, n) == -1)
		return (REFUSE_NOT_A_SERVER);
	return (act_link(p));
}

enum refusal
act(struct pending *p)
{
	if (p->client->link != NULL)
		return (act_link(p));
	switch (p->m.type) {
	case MESSAGE_HELLO:
		return (act_hello(p));
	case MESSAGE_CHAT:
		return (act_chat(p));
	case MESSAGE_PUBLIC_CHAT:
		return (act_public_chat(p));
	case MESSAGE_CLIENT_LIST_REQUEST:
		return (act_list(p));
	case MESSAGE_ERROR:
		stats.errors_ignored++;
		return (REFUSE_NONE);
	case MESSAGE_SERVER_HELLO:
		return (act_server_hello(p));
	case MESSAGE_CLIENT_UPDATE:
	case MESSAGE_CLIENT_UPDATE_REQUEST:
	default:
		return (act_unsigned(p));
	}
}
