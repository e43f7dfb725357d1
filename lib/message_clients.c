/*
 * The keys of a client_update: there may be many, so they are looked at one by
 * one.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "message.h"

/* Unescapes a string.  Returns 1, or -1 if it does not fit. */
static int
unescape_into(struct scan_span value, char *buf, size_t size, size_t *len)
{
	char	*copy;

	if (value.len <= size) {
		*len = scan_unescape(value, buf);
		return (1);
	}
	if ((copy = malloc(value.len)) == NULL)
		return (-1);
	*len = scan_unescape(value, copy);
	if (*len <= size)
		memcpy(buf, copy, *len);
	free(copy);
	return (*len <= size ? 1 : -1);
}

size_t
message_count_clients(const struct message *m)
{
	struct scan_span	 rest = m->clients, value;
	size_t			 n = 0;

	while (form_next(&rest, &value))
		n++;
	return (n);
}

int
message_next_client(struct scan_span *rest, char *buf, size_t size, size_t *len)
{
	struct scan_span	 value;

	if (!form_next(rest, &value))
		return (0);
	if (*value.p != '"')
		return (-1);
	/* unescaped it is no longer, and the quotes go */
	if (value.len > 6 * size + 2)
		return (-1);
	if (memchr(value.p, '\\', value.len) == NULL) {
		*len = value.len - 2;
		if (*len > size)
			return (-1);
		memcpy(buf, value.p + 1, *len);
		return (1);
	}
	return (unescape_into(value, buf, size, len));
}
