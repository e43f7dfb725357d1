/*
 * Base64: what is read is written the same again, and the other way round.
 */

/* link: lib/base64.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void *
allocate(size_t size)
{
	void	*p;

	if ((p = malloc(size)) == NULL)
		abort();
	return (p);
}

/* A value has one spelling only. */
static void
decode_encode(const uint8_t *text, size_t len)
{
	uint8_t	*octets = allocate(BASE64_OCTETS(len) + 1);
	char	*again;
	ssize_t	 n;

	n = base64_decode((const char *)text, len, octets, BASE64_OCTETS(len));
	if (n != -1) {
		if (n > 0 && base64_decode((const char *)text, len, octets,
		    n - 1) != -1)
			abort();
		again = allocate(BASE64_LEN(n) + 1);
		base64_encode(octets, n, again);
		if (strlen(again) != len || memcmp(again, text, len) != 0)
			abort();
		free(again);
	}
	free(octets);
}

static void
encode_decode(const uint8_t *octets, size_t len)
{
	char	*text = allocate(BASE64_LEN(len) + 1);
	uint8_t	*again = allocate(len + 1);

	base64_encode(octets, len, text);
	if (strlen(text) != BASE64_LEN(len))
		abort();
	if (base64_decode(text, strlen(text), again, len) != (ssize_t)len ||
	    memcmp(again, octets, len) != 0)
		abort();
	free(text);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	decode_encode(data, size);
	encode_decode(data, size);
	return (0);
}
