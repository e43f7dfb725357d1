/*
 * The benchmark needs thousands of distinct RSA-2048 keys and tens of
 * thousands of signatures before its clock starts; made in the usual way they
 * would take minutes.  What they cost to make is of no interest here, and who
 * could break them neither: whoever verifies sees a modulus of 2048 bits and
 * the exponent 65537, and has the same work with it wherever it comes from.
 * So a modulus is the product of sixteen primes of 128 bits.  Such primes
 * take no time to find; a few dozen of them combine to 65536 keys; and a
 * signature, put together from sixteen small exponentiations (RFC 8017 5.1.2
 * with u = 16), costs a quarter of what it costs with two primes.
 */

#define OPENSSL_SUPPRESS_DEPRECATED	/* RSA_new and the like: nothing to fetch */

#include "compat.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "key.h"
#include "keyring.h"

#define PRIMES		16		/* of a modulus */
#define PRIME_LEN	16		/* octets */
#define CHOICES		16		/* of primes, for each of the first places */
#define CHOICE_BITS	4
#define MODULUS_LEN	256		/* octets */
#define EXPONENT	65537
#define SALT_LEN	32

struct prime {
	BIGNUM		*p;
	BIGNUM		*d;		/* signs modulo p: 1/EXPONENT mod p - 1 */
	BN_MONT_CTX	*mont;
};

/* One prime's part in a key. */
struct part {
	const struct prime	*prime;
	BIGNUM			*rest;	/* the product of all other primes */
	BIGNUM			*inverse;	/* 1/rest mod p */
};

struct keyring_key {
	struct part	 parts[PRIMES];
	RSA		*rsa;		/* modulus and exponent */
	char		 pem[KEY_TEXT_MAX];
	char		 fingerprint[KEY_FP_LEN + 1];
};

static struct prime	 primes[PRIMES][CHOICES];
static BN_CTX		*ctx;

static void *
checked(void *p)
{
	if (p == NULL)
		errx(1, "libcrypto: out of memory");
	return (p);
}

static void
must(int ok)
{
	if (ok != 1)
		errx(1, "libcrypto failed");
}

/*
 * With the highest bits set, so that any sixteen have a product of 2048 bits.
 */
static void
prime_candidate(BIGNUM *p)
{
	uint8_t	 octets[PRIME_LEN];

	arc4random_buf(octets, sizeof(octets));
	octets[0] |= 0xf8;
	octets[PRIME_LEN - 1] |= 1;
	checked(BN_bin2bn(octets, sizeof(octets), p));
}

static void
prime_find(struct prime *prime)
{
	prime->p = checked(BN_new());
	prime->mont = checked(BN_MONT_CTX_new());
	do {
		prime_candidate(prime->p);
	} while (BN_mod_word(prime->p, EXPONENT) == 1 ||
	    BN_is_prime_ex(prime->p, BN_prime_checks, ctx, NULL) != 1);
	must(BN_MONT_CTX_set(prime->mont, prime->p, ctx));
}

static void
prime_exponent(struct prime *prime)
{
	BIGNUM	*e = checked(BN_new()), *order = checked(BN_dup(prime->p));

	must(BN_set_word(e, EXPONENT));
	must(BN_sub_word(order, 1));
	prime->d = checked(BN_mod_inverse(NULL, e, order, ctx));
	BN_free(e);
	BN_free(order);
}

/* The prime at a place of the key with that number. */
static const struct prime *
prime_get(unsigned int number, int place)
{
	struct prime	*prime;
	unsigned int	 choice = 0;

	if (place * CHOICE_BITS < 16)
		choice = number >> place * CHOICE_BITS & (CHOICES - 1);
	prime = &primes[place][choice];
	if (prime->p == NULL) {
		prime_find(prime);
		prime_exponent(prime);
	}
	return (prime);
}

static void
key_part(struct part *part, const struct prime *prime, const BIGNUM *modulus)
{
	part->prime = prime;
	part->rest = checked(BN_new());
	must(BN_div(part->rest, NULL, modulus, prime->p, ctx));
	part->inverse = checked(BN_mod_inverse(NULL, part->rest, prime->p,
	    ctx));
}

