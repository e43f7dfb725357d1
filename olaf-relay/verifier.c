/*
 * Relay's side of the verifiers.  A key's requests all go to the same one, so
 * they come back in order and its key is cached once.
 */

#include "compat.h"

#include <string.h>

#include "child.h"
#include "clock.h"
#include "inbox.h"
#include "msg_verify.h"
#include "relay.h"
#include "stats.h"
#include "verifier.h"

_Static_assert(MSG_DER_MAX == KEY_DER_MAX && MSG_SIG_MAX == MESSAGE_SIG_MAX &&
    MSG_DIGEST_LEN == MESSAGE_DIGEST_LEN &&
    MSG_FORMS >= MESSAGE_OTHER_FORMS, "a request holds what it is made of");

#define VERIFIERS_MAX	64

static struct chan	*verifiers[VERIFIERS_MAX];
static unsigned int	 nverifiers;
static struct hash	 asked;
static uint64_t		 last_id;

static struct pending *
verifier_find(uint64_t id)
{
	struct hash_link	*l = hash_first(&asked, id);

	return (l != NULL ? HASH_OF(l, struct pending, by_id) : NULL);
}

static void
verifier_verdict(struct chan *c, struct ibuf *b)
{
	struct msg_verdict	 v;
	struct pending		*p;
	uint64_t		 usec;

	if (msg_verdict_get(b, &v) == -1) {
		chan_breach(c, "VERDICT");
		return;
	}
	if ((p = verifier_find(v.id)) == NULL ||
	    verifiers[p->slot % nverifiers] != c) {
		chan_breach(c, "VERDICT: never asked for");
		return;
	}
	hash_remove(&asked, &p->by_id);
	usec = (uint64_t)(clock_us() - p->asked);
	stats.verify_count++;
	stats.verify_bad += !v.good;
	stats.verify_usec += usec;
	if (usec > stats.verify_usec_max)
		stats.verify_usec_max = usec;
	inbox_verdict(p, v.good);
}

static void
verifier_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	if (imsg == NULL) {
		/*
		 * the parent decides what comes of it; nothing more is judged
		 */
		chan_pause(c);
		return;
	}
	if (imsg_get_type(imsg) != MSG_VERDICT)
		chan_breach(c, "unexpected");
	else
		verifier_verdict(c, child_ibuf(imsg, &b));
}

void
verifier_add(struct chan *parent)
{
	if (nverifiers == VERIFIERS_MAX) {
		chan_breach(parent, "PEER: too many verifiers");
		return;
	}
	verifiers[nverifiers] = chan_new(chan_take_fd(parent), ROLE_VERIFIER,
	    nverifiers, verifier_message, NULL);
	nverifiers++;
}

static struct chan *
verifier_of(uint32_t slot)
{
	if (nverifiers == 0)
		fatalx("no verifier");
	return (verifiers[slot % nverifiers]);
}

void
verifier_key(const struct user *u, const struct key *k)
{
	struct chan		*c = verifier_of(u->slot);
	struct msg_verify_key	 m;
	struct ibuf		*b;

	m.slot = u->slot;
	m.der.p = k->der;
	m.der.len = k->derlen;
	b = chan_open(c, MSG_VERIFY_KEY, k->derlen + 8);
	msg_verify_key_put(b, &m);
	chan_close(c, b);
}

void
verifier_forget(uint32_t slot)
{
	struct chan	*c = verifier_of(slot);
	struct ibuf	*b;

	b = chan_open(c, MSG_VERIFY_FORGET, 8);
	msg_put32(b, slot);
	chan_close(c, b);
}

void
verifier_ask(struct pending *p, const struct user *u, const struct message *m,
    uint8_t (*digests)[MESSAGE_DIGEST_LEN], size_t n)
{
	struct chan		*c = verifier_of(u->slot);
	struct msg_verify	 v;
	struct ibuf		*b;

	memset(&v, 0, sizeof(v));
	p->slot = u->slot;
	v.id = ++last_id;
	v.slot = u->slot;
	v.count = (uint8_t)n;
	v.siglen = (uint16_t)m->siglen;
	memcpy(v.digest, digests, n * MESSAGE_DIGEST_LEN);
	memcpy(v.sig, m->sig, m->siglen);
	hash_insert(&asked, &p->by_id, v.id);
	p->asked = clock_us();
	b = chan_open(c, MSG_VERIFY, 640);
	msg_verify_put(b, &v);
	chan_close(c, b);
}
