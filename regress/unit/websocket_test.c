/*
 * WebSocket frames: the examples of RFC 6455, what it forbids, and that input
 * comes to the same events however it is cut.  A case is its input and a
 * transcript of the events, in which the pieces of a message are joined.
 */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "websocket.h"

#define CLIENT	WEBSOCKET_CLIENT
#define UTF8	WEBSOCKET_BINARY_UTF8
#define MAX	1000	/* of a message, in the cases */
#define PENDING	139	/* octets that a caller must keep at most */

/* A masked frame's second octet and mask, of a peer that masks with zeros. */
#define M(len)	len "\0\0\0\0"

#define T(name, flags, in, out) { name, in, sizeof(in) - 1, flags, out }

struct frames {
	const char	*name;
	const char	*in;
	size_t		 len;
	int		 flags;
	const char	*out;
};

static const struct frames good_cases[] = {
	/* RFC 6455 5.7 */
	T("unmasked text", CLIENT, "\x81\x05Hello", "text(Hello) "),
	T("masked text", 0, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
	    "text(Hello) "),
	T("fragmented text", CLIENT, "\x01\x03Hel\x80\x02lo", "text(Hello) "),
	T("ping", CLIENT, "\x89\x05Hello", "ping(Hello) "),
	T("masked pong", 0, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
	    "pong(Hello) "),

	T("binary", 0, "\x82" M("\x83") "\xff\xfe\xfd", "binary(\xff\xfe\xfd) "),
	T("empty text", 0, "\x81" M("\x80"), "text() "),
	T("empty binary", CLIENT, "\x82\x00", "binary() "),
	T("empty fragments", CLIENT, "\x01\x00\x00\x00\x80\x00", "text() "),
	T("fragments, the last empty", CLIENT, "\x01\x02" "ab\x80\x00",
	    "text(ab) "),
	T("control frames between fragments", 0,
	    "\x01" M("\x82") "ab" "\x89" M("\x81") "p" "\x00" M("\x81") "c"
	    "\x8a" M("\x80") "\x80" M("\x81") "d" "\x81" M("\x81") "e",
	    "ping(p) pong() text(abcd) text(e) "),
	T("messages follow each other", CLIENT,
	    "\x81\x01" "a\x82\x01" "b\x01\x01" "c\x80\x01" "d",
	    "text(a) binary(b) text(cd) "),
	T("a character over frames", CLIENT,
	    "\x01\x01\xe2\x00\x01\x82\x80\x01\xac", "text(\xe2\x82\xac) "),
	T("a ping within a character", CLIENT,
	    "\x01\x01\xc3\x89\x01\xff\x80\x01\xa9", "ping(\xff) text(\xc3\xa9) "),
	T("binary that must be UTF-8", CLIENT | UTF8,
	    "\x02\x01\xc3\x80\x01\xa9", "binary(\xc3\xa9) "),
	T("length of 16 bits", CLIENT,
	    "\x82\x7e\x00\x7e"
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "45678901234567890123456789012345678901234567890123456789012345",
	    "binary("
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "45678901234567890123456789012345678901234567890123456789012345"
	    ") "),
	T("close without code", 0, "\x88" M("\x80"), "close 1005() "),
	T("close with code", CLIENT, "\x88\x02\x03\xe8", "close 1000() "),
	T("close with reason", 0, "\x88" M("\x86") "\x03\xe9" "bye!",
	    "close 1001(bye!) "),
	T("close within a message", CLIENT, "\x01\x01" "a\x88\x02\x0f\xa0",
	    "close 4000() ")
};

