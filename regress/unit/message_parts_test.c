/*
 * What a client needs of a message and a server does not: texts, wrapped keys,
 * what base64 holds.
 */

#include "compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "test.h"

#define A10	"AAAAAAAAAA"
#define A85	A10 A10 A10 A10 A10 A10 A10 A10 "AAAAA"
#define A340	A85 A85 A85 A85
#define B256	A340 "AQ=="		/* base64 of so many octets */
#define C256	A340 "\\/w=="		/* the same with an escape */

#define SIGNED(d)	"{\"type\":\"signed_data\",\"data\":" d ","	\
			"\"counter\":7,\"signature\":\"" B256 "\"}"

static struct scan_span
quoted(const char *text)
{
	return ((struct scan_span){ text, strlen(text) });
}

static int
is(struct scan_span s, const char *text)
{
	return (s.len == strlen(text) && memcmp(s.p, text, s.len) == 0);
}

static void
test_chat(void)
{
	static const char	 text[] = SIGNED("{\"type\":\"chat\","
	    "\"destination_servers\":[\"h\",\"i\"],"
	    "\"iv\":\"AAECAwQFBgcICQoLDA0ODw==\","
	    "\"symm_keys\":[ \"" B256 "\" , \"" C256 "\" ],"
	    "\"chat\":\"aGVsbG8\\u003d\"}");
	struct scan_span	 rest;
	struct message		 m;
	uint8_t			 buf[512];
	size_t			 n;

	CHECK(message_read(&m, text, sizeof(text) - 1) == REFUSE_NONE);
	CHECK(message_octets(m.iv, buf, sizeof(buf), &n) == REFUSE_NONE);
	CHECK(n == 16 && buf[1] == 1 && buf[15] == 15);
	CHECK(message_octets(m.text, buf, sizeof(buf), &n) == REFUSE_NONE);
	CHECK(n == 5 && memcmp(buf, "hello", 5) == 0);
	rest = m.symm_keys;
	CHECK(message_next_octets(&rest, buf, sizeof(buf), &n) == 1);
	CHECK(n == 256 && buf[255] == 1);
	CHECK(message_next_octets(&rest, buf, sizeof(buf), &n) == 1);
	CHECK(n == 256 && buf[255] == 0xff);
	CHECK(message_next_octets(&rest, buf, sizeof(buf), &n) == 0);
	rest = m.symm_keys;
	CHECK(message_next_octets(&rest, buf, 255, &n) == -1);
	message_clear(&m);
}

static void
test_public_chat(void)
{
	static const char	 text[] = SIGNED("{\"type\":\"public_chat\","
	    "\"sender\":\"F\",\"message\":\"a\\u0000\\\"b\"}");
	struct scan_span	 s;
	struct message		 m;
	void			*memory = NULL;

	CHECK(message_read(&m, text, sizeof(text) - 1) == REFUSE_NONE);
	CHECK(is(m.text, "\"a\\u0000\\\"b\""));
	CHECK(message_unescape(m.text, &s, &memory) == REFUSE_NONE);
	CHECK(s.len == 4 && memcmp(s.p, "a\0\"b", 4) == 0);
	free(memory);
	message_clear(&m);
}

static void
test_error(void)
{
	static const char	 text[] = "{\"type\":\"error\",\"error\":"
	    "\"bad_\\u006bey\",\"message\":\"No.\",\"counter\":3}";
	static const char	 odd[] = "{\"type\":\"error\",\"error\":[],"
	    "\"message\":1}";
	struct message		 m;

	CHECK(message_read(&m, text, sizeof(text) - 1) == REFUSE_NONE);
	CHECK(is(m.code, "bad_\\u006bey") && is(m.text, "\"No.\""));
	CHECK(m.has_counter && m.counter == 3);
	message_clear(&m);
	CHECK(message_read(&m, odd, sizeof(odd) - 1) == REFUSE_NONE);
	CHECK(m.code.len == 0 && m.text.len == 0 && !m.has_counter);
	message_clear(&m);
}

static void
test_unescape(void)
{
	struct scan_span	 s;
	void			*memory = NULL;
	const char		*plain = "\"plain\"";

	CHECK(message_unescape(quoted(plain), &s, &memory) == REFUSE_NONE);
	CHECK(is(s, "plain") && s.p == plain + 1 && memory == NULL);
	CHECK(message_unescape(quoted("\"\""), &s, &memory) == REFUSE_NONE);
	CHECK(s.len == 0 && memory == NULL);
	CHECK(message_unescape(quoted("\"\\ud83d\\ude00\""), &s, &memory) ==
	    REFUSE_NONE);
	CHECK(is(s, "\xf0\x9f\x98\x80") && memory != NULL);
	free(memory);
}

static void
test_octets(void)
{
	uint8_t	buf[4] = { 9, 9, 9, 9 };
	size_t	n;

	CHECK(message_octets(quoted("\"\""), buf, 4, &n) == REFUSE_NONE);
	CHECK(n == 0);
	/* what does not fit is counted */
	CHECK(message_octets(quoted("\"AQIDBAUG\""), buf, 2, &n) ==
	    REFUSE_NONE);
	CHECK(n == 6 && buf[0] == 1 && buf[1] == 2 && buf[2] == 9);
	CHECK(message_octets(quoted("\"AQI\""), buf, 4, &n) ==
	    REFUSE_BAD_FORMAT);
	CHECK(message_octets(quoted("\"AQ I\""), buf, 4, &n) ==
	    REFUSE_BAD_FORMAT);
}

int
main(void)
{
	RUN(test_chat);
	RUN(test_public_chat);
	RUN(test_error);
	RUN(test_unescape);
	RUN(test_octets);
	scan_cleanup();
	return (test_done());
}
