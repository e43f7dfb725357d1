/*
 * Messages of clients, from their text to the verdict; act.c does what they
 * say.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "chan.h"
#include "clientlist.h"
#include "clock.h"
#include "fronts.h"
#include "inbox.h"
#include "link.h"
#include "neighbours.h"
#include "refuse.h"
#include "relay.h"
#include "stats.h"
#include "verifier.h"

#define RATE_UNIT	(64 * 1024)	/* octets that count as a message */
#define DONE_BATCH	(16 * 1024)	/* cost reported to front at once */

static uint64_t	cost_now;

uint64_t
inbox_cost(void)
{
	return (cost_now);
}

static void
pending_free(struct pending *p)
{
	cost_now -= p->cost;
	if (p->user != NULL)
		user_unref(&relay_table, p->user);
	message_clear(&p->m);
	imsg_free(&p->imsg);
	free(p);
}

static void
inbox_refuse(struct pending *p, enum refusal r)
{
	p->state = PENDING_REFUSED;
	p->refusal = r;
}

/*
 * The token bucket of "limits messages".  A long message counts for several,
 * since it costs as much.
 */
static int
inbox_rate(struct client *c, size_t len)
{
	int64_t		now = clock_ms();
	uint64_t	max = (uint64_t)relay_conf.message_burst * 1000;
	uint64_t	cost = (1 + len / RATE_UNIT) * 1000, level;

	level = c->bucket_time == 0 ? max : c->bucket +
	    (uint64_t)(now - c->bucket_time) * relay_conf.message_rate;
	c->bucket_time = now;
	if (level > max)
		level = max;
	if (cost > max)
		cost = max;
	if (level < cost) {
		c->bucket = level;
		return (-1);
	}
	c->bucket = level - cost;
	return (0);
}

/* Asks for a verdict on the form that was received. */
static void
inbox_verify(struct pending *p)
{
	uint8_t	digest[1][MESSAGE_DIGEST_LEN];

	if (p->m.siglen != p->user->siglen) {
		inbox_refuse(p, REFUSE_BAD_SIGNATURE);
		return;
	}
	p->state = PENDING_ASKED;
	p->retried = 0;
	message_digest(&p->m, digest[0]);
	verifier_ask(p, p->user, &p->m, digest, 1);
}

/* Has the key's verifier know it.  Returns -1 if there is no room for it. */
static int
inbox_slot(struct user *u, const struct key *k)
{
	int	r;

	if ((r = user_slot(&relay_table, u)) == 1)
		verifier_key(u, k);
	return (r);
}

static void
inbox_hello(struct pending *p)
{
	struct key	k;

	if (key_read(&k, p->m.public_key.p, p->m.public_key.len) == -1) {
		inbox_refuse(p, REFUSE_BAD_KEY);
		return;
	}
	p->user = user_get(&relay_table, &k);
	if (inbox_slot(p->user, &k) == -1) {
		inbox_refuse(p, REFUSE_RATE_LIMITED);
		return;
	}
	if (p->client->user == NULL && p->client->claim == NULL)
		p->client->claim = p->user;
	inbox_verify(p);
}

/* A chat is verified by the bound key, or by that of the hello before it. */
static void
inbox_chat(struct pending *p)
{
	struct client	*c = p->client;

	p->user = c->user != NULL ? c->user : c->claim;
	if (p->user == NULL) {
		inbox_refuse(p, REFUSE_HELLO_REQUIRED);
		return;
	}
	p->user->refs++;
	inbox_verify(p);
}

/* Verified by the key that is pinned for the neighbour that it names. */
static void
inbox_server_hello(struct pending *p)
{
	struct neighbour	*n = act_neighbour(&p->m);

	if (n == NULL || n->conf->user == NULL) {
		inbox_refuse(p, REFUSE_NOT_A_SERVER);
		return;
	}
	p->user = n->conf->user;
	p->user->refs++;
	inbox_verify(p);
}

