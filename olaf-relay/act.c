/*
 * Acting on messages: hello, chat, public_chat, client_list_request.
 */

#include "compat.h"

#include <string.h>

#include "act.h"
#include "clientlist.h"
#include "fronts.h"
#include "newkeys.h"
#include "relay.h"
#include "replay.h"
#include "route.h"
#include "stats.h"
#include "websocket.h"

#define DAY	86400	/* seconds */

/* Is the counter higher than the last that was accepted from this key? */
static int
act_fresh(const struct user *u, uint64_t counter)
{
	if (relay_conf.replay_session)
		return (!u->has_counter || counter > u->counter);
	return (replay_fresh(u->id, counter));
}

/*
 * Raises it, before anything goes out.  Returns -1 if there is no room for a
 * new key.
 */
static int
act_raise(struct user *u, uint64_t counter)
{
	u->has_counter = 1;
	u->counter = counter;
	if (relay_conf.replay_session)
		return (0);
	return (replay_raise(u->id, counter,
	    (uint32_t)(relay_time() / DAY)));
}

static void
act_take_over(struct user *u)
{
	struct client	*old = u->client;

	stats.takeovers++;
	inbox_unbind(u);
	fronts_close(old, WEBSOCKET_TAKEN_OVER, "taken over by a newer connection");
}

static void
act_bind(struct client *c, struct user *u, const struct message *m)
{
	struct key	k;

	if (key_read(&k, m->public_key.p, m->public_key.len) == -1)
		fatalx("a key that was read before");
	u->refs++;			/* the table's, given up by inbox_unbind */
	user_bind(u, c, &k, m->public_key.p, m->public_key.len);
	fronts_bound(c);
	clientlist_joined(u);
}

static enum refusal
act_hello(struct pending *p)
{
	struct client	*c = p->client;
	struct user	*u = p->user;

	if (c->user != NULL && c->user != u)
		return (REFUSE_WRONG_SENDER);
	if (!act_fresh(u, p->m.counter))
		return (REFUSE_REPLAYED);
	if (!relay_conf.replay_session && !replay_known(u->id) &&
	    !newkeys_allow(&c->address))
		return (REFUSE_RATE_LIMITED);
	if (act_raise(u, p->m.counter) == -1)
		return (REFUSE_RATE_LIMITED);
	stats.hellos++;
	if (c->user == u)
		return (REFUSE_NONE);
	if (u->client != NULL)
		act_take_over(u);
	/* even one that is gone: messages of it may wait behind the hello */
	if (!c->closing) {
		u->has_counter = 1;	/* a takeover cleared it */
		act_bind(c, u, &p->m);
	}
	return (REFUSE_NONE);
}

static void
act_deliver(const struct pending *p)
{
	const struct client	*except = relay_conf.echo ? NULL : p->client;

	clientlist_before(p->user);
	fronts_deliver_all(except, p->text.p, p->text.len);
	stats_out(table_nusers - (except != NULL));
	p->client->messages++;
}

static enum refusal
act_public_chat(struct pending *p)
{
	uint8_t	digest[KEY_DIGEST_LEN];

	if (p->client->user == NULL)
		return (REFUSE_HELLO_REQUIRED);
	if (key_fingerprint_read(p->m.sender.p, p->m.sender.len, digest) ==
	    -1 || !user_named(p->user, digest))
		return (REFUSE_WRONG_SENDER);
	if (!act_fresh(p->user, p->m.counter))
		return (REFUSE_REPLAYED);
	if (act_raise(p->user, p->m.counter) == -1)
		return (REFUSE_RATE_LIMITED);
	stats.public_chats++;
	act_deliver(p);
	return (REFUSE_NONE);
}

/* Unknown destinations are refused, the others are served all the same. */
static enum refusal
act_chat(struct pending *p)
{
	struct route	r;

	if (p->client->user == NULL)
		return (REFUSE_HELLO_REQUIRED);
	if (!act_fresh(p->user, p->m.counter))
		return (REFUSE_REPLAYED);
	route_chat(&r, &p->m, &relay_address);
	if (r.local) {
		if (act_raise(p->user, p->m.counter) == -1)
			return (REFUSE_RATE_LIMITED);
		stats.chats++;
		act_deliver(p);
	}
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

enum refusal
act(struct pending *p)
{
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
	case MESSAGE_CLIENT_UPDATE:
	case MESSAGE_CLIENT_UPDATE_REQUEST:
	default:
		return (REFUSE_NOT_A_SERVER);
	}
}
