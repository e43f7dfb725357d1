/*
 * Keys and fingerprints.  The texts were made by OpenSSL's command, the
 * digests by Python's hashlib; keys of odd sizes are put together and encoded
 * by libcrypto, which is an encoder independent of ours.
 */

#define OPENSSL_SUPPRESS_DEPRECATED

#include "compat.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "key.h"
#include "test.h"

#define DER_MAX		2200	/* 16384 bits */
#define PKCS1_AT	24	/* where an SPKI holds the RSAPublicKey */

/* One key in OpenSSL's two forms. */
static const char spki_pem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy2hRzBitkyaB4gdDP02c\n"
    "n8lzXOzGejpQ3Xrpjv39Czjz6bkMjsbzQCMCcBpsHlvja1czaEYl2X4UDoBXkb3r\n"
    "f9WxFFxrCLlS9Gpx63ruVYmyVU362P1CCXvL9l1TZQwWQpRu6fuvrD7nvvAkEpFa\n"
    "EnmfwzpqVupfyHPYaAgRN/cjNdd/7+R0JcyUB5DTCfRzDbPmHwpxhARApRUKCKsv\n"
    "28w9ACwHsc+tbt+gNNS+m1uc7UxL4m/5nmauUkfUifNTVfPLCRR/AfdCY24WyrVv\n"
    "d2zOFUPa0BTT5BSxXRHXnWwojkWgkIQB6vMZ42wd/fkGk1o7Jd/Z20ymPGtr7HoY\n"
    "8wIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

static const char pkcs1_pem[] =
    "-----BEGIN RSA PUBLIC KEY-----\n"
    "MIIBCgKCAQEAy2hRzBitkyaB4gdDP02cn8lzXOzGejpQ3Xrpjv39Czjz6bkMjsbz\n"
    "QCMCcBpsHlvja1czaEYl2X4UDoBXkb3rf9WxFFxrCLlS9Gpx63ruVYmyVU362P1C\n"
    "CXvL9l1TZQwWQpRu6fuvrD7nvvAkEpFaEnmfwzpqVupfyHPYaAgRN/cjNdd/7+R0\n"
    "JcyUB5DTCfRzDbPmHwpxhARApRUKCKsv28w9ACwHsc+tbt+gNNS+m1uc7UxL4m/5\n"
    "nmauUkfUifNTVfPLCRR/AfdCY24WyrVvd2zOFUPa0BTT5BSxXRHXnWwojkWgkIQB\n"
    "6vMZ42wd/fkGk1o7Jd/Z20ymPGtr7HoY8wIDAQAB\n"
    "-----END RSA PUBLIC KEY-----\n";

/* Keys of other algorithms. */
static const char ec_pem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECshv/duvwIOWVaF6iIVFKCWShWaK\n"
    "d1SR56hmQD191Ac1jPEvVfFJee6AmdHHsf06Rh8MdCWXyWc4CmYE+xG1RQ==\n"
    "-----END PUBLIC KEY-----\n";

static const char pss_pem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBAMlovXRocUCiL0gD8xk/sIL9\n"
    "LdSJ/udoGTS4zUzeOfL/ReQmUYepTHgaaP/RksksRjfZgB5xmZuVC8IofXV5GhYO\n"
    "I2bJFhv36RFbuMt2XUKfK4flbSqVXVCP9o6VXZrctv3jMR7mnZMErzr2EmIpfV/E\n"
    "ZwiM1OJvA0SNPcEestkjvh4pB4+6KNwGduEgwj7jC9Inm7gn6aBUwBZP5OEM0863\n"
    "Y+kCo63N3vxKF5Gv0YoXyrKfQbLlrWGajSaMFfpmQhMsYwD4bB/DgIgNW+R22xBF\n"
    "PFKzWfqsaF1ZzOQ60BRnK5n3mrB06cjMC0+V0u36a+LJAYfg5yhnOLbltY3CZ0MC\n"
    "AwEAAQ==\n"
    "-----END PUBLIC KEY-----\n";

