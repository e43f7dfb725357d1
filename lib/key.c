/*
 * Users' public keys.  A key comes from a peer, so it is read here, strictly
 * and without memory, rather than by libcrypto: its general decoders know
 * every algorithm there is, want their configuration file, which a sandboxed
 * process cannot open, and take up to eighty times as long.  All that an RSA
 * key needs is a frame of fixed octets (RFC 8017 A.1, RFC 3279 2.3.1) around
 * two integers.
 */

#define OPENSSL_SUPPRESS_DEPRECATED	/* SHA256_Init, see sha256() */

#include "compat.h"

#include <openssl/sha.h>

#include <string.h>

#include "base64.h"
#include "key.h"

#define DER_INTEGER	0x02
#define DER_SEQUENCE	0x30

#define EXPONENT_MIN	65537	/* the greatest is the greatest odd uint32_t */

#define PEM_COLUMNS	64	/* RFC 7468 2 */
#define HEX_LEN		(KEY_DIGEST_LEN * 2)

/*
 * The octets of an SPKI before its RSAPublicKey, and where two lengths stand.
 */
#define HEAD_LEN	24
#define HEAD_SPKI	2	/* of all that follows the length */
#define HEAD_BITS	21

static const uint8_t spki_head[HEAD_LEN] = {
	DER_SEQUENCE, 0x82, 0, 0,
	DER_SEQUENCE, 0x0d,
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
	0x05, 0x00,			/* rsaEncryption, NULL */
	0x03, 0x82, 0, 0, 0x00		/* BIT STRING, no unused bits */
};

static const char spki_begin[] = "-----BEGIN PUBLIC KEY-----";
static const char spki_end[] = "-----END PUBLIC KEY-----";
static const char pkcs1_begin[] = "-----BEGIN RSA PUBLIC KEY-----";
static const char pkcs1_end[] = "-----END RSA PUBLIC KEY-----";

struct octets {
	const uint8_t	*p;
	size_t		 len;
};

/*
 * The functions of old, because they neither fetch nor allocate and so cannot
 * fail.
 */
static void
sha256(const void *data, size_t len, uint8_t digest[KEY_DIGEST_LEN])
{
	SHA256_CTX	 ctx;

	SHA256_Init(&ctx);
	SHA256_Update(&ctx, data, len);
	SHA256_Final(digest, &ctx);
}

/*
 * Takes an element off the front of d.  Its length must be written as shortly
 * as can be (X.690 10.1) and below 2^16; no element of a good key is shorter
 * than four octets.
 */
static int
der_take(struct octets *d, uint8_t tag, struct octets *content)
{
	size_t	 head = 2, len;

	if (d->len < 4 || d->p[0] != tag)
		return (-1);
	len = d->p[1];
	if (len == 0x81) {
		head = 3;
		if ((len = d->p[2]) < 0x80)
			return (-1);
	} else if (len == 0x82) {
		head = 4;
		if ((len = d->p[2] << 8 | d->p[3]) < 0x100)
			return (-1);
	} else if (len >= 0x80)
		return (-1);
	if (len > d->len - head)
		return (-1);
	content->p = d->p + head;
	content->len = len;
	d->p += head + len;
	d->len -= head + len;
	return (0);
}

/*
 * Takes a positive integer, without the zero that keeps its first bit from
 * being a sign (X.690 8.3).
 */
static int
der_take_integer(struct octets *d, struct octets *n)
{
	if (der_take(d, DER_INTEGER, n) == -1 || n->len == 0 ||
	    n->p[0] & 0x80)
		return (-1);
	if (n->p[0] != 0)
		return (0);
	n->p++;
	n->len--;
	return (n->len > 0 && n->p[0] & 0x80 ? 0 : -1);
}

static unsigned int
count_bits(const struct octets *n)
{
	unsigned int	 bits = n->len * 8;
	uint8_t		 mask;

	for (mask = 0x80; !(n->p[0] & mask); mask >>= 1)
		bits--;
	return (bits);
}

static int
modulus_good(const struct octets *n, unsigned int *bits)
{
	*bits = count_bits(n);
	return (*bits >= KEY_BITS_MIN && *bits <= KEY_BITS_MAX &&
	    n->p[n->len - 1] & 1);
}

