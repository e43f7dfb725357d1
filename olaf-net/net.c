/*
 * olaf-net: the conversation with the server, for olaf, which never sees an
 * octet of it that was not judged here.  Whoever takes this process over has no
 * key, no file and no other connection.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "conn.h"
#include "frames.h"
#include "helper.h"
#include "inbox.h"
#include "lists.h"
#include "log.h"
#include "net.h"
#include "tell.h"
#include "users.h"
#include "wire.h"

static struct msg_net_down	down;	/* what is to be said of the end */
static uint32_t			texts;	/* of this session */

void
net_up(void)
{
	tell_up();
}

void
net_alive(uint32_t number)
{
	tell_alive(number);
}

static void
net_finished(void)
{
	tell_down(&down);
	tell_session_over();
}

void
net_down(const struct msg_net_down *m)
{
	down = *m;
	inbox_finish(net_finished);
}

static void
net_self(struct chan *c, struct ibuf *b)
{
	struct msg_span	der;
	struct key	k;

	msg_get_rest(b, &der);
	if (key_read_der(&k, der.p, der.len) == -1)
		chan_breach(c, "NET_SELF");
	else
		users_set_own(&k);
}

static void
net_ca(struct ibuf *b)
{
	struct msg_span	pem;

	msg_get_rest(b, &pem);
	wire_set_ca(pem.p, pem.len);
}

static void
net_open(struct chan *c, struct ibuf *b)
{
	struct msg_net_open	m;

	if (msg_net_open_get(b, &m) == -1 || frames_check(&m) == -1 ||
	    (m.tls && !m.pinned && m.name[0] == '\0')) {
		chan_breach(c, "NET_OPEN");
		return;
	}
	conn_drop();
	inbox_drop();
	lists_reset();
	users_clear();
	texts = 0;
	tell_session(m.session);
	conn_open(&m, chan_take_fd(c));
}

static void
net_text(struct chan *c, struct ibuf *b)
{
	struct msg_net_text	m;

	if (msg_net_text_get(b, &m) == -1)
		chan_breach(c, "NET_TEXT");
	else if (tell_is_session(m.session) &&
	    conn_text(m.text.p, m.text.len) == 0)
		conn_probe(++texts);
}

static void
net_unwrapped(struct chan *c, struct ibuf *b)
{
	struct msg_net_keys	m;

	if (msg_net_keys_get(b, &m) == -1 || (tell_is_session(m.session) &&
	    inbox_unwrapped(m.number, m.keys) == -1))
		chan_breach(c, "NET_UNWRAPPED");
}

/* NET_LIST or NET_CLOSE: is it about this session? */
static int
net_is_ours(struct chan *c, struct ibuf *b)
{
	uint32_t	number;

	if (msg_number_only_get(b, &number) == -1) {
		chan_breach(c, "number of a session");
		return (0);
	}
	return (tell_is_session(number));
}

static void
net_close(void)
{
	if (conn_state() == CONN_NONE)
		return;		/* its end is on the way to olaf already */
	inbox_drop();
	conn_close();
}

static void
net_from_olaf(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	child_ibuf(imsg, &b);
	switch (imsg_get_type(imsg)) {
	case MSG_CLIENT_CA:
		net_ca(&b);
		break;
	case MSG_NET_SELF:
		net_self(c, &b);
		break;
	case MSG_NET_OPEN:
		net_open(c, &b);
		break;
	case MSG_NET_TEXT:
		net_text(c, &b);
		break;
	case MSG_NET_LIST:
		if (net_is_ours(c, &b))
			lists_request();
		break;
	case MSG_NET_CLOSE:
		if (net_is_ours(c, &b))
			net_close();
		break;
	case MSG_NET_UNWRAPPED:
		net_unwrapped(c, &b);
		break;
	default:
		chan_breach(c, "unexpected");
	}
}

static void
net_drained(struct chan *c, void *arg)
{
	(void)c;
	(void)arg;
	inbox_go_on();
}

int
main(int argc, char *argv[], char *envp[])
{
	static const struct helper	net = {
		.role = ROLE_NET,
		.title = "network",
		.promises = "stdio recvfd",
		.handler = net_from_olaf
	};

	title_init(argc, argv, envp);
	wire_init();
	helper_start(argc, argv, &net);
	chan_on_drained(helper_olaf(), net_drained);
	conn_init();
	inbox_init();
	helper_run();
}
