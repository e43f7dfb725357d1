/*
 * Acting on messages of neighbours: client_update and its request, and chats,
 * which go to our own clients and never onward.
 */

#include "compat.h"

#include <stdio.h>
#include <string.h>

#include "act.h"
#include "act_link.h"
#include "clientlist.h"
#include "monitor.h"
#include "fronts.h"
#include "link.h"
#include "relay.h"
#include "route.h"
#include "seen.h"
#include "stats.h"

struct presence *
act_signer(const struct pending *p)
{
	uint8_t		 digest[KEY_DIGEST_LEN];
	struct user	*u;

	if (key_fingerprint_read(p->m.sender.p, p->m.sender.len, digest) ==
	    -1 || (u = user_by_digest(&relay_table, digest)) == NULL)
		return (NULL);
	return (presence_find(u, &p->client->link->neighbour->server));
}

static void
act_link_deliver(const struct pending *p)
{
	fronts_deliver_all(NULL, p->text.p, p->text.len);
	stats_out(relay_table.here.nusers);
}

/*
 * A text for all clients that is longer than the send queue makes slow consumers
 * of them all at once, and others may wait before it.
 */
static int
act_link_too_large(const struct pending *p)
{
	return (p->text.len > relay_conf.send_queue / 2);
}

static enum refusal
act_link_public_chat(struct pending *p)
{
	struct presence	*signer = act_signer(p);

	/* it may have left in an update meanwhile */
	if (signer == NULL || signer->user != p->user)
		return (REFUSE_WRONG_SENDER);
	if (act_link_too_large(p))
		return (REFUSE_TOO_LARGE);
	if (!act_fresh(p->user, NULL, p->m.counter))
		return (REFUSE_REPLAYED);
	if (act_raise(p->user, p->m.counter, 1) == -1) {
		link_log(p->client->link->neighbour, LINE_KEYS, "new keys of "
		    "its users are refused: half of limits counters was used "
		    "within a day");
		return (REFUSE_RATE_LIMITED);
	}
	signer->has_counter = 1;
	signer->counter = p->m.counter;
	stats.links_public_chats++;
	clientlist_before(signer);
	act_link_deliver(p);
	return (REFUSE_NONE);
}

/* Its signature is the recipients' to check: it does not say whose it is. */
static enum refusal
act_link_chat(struct pending *p)
{
	if (!route_here(&relay_address, p->m.dests, p->m.ndests))
		return (REFUSE_UNKNOWN_DESTINATION);
	if (act_link_too_large(p))
		return (REFUSE_TOO_LARGE);
	if (seen_before(&p->m))
		return (REFUSE_REPLAYED);
	stats.links_chats++;
	act_link_deliver(p);
	return (REFUSE_NONE);
}

/* Takes the users one by one; tells how many came. */
static unsigned int
act_link_users(struct neighbour *n, const struct message *m)
{
	struct scan_span	 rest = m->clients;
	struct presence		*p;
	char			 pem[KEY_PEM_MAX];
	unsigned int		 came = 0;
	size_t			 len;
	int			 r;

	server_update(&n->server);
	while ((r = message_next_client(&rest, pem, sizeof(pem), &len)) != 0) {
		switch (r == 1 ? server_add(&relay_table, &n->server, pem,
		    len, &p) : SERVER_BAD_KEY) {
		case SERVER_ADDED:
			clientlist_joined(p);
			came++;
			break;
		case SERVER_KNOWN:
			break;
		case SERVER_REPEATED:
		case SERVER_BAD_KEY:
		default:
			n->counts.keys_refused++;
			stats.keys_refused++;
			break;
		}
	}
	return (came);
}

static enum refusal
act_link_update(struct pending *p)
{
	struct neighbour	*n = p->client->link->neighbour;
	unsigned int		 came, left;
	size_t			 count = message_count_clients(&p->m);

	if (count > relay_conf.link_users) {
		snprintf(n->error, sizeof(n->error), "client_update: %zu "
		    "users, more than limits link users %u", count,
		    relay_conf.link_users);
		link_log(n, LINE_USERS, "%s", n->error);
		return (REFUSE_TOO_LARGE);
	}
	came = act_link_users(n, &p->m);
	left = server_updated(&relay_table, &n->server);
	n->counts.updates_in++;
	stats.updates_in++;
	if (came > 0 || left > 0) {
		monitor_event("neighbour.users", n->name, "%u came, %u left, "
		    "%u there", came, left, n->server.nusers);
		clientlist_changed();
	}
	return (REFUSE_NONE);
}

/* A second time, or by a link that we dialled: it must be that neighbour's. */
static enum refusal
act_link_server_hello(const struct pending *p)
{
	return (act_neighbour(&p->m) == p->client->link->neighbour ?
	    REFUSE_NONE : REFUSE_NOT_A_SERVER);
}

static void
act_link_error(struct pending *p)
{
	const char	*code = refusal_name(REFUSE_NOT_A_SERVER);
	size_t		 len = strlen(code);

	stats.errors_ignored++;
	if (p->m.code.len == len && memcmp(p->m.code.p, code, len) == 0)
		link_refused(p->client);
}

enum refusal
act_link(struct pending *p)
{
	if (p->m.type != MESSAGE_ERROR)
		link_heard(p->client);
	switch (p->m.type) {
	case MESSAGE_CHAT:
		return (act_link_chat(p));
	case MESSAGE_PUBLIC_CHAT:
		return (act_link_public_chat(p));
	case MESSAGE_CLIENT_UPDATE:
		return (act_link_update(p));
	case MESSAGE_CLIENT_UPDATE_REQUEST:
		link_asked(p->client);
		return (REFUSE_NONE);
	case MESSAGE_SERVER_HELLO:
		return (act_link_server_hello(p));
	case MESSAGE_ERROR:
		act_link_error(p);
		return (REFUSE_NONE);
	case MESSAGE_HELLO:
	case MESSAGE_CLIENT_LIST_REQUEST:
	default:
		return (REFUSE_UNKNOWN_TYPE);
	}
}
