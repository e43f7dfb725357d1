/*
 * Our server_hello: what is signed is what a neighbour reads of the message.
 */

#include "compat.h"

#include <openssl/sha.h>

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "message.h"
#include "server_hello.h"
#include "test.h"

static uint8_t	sig[512];

/* Reads the message as a neighbour does. */
static void
check(const char *address, uint64_t counter, size_t siglen)
{
	struct message	 m;
	struct address	 a, b;
	char		 text[SERVER_HELLO_MAX], mine[SERVER_HELLO_MAX];
	uint8_t		 signed_digest[32], digest[MESSAGE_DIGEST_LEN];
	size_t		 len, n;

	memset(sig, 0xa5, sizeof(sig));
	n = server_hello_signed(mine, address, counter);
	len = server_hello_text(text, address, counter, sig, siglen);
	CHECK(n > 0 && len > 0 && strlen(text) == len && strlen(mine) == n);
	CHECK(message_read(&m, text, len) == REFUSE_NONE);
	CHECK(m.type == MESSAGE_SERVER_HELLO && m.counter == counter);
	CHECK(m.siglen == siglen && memcmp(m.sig, sig, siglen) == 0);
	CHECK(address_read(&a, m.sender.p, m.sender.len) == 0 &&
	    address_read(&b, address, strlen(address)) == 0 &&
	    address_match(&a, &b));
	message_digest(&m, digest);
	SHA256((const uint8_t *)mine, n, signed_digest);
	CHECK(memcmp(digest, signed_digest, sizeof(digest)) == 0);
	message_clear(&m);
}

static void
test_agrees(void)
{
	check("chat.example.org", 1795802400, 256);
	check("wss://Chat.example.org:8443/", 0, 384);
	check("[2001:db8::1]:443", INT64_MAX, 512);
}

static void
test_longest(void)
{
	char	address[ADDRESS_LEN_MAX + 2];
	size_t	i;

	memset(address, 'a', sizeof(address));
	memcpy(address, "https://", 8);
	for (i = 8 + 63; i < 8 + 255; i += 64)
		address[i] = '.';
	memcpy(address + 8 + 255, ":65535/", 8);
	check(address, INT64_MAX, 512);
}

/* Nothing but an address becomes part of what is signed. */
static void
test_refused(void)
{
	static const char *const	bad[] = {
		"", "a\"b", "a b", "a\\b", "a\n", "[::1", "a:0", "a:65536",
		"a/b", "\xc3\xa9.example.org"
	};
	char				buf[SERVER_HELLO_MAX];
	size_t				i;

	for (i = 0; i < nitems(bad); i++) {
		CHECK(server_hello_signed(buf, bad[i], 1) == 0);
		CHECK(server_hello_text(buf, bad[i], 1, sig, 256) == 0);
	}
	CHECK(server_hello_text(buf, "a.example.org", 1, sig, 513) == 0);
}

int
main(void)
{
	RUN(test_agrees);
	RUN(test_longest);
	RUN(test_refused);
	return (test_done());
}
