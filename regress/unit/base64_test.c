/*
 * Base64: the examples of RFC 4648, every length against libcrypto's encoder,
 * and every octet in every place that it must not have.
 */

#include "compat.h"

#include <openssl/evp.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "test.h"

#define LONGEST		300

/* RFC 4648 section 10 */
static const struct {
	const char	*octets;
	const char	*text;
} examples[] = {
	{ "",		"" },
	{ "f",		"Zg==" },
	{ "fo",		"Zm8=" },
	{ "foo",	"Zm9v" },
	{ "foob",	"Zm9vYg==" },
	{ "fooba",	"Zm9vYmE=" },
	{ "foobar",	"Zm9vYmFy" }
};

/* From and to memory of the exact size, so that a sanitizer sees any excess. */
static ssize_t
decode(const char *text, size_t len, uint8_t *out, size_t size)
{
	uint8_t	*dst;
	char	*src;
	ssize_t	 n;

	if ((src = malloc(len + 1)) == NULL || (dst = malloc(size + 1)) == NULL)
		abort();
	memcpy(src + 1, text, len);
	n = base64_decode(src + 1, len, dst + 1, size);
	if (n > 0 && out != NULL)
		memcpy(out, dst + 1, n);
	free(src);
	free(dst);
	return (n);
}

static int
refused(const char *text)
{
	uint8_t	 out[64];

	return (decode(text, strlen(text), out, sizeof(out)) == -1);
}

static void
test_rfc_examples(void)
{
	char	 text[16];
	uint8_t	 octets[16];
	size_t	 i, len;

	for (i = 0; i < nitems(examples); i++) {
		len = strlen(examples[i].octets);
		base64_encode(examples[i].octets, len, text);
		CHECK(strcmp(text, examples[i].text) == 0);
		CHECK(strlen(text) == BASE64_LEN(len));
		CHECK(decode(text, strlen(text), octets, sizeof(octets)) ==
		    (ssize_t)len);
		CHECK(memcmp(octets, examples[i].octets, len) == 0);
	}
}

static void
test_every_length(void)
{
	uint8_t		 octets[LONGEST], back[LONGEST];
	unsigned char	 theirs[BASE64_LEN(LONGEST) + 1];
	char		 ours[BASE64_LEN(LONGEST) + 1];
	size_t		 i, len;

	for (i = 0; i < LONGEST; i++)
		octets[i] = i * 151 + 7;
	for (len = 0; len <= LONGEST; len++) {
		EVP_EncodeBlock(theirs, octets, len);
		base64_encode(octets, len, ours);
		CHECK(strcmp(ours, (char *)theirs) == 0);
		CHECK(strlen(ours) / 4 * 3 == BASE64_OCTETS(strlen(ours)));
		CHECK(decode(ours, strlen(ours), back, len) == (ssize_t)len);
		CHECK(memcmp(back, octets, len) == 0);
	}
}

static void
test_size_is_kept(void)
{
	char	 text[BASE64_LEN(LONGEST) + 1];
	uint8_t	 octets[LONGEST];
	size_t	 len, size;

	memset(octets, 'x', sizeof(octets));
	for (len = 1; len <= 10; len++) {
		base64_encode(octets, len, text);
		for (size = 0; size < len; size++)
			CHECK(decode(text, strlen(text), octets, size) == -1);
	}
}

static void
test_other_octets(void)
{
	char	 text[9];
	uint8_t	 out[6];
	size_t	 place;
	int	 c;

	for (place = 0; place < 8; place++) {
		for (c = 0; c < 256; c++) {
			memcpy(text, "QUJDREUA", 9);
			text[place] = c;
			CHECK((decode(text, 8, out, sizeof(out)) == -1) ==
			    (c == '\0' || (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz0123456789+/", c)
			    == NULL && !(place == 7 && c == '='))));
		}
	}
}

static void
test_padding(void)
{
	CHECK(refused("="));
	CHECK(refused("=="));
	CHECK(refused("===="));
	CHECK(refused("A==="));
	CHECK(refused("AA="));
	CHECK(refused("AA"));
	CHECK(refused("AAA"));
	CHECK(refused("A"));
	CHECK(refused("AA=A"));
	CHECK(refused("=AAA"));
	CHECK(refused("A=A="));
	CHECK(refused("AA==AAAA"));
	CHECK(refused("AAA=AAAA"));
	CHECK(refused("AAAA===="));
	CHECK(refused("AAAA="));
	CHECK(!refused("AAAAAA=="));
	CHECK(!refused("AAAAAAA="));
}

static void
test_white_space(void)
{
	CHECK(refused("AAAA\n"));
	CHECK(refused("AAAA\nAAA"));
	CHECK(refused(" AAAA"));
	CHECK(refused("AAA "));
	CHECK(refused("AAAA\r\nAA"));
	CHECK(refused("AA=\n"));
}

/* Bits behind the last octet: all values of the last character. */
static void
test_one_spelling(void)
{
	static const char	 alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char			 text[5];
	int			 i;

	for (i = 0; i < 64; i++) {
		snprintf(text, sizeof(text), "A%c==", alphabet[i]);
		CHECK(refused(text) == (i % 16 != 0));
		snprintf(text, sizeof(text), "AA%c=", alphabet[i]);
		CHECK(refused(text) == (i % 4 != 0));
	}
}

int
main(void)
{
	RUN(test_rfc_examples);
	RUN(test_every_length);
	RUN(test_size_is_kept);
	RUN(test_other_octets);
	RUN(test_padding);
	RUN(test_white_space);
	RUN(test_one_spelling);
	return (test_done());
}