/* SHA-256 over forms of the key above. */
#define SPKI		"3b9642ef9fe8ce86a398d24148a4f938e3a306a3496ff3db0063322b30a68039"
#define SPKI_LESS	"bf3c1a83e397a9320cd121eb75d6639a52a24f3a2cda9a5e9f40f69a428aca93"
#define V12		"baeae29377827484c1271f1d17dd31cc7da3a6aaa4eb4dfceb9c4cee91ab2b91"
#define PKCS1		"96dd05d8125ba03a5b6934003d0472e5b44ae402578b7e2ee1405711a973a406"
#define PKCS1_LESS	"833815ecca8ac64ae4634159c37a3a998f81ad43db724c1b90cf7f2451f08d46"
#define CRLF		"628498b75603aac078e37cdc8f07f11037e840779ff6574513d59a0582116318"
#define CRLF_LESS	"19e9554429e42c059ca44b84360101cf52be43a2255f59b69697175c16c9d578"
#define DER		"b5637b1d7eaf129e2a2ab4ca39edfe029bd1a475096e6526775e4effef7d8865"

#define V12_BASE64	"uurik3eCdITBJx8dF90xzH2jpqqk603865xM7pGrK5E="
#define V12_BASE64_HEX	"YmFlYWUyOTM3NzgyNzQ4NGMxMjcxZjFkMTdkZDMxY2M3ZGEzYTZhYWE0ZWI0" \
			"ZGZjZWI5YzRjZWU5MWFiMmI5MQ=="

/*
 * Read from memory that ends with the text, so that a sanitizer sees any step
 * beyond.
 */
static int
read_text(struct key *k, const char *text, size_t len)
{
	char	*copy;
	int	 r;

	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, text, len);
	r = key_read(k, copy + 1, len);
	free(copy);
	return (r);
}

static int
refused(const char *text, size_t len)
{
	struct key	 k;

	return (read_text(&k, text, len) == -1);
}

/* Is it the key of the vectors? */
static int
is_vector(const char *text, size_t len)
{
	struct key	 k, expected;

	if (read_text(&expected, spki_pem, strlen(spki_pem)) == -1 ||
	    read_text(&k, text, len) == -1)
		return (0);
	return (k.bits == 2048 && k.derlen == expected.derlen &&
	    memcmp(k.der, expected.der, k.derlen) == 0 &&
	    memcmp(k.id, expected.id, sizeof(k.id)) == 0);
}

/* A PEM with other line ends and lengths; less: without the last line end. */
static size_t
fold(char *out, const char *pem, size_t columns, const char *eol, int less)
{
	const char	*line = pem, *next;
	size_t		 column = 0, i, len = 0, n;

	for (; *line != '\0'; line = next + 1) {
		next = strchr(line, '\n');
		n = next - line;
		if (line[0] == '-') {
			len += sprintf(out + len, "%s%.*s%s",
			    column > 0 ? eol : "", (int)n, line, eol);
			continue;
		}
		for (i = 0; i < n; i++) {
			out[len++] = line[i];
			if (++column == columns) {
				len += sprintf(out + len, "%s", eol);
				column = 0;
			}
		}
	}
	return (less ? len - strlen(eol) : len);
}

static int
folded(const char *pem, size_t columns, const char *eol, int less)
{
	char	 text[4096];

	return (is_vector(text, fold(text, pem, columns, eol, less)));
}

static void
test_forms(void)
{
	static const char *const	 pems[] = { spki_pem, pkcs1_pem };
	static const size_t		 columns[] = { 1, 4, 63, 64, 76, 4000 };
	size_t				 i, j;

	for (i = 0; i < nitems(pems); i++)
		for (j = 0; j < nitems(columns); j++) {
			CHECK(folded(pems[i], columns[j], "\n", 0));
			CHECK(folded(pems[i], columns[j], "\n", 1));
			CHECK(folded(pems[i], columns[j], "\r\n", 0));
			CHECK(folded(pems[i], columns[j], "\r\n", 1));
			CHECK(folded(pems[i], columns[j], "\n\n", 0));
		}
}

