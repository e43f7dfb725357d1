/*
 * The ciphertext of a chat: AES-GCM without associated data, the tag behind it.
 */

#ifndef UNSEAL_H
#define UNSEAL_H

#include <stddef.h>
#include <stdint.h>

#define UNSEAL_TAG	16	/* octets at the end */

/*
 * Decrypts with what the private key made of a wrapped key: a key of 16, 24 or
 * 32 octets, or the base64 text of one; where it may be either, both are tried.
 * plain holds len octets.  Returns 0 with the length of the plaintext, or -1
 * if it is no such key or the tag does not verify; plain is wiped then.
 */
int	 unseal(const uint8_t *symm, size_t symmlen, const uint8_t *iv,
	    size_t ivlen, const uint8_t *sealed, size_t len, uint8_t *plain,
	    size_t *plainlen);

#endif
