/*
 * Content-Disposition and URLs of any octets: a name is clean, or there is none.
 */

/* link: olaf-transfer/disposition.o lib/filename.o lib/param.o lib/utf8.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "olaf-transfer/disposition.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
judge(int r, const char *name)
{
	if (r == 0 ? !filename_is_clean(name, strlen(name)) :
	    strcmp(name, "untouched") != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	 name[FILENAME_SIZE], *url;

	strlcpy(name, "untouched", sizeof(name));
	judge(disposition_read((const char *)data, size, name), name);
	if ((url = malloc(size + 1)) == NULL)
		return (0);
	memcpy(url, data, size);
	url[size] = '\0';
	strlcpy(name, "untouched", sizeof(name));
	judge(disposition_of_url(url, name), name);
	free(url);
	return (0);
}