/* Each ends with the octet that is wrong. */
static const struct frames bad_cases[] = {
	T("reserved bit 1", 0, "\xc1", "error 1002 "),
	T("reserved bit 2", 0, "\xa1", "error 1002 "),
	T("reserved bit 3", 0, "\x91", "error 1002 "),
	T("reserved bit in a control frame", 0, "\xc9", "error 1002 "),
	T("reserved bit in a continuation", CLIENT, "\x01\x01" "a\xc0",
	    "error 1002 "),
	T("opcode 3", 0, "\x83", "error 1002 "),
	T("opcode 7", 0, "\x87", "error 1002 "),
	T("opcode b", 0, "\x8b", "error 1002 "),
	T("opcode f", 0, "\x8f", "error 1002 "),
	T("client does not mask", 0, "\x81\x05", "error 1002 "),
	T("client does not mask a ping", 0, "\x89\x00", "error 1002 "),
	T("server masks", CLIENT, "\x81\x85", "error 1002 "),
	T("fragmented ping", 0, "\x09", "error 1002 "),
	T("fragmented close", 0, "\x08", "error 1002 "),
	T("ping of 126 octets", 0, "\x89\xfe", "error 1002 "),
	T("close of 64 bit length", 0, "\x88\xff", "error 1002 "),
	T("continuation of nothing", 0, "\x80", "error 1002 "),
	T("continuation after the end", CLIENT, "\x01\x01" "a\x80\x01" "b\x00",
	    "text(ab) error 1002 "),
	T("text within a message", CLIENT, "\x01\x01" "a\x81", "error 1002 "),
	T("binary within a message", CLIENT, "\x02\x01" "a\x02", "error 1002 "),
	T("16 bit length of 125", CLIENT, "\x82\x7e\x00\x7d", "error 1002 "),
	T("64 bit length of 65535", CLIENT,
	    "\x82\x7f\x00\x00\x00\x00\x00\x00\xff\xff", "error 1002 "),
	T("64 bit length with the top bit", CLIENT, "\x82\x7f\x80",
	    "error 1002 "),
	T("close of one octet", CLIENT, "\x88\x01\x03", "error 1002 "),
	T("close with code 1005", CLIENT, "\x88\x02\x03\xed", "error 1002 "),
	T("close with reason cut", CLIENT, "\x88\x04\x03\xe8\xe2\x82",
	    "error 1007 "),
	T("close with reason no UTF-8", CLIENT, "\x88\x03\x03\xe8\xff",
	    "error 1007 "),
	T("data after close", 0, "\x88" M("\x80") "\x81",
	    "close 1005() error 1002 "),
	T("ping after close", CLIENT, "\x88\x00\x89", "close 1005() error 1002 "),

	/* The announced frames go on. */
	T("text no UTF-8", CLIENT, "\x81\x0a" "abc\xff", "error 1007 "),
	T("overlong", CLIENT, "\x01\x7d" "\xc0", "error 1007 "),
	T("surrogate", CLIENT, "\x81\x0a" "\xed\xa0", "error 1007 "),
	T("beyond U+10FFFF", CLIENT, "\x81\x0a" "\xf4\x90", "error 1007 "),
	T("text cut in a character", CLIENT, "\x81\x02" "a\xc3", "error 1007 "),
	T("text cut in a character, empty frame", CLIENT,
	    "\x01\x02" "a\xc3\x80\x00", "error 1007 "),
	T("bad octet in a later frame", CLIENT, "\x01\x01\xc3\x00\x05" "a",
	    "error 1007 "),
	T("binary that must be UTF-8 and is not", CLIENT | UTF8,
	    "\x82\x09" "ab\xff", "error 1007 "),
	T("binary that must be UTF-8 is cut", CLIENT | UTF8,
	    "\x82\x01" "\xc3", "error 1007 "),
	T("masked text no UTF-8", 0, "\x81\x85\x37\xfa\x21\x3d\x7f\x05",
	    "error 1007 "),

	T("too long", CLIENT, "\x82\x7e\x03\xe9", "error 1009 "),
	T("too long, told before the mask", 0, "\x82\xfe\x03\xe9",
	    "error 1009 "),
	T("too long by 64 bits", CLIENT,
	    "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", "error 1009 "),
	T("too long together", CLIENT, "\x02\x01" "a\x80\x7e\x03\xe8",
	    "error 1009 ")
};

