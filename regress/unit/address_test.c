/*
 * Addresses: every spelling that is taken, every one that is refused, and which
 * of them name the same server.
 */

#include "compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "test.h"

/* A literal, which may hold NUL octets. */
#define REFUSED(s)	refused((s), sizeof(s) - 1)

/*
 * Read from memory that ends with the text, so that a sanitizer sees any step
 * beyond.
 */
static int
read_text(struct address *a, const char *text, size_t len)
{
	char	*copy;
	int	 r;

	if ((copy = malloc(len)) == NULL && len > 0)
		abort();
	if (len > 0)
		memcpy(copy, text, len);
	r = address_read(a, copy, len);
	free(copy);
	return (r);
}

static int
reads_as(const char *text, const char *host, uint16_t port)
{
	struct address	 a;

	if (read_text(&a, text, strlen(text)) == -1 ||
	    strcmp(a.host, host) != 0 || a.port != port) {
		fprintf(stderr, "\"%s\"\n", text);
		return (0);
	}
	return (1);
}

static int
refused(const char *text, size_t len)
{
	struct address	 a;

	if (read_text(&a, text, len) == 0) {
		fprintf(stderr, "\"%.*s\" was taken\n", (int)len, text);
		return (0);
	}
	return (1);
}

static int
same(const char *text1, const char *text2)
{
	struct address	 a, b;

	if (read_text(&a, text1, strlen(text1)) == -1 ||
	    read_text(&b, text2, strlen(text2)) == -1)
		abort();
	if (address_match(&a, &b) != address_match(&b, &a))
		abort();
	return (address_match(&a, &b));
}

static void
test_names(void)
{
	CHECK(reads_as("my.awesomeserver.net", "my.awesomeserver.net", 0));
	CHECK(reads_as("localhost:666", "localhost", 666));
	CHECK(reads_as("10.0.0.27:8001", "10.0.0.27", 8001));
	CHECK(reads_as("Chat.Example.ORG:443", "chat.example.org", 443));
	CHECK(reads_as("a-b_c.d", "a-b_c.d", 0));
	CHECK(reads_as("x", "x", 0));
}

static void
test_schemes(void)
{
	CHECK(reads_as("ws://h", "h", 0));
	CHECK(reads_as("wss://h:1/", "h", 1));
	CHECK(reads_as("http://h/", "h", 0));
	CHECK(reads_as("https://h:65535", "h", 65535));
	CHECK(reads_as("WSS://H/", "h", 0));
	CHECK(reads_as("h/", "h", 0));
	CHECK(REFUSED("ftp://h"));
	CHECK(REFUSED("//h"));
	CHECK(REFUSED("ws:/h"));
	CHECK(REFUSED("ws://"));
	CHECK(REFUSED("ws:///"));
	CHECK(REFUSED("ws://ws://h"));
	CHECK(REFUSED("h//"));
	CHECK(REFUSED("ws://h/path"));
	CHECK(REFUSED("ws://h?x"));
	CHECK(REFUSED("ws://user@h"));
}

static void
test_ipv6(void)
{
	CHECK(reads_as("[::1]", "::1", 0));
	CHECK(reads_as("[2001:DB8:0:0::A]:8001", "2001:db8::a", 8001));
	CHECK(reads_as("wss://[::FFFF:192.0.2.7]/", "::ffff:192.0.2.7", 0));
	CHECK(reads_as("[FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:255.255.255.255]",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0));
	CHECK(REFUSED("[0FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:255.255.255.255]"));
	CHECK(REFUSED("::1"));
	CHECK(REFUSED("[]"));
	CHECK(REFUSED("["));
	CHECK(REFUSED("[::1"));
	CHECK(REFUSED("[::1]8001"));
	CHECK(REFUSED("[::1]:"));
	CHECK(REFUSED("[::g]"));
	CHECK(REFUSED("[::1%lo]"));
	CHECK(REFUSED("[192.0.2.7]"));
	CHECK(REFUSED("[::1\0]"));
	CHECK(REFUSED("[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]"));
}

static void
test_ports(void)
{
	CHECK(reads_as("h:80", "h", 80));
	CHECK(reads_as("h:00080", "h", 80));
	CHECK(REFUSED("h:"));
	CHECK(REFUSED("h:0"));
	CHECK(REFUSED("h:65536"));
	CHECK(REFUSED("h:99999"));
	CHECK(REFUSED("h:000080"));
	CHECK(REFUSED("h:4294967376"));
	CHECK(REFUSED("h:+80"));
	CHECK(REFUSED("h:-1"));
	CHECK(REFUSED("h: 80"));
	CHECK(REFUSED("h:8a"));
	CHECK(REFUSED("h:80:80"));
	CHECK(REFUSED(":80"));
}

static void
test_octets(void)
{
	CHECK(REFUSED(""));
	CHECK(REFUSED("/"));
	CHECK(REFUSED(" h"));
	CHECK(REFUSED("h\n"));
	CHECK(REFUSED("h\0"));
	CHECK(REFUSED("h\0.x"));
	CHECK(REFUSED("h\xc3\xb6st"));
	CHECK(REFUSED("h\xff"));
	CHECK(REFUSED("a*b"));
}

static void
test_lengths(void)
{
	struct address	 a;
	char		 text[ADDRESS_LEN_MAX + 2];

	memset(text, 'a', sizeof(text));
	CHECK(read_text(&a, text, ADDRESS_HOST_MAX - 1) == 0);
	CHECK(strlen(a.host) == ADDRESS_HOST_MAX - 1);
	CHECK(refused(text, ADDRESS_HOST_MAX));
	CHECK(refused(text, ADDRESS_LEN_MAX));
	CHECK(refused(text, ADDRESS_LEN_MAX + 1));
	memcpy(text, "https://", 8);
	memcpy(text + 8 + ADDRESS_HOST_MAX - 1, ":65535/", 7);
	CHECK(read_text(&a, text, 8 + ADDRESS_HOST_MAX - 1 + 7) == 0);
	CHECK(a.port == 65535);
}

static void
test_truncated(void)
{
	static const char	 text[] = "https://[2001:db8::1]:8001/";
	struct address		 a;
	size_t			 len;

	for (len = 0; len < sizeof(text); len++)
		read_text(&a, text, len);
	CHECK(read_text(&a, text, sizeof(text) - 1) == 0);
	CHECK(a.port == 8001);
}

static void
test_match(void)
{
	CHECK(same("h:8001", "h:8001"));
	CHECK(same("H:8001", "wss://h:8001/"));
	CHECK(!same("h:8001", "h:8002"));
	CHECK(!same("h:8001", "i:8001"));
	CHECK(!same("h", "h.x"));
	CHECK(same("h", "h"));
	CHECK(same("h", "h:80"));
	CHECK(same("h", "h:443"));
	CHECK(same("ws://h", "https://h"));
	CHECK(!same("h", "h:8001"));
	CHECK(!same("h:80", "h:443"));
	CHECK(same("[::1]:9", "[0:0:0:0:0:0:0:1]:9"));
	CHECK(same("[2001:DB8::A]", "[2001:db8::000a]:443"));
	CHECK(!same("[::1]", "[::2]"));
}

int
main(void)
{
	RUN(test_names);
	RUN(test_schemes);
	RUN(test_ipv6);
	RUN(test_ports);
	RUN(test_octets);
	RUN(test_lengths);
	RUN(test_truncated);
	RUN(test_match);
	return (test_done());
}
