/*
 * Signatures of users: RSASSA-PSS with SHA-256 (RFC 8017 8.1), the salt's
 * length recovered from the signature.
 */

#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <openssl/evp.h>

#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_DIGEST_LEN	32

/*
 * A context that verifies with a key, given as key.h has it, or NULL for a key
 * that the library won't take; for EVP_PKEY_CTX_free.
 */
EVP_PKEY_CTX	*signature_context(const uint8_t *der, size_t len);

/*
 * Is it a signature of the text with that digest?
 */
int	 signature_good(EVP_PKEY_CTX *, const uint8_t *sig, size_t siglen,
	    const uint8_t digest[SIGNATURE_DIGEST_LEN]);

#endif
