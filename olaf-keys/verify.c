/*
 * The verifier.  Relay names keys by slots; every key is kept as DER, the
 * library's form only for those that signed lately.
 */

#include "compat.h"

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/tree.h>

#include <openssl/evp.h>

#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "key.h"
#include "log.h"
#include "msg_conf.h"
#include "msg_verify.h"
#include "signature.h"
#include "verify.h"

#define VERIFY_CACHE	2048	/* keys kept in the library's form, 4 kB each */

struct slot {
	RB_ENTRY(slot)		 entry;
	TAILQ_ENTRY(slot)	 lru;
	uint32_t		 number;
	uint32_t		 derlen;
	int			 used;		/* a signature of it was judged */
	EVP_PKEY_CTX		*ctx;		/* NULL: not in the cache */
	uint8_t			 der[];
};

static int
slot_cmp(struct slot *a, struct slot *b)
{
	return (a->number < b->number ? -1 : a->number > b->number);
}

RB_HEAD(slots, slot);
RB_PROTOTYPE_STATIC(slots, slot, entry, slot_cmp)
RB_GENERATE_STATIC(slots, slot, entry, slot_cmp)

static struct slots		 slots = RB_INITIALIZER(&slots);
TAILQ_HEAD(slot_cache, slot);
static struct slot_cache	 cache = TAILQ_HEAD_INITIALIZER(cache);
static unsigned int		 cached;

static struct slot *
slot_find(uint32_t number)
{
	struct slot	key;

	key.number = number;
	return (RB_FIND(slots, &slots, &key));
}

static void
slot_uncache(struct slot *s)
{
	if (s->ctx == NULL)
		return;
	EVP_PKEY_CTX_free(s->ctx);
	s->ctx = NULL;
	TAILQ_REMOVE(&cache, s, lru);
	cached--;
}

static void
slot_free(struct slot *s)
{
	slot_uncache(s);
	RB_REMOVE(slots, &slots, s);
	free(s);
}

/*
 * The key's context, from the cache.  Most keys sign a hello and then nothing
 * for long: they come in with their second use, and *once is what the caller
 * must free before.
 */
static EVP_PKEY_CTX *
slot_use(struct slot *s, EVP_PKEY_CTX **once)
{
	*once = NULL;
	if (s->ctx != NULL)
		TAILQ_REMOVE(&cache, s, lru);
	else {
		if (!s->used) {
			s->used = 1;
			return (*once = signature_context(s->der, s->derlen));
		}
		s->ctx = signature_context(s->der, s->derlen);
		if (s->ctx == NULL)
			return (NULL);
		if (++cached > VERIFY_CACHE)
			slot_uncache(TAILQ_LAST(&cache, slot_cache));
	}
	TAILQ_INSERT_HEAD(&cache, s, lru);
	return (s->ctx);
}

static void
verify_key(struct chan *c, struct ibuf *b)
{
	struct msg_verify_key	 m;
	struct slot		*s;

	if (msg_verify_key_get(b, &m) == -1) {
		chan_breach(c, "VERIFY_KEY");
		return;
	}
	if ((s = slot_find(m.slot)) != NULL)
		slot_free(s);
	if ((s = calloc(1, sizeof(*s) + m.der.len)) == NULL)
		fatal("key");
	s->number = m.slot;
	s->derlen = (uint32_t)m.der.len;
	memcpy(s->der, m.der.p, m.der.len);
	RB_INSERT(slots, &slots, s);
}

static void
verify_forget(struct chan *c, struct ibuf *b)
{
	struct slot	*s;
	uint32_t	 number;

	if (msg_number_only_get(b, &number) == -1) {
		chan_breach(c, "VERIFY_FORGET");
		return;
	}
	if ((s = slot_find(number)) != NULL)
		slot_free(s);
}

static int
verify_any(const struct msg_verify *m)
{
	struct slot	*s;
	EVP_PKEY_CTX	*ctx, *once;
	int		 i, good = 0;

	if ((s = slot_find(m->slot)) == NULL ||
	    (ctx = slot_use(s, &once)) == NULL)
		return (0);
	for (i = 0; i < m->count && !good; i++)
		good = signature_good(ctx, m->sig, m->siglen, m->digest[i]);
	EVP_PKEY_CTX_free(once);
	return (good);
}

static void
verify_request(struct chan *c, struct ibuf *b)
{
	struct msg_verify	 m;
	struct msg_verdict	 v;
	struct ibuf		*out;

	if (msg_verify_get(b, &m) == -1) {
		chan_breach(c, "VERIFY");
		return;
	}
	v.id = m.id;
	v.good = verify_any(&m);
	out = chan_open(c, MSG_VERDICT, 16);
	msg_verdict_put(out, &v);
	chan_close(c, out);
}

void
verify_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	if (imsg == NULL) {
		chan_free(c);		/* the parent decides what comes of it */
		return;
	}
	child_ibuf(imsg, &b);
	switch (imsg_get_type(imsg)) {
	case MSG_VERIFY_KEY:
		verify_key(c, &b);
		break;
	case MSG_VERIFY_FORGET:
		verify_forget(c, &b);
		break;
	case MSG_VERIFY:
		verify_request(c, &b);
		break;
	default:
		chan_breach(c, "unexpected");
	}
}
