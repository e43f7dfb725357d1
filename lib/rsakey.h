/*
 * Private RSA keys and the files that hold them, through libcrypto.  Whoever
 * uses this is no sandboxed parser: the files are the user's own.
 */

#ifndef RSAKEY_H
#define RSAKEY_H

#include <openssl/evp.h>

#include "key.h"

#define RSAKEY_FILE_MAX	(64 * 1024)	/* octets: no key's file is that long */

/* A new key of KEY_BITS_MIN bits; NULL if libcrypto cannot. */
EVP_PKEY	*rsakey_generate(void);

/*
 * The public half.  Returns 0, or -1 if it is none that key_read_der takes.
 */
int		 rsakey_public(EVP_PKEY *, struct key *);

/*
 * Reads the rest of a file that may hold a secret, for freezero(3) with
 * RSAKEY_FILE_MAX.  NULL after having said why on stderr, with the path.
 */
char		*rsakey_read_file(int fd, const char *path, size_t *len);

/*
 * Reads a private key from PEM: PKCS#8 or traditional, encrypted or not.  NULL
 * if it is no such text, or the passphrase (NULL: none) does not fit;
 * *encrypted tells whether one is wanted.
 */
EVP_PKEY	*rsakey_read(const char *text, size_t len, const char *passphrase,
		    int *encrypted);

/*
 * Writes both halves into new files: path (0600; PKCS#8, with a passphrase,
 * unless that is NULL, PBES2 with PBKDF2 and AES-256) and path.pub (0644,
 * SPKI).  Returns 0 once they are on the disk, or -1 after having said why on
 * stderr; then neither was made.
 */
int		 rsakey_write(EVP_PKEY *, const char *path, const char *passphrase);

#endif