/* The names of a key: its PEM, and the fingerprint of that. */
static void
key_names(struct keyring_key *k, const BIGNUM *modulus)
{
	/* SPKI (RFC 5280 4.1), up to the modulus and behind it */
	static const uint8_t	 head[] = { 0x30, 0x82, 0x01, 0x22, 0x30, 0x0d,
				    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
				    0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03,
				    0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01,
				    0x0a, 0x02, 0x82, 0x01, 0x01, 0x00 };
	static const uint8_t	 tail[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
	uint8_t			 der[sizeof(head) + MODULUS_LEN + sizeof(tail)];
	uint8_t			 digest[SHA256_DIGEST_LENGTH];
	struct key		 key;
	size_t			 len;

	memcpy(der, head, sizeof(head));
	if (BN_bn2bin(modulus, der + sizeof(head)) != MODULUS_LEN)
		errx(1, "a modulus of a wrong size");
	memcpy(der + sizeof(head) + MODULUS_LEN, tail, sizeof(tail));
	if (key_read_der(&key, der, sizeof(der)) == -1)
		errx(1, "a bad key");
	len = key_text(&key, k->pem);
	SHA256((const uint8_t *)k->pem, len, digest);
	key_fingerprint(digest, k->fingerprint);
}

struct keyring_key *
keyring_key(unsigned int number)
{
	struct keyring_key	*k;
	const struct prime	*chosen[PRIMES];
	BIGNUM			*modulus, *e;
	int			 i;

	if (ctx == NULL)
		ctx = checked(BN_CTX_new());
	modulus = checked(BN_new());
	e = checked(BN_new());
	must(BN_one(modulus) && BN_set_word(e, EXPONENT));
	for (i = 0; i < PRIMES; i++) {
		chosen[i] = prime_get(number, i);
		must(BN_mul(modulus, modulus, chosen[i]->p, ctx));
	}
	k = checked(calloc(1, sizeof(*k)));
	for (i = 0; i < PRIMES; i++)
		key_part(&k->parts[i], chosen[i], modulus);
	key_names(k, modulus);
	k->rsa = checked(RSA_new());
	must(RSA_set0_key(k->rsa, modulus, e, NULL));
	return (k);
}

void
keyring_free(struct keyring_key *k)
{
	int	i;

	for (i = 0; i < PRIMES; i++) {
		BN_free(k->parts[i].rest);
		BN_free(k->parts[i].inverse);
	}
	RSA_free(k->rsa);
	free(k);
}

const char *
keyring_pem(const struct keyring_key *k)
{
	return (k->pem);
}

const char *
keyring_fingerprint(const struct keyring_key *k)
{
	return (k->fingerprint);
}

/*
 * sum += rest * (inverse * block^d mod p): right modulo p, nothing modulo the
 * others.
 */
static void
sign_part(const struct part *part, const BIGNUM *block, BIGNUM *sum)
{
	const struct prime	*prime = part->prime;
	BIGNUM			*x;

	BN_CTX_start(ctx);
	x = checked(BN_CTX_get(ctx));
	must(BN_nnmod(x, block, prime->p, ctx));
	must(BN_mod_exp_mont(x, x, prime->d, prime->p, ctx, prime->mont));
	must(BN_mod_mul(x, x, part->inverse, prime->p, ctx));
	must(BN_mul(x, x, part->rest, ctx));
	must(BN_add(sum, sum, x));
	BN_CTX_end(ctx);
}

void
keyring_sign(const struct keyring_key *k, const void *data, size_t len,
    char *out)
{
	uint8_t	 digest[SHA256_DIGEST_LENGTH], block[MODULUS_LEN];
	BIGNUM	*number, *sum;
	int	 i;

	SHA256(data, len, digest);
	must(RSA_padding_add_PKCS1_PSS_mgf1(k->rsa, block, digest,
	    EVP_sha256(), EVP_sha256(), SALT_LEN));
	BN_CTX_start(ctx);
	number = checked(BN_CTX_get(ctx));
	sum = checked(BN_CTX_get(ctx));
	BN_zero(sum);
	checked(BN_bin2bn(block, sizeof(block), number));
	for (i = 0; i < PRIMES; i++)
		sign_part(&k->parts[i], number, sum);
	must(BN_nnmod(sum, sum, RSA_get0_n(k->rsa), ctx));
	if (BN_bn2binpad(sum, block, sizeof(block)) == -1)
		errx(1, "a signature of a wrong size");
	BN_CTX_end(ctx);
	base64_encode(block, sizeof(block), out);
}
