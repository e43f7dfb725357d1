/*
 * Signatures of users.
 */

#include "compat.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "key.h"
#include "signature.h"

/* Reading the RSAPublicKey alone is four times as fast as the SPKI around it. */
EVP_PKEY_CTX *
signature_context(const uint8_t *der, size_t len)
{
	const unsigned char	*p = der + KEY_SPKI_HEAD;
	EVP_PKEY		*pkey;
	EVP_PKEY_CTX		*ctx;

	if (len <= KEY_SPKI_HEAD || (pkey = d2i_PublicKey(EVP_PKEY_RSA, NULL,
	    &p, (long)(len - KEY_SPKI_HEAD))) == NULL)
		return (NULL);
	ctx = EVP_PKEY_CTX_new(pkey, NULL);
	EVP_PKEY_free(pkey);
	if (ctx == NULL)
		return (NULL);
	if (EVP_PKEY_verify_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1 ||
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) != 1 ||
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, -2) != 1) {
		EVP_PKEY_CTX_free(ctx);
		return (NULL);
	}
	return (ctx);
}

int
signature_good(EVP_PKEY_CTX *ctx, const uint8_t *sig, size_t siglen,
    const uint8_t digest[SIGNATURE_DIGEST_LEN])
{
	if (EVP_PKEY_verify(ctx, sig, siglen, digest, SIGNATURE_DIGEST_LEN) == 1)
		return (1);
	ERR_clear_error();
	return (0);
}
