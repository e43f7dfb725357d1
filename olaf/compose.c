/*
 * Messages as we send them.
 */

#include "compat.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compose.h"
#include "identity.h"
#include "json_write.h"
#include "seal.h"

/* What a form is made of. MSG_FORM_OTHER is none to write: SPACED, then. */
static enum json_style
style_of(enum msg_form form)
{
	return (form == MSG_FORM_COMPACT || form == MSG_FORM_STRING ?
	    JSON_COMPACT : JSON_SPACED);
}

/* Returns 0, or -1 with errno. */
static int
text_check(const char *text, size_t len)
{
	if (len > COMPOSE_MAX)
		errno = EMSGSIZE;
	else if (memchr(text, '\0', len) != NULL)
		errno = EILSEQ;		/* the rest is seen as it is written */
	else
		return (0);
	return (-1);
}

static void
member(struct json *j, const char *name, const char *text, size_t len)
{
	json_name(j, name);
	json_string(j, text, len);
}

static void
member_base64(struct json *j, const char *name, const void *data, size_t len)
{
	json_name(j, name);
	json_base64(j, data, len);
}

/* ---- the envelope -------------------------------------------------------- */

/* PROTOCOL.md 2: over the text of D, then the counter's digits. */
static ssize_t
sign(const char *data, size_t len, uint64_t counter,
    uint8_t sig[IDENTITY_SIG_MAX])
{
	uint8_t	 digest[KEY_DIGEST_LEN];
	char	*signed_text;
	int	 n;

	n = asprintf(&signed_text, "%.*s%" PRIu64, (int)len, data, counter);
	if (n == -1) {
		errno = ENOMEM;
		return (-1);
	}
	key_text_digest(signed_text, (size_t)n, digest);
	free(signed_text);
	if ((n = (int)identity_sign(digest, sig)) == -1)
		errno = EIO;
	return (n);
}

static char *
envelope(const char *data, size_t datalen, uint64_t counter,
    enum msg_form form, size_t *len)
{
	struct json	 j;
	uint8_t		 sig[IDENTITY_SIG_MAX];
	ssize_t		 siglen;

	if ((siglen = sign(data, datalen, counter, sig)) == -1)
		return (NULL);
	json_init(&j, style_of(form), COMPOSE_MAX);
	json_begin(&j, '{');
	member(&j, "type", "signed_data", strlen("signed_data"));
	json_name(&j, "data");
	if (form == MSG_FORM_STRING)
		json_string(&j, data, datalen);
	else
		json_raw(&j, data, datalen);
	json_name(&j, "counter");
	json_number(&j, counter);
	member_base64(&j, "signature", sig, (size_t)siglen);
	json_end(&j, '}');
	return (json_finish(&j, len));
}

/* Begins D. */
static void
data_begin(struct json *d, enum msg_form form, const char *type)
{
	json_init(d, style_of(form), COMPOSE_MAX);
	json_begin(d, '{');
	member(d, "type", type, strlen(type));
}

/* Ends D and wraps it. */
static char *
data_end(struct json *d, uint64_t counter, enum msg_form form, size_t *len)
{
	char	*data, *text;
	size_t	 datalen;

	json_end(d, '}');
	if ((data = json_finish(d, &datalen)) == NULL)
		return (NULL);
	text = envelope(data, datalen, counter, form, len);
	free(data);
	return (text);
}

/* ---- hello and public messages ------------------------------------------- */

char *
compose_hello(uint64_t counter, enum msg_form form, size_t *len)
{
	struct json	 d;
	char		 pem[KEY_TEXT_MAX];
	size_t		 n = key_text(identity_key(), pem);

	data_begin(&d, form, "hello");
	member(&d, "public_key", pem, n);
	return (data_end(&d, counter, form, len));
}

char *
compose_public(const char *text, size_t textlen, uint64_t counter,
    enum msg_form form, size_t *len)
{
	struct json	 d;

	if (text_check(text, textlen) == -1)
		return (NULL);
	data_begin(&d, form, "public_chat");
	member(&d, "sender", identity_fingerprint(), KEY_FP_LEN);
	member(&d, "message", text, textlen);
	return (data_end(&d, counter, form, len));
}

/* ---- chats --------------------------------------------------------------- */

