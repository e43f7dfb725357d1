/*
 * Keys: what is taken must be what libcrypto reads in it, and all canonical
 * DER of a good key that libcrypto reads must be taken.
 */

/* link: lib/key.o lib/base64.o */

#define OPENSSL_SUPPRESS_DEPRECATED

#include "compat.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdlib.h>
#include <string.h>

#include "key.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Does libcrypto read it, and write it again just so? */
static RSA *
read_canonical(const uint8_t *der, size_t len)
{
	const uint8_t	*p = der;
	uint8_t		*again = NULL;
	RSA		*rsa;
	int		 n;

	if ((rsa = d2i_RSA_PUBKEY(NULL, &p, len)) == NULL) {
		ERR_clear_error();
		return (NULL);
	}
	n = i2d_RSA_PUBKEY(rsa, &again);
	if (n <= 0 || (size_t)n != len || memcmp(der, again, len) != 0) {
		RSA_free(rsa);
		rsa = NULL;
	}
	OPENSSL_free(again);
	return (rsa);
}

static int
is_good(const RSA *rsa)
{
	const BIGNUM	*n, *e;

	RSA_get0_key(rsa, &n, &e, NULL);
	return (BN_num_bits(n) >= KEY_BITS_MIN && BN_num_bits(n) <= KEY_BITS_MAX &&
	    BN_is_odd(n) && BN_is_odd(e) && BN_num_bits(e) >= 17 &&
	    BN_num_bits(e) <= 32);
}

static void
check_key(const struct key *k)
{
	struct key	 again;
	char		 text[KEY_TEXT_MAX];
	RSA		*rsa = read_canonical(k->der, k->derlen);

	if (rsa == NULL || !is_good(rsa) || (unsigned int)RSA_bits(rsa) != k->bits)
		abort();
	RSA_free(rsa);
	if (key_read(&again, text, key_text(k, text)) == -1 ||
	    memcmp(again.id, k->id, sizeof(k->id)) != 0)
		abort();
}

static void
fuzz_pem(const char *pem, size_t len)
{
	struct key	 k;
	uint8_t		 digests[KEY_FORMS][KEY_DIGEST_LEN];
	size_t		 n;

	if (key_read(&k, pem, len) == -1)
		return;
	check_key(&k);
	n = key_digests(&k, pem, len, digests);
	if (n < 4 || n > KEY_FORMS)
		abort();
}

static void
fuzz_der(const uint8_t *der, size_t len)
{
	struct key	 k;
	RSA		*rsa;
	int		 good;

	if (key_read_der(&k, der, len) == 0) {
		check_key(&k);
		return;
	}
	rsa = read_canonical(der, len);
	good = rsa != NULL && is_good(rsa);
	RSA_free(rsa);
	if (good)
		abort();
}

static void
fuzz_fingerprint(const char *text, size_t len)
{
	uint8_t	 digest[KEY_DIGEST_LEN], again[KEY_DIGEST_LEN];
	char	 written[KEY_FP_LEN + 1];

	if (key_fingerprint_read(text, len, digest) == -1)
		return;
	key_fingerprint(digest, written);
	if (key_fingerprint_read(written, KEY_FP_LEN, again) == -1 ||
	    memcmp(digest, again, sizeof(digest)) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_pem((const char *)data, size);
	fuzz_der(data, size);
	fuzz_fingerprint((const char *)data, size);
	return (0);
}
