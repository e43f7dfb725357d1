/*
 * Messages: what is taken, every way to be refused, and the bytes that are
 * signed.
 */

#include "compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "message_vectors.h"
#include "test.h"

#define A10	"AAAAAAAAAA"
#define A85	A10 A10 A10 A10 A10 A10 A10 A10 "AAAAA"
#define A340	A85 A85 A85 A85
#define B255	A340				/* base64 of so many octets */
#define B256	A340 "AA=="
#define B512	A340 A340 "AAA="
#define B513	A340 A340 "AAAA"
#define B16	"AAAAAAAAAAAAAAAAAAAAAA=="
#define B12	"AAAAAAAAAAAAAAAA"

/* Envelopes and what they may hold. */
#define SIGNED(d, rest)	"{\"type\":\"signed_data\",\"data\":" d rest "}"
#define COUNTED(d, n)	SIGNED(d, ",\"counter\":" n ",\"signature\":\"" B256 "\"")
#define ENVELOPE(d)	COUNTED(d, "7")

#define PUBLIC_CHAT	"{\"type\":\"public_chat\",\"sender\":\"F\",\"message\":\"m\"}"
#define CHAT(dests, iv, keys, chat)					\
	"{\"type\":\"chat\",\"destination_servers\":" dests ",\"iv\":" iv	\
	",\"symm_keys\":" keys ",\"chat\":" chat "}"
#define KEY		"\"" B256 "\""
#define GOOD_IV		"\"" B16 "\""
#define GOOD_CHAT	"\"AAAA\""

/* A message and a copy of its text that ends where the text does. */
struct reading {
	struct message	 m;
	char		*text;
	enum refusal	 r;
};

static struct reading
begin(const char *text, size_t len)
{
	struct reading	 rd;

	if ((rd.text = malloc(len + 1)) == NULL)
		abort();
	memcpy(rd.text + 1, text, len);
	rd.r = message_read(&rd.m, rd.text + 1, len);
	return (rd);
}

static void
end(struct reading *rd)
{
	message_clear(&rd->m);
	message_clear(&rd->m);
	free(rd->text);
}

/* Does the message meet with this, and is its counter (-1: none) reported? */
static int
meets(const char *text, size_t len, enum refusal r, int64_t counter)
{
	struct reading	 rd = begin(text, len);
	int		 good;

	good = rd.r == r && rd.m.has_counter == (counter != -1) &&
	    (counter == -1 || rd.m.counter == (uint64_t)counter);
	if (!good)
		fprintf(stderr, "%s, counter %d %lld: %.100s\n",
		    refusal_name(rd.r), rd.m.has_counter,
		    (long long)rd.m.counter, text);
	end(&rd);
	return (good);
}

#define MEETS(s, r, n)	CHECK(meets((s), sizeof(s) - 1, (r), (n)))
#define TAKEN(s)	MEETS(s, REFUSE_NONE, 7)
#define BAD_FORMAT(s)	MEETS(s, REFUSE_BAD_FORMAT, 7)
#define BAD_JSON(s)	MEETS(s, REFUSE_BAD_JSON, -1)

static int
span_is(struct scan_span s, const char *text)
{
	return (s.len == strlen(text) && memcmp(s.p, text, s.len) == 0);
}

static void
test_bad_json(void)
{
	BAD_JSON("");
	BAD_JSON(" ");
	BAD_JSON("hello");
	BAD_JSON("{\"type\":\"client_list_request\"} x");
	BAD_JSON("{\"type\":\"client_list_request\"}{}");
	BAD_JSON("{\"type\":\"client_list_request\",}");
	BAD_JSON("{\"type\":\"client_list_request\",\"typ\\u0065\":\"error\"}");
	BAD_JSON("{\"type\":\"client_list_request\",\"x\":\"\xff\"}");
	BAD_JSON("{\"type\":\"client_list_request\",\"x\":\"\\ud800\"}");
	BAD_JSON("{\"type\":\"client_list_request\",\"x\":'y'}");
	BAD_JSON("{\"type\":\"client_list_request\",\"counter\":01}");
	BAD_JSON(ENVELOPE("{\"type\":\"public_chat\",\"sender\":\"F\","
	    "\"message\":\"m\",\"x\":{\"y\":1,\"y\":1}}"));
}

