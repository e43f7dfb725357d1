/*
 * Users' public keys: RSA in PEM, as SPKI or PKCS#1, and the fingerprints by
 * which peers name them.
 */

#ifndef KEY_H
#define KEY_H

#include <stddef.h>
#include <stdint.h>

#define KEY_BITS_MIN	2048
#define KEY_BITS_MAX	4096
#define KEY_PEM_MAX	2560	/* longer texts are refused unread: this is a line for
				 * each character of the longest key */
#define KEY_DER_MAX	560	/* SPKI of a 4096 bit key with a 33 bit exponent */
#define KEY_SPKI_HEAD	24	/* octets of an SPKI before its RSAPublicKey */
#define KEY_DIGEST_LEN	32	/* SHA-256 */
#define KEY_FORMS	6	/* texts over which peers take a fingerprint */
#define KEY_FP_LEN	44	/* base64 of SHA-256 */
#define KEY_TEXT_MAX	1024	/* v1.2's PEM form of the longest key, with NUL */

struct key {
	uint8_t		 id[KEY_DIGEST_LEN];	/* SHA-256 of der: who this is */
	uint8_t		 der[KEY_DER_MAX];	/* SPKI, as we encode it */
	size_t		 derlen;
	unsigned int	 bits;
};

/*
 * Reads a key from PEM: SPKI or PKCS#1, lines of any length, with or without
 * the last newline.  Returns 0, or -1 if it is no such text or no RSA key of
 * 2048 to 4096 bits with an odd exponent from 65537 up to 2^32.
 */
int	 key_read(struct key *k, const char *pem, size_t len);

/* The same from the DER of an SPKI. */
int	 key_read_der(struct key *k, const uint8_t *der, size_t len);

/*
 * The form of a key's PEM that we send (SPKI, base64 on one line, no newline at
 * the end); text holds KEY_TEXT_MAX.  Returns its length without the NUL.
 */
size_t	 key_text(const struct key *k, char *text);

/*
 * All digests that may name the key whose PEM was sent as pem: over that
 * text, over it without its trailing newline, over v1.2's form, over the
 * 64-column form with and without trailing newline, over the DER. Equal ones
 * are given once, the one that we send first.  Returns how many there are, at
 * most KEY_FORMS.
 */
size_t	 key_digests(const struct key *k, const char *pem, size_t len,
	    uint8_t digests[KEY_FORMS][KEY_DIGEST_LEN]);

/* SHA-256 of a text, as one of these. */
void	 key_text_digest(const char *text, size_t len,
	    uint8_t digest[KEY_DIGEST_LEN]);

/*
 * Reads a fingerprint off the wire: base64 or lower-case hex of a SHA-256, or
 * base64 of such a hex text.  Returns 0 with the digest, or -1.
 */
int	 key_fingerprint_read(const char *text, size_t len,
	    uint8_t digest[KEY_DIGEST_LEN]);

/* Writes a digest as we send it: KEY_FP_LEN characters of base64 and a NUL. */
void	 key_fingerprint(const uint8_t digest[KEY_DIGEST_LEN], char *text);

#endif
