/*
 * AES-GCM.
 */

#include "compat.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <limits.h>
#include <string.h>

#include "base64.h"
#include "unseal.h"

#define KEY_OCTETS_MAX	32

static const EVP_CIPHER *
cipher_for(size_t keylen)
{
	switch (keylen) {
	case 16:
		return (EVP_aes_128_gcm());
	case 24:
		return (EVP_aes_192_gcm());
	case 32:
		return (EVP_aes_256_gcm());
	default:
		return (NULL);
	}
}

/*
 * The library takes the tag by a pointer that is not to const, and does not
 * write there.
 */
static int
decrypt(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, const uint8_t *key,
    const uint8_t *iv, size_t ivlen, const uint8_t *sealed, size_t len,
    uint8_t *plain)
{
	uint8_t	tag[UNSEAL_TAG];
	int	n, rest;

	memcpy(tag, sealed + len, sizeof(tag));
	return (EVP_DecryptInit_ex(ctx, cipher, NULL, NULL, NULL) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_IVLEN, (int)ivlen,
	    NULL) == 1 &&
	    EVP_DecryptInit_ex(ctx, NULL, NULL, key, iv) == 1 &&
	    EVP_DecryptUpdate(ctx, plain, &n, sealed, (int)len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, sizeof(tag),
	    tag) == 1 &&
	    EVP_DecryptFinal_ex(ctx, plain + n, &rest) == 1);
}

static int
unseal_key(const uint8_t *key, size_t keylen, const uint8_t *iv, size_t ivlen,
    const uint8_t *sealed, size_t len, uint8_t *plain, size_t *plainlen)
{
	const EVP_CIPHER	*cipher = cipher_for(keylen);
	EVP_CIPHER_CTX		*ctx;
	int			 good;

	if (cipher == NULL || len < UNSEAL_TAG || len > INT_MAX ||
	    (ctx = EVP_CIPHER_CTX_new()) == NULL)
		return (-1);
	*plainlen = len - UNSEAL_TAG;
	good = decrypt(ctx, cipher, key, iv, ivlen, sealed, *plainlen, plain);
	EVP_CIPHER_CTX_free(ctx);
	if (good)
		return (0);
	ERR_clear_error();
	explicit_bzero(plain, *plainlen);
	return (-1);
}

int
unseal(const uint8_t *symm, size_t symmlen, const uint8_t *iv, size_t ivlen,
    const uint8_t *sealed, size_t len, uint8_t *plain, size_t *plainlen)
{
	uint8_t	key[KEY_OCTETS_MAX];
	ssize_t	n;
	int	r;

	if (unseal_key(symm, symmlen, iv, ivlen, sealed, len, plain,
	    plainlen) == 0)
		return (0);
	n = base64_decode((const char *)symm, symmlen, key, sizeof(key));
	r = n <= 0 ? -1 : unseal_key(key, (size_t)n, iv, ivlen, sealed, len,
	    plain, plainlen);
	explicit_bzero(key, sizeof(key));
	return (r);
}
