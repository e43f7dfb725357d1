/*
 * What is read as an address reads as the same address when it is written out.
 */

/* link: lib/address.o */

#include "compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
write_out(const struct address *a, char *text, size_t size)
{
	int	 ipv6 = strchr(a->host, ':') != NULL, len;

	len = snprintf(text, size, "%s%s%s", ipv6 ? "[" : "", a->host,
	    ipv6 ? "]" : "");
	if (a->port != 0)
		len += snprintf(text + len, size - len, ":%u", a->port);
	return (len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct address	 a, b;
	char		 text[ADDRESS_LEN_MAX + 1];
	int		 len;

	if (address_read(&a, (const char *)data, size) == -1)
		return (0);
	len = write_out(&a, text, sizeof(text));
	if (address_read(&b, text, len) == -1 || strcmp(a.host, b.host) != 0 ||
	    a.port != b.port || !address_match(&a, &b))
		abort();
	return (0);
}