static void
test_depth(void)
{
	/* The envelope and D are two; brackets make the rest. */
	TAKEN(ENVELOPE("{\"type\":\"public_chat\",\"sender\":\"F\","
	    "\"message\":\"m\",\"x\":[[[[[[[[[[[[[[]]]]]]]]]]]]]]}"));
	BAD_JSON(ENVELOPE("{\"type\":\"public_chat\",\"sender\":\"F\","
	    "\"message\":\"m\",\"x\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}"));
	/* A string D counts for itself. */
	TAKEN(ENVELOPE("\"{\\\"type\\\":\\\"public_chat\\\",\\\"sender\\\":\\\"F\\\","
	    "\\\"message\\\":\\\"m\\\",\\\"x\\\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}\""));
	MEETS(ENVELOPE("\"{\\\"type\\\":\\\"public_chat\\\",\\\"sender\\\":\\\"F\\\","
	    "\\\"message\\\":\\\"m\\\",\\\"x\\\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}\""),
	    REFUSE_BAD_JSON, 7);
}

static void
test_no_object(void)
{
	MEETS("[]", REFUSE_BAD_FORMAT, -1);
	MEETS("\"hello\"", REFUSE_BAD_FORMAT, -1);
	MEETS("null", REFUSE_BAD_FORMAT, -1);
	MEETS(" 42 ", REFUSE_BAD_FORMAT, -1);
	MEETS("[{\"type\":\"client_list_request\"}]", REFUSE_BAD_FORMAT, -1);
}

static void
test_envelope_type(void)
{
	MEETS("{}", REFUSE_BAD_FORMAT, -1);
	BAD_FORMAT("{\"counter\":7}");
	BAD_FORMAT("{\"type\":null,\"counter\":7}");
	BAD_FORMAT("{\"type\":[\"error\"],\"counter\":7}");
	BAD_FORMAT("{\"x\":{\"type\":\"error\"},\"counter\":7}");
	BAD_FORMAT("{\"type\\u0000\":\"error\",\"counter\":7}");
	BAD_FORMAT("{\"Type\":\"error\",\"counter\":7}");
	MEETS("{\"type\":\"\"}", REFUSE_UNKNOWN_TYPE, -1);
	MEETS("{\"type\":\"x\",\"counter\":7}", REFUSE_UNKNOWN_TYPE, 7);
	MEETS("{\"type\":\"error\\u0000\"}", REFUSE_UNKNOWN_TYPE, -1);
	MEETS("{\"type\":\"errors\"}", REFUSE_UNKNOWN_TYPE, -1);
	MEETS("{\"type\":\"erro\"}", REFUSE_UNKNOWN_TYPE, -1);
	MEETS("{\"type\":\"client_list\",\"servers\":[]}", REFUSE_UNKNOWN_TYPE, -1);
	MEETS("{\"type\":\"" A340 "\"}", REFUSE_UNKNOWN_TYPE, -1);
	/* Chats must be signed. */
	MEETS("{\"type\":\"public_chat\",\"sender\":\"F\",\"message\":\"m\"}",
	    REFUSE_UNKNOWN_TYPE, -1);
	MEETS("{\"type\":\"hello\",\"public_key\":\"k\"}", REFUSE_UNKNOWN_TYPE, -1);
	MEETS("{\"type\":\"chat\"}", REFUSE_UNKNOWN_TYPE, -1);
	MEETS("{\"type\":\"server_hello\",\"sender\":\"s\"}",
	    REFUSE_UNKNOWN_TYPE, -1);
}

