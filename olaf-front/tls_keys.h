/*
 * TLS whose private keys are elsewhere: the library's key operations are sent
 * to the signer.
 */

#ifndef TLS_KEYS_H
#define TLS_KEYS_H

#include <stddef.h>
#include <stdint.h>

struct tls;
struct tls_server;	/* a set of certificates */
struct chan;

/* Puts the key methods in place; once, before any TLS.  Exits on error. */
void		 tls_keys_init(void);
void		 tls_keys_signer(struct chan *);

/*
 * A new set of certificates: begin, add each (PEM chain), end, take into use.
 */
void		 tls_keys_begin(void);
void		 tls_keys_add(const void *pem, size_t len);
/*
 * Returns 0 with the SHA-256 of each certificate's public key, in order
 * (hashes holds max of them), or -1 with what is wrong.
 */
int		 tls_keys_end(uint8_t (*hashes)[32], size_t max, size_t *n,
		    const char **why);
void		 tls_keys_swap(void);

/*
 * The server's side for an accepted socket, which stays the caller's; NULL on
 * failure.  The library looks into the set of certificates during the
 * handshake, so that must live until tls_keys_release.
 */
struct tls	*tls_keys_accept(int fd, struct tls_server **);
void		 tls_keys_release(struct tls_server *);

#endif
