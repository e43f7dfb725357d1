/*
 * Reading what the server sends.  Before olaf gets to see a message: its keys
 * were tried, its sender is known, the signature is the sender's, and we are
 * meant.  What is of no type that we know is nobody's business.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "form.h"
#include "incoming.h"
#include "lists.h"
#include "plain.h"
#include "signature.h"
#include "tell.h"
#include "unseal.h"
#include "users.h"

#define IV_MAX	16

/*
 * Keys that may be for us and open nothing: an honest sender makes one, who
 * wants to keep us busy very many.
 */
#define TRIES_MAX	64

/*
 * To try a key takes olaf a third of a millisecond, and a chat may have a
 * thousand.  The first question about a chat is always asked; for what is beyond,
 * each key fills so many milliseconds, of which so many may be filled at once.
 */
#define KEY_MS		4
#define KEYS_MS_MAX	16384

/* Octets of a message that is no list; servers forward a mebibyte at most. */
#define LENGTH_MAX	(4 * 1024 * 1024)

static struct {
	struct message		 m;
	char			*text;		/* NULL: none is in hand */
	uint8_t			 sender[KEY_DIGEST_LEN];	/* as it names itself */
	/* of a chat: */
	struct scan_span	 rest;		/* keys to be asked about */
	uint32_t		 number;	/* of the question */
	size_t			 asked;		/* how many in it */
	int			 again;		/* not the first question */
	unsigned int		 tries;		/* keys that were for us */
	uint8_t			*sealed;
	size_t			 sealedlen;
	struct plain		 plain;
} in;

static int64_t	keys_since;

void
incoming_drop(void)
{
	message_clear(&in.m);
	plain_clear(&in.plain);
	free(in.sealed);
	free(in.text);
	memset(&in, 0, sizeof(in));
}

static enum incoming
done(void)
{
	incoming_drop();
	return (INCOMING_DONE);
}

static enum incoming
unreadable(enum msg_unreadable why, const struct key *sender)
{
	tell_unreadable(why, sender);
	return (done());
}

/* ---- who sent it, and to whom ------------------------------------------------- */

/* Does the sender's key verify any of the forms?  Then also which. */
static int
verify(const struct key *sender, enum msg_form *form)
{
	EVP_PKEY_CTX	*ctx;
	uint8_t		 digest[MESSAGE_DIGEST_LEN];
	uint8_t		 others[MESSAGE_OTHER_FORMS][MESSAGE_DIGEST_LEN];
	size_t		 i, n;
	int		 good;

	if (in.m.siglen > MESSAGE_SIG_MAX ||
	    (ctx = signature_context(sender->der, sender->derlen)) == NULL)
		return (0);
	*form = form_received(&in.m);
	message_digest(&in.m, digest);
	good = signature_good(ctx, in.m.sig, in.m.siglen, digest);
	if (!good) {
		n = message_other_digests(&in.m, others);
		for (i = 0; i < n && !good; i++)
			good = signature_good(ctx, in.m.sig, in.m.siglen,
			    others[i]);
		if (good)
			*form = form_other(*form, i - 1);
	}
	EVP_PKEY_CTX_free(ctx);
	return (good);
}

/* Writes the participants as olaf gets them.  Returns whether we are one. */
static int
name_participants(uint8_t *dst)
{
	const struct key	*k;
	struct msg_participant	 p;
	size_t			 i;
	int			 own = 0;

	for (i = 0; i < in.plain.nparticipants; i++) {
		k = users_find(in.plain.participants[i]);
		p.known = k != NULL;
		memcpy(p.name, k != NULL ? k->id : in.plain.participants[i],
		    sizeof(p.name));
		own |= k != NULL && users_is_own(k);
		msg_participant_write(dst + i * MSG_PARTICIPANT_LEN, &p);
	}
	return (own);
}