/* The vector with the n octets at this distance from a mark replaced. */
static int
spoilt(const char *pem, const char *mark, size_t n, const char *by, size_t bylen)
{
	const char	*at = strstr(pem, mark);
	char		 text[4096];
	size_t		 before = at - pem, after = strlen(at) - n;

	memcpy(text, pem, before);
	memcpy(text + before, by, bylen);
	memcpy(text + before + bylen, at + n, after);
	return (refused(text, before + bylen + after));
}

#define SPOILT(pem, mark, n, by)	CHECK(spoilt((pem), (mark), (n), (by), sizeof(by) - 1))

static void
test_armour(void)
{
	SPOILT(spki_pem, "-----BEGIN", 0, "\n");
	SPOILT(spki_pem, "-----BEGIN", 0, " ");
	SPOILT(spki_pem, "-----BEGIN", 0, "\xef\xbb\xbf");
	SPOILT(spki_pem, "-----BEGIN", 0, "x\n");
	SPOILT(spki_pem, "-----BEGIN", 1, "");
	SPOILT(spki_pem, "BEGIN", 5, "begin");
	SPOILT(spki_pem, "BEGIN PUBLIC", 12, "BEGIN RSA PUBLIC");
	SPOILT(spki_pem, "END PUBLIC", 10, "END RSA PUBLIC");
	SPOILT(pkcs1_pem, "BEGIN RSA PUBLIC", 16, "BEGIN PUBLIC");
	SPOILT(spki_pem, "BEGIN PUBLIC", 12, "BEGIN PRIVATE");
	SPOILT(spki_pem, "\nMIIB", 1, "");
	SPOILT(spki_pem, "\nMIIB", 1, " \n");
	SPOILT(spki_pem, "\nMIIB", 1, "\nVersion: 1\n\n");
	SPOILT(spki_pem, "\n-----END", 1, "");
	SPOILT(spki_pem, "\n-----END", 1, "\n ");
	SPOILT(spki_pem, "-----END", 24, "");
	SPOILT(spki_pem, "KEY-----\n", 0, " ");
	SPOILT(strstr(spki_pem, "-----END"), "-----END", 0, "");
	CHECK(refused("", 0));
	CHECK(refused("\n\n", 2));
}

static void
test_trailing(void)
{
	char	 text[KEY_PEM_MAX + 1];
	size_t	 len = strlen(spki_pem);

	memset(text, '\n', sizeof(text));
	memcpy(text, spki_pem, len);
	CHECK(is_vector(text, len + 2));
	CHECK(is_vector(text, KEY_PEM_MAX));
	CHECK(refused(text, KEY_PEM_MAX + 1));
	text[len] = ' ';
	CHECK(refused(text, len + 1));
	text[len] = '\0';
	CHECK(refused(text, len + 1));
	text[len] = '-';
	CHECK(refused(text, len + 1));
}

static void
test_body(void)
{
	SPOILT(spki_pem, "MIIB", 0, " ");
	SPOILT(spki_pem, "MIIB", 0, "\t");
	SPOILT(spki_pem, "MIIB", 0, "\v");
	SPOILT(spki_pem, "MIIB", 4, "MII*");
	SPOILT(spki_pem, "MIIB", 4, "MI\0B");
	SPOILT(spki_pem, "MIIB", 4, "MIIB====");
	SPOILT(spki_pem, "IDAQAB", 6, "IDAQAC");
	SPOILT(spki_pem, "IDAQAB", 6, "IDAQA=");
	SPOILT(spki_pem, "IDAQAB", 6, "IDAQ");
	SPOILT(spki_pem, "IDAQAB", 6, "IDAQABAAAA");	/* trailing octets */
	SPOILT(pkcs1_pem, "IDAQAB", 6, "IDAQABAAAA");
}

static void
test_truncated(void)
{
	struct key	 k;
	size_t		 len;

	for (len = 0; len < sizeof(spki_pem) - 2; len++)
		CHECK(read_text(&k, spki_pem, len) == -1);
	for (len = 0; len < sizeof(pkcs1_pem) - 2; len++)
		CHECK(read_text(&k, pkcs1_pem, len) == -1);
}