static void
test_data_type(void)
{
	BAD_FORMAT(ENVELOPE("{}"));
	BAD_FORMAT(ENVELOPE("{\"type\":1}"));
	BAD_FORMAT(ENVELOPE("{\"x\":{\"type\":\"hello\"}}"));
	MEETS(ENVELOPE("{\"type\":\"\"}"), REFUSE_UNKNOWN_TYPE, 7);
	MEETS(ENVELOPE("{\"type\":\"x\"}"), REFUSE_UNKNOWN_TYPE, 7);
	MEETS(SIGNED("{\"type\":\"x\"}", ""), REFUSE_UNKNOWN_TYPE, -1);
	MEETS(ENVELOPE("{\"type\":\"signed_data\"}"), REFUSE_UNKNOWN_TYPE, 7);
	MEETS(ENVELOPE("{\"type\":\"client_list_request\"}"),
	    REFUSE_UNKNOWN_TYPE, 7);
	MEETS(ENVELOPE("{\"type\":\"client_update\",\"clients\":[]}"),
	    REFUSE_UNKNOWN_TYPE, 7);
	MEETS(ENVELOPE("{\"type\":\"error\"}"), REFUSE_UNKNOWN_TYPE, 7);
}

static void
test_data(void)
{
	MEETS("{\"type\":\"signed_data\",\"counter\":7,\"signature\":\"\"}",
	    REFUSE_BAD_FORMAT, 7);
	BAD_FORMAT(ENVELOPE("null"));
	BAD_FORMAT(ENVELOPE("[" PUBLIC_CHAT "]"));
	BAD_FORMAT(ENVELOPE("7"));
	/* Strings that hold no object. */
	BAD_FORMAT(ENVELOPE("\"\""));
	BAD_FORMAT(ENVELOPE("\" \""));
	BAD_FORMAT(ENVELOPE("\"hello\""));
	BAD_FORMAT(ENVELOPE("\"[]\""));
	BAD_FORMAT(ENVELOPE("\"\\u0000{}\""));
	BAD_FORMAT(ENVELOPE("\"\\\"{}\\\"\""));
	BAD_FORMAT(ENVELOPE("\"{}\""));
	/* Objects that the scanner refuses. */
	MEETS(ENVELOPE("\"{\""), REFUSE_BAD_JSON, 7);
	MEETS(ENVELOPE("\"{} {}\""), REFUSE_BAD_JSON, 7);
	MEETS(ENVELOPE("\"{}\\u0000\""), REFUSE_BAD_JSON, 7);
	MEETS(ENVELOPE("\"{\\\"a\\\":1,\\\"a\\\":1}\""), REFUSE_BAD_JSON, 7);
}

/* Everything is read through escapes, in names and in values. */
static void
test_escapes(void)
{
	static const char	 text[] = "{\"typ\\u0065\":\"sign\\u0065d\\u005fdata\","
	    "\"\\u0064\\u0061\\u0074\\u0061\":{\"\\u0074ype\":"
	    "\"\\u0070\\u0075\\u0062\\u006c\\u0069\\u0063\\u005f\\u0063\\u0068\\u0061\\u0074\","
	    "\"s\\u0065nder\":\"a\\u002Bb\\/\\u0000c\",\"messag\\u0065\":\"\"},"
	    "\"count\\u0065r\":7,\"signatur\\u0065\":\"\\u002B\\/\\u002b\\/\"}";
	struct reading		 rd = begin(text, sizeof(text) - 1);

	CHECK(rd.r == REFUSE_NONE);
	CHECK(rd.m.type == MESSAGE_PUBLIC_CHAT);
	CHECK(rd.m.sender.len == 6 && memcmp(rd.m.sender.p, "a+b/\0c", 6) == 0);
	CHECK(rd.m.siglen == 3 && memcmp(rd.m.sig, "\xfb\xff\xbf", 3) == 0);
	CHECK(rd.m.has_counter && rd.m.counter == 7);
	end(&rd);
	MEETS("{\"type\":\"\\u0063\\u006c\\u0069\\u0065\\u006e\\u0074\\u005f"
	    "\\u0075\\u0070\\u0064\\u0061\\u0074\\u0065\\u005f"
	    "\\u0072\\u0065\\u0071\\u0075\\u0065\\u0073\\u0074\"}", REFUSE_NONE, -1);
}