/* What is read of one connection. */
struct peer {
	struct websocket	 ws;
	uint8_t			 pending[4096];
	size_t			 npending;
	char			 message[4096];
	size_t			 nmessage;
	char			 out[4096];
	int			 over;
};

static void
peer_init(struct peer *p, int flags)
{
	memset(p, 0, sizeof(*p));
	websocket_init(&p->ws, MAX, flags);
}

static void
say(struct peer *p, const char *what, int code, const void *data, size_t len)
{
	char	 text[16] = "";

	if (code != 0)
		snprintf(text, sizeof(text), " %d", code);
	strlcat(p->out, what, sizeof(p->out));
	strlcat(p->out, text, sizeof(p->out));
	if (data != NULL) {
		snprintf(p->out + strlen(p->out),
		    sizeof(p->out) - strlen(p->out), "(%.*s)", (int)len,
		    (const char *)data);
	}
	strlcat(p->out, " ", sizeof(p->out));
}

static void
take_data(struct peer *p, const struct websocket_event *ev)
{
	CHECK(p->nmessage + ev->len <= sizeof(p->message));
	memcpy(p->message + p->nmessage, ev->data, ev->len);
	p->nmessage += ev->len;
	if (!ev->last)
		return;
	CHECK(ev->opcode == WEBSOCKET_TEXT || ev->opcode == WEBSOCKET_BINARY);
	say(p, ev->opcode == WEBSOCKET_TEXT ? "text" : "binary", 0,
	    p->message, p->nmessage);
	p->nmessage = 0;
}

static void
take_event(struct peer *p, const struct websocket_event *ev)
{
	switch (ev->type) {
	case WEBSOCKET_EV_DATA:
		take_data(p, ev);
		break;
	case WEBSOCKET_EV_PING:
		say(p, "ping", 0, ev->data, ev->len);
		break;
	case WEBSOCKET_EV_PONG:
		say(p, "pong", 0, ev->data, ev->len);
		break;
	case WEBSOCKET_EV_CLOSE:
		say(p, "close", ev->code, ev->data, ev->len);
		break;
	case WEBSOCKET_EV_ERROR:
		say(p, "error", ev->code, NULL, 0);
		p->over = 1;
		break;
	case WEBSOCKET_EV_NONE:
	default:
		break;
	}
}

/* As a server does: what was not used up waits for more. */
static void
feed(struct peer *p, const void *in, size_t len)
{
	struct websocket_event	 ev;
	uint8_t			*copy;
	size_t			 used;

	memcpy(p->pending + p->npending, in, len);
	p->npending += len;
	do {
		/* Of the exact size, so that a sanitizer sees any excess. */
		if ((copy = malloc(p->npending + 1)) == NULL)
			abort();
		memcpy(copy + 1, p->pending, p->npending);
		used = websocket_read(&p->ws, copy + 1, p->npending, &ev);
		CHECK(used <= p->npending);
		take_event(p, &ev);
		p->npending -= used;
		memcpy(p->pending, copy + 1 + used, p->npending);
		free(copy);
	} while (ev.type != WEBSOCKET_EV_NONE && !p->over);
	CHECK(p->over || p->npending <= PENDING);
}

static int
reads_as(struct peer *p, const struct frames *c, const char *how)
{
	if (strcmp(p->out, c->out) == 0)
		return (1);
	fprintf(stderr, "%s, %s: %s\n", c->name, how, p->out);
	return (0);
}

