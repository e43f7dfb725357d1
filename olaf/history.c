/*
 * What was typed before.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "history.h"

static void
forget_draft(struct history *h)
{
	free(h->draft);
	h->draft = NULL;
	h->at = h->n;
}

void
history_add(struct history *h, const char *text)
{
	char	*copy;

	forget_draft(h);
	if (h->n > 0 && strcmp(h->entries[h->n - 1], text) == 0)
		return;
	if ((copy = strdup(text)) == NULL)
		return;
	if (h->n == HISTORY_MAX) {
		free(h->entries[0]);
		memmove(h->entries, h->entries + 1,
		    (HISTORY_MAX - 1) * sizeof(h->entries[0]));
		h->n--;
	}
	h->entries[h->n++] = copy;
	h->at = h->n;
}

const char *
history_back(struct history *h, const char *text)
{
	if (h->at == 0)
		return (NULL);
	if (h->at == h->n) {
		free(h->draft);
		if ((h->draft = strdup(text)) == NULL)
			return (NULL);
	}
	return (h->entries[--h->at]);
}

const char *
history_forth(struct history *h)
{
	if (h->at == h->n)
		return (NULL);
	return (++h->at == h->n ? h->draft : h->entries[h->at]);
}

void
history_clear(struct history *h)
{
	size_t	 i;

	for (i = 0; i < h->n; i++)
		free(h->entries[i]);
	h->n = 0;
	forget_draft(h);
}
