/*
 * The pure parts of olaf-net: plaintexts of chats, lists, forms, ciphertext, and
 * the table of users.
 */

/* link: olaf-net/plain.o olaf-net/read_list.o olaf-net/form.o olaf-net/unseal.o */
/* link: olaf-net/users.o */

#include "compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "plain.h"
#include "read_list.h"
#include "test.h"
#include "unseal.h"
#include "users.h"

/* A digest's text in two of its spellings: 32 times 0x11. */
#define FP64	"ERERERERERERERERERERERERERERERERERERERERERE="
#define HEX4	"11111111"
#define FPHEX	HEX4 HEX4 HEX4 HEX4 HEX4 HEX4 HEX4 HEX4

static const char	pem_a[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy2hRzBitkyaB4gdDP02c"
    "n8lzXOzGejpQ3Xrpjv39Czjz6bkMjsbzQCMCcBpsHlvja1czaEYl2X4UDoBXkb3r"
    "f9WxFFxrCLlS9Gpx63ruVYmyVU362P1CCXvL9l1TZQwWQpRu6fuvrD7nvvAkEpFa"
    "EnmfwzpqVupfyHPYaAgRN/cjNdd/7+R0JcyUB5DTCfRzDbPmHwpxhARApRUKCKsv"
    "28w9ACwHsc+tbt+gNNS+m1uc7UxL4m/5nmauUkfUifNTVfPLCRR/AfdCY24WyrVv"
    "d2zOFUPa0BTT5BSxXRHXnWwojkWgkIQB6vMZ42wd/fkGk1o7Jd/Z20ymPGtr7HoY"
    "8wIDAQAB\n"
    "-----END PUBLIC KEY-----";

/* ---- plaintexts ------------------------------------------------------------ */

/* From memory of that size. */
static int
read_plain(struct plain *p, const char *text)
{
	size_t	 len = strlen(text);
	char	*copy;
	int	 r;

	if ((copy = malloc(len > 0 ? len : 1)) == NULL)
		abort();
	memcpy(copy, text, len);
	r = plain_read(p, copy, len);
	free(copy);
	return (r);
}

static void
test_plain(void)
{
	static const char *const	good[] = {
		"{\"participants\":[\"" FP64 "\"],\"message\":\"h\\u0000i\"}",
		" { \"message\" : \"h\\u0000i\" , \"x\":{},\"participants\" : [ \""
		    FPHEX "\" ] } ",
		"{\"chat\":{\"participants\":[\"" FP64 "\"],"
		    "\"message\":\"h\\u0000i\"},\"y\":1}",
		"{\"p\\u0061rticipants\":[\"\\u0031" "1111111" HEX4 HEX4 HEX4
		    HEX4 HEX4 HEX4 HEX4 "\"],\"message\":\"\\u0068\\u0000i\"}",
		/* what is called chat, beside what is meant */
		"{\"chat\":{},\"participants\":[\"" FP64 "\"],"
		    "\"message\":\"h\\u0000i\"}",
	};
	struct plain			p;
	uint8_t				digest[KEY_DIGEST_LEN];
	size_t				i;

	memset(digest, 0x11, sizeof(digest));
	for (i = 0; i < nitems(good); i++) {
		if (read_plain(&p, good[i]) == -1) {
			fprintf(stderr, "%s\n", good[i]);
			CHECK(!"taken");
			continue;
		}
		CHECK(p.nparticipants == 1);
		CHECK(memcmp(p.participants[0], digest, sizeof(digest)) == 0);
		CHECK(p.textlen == 3 && memcmp(p.text, "h\0i", 3) == 0);
		plain_clear(&p);
		plain_clear(&p);
	}
}

static void
test_plain_refused(void)
{
	static const char *const	bad[] = {
		"", "{}", "[]", "\"x\"", "hello",
		"{\"participants\":[],\"message\":\"x\"}",
		"{\"participants\":[\"\"],\"message\":\"x\"}",
		"{\"participants\":[\"" FP64 "\",1],\"message\":\"x\"}",
		"{\"participants\":[\"" FP64 "x\"],\"message\":\"x\"}",
		"{\"participants\":\"" FP64 "\",\"message\":\"x\"}",
		"{\"participants\":[\"" FP64 "\"],\"message\":null}",
		"{\"participants\":[\"" FP64 "\"]}",
		"{\"message\":\"x\"}",
		"{\"participants\":[\"" FP64 "\"],\"message\":\"x\"}x",
		"{\"participants\":[\"" FP64 "\"],\"message\":\"x\","
		    "\"message\":\"y\"}",
		"{\"chat\":{\"chat\":{\"participants\":[\"" FP64 "\"],"
		    "\"message\":\"x\"}}}",
		"{\"chat\":[{\"participants\":[\"" FP64 "\"],"
		    "\"message\":\"x\"}]}",
		"{\"x\":{\"participants\":[\"" FP64 "\"],\"message\":\"x\"}}",
		"{\"participants\":[\"" FP64 "\"],\"chat\":"
		    "{\"message\":\"x\"}}",
		"{\"participants\":[\"" FP64 "\"],\"message\":\"\xff\"}",
	};
	struct plain			p;
	size_t				i;

	for (i = 0; i < nitems(bad); i++) {
		if (read_plain(&p, bad[i]) == -1) {
			CHECK(p.participants == NULL && p.text == NULL);
			continue;
		}
		fprintf(stderr, "%s\n", bad[i]);
		CHECK(!"refused");
	}
}

static void
test_plain_many(void)
{
	struct plain	 p;
	char		*text;
	size_t		 i, n, size = 1100 * 48;

	if ((text = malloc(size)) == NULL)
		abort();
	for (n = PLAIN_PARTICIPANTS_MAX; n <= PLAIN_PARTICIPANTS_MAX + 1; n++) {
		strlcpy(text, "{\"message\":\"x\",\"participants\":[", size);
		for (i = 0; i < n; i++)
			strlcat(text, i == 0 ? "\"" FP64 "\"" : ",\"" FP64 "\"",
			    size);
		strlcat(text, "]}", size);
		CHECK(read_plain(&p, text) ==
		    (n == PLAIN_PARTICIPANTS_MAX ? 0 : -1));
		plain_clear(&p);
	}
	free(text);
}

/* ---- lists --------------------------------------------------------------------- */

/* What the servers of a list are: "address:clients ", or "! ". */
static void
servers_of(const char *text, char *got, size_t size)
{
	struct list_server	server;
	struct scan_span	rest;
	char			*one;
	int			r;

	got[0] = '\0';
	if ((r = list_open(&rest, text, strlen(text))) != 1) {
		snprintf(got, size, "%d", r);
		return;
	}
	while ((r = list_next(&rest, &server)) != 0) {
		if (r == -1) {
			strlcat(got, "! ", size);
			continue;
		}
		if (asprintf(&one, "%s:%.*s ", server.address,
		    (int)strcspn(server.clients.p, "]"),
		    server.clients.p) == -1)
			abort();
		strlcat(got, one, size);
		free(one);
	}
}

static void
test_lists(void)
{
	static const char *const	cases[][2] = {
		{ "{\"type\":\"client_list\",\"servers\":[]}", "" },
		{ "{\"servers\":[{\"address\":\"a\",\"clients\":[1,2]} , "
		    "{\"clients\":[],\"address\":\"b\\/\"}],\"x\":1,"
		    "\"type\":\"client\\u005flist\"}", "a:1,2 b/: " },
		{ "{\"type\":\"client_list\",\"servers\":[1,\"a\",[],{},"
		    "{\"address\":\"\",\"clients\":[]},"
		    "{\"address\":\"\\u0000\",\"clients\":[]},"
		    "{\"address\":1,\"clients\":[]},"
		    "{\"address\":\"a\",\"clients\":{}},"
		    "{\"address\":\"c\",\"clients\":[]}]}",
		    "! ! ! ! ! ! ! ! c: " },
		{ "{\"type\":\"client_list\"}", "-1" },
		{ "{\"type\":\"client_list\",\"servers\":{}}", "-1" },
		{ "{\"type\":\"client_lists\",\"servers\":[]}", "0" },
		{ "{\"type\":\"client_lis\",\"servers\":[]}", "0" },
		{ "{\"type\":1,\"servers\":[]}", "0" },
		{ "{\"servers\":[]}", "0" },
		{ "{\"type\":\"client_list\",\"servers\":[}", "0" },
		{ "[]", "0" },
		{ "", "0" },
	};
	char				got[256];
	size_t				i;

	for (i = 0; i < nitems(cases); i++) {
		servers_of(cases[i][0], got, sizeof(got));
		if (strcmp(got, cases[i][1]) == 0)
			continue;
		fprintf(stderr, "%s: %s\n", cases[i][0], got);
		CHECK(!"other servers");
	}
}

/* ---- forms --------------------------------------------------------------------- */

static void
test_forms(void)
{
	static const struct {
		const char	*data;
		int		 is_string;
		enum msg_form	 form;
	}	cases[] = {
		{ "{\"type\":\"x\",\"y\":[1,2]}", 0, MSG_FORM_COMPACT },
		{ "{\"type\": \"x\", \"y\": [1, 2]}", 0, MSG_FORM_SPACED },
		{ "{\"type\": \"x\", \"y\": [1,2]}", 0, MSG_FORM_OTHER },
		{ "{ \"type\":\"x\"}", 0, MSG_FORM_OTHER },
		{ "{\"type\": \"x\" }", 0, MSG_FORM_OTHER },
		{ "{\"a\": \"b, c: d\"}", 0, MSG_FORM_SPACED },
		{ "{\"a\":\"b, c: d\"}", 0, MSG_FORM_COMPACT },
		{ "{}", 0, MSG_FORM_COMPACT },
		{ "{\"a\": 1}", 1, MSG_FORM_STRING },
	};
	struct message	m;
	size_t		i;

	memset(&m, 0, sizeof(m));
	for (i = 0; i < nitems(cases); i++) {
		m.data.p = cases[i].data;
		m.data.len = strlen(cases[i].data);
		m.data_is_string = cases[i].is_string;
		CHECK(form_received(&m) == cases[i].form);
	}
}

static void
test_other_forms(void)
{
	CHECK(form_other(MSG_FORM_OTHER, 0) == MSG_FORM_COMPACT);
	CHECK(form_other(MSG_FORM_OTHER, 1) == MSG_FORM_SPACED);
	CHECK(form_other(MSG_FORM_OTHER, 2) == MSG_FORM_OTHER);
	CHECK(form_other(MSG_FORM_COMPACT, 0) == MSG_FORM_SPACED);
	CHECK(form_other(MSG_FORM_COMPACT, 1) == MSG_FORM_OTHER);
	CHECK(form_other(MSG_FORM_SPACED, 0) == MSG_FORM_COMPACT);
	CHECK(form_other(MSG_FORM_SPACED, 1) == MSG_FORM_OTHER);
}

/* ---- ciphertext ----------------------------------------------------------------- */

/*
 * The Galois/Counter Mode of Operation (McGrew, Viega), test cases 2, 8 and 14:
 * a block of zeros under a key of zeros with an iv of 12 zeros.
 */
static const struct {
	size_t		 keylen;
	uint8_t		 sealed[32];
} gcm[] = {
	{ 16, { 0x03, 0x88, 0xda, 0xce, 0x60, 0xb6, 0xa3, 0x92, 0xf3, 0x28,
	    0xc2, 0xb9, 0x71, 0xb2, 0xfe, 0x78, 0xab, 0x6e, 0x47, 0xd4, 0x2c,
	    0xec, 0x13, 0xbd, 0xf5, 0x3a, 0x67, 0xb2, 0x12, 0x57, 0xbd, 0xdf } },
	{ 24, { 0x98, 0xe7, 0x24, 0x7c, 0x07, 0xf0, 0xfe, 0x41, 0x1c, 0x26,
	    0x7e, 0x43, 0x84, 0xb0, 0xf6, 0x00, 0x2f, 0xf5, 0x8d, 0x80, 0x03,
	    0x39, 0x27, 0xab, 0x8e, 0xf4, 0xd4, 0x58, 0x75, 0x14, 0xf0, 0xfb } },
	{ 32, { 0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e,
	    0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1, 0xc8, 0xa7, 0x99,
	    0x99, 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19 } }
};

static void
test_unseal(void)
{
	static const uint8_t	 zero[32];
	static const char *const texts[] = {	/* the keys in base64 */
		"AAAAAAAAAAAAAAAAAAAAAA==",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	};
	uint8_t			 plain[32], sealed[32];
	size_t			 i, j, n;

	for (i = 0; i < nitems(gcm); i++) {
		CHECK(unseal(zero, gcm[i].keylen, zero, 12, gcm[i].sealed, 32,
		    plain, &n) == 0);
		CHECK(n == 16 && memcmp(plain, zero, 16) == 0);
		CHECK(unseal((const uint8_t *)texts[i], strlen(texts[i]), zero,
		    12, gcm[i].sealed, 32, plain, &n) == 0);
		CHECK(n == 16 && memcmp(plain, zero, 16) == 0);
		for (j = 0; j < 32; j++) {
			memcpy(sealed, gcm[i].sealed, 32);
			sealed[j] ^= 0x10;
			memset(plain, 1, sizeof(plain));
			CHECK(unseal(zero, gcm[i].keylen, zero, 12, sealed, 32,
			    plain, &n) == -1);
			/* nothing is left of what did not verify */
			CHECK(memcmp(plain, zero, 16) == 0);
		}
		for (j = 0; j < 32; j++)
			CHECK(unseal(zero, gcm[i].keylen, zero, 12,
			    gcm[i].sealed, j, plain, &n) == -1);
	}
	for (j = 0; j <= 32; j++)
		if (j != 16)
			CHECK(unseal(zero, j, zero, 12, gcm[0].sealed, 32,
			    plain, &n) == -1);
}

/* ---- users --------------------------------------------------------------------- */

static int
is_named(const char *text, size_t len, const struct key *k)
{
	const struct key	*found;
	uint8_t			 digest[KEY_DIGEST_LEN];

	key_text_digest(text, len, digest);
	found = users_find(digest);
	return (found != NULL && memcmp(found->id, k->id, sizeof(k->id)) == 0);
}

static void
test_users(void)
{
	char			 newline[sizeof(pem_a) + 1], many[sizeof(pem_a) + 2];
	const struct key	*k;
	struct key		 own;
	size_t			 len = strlen(pem_a);

	snprintf(newline, sizeof(newline), "%s\n", pem_a);
	snprintf(many, sizeof(many), "%s\n\n", pem_a);
	users_begin();
	CHECK(users_add("no key", 6) == NULL);
	CHECK((k = users_add(pem_a, len)) != NULL);
	CHECK(users_add(pem_a, len) == k);
	CHECK(is_named(pem_a, len, k));
	CHECK(is_named((const char *)k->der, k->derlen, k));
	CHECK(!is_named(newline, len + 1, k));
	CHECK(users_add(newline, len + 1) == k);	/* the same user */
	CHECK(is_named(newline, len + 1, k));
	CHECK(!is_named(many, len + 2, k));
	own = *k;
	users_begin();
	users_begin();
	CHECK(is_named(pem_a, len, &own));		/* stays */
	CHECK(!users_is_own(&own));
	users_clear();
	CHECK(!is_named(pem_a, len, &own));
	users_set_own(&own);
	CHECK(users_is_own(&own) && is_named(pem_a, len, &own));
	users_clear();
	CHECK(is_named(pem_a, len, &own));
	CHECK(!is_named(newline, len + 1, &own));
}

int
main(void)
{
	RUN(test_plain);
	RUN(test_plain_refused);
	RUN(test_plain_many);
	RUN(test_lists);
	RUN(test_forms);
	RUN(test_other_forms);
	RUN(test_unseal);
	RUN(test_users);
	scan_cleanup();
	return (test_done());
}
