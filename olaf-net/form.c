/*
 * Forms of messages.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "forms.h"

static int
is_same(struct scan_span data, const char *text, size_t len)
{
	return (data.len == len && memcmp(data.p, text, len) == 0);
}

enum msg_form
form_received(const struct message *m)
{
	struct scan_span	 compact;
	enum msg_form		 form = MSG_FORM_OTHER;
	char			*memory, *spaced;

	if (m->data_is_string)
		return (MSG_FORM_STRING);
	if ((memory = reallocarray(NULL, m->data.len, 3)) == NULL)
		return (form);
	compact.p = memory;
	compact.len = form_compact(m->data, memory);
	spaced = memory + compact.len;
	if (is_same(m->data, compact.p, compact.len))
		form = MSG_FORM_COMPACT;
	else if (is_same(m->data, spaced, form_spaced(compact, spaced)))
		form = MSG_FORM_SPACED;
	free(memory);
	return (form);
}

/* (b), (c) and (d), less the one that is the text as received. */
enum msg_form
form_other(enum msg_form received, size_t place)
{
	static const enum msg_form	order[] = { MSG_FORM_COMPACT,
					    MSG_FORM_SPACED, MSG_FORM_OTHER };
	size_t				i;

	for (i = 0; i < nitems(order) - 1; i++)
		if (order[i] != received && place-- == 0)
			return (order[i]);
	return (MSG_FORM_OTHER);
}
