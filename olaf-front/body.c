/*
 * The framing of a request's body: a length, or chunks (RFC 9112 7.1).  As with
 * the head, nothing is forgiven that another reader might understand in
 * another way: bare LF, white space around a size, a size too long for 64 bits.
 * Data is handed on from where it lies; of all the rest a state is kept, so
 * that the input may be cut anywhere.
 */

#include "compat.h"

#include <string.h>

#include "body.h"
#include "octet.h"

#define DIGITS_MAX	16	/* of 64 bits */
#define BAD		400
#define TOO_LARGE	431

/* What comes next. */
enum state {
	SIZE,		/* of a chunk */
	BLANK,		/* white space before an extension */
	EXTENSION,
	SIZE_LF,
	CHUNK_CR,
	CHUNK_LF,
	TRAILER,	/* a trailer field, or the last line */
	TRAILER_NAME,
	TRAILER_VALUE,
	TRAILER_LF,
	LAST_LF,
	BODY,		/* octets of a body with a length */
	CHUNK,		/* octets of a chunk */
	ENDED,
	FAILED
};

void
body_init(struct body *b, int chunked, uint64_t length)
{
	memset(b, 0, sizeof(*b));
	if (chunked)
		b->state = SIZE;
	else {
		b->left = length;
		b->state = length > 0 ? BODY : ENDED;
	}
}

/* The steps take an octet each and return 0 or the status to refuse with. */

static int
expect(struct body *b, uint8_t c, uint8_t expected, enum state next)
{
	b->state = next;
	return (c == expected ? 0 : BAD);
}

static int
extension(struct body *b, uint8_t c)
{
	b->state = EXTENSION;
	if (c == '\r') {
		b->state = SIZE_LF;
		return (0);
	}
	if (!octet_is_value(c))
		return (BAD);
	return (++b->extensions > BODY_EXTENSIONS_MAX ? TOO_LARGE : 0);
}

/* RFC 9112 7.1.1: white space that is bad, but allowed, before a semicolon. */
static int
blank(struct body *b, uint8_t c)
{
	if (c == ';')
		return (extension(b, c));
	if (!octet_is_space(c))
		return (BAD);
	b->state = BLANK;
	return (++b->extensions > BODY_EXTENSIONS_MAX ? TOO_LARGE : 0);
}

static int
size(struct body *b, uint8_t c)
{
	int	 digit = octet_hex(c);

	if (digit != -1) {
		b->left = b->left << 4 | digit;
		return (++b->digits > DIGITS_MAX ? BAD : 0);
	}
	if (b->digits == 0)
		return (BAD);
	if (c == '\r') {
		b->state = SIZE_LF;
		return (0);
	}
	return (blank(b, c));
}

static int
size_lf(struct body *b, uint8_t c)
{
	b->digits = 0;
	return (expect(b, c, '\n', b->left > 0 ? CHUNK : TRAILER));
}

static int
chunk_cr(struct body *b, uint8_t c)
{
	return (expect(b, c, '\r', CHUNK_LF));
}

static int
chunk_lf(struct body *b, uint8_t c)
{
	return (expect(b, c, '\n', SIZE));
}

static int
trailer(struct body *b, uint8_t c)
{
	if (c == '\r') {
		b->state = LAST_LF;
		return (0);
	}
	b->state = TRAILER_NAME;
	return (octet_is_token(c) ? 0 : BAD);
}

static int
trailer_name(struct body *b, uint8_t c)
{
	if (octet_is_token(c))
		return (0);
	return (expect(b, c, ':', TRAILER_VALUE));
}

static int
trailer_value(struct body *b, uint8_t c)
{
	if (octet_is_value(c))
		return (0);
	return (expect(b, c, '\r', TRAILER_LF));
}

static int
trailer_lf(struct body *b, uint8_t c)
{
	return (expect(b, c, '\n', TRAILER));
}

static int
last_lf(struct body *b, uint8_t c)
{
	return (expect(b, c, '\n', ENDED));
}

static int	 (*const steps[])(struct body *, uint8_t) = {
	[SIZE] = size,
	[BLANK] = blank,
	[EXTENSION] = extension,
	[SIZE_LF] = size_lf,
	[CHUNK_CR] = chunk_cr,
	[CHUNK_LF] = chunk_lf,
	[TRAILER] = trailer,
	[TRAILER_NAME] = trailer_name,
	[TRAILER_VALUE] = trailer_value,
	[TRAILER_LF] = trailer_lf,
	[LAST_LF] = last_lf
};

/* All lines behind the last chunk count, the empty one too. */
static int
step(struct body *b, uint8_t c)
{
	int	 status;

	if (b->state >= TRAILER && b->state <= LAST_LF)
		b->trailers++;
	if ((status = steps[b->state](b, c)) != 0)
		return (status);
	return (b->trailers > BODY_TRAILERS_MAX ? TOO_LARGE : 0);
}

static size_t
read_data(struct body *b, const uint8_t *p, size_t len, struct body_event *ev)
{
	if (len > b->left)
		len = b->left;
	ev->type = BODY_EV_DATA;
	ev->data = p;
	ev->len = len;
	b->left -= len;
	if (b->left == 0)
		b->state = b->state == CHUNK ? CHUNK_CR : ENDED;
	return (len);
}

size_t
body_read(struct body *b, const uint8_t *p, size_t len, struct body_event *ev)
{
	size_t	 n = 0;

	memset(ev, 0, sizeof(*ev));
	while (n < len && b->state < BODY)
		if ((b->status = step(b, p[n++])) != 0)
			b->state = FAILED;
	if (b->state == ENDED)
		ev->type = BODY_EV_END;
	else if (b->state == FAILED) {
		ev->type = BODY_EV_ERROR;
		ev->status = b->status;
	} else if (n < len)
		n += read_data(b, p + n, len - n, ev);
	return (n);
}
