/*
 * resolv.conf(5) and hosts(5): whatever stands there, what is read of it is in
 * its bounds.
 */

/* link: olaf-front/resolvconf.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "resolvconf.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_word(const char *word)
{
	size_t	len = strnlen(word, RESOLVCONF_WORD);

	if (len == 0 || len == RESOLVCONF_WORD || strpbrk(word, " \t\n") != NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char			 address[RESOLVCONF_ADDRESSES][RESOLVCONF_WORD];
	struct resolvconf	 r;
	const char		*text = (const char *)data;
	size_t			 n, i;

	resolvconf_read(&r, text, size);
	if (r.nservers == 0 || r.nservers > RESOLVCONF_SERVERS ||
	    r.nsearch > RESOLVCONF_SEARCH || r.ndots < 0 || r.ndots > 15 ||
	    r.timeout < 1 || r.timeout > 30 || r.attempts < 1 ||
	    r.attempts > 5)
		abort();
	for (i = 0; i < r.nservers; i++)
		check_word(r.server[i]);
	for (i = 0; i < r.nsearch; i++)
		check_word(r.search[i]);
	n = resolvconf_hosts(text, size, "chat", address);
	if (n > RESOLVCONF_ADDRESSES)
		abort();
	for (i = 0; i < n; i++)
		check_word(address[i]);
	return (0);
}