static int
exponent_good(const struct octets *e)
{
	uint32_t	 value = 0;
	size_t		 i;

	if (e->len > sizeof(value))
		return (0);
	for (i = 0; i < e->len; i++)
		value = value << 8 | e->p[i];
	return (value >= EXPONENT_MIN && value & 1);
}

/* Writes what stands before an RSAPublicKey of len octets. */
static void
write_head(uint8_t head[HEAD_LEN], size_t len)
{
	size_t	 spki = HEAD_LEN - HEAD_SPKI - 2 + len, bits = 1 + len;

	memcpy(head, spki_head, HEAD_LEN);
	head[HEAD_SPKI] = spki >> 8;
	head[HEAD_SPKI + 1] = spki & 0xff;
	head[HEAD_BITS] = bits >> 8;
	head[HEAD_BITS + 1] = bits & 0xff;
}

/* An RSAPublicKey: the whole of PKCS#1's form, the inner part of an SPKI. */
static int
read_pkcs1(struct key *k, const uint8_t *der, size_t len)
{
	struct octets	 d = { der, len }, numbers, n, e;

	if (len > KEY_DER_MAX - HEAD_LEN)
		return (-1);
	if (der_take(&d, DER_SEQUENCE, &numbers) == -1 || d.len != 0 ||
	    der_take_integer(&numbers, &n) == -1 ||
	    der_take_integer(&numbers, &e) == -1 || numbers.len != 0)
		return (-1);
	if (!modulus_good(&n, &k->bits) || !exponent_good(&e))
		return (-1);
	write_head(k->der, len);
	memcpy(k->der + HEAD_LEN, der, len);
	k->derlen = HEAD_LEN + len;
	sha256(k->der, k->derlen, k->id);
	return (0);
}

int
key_read_der(struct key *k, const uint8_t *der, size_t len)
{
	uint8_t	 head[HEAD_LEN];

	if (len <= HEAD_LEN || len > KEY_DER_MAX)
		return (-1);
	write_head(head, len - HEAD_LEN);
	if (memcmp(der, head, HEAD_LEN) != 0)
		return (-1);
	return (read_pkcs1(k, der + HEAD_LEN, len - HEAD_LEN));
}

static int
is_newline(char c)
{
	return (c == '\n' || c == '\r');
}

/*
 * Finds what stands between these lines, the newlines behind the first and
 * before the last included.  Returns its length, 0 if the text is not so.
 */
static size_t
pem_body(const char *pem, size_t len, const char *begin, const char *end,
    const char **body)
{
	size_t	 nbegin = strlen(begin), nend = strlen(end);

	while (len > 0 && is_newline(pem[len - 1]))
		len--;
	if (len < nbegin + nend + 2 || memcmp(pem, begin, nbegin) != 0 ||
	    memcmp(pem + len - nend, end, nend) != 0)
		return (0);
	if (!is_newline(pem[nbegin]) || !is_newline(pem[len - nend - 1]))
		return (0);
	*body = pem + nbegin;
	return (len - nbegin - nend);
}

/* Decodes lines of base64 to the DER of a key; size is KEY_DER_MAX. */
static ssize_t
pem_decode(const char *body, size_t len, uint8_t der[KEY_DER_MAX])
{
	char	 text[BASE64_LEN(KEY_DER_MAX)];
	size_t	 i, n = 0;

	for (i = 0; i < len; i++) {
		if (is_newline(body[i]))
			continue;
		if (n == sizeof(text))
			return (-1);
		text[n++] = body[i];
	}
	return (base64_decode(text, n, der, KEY_DER_MAX));
}

int
key_read(struct key *k, const char *pem, size_t len)
{
	uint8_t		 der[KEY_DER_MAX];
	const char	*body;
	size_t		 bodylen;
	ssize_t		 derlen;
	int		 spki;

	if (len > KEY_PEM_MAX)
		return (-1);
	bodylen = pem_body(pem, len, spki_begin, spki_end, &body);
	spki = bodylen > 0;
	if (!spki)
		bodylen = pem_body(pem, len, pkcs1_begin, pkcs1_end, &body);
	if (bodylen == 0 || (derlen = pem_decode(body, bodylen, der)) == -1)
		return (-1);
	return (spki ? key_read_der(k, der, derlen) : read_pkcs1(k, der, derlen));
}

