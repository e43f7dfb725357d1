/*
 * WebSocket frames: however the input is cut, whole messages, control frames
 * and the end are the same, and messages read are UTF-8 and short as
 * promised.  The first octet chooses the side and the cuts.
 */

/* link: lib/websocket.o lib/utf8.o lib/base64.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "websocket.h"

#define MAX		300	/* of a message */
#define PENDING		139	/* octets that a caller must keep at most */

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What was read: a record for each whole message and each other event. */
struct transcript {
	struct websocket	 ws;
	uint8_t			 message[MAX];
	size_t			 nmessage;
	uint8_t			*records;
	size_t			 len;
	int			 over;
};

static void
record(struct transcript *t, int what, int code, const void *data, size_t len)
{
	uint8_t	 head[] = { what, code >> 8, code, len >> 8, len };

	t->records = realloc(t->records, t->len + sizeof(head) + len);
	if (t->records == NULL)
		abort();
	memcpy(t->records + t->len, head, sizeof(head));
	t->len += sizeof(head);
	if (len > 0)
		memcpy(t->records + t->len, data, len);
	t->len += len;
}

static void
take_data(struct transcript *t, const struct websocket_event *ev)
{
	uint8_t	 state = 0;

	if (ev->len > sizeof(t->message) - t->nmessage)
		abort();
	memcpy(t->message + t->nmessage, ev->data, ev->len);
	t->nmessage += ev->len;
	if (!ev->last)
		return;
	if ((ev->opcode == WEBSOCKET_TEXT ||
	    t->ws.flags & WEBSOCKET_BINARY_UTF8) &&
	    (utf8_check(&state, t->message, t->nmessage) == -1 || state != 0))
		abort();
	record(t, ev->type, ev->opcode, t->message, t->nmessage);
	t->nmessage = 0;
}

static void
take_event(struct transcript *t, const struct websocket_event *ev)
{
	switch (ev->type) {
	case WEBSOCKET_EV_NONE:
		break;
	case WEBSOCKET_EV_DATA:
		take_data(t, ev);
		break;
	case WEBSOCKET_EV_CLOSE:
		if (ev->code != WEBSOCKET_NO_STATUS &&
		    !websocket_code_valid(ev->code))
			abort();
		/* FALLTHROUGH */
	case WEBSOCKET_EV_PING:
	case WEBSOCKET_EV_PONG:
		if (ev->len > WEBSOCKET_CONTROL_MAX)
			abort();
		record(t, ev->type, ev->code, ev->data, ev->len);
		break;
	case WEBSOCKET_EV_ERROR:
		record(t, ev->type, ev->code, NULL, 0);
		t->over = 1;
		break;
	default:
		abort();
	}
}

/* Reads pieces of so many octets, each from memory of the exact size. */
static void
read_pieces(struct transcript *t, const uint8_t *in, size_t len, size_t piece,
    int flags)
{
	struct websocket_event	 ev;
	uint8_t			*buf;
	size_t			 n = 0, used, more;

	memset(t, 0, sizeof(*t));
	websocket_init(&t->ws, MAX, flags);
	if ((buf = malloc(1)) == NULL)
		abort();
	while (!t->over && len > 0) {
		more = len < piece ? len : piece;
		if ((buf = realloc(buf, n + more)) == NULL)
			abort();
		memcpy(buf + n, in, more);
		n += more;
		in += more;
		len -= more;
		do {
			used = websocket_read(&t->ws, buf, n, &ev);
			if (used > n)
				abort();
			take_event(t, &ev);
			n -= used;
			memmove(buf, buf + used, n);
		} while (!t->over && ev.type != WEBSOCKET_EV_NONE);
		if (!t->over && n > PENDING)
			abort();
	}
	free(buf);
}

static void
same(const struct transcript *a, const struct transcript *b)
{
	if (a->len != b->len || a->over != b->over ||
	    (a->len > 0 && memcmp(a->records, b->records, a->len) != 0))
		abort();
}

/* What is written is read. */
static void
round_trip(const uint8_t *data, size_t len, int flags)
{
	static const uint8_t	 mask[4] = { 0x5a, 0xff, 0x00, 0x81 };
	const uint8_t		*m = flags & WEBSOCKET_CLIENT ? NULL : mask;
	struct websocket	 ws;
	struct websocket_event	 ev;
	uint8_t			*buf;
	size_t			 n;

	if ((buf = malloc(WEBSOCKET_HEADER_MAX + len)) == NULL)
		abort();
	n = websocket_header(buf, WEBSOCKET_BINARY, 1, len, m);
	memcpy(buf + n, data, len);
	if (m != NULL)
		websocket_mask(buf + n, len, m, 0);
	websocket_init(&ws, len, flags & WEBSOCKET_CLIENT);
	if (websocket_read(&ws, buf, n + len, &ev) != n + len ||
	    ev.type != WEBSOCKET_EV_DATA || !ev.last || ev.len != len ||
	    memcmp(ev.data, data, len) != 0)
		abort();
	free(buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript	 whole, single, pieces;
	int			 flags;

	if (size == 0)
		return (0);
	flags = data[0] & (WEBSOCKET_CLIENT | WEBSOCKET_BINARY_UTF8);
	read_pieces(&whole, data + 1, size - 1, size, flags);
	read_pieces(&single, data + 1, size - 1, 1, flags);
	read_pieces(&pieces, data + 1, size - 1, 2 + data[0] / 4, flags);
	same(&whole, &single);
	same(&whole, &pieces);
	round_trip(data + 1, size - 1, flags);
	free(whole.records);
	free(single.records);
	free(pieces.records);
	return (0);
}