static int
case_holds(const struct frames *c)
{
	struct peer	 p;
	size_t		 i;
	int		 ok;

	peer_init(&p, c->flags);
	feed(&p, c->in, c->len);
	ok = reads_as(&p, c, "at once");
	peer_init(&p, c->flags);
	for (i = 0; i < c->len; i++)
		feed(&p, c->in + i, 1);
	ok &= reads_as(&p, c, "octet by octet");
	for (i = 1; i < c->len; i++) {
		peer_init(&p, c->flags);
		feed(&p, c->in, i);
		if (!p.over)
			feed(&p, c->in + i, c->len - i);
		ok &= reads_as(&p, c, "in two");
	}
	return (ok);
}

static void
test_good_frames(void)
{
	size_t	 i;

	for (i = 0; i < nitems(good_cases); i++)
		CHECK(case_holds(&good_cases[i]));
}

/* With the octet, not before. */
static void
test_bad_frames(void)
{
	struct peer	 p;
	size_t		 i;

	for (i = 0; i < nitems(bad_cases); i++) {
		CHECK(case_holds(&bad_cases[i]));
		peer_init(&p, bad_cases[i].flags);
		feed(&p, bad_cases[i].in, bad_cases[i].len - 1);
		CHECK(!p.over);
	}
}

/* RFC 6455 7.4, and what IANA registered since */
static void
test_close_codes(void)
{
	struct peer	 p;
	uint8_t		 in[4] = { 0x88, 0x02 };
	char		 expected[32];
	int		 code, ok;

	for (code = 0; code < 0x10000; code++) {
		in[2] = code >> 8;
		in[3] = code & 0xff;
		ok = (code >= 1000 && code <= 1014 && code != 1004 &&
		    code != 1005 && code != 1006) ||
		    (code >= 3000 && code < 5000);
		peer_init(&p, CLIENT);
		feed(&p, in, sizeof(in));
		snprintf(expected, sizeof(expected),
		    ok ? "close %d() " : "error 1002 ", code);
		CHECK(strcmp(p.out, expected) == 0);
		CHECK(websocket_code_valid(code) == ok);
	}
}

static void
test_masks(void)
{
	static const uint8_t	 mask[4] = { 0x01, 0x80, 0x55, 0xff };
	uint8_t			 data[64], expected[64];
	size_t			 i, len, pos;

	for (pos = 0; pos < 9; pos++) {
		for (len = 0; len < sizeof(data); len++) {
			for (i = 0; i < sizeof(data); i++) {
				data[i] = expected[i] = i * 3;
				if (i < len)
					expected[i] ^= mask[(pos + i) % 4];
			}
			websocket_mask(data, len, mask, pos);
			CHECK(memcmp(data, expected, sizeof(data)) == 0);
		}
	}
	memset(data, 0, 4);
	websocket_mask(data, 4, mask, UINT64_MAX);
	CHECK(memcmp(data, "\xff\x01\x80\x55", 4) == 0);
}

static size_t
header(uint8_t *buf, uint64_t len, const uint8_t *mask)
{
	return (websocket_header(buf, WEBSOCKET_BINARY, 1, len, mask));
}

/* RFC 6455 5.7, and around the lengths at which the form changes */
static void
test_headers(void)
{
	static const uint8_t	 mask[4] = { 1, 2, 3, 4 };
	uint8_t			 buf[WEBSOCKET_HEADER_MAX];

	CHECK(websocket_header(buf, WEBSOCKET_TEXT, 1, 5, NULL) == 2);
	CHECK(memcmp(buf, "\x81\x05", 2) == 0);
	CHECK(websocket_header(buf, WEBSOCKET_TEXT, 0, 3, NULL) == 2);
	CHECK(memcmp(buf, "\x01\x03", 2) == 0);
	CHECK(websocket_header(buf, WEBSOCKET_CONT, 1, 2, NULL) == 2);
	CHECK(memcmp(buf, "\x80\x02", 2) == 0);
	CHECK(websocket_header(buf, WEBSOCKET_PING, 1, 5, mask) == 6);
	CHECK(memcmp(buf, "\x89\x85\1\2\3\4", 6) == 0);
	CHECK(header(buf, 125, NULL) == 2);
	CHECK(memcmp(buf, "\x82\x7d", 2) == 0);
	CHECK(header(buf, 126, NULL) == 4);
	CHECK(memcmp(buf, "\x82\x7e\x00\x7e", 4) == 0);
	CHECK(header(buf, 256, NULL) == 4);
	CHECK(memcmp(buf, "\x82\x7e\x01\x00", 4) == 0);
	CHECK(header(buf, 65535, mask) == 8);
	CHECK(memcmp(buf, "\x82\xfe\xff\xff\1\2\3\4", 8) == 0);
	CHECK(header(buf, 65536, NULL) == 10);
	CHECK(memcmp(buf, "\x82\x7f\0\0\0\0\0\1\0\0", 10) == 0);
	CHECK(header(buf, 0x0102030405060708ULL, mask) == 14);
	CHECK(memcmp(buf, "\x82\xff\1\2\3\4\5\6\7\x08\1\2\3\4", 14) == 0);
}