/* A chat's key, vector and ciphertext with tag. */
struct sealed {
	uint8_t		 key[SEAL_KEY_MAX];
	size_t		 keylen;
	uint8_t		 iv[SEAL_IV_LEN];
	uint8_t		*chat;
	size_t		 chatlen;
};

static void
sealed_free(struct sealed *s)
{
	explicit_bzero(s->key, sizeof(s->key));
	free(s->chat);
}

static char *
plaintext(const struct compose_to *to, size_t nto, const char *text,
    size_t textlen, enum msg_form form, size_t *len)
{
	struct json	 j;
	uint8_t		 digest[KEY_DIGEST_LEN];
	char		 pem[KEY_TEXT_MAX], fingerprint[KEY_FP_LEN + 1];
	size_t		 i;

	json_init(&j, style_of(form), COMPOSE_MAX);
	json_begin(&j, '{');
	json_name(&j, "participants");
	json_begin(&j, '[');
	json_string(&j, identity_fingerprint(), KEY_FP_LEN);
	for (i = 0; i < nto; i++) {
		key_text_digest(pem, key_text(to[i].key, pem), digest);
		key_fingerprint(digest, fingerprint);
		json_string(&j, fingerprint, KEY_FP_LEN);
	}
	json_end(&j, ']');
	member(&j, "message", text, textlen);
	json_end(&j, '}');
	return (json_finish(&j, len));
}

/* Encrypts with a new key and vector.  Returns 0, or -1 with errno. */
static int
seal(struct sealed *s, const char *plain, size_t len, unsigned int aes)
{
	s->keylen = aes / 8;
	s->chatlen = len + SEAL_TAG_LEN;
	if ((s->chat = malloc(s->chatlen)) == NULL)
		return (-1);
	arc4random_buf(s->key, sizeof(s->key));
	arc4random_buf(s->iv, sizeof(s->iv));
	if (seal_encrypt(s->key, aes, s->iv, plain, len, s->chat) == -1) {
		sealed_free(s);
		errno = EIO;
		return (-1);
	}
	return (0);
}

static void
destinations(struct json *d, const struct compose_to *to, size_t nto)
{
	size_t	 i;

	json_name(d, "destination_servers");
	json_begin(d, '[');
	for (i = 0; i < nto; i++)
		json_string(d, to[i].server, strlen(to[i].server));
	json_end(d, ']');
}

static void
wrapped_keys(struct json *d, const struct compose_to *to, size_t nto,
    const struct sealed *s)
{
	uint8_t	 wrapped[SEAL_WRAPPED_MAX];
	ssize_t	 n;
	size_t	 i;

	json_name(d, "symm_keys");
	json_begin(d, '[');
	for (i = 0; i < nto && d->error == 0; i++) {
		n = seal_wrap(to[i].key, s->key, s->keylen, wrapped);
		if (n == -1)
			d->error = EIO;
		else
			json_base64(d, wrapped, (size_t)n);
	}
	json_end(d, ']');
}

static char *
chat(const struct compose_to *to, size_t nto, const struct sealed *s,
    uint64_t counter, enum msg_form form, size_t *len)
{
	struct json	 d;

	data_begin(&d, form, "chat");
	destinations(&d, to, nto);
	member_base64(&d, "iv", s->iv, sizeof(s->iv));
	wrapped_keys(&d, to, nto, s);
	member_base64(&d, "chat", s->chat, s->chatlen);
	return (data_end(&d, counter, form, len));
}

char *
compose_chat(const struct compose_to *to, size_t nto, const char *text,
    size_t textlen, uint64_t counter, enum msg_form form, unsigned int aes,
    size_t *len)
{
	struct sealed	 s;
	char		*plain, *message = NULL;
	size_t		 plainlen;

	if (text_check(text, textlen) == -1)
		return (NULL);
	if (nto == 0 || nto > MSG_PARTICIPANTS_MAX - 1 ||
	    (aes != 128 && aes != 256)) {
		errno = EINVAL;
		return (NULL);
	}
	if ((plain = plaintext(to, nto, text, textlen, form, &plainlen)) == NULL)
		return (NULL);
	if (seal(&s, plain, plainlen, aes) == 0) {
		message = chat(to, nto, &s, counter, form, len);
		sealed_free(&s);
	}
	freezero(plain, plainlen);
	return (message);
}
