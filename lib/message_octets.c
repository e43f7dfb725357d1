/*
 * What strings of messages hold.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "forms.h"
#include "message.h"

#define CHUNK		2048	/* characters of base64 decoded at once */

enum refusal
message_unescape(struct scan_span value, struct scan_span *text, void **memory)
{
	if (memchr(value.p, '\\', value.len) == NULL) {
		text->p = value.p + 1;
		text->len = value.len - 2;
		return (REFUSE_NONE);
	}
	if ((*memory = malloc(value.len)) == NULL)
		return (REFUSE_RATE_LIMITED);
	text->len = scan_unescape(value, *memory);
	text->p = *memory;
	return (REFUSE_NONE);
}

/*
 * Decodes base64 of any length and counts its octets, of which those that fit
 * go to dst.
 */
static enum refusal
decode_text(struct scan_span text, uint8_t *dst, size_t size, size_t *octets)
{
	uint8_t	 buf[BASE64_OCTETS(CHUNK)];
	size_t	 chunk, room;
	ssize_t	 n;

	for (*octets = 0; text.len > 0; text.p += chunk, text.len -= chunk) {
		chunk = text.len < CHUNK ? text.len : CHUNK;
		n = base64_decode(text.p, chunk, buf, sizeof(buf));
		if (n == -1)
			return (REFUSE_BAD_FORMAT);
		if (chunk < text.len && (size_t)n < sizeof(buf))
			return (REFUSE_BAD_FORMAT);	/* padding inside */
		if (*octets < size) {
			room = size - *octets;
			memcpy(dst + *octets, buf,
			    (size_t)n < room ? (size_t)n : room);
		}
		*octets += n;
	}
	return (REFUSE_NONE);
}

enum refusal
message_octets(struct scan_span value, uint8_t *dst, size_t size, size_t *octets)
{
	struct scan_span	 text;
	enum refusal		 r;
	void			*memory = NULL;

	if ((r = message_unescape(value, &text, &memory)) != REFUSE_NONE)
		return (r);
	r = decode_text(text, dst, size, octets);
	free(memory);
	return (r);
}

int
message_next_octets(struct scan_span *rest, uint8_t *dst, size_t size,
    size_t *octets)
{
	struct scan_span	value;

	if (!form_next(rest, &value))
		return (0);
	if (*value.p != '"' ||
	    message_octets(value, dst, size, octets) != REFUSE_NONE)
		return (-1);
	return (*octets <= size ? 1 : -1);
}