static char *
put(char *dst, const char *text, size_t len)
{
	memcpy(dst, text, len);
	return (dst + len);
}

/* The PEM of an SPKI with so many columns and a newline at its end. */
static size_t
write_pem(const struct key *k, size_t columns, char text[KEY_TEXT_MAX])
{
	char	 base64[BASE64_LEN(KEY_DER_MAX) + 1];
	char	*p = text, *line = base64;
	size_t	 left = BASE64_LEN(k->derlen), n;

	base64_encode(k->der, k->derlen, base64);
	p = put(p, spki_begin, strlen(spki_begin));
	p = put(p, "\n", 1);
	for (; left > 0; left -= n, line += n) {
		n = left < columns ? left : columns;
		p = put(p, line, n);
		p = put(p, "\n", 1);
	}
	p = put(p, spki_end, strlen(spki_end));
	p = put(p, "\n", 1);
	return (p - text);
}

size_t
key_text(const struct key *k, char *text)
{
	size_t	 len;

	len = write_pem(k, BASE64_LEN(KEY_DER_MAX), text) - 1;
	text[len] = '\0';
	return (len);
}

void
key_text_digest(const char *text, size_t len, uint8_t digest[KEY_DIGEST_LEN])
{
	sha256(text, len, digest);
}

/* Adds the digest of a text, unless it is there; returns how many there are. */
static size_t
add_digest(uint8_t digests[KEY_FORMS][KEY_DIGEST_LEN], size_t n,
    const void *text, size_t len)
{
	size_t	 i;

	sha256(text, len, digests[n]);
	for (i = 0; i < n; i++)
		if (memcmp(digests[i], digests[n], KEY_DIGEST_LEN) == 0)
			return (n);
	return (n + 1);
}

/* The length of a text less its trailing newline. */
static size_t
without_newline(const char *text, size_t len)
{
	if (len == 0 || text[len - 1] != '\n')
		return (len);
	len--;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	return (len);
}

size_t
key_digests(const struct key *k, const char *pem, size_t len,
    uint8_t digests[KEY_FORMS][KEY_DIGEST_LEN])
{
	char	 text[KEY_TEXT_MAX];
	size_t	 folded, n;

	n = add_digest(digests, 0, text, key_text(k, text));
	n = add_digest(digests, n, pem, len);
	n = add_digest(digests, n, pem, without_newline(pem, len));
	folded = write_pem(k, PEM_COLUMNS, text);
	n = add_digest(digests, n, text, folded);
	n = add_digest(digests, n, text, folded - 1);
	return (add_digest(digests, n, k->der, k->derlen));
}

/* The value of a lower-case hex digit, or -1. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	return (-1);
}

static int
hex_decode(const char *text, uint8_t digest[KEY_DIGEST_LEN])
{
	size_t	 i;
	int	 high, low;

	for (i = 0; i < KEY_DIGEST_LEN; i++) {
		high = hex_value(text[i * 2]);
		low = hex_value(text[i * 2 + 1]);
		if (high == -1 || low == -1)
			return (-1);
		digest[i] = high << 4 | low;
	}
	return (0);
}

int
key_fingerprint_read(const char *text, size_t len,
    uint8_t digest[KEY_DIGEST_LEN])
{
	char	 hex[HEX_LEN];

	switch (len) {
	case KEY_FP_LEN:
		return (base64_decode(text, len, digest, KEY_DIGEST_LEN) ==
		    KEY_DIGEST_LEN ? 0 : -1);
	case HEX_LEN:
		return (hex_decode(text, digest));
	case BASE64_LEN(HEX_LEN):
		if (base64_decode(text, len, hex, sizeof(hex)) != HEX_LEN)
			return (-1);
		return (hex_decode(hex, digest));
	default:
		return (-1);
	}
}

void
key_fingerprint(const uint8_t digest[KEY_DIGEST_LEN], char *text)
{
	base64_encode(digest, KEY_DIGEST_LEN, text);
}