static void
test_counters(void)
{
	MEETS(COUNTED(PUBLIC_CHAT, "0"), REFUSE_NONE, 0);
	MEETS(COUNTED(PUBLIC_CHAT, "1"), REFUSE_NONE, 1);
	MEETS(COUNTED(PUBLIC_CHAT, "4294967296"), REFUSE_NONE, 4294967296);
	MEETS(COUNTED(PUBLIC_CHAT, " 9223372036854775807 "), REFUSE_NONE, INT64_MAX);
	MEETS(COUNTED(PUBLIC_CHAT, "9223372036854775808"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "9999999999999999999"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "18446744073709551617"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "-1"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "-0"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "1.0"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "1e2"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "1E2"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "\"1\""), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "null"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "true"), REFUSE_BAD_FORMAT, -1);
	MEETS(COUNTED(PUBLIC_CHAT, "[1]"), REFUSE_BAD_FORMAT, -1);
	MEETS(SIGNED(PUBLIC_CHAT, ",\"signature\":\"" B256 "\""),
	    REFUSE_BAD_FORMAT, -1);
	/* Only the envelope's counts. */
	MEETS(SIGNED("{\"type\":\"public_chat\",\"sender\":\"F\",\"message\":\"m\","
	    "\"counter\":7}", ",\"signature\":\"" B256 "\""),
	    REFUSE_BAD_FORMAT, -1);
	/* Where none is needed, a bad one does no harm. */
	MEETS("{\"type\":\"client_list_request\",\"counter\":-1}", REFUSE_NONE, -1);
	MEETS("{\"type\":\"client_list_request\",\"counter\":3}", REFUSE_NONE, 3);
}

static size_t
siglen(const char *text, size_t len)
{
	struct reading	 rd = begin(text, len);
	size_t		 n = rd.r == REFUSE_NONE ? rd.m.siglen : SIZE_MAX;

	end(&rd);
	return (n);
}

#define WITH_SIGNATURE(s)	SIGNED(PUBLIC_CHAT, ",\"counter\":7,\"signature\":" s)
#define SIGLEN(s)		siglen(WITH_SIGNATURE("\"" s "\""),	\
	sizeof(WITH_SIGNATURE("\"" s "\"")) - 1)

static void
test_signatures(void)
{
	CHECK(SIGLEN("") == 0);
	CHECK(SIGLEN("AA==") == 1);
	CHECK(SIGLEN(B256) == 256);
	CHECK(SIGLEN(B512) == 512);
	CHECK(SIGLEN(B513) == MESSAGE_SIG_MAX + 1);
	CHECK(SIGLEN(B513 B513 B513 B513 B513 B513 B513 B513) ==
	    MESSAGE_SIG_MAX + 1);
	BAD_FORMAT(SIGNED(PUBLIC_CHAT, ",\"counter\":7"));
	BAD_FORMAT(WITH_SIGNATURE("null"));
	BAD_FORMAT(WITH_SIGNATURE("[\"" B256 "\"]"));
	BAD_FORMAT(WITH_SIGNATURE("\"A\""));
	BAD_FORMAT(WITH_SIGNATURE("\"AA\""));
	BAD_FORMAT(WITH_SIGNATURE("\"AA=A\""));
	BAD_FORMAT(WITH_SIGNATURE("\"AB==\""));
	BAD_FORMAT(WITH_SIGNATURE("\"AAAA \""));
	BAD_FORMAT(WITH_SIGNATURE("\"AAAA\\n\""));
	BAD_FORMAT(WITH_SIGNATURE("\"AA-_\""));
	BAD_FORMAT(WITH_SIGNATURE("\"AAAA\\u0000\""));
	BAD_FORMAT(WITH_SIGNATURE("\"" B256 "AAAA\""));
	BAD_FORMAT(WITH_SIGNATURE("\"" B513 B513 B513 B513 "*AAA\""));
}

