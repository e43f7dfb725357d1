/*
 * WebSocket frames (RFC 6455), read strictly and written, for both sides.
 * What is wrong is told as soon as the octet that makes it wrong is there.
 * Payload is unmasked where it lies and handed on piece by piece, so that a
 * connection needs no more memory than its struct.
 */

#include "compat.h"

#include <string.h>

#include <openssl/evp.h>

#include "base64.h"
#include "utf8.h"
#include "websocket.h"

/* RFC 6455 5.2: the first octet, then the second. */
#define FIN		0x80
#define RESERVED	0x70
#define OPCODE		0x0f
#define CONTROL		0x08
#define MASKED		0x80
#define LENGTH		0x7f
#define LENGTH_16	126
#define LENGTH_64	127

/* RFC 6455 1.3 */
#define ACCEPT_GUID	"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define NONCE_LEN	16

struct header {
	int		 opcode;
	int		 fin;
	uint64_t	 length;	/* of the payload */
	const uint8_t	*mask;		/* NULL: none */
};

void
websocket_init(struct websocket *ws, uint64_t max, int flags)
{
	memset(ws, 0, sizeof(*ws));
	ws->max = max;
	ws->flags = flags;
}

static uint64_t
get_number(const uint8_t *p, size_t len)
{
	uint64_t	 v = 0;

	while (len-- > 0)
		v = v << 8 | *p++;
	return (v);
}

static void
put_number(uint8_t *p, uint64_t v, size_t len)
{
	while (len-- > 0) {
		p[len] = v;
		v >>= 8;
	}
}

/* What RFC 6455 5.4 and 5.5 ask of a frame's first octet. */
static int
first_octet_valid(const struct websocket *ws, uint8_t octet)
{
	if (octet & RESERVED)
		return (0);
	switch (octet & OPCODE) {
	case WEBSOCKET_CONT:
		return (ws->message != 0);
	case WEBSOCKET_TEXT:
	case WEBSOCKET_BINARY:
		return (ws->message == 0);
	case WEBSOCKET_CLOSE:
	case WEBSOCKET_PING:
	case WEBSOCKET_PONG:
		return ((octet & FIN) != 0);
	default:
		return (0);
	}
}

/* A client masks every frame, a server none (RFC 6455 5.1). */
static int
second_octet_valid(const struct websocket *ws, uint8_t first, uint8_t octet)
{
	int	 masked = (octet & MASKED) != 0;

	if (masked == ((ws->flags & WEBSOCKET_CLIENT) != 0))
		return (0);
	return (!(first & CONTROL) ||
	    (octet & LENGTH) <= WEBSOCKET_CONTROL_MAX);
}

/*
 * Reads the payload's length, which must be in its shortest form.  Returns
 * how many octets of header it ends, 0 if more are needed, -1 if it is wrong.
 */
static int
read_length(const uint8_t *p, size_t len, uint64_t *length)
{
	*length = p[1] & LENGTH;
	if (*length == LENGTH_16) {
		if (len < 4)
			return (0);
		*length = get_number(p + 2, 2);
		return (*length < LENGTH_16 ? -1 : 4);
	}
	if (*length == LENGTH_64) {
		if (len > 2 && p[2] & 0x80)
			return (-1);
		if (len < 10)
			return (0);
		*length = get_number(p + 2, 8);
		return (*length <= UINT16_MAX ? -1 : 10);
	}
	return (2);
}

/*
 * Reads a frame's header.  Returns its length, 0 if more is needed, or,
 * negated, the code with which to fail.
 */
static int
read_header(const struct websocket *ws, const uint8_t *p, size_t len,
    struct header *h)
{
	int	 n;

	if (len > 0 && !first_octet_valid(ws, p[0]))
		return (-WEBSOCKET_PROTOCOL);
	if (len < 2)
		return (0);
	if (!second_octet_valid(ws, p[0], p[1]))
		return (-WEBSOCKET_PROTOCOL);
	if ((n = read_length(p, len, &h->length)) == -1)
		return (-WEBSOCKET_PROTOCOL);
	if (n == 0)
		return (0);
	h->opcode = p[0] & OPCODE;
	h->fin = (p[0] & FIN) != 0;
	if (!(h->opcode & CONTROL) && h->length > ws->max - ws->length)
		return (-WEBSOCKET_TOO_BIG);
	h->mask = NULL;
	if (p[1] & MASKED) {
		if (len - n < sizeof(ws->mask))
			return (0);
		h->mask = p + n;
		n += sizeof(ws->mask);
	}
	return (n);
}

