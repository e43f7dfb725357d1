/*
 * The blocks that a TLS handshake has signed with RSA: are they well formed?
 * Pure.
 */

#ifndef PSS_H
#define PSS_H

#include <stddef.h>
#include <stdint.h>

/*
 * An EMSA-PSS encoded message (RFC 8017 9.1.1) for a key of bits bits,
 * SHA-256, SHA-384 or SHA-512, the salt as long as the hash (RFC 8446 4.2.3)?
 */
int	 pss_block(const uint8_t *em, size_t len, unsigned int bits);

/* A DigestInfo (RFC 8017 9.2) of SHA-256, SHA-384 or SHA-512? */
int	 pss_digest_info(const uint8_t *der, size_t len);

#endif
