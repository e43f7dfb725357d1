/*
 * The lists within messages of olaf and its helpers: keys of users, wrapped and
 * unwrapped keys, participants; and how long a message with them may be.
 */

#include "compat.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "msg_client.h"
#include "msgrules.h"
#include "test.h"

static struct ibuf *
new_ibuf(void)
{
	struct ibuf	*b;

	if ((b = ibuf_dynamic(0, 65536)) == NULL)
		err(1, NULL);
	return (b);
}

/* In memory of that size, so that a sanitizer sees what is read behind. */
static uint8_t *
copy(const struct ibuf *b, size_t len)
{
	uint8_t	*p;

	if ((p = malloc(len > 0 ? len : 1)) == NULL)
		err(1, NULL);
	memcpy(p, ibuf_data(b), len);
	return (p);
}

typedef int (*next_function)(struct msg_span *, struct msg_span *);

/* How many elements there are in the first len octets, -1 if they are broken. */
static int
count(const struct ibuf *b, size_t len, next_function next)
{
	struct msg_span	 rest, element;
	uint8_t		*p = copy(b, len);
	int		 n = 0, r;

	rest.p = p;
	rest.len = len;
	while ((r = next(&rest, &element)) == 1)
		n++;
	free(p);
	return (r == -1 ? -1 : n);
}

static void
test_wrapped(void)
{
	static const uint8_t	 key[MSG_WRAPPED_MAX + 1];
	struct ibuf		*b = new_ibuf();
	size_t			 i, first = 2 + MSG_WRAPPED_MIN;
	size_t			 both = first + 2 + MSG_WRAPPED_MAX;

	msg_net_keys_put_wrapped(b, key, MSG_WRAPPED_MIN);
	msg_net_keys_put_wrapped(b, key, MSG_WRAPPED_MAX);
	CHECK(ibuf_size(b) == both);
	for (i = 0; i <= both; i++)
		CHECK(count(b, i, msg_net_keys_next_wrapped) == (i == 0 ? 0 :
		    i == first ? 1 : i == both ? 2 : -1));
	ibuf_free(b);
	b = new_ibuf();
	msg_net_keys_put_wrapped(b, key, MSG_WRAPPED_MIN - 1);
	CHECK(count(b, ibuf_size(b), msg_net_keys_next_wrapped) == -1);
	ibuf_free(b);
	b = new_ibuf();
	msg_net_keys_put_wrapped(b, key, MSG_WRAPPED_MAX + 1);
	CHECK(count(b, ibuf_size(b), msg_net_keys_next_wrapped) == -1);
	ibuf_free(b);
}

static void
test_symm(void)
{
	static const uint8_t	 key[MSG_SYMM_MAX + 1];
	struct ibuf		*b = new_ibuf();
	size_t			 i, all = 1 + 1 + MSG_SYMM_MAX;

	msg_net_keys_put_symm(b, NULL, 0);	/* not for this key */
	msg_net_keys_put_symm(b, key, MSG_SYMM_MAX);
	CHECK(ibuf_size(b) == all);
	for (i = 0; i <= all; i++)
		CHECK(count(b, i, msg_net_keys_next_symm) == (i == 0 ? 0 :
		    i == 1 ? 1 : i == all ? 2 : -1));
	ibuf_free(b);
	b = new_ibuf();
	msg_net_keys_put_symm(b, key, MSG_SYMM_MAX + 1);
	CHECK(count(b, ibuf_size(b), msg_net_keys_next_symm) == -1);
	ibuf_free(b);
}

