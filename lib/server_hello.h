/*
 * Our own server_hello, as relay sends it and as the signer signs it: so that
 * nothing else can be had signed with the server's key.
 */

#ifndef SERVER_HELLO_H
#define SERVER_HELLO_H

#include <stddef.h>
#include <stdint.h>

#define SERVER_HELLO_MAX	1408	/* octets of either text, with NUL */

/*
 * What is signed: the data, spaced as most peers do that serialise again, and
 * the counter's digits.  buf holds SERVER_HELLO_MAX; returns the length, or 0
 * for an address that is none.
 */
size_t	 server_hello_signed(char *buf, const char *address, uint64_t counter);

/*
 * The whole message; sig is at most 512 octets.  buf holds SERVER_HELLO_MAX;
 * returns the length, or 0 as above.
 */
size_t	 server_hello_text(char *buf, const char *address, uint64_t counter,
	    const uint8_t *sig, size_t siglen);

#endif