static void
test_other_algorithms(void)
{
	CHECK(refused(ec_pem, strlen(ec_pem)));
	CHECK(refused(pss_pem, strlen(pss_pem)));
}

/* A modulus of that many bits; it need not be one that has primes. */
static RSA *
make_rsa(int bits, int odd, const char *exponent)
{
	BIGNUM	*n = BN_new(), *e = NULL;
	RSA	*rsa = RSA_new();

	if (n == NULL || rsa == NULL || BN_set_bit(n, bits - 1) == 0 ||
	    BN_set_bit(n, bits / 2) == 0 || BN_add_word(n, odd) == 0 ||
	    BN_dec2bn(&e, exponent) == 0 || RSA_set0_key(rsa, n, e, NULL) == 0)
		abort();
	return (rsa);
}

/* Writes a key's PEM, which libcrypto makes, and returns its length. */
static size_t
make_pem(RSA *rsa, int spki, char *text, size_t size)
{
	BIO	*bio = BIO_new(BIO_s_mem());
	int	 len;

	if (bio == NULL ||
	    (spki ? PEM_write_bio_RSA_PUBKEY(bio, rsa) :
	    PEM_write_bio_RSAPublicKey(bio, rsa)) == 0 ||
	    (len = BIO_read(bio, text, size)) <= 0)
		abort();
	BIO_free(bio);
	return (len);
}

/*
 * Is such a key taken, in both forms alike, and is the DER what libcrypto
 * makes?
 */
static int
taken(int bits, int odd, const char *exponent)
{
	struct key	 k[2], d;
	char		 text[8192];
	uint8_t		 der[DER_MAX], *p = der;
	RSA		*rsa = make_rsa(bits, odd, exponent);
	int		 i, len, r[3];

	for (i = 0; i < 2; i++)
		r[i] = read_text(&k[i], text,
		    make_pem(rsa, i, text, sizeof(text)));
	len = i2d_RSA_PUBKEY(rsa, &p);
	r[2] = key_read_der(&d, der, len);
	RSA_free(rsa);
	if (r[0] != r[1] || r[0] != r[2])
		abort();
	if (r[0] == -1)
		return (0);
	for (i = 0; i < 2; i++)
		if (k[i].derlen != (size_t)len ||
		    memcmp(k[i].der, der, len) != 0 ||
		    k[i].bits != (unsigned int)bits ||
		    memcmp(k[i].id, d.id, sizeof(d.id)) != 0)
			abort();
	return (1);
}

static void
test_bits(void)
{
	CHECK(!taken(512, 1, "65537"));
	CHECK(!taken(1024, 1, "65537"));
	CHECK(!taken(2040, 1, "65537"));
	CHECK(!taken(2047, 1, "65537"));
	CHECK(taken(2048, 1, "65537"));
	CHECK(taken(2049, 1, "65537"));
	CHECK(taken(3072, 1, "65537"));
	CHECK(taken(4095, 1, "65537"));
	CHECK(taken(4096, 1, "65537"));
	CHECK(!taken(4097, 1, "65537"));
	CHECK(!taken(4104, 1, "65537"));
	CHECK(!taken(8192, 1, "65537"));
	CHECK(!taken(16384, 1, "65537"));
	CHECK(!taken(2048, 0, "65537"));
}

static void
test_exponents(void)
{
	CHECK(!taken(2048, 1, "1"));
	CHECK(!taken(2048, 1, "3"));
	CHECK(!taken(2048, 1, "65535"));
	CHECK(!taken(2048, 1, "65536"));
	CHECK(!taken(2048, 1, "65538"));
	CHECK(taken(2048, 1, "65539"));
	CHECK(taken(2048, 1, "8388609"));
	CHECK(taken(2048, 1, "4294967295"));
	CHECK(!taken(2048, 1, "4294967296"));
	CHECK(!taken(2048, 1, "4294967297"));
	CHECK(!taken(2048, 1, "1099511693313"));
}

