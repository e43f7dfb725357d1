/*
 * Plaintexts of chats: what is taken has a sender and a text that is UTF-8, and
 * is the same when it is wrapped once more.
 */

/* link: olaf-net/plain.o lib/forms.o lib/scan.o lib/scan_names.o lib/utf8.o */
/* link: lib/key.o lib/base64.o */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "plain.h"
#include "scan.h"
#include "utf8.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_plain(const struct plain *p)
{
	uint8_t	state = 0;

	if (p->nparticipants == 0 || p->nparticipants > PLAIN_PARTICIPANTS_MAX)
		abort();
	if (utf8_check(&state, p->text, p->textlen) == -1 || state != 0)
		abort();
}

static int
has_root_participants(const char *text, size_t len)
{
	struct scan	s;

	return (scan_object(&s, text, len, SCAN_DEPTH - 1) == 0 &&
	    scan_find(&s, -1, "participants") != NULL);
}

/* It was not wrapped, so it may be. */
static void
check_wrapped(const struct plain *p, const char *text, size_t len)
{
	struct plain	 again;
	char		*wrapped;

	if (!has_root_participants(text, len))
		return;
	if ((wrapped = malloc(len + 9)) == NULL)
		abort();
	memcpy(wrapped, "{\"chat\":", 8);
	memcpy(wrapped + 8, text, len);
	wrapped[len + 8] = '}';
	if (plain_read(&again, wrapped, len + 9) == -1 ||
	    again.nparticipants != p->nparticipants ||
	    again.textlen != p->textlen ||
	    memcmp(again.text, p->text, p->textlen) != 0)
		abort();
	plain_clear(&again);
	free(wrapped);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plain	p;

	if (plain_read(&p, (const char *)data, size) == -1) {
		if (p.text != NULL || p.participants != NULL)
			abort();
		return (0);
	}
	check_plain(&p);
	check_wrapped(&p, (const char *)data, size);
	plain_clear(&p);
	return (0);
}