/* Padding may not hide where a long text is cut for decoding. */
static void
test_padding_inside(void)
{
	char	 text[16384];
	int	 at, len;

	for (at = 4; at < 4096; at += 4) {
		len = snprintf(text, sizeof(text),
		    SIGNED(PUBLIC_CHAT, ",\"counter\":7,\"signature\":\"%0*dA==%0*d\""),
		    at - 3, 0, 4096, 0);
		if (!meets(text, len, REFUSE_BAD_FORMAT, 7)) {
			CHECK(0);
			break;
		}
	}
}

static void
test_hello(void)
{
	static const char	 text[] = ENVELOPE("{\"type\":\"hello\","
	    "\"public_key\":\"-----BEGIN\\nx\\r\\n\"}");
	static const char	 plain[] = ENVELOPE("{\"type\":\"hello\","
	    "\"public_key\":\"k\"}");
	struct reading		 rd = begin(text, sizeof(text) - 1);

	CHECK(rd.r == REFUSE_NONE && rd.m.type == MESSAGE_HELLO);
	CHECK(span_is(rd.m.public_key, "-----BEGIN\nx\r\n"));
	end(&rd);
	rd = begin(plain, sizeof(plain) - 1);
	CHECK(rd.r == REFUSE_NONE && span_is(rd.m.public_key, "k"));
	end(&rd);
	BAD_FORMAT(ENVELOPE("{\"type\":\"hello\"}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"hello\",\"public_key\":null}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"hello\",\"public_key\":[\"k\"]}"));
}

static void
test_public_chat(void)
{
	static const char	 text[] = ENVELOPE(PUBLIC_CHAT);
	struct reading		 rd = begin(text, sizeof(text) - 1);

	CHECK(rd.r == REFUSE_NONE && rd.m.type == MESSAGE_PUBLIC_CHAT);
	CHECK(span_is(rd.m.sender, "F"));
	CHECK(span_is(rd.m.data, PUBLIC_CHAT));
	CHECK(span_is(rd.m.counter_text, "7"));
	CHECK(!rd.m.data_is_string && rd.m.siglen == 256);
	end(&rd);
	BAD_FORMAT(ENVELOPE("{\"type\":\"public_chat\",\"message\":\"m\"}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"public_chat\",\"sender\":\"F\"}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"public_chat\",\"sender\":1,"
	    "\"message\":\"m\"}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"public_chat\",\"sender\":\"F\","
	    "\"message\":{}}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"public_chat\",\"sender\\u0000\":\"F\","
	    "\"message\":\"m\"}"));
	/* Unknown members and any order. */
	TAKEN("{\"x\":[{}],\"signature\":\"" B256 "\",\"counter\":7,\"data\":"
	    "{\"message\":\"\",\"y\":{\"type\":1},\"sender\":\"\",\"type\":"
	    "\"public_chat\"},\"type\":\"signed_data\"}");
}

static void
test_string_data(void)
{
	static const char	 text[] = ENVELOPE("\" {\\\"type\\\": \\\"public_chat\\\","
	    "\\n\\\"sender\\\":\\\"a\\\\\\/\\\",\\\"message\\\":\\\"\\\"}\\t\"");
	struct reading		 rd = begin(text, sizeof(text) - 1);

	CHECK(rd.r == REFUSE_NONE && rd.m.type == MESSAGE_PUBLIC_CHAT);
	CHECK(rd.m.data_is_string);
	CHECK(span_is(rd.m.data, " {\"type\": \"public_chat\",\n"
	    "\"sender\":\"a\\/\",\"message\":\"\"}\t"));
	CHECK(span_is(rd.m.sender, "a/"));
	end(&rd);
}