static void
inbox_judge_client(struct pending *p)
{
	switch (p->m.type) {
	case MESSAGE_HELLO:
		inbox_hello(p);
		break;
	case MESSAGE_CHAT:
	case MESSAGE_PUBLIC_CHAT:
		inbox_chat(p);
		break;
	case MESSAGE_SERVER_HELLO:
		inbox_server_hello(p);
		break;
	case MESSAGE_CLIENT_LIST_REQUEST:
	case MESSAGE_ERROR:
	case MESSAGE_CLIENT_UPDATE:
	case MESSAGE_CLIENT_UPDATE_REQUEST:
	default:
		p->state = PENDING_PLAIN;
		break;
	}
}

/* A neighbour's: only public_chat names its signer. */
static void
inbox_judge_link(struct pending *p)
{
	struct presence	*signer;
	struct key	 k;

	p->state = PENDING_PLAIN;
	if (p->m.type != MESSAGE_PUBLIC_CHAT)
		return;
	p->state = PENDING_UNKNOWN;
	if ((signer = act_signer(p)) == NULL)
		return;
	if (signer->user->slot == TABLE_NO_SLOT &&
	    (key_read(&k, signer->pem, signer->pemlen) == -1 ||
	    inbox_slot(signer->user, &k) == -1)) {
		inbox_refuse(p, REFUSE_RATE_LIMITED);
		return;
	}
	p->user = signer->user;
	p->user->refs++;
	inbox_verify(p);
}

/* It came by a link. */
static void
inbox_count(struct pending *p)
{
	if (p->counted)
		return;
	p->counted = 1;
	if (p->of_stranger)
		stats.messages_in--;
	stats.links_in++;
	p->client->link->neighbour->counts.messages_in++;
}

static void
inbox_judge(struct pending *p)
{
	if (p->user != NULL)
		user_unref(&relay_table, p->user);
	p->user = NULL;
	p->refusal = REFUSE_NONE;
	p->of_link = p->client->link != NULL;
	if (p->of_link) {
		inbox_count(p);
		inbox_judge_link(p);
	} else
		inbox_judge_client(p);
}

static void
inbox_read(struct pending *p)
{
	enum refusal	r = REFUSE_NONE;
	int64_t		begin = clock_us();

	if (p->client->link != NULL)
		inbox_count(p);
	else if (inbox_rate(p->client, p->text.len) == -1)
		r = REFUSE_RATE_LIMITED;
	if (r == REFUSE_NONE)
		r = message_read(&p->m, p->text.p, p->text.len);
	if (r != REFUSE_NONE) {
		p->unread = 1;
		inbox_refuse(p, r);
	} else
		inbox_judge(p);
	p->took += clock_us() - begin;
}

/*
 * A chat verified by a key that did not become the client's, or by none, is
 * judged again by the one that did; and any message, if its connection became
 * a neighbour's link meanwhile, or its signer one of the neighbour's users.
 * Returns 1 if a verifier is asked.
 */
static int
inbox_rejudge(struct pending *p)
{
	const struct client	*c = p->client;
	int			 again = 0;

	if (p->unread || c->closing)
		return (0);
	if (p->of_link != (c->link != NULL) || p->state == PENDING_UNKNOWN)
		again = 1;
	else if (!p->of_link && c->user != NULL && p->user != c->user)
		again = p->m.type == MESSAGE_CHAT ||
		    p->m.type == MESSAGE_PUBLIC_CHAT;
	if (!again)
		return (0);
	inbox_judge(p);
	if (p->state == PENDING_UNKNOWN)
		inbox_refuse(p, REFUSE_WRONG_SENDER);
	return (p->state == PENDING_ASKED);
}

/*
 * Acts on a message; all the time that it took is a neighbour's, if it came by
 * its link, even if that is closed for it.
 */
static void
inbox_act(struct pending *p)
{
	struct client		*c = p->client;
	struct neighbour	*n = c->link != NULL ? c->link->neighbour :
				    NULL;
	enum refusal		 r = p->refusal;
	int64_t			 begin = clock_us();

	if (c->closing)
		r = REFUSE_NONE;	/* we are through with it */
	else if (p->state != PENDING_REFUSED)
		r = act(p);
	if (c->link != NULL)
		inbox_count(p);		/* it may have made it one */
	if (p->m.type == MESSAGE_HELLO && c->claim == p->user)
		c->claim = NULL;
	if (r != REFUSE_NONE)
		refuse(c, r, &p->m, !p->excused);
	if (n != NULL)
		link_rest(n, p->took + clock_us() - begin);
}

