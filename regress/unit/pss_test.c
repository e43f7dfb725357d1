/*
 * What the signer signs with RSA: blocks that the library makes pass,
 * anything else does not.
 */

/* link: olaf-keys/pss.o */

#include "compat.h"

#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pss.h"
#include "test.h"

/* A modulus alone: that is all that padding needs of a key. */
static RSA *
key(int bits)
{
	BIGNUM	*n = BN_new(), *e = BN_new();
	RSA	*rsa = RSA_new();

	if (n == NULL || e == NULL || rsa == NULL || BN_set_word(e, RSA_F4) != 1 ||
	    BN_rand(n, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD) != 1 ||
	    RSA_set0_key(rsa, n, e, NULL) != 1)
		abort();
	return (rsa);
}

static void
blocks(int bits)
{
	const EVP_MD	*mds[] = { EVP_sha256(), EVP_sha384(), EVP_sha512() };
	uint8_t		 em[512], digest[64];
	RSA		*rsa = key(bits);
	size_t		 i, k, len = (size_t)RSA_size(rsa);
	unsigned int	 n = (unsigned int)bits;

	memset(digest, 0x5a, sizeof(digest));
	for (i = 0; i < nitems(mds); i++) {
		CHECK(RSA_padding_add_PKCS1_PSS_mgf1(rsa, em, digest, mds[i],
		    mds[i], -1) == 1);
		CHECK(pss_block(em, len, n));
		CHECK(!pss_block(em, len - 1, n));
		CHECK(!pss_block(em, 0, n));
		/*
		 * the salt is free: only the octets of the hash and before it
		 * count
		 */
		for (k = 0; k < 64; k++) {
			em[k] ^= 0x10;
			CHECK(!pss_block(em, len, n));
			em[k] ^= 0x10;
		}
		em[len - 1] ^= 1;
		CHECK(!pss_block(em, len, n));
		/* another length of salt is not what TLS signs */
		CHECK(RSA_padding_add_PKCS1_PSS_mgf1(rsa, em, digest, mds[i],
		    mds[i], 20) == 1);
		CHECK(!pss_block(em, len, n));
	}
	RSA_free(rsa);
}

static void
test_blocks_2048(void)
{
	blocks(2048);
}

/* One bit more: the encoded message is an octet shorter than the modulus. */
static void
test_blocks_2049(void)
{
	blocks(2049);
}

static void
test_other_hash(void)
{
	uint8_t	em[256], digest[64];
	RSA	*rsa = key(2048);

	memset(digest, 1, sizeof(digest));
	CHECK(RSA_padding_add_PKCS1_PSS_mgf1(rsa, em, digest, EVP_sha1(),
	    EVP_sha1(), -1) == 1);
	CHECK(!pss_block(em, sizeof(em), 2048));
	memset(em, 0, sizeof(em));
	CHECK(!pss_block(em, sizeof(em), 2048));
	em[255] = 0xbc;
	CHECK(!pss_block(em, sizeof(em), 2048));
	RSA_free(rsa);
}

static void
test_digest_info(void)
{
	uint8_t	der[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48,
		    0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
		    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
		    30, 31 };
	size_t	i;

	CHECK(pss_digest_info(der, sizeof(der)));
	for (i = 0; i < sizeof(der); i++)
		CHECK(!pss_digest_info(der, i));
	for (i = 0; i < 19; i++) {
		der[i] ^= 1;
		CHECK(!pss_digest_info(der, sizeof(der)));
		der[i] ^= 1;
	}
	for (; i < sizeof(der); i++) {
		der[i] ^= 1;
		CHECK(pss_digest_info(der, sizeof(der)));
	}
}

int
main(void)
{
	RUN(test_blocks_2048);
	RUN(test_blocks_2049);
	RUN(test_other_hash);
	RUN(test_digest_info);
	return (test_done());
}
