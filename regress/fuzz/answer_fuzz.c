/*
 * Answers to the opening of a WebSocket: none is taken that lacks what it must
 * have, and no prefix is judged other than the whole.
 */

/* link: lib/answer.o lib/websocket.o lib/base64.o lib/utf8.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

#define PREFIXES_MAX	2048	/* of longer texts not every prefix is tried */

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char	key[] = "dGhlIHNhbXBsZSBub25jZQ==";
static const char	accept[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

static void
judge(const char *text, size_t size, int n, const char *why)
{
	if (n == -1 && (why[0] == '\0' || strlen(why) >= ANSWER_WHY_MAX))
		abort();
	if (n == 0 && size >= ANSWER_HEAD_MAX)
		abort();
	if (n <= 0)
		return;
	if ((size_t)n > size || n > ANSWER_HEAD_MAX ||
	    memcmp(text, "HTTP/1.1 101", 12) != 0 ||
	    memcmp(text + n - 4, "\r\n\r\n", 4) != 0 ||
	    memmem(text, (size_t)n, accept, strlen(accept)) == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char	*text = (const char *)data;
	char		 why[ANSWER_WHY_MAX];
	size_t		 len;
	int		 n, whole, status;

	why[0] = '\0';
	whole = answer_read(text, size, key, &status, why);
	judge(text, size, whole, why);
	for (len = 0; len < size && len <= PREFIXES_MAX; len++) {
		n = answer_read(text, len, key, &status, why);
		if (n != 0 && n != whole)
			abort();
	}
	return (0);
}