/* Reads a message of so many octets, in two frames, as pieces come. */
static int
round_trip(size_t len, size_t piece, int flags)
{
	static const uint8_t	 mask[4] = { 0xde, 0xad, 0xbe, 0xef };
	const uint8_t		*m = flags & CLIENT ? NULL : mask;
	struct websocket	 ws;
	struct websocket_event	 ev;
	uint8_t			*in;
	size_t			 i, n, half = len / 2, start, end, got = 0;
	int			 ok = 1, last = 0;

	if ((in = malloc(len + 2 * WEBSOCKET_HEADER_MAX)) == NULL)
		abort();
	n = websocket_header(in, WEBSOCKET_BINARY, 0, half, m);
	for (i = 0; i < half; i++)
		in[n + i] = i % 251;
	if (m != NULL)
		websocket_mask(in + n, half, m, 0);
	n += half;
	n += websocket_header(in + n, WEBSOCKET_CONT, 1, len - half, m);
	for (i = half; i < len; i++)
		in[n + i - half] = i % 251;
	if (m != NULL)
		websocket_mask(in + n, len - half, m, 0);
	n += len - half;

	websocket_init(&ws, len, flags);
	for (start = end = 0; ok && start < n; ) {
		end = n - end > piece ? end + piece : n;
		do {
			start += websocket_read(&ws, in + start, end - start,
			    &ev);
			ok &= ev.type == WEBSOCKET_EV_NONE ||
			    ev.type == WEBSOCKET_EV_DATA;
			for (i = 0; ok && i < ev.len; i++)
				ok = ev.data[i] == got++ % 251;
			last |= ev.last;
		} while (ok && ev.type != WEBSOCKET_EV_NONE);
	}
	free(in);
	return (ok && last && got == len);
}

static void
test_long_messages(void)
{
	static const size_t	 lengths[] = { 250, 251, 252, 254, 131070,
				    131071, 131072, 200000 };
	static const size_t	 pieces[] = { 1, 7, 1000, 4096, 1000000 };
	size_t			 i, j;

	for (i = 0; i < nitems(lengths); i++) {
		for (j = 0; j < nitems(pieces); j++) {
			CHECK(round_trip(lengths[i], pieces[j], 0));
			CHECK(round_trip(lengths[i], pieces[j], CLIENT));
		}
	}
}

