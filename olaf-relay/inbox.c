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
inbox_release(struct user *u)
{
	uint32_t	slot;

	if (user_unref(u, &slot))
		verifier_forget(slot);
}

static void
pending_free(struct pending *p)
{
	cost_now -= p->cost;
	if (p->user != NULL)
		inbox_release(p->user);
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

static void
inbox_hello(struct pending *p)
{
	struct key	k;
	int		fresh;

	if (key_read(&k, p->m.public_key.p, p->m.public_key.len) == -1) {
		inbox_refuse(p, REFUSE_BAD_KEY);
		return;
	}
	if ((p->user = user_get(&k, &fresh)) == NULL) {
		inbox_refuse(p, REFUSE_RATE_LIMITED);
		return;
	}
	if (fresh)
		verifier_key(p->user, &k);
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

static void
inbox_read(struct pending *p)
{
	enum refusal	r;

	if (inbox_rate(p->client, p->text.len) == -1) {
		inbox_refuse(p, REFUSE_RATE_LIMITED);
		return;
	}
	if ((r = message_read(&p->m, p->text.p, p->text.len)) != REFUSE_NONE) {
		inbox_refuse(p, r);
		return;
	}
	switch (p->m.type) {
	case MESSAGE_HELLO:
		inbox_hello(p);
		break;
	case MESSAGE_CHAT:
	case MESSAGE_PUBLIC_CHAT:
		inbox_chat(p);
		break;
	case MESSAGE_CLIENT_LIST_REQUEST:
	case MESSAGE_ERROR:
		p->state = PENDING_PLAIN;
		break;
	case MESSAGE_SERVER_HELLO:
	case MESSAGE_CLIENT_UPDATE:
	case MESSAGE_CLIENT_UPDATE_REQUEST:
	default:
		inbox_refuse(p, REFUSE_NOT_A_SERVER);
		break;
	}
}

/*
 * A chat verified by a key that did not become the client's, or by none, is
 * judged again by the one that did.  Returns 1 if that is under way.
 */
static int
inbox_rejudge(struct pending *p)
{
	struct user	*u = p->client->user;

	if (u == NULL || p->user == u)
		return (0);
	if (p->user == NULL && (p->state != PENDING_REFUSED ||
	    p->refusal != REFUSE_HELLO_REQUIRED))
		return (0);
	if (p->user != NULL && p->m.type == MESSAGE_HELLO)
		return (0);
	u->refs++;
	if (p->user != NULL)
		inbox_release(p->user);
	p->user = u;
	inbox_verify(p);
	return (p->state == PENDING_ASKED);
}

static void
inbox_act(struct pending *p)
{
	struct client	*c = p->client;
	enum refusal	 r = p->refusal;

	if (c->closing)
		r = REFUSE_NONE;	/* we are through with it */
	else if (p->state != PENDING_REFUSED)
		r = act(p);
	if (p->m.type == MESSAGE_HELLO && c->claim == p->user)
		c->claim = NULL;
	if (r != REFUSE_NONE)
		refuse(c, r, &p->m);
}

/* Acts on all messages at the head whose verdict is in. */
static void
inbox_run(struct client *c)
{
	struct pending	*p;

	while ((p = STAILQ_FIRST(&c->pending)) != NULL) {
		if (p->state == PENDING_ASKED)
			break;
		if (p->state != PENDING_PLAIN && inbox_rejudge(p))
			break;
		inbox_act(p);
		STAILQ_REMOVE_HEAD(&c->pending, entry);
		c->done += p->cost;
		pending_free(p);
	}
	if (c->done >= DONE_BATCH || (c->done > 0 && p == NULL)) {
		fronts_done(c, c->done);
		c->done = 0;
	}
	if (p == NULL && c->gone)
		relay_forget(c);
	fronts_balance();
}

void
inbox_text(struct client *c, struct imsg *imsg, const struct msg_text *text)
{
	struct pending	*p;

	stats_in();
	if (c->closing) {
		fronts_done(c, MSG_TEXT_COST(text->text.len));
		return;
	}
	if ((p = calloc(1, sizeof(*p))) == NULL)
		fatal("message");
	p->client = c;
	p->text = text->text;
	p->cost = MSG_TEXT_COST(text->text.len);
	cost_now += p->cost;
	chan_steal(imsg, &p->imsg);
	STAILQ_INSERT_TAIL(&c->pending, p, entry);
	inbox_read(p);
	inbox_run(c);
}

void
inbox_verdict(struct pending *p, int good)
{
	uint8_t	digests[MESSAGE_OTHER_FORMS][MESSAGE_DIGEST_LEN];
	size_t	n;

	if (good)
		p->state = PENDING_VERIFIED;
	else if (!p->retried &&
	    (n = message_other_digests(&p->m, digests)) > 0) {
		p->retried = 1;
		verifier_ask(p, p->user, &p->m, digests, n);
		return;
	} else
		inbox_refuse(p, REFUSE_BAD_SIGNATURE);
	inbox_run(p->client);
}

void
inbox_unbind(struct user *u)
{
	user_unbind(u);
	inbox_release(u);
	clientlist_changed();
}