/* The longest key of all: nothing that we write of it may overflow. */
static void
test_longest(void)
{
	struct key	 k;
	uint8_t		 digests[KEY_FORMS][KEY_DIGEST_LEN];
	char		 text[KEY_TEXT_MAX], pem[2048];
	RSA		*rsa = make_rsa(4096, 1, "4294967295");
	size_t		 len = make_pem(rsa, 0, pem, sizeof(pem));

	CHECK(read_text(&k, pem, len) == 0);
	CHECK(key_text(&k, text) == strlen(text));
	CHECK(key_digests(&k, pem, len, digests) == KEY_FORMS);
	RSA_free(rsa);
}

static int
der_refused(const uint8_t *der, size_t len)
{
	struct key	 k;
	uint8_t		*copy;
	int		 r;

	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, der, len);
	r = key_read_der(&k, copy + 1, len);
	free(copy);
	return (r == -1);
}

static void
test_der(void)
{
	struct key	 k;
	uint8_t		 der[KEY_DER_MAX + 1];
	size_t		 i;

	CHECK(read_text(&k, spki_pem, strlen(spki_pem)) == 0);
	memset(der, 0, sizeof(der));
	memcpy(der, k.der, k.derlen);
	CHECK(!der_refused(der, k.derlen));
	for (i = 0; i < k.derlen; i++)
		CHECK(der_refused(der, i));
	CHECK(der_refused(der, k.derlen + 1));
	CHECK(der_refused(der, sizeof(der)));
	/* Each octet counts but the modulus' and one of the exponent's. */
	for (i = 0; i < k.derlen; i++) {
		if (i == PKCS1_AT + 9)
			i = k.derlen - 5;
		if (i == k.derlen - 2)
			continue;
		der[i] ^= 0x81;
		CHECK(der_refused(der, k.derlen));
		der[i] ^= 0x81;
	}
}

/* Puts an RSAPublicKey into PEM. */
static int
pkcs1_refused(const uint8_t *der, size_t len)
{
	char	 text[2048], base64[BASE64_LEN(KEY_DER_MAX) + 1];
	int	 n;

	base64_encode(der, len, base64);
	n = snprintf(text, sizeof(text), "-----BEGIN RSA PUBLIC KEY-----\n"
	    "%s\n-----END RSA PUBLIC KEY-----\n", base64);
	return (refused(text, n));
}

/*
 * Replaces an element's head in the vector's RSAPublicKey, whose own length
 * grows by as much.
 */
static int
head_refused(size_t at, size_t n, const char *by, size_t bylen)
{
	struct key	 k;
	uint8_t		 der[KEY_DER_MAX], *pkcs1;
	size_t		 len;

	if (read_text(&k, spki_pem, strlen(spki_pem)) == -1)
		abort();
	pkcs1 = k.der + PKCS1_AT;
	len = k.derlen - PKCS1_AT;
	memcpy(der, pkcs1, at);
	memcpy(der + at, by, bylen);
	memcpy(der + at + bylen, pkcs1 + at + n, len - at - n);
	len = len - n + bylen;
	if (at >= 4) {
		der[2] = (len - 4) >> 8;
		der[3] = (len - 4) & 0xff;
	}
	return (pkcs1_refused(der, len));
}

#define HEAD_REFUSED(at, n, by)	CHECK(head_refused((at), (n), (by), sizeof(by) - 1))

