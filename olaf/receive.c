/*
 * Messages that came.
 */

#include "compat.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "config.h"
#include "identity.h"
#include "pending.h"
#include "receive.h"
#include "seen.h"
#include "utf8.h"

static const char *const unreadable_texts[MSG_UNREADABLE_MAX] = {
	[MSG_UNREADABLE_SENDER] = "its sender is not in the list of users",
	[MSG_UNREADABLE_SIGNATURE] = "its signature is not the sender's",
	[MSG_UNREADABLE_TAG] = "it was damaged or forged: it does not decrypt",
	[MSG_UNREADABLE_PLAINTEXT] = "what it decrypts to is no message",
	[MSG_UNREADABLE_PARTICIPANTS] = "it does not name you as a recipient",
	[MSG_UNREADABLE_FORMAT] = "it is not a message of the protocol",
	[MSG_UNREADABLE_MANY] = "not all of its many keys were tried",
	[MSG_UNREADABLE_LONG] = "it is too long",
};

/* ---- keys ---------------------------------------------------------------- */

/* What the private key makes of each; nothing of one for somebody else. */
static int
receive_unwrap(struct chan *c, struct ibuf *b)
{
	struct msg_net_keys	 m, out;
	struct msg_span		 rest, wrapped;
	struct ibuf		*answer;
	uint8_t			 symm[MSG_SYMM_MAX];
	ssize_t			 len;
	size_t			 n = 0;
	int			 r;

	if (msg_net_keys_get(b, &m) == -1)
		return (-1);
	for (rest = m.keys; (r = msg_net_keys_next_wrapped(&rest,
	    &wrapped)) == 1; n++)
		continue;
	if (r == -1 || n == 0 || n > MSG_UNWRAP_MAX)
		return (-1);
	memset(&out, 0, sizeof(out));
	out.session = m.session;
	out.number = m.number;
	answer = chan_open(c, MSG_NET_UNWRAPPED, 0);
	msg_net_keys_put(answer, &out);
	while (msg_net_keys_next_wrapped(&m.keys, &wrapped) == 1) {
		len = identity_unwrap(wrapped.p, wrapped.len, symm,
		    sizeof(symm));
		msg_net_keys_put_symm(answer, symm, len < 0 ? 0 : (size_t)len);
	}
	chan_close(c, answer);
	explicit_bzero(symm, sizeof(symm));
	return (0);
}

/* ---- messages ------------------------------------------------------------ */

static int
text_good(const struct msg_span *text)
{
	uint8_t	state = 0;

	return (utf8_check(&state, text->p, text->len) == 0 && state == 0);
}

static void
unreadable(const struct session_ops *ops, const char *why,
    const struct user *sender)
{
	if (ops->unreadable != NULL)
		ops->unreadable(why, sender);
}

/* Returns how many, or -1. */
static int
read_participants(const struct msg_net_message *m, struct msg_participant *p)
{
	struct msg_span	rest = m->participants;
	int		n = 0, r;

	while (n < MSG_PARTICIPANTS_MAX &&
	    (r = msg_participant_next(&rest, &p[n])) == 1)
		n++;
	if (rest.len != 0)
		return (-1);
	if (m->kind == MSG_KIND_PUBLIC)
		return (n == 0 ? 0 : -1);
	return (n >= 1 && p[0].known && memcmp(p[0].name, m->sender,
	    KEY_DIGEST_LEN) == 0 ? n : -1);
}

static void
replayed(const struct incoming *in, uint64_t last,
    const struct session_ops *ops)
{
	char	why[128];

	snprintf(why, sizeof(why), "its counter, %llu, is not above %llu: sent "
	    "again, by whomever", (unsigned long long)in->counter,
	    (unsigned long long)last);
	unreadable(ops, why, in->sender);
}

static int
receive_message(struct ibuf *b, const struct session_ops *ops)
{
	static struct msg_participant	 participants[MSG_PARTICIPANTS_MAX];
	struct msg_net_message		 m;
	struct incoming			 in;
	int				 n, any;

	if (msg_net_message_get(b, &m) == -1 || !text_good(&m.text) ||
	    (n = read_participants(&m, participants)) == -1)
		return (-1);
	memset(&in, 0, sizeof(in));
	in.kind = m.kind;
	in.counter = m.counter;
	in.time = time(NULL);
	in.nparticipants = (size_t)n;
	in.participants = participants;
	in.text = m.text.p;
	in.textlen = m.text.len;
	if ((in.sender = roster_find_id(m.sender)) == NULL) {
		unreadable(ops, unreadable_texts[MSG_UNREADABLE_SENDER], NULL);
		return (0);
	}
	in.own = in.sender->is_self;
	if (in.own && pending_echo(m.counter))
		return (0);
	if (in.own && m.counter <= pending_latest())
		replayed(&in, pending_latest(), ops);
	else if (!seen_counter(m.sender, m.counter, m.form))
		replayed(&in, seen_last(m.sender, &any), ops);
	else if (ops->message != NULL)
		ops->message(&in);
	return (0);
}

static int
receive_unreadable(struct ibuf *b, const struct session_ops *ops)
{
	struct msg_net_unreadable	 m;

	if (msg_net_unreadable_get(b, &m) == -1)
		return (-1);
	unreadable(ops, unreadable_texts[m.why],
	    m.has_sender ? roster_find_id(m.sender) : NULL);
	return (0);
}

int
receive(struct chan *c, uint32_t type, struct ibuf *b,
    const struct session_ops *ops)
{
	switch (type) {
	case MSG_NET_UNWRAP:
		return (receive_unwrap(c, b));
	case MSG_NET_MESSAGE:
		return (receive_message(b, ops));
	case MSG_NET_UNREADABLE:
		return (receive_unreadable(b, ops));
	default:
		return (-1);
	}
}
