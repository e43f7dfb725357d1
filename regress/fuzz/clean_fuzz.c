/*
 * Foreign text on its way to a terminal: whatever it is, what comes out is
 * UTF-8 without a character that a terminal might obey.
 */

/* link: olaf/clean.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "olaf/clean.h"
#include "utf8.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(const char *text, size_t len)
{
	int32_t	 c;
	size_t	 n;
	uint8_t	 state = 0;

	if (utf8_check(&state, text, len) == -1 || state != 0)
		abort();
	for (; (n = clean_next(text, len, &c)) > 0; text += n, len -= n)
		if (c == -1 || clean_is_bad(c))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t	 size, n;
	char	*out;

	/* the first octet cuts the room */
	size = CLEAN_LINE_MAX(len);
	if (len > 0 && data[0] < 128)
		size = size * data[0] / 128 + 1;
	if ((out = malloc(size)) == NULL)
		abort();
	n = clean_line((const char *)data, len, out, size);
	if (n >= size || out[n] != '\0' || strlen(out) != n)
		abort();
	check(out, n);
	free(out);
	return (0);
}
