/*
 * Messages: whatever is read lies in memory that can be read, and the forms
 * of a D are JSON again.
 */

/* link: lib/message.o lib/message_clients.o lib/message_digest.o lib/message_octets.o */
/* link: lib/forms.o lib/scan.o lib/scan_names.o lib/scan_whole.o lib/utf8.o lib/base64.o */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "message.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static volatile unsigned int	 sum;

/* Has a sanitizer look at each octet. */
static void
touch(struct scan_span s)
{
	size_t	 i;

	for (i = 0; i < s.len; i++)
		sum += s.p[i];
}

static void
must_scan(const char *text, size_t len)
{
	struct scan	 s;

	if (scan_object(&s, text, len, SCAN_DEPTH) == -1)
		abort();
}

/* Spacing can be undone, and sorted text stays as it is. */
static void
check_forms(struct scan_span data)
{
	struct scan_span	 spaced;
	char			*compact, *again, *text;
	size_t			 len;

	if ((compact = reallocarray(NULL, data.len, 4)) == NULL)
		abort();
	again = compact + data.len;
	text = again + data.len;
	len = form_compact(data, compact);
	must_scan(compact, len);
	spaced.p = text;
	spaced.len = form_spaced((struct scan_span){ compact, len }, text);
	must_scan(spaced.p, spaced.len);
	if (form_compact(spaced, again) != len || memcmp(compact, again, len) != 0)
		abort();
	if (form_sort(compact, len) == -1)
		abort();
	must_scan(compact, len);
	memcpy(again, compact, len);
	if (form_sort(again, len) == -1 || memcmp(compact, again, len) != 0)
		abort();
	free(compact);
}

/* As many elements come one by one as are counted. */
static void
check_clients(const struct message *m)
{
	struct scan_span	 rest = m->clients;
	char			 pem[64];
	size_t			 n = 0, len;
	int			 r;

	while ((r = message_next_client(&rest, pem, sizeof(pem), &len)) != 0) {
		n++;
		if (r == 1 && len > sizeof(pem))
			abort();
		if (r == 1)
			touch((struct scan_span){ pem, len });
	}
	if (n != message_count_clients(m))
		abort();
}

/* What was taken decodes, to as much as the protocol says. */
static void
check_chat(const struct message *m)
{
	struct scan_span	 rest = m->symm_keys;
	uint8_t			 key[512];
	size_t			 n = 0, len;

	if (message_octets(m->iv, key, sizeof(key), &len) != REFUSE_NONE ||
	    (len != 12 && len != 16))
		abort();
	if (message_octets(m->text, key, 0, &len) != REFUSE_NONE)
		abort();
	for (; message_next_octets(&rest, key, sizeof(key), &len) == 1; n++) {
		if (len < 256)
			abort();
		touch((struct scan_span){ (const char *)key, len });
	}
	if (n < m->ndests || *rest.p != ']')
		abort();
}

static void
check_text(const struct message *m)
{
	struct scan_span	 text;
	void			*memory = NULL;

	if (m->text.len == 0)
		return;
	if (message_unescape(m->text, &text, &memory) != REFUSE_NONE)
		abort();
	touch(text);
	free(memory);
}

static void
check_message(const struct message *m)
{
	uint8_t	 digest[MESSAGE_DIGEST_LEN];
	uint8_t	 others[MESSAGE_OTHER_FORMS][MESSAGE_DIGEST_LEN];
	size_t	 i;

	touch(m->public_key);
	touch(m->sender);
	for (i = 0; i < m->ndests; i++)
		touch(m->dests[i]);
	if (m->siglen > MESSAGE_SIG_MAX + 1 || m->ndests > MESSAGE_DESTS_MAX)
		abort();
	if (m->type == MESSAGE_CLIENT_UPDATE)
		check_clients(m);
	if (m->type == MESSAGE_CHAT)
		check_chat(m);
	check_text(m);
	if (m->data.len == 0)
		return;
	message_identity(m, digest);
	message_digest(m, digest);
	if (message_other_digests(m, others) > MESSAGE_OTHER_FORMS)
		abort();
	if (!m->has_counter)
		abort();
	if (!m->data_is_string)
		check_forms(m->data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message	 m;
	enum refusal	 r;

	r = message_read(&m, (const char *)data, size);
	if (r == REFUSE_NONE)
		check_message(&m);
	else if (*refusal_text(r) == '\0')
		abort();
	message_clear(&m);
	return (0);
}
