/*
 * Messages as clients in Python write them: "D" an object, a space after each
 * comma and colon.
 */

#include "compat.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key.h"
#include "speech.h"
#include "websocket.h"

#define ENVELOPE \
	"{\"type\": \"signed_data\", \"data\": %s, \"counter\": %u, " \
	"\"signature\": \"%s\"}"
#define HELLO		"{\"type\": \"hello\", \"public_key\": \"%s\"}"
#define CHAT \
	"{\"type\": \"public_chat\", \"sender\": \"%s\", \"message\": \"%08u %s\"}"
#define MESSAGE		"\"message\": \""
#define NUMBER_DIGITS	8
#define COUNTER_DIGITS	7

/* A client's frame: masked, as RFC 6455 5.3 demands, and not with zeros. */
static size_t
frame_make(const char *text, size_t len, uint8_t *frame)
{
	uint8_t	 mask[4];
	size_t	 n;

	arc4random_buf(mask, sizeof(mask));
	n = websocket_header(frame, WEBSOCKET_TEXT, 1, len, mask);
	memcpy(frame + n, text, len);
	websocket_mask(frame + n, len, mask, 0);
	return (n + len);
}

/* Puts signed data into its envelope; returns the text's length. */
static size_t
text_sign(const struct keyring_key *k, const char *data, unsigned int counter,
    char *text, size_t size)
{
	char	 content[SPEECH_FRAME_MAX], signature[KEYRING_SIGNATURE_LEN + 1];
	int	 n;

	n = snprintf(content, sizeof(content), "%s%u", data, counter);
	if (n < 0 || (size_t)n >= sizeof(content))
		errx(1, "a message too long");
	keyring_sign(k, content, (size_t)n, signature);
	n = snprintf(text, size, ENVELOPE, data, counter, signature);
	if (n < 0 || (size_t)n >= size)
		errx(1, "a message too long");
	return ((size_t)n);
}

/* PEM in a JSON string. */
static void
escape(const char *pem, char *out)
{
	for (; *pem != '\0'; pem++)
		if (*pem == '\n') {
			*out++ = '\\';
			*out++ = 'n';
		} else
			*out++ = *pem;
	*out = '\0';
}

size_t
speech_hello(const struct keyring_key *k, uint8_t frame[SPEECH_FRAME_MAX])
{
	char	 pem[KEY_TEXT_MAX + 2], data[SPEECH_FRAME_MAX - 64];
	char	 text[SPEECH_FRAME_MAX - WEBSOCKET_HEADER_MAX];
	size_t	 len;

	escape(keyring_pem(k), pem);
	snprintf(data, sizeof(data), HELLO, pem);
	len = text_sign(k, data, 1, text, sizeof(text));
	return (frame_make(text, len, frame));
}

size_t
speech_probe(uint8_t frame[SPEECH_FRAME_MAX])
{
	static const char	 text[] = "{\"type\": \"probe\"}";

	return (frame_make(text, sizeof(text) - 1, frame));
}

size_t
speech_list_request(uint8_t frame[SPEECH_FRAME_MAX])
{
	static const char	 text[] = "{\"type\": \"client_list_request\"}";

	return (frame_make(text, sizeof(text) - 1, frame));
}

/* As much to say as makes the message SPEECH_CHAT_LEN long. */
static const char *
filling(void)
{
	static const char	 words[] = "The quick brown fox jumps over the "
				    "lazy dog, and jumps back again. ";
	static char		 text[SPEECH_CHAT_LEN];
	size_t			 rest, i;

	rest = SPEECH_CHAT_LEN - (sizeof(ENVELOPE) - 1 - strlen("%s%u%s")) -
	    (sizeof(CHAT) - 1 - strlen("%s%08u%s")) - KEY_FP_LEN -
	    NUMBER_DIGITS - COUNTER_DIGITS - KEYRING_SIGNATURE_LEN;
	for (i = 0; i < rest; i++)
		text[i] = words[i % (sizeof(words) - 1)];
	text[rest] = '\0';
	return (text);
}

void
speech_chat(const struct keyring_key *k, unsigned int counter,
    unsigned int number, uint8_t *frame)
{
	char	 data[SPEECH_CHAT_LEN], text[SPEECH_CHAT_LEN + 1];

	snprintf(data, sizeof(data), CHAT, keyring_fingerprint(k), number,
	    filling());
	if (text_sign(k, data, counter, text, sizeof(text)) !=
	    SPEECH_CHAT_LEN ||
	    frame_make(text, SPEECH_CHAT_LEN, frame) != SPEECH_CHAT_FRAME)
		errx(1, "a message of a wrong length");
}

unsigned int
speech_chat_number(const char *text, size_t len)
{
	const char	*p;
	char		 digits[NUMBER_DIGITS + 1];

	if (len != SPEECH_CHAT_LEN ||
	    (p = memmem(text, len, MESSAGE, sizeof(MESSAGE) - 1)) == NULL)
		errx(1, "received what nobody sent");
	strlcpy(digits, p + sizeof(MESSAGE) - 1, sizeof(digits));
	return ((unsigned int)strtoul(digits, NULL, 10));
}
