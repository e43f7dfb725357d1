/*
 * What olaf is told.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "helper.h"
#include "tell.h"

static uint32_t	session;
static int	has_session;
static uint32_t	last_unwrap;

void
tell_session(uint32_t number)
{
	session = number;
	has_session = 1;
}

void
tell_session_over(void)
{
	has_session = 0;
}

int
tell_is_session(uint32_t number)
{
	return (has_session && number == session);
}

void
tell_up(void)
{
	struct ibuf	*b = chan_open(helper_olaf(), MSG_NET_UP, 0);

	msg_put32(b, session);
	chan_close(helper_olaf(), b);
}

void
tell_alive(uint32_t texts)
{
	struct msg_net_alive	 m = { session, texts };
	struct ibuf		*b;

	b = chan_open(helper_olaf(), MSG_NET_ALIVE, 0);
	msg_net_alive_put(b, &m);
	chan_close(helper_olaf(), b);
}

void
tell_down(struct msg_net_down *m)
{
	struct ibuf	*b = chan_open(helper_olaf(), MSG_NET_DOWN, 0);

	m->session = session;
	msg_net_down_put(b, m);
	chan_close(helper_olaf(), b);
}

struct ibuf *
tell_server_open(const char *address)
{
	struct msg_net_server	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	m.session = session;
	strlcpy(m.address, address, sizeof(m.address));
	b = chan_open(helper_olaf(), MSG_NET_SERVER, 0);
	msg_net_server_put(b, &m);
	return (b);
}

void
tell_server_close(struct ibuf *b)
{
	chan_close(helper_olaf(), b);
}

void
tell_listed(int asked, uint32_t servers, uint32_t skipped)
{
	struct msg_net_listed	 m = { session, asked, servers, skipped };
	struct ibuf		*b;

	b = chan_open(helper_olaf(), MSG_NET_LISTED, 0);
	msg_net_listed_put(b, &m);
	chan_close(helper_olaf(), b);
}

struct ibuf *
tell_unwrap_open(uint32_t *number)
{
	struct msg_net_keys	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	m.session = session;
	m.number = *number = ++last_unwrap;
	b = chan_open(helper_olaf(), MSG_NET_UNWRAP, 0);
	msg_net_keys_put(b, &m);
	return (b);
}

void
tell_unwrap_close(struct ibuf *b)
{
	chan_close(helper_olaf(), b);
}

void
tell_message(struct msg_net_message *m)
{
	struct ibuf	*b = chan_open(helper_olaf(), MSG_NET_MESSAGE, 0);

	m->session = session;
	msg_net_message_put(b, m);
	chan_close(helper_olaf(), b);
}

void
tell_unreadable(enum msg_unreadable why, const struct key *sender)
{
	struct msg_net_unreadable	 m;
	struct ibuf			*b;

	memset(&m, 0, sizeof(m));
	m.session = session;
	m.why = why;
	if (sender != NULL) {
		m.has_sender = 1;
		memcpy(m.sender, sender->id, sizeof(m.sender));
	}
	b = chan_open(helper_olaf(), MSG_NET_UNREADABLE, 0);
	msg_net_unreadable_put(b, &m);
	chan_close(helper_olaf(), b);
}

/* Copies UTF-8 without its NULs as far as it fits, whole characters only. */
static void
copy_text(struct scan_span from, char *to, size_t size)
{
	size_t	i, n = 0;

	for (i = 0; i < from.len && n < size - 1; i++)
		if (from.p[i] != '\0')
			to[n++] = from.p[i];
	while (i < from.len && n > 0 && (from.p[i] & 0xc0) == 0x80) {
		i--;
		n--;
	}
	to[n] = '\0';
}

/* The string with its quotes; none is "". */
static void
copy_string(struct scan_span value, char *to, size_t size)
{
	struct scan_span	 text;
	void			*memory = NULL;

	to[0] = '\0';
	if (value.len == 0 ||
	    message_unescape(value, &text, &memory) != REFUSE_NONE)
		return;
	copy_text(text, to, size);
	free(memory);
}

void
tell_refused(const struct message *e)
{
	struct msg_net_refused	 m;
	struct scan_span	 code = e->code;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	m.session = session;
	m.has_counter = e->has_counter;
	m.counter = e->counter;
	if (code.p != NULL) {	/* it stands between its quotes */
		code.p--;
		code.len += 2;
	}
	copy_string(code, m.code, sizeof(m.code));
	copy_string(e->text, m.text, sizeof(m.text));
	b = chan_open(helper_olaf(), MSG_NET_REFUSED, 0);
	msg_net_refused_put(b, &m);
	chan_close(helper_olaf(), b);
}