static void
test_longest_message(void)
{
	struct websocket	 ws;
	struct websocket_event	 ev;
	uint8_t			 in[] = "\x02\x02" "ab\x80\x01" "c";

	websocket_init(&ws, 3, CLIENT);
	CHECK(websocket_read(&ws, in, 4, &ev) == 4);
	CHECK(websocket_read(&ws, in + 4, 3, &ev) == 3);
	CHECK(ev.type == WEBSOCKET_EV_DATA && ev.last);
	/* The next message counts from nothing. */
	CHECK(websocket_read(&ws, in, 4, &ev) == 4);
	CHECK(ev.type == WEBSOCKET_EV_DATA && !ev.last);
	websocket_init(&ws, 2, CLIENT);
	websocket_read(&ws, in, 4, &ev);
	websocket_read(&ws, in + 4, 3, &ev);
	CHECK(ev.type == WEBSOCKET_EV_ERROR && ev.code == WEBSOCKET_TOO_BIG);
	/* Control frames are no message. */
	websocket_init(&ws, 0, CLIENT);
	memcpy(in, "\x89\x01p", 3);
	websocket_read(&ws, in, 3, &ev);
	CHECK(ev.type == WEBSOCKET_EV_PING && ev.len == 1);
}

static void
test_close_payload(void)
{
	uint8_t	 buf[WEBSOCKET_CONTROL_MAX];
	char	 reason[200];

	CHECK(websocket_close_payload(buf, WEBSOCKET_NO_STATUS, "x") == 0);
	CHECK(websocket_close_payload(buf, WEBSOCKET_NORMAL, NULL) == 2);
	CHECK(memcmp(buf, "\x03\xe8", 2) == 0);
	CHECK(websocket_close_payload(buf, 4001, "why") == 5);
	CHECK(memcmp(buf, "\x0f\xa1why", 5) == 0);
	memset(reason, 'r', sizeof(reason));
	reason[123] = '\0';
	CHECK(websocket_close_payload(buf, 1000, reason) == 125);
	reason[123] = 'r';
	reason[sizeof(reason) - 1] = '\0';
	CHECK(websocket_close_payload(buf, 1000, reason) == 125);
	/* A character over the end is left out whole. */
	memcpy(reason + 121, "\xe2\x82\xac", 3);
	CHECK(websocket_close_payload(buf, 1000, reason) == 123);
	memcpy(reason + 119, "r\xe2\x82\xacr", 5);
	CHECK(websocket_close_payload(buf, 1000, reason) == 125);
}

/* RFC 6455 1.3, and 4.1 for the key */
static void
test_handshake(void)
{
	uint8_t	 nonce[16];
	char	 key[WEBSOCKET_KEY_LEN + 1], accept[WEBSOCKET_ACCEPT_LEN + 1];
	int	 i;

	CHECK(websocket_accept("dGhlIHNhbXBsZSBub25jZQ==", 24, accept) == 0);
	CHECK(strcmp(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") == 0);
	for (i = 0; i < 16; i++)
		nonce[i] = i + 1;
	websocket_key(nonce, key);
	CHECK(strcmp(key, "AQIDBAUGBwgJCgsMDQ4PEA==") == 0);
	CHECK(websocket_accept(key, 24, accept) == 0);
	CHECK(websocket_accept(key, 0, accept) == -1);
	CHECK(websocket_accept(key, 20, accept) == -1);
	CHECK(websocket_accept("AQIDBAUGBwgJCgsMDQ4PEA", 22, accept) == -1);
	CHECK(websocket_accept("AQIDBAUGBwgJCgsMDQ4PEB==", 24, accept) == -1);
	CHECK(websocket_accept("AQIDBAUGBwgJCgsMDQ4PEBE=", 24, accept) == -1);
	CHECK(websocket_accept("AQIDBAUGBwgJCgsMDQ4PEBES", 24, accept) == -1);
	CHECK(websocket_accept("AQIDBAUGBwgJ gsMDQ4PEA==", 24, accept) == -1);
	CHECK(websocket_accept("AQIDBAUGBwgJCgsMDQ4PEA== ", 25, accept) == -1);
}

int
main(void)
{
	RUN(test_good_frames);
	RUN(test_bad_frames);
	RUN(test_close_codes);
	RUN(test_masks);
	RUN(test_headers);
	RUN(test_long_messages);
	RUN(test_longest_message);
	RUN(test_close_payload);
	RUN(test_handshake);
	return (test_done());
}