static void
fail(struct websocket *ws, struct websocket_event *ev, uint16_t code)
{
	ws->closed = 1;
	memset(ev, 0, sizeof(*ev));
	ev->type = WEBSOCKET_EV_ERROR;
	ev->code = code;
}

/* A close frame's payload is empty, or a code and a reason (RFC 6455 5.5.1). */
static void
read_close(struct websocket *ws, struct websocket_event *ev)
{
	uint8_t	 utf8 = 0;

	ws->closed = 1;
	ev->type = WEBSOCKET_EV_CLOSE;
	ev->code = WEBSOCKET_NO_STATUS;
	if (ev->len == 0)
		return;
	if (ev->len == 1) {
		fail(ws, ev, WEBSOCKET_PROTOCOL);
		return;
	}
	ev->code = get_number(ev->data, 2);
	ev->data += 2;
	ev->len -= 2;
	if (!websocket_code_valid(ev->code))
		fail(ws, ev, WEBSOCKET_PROTOCOL);
	else if (utf8_check(&utf8, ev->data, ev->len) == -1 || utf8 != 0)
		fail(ws, ev, WEBSOCKET_BAD_UTF8);
}

/* Control frames are short: they are read whole.  p is behind the header. */
static size_t
read_control(struct websocket *ws, const struct header *h, uint8_t *p,
    struct websocket_event *ev)
{
	ev->data = p;
	ev->len = h->length;
	if (h->mask != NULL)
		websocket_mask(ev->data, ev->len, h->mask, 0);
	if (h->opcode == WEBSOCKET_PING)
		ev->type = WEBSOCKET_EV_PING;
	else if (h->opcode == WEBSOCKET_PONG)
		ev->type = WEBSOCKET_EV_PONG;
	else
		read_close(ws, ev);
	return (h->length);
}

static void
begin_frame(struct websocket *ws, const struct header *h)
{
	if (h->opcode != WEBSOCKET_CONT)
		ws->message = h->opcode;
	ws->length += h->length;
	ws->left = h->length;
	ws->fin = h->fin;
	ws->inframe = 1;
	ws->maskpos = 0;
	if (h->mask != NULL)
		memcpy(ws->mask, h->mask, sizeof(ws->mask));
}

/* Is all of the message's text that was read, up to this piece, UTF-8? */
static int
text_valid(struct websocket *ws, const uint8_t *p, size_t len, int last)
{
	if (ws->message == WEBSOCKET_BINARY &&
	    !(ws->flags & WEBSOCKET_BINARY_UTF8))
		return (1);
	if (utf8_check(&ws->utf8, p, len) == -1)
		return (0);
	return (!last || ws->utf8 == 0);
}

static size_t
read_data(struct websocket *ws, uint8_t *p, size_t len,
    struct websocket_event *ev)
{
	if (len > ws->left)
		len = ws->left;
	if (len == 0 && ws->left > 0)
		return (0);
	if (!(ws->flags & WEBSOCKET_CLIENT)) {
		websocket_mask(p, len, ws->mask, ws->maskpos);
		ws->maskpos = (ws->maskpos + len) % sizeof(ws->mask);
	}
	ws->left -= len;
	ws->inframe = ws->left > 0;
	ev->type = WEBSOCKET_EV_DATA;
	ev->data = p;
	ev->len = len;
	ev->opcode = ws->message;
	ev->last = ws->fin && !ws->inframe;
	if (!text_valid(ws, p, len, ev->last)) {
		fail(ws, ev, WEBSOCKET_BAD_UTF8);
	} else if (ev->last) {
		ws->message = 0;
		ws->length = 0;
	}
	return (len);
}

size_t
websocket_read(struct websocket *ws, void *in, size_t len,
    struct websocket_event *ev)
{
	struct header	 h;
	uint8_t		*p = in;
	int		 n;

