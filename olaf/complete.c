/*
 * Completion of words.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "complete.h"

void
complete_init(struct complete *c, const char *begun, size_t len)
{
	memset(c, 0, sizeof(*c));
	c->begun = begun;
	c->begun_len = len;
}

void
complete_free(struct complete *c)
{
	while (c->n > 0)
		free(c->words[--c->n]);
}

void
complete_add(struct complete *c, const char *word)
{
	size_t	 i;

	if (strncasecmp(word, c->begun, c->begun_len) != 0 ||
	    strlen(word) < c->begun_len || c->n == COMPLETE_MAX)
		return;
	for (i = 0; i < c->n; i++)
		if (strcmp(c->words[i], word) == 0)
			return;
	if ((c->words[c->n] = strdup(word)) != NULL)
		c->n++;
}

/* Of two words, without case, in ASCII. */
static size_t
common(const char *a, const char *b)
{
	size_t	 n = 0;

	while (a[n] != '\0' && strncasecmp(a + n, b + n, 1) == 0)
		n++;
	while (n > 0 && ((unsigned char)a[n] & 0xc0) == 0x80)
		n--;
	return (n);
}

size_t
complete_common(const struct complete *c)
{
	size_t	 i, n, least;

	if (c->n == 0)
		return (0);
	least = strlen(c->words[0]);
	for (i = 1; i < c->n; i++)
		if ((n = common(c->words[0], c->words[i])) < least)
			least = n;
	return (least);
}

static int
compare(const void *a, const void *b)
{
	char *const	*x = a, *const *y = b;

	return (strcasecmp(*x, *y));
}

void
complete_list(struct complete *c, char *text, size_t size)
{
	size_t	 i, len = 0, n;

	text[0] = '\0';
	qsort(c->words, c->n, sizeof(c->words[0]), compare);
	for (i = 0; i < c->n; i++) {
		n = strlen(c->words[i]);
		if (len + n + 5 >= size) {	/* "..." must fit too */
			strlcat(text, "...", size);
			return;
		}
		strlcat(text, c->words[i], size);
		strlcat(text, " ", size);
		len += n + 1;
	}
}