/* An SPKI of 2048 bits that is all ones. */
static void
make_key(struct key *k)
{
	static const uint8_t	head[] = { 0x30, 0x82, 0x01, 0x22, 0x30, 0x0d,
				    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
				    0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03,
				    0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01,
				    0x0a, 0x02, 0x82, 0x01, 0x01, 0x00 };
	static const uint8_t	e[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
	uint8_t			der[sizeof(head) + 256 + sizeof(e)];

	memcpy(der, head, sizeof(head));
	memset(der + sizeof(head), 0xff, 256);
	memcpy(der + sizeof(head) + 256, e, sizeof(e));
	CHECK(key_read_der(k, der, sizeof(der)) == 0);
}

static void
test_keys(void)
{
	struct ibuf	*b = new_ibuf();
	struct msg_span	 rest;
	struct key	 k, got;
	uint8_t		*p;
	size_t		 i, len;
	int		 n, r;

	make_key(&k);
	msg_net_server_put_key(b, &k);
	msg_net_server_put_key(b, &k);
	len = 2 + k.derlen;
	CHECK(ibuf_size(b) == 2 * len);
	for (i = 0; i <= 2 * len; i++) {
		p = copy(b, i);
		rest.p = p;
		rest.len = i;
		for (n = 0; (r = msg_net_server_next(&rest, &got)) == 1; n++)
			CHECK(memcmp(got.id, k.id, sizeof(k.id)) == 0);
		CHECK((r == 0) == (i % len == 0));
		CHECK((size_t)n == i / len);
		free(p);
	}
	p = copy(b, len);
	p[10] ^= 1;		/* no key any more */
	rest.p = p;
	rest.len = len;
	CHECK(msg_net_server_next(&rest, &got) == -1);
	free(p);
	ibuf_free(b);
}

static void
test_participants(void)
{
	struct msg_participant	 in = { 1, { 0 } }, out;
	struct msg_span		 rest;
	uint8_t			 p[2 * MSG_PARTICIPANT_LEN];

	memset(in.name, 7, sizeof(in.name));
	msg_participant_write(p, &in);
	in.known = 0;
	msg_participant_write(p + MSG_PARTICIPANT_LEN, &in);
	rest.p = p;
	rest.len = sizeof(p);
	CHECK(msg_participant_next(&rest, &out) == 1 && out.known == 1);
	CHECK(memcmp(out.name, in.name, sizeof(in.name)) == 0);
	CHECK(msg_participant_next(&rest, &out) == 1 && out.known == 0);
	CHECK(msg_participant_next(&rest, &out) == 0);
	rest.p = p;
	rest.len = MSG_PARTICIPANT_LEN - 1;
	CHECK(msg_participant_next(&rest, &out) == -1);
	p[0] = 2;
	rest.len = sizeof(p);
	CHECK(msg_participant_next(&rest, &out) == -1);
}

static int
get_message(uint8_t *p, size_t len, struct msg_net_message *m)
{
	struct ibuf	b;

	ibuf_from_buffer(&b, p, len);
	return (msg_net_message_get(&b, m));
}

static void
test_message(void)
{
	struct ibuf		*b = new_ibuf();
	struct msg_net_message	 m, got;
	uint8_t			 participants[3 * MSG_PARTICIPANT_LEN];
	uint8_t			*p;
	size_t			 i, head = 48, len;

	memset(&m, 0, sizeof(m));
	memset(participants, 1, sizeof(participants));
	m.session = 1;
	m.kind = MSG_KIND_CHAT;
	m.form = MSG_FORM_OTHER;
	m.counter = UINT64_MAX;
	memset(m.sender, 9, sizeof(m.sender));
	m.participants.p = participants;
	m.participants.len = sizeof(participants);
	m.text.p = "hello";
	m.text.len = 5;
	msg_net_message_put(b, &m);
	len = head + sizeof(participants) + 5;
	CHECK(ibuf_size(b) == len);
	for (i = 0; i <= len; i++) {
		p = copy(b, i);
		CHECK((get_message(p, i, &got) == 0) ==
		    (i >= head + sizeof(participants)));
		if (i == len) {
			CHECK(got.kind == m.kind && got.form == m.form);
			CHECK(got.counter == m.counter && got.session == 1);
			CHECK(memcmp(got.sender, m.sender, 32) == 0);
			CHECK(got.participants.len == sizeof(participants));
			CHECK(memcmp(got.participants.p, participants,
			    sizeof(participants)) == 0);
			CHECK(got.text.len == 5 &&
			    memcmp(got.text.p, "hello", 5) == 0);
		}
		free(p);
	}
	p = copy(b, len);
	p[4] = MSG_KIND_MAX;
	CHECK(get_message(p, len, &got) == -1);
	p[4] = MSG_KIND_PUBLIC;
	p[5] = MSG_FORM_MAX;
	CHECK(get_message(p, len, &got) == -1);
	p[5] = 0;
	p[46] = (MSG_PARTICIPANTS_MAX + 1) >> 8;
	p[47] = (MSG_PARTICIPANTS_MAX + 1) & 0xff;
	CHECK(get_message(p, len, &got) == -1);
	free(p);
	ibuf_free(b);
}

static void
test_lengths(void)
{
	const struct msg_rule	*rule;

	rule = msgrules_find(MSG_NET_UNWRAP);
	CHECK(rule->min == 8 + 2 + MSG_WRAPPED_MIN);
	CHECK(rule->max == 8 + MSG_UNWRAP_MAX * (2 + MSG_WRAPPED_MAX));
	rule = msgrules_find(MSG_NET_UNWRAPPED);
	CHECK(rule->min == 8 + 1);
	CHECK(rule->max == 8 + MSG_UNWRAP_MAX * (1 + MSG_SYMM_MAX));
	CHECK(msgrules_find(MSG_NET_MESSAGE)->min == 48);
	CHECK(msgrules_find(MSG_NET_SERVER)->min == 6);
	CHECK(msgrules_find(MSG_NET_SELF)->max == KEY_DER_MAX);
	CHECK(msgrules_find(MSG_NET_TEXT)->max == 4 + 1024 * 1024);
}

int
main(void)
{
	RUN(test_wrapped);
	RUN(test_symm);
	RUN(test_keys);
	RUN(test_participants);
	RUN(test_message);
	RUN(test_lengths);
	return (test_done());
}