/* Where the client's messages wait: those of a neighbour's links, together. */
static struct pendings *
inbox_queue(struct client *c)
{
	return (c->link != NULL ? &c->link->neighbour->pending : &c->pending);
}

/* A message is through.  The client may be gone by it. */
static void
inbox_through(struct pending *p)
{
	struct client	*c = p->client;

	c->done += p->cost;
	c->npending--;
	pending_free(p);
	if ((c->done >= DONE_BATCH || (c->done > 0 && c->npending == 0)) &&
	    !link_rests(c)) {
		fronts_done(c, c->done);
		c->done = 0;
	}
	if (c->npending == 0 && c->gone)
		relay_forget(c);
}

/*
 * Acts on all messages at the head of a queue whose verdict is in.  The queue
 * may become another on the way: a client turns out to be a neighbour.
 */
static void
inbox_run(struct pendings *q)
{
	struct pending	*p;
	struct client	*c;

	while ((p = STAILQ_FIRST(q)) != NULL) {
		if (p->state == PENDING_ASKED || inbox_rejudge(p))
			break;
		STAILQ_REMOVE_HEAD(q, entry);
		c = p->client;
		inbox_act(p);
		if (q == &c->pending)
			q = inbox_queue(c);
		if (c->npending == 1 && c->gone && q == &c->pending) {
			inbox_through(p);	/* and its queue with it */
			break;
		}
		inbox_through(p);
	}
	fronts_balance();
}

void
inbox_text(struct client *c, struct imsg *imsg, const struct msg_text *text)
{
	struct pending	*p;
	int		 of_stranger = c->link == NULL;

	if (of_stranger)
		stats_in();
	if (c->closing) {
		fronts_done(c, MSG_TEXT_COST(text->text.len));
		return;
	}
	if ((p = calloc(1, sizeof(*p))) == NULL)
		fatal("message");
	p->client = c;
	p->of_stranger = of_stranger;
	p->text = text->text;
	p->cost = MSG_TEXT_COST(text->text.len);
	cost_now += p->cost;
	c->npending++;
	chan_steal(imsg, &p->imsg);
	STAILQ_INSERT_TAIL(inbox_queue(c), p, entry);
	inbox_read(p);
	inbox_run(inbox_queue(c));
}

/* Asks for a verdict on the other forms, if there are any. */
static int
inbox_retry(struct pending *p)
{
	uint8_t	digests[MESSAGE_OTHER_FORMS][MESSAGE_DIGEST_LEN];
	int64_t	begin = clock_us();
	size_t	n;

	if (p->retried)
		return (0);
	p->retried = 1;
	if ((n = message_other_digests(&p->m, digests)) > 0)
		verifier_ask(p, p->user, &p->m, digests, n);
	p->took += clock_us() - begin;
	return (n > 0);
}

void
inbox_verdict(struct pending *p, int good)
{
	if (good)
		p->state = PENDING_VERIFIED;
	else if (inbox_retry(p))
		return;
	else
		inbox_refuse(p, REFUSE_BAD_SIGNATURE);
	inbox_run(inbox_queue(p->client));
}

void
inbox_detach(struct client *c, struct neighbour *n)
{
	struct pendings	 all = STAILQ_HEAD_INITIALIZER(all);
	struct pending	*p;

	STAILQ_CONCAT(&all, &n->pending);
	while ((p = STAILQ_FIRST(&all)) != NULL) {
		STAILQ_REMOVE_HEAD(&all, entry);
		STAILQ_INSERT_TAIL(p->client == c ? &c->pending : &n->pending,
		    p, entry);
	}
	inbox_run(&c->pending);
}

void
inbox_unbind(struct user *u)
{
	user_unbind(&relay_table, u);
	link_users_changed();
	clientlist_changed();
}