static void
test_chat(void)
{
	static const char	 text[] = ENVELOPE(CHAT("[ \"h:1\" ,\n\"ws:\\/\\/i\",\"\"]",
	    GOOD_IV, "[" KEY "," KEY "," KEY " ]", GOOD_CHAT));
	struct reading		 rd = begin(text, sizeof(text) - 1);

	CHECK(rd.r == REFUSE_NONE && rd.m.type == MESSAGE_CHAT);
	CHECK(rd.m.ndests == 3);
	CHECK(span_is(rd.m.dests[0], "h:1"));
	CHECK(span_is(rd.m.dests[1], "ws://i"));
	CHECK(span_is(rd.m.dests[2], ""));
	message_clear(&rd.m);
	CHECK(rd.m.ndests == 0 && rd.m.dests == NULL);
	end(&rd);
	TAKEN(ENVELOPE(CHAT("[\"h\"]", "\"" B12 "\"", "[\"" B512 "\"]", "\"\"")));
	TAKEN(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[" KEY "," KEY "]", GOOD_CHAT)));
	TAKEN(ENVELOPE(CHAT("[\"\\\"],[\"]", GOOD_IV, "[" KEY "]", GOOD_CHAT)));
	TAKEN(ENVELOPE(CHAT("[\"\\\\\"]", GOOD_IV, "[" KEY "]",
	    "\"" B513 B513 B513 B513 B513 "\\/\\u002BA=\"")));
}

static void
test_chat_refused(void)
{
	BAD_FORMAT(ENVELOPE("{\"type\":\"chat\"}"));
	BAD_FORMAT(ENVELOPE(CHAT("[]", GOOD_IV, "[" KEY "]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("\"h\"", GOOD_IV, "[" KEY "]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[1]", GOOD_IV, "[" KEY "]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\",null]", GOOD_IV, "[" KEY "," KEY "]",
	    GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[[\"h\"]]", GOOD_IV, "[" KEY "]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[{\"h\":\"h\"}]", GOOD_IV, "[" KEY "]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", "null", "[" KEY "]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", "\"\"", "[" KEY "]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", "\"AAAAAAAAAAAAAAAAAA==\"",
	    "[" KEY "]", GOOD_CHAT)));	/* 13 octets */
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", "\"AAAAAAAAAAAAAAA*\"", "[" KEY "]",
	    GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, KEY, GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[" KEY ",1]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[\"" B255 "\"]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[\"" B513 "\"]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[\"" B256 "=\"]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[" KEY ",\"AAAA\"]",
	    GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\",\"h\"]", GOOD_IV, "[" KEY "]", GOOD_CHAT)));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[" KEY "]", "{}")));
	BAD_FORMAT(ENVELOPE(CHAT("[\"h\"]", GOOD_IV, "[" KEY "]", "\"A\"")));
	BAD_FORMAT(ENVELOPE("{\"type\":\"chat\",\"destination_servers\":[\"h\"],"
	    "\"iv\":" GOOD_IV ",\"symm_keys\":[" KEY "]}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"chat\",\"destination_servers\":[\"h\"],"
	    "\"symm_keys\":[" KEY "],\"chat\":\"\"}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"chat\",\"destination_servers\":[\"h\"],"
	    "\"iv\":" GOOD_IV ",\"chat\":\"\"}"));
}

/* A chat with so many destinations and keys. */
static enum refusal
many(int ndests, int nkeys)
{
	static char	 text[1 << 20];
	struct reading	 rd;
	enum refusal	 r;
	size_t		 len;
	int		 i;

	len = sprintf(text, "{\"type\":\"signed_data\",\"data\":{\"type\":\"chat\","
	    "\"iv\":" GOOD_IV ",\"chat\":\"\",\"destination_servers\":[");
	for (i = 0; i < ndests; i++)
		len += sprintf(text + len, "%s\"h:%d\"", i > 0 ? "," : "", i + 1);
	len += sprintf(text + len, "],\"symm_keys\":[");
	for (i = 0; i < nkeys; i++)
		len += sprintf(text + len, "%s%s", i > 0 ? "," : "", KEY);
	len += sprintf(text + len, "]},\"counter\":7,\"signature\":\"" B256 "\"}");
	rd = begin(text, len);
	r = rd.r;
	if (r == REFUSE_NONE && rd.m.ndests != (size_t)ndests)
		abort();
	end(&rd);
	return (r);
}

static void
test_many_destinations(void)
{
	CHECK(many(1, 1) == REFUSE_NONE);
	CHECK(many(MESSAGE_DESTS_MAX, MESSAGE_DESTS_MAX) == REFUSE_NONE);
	CHECK(many(MESSAGE_DESTS_MAX, MESSAGE_DESTS_MAX - 1) == REFUSE_BAD_FORMAT);
	CHECK(many(1, MESSAGE_DESTS_MAX) == REFUSE_NONE);
	CHECK(many(1, MESSAGE_DESTS_MAX + 1) == REFUSE_TOO_LARGE);
	CHECK(many(MESSAGE_DESTS_MAX + 1, MESSAGE_DESTS_MAX) == REFUSE_TOO_LARGE);
	CHECK(many(MESSAGE_DESTS_MAX + 1, 1) == REFUSE_TOO_LARGE);
	CHECK(many(5000, 1) == REFUSE_TOO_LARGE);
}

static int
is_server_hello(const char *text, size_t len, const char *sender)
{
	struct reading	 rd = begin(text, len);
	int		 good;

	good = rd.r == REFUSE_NONE && rd.m.type == MESSAGE_SERVER_HELLO &&
	    span_is(rd.m.sender, sender);
	end(&rd);
	return (good);
}

#define SERVER_HELLO(d, sender)						\
	CHECK(is_server_hello(ENVELOPE(d), sizeof(ENVELOPE(d)) - 1, (sender)))

static void
test_server_hello(void)
{
	SERVER_HELLO("{\"type\":\"server_hello\",\"sender\":\"s:1\"}", "s:1");
	SERVER_HELLO("{\"type\":\"server_hello\",\"sender\":\"ws:\\/\\/s\"}", "ws://s");
	SERVER_HELLO("{\"type\":\"server_connect\",\"hostname\":\"h\"}", "h");
	SERVER_HELLO("{\"type\":\"server_connect\",\"sender\":\"s\"}", "s");
	SERVER_HELLO("{\"type\":\"server_connect\",\"sender\":\"s\","
	    "\"hostname\":\"h\"}", "h");
	BAD_FORMAT(ENVELOPE("{\"type\":\"server_hello\"}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"server_hello\",\"sender\":1}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"server_hello\",\"hostname\":\"h\"}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"server_connect\"}"));
	BAD_FORMAT(ENVELOPE("{\"type\":\"server_connect\",\"hostname\":{}}"));
}

/* The type of a message that is not signed, -1 if it is refused. */
static int
unsigned_type(const char *text)
{
	struct reading	 rd = begin(text, strlen(text));
	int		 type = rd.r == REFUSE_NONE ? (int)rd.m.type : -1;

	end(&rd);
	return (type);
}

static void
test_unsigned(void)
{
	CHECK(unsigned_type(" {\"type\":\"client_list_request\"}\r\n") ==
	    MESSAGE_CLIENT_LIST_REQUEST);
	CHECK(unsigned_type("{\"type\":\"client_update_request\",\"x\":1}") ==
	    MESSAGE_CLIENT_UPDATE_REQUEST);
	CHECK(unsigned_type("{\"type\":\"client_update\",\"clients\":[\"k\"]}") ==
	    MESSAGE_CLIENT_UPDATE);
	CHECK(unsigned_type("{\"type\":\"error\"}") == MESSAGE_ERROR);
	MEETS("{\"type\":\"client_update\"}", REFUSE_BAD_FORMAT, -1);
	MEETS("{\"type\":\"client_update\",\"clients\":\"k\"}",
	    REFUSE_BAD_FORMAT, -1);
	MEETS("{\"type\":\"client_update\",\"data\":{\"clients\":[]}}",
	    REFUSE_BAD_FORMAT, -1);
}

static int
digest_is(const uint8_t digest[MESSAGE_DIGEST_LEN], const char *hex)
{
	char	 text[MESSAGE_DIGEST_LEN * 2 + 1];
	size_t	 i;

	for (i = 0; i < MESSAGE_DIGEST_LEN; i++)
		snprintf(text + i * 2, 3, "%02x", digest[i]);
	return (strcmp(text, hex) == 0);
}

static int
digests_are(const struct message *m, const struct vector *v)
{
	uint8_t	 digest[MESSAGE_DIGEST_LEN];
	uint8_t	 others[MESSAGE_OTHER_FORMS][MESSAGE_DIGEST_LEN];
	size_t	 i, n;

	message_digest(m, digest);
	if (!digest_is(digest, v->digest))
		return (0);
	n = message_other_digests(m, others);
	for (i = 0; i < n; i++)
		if (v->others[i] == NULL || !digest_is(others[i], v->others[i]))
			return (0);
	return (n == MESSAGE_OTHER_FORMS || v->others[n] == NULL);
}

static void
test_digests(void)
{
	struct reading	 rd;
	size_t		 i;

	for (i = 0; i < nitems(vectors); i++) {
		rd = begin(vectors[i].text, strlen(vectors[i].text));
		CHECK(rd.r == REFUSE_NONE);
		if (!digests_are(&rd.m, &vectors[i])) {
			fprintf(stderr, "vector \"%s\"\n", vectors[i].name);
			CHECK(0);
		}
		end(&rd);
	}
}

/* What signs nothing has no forms. */
static void
test_no_digests(void)
{
	static const char	 text[] = "{\"type\":\"error\"}";
	uint8_t			 others[MESSAGE_OTHER_FORMS][MESSAGE_DIGEST_LEN];
	struct reading		 rd = begin(text, sizeof(text) - 1);

	CHECK(message_other_digests(&rd.m, others) == 0);
	end(&rd);
}

static void
test_truncated(void)
{
	static const char	 chat[] = ENVELOPE(CHAT("[\"a\\/\"]", GOOD_IV,
	    "[" KEY "]", GOOD_CHAT));
	size_t			 i, len;

	for (len = 0; len < sizeof(chat) - 1; len++)
		CHECK(meets(chat, len, REFUSE_BAD_JSON, -1));
	for (i = 0; i < nitems(vectors); i++)
		for (len = 0; len < strlen(vectors[i].text); len++)
			CHECK(meets(vectors[i].text, len, REFUSE_BAD_JSON, -1));
}

static void
test_names(void)
{
	static const char *const	 codes[REFUSE_MAX] = { "none", "bad_json",
	    "bad_format", "bad_key", "bad_signature", "replayed", "unknown_type",
	    "hello_required", "wrong_sender", "unknown_destination", "not_a_server",
	    "rate_limited", "too_large" };
	enum refusal			 r;
	const char			*text;

	for (r = REFUSE_NONE; r < REFUSE_MAX; r++) {
		text = refusal_text(r);
		CHECK(strcmp(refusal_name(r), codes[r]) == 0);
		CHECK(strlen(text) > 10 && strlen(text) <= 100);
		CHECK(text[strlen(text) - 1] == '.');
		CHECK(strpbrk(text, "\"\\\n\t") == NULL);
	}
	CHECK(strcmp(message_type_name(MESSAGE_HELLO), "hello") == 0);
	CHECK(strcmp(message_type_name(MESSAGE_SERVER_HELLO), "server_hello") == 0);
	CHECK(strcmp(message_type_name(MESSAGE_CLIENT_UPDATE_REQUEST),
	    "client_update_request") == 0);
}

int
main(void)
{
	RUN(test_bad_json);
	RUN(test_depth);
	RUN(test_no_object);
	RUN(test_envelope_type);
	RUN(test_data_type);
	RUN(test_data);
	RUN(test_escapes);
	RUN(test_counters);
	RUN(test_signatures);
	RUN(test_padding_inside);
	RUN(test_hello);
	RUN(test_public_chat);
	RUN(test_string_data);
	RUN(test_chat);
	RUN(test_chat_refused);
	RUN(test_many_destinations);
	RUN(test_server_hello);
	RUN(test_unsigned);
	RUN(test_digests);
	RUN(test_no_digests);
	RUN(test_truncated);
	RUN(test_names);
	scan_cleanup();
	return (test_done());
}
