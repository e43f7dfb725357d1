/*
 * Shared frames: what a peer reads of them is the text, masked or not.
 */

/* link: olaf-front/frame.o */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "test.h"
#include "websocket.h"

/* Reads one frame as the peer on the other side does. */
static int
read_back(struct frame *f, int masked, const char *text, size_t len)
{
	struct websocket_event	 ev;
	struct websocket	 ws;
	size_t			 n;

	websocket_init(&ws, len, masked ? 0 : WEBSOCKET_CLIENT);
	n = websocket_read(&ws, f->data, f->len, &ev);
	return (n == f->len && ev.type == WEBSOCKET_EV_DATA && ev.last &&
	    ev.opcode == WEBSOCKET_TEXT && ev.len == len &&
	    memcmp(ev.data, text, len) == 0);
}

static void
test_lengths(void)
{
	static const size_t	 lengths[] = { 0, 1, 7, 125, 126, 127, 65535,
				    65536, 100000 };
	struct frame		*f;
	char			*text;
	size_t			 i;
	int			 masked;

	if ((text = malloc(100000)) == NULL)
		abort();
	for (i = 0; i < 100000; i++)
		text[i] = 'a' + i % 26;
	for (i = 0; i < nitems(lengths); i++)
		for (masked = 0; masked < 2; masked++) {
			f = frame_text(text, lengths[i], masked);
			CHECK(f != NULL && f->refs == 1);
			CHECK(read_back(f, masked, text, lengths[i]));
			frame_unref(f);
		}
	free(text);
}

/* Two frames of one text differ: RFC 6455 5.3 wants masks that are fresh. */
static void
test_masks(void)
{
	struct frame	*a, *b;

	a = frame_text("0123456789abcdef", 16, 1);
	b = frame_text("0123456789abcdef", 16, 1);
	CHECK(a != NULL && b != NULL && a->len == b->len);
	CHECK(memcmp(a->data, b->data, a->len) != 0);
	frame_unref(a);
	frame_unref(b);
}

static void
test_references(void)
{
	struct frame	*f = frame_text("x", 1, 0);

	CHECK(frame_ref(f) == f && f->refs == 2);
	frame_unref(f);
	CHECK(f->refs == 1);
	frame_unref(f);
	frame_unref(NULL);
}

int
main(void)
{
	RUN(test_lengths);
	RUN(test_masks);
	RUN(test_references);
	return (test_done());
}