/* The RSAPublicKey: 30 82 01 0a, 02 82 01 01 00 modulus, 02 03 01 00 01. */
static void
test_lengths(void)
{
	CHECK(!head_refused(0, 0, "", 0));
	HEAD_REFUSED(0, 4, "\x30\x83\x00\x01\x0a");
	HEAD_REFUSED(0, 4, "\x30\x80");
	HEAD_REFUSED(0, 4, "\x30\x82\x01\x0b");
	HEAD_REFUSED(0, 4, "\x30\x82\x01\x09");
	HEAD_REFUSED(0, 4, "\x30\x82\xff\xff");
	HEAD_REFUSED(0, 4, "\x31\x82\x01\x0a");
	HEAD_REFUSED(4, 4, "\x02\x83\x00\x01\x01");
	HEAD_REFUSED(4, 4, "\x02\x84\x00\x00\x01\x01");
	HEAD_REFUSED(4, 4, "\x02\x80");
	HEAD_REFUSED(4, 4, "\x02\x82\x01\x06");
	HEAD_REFUSED(4, 4, "\x03\x82\x01\x01");
	HEAD_REFUSED(4, 5, "\x02\x82\x01\x00");		/* negative */
	HEAD_REFUSED(4, 5, "\x02\x82\x01\x02\x00\x00");	/* not the shortest */
	HEAD_REFUSED(4, 4, "\x02\x00\x02\x82\x01\x01");	/* empty */
	HEAD_REFUSED(4, 4, "\x02\x01\x00\x02\x82\x01\x01");
	HEAD_REFUSED(265, 2, "\x02\x81\x03");
	HEAD_REFUSED(265, 2, "\x02\x82\x00\x03");
	HEAD_REFUSED(265, 2, "\x02\x04");
	HEAD_REFUSED(265, 2, "\x02\x04\x00");
	HEAD_REFUSED(265, 5, "\x02\x01\x00");
	HEAD_REFUSED(265, 5, "\x02\x00");
	HEAD_REFUSED(265, 5, "");
	HEAD_REFUSED(265, 5, "\x02\x03\x81\x00\x01");
	HEAD_REFUSED(270, 0, "\x02\x01\x00");		/* three integers */
}

static void
test_text(void)
{
	struct key	 k;
	char		 text[KEY_TEXT_MAX], expected[4096];
	size_t		 len;

	len = fold(expected, spki_pem, 4000, "\n", 1);
	CHECK(read_text(&k, pkcs1_pem, strlen(pkcs1_pem)) == 0);
	CHECK(key_text(&k, text) == len);
	CHECK(memcmp(text, expected, len) == 0);
	CHECK(strlen(text) == len);
	CHECK(is_vector(text, len));
}

static int
digest_is(const uint8_t digest[KEY_DIGEST_LEN], const char *hex)
{
	char	 text[KEY_DIGEST_LEN * 2 + 1];
	size_t	 i;

	for (i = 0; i < KEY_DIGEST_LEN; i++)
		snprintf(text + i * 2, 3, "%02x", digest[i]);
	return (strcmp(text, hex) == 0);
}

/* Are these, up to a NULL, the digests of the vector when sent so? */
static int
digests_are(const char *pem, size_t len, const char *const *hex)
{
	struct key	 k;
	uint8_t		 digests[KEY_FORMS][KEY_DIGEST_LEN];
	size_t		 i, n;

	if (read_text(&k, pem, len) == -1)
		return (0);
	n = key_digests(&k, pem, len, digests);
	for (i = 0; i < n; i++)
		if (hex[i] == NULL || !digest_is(digests[i], hex[i]))
			return (0);
	return (hex[n] == NULL);
}

static void
test_digests(void)
{
	static const char *const	 plain[] = { V12, SPKI, SPKI_LESS, DER, NULL };
	static const char *const	 less[] = { V12, SPKI_LESS, SPKI, DER, NULL };
	static const char *const	 v12[] = { V12, SPKI, SPKI_LESS, DER, NULL };
	static const char *const	 pkcs1[] = { V12, PKCS1, PKCS1_LESS, SPKI,
					    SPKI_LESS, DER, NULL };
	static const char *const	 crlf[] = { V12, CRLF, CRLF_LESS, SPKI,
					    SPKI_LESS, DER, NULL };
	char				 text[4096];

	CHECK(digests_are(spki_pem, strlen(spki_pem), plain));
	CHECK(digests_are(spki_pem, strlen(spki_pem) - 1, less));
	CHECK(digests_are(text, fold(text, spki_pem, 4000, "\n", 1), v12));
	CHECK(digests_are(pkcs1_pem, strlen(pkcs1_pem), pkcs1));
	CHECK(digests_are(text, fold(text, spki_pem, 64, "\r\n", 0), crlf));
}

