/*
 * The plaintext of a chat.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "plain.h"
#include "scan.h"

#define ROOT	(-1)	/* the scanner's index of the outermost object */

/* Longer than any spelling of a fingerprint, each character an escape. */
#define NAME_MAX_ESCAPED	(6 * 96 + 2)

/* A participant.  Returns 0, or -1 if it is no fingerprint. */
static int
read_name(struct scan_span value, uint8_t digest[KEY_DIGEST_LEN])
{
	char	name[NAME_MAX_ESCAPED];

	if (*value.p != '"' || value.len > sizeof(name))
		return (-1);
	return (key_fingerprint_read(name, scan_unescape(value, name), digest));
}

static size_t
count(struct scan_span rest)
{
	struct scan_span	value;
	size_t			n = 0;

	while (n <= PLAIN_PARTICIPANTS_MAX && form_next(&rest, &value))
		n++;
	return (n);
}

static int
read_participants(struct plain *p, const struct scan_member *array)
{
	struct scan_span	rest = array->value, value;
	size_t			n;

	rest.p++;	/* the bracket */
	rest.len--;
	n = count(rest);
	if (n == 0 || n > PLAIN_PARTICIPANTS_MAX)
		return (-1);
	p->participants = reallocarray(NULL, n, sizeof(*p->participants));
	if (p->participants == NULL)
		return (-1);
	for (; form_next(&rest, &value); p->nparticipants++)
		if (read_name(value, p->participants[p->nparticipants]) == -1)
			return (-1);
	return (0);
}

static int
read_text(struct plain *p, const struct scan_member *string)
{
	if ((p->text = malloc(string->value.len)) == NULL)
		return (-1);
	p->textlen = scan_unescape(string->value, p->text);
	return (0);
}

/* The members of the object with this index. */
static int
read_object(struct plain *p, const struct scan *s, int object)
{
	const struct scan_member	*participants, *text;

	participants = scan_find(s, object, "participants");
	text = scan_find(s, object, "message");
	if (participants == NULL || participants->type != SCAN_ARRAY ||
	    text == NULL || text->type != SCAN_STRING)
		return (-1);
	if (read_participants(p, participants) == -1)
		return (-1);
	return (read_text(p, text));
}

int
plain_read(struct plain *p, const char *text, size_t len)
{
	const struct scan_member	*chat;
	struct scan			 s;
	int				 object = ROOT;

	memset(p, 0, sizeof(*p));
	if (scan_object(&s, text, len, SCAN_DEPTH) == -1)
		return (-1);
	if (scan_find(&s, ROOT, "participants") == NULL &&
	    (chat = scan_find(&s, ROOT, "chat")) != NULL &&
	    chat->type == SCAN_OBJECT)
		object = (int)(chat - s.members);
	if (read_object(p, &s, object) == 0)
		return (0);
	plain_clear(p);
	return (-1);
}

void
plain_clear(struct plain *p)
{
	if (p->text != NULL)
		freezero(p->text, p->textlen);
	free(p->participants);
	memset(p, 0, sizeof(*p));
}