static enum incoming
show_chat(struct msg_net_message *m, const struct key *sender)
{
	uint8_t	*participants;

	m->kind = MSG_KIND_CHAT;
	m->participants.len = in.plain.nparticipants * MSG_PARTICIPANT_LEN;
	if ((participants = malloc(m->participants.len)) == NULL)
		return (unreadable(MSG_UNREADABLE_PLAINTEXT, sender));
	m->participants.p = participants;
	m->text.p = in.plain.text;
	m->text.len = in.plain.textlen;
	if (!name_participants(participants))
		tell_unreadable(MSG_UNREADABLE_PARTICIPANTS, sender);
	else
		tell_message(m);
	free(participants);
	return (done());
}

static enum incoming
show_public(struct msg_net_message *m, const struct key *sender)
{
	struct scan_span	 text;
	void			*memory = NULL;

	m->kind = MSG_KIND_PUBLIC;
	if (message_unescape(in.m.text, &text, &memory) != REFUSE_NONE)
		return (unreadable(MSG_UNREADABLE_FORMAT, sender));
	m->text.p = text.p;
	m->text.len = text.len;
	tell_message(m);
	free(memory);
	return (done());
}

enum incoming
incoming_sender(int last)
{
	const struct key	*sender;
	struct msg_net_message	 m;

	if (in.text == NULL)
		return (INCOMING_DONE);
	if ((sender = users_find(in.sender)) == NULL) {
		if (!last)
			return (INCOMING_UNKNOWN);
		return (unreadable(MSG_UNREADABLE_SENDER, NULL));
	}
	memset(&m, 0, sizeof(m));
	if (!verify(sender, &m.form))
		return (unreadable(MSG_UNREADABLE_SIGNATURE, sender));
	m.counter = in.m.counter;
	memcpy(m.sender, sender->id, sizeof(m.sender));
	if (in.m.type == MESSAGE_CHAT)
		return (show_chat(&m, sender));
	return (show_public(&m, sender));
}

/* ---- chats: keys and ciphertext ------------------------------------------------ */

/* Is there time for so many keys more? */
static int
chat_has_time(size_t keys)
{
	int64_t	now = clock_ms();

	if (keys_since < now - KEYS_MS_MAX)
		keys_since = now - KEYS_MS_MAX;
	if (now - keys_since < (int64_t)keys * KEY_MS)
		return (0);
	keys_since += (int64_t)keys * KEY_MS;
	return (1);
}

/* The next keys, as many as one question holds; or all were in vain. */
static enum incoming
chat_ask(void)
{
	struct scan_span	 rest = in.rest;
	struct ibuf		*b;
	uint8_t			 key[MSG_WRAPPED_MAX];
	size_t			 len;

	if (in.tries >= TRIES_MAX ||
	    message_next_octets(&rest, key, sizeof(key), &len) != 1) {
		if (in.tries > 0)
			return (unreadable(MSG_UNREADABLE_TAG, NULL));
		return (done());	/* for somebody else */
	}
	if (in.again && !chat_has_time(MSG_UNWRAP_MAX))
		return (unreadable(MSG_UNREADABLE_MANY, NULL));
	in.again = 1;
	b = tell_unwrap_open(&in.number);
	for (in.asked = 0; in.asked < MSG_UNWRAP_MAX &&
	    message_next_octets(&in.rest, key, sizeof(key), &len) == 1;
	    in.asked++)
		msg_net_keys_put_wrapped(b, key, len);
	tell_unwrap_close(b);
	return (INCOMING_UNWRAP);
}

/* Returns 0, or -1 when out of memory: then no tag will be found good. */
static int
chat_sealed(void)
{
	if (in.sealed != NULL)
		return (0);
	if ((in.sealed = malloc(in.m.text.len)) == NULL)
		return (-1);
	message_octets(in.m.text, in.sealed, in.m.text.len, &in.sealedlen);
	return (0);
}

