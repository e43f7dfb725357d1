/*
 * How a chat is encrypted: AES-GCM, its key wrapped for each recipient.
 */

#ifndef SEAL_H
#define SEAL_H

#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"

#define SEAL_IV_LEN	16
#define SEAL_TAG_LEN	16
#define SEAL_KEY_MAX	32
#define SEAL_WRAPPED_MAX 512

/*
 * Encrypts len octets with a key of 128 or 256 bits; out holds len +
 * SEAL_TAG_LEN, the tag at the end.  Returns 0, or -1 if libcrypto cannot.
 */
int	 seal_encrypt(const uint8_t *key, unsigned int bits,
	    const uint8_t iv[SEAL_IV_LEN], const void *text, size_t len,
	    uint8_t *out);

/*
 * Wraps (RSA-OAEP, SHA-256, MGF1-SHA-256, no label).  Returns the length, or -1
 * if libcrypto cannot.
 */
ssize_t	 seal_wrap(const struct key *, const uint8_t *secret, size_t len,
	    uint8_t out[SEAL_WRAPPED_MAX]);

#endif
