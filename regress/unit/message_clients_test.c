/*
 * The elements of a client_update, one by one, and the digest that is the same
 * for all spellings of a message.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "test.h"

#define ROOM	8	/* octets of an element */

/*
 * Reads an update with that array.  What was found goes to got: the strings,
 * "!" for an element that is none such, "," between them.
 */
static size_t
elements(const char *array, char *got, size_t size)
{
	struct scan_span	 rest;
	struct message		 m;
	char			 text[1024], buf[ROOM];
	size_t			 len, count = 0, n;
	int			 r;

	got[0] = '\0';
	n = (size_t)snprintf(text, sizeof(text), "{\"clients\": %s , "
	    "\"type\":\"client_update\"}", array);
	CHECK(message_read(&m, text, n) == REFUSE_NONE);
	CHECK(m.type == MESSAGE_CLIENT_UPDATE);
	rest = m.clients;
	while ((r = message_next_client(&rest, buf, sizeof(buf), &len)) != 0) {
		if (count++ > 0)
			strlcat(got, ",", size);
		n = strlen(got);
		if (r == -1)
			strlcat(got, "!", size);
		else
			snprintf(got + n, size - n, "%.*s", (int)len, buf);
	}
	CHECK(message_count_clients(&m) == count);
	message_clear(&m);
	return (count);
}

static void
test_elements(void)
{
	static const struct {
		const char	*array;
		size_t		 count;
		const char	*got;
	}	cases[] = {
		{ "[]", 0, "" },
		{ "[ \t\r\n]", 0, "" },
		{ "[\"a\"]", 1, "a" },
		{ "[\"\",\"b\"]", 2, ",b" },
		{ " [ \"a\" , \"b\"\n,\"c\"]", 3, "a,b,c" },
		{ "[\"a\\nb\",\"\\u0041\\\\\",\"\\\"]\"]", 3, "a\nb,A\\,\"]" },
		{ "[\"12345678\",\"123456789\"]", 2, "12345678,!" },
		{ "[\"\\u0031\\u0032345678\",\"\\u0031\\u00323456789\"]", 2,
		    "12345678,!" },
		{ "[1,-2.5e3,true,false,null,\"x\"]", 6, "!,!,!,!,!,x" },
		{ "[1 , \"x\" ,2 ]", 3, "!,x,!" },
		{ "[{},[],{\"a\":[\"]\",\"}\"]},[[\"a\",[]],{}],\"x\"]", 5,
		    "!,!,!,!,x" },
		{ "[{\"a\":\"\\\"}\"} , \"x\"]", 2, "!,x" },
	};
	char	got[256];
	size_t	i;

	for (i = 0; i < nitems(cases); i++) {
		CHECK(elements(cases[i].array, got, sizeof(got)) ==
		    cases[i].count);
		if (strcmp(got, cases[i].got) == 0)
			continue;
		fprintf(stderr, "%s: %s\n", cases[i].array, got);
		CHECK(!"other elements");
	}
}

static void
test_no_array(void)
{
	static const char *const	bad[] = {
		"{\"type\":\"client_update\"}",
		"{\"type\":\"client_update\",\"clients\":{}}",
		"{\"type\":\"client_update\",\"clients\":\"[]\"}",
	};
	struct message			m;
	size_t				i;

	for (i = 0; i < nitems(bad); i++) {
		CHECK(message_read(&m, bad[i], strlen(bad[i])) ==
		    REFUSE_BAD_FORMAT);
		message_clear(&m);
	}
}

static void
digest_of(const char *data, const char *counter, const char *signature,
    uint8_t digest[MESSAGE_DIGEST_LEN])
{
	struct message	m;
	char		text[1024];

	snprintf(text, sizeof(text), "{\"type\":\"signed_data\",\"data\":%s,"
	    "\"counter\":%s,\"signature\":\"%s\"}", data, counter, signature);
	CHECK(message_read(&m, text, strlen(text)) == REFUSE_NONE);
	message_identity(&m, digest);
	message_clear(&m);
}

static void
test_digest(void)
{
	static const char *const	same[] = {
		"{\"type\":\"public_chat\",\"sender\":\"a b\",\"message\":\"\"}",
		"{\"type\": \"public_chat\", \"sender\": \"a b\", "
		    "\"message\": \"\"}",
		"{ \"type\" :\n\"public_chat\",\t\"sender\":\"a b\","
		    "\"message\" : \"\" }",
	};
	static const char *const	other[] = {
		"{\"type\":\"public_chat\",\"sender\":\"ab\",\"message\":\"\"}",
		"{\"type\":\"public_chat\",\"message\":\"\",\"sender\":\"a b\"}",
	};
	uint8_t				first[MESSAGE_DIGEST_LEN];
	uint8_t				digest[MESSAGE_DIGEST_LEN];
	size_t				i;

	digest_of(same[0], "1", "AAAA", first);
	for (i = 1; i < nitems(same); i++) {
		digest_of(same[i], "1", i == 1 ?
		    "AAAA" : "\\u0041AAA", digest);
		CHECK(memcmp(digest, first, sizeof(first)) == 0);
	}
	for (i = 0; i < nitems(other); i++) {
		digest_of(other[i], "1", "AAAA", digest);
		CHECK(memcmp(digest, first, sizeof(first)) != 0);
	}
	digest_of(same[0], "2", "AAAA", digest);
	CHECK(memcmp(digest, first, sizeof(first)) != 0);
	digest_of(same[0], "1", "AAAB", digest);
	CHECK(memcmp(digest, first, sizeof(first)) != 0);
	digest_of(same[0], "1", "", digest);
	CHECK(memcmp(digest, first, sizeof(first)) != 0);
}

int
main(void)
{
	RUN(test_elements);
	RUN(test_no_array);
	RUN(test_digest);
	return (test_done());
}
