/*
 * Texts that grow.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "text.h"

#define TEXT_MIN	4096

void
text_add(struct text *t, const char *p, size_t n)
{
	char	*new;
	size_t	 size = t->size == 0 ? TEXT_MIN : t->size;

	while (size < t->len + n)
		size *= 2;
	if (size != t->size) {
		if ((new = realloc(t->p, size)) == NULL)
			fatal("text");
		t->p = new;
		t->size = size;
	}
	memcpy(t->p + t->len, p, n);
	t->len += n;
}

void
text_add_string(struct text *t, const char *p, size_t n)
{
	size_t	i, from = 0;

	TEXT_ADD(t, "\"");
	for (i = 0; i < n; i++)
		if (p[i] == '\n' || p[i] == '\r' || p[i] == '"' ||
		    p[i] == '\\') {
			text_add(t, p + from, i - from);
			TEXT_ADD(t, "\\");
			text_add(t, p[i] == '\n' ? "n" : p[i] == '\r' ? "r" :
			    &p[i], 1);
			from = i + 1;
		}
	text_add(t, p + from, n - from);
	TEXT_ADD(t, "\"");
}
