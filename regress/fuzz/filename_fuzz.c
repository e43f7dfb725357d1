/*
 * Names of uploaded files: whatever comes, what is kept is UTF-8, no path and
 * clean, and its Content-Disposition is printable and says the same.
 */

/* link: lib/filename.o lib/utf8.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "filename.h"
#include "octet.h"
#include "utf8.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
judge_name(const char *name)
{
	uint8_t	 utf8 = 0;
	size_t	 i, n = strlen(name);

	if (n == 0 || n >= FILENAME_SIZE || !filename_is_clean(name, n))
		abort();
	if (utf8_check(&utf8, name, n) == -1 || utf8 != 0)
		abort();
	for (i = 0; i < n; i++)
		if ((uint8_t)name[i] < ' ' || name[i] == 0x7f ||
		    name[i] == '/' || name[i] == '\\')
			abort();
	if (name[0] == ' ' || name[n - 1] == ' ' || name[n - 1] == '.')
		abort();
}

/* Is the text, with its percent signs read, the name? */
static void
judge_extended(const char *text, const char *name)
{
	uint8_t	 c;

	for (; *name != '\0'; name++) {
		c = *text++;
		if (c == '%') {
			if (octet_hex(text[0]) == -1 || octet_hex(text[1]) == -1)
				abort();
			c = octet_hex(text[0]) << 4 | octet_hex(text[1]);
			text += 2;
		}
		if (c != (uint8_t)*name)
			abort();
	}
	if (*text != '\0')
		abort();
}

static void
judge_disposition(const char *name)
{
	char		 buf[FILENAME_DISPOSITION_MAX];
	const char	*quote;
	size_t		 i, n;

	n = filename_disposition(buf, sizeof(buf), name);
	if (n == 0 || n != strlen(buf) ||
	    strncmp(buf, "attachment; filename=\"", 22) != 0)
		abort();
	for (i = 0; i < n; i++)
		if (buf[i] < ' ' || buf[i] > '~' || buf[i] == '\\')
			abort();
	if ((quote = strchr(buf + 22, '"')) == NULL)
		abort();
	if (quote[1] != '\0') {
		if (strncmp(quote + 1, "; filename*=UTF-8''", 19) != 0)
			abort();
		judge_extended(quote + 20, name);
	} else if (strncmp(buf + 22, name, strlen(name)) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char	*text = (const char *)data;
	char		 name[FILENAME_SIZE];

	filename_clean(name, text, size);
	judge_name(name);
	judge_disposition(name);
	if (filename_is_clean(text, size) !=
	    (strlen(name) == size && memcmp(name, text, size) == 0))
		abort();
	return (0);
}
