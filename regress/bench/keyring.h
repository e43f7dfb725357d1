/*
 * Users' keys by the thousand, and signatures at a fraction of their usual
 * cost.
 */

#ifndef KEYRING_H
#define KEYRING_H

#include <stddef.h>

#define KEYRING_SIGNATURE_LEN	344	/* base64 of 256 octets */

struct keyring_key;

/*
 * Makes the key with that number; two numbers below 65536 give two keys, and
 * one number gives the same key each time, as long as the process lives.
 */
struct keyring_key *keyring_key(unsigned int number);
void		 keyring_free(struct keyring_key *);

/* The public key in v1.2's PEM form, and its fingerprint. */
const char	*keyring_pem(const struct keyring_key *);
const char	*keyring_fingerprint(const struct keyring_key *);

/*
 * RSASSA-PSS with SHA-256 and a salt of 32 octets, over data; out holds
 * KEYRING_SIGNATURE_LEN + 1.
 */
void		 keyring_sign(const struct keyring_key *, const void *data,
		    size_t len, char *out);

#endif
