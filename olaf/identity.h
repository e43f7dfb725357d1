/*
 * Who the user is: the private key, and what only it can do.
 */

#ifndef IDENTITY_H
#define IDENTITY_H

#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"

#define IDENTITY_SIG_MAX	512
/* "12345 67890 …": six groups of five digits, for two people over the phone. */
#define IDENTITY_DIGITS_LEN	35

/*
 * Makes a key in a new file (0600; PKCS#8, and, if passphrase is not NULL, PBES2
 * with PBKDF2 and AES-256) and its public half in path.pub (0644).  Returns 0,
 * or -1 after having said why on stderr; then neither was made.
 */
int	 identity_generate(const char *path, const char *passphrase);

/*
 * Reads the private key; asks for its passphrase on the terminal if it has one.
 * Refuses a file that others can read or that is not the user's.  Does once all
 * that the key is for, so that the process may confine itself afterwards.
 * Returns 0, or -1 after having said why on stderr, and what to do about it.
 */
int	 identity_load(const char *path);

/* Reads the public half alone, from path.pub, else as identity_load. */
int	 identity_load_public(const char *path);

/* Once loaded; the first is NULL before. */
const struct key *identity_key(void);
/* SHA-256 of the PEM in v1.2's form, and its base64, which goes over the wire. */
const uint8_t *identity_digest(void);
const char *identity_fingerprint(void);

/*
 * Signs a SHA-256 (RSASSA-PSS, SHA-256, salt of 32 octets).  Returns the
 * signature's length, or -1.
 */
ssize_t	 identity_sign(const uint8_t digest[KEY_DIGEST_LEN],
	    uint8_t sig[IDENTITY_SIG_MAX]);

/*
 * Unwraps (RSA-OAEP, SHA-256, MGF1-SHA-256) into out, which holds size octets.
 * Returns the length, or -1 if it is not for this key, or longer.
 */
ssize_t	 identity_unwrap(const uint8_t *wrapped, size_t len, uint8_t *out,
	    size_t size);

/* The digits by which people compare a fingerprint's digest; text holds them + 1. */
void	 identity_digits(const uint8_t digest[KEY_DIGEST_LEN], char *text);

#endif