static void
test_id(void)
{
	struct key	 k;

	CHECK(read_text(&k, pkcs1_pem, strlen(pkcs1_pem)) == 0);
	CHECK(digest_is(k.id, DER));
}

static int
names_vector(const char *text)
{
	uint8_t	 digest[KEY_DIGEST_LEN];

	return (key_fingerprint_read(text, strlen(text), digest) == 0 &&
	    digest_is(digest, V12));
}

static int
is_no_fingerprint(const char *text, size_t len)
{
	uint8_t	 digest[KEY_DIGEST_LEN];

	return (key_fingerprint_read(text, len, digest) == -1);
}

#define NO_FINGERPRINT(s)	CHECK(is_no_fingerprint((s), sizeof(s) - 1))

static void
test_fingerprints(void)
{
	uint8_t	 digest[KEY_DIGEST_LEN];
	char	 text[KEY_FP_LEN + 1];

	CHECK(names_vector(V12_BASE64));
	CHECK(names_vector(V12));
	CHECK(names_vector(V12_BASE64_HEX));
	CHECK(key_fingerprint_read(V12, strlen(V12), digest) == 0);
	key_fingerprint(digest, text);
	CHECK(strcmp(text, V12_BASE64) == 0);
}

static void
test_no_fingerprints(void)
{
	size_t	 len;

	for (len = 0; len < strlen(V12_BASE64_HEX); len++)
		CHECK(is_no_fingerprint(V12_BASE64_HEX, len));
	NO_FINGERPRINT(V12_BASE64 "\n");
	NO_FINGERPRINT(V12 "0");
	/* base64 of 31 and of 33 octets, and of 32 with a bit behind them */
	NO_FINGERPRINT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==");
	NO_FINGERPRINT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	NO_FINGERPRINT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=");
	/* hex in upper case, and with what is no digit at either end */
	NO_FINGERPRINT("BAEAE29377827484C1271F1D17DD31CC7DA3A6AAA4EB4DFCEB9C4CEE91AB2B91");
	NO_FINGERPRINT("gaeae29377827484c1271f1d17dd31cc7da3a6aaa4eb4dfceb9c4cee91ab2b91");
	NO_FINGERPRINT("baeae29377827484c1271f1d17dd31cc7da3a6aaa4eb4dfceb9c4cee91ab2b9:");
	NO_FINGERPRINT("baeae29377827484c1271f1d17dd31cc7da3a6aaa4eb4dfceb9c4cee91ab2b9\0");
	/* base64 of that upper case, of 65 and of 66 octets */
	NO_FINGERPRINT("QkFFQUUyOTM3NzgyNzQ4NEMxMjcxRjFEMTdERDMxQ0M3REEzQTZBQUE0RUI0"
	    "REZDRUI5QzRDRUU5MUFCMkI5MQ==");
	NO_FINGERPRINT("YmFlYWUyOTM3NzgyNzQ4NGMxMjcxZjFkMTdkZDMxY2M3ZGEzYTZhYWE0ZWI0"
	    "ZGZjZWI5YzRjZWU5MWFiMmI5MWE=");
	NO_FINGERPRINT("YmFlYWUyOTM3NzgyNzQ4NGMxMjcxZjFkMTdkZDMxY2M3ZGEzYTZhYWE0ZWI0"
	    "ZGZjZWI5YzRjZWU5MWFiMmI5MWFh");
}

int
main(void)
{
	RUN(test_forms);
	RUN(test_armour);
	RUN(test_trailing);
	RUN(test_body);
	RUN(test_truncated);
	RUN(test_other_algorithms);
	RUN(test_bits);
	RUN(test_exponents);
	RUN(test_longest);
	RUN(test_der);
	RUN(test_lengths);
	RUN(test_text);
	RUN(test_digests);
	RUN(test_id);
	RUN(test_fingerprints);
	RUN(test_no_fingerprints);
	return (test_done());
}