	memset(ev, 0, sizeof(*ev));
	if (len > 0 && ws->closed) {
		fail(ws, ev, WEBSOCKET_PROTOCOL);
		return (0);
	}
	if (ws->inframe)
		return (read_data(ws, p, len, ev));
	if ((n = read_header(ws, p, len, &h)) < 0)
		fail(ws, ev, -n);
	if (n <= 0)
		return (0);
	if (h.opcode & CONTROL) {
		if (len - n < h.length)
			return (0);
		return (n + read_control(ws, &h, p + n, ev));
	}
	begin_frame(ws, &h);
	return (n + read_data(ws, p + n, len - n, ev));
}

size_t
websocket_header(uint8_t *buf, enum websocket_opcode opcode, int fin,
    uint64_t len, const uint8_t *mask)
{
	size_t	 n;

	buf[0] = opcode | (fin ? FIN : 0);
	if (len < LENGTH_16) {
		buf[1] = len;
		n = 2;
	} else if (len <= UINT16_MAX) {
		buf[1] = LENGTH_16;
		put_number(buf + 2, len, 2);
		n = 4;
	} else {
		buf[1] = LENGTH_64;
		put_number(buf + 2, len, 8);
		n = 10;
	}
	if (mask != NULL) {
		buf[1] |= MASKED;
		memcpy(buf + n, mask, 4);
		n += 4;
	}
	return (n);
}

void
websocket_mask(void *data, size_t len, const uint8_t mask[4], uint64_t pos)
{
	uint8_t		*p = data, turned[8];
	uint64_t	 m, v;
	size_t		 i;

	for (i = 0; i < sizeof(turned); i++)
		turned[i] = mask[(pos + i) % 4];
	memcpy(&m, turned, sizeof(m));
	for (; len >= sizeof(v); len -= sizeof(v), p += sizeof(v)) {
		memcpy(&v, p, sizeof(v));
		v ^= m;
		memcpy(p, &v, sizeof(v));
	}
	for (i = 0; i < len; i++)
		p[i] ^= turned[i];
}

/* How much of a reason fits behind the code, without half a character. */
static size_t
reason_length(const char *reason)
{
	size_t	 n, max = WEBSOCKET_CONTROL_MAX - 2;

	n = strlen(reason);
	if (n <= max)
		return (n);
	for (n = max; n > 0 && (reason[n] & 0xc0) == 0x80; n--)
		;
	return (n);
}

size_t
websocket_close_payload(uint8_t *buf, uint16_t code, const char *reason)
{
	size_t	 n;

	if (code == WEBSOCKET_NO_STATUS)
		return (0);
	put_number(buf, code, 2);
	if (reason == NULL)
		return (2);
	n = reason_length(reason);
	memcpy(buf + 2, reason, n);
	return (n + 2);
}

/*
 * 1004, 1005, 1006 and 1015 never travel; 1012 to 1014 were registered with
 * IANA after the RFC; 3000 and up are for libraries and applications (7.4.2).
 */
int
websocket_code_valid(uint16_t code)
{
	return ((code >= 1000 && code <= 1003) ||
	    (code >= 1007 && code <= 1014) ||
	    (code >= 3000 && code <= 4999));
}

int
websocket_accept(const char *key, size_t len, char *out)
{
	char		 text[WEBSOCKET_KEY_LEN + sizeof(ACCEPT_GUID) - 1];
	uint8_t		 nonce[NONCE_LEN], digest[EVP_MAX_MD_SIZE];
	unsigned int	 n;

	if (len != WEBSOCKET_KEY_LEN ||
	    base64_decode(key, len, nonce, sizeof(nonce)) != NONCE_LEN)
		return (-1);
	memcpy(text, key, len);
	memcpy(text + len, ACCEPT_GUID, sizeof(ACCEPT_GUID) - 1);
	if (!EVP_Digest(text, sizeof(text), digest, &n, EVP_sha1(), NULL))
		return (-1);
	base64_encode(digest, n, out);
	return (0);
}

void
websocket_key(const uint8_t nonce[16], char *out)
{
	base64_encode(nonce, NONCE_LEN, out);
}