/* Returns 1 if the key fits, with the plaintext, which the caller frees. */
static int
chat_try(struct msg_span symm, uint8_t **plain, size_t *len)
{
	uint8_t	iv[IV_MAX];
	size_t	ivlen;

	in.tries++;
	if (chat_sealed() == -1 ||
	    message_octets(in.m.iv, iv, sizeof(iv), &ivlen) != REFUSE_NONE ||
	    (*plain = malloc(in.sealedlen + 1)) == NULL)
		return (0);
	if (unseal(symm.p, symm.len, iv, ivlen, in.sealed, in.sealedlen, *plain,
	    len) == 0)
		return (1);
	free(*plain);
	return (0);
}

static enum incoming
chat_plain(uint8_t *plain, size_t len)
{
	int	r = plain_read(&in.plain, (const char *)plain, len);

	freezero(plain, len);
	if (r == -1)
		return (unreadable(MSG_UNREADABLE_PLAINTEXT, NULL));
	memcpy(in.sender, in.plain.participants[0], sizeof(in.sender));
	return (incoming_sender(0));
}

/* As many as were asked about?  Returns 0, or -1. */
static int
check_answer(struct msg_span keys)
{
	struct msg_span	symm;
	size_t		n = 0;
	int		r;

	while ((r = msg_net_keys_next_symm(&keys, &symm)) == 1)
		n++;
	return (r == 0 && n == in.asked ? 0 : -1);
}

int
incoming_unwrapped(uint32_t number, struct msg_span keys)
{
	struct msg_span	 symm;
	uint8_t		*plain;
	size_t		 len;

	if (in.asked == 0 || number != in.number)
		return (INCOMING_UNWRAP);
	if (check_answer(keys) == -1)
		return (-1);
	in.asked = 0;
	while (msg_net_keys_next_symm(&keys, &symm) == 1)
		if (symm.len > 0 && chat_try(symm, &plain, &len))
			return ((int)chat_plain(plain, len));
	return ((int)chat_ask());
}

/* ---- by type --------------------------------------------------------------------- */

static int
is_text(struct scan_span s, const char *text)
{
	return (s.len == strlen(text) && memcmp(s.p, text, s.len) == 0);
}

/* It may be about a request for a list, which has no counter. */
static void
error_take(const struct message *m)
{
	if (!m->has_counter && is_text(m->code, "rate_limited"))
		lists_refused();
	tell_refused(m);
}

static enum incoming
public_begin(void)
{
	if (key_fingerprint_read(in.m.sender.p, in.m.sender.len,
	    in.sender) == -1)
		return (unreadable(MSG_UNREADABLE_FORMAT, NULL));
	return (incoming_sender(0));
}

/* It is good as far as can be told without a key. */
static enum incoming
begin_type(void)
{
	switch (in.m.type) {
	case MESSAGE_CHAT:
		in.rest = in.m.symm_keys;
		return (chat_ask());
	case MESSAGE_PUBLIC_CHAT:
		return (public_begin());
	case MESSAGE_ERROR:
		error_take(&in.m);
		return (done());
	default:
		return (done());	/* between others */
	}
}

enum incoming
incoming_begin(char *text, size_t len)
{
	in.text = text;
	if (len > LENGTH_MAX)
		return (lists_take(text, len) == 1 ? done() :
		    unreadable(MSG_UNREADABLE_LONG, NULL));
	switch (message_read(&in.m, text, len)) {
	case REFUSE_NONE:
		return (begin_type());
	case REFUSE_UNKNOWN_TYPE:
		if (lists_take(text, len) != -1)
			return (done());
		/* FALLTHROUGH */
	default:
		return (unreadable(MSG_UNREADABLE_FORMAT, NULL));
	}
}

int
incoming_early(const char *text, size_t len)
{
	struct message	m;
	int		taken;

	if (lists_take(text, len) == 1)
		return (1);
	taken = message_read(&m, text, len) == REFUSE_NONE &&
	    m.type == MESSAGE_ERROR && !m.has_counter;
	if (taken)
		error_take(&m);
	message_clear(&m);
	return (taken);
}
