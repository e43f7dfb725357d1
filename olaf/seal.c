/*
 * How a chat is encrypted: AES-GCM, its key wrapped for each recipient.
 */

#include "compat.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <limits.h>

#include "seal.h"

static int
encrypt(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, const uint8_t *key,
    const uint8_t *iv, const void *text, int len, uint8_t *out)
{
	int	 n, m;

	if (EVP_EncryptInit_ex(ctx, cipher, NULL, NULL, NULL) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_IVLEN, SEAL_IV_LEN,
	    NULL) != 1 ||
	    EVP_EncryptInit_ex(ctx, NULL, NULL, key, iv) != 1 ||
	    EVP_EncryptUpdate(ctx, out, &n, text, len) != 1 || n != len ||
	    EVP_EncryptFinal_ex(ctx, out + n, &m) != 1 || m != 0 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, SEAL_TAG_LEN,
	    out + n) != 1)
		return (-1);
	return (0);
}

int
seal_encrypt(const uint8_t *key, unsigned int bits,
    const uint8_t iv[SEAL_IV_LEN], const void *text, size_t len, uint8_t *out)
{
	EVP_CIPHER_CTX	*ctx;
	int		 r;

	if (len > INT_MAX - SEAL_TAG_LEN)
		return (-1);
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL)
		return (-1);
	r = encrypt(ctx, bits == 256 ? EVP_aes_256_gcm() : EVP_aes_128_gcm(),
	    key, iv, text, (int)len, out);
	EVP_CIPHER_CTX_free(ctx);
	if (r == -1)
		ERR_clear_error();
	return (r);
}

/*
 * From the PKCS#1 form that ends the SPKI: libcrypto's decoders for any key take
 * much longer.
 */
static EVP_PKEY_CTX *
wrapper(const struct key *k)
{
	const uint8_t	*p = k->der + KEY_SPKI_HEAD;
	EVP_PKEY	*pkey;
	EVP_PKEY_CTX	*ctx;

	if ((pkey = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p,
	    (long)(k->derlen - KEY_SPKI_HEAD))) == NULL)
		return (NULL);
	ctx = EVP_PKEY_CTX_new(pkey, NULL);
	EVP_PKEY_free(pkey);
	return (ctx);
}

ssize_t
seal_wrap(const struct key *k, const uint8_t *secret, size_t len,
    uint8_t out[SEAL_WRAPPED_MAX])
{
	EVP_PKEY_CTX	*ctx;
	size_t		 n = SEAL_WRAPPED_MAX;
	ssize_t		 r = -1;

	if ((ctx = wrapper(k)) != NULL && EVP_PKEY_encrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1 &&
	    EVP_PKEY_encrypt(ctx, out, &n, secret, len) == 1)
		r = (ssize_t)n;
	EVP_PKEY_CTX_free(ctx);
	if (r == -1)
		ERR_clear_error();
	return (r);
}
