/*
 * Our own server_hello.
 */

#include "compat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "base64.h"
#include "server_hello.h"

#define SIG_MAX		512	/* RSA 4096 */

_Static_assert(SERVER_HELLO_MAX > ADDRESS_LEN_MAX + BASE64_LEN(SIG_MAX) + 160,
    "a text holds what it is made of");

/* An address has no character that JSON would escape. */
static size_t
server_hello_data(char *buf, const char *address)
{
	struct address	a;
	int		n;

	if (address_read(&a, address, strlen(address)) == -1)
		return (0);
	n = snprintf(buf, SERVER_HELLO_MAX,
	    "{\"type\": \"server_hello\", \"sender\": \"%s\"}", address);
	return (n < 0 || n >= SERVER_HELLO_MAX ? 0 : (size_t)n);
}

size_t
server_hello_signed(char *buf, const char *address, uint64_t counter)
{
	size_t	len;
	int	n;

	if ((len = server_hello_data(buf, address)) == 0)
		return (0);
	n = snprintf(buf + len, SERVER_HELLO_MAX - len, "%" PRIu64, counter);
	return (n < 0 || (size_t)n >= SERVER_HELLO_MAX - len ? 0 :
	    len + (size_t)n);
}

size_t
server_hello_text(char *buf, const char *address, uint64_t counter,
    const uint8_t *sig, size_t siglen)
{
	char	data[SERVER_HELLO_MAX], base64[BASE64_LEN(SIG_MAX) + 1];
	int	n;

	if (siglen > SIG_MAX || server_hello_data(data, address) == 0)
		return (0);
	base64_encode(sig, siglen, base64);
	n = snprintf(buf, SERVER_HELLO_MAX, "{\"type\": \"signed_data\", "
	    "\"data\": %s, \"counter\": %" PRIu64 ", \"signature\": \"%s\"}",
	    data, counter, base64);
	return (n < 0 || n >= SERVER_HELLO_MAX ? 0 : (size_t)n);
}
