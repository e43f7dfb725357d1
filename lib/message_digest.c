/*
 * The digests of what a message signs: of its text as received, and of the
 * other forms that peers in use sign instead.
 */

#define OPENSSL_SUPPRESS_DEPRECATED	/* SHA256_Init: never fails, never fetches */

#include "compat.h"

#include <openssl/sha.h>

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "message.h"

/* SHA-256 of a text and the counter's digits behind it. */
static void
digest_text(const struct message *m, const char *text, size_t len,
    uint8_t digest[MESSAGE_DIGEST_LEN])
{
	SHA256_CTX	 ctx;

	SHA256_Init(&ctx);
	SHA256_Update(&ctx, text, len);
	SHA256_Update(&ctx, m->counter_text.p, m->counter_text.len);
	SHA256_Final(digest, &ctx);
}

/* SHA-256 of {"counter":N,"data":C}. */
static void
digest_sorted(const struct message *m, const char *sorted, size_t len,
    uint8_t digest[MESSAGE_DIGEST_LEN])
{
	static const char	 before[] = "{\"counter\":";
	static const char	 between[] = ",\"data\":";
	SHA256_CTX		 ctx;

	SHA256_Init(&ctx);
	SHA256_Update(&ctx, before, sizeof(before) - 1);
	SHA256_Update(&ctx, m->counter_text.p, m->counter_text.len);
	SHA256_Update(&ctx, between, sizeof(between) - 1);
	SHA256_Update(&ctx, sorted, len);
	SHA256_Update(&ctx, "}", 1);
	SHA256_Final(digest, &ctx);
}

void
message_digest(const struct message *m, uint8_t digest[MESSAGE_DIGEST_LEN])
{
	digest_text(m, m->data.p, m->data.len, digest);
}

static void
digest_compact(const struct message *m, uint8_t digest[MESSAGE_DIGEST_LEN])
{
	char	*compact;

	if (m->data_is_string || (compact = malloc(m->data.len)) == NULL) {
		message_digest(m, digest);
		return;
	}
	digest_text(m, compact, form_compact(m->data, compact), digest);
	free(compact);
}

void
message_identity(const struct message *m, uint8_t digest[MESSAGE_DIGEST_LEN])
{
	SHA256_CTX	 ctx;

	digest_compact(m, digest);
	SHA256_Init(&ctx);
	SHA256_Update(&ctx, digest, MESSAGE_DIGEST_LEN);
	SHA256_Update(&ctx, m->sig, m->siglen < sizeof(m->sig) ? m->siglen :
	    sizeof(m->sig));
	SHA256_Final(digest, &ctx);
}

/*
 * D has a member, hence a colon: so no two of the further forms are alike,
 * and only the first two of them can be the text as received.
 */
size_t
message_other_digests(const struct message *m,
    uint8_t digests[MESSAGE_OTHER_FORMS][MESSAGE_DIGEST_LEN])
{
	struct scan_span	 compact;
	uint8_t			 first[MESSAGE_DIGEST_LEN];
	char			*memory, *spaced;
	size_t			 len, n = 0;

	if (m->data_is_string || m->data.len == 0 ||
	    (memory = reallocarray(NULL, m->data.len, 3)) == NULL)
		return (0);
	message_digest(m, first);
	compact.p = memory;
	compact.len = form_compact(m->data, memory);
	digest_text(m, compact.p, compact.len, digests[n]);
	if (memcmp(digests[n], first, sizeof(first)) != 0)
		n++;
	spaced = memory + compact.len;
	len = form_spaced(compact, spaced);
	digest_text(m, spaced, len, digests[n]);
	if (memcmp(digests[n], first, sizeof(first)) != 0)
		n++;
	if (form_sort(memory, compact.len) == 0)
		digest_sorted(m, memory, compact.len, digests[n++]);
	free(memory);
	return (n);
}
