/*
 * What goes to olaf-net.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "identity.h"
#include "spawn.h"
#include "wire.h"

static uint32_t	 session;	/* the latest one's number */
static uint32_t	 texts;		/* that went in it */
static int	 asked;		/* for a list */
static int	 want_list;	/* one more, after that */

void
wire_self(void)
{
	struct ibuf	*b;

	if (identity_key() == NULL)
		return;
	b = chan_open(spawn_net(), MSG_NET_SELF, 0);
	msg_put_bytes(b, identity_key()->der, identity_key()->derlen);
	chan_close(spawn_net(), b);
}

void
wire_open(int fd, int probe)
{
	const struct server	*s = &config.server;
	struct msg_net_open	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	m.session = ++session;
	m.tls = s->tls;
	m.pinned = s->pinned || probe;	/* probe: nobody has a pin of zeros */
	if (!probe)
		memcpy(m.pin, s->pin, sizeof(m.pin));
	strlcpy(m.name, s->name, sizeof(m.name));
	strlcpy(m.host, s->host, sizeof(m.host));
	strlcpy(m.path, s->path, sizeof(m.path));
	asked = want_list = 0;
	texts = 0;
	b = chan_open(spawn_net(), MSG_NET_OPEN, 0);
	msg_net_open_put(b, &m);
	chan_close_fd(spawn_net(), b, fd);
}

uint32_t
wire_session(void)
{
	return (session);
}

uint32_t
wire_texts(void)
{
	return (texts);
}

static void
wire_number(enum msg_type type)
{
	struct ibuf	*b;

	b = chan_open(spawn_net(), type, 4);
	msg_put32(b, session);
	chan_close(spawn_net(), b);
}

void
wire_close(void)
{
	wire_number(MSG_NET_CLOSE);
}

void
wire_text(char *text, size_t len)
{
	struct msg_net_text	 m;
	struct ibuf		*b;

	texts++;
	m.session = session;
	m.text.p = text;
	m.text.len = len;
	b = chan_open(spawn_net(), MSG_NET_TEXT, len + 4);
	msg_net_text_put(b, &m);
	chan_close(spawn_net(), b);
	free(text);
}

void
wire_list(void)
{
	want_list = asked;
	if (asked)
		return;
	asked = 1;
	wire_number(MSG_NET_LIST);
}

int
wire_listing(void)
{
	return (asked);
}

void
wire_listed(int again)
{
	int	want = want_list && again;

	asked = want_list = 0;
	if (want)
		wire_list();
}
