/*
 * Messages as we send them: JSON text, encryption, signature.
 */

#ifndef COMPOSE_H
#define COMPOSE_H

#include <stddef.h>
#include <stdint.h>

#include "key.h"
#include "msg_client.h"

#define COMPOSE_MAX	(1024 * 1024)	/* octets of any message: servers' default limit */

/* To whom a chat goes: a key, and the address of the server where it is. */
struct compose_to {
	const struct key	*key;
	const char		*server;
};

/*
 * Each returns the text, to be freed by the caller, with its length; or NULL
 * with errno: EMSGSIZE (longer than COMPOSE_MAX), EILSEQ (text is not UTF-8, or
 * holds a NUL), EIO (libcrypto), ENOMEM.  form: SPACED, COMPACT or STRING.  aes:
 * bits.  What they sign with is the identity.
 */
char	*compose_hello(uint64_t counter, enum msg_form form, size_t *len);
char	*compose_public(const char *text, size_t textlen, uint64_t counter,
	    enum msg_form form, size_t *len);
char	*compose_chat(const struct compose_to *to, size_t nto, const char *text,
	    size_t textlen, uint64_t counter, enum msg_form form,
	    unsigned int aes, size_t *len);

#endif
