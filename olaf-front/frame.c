/*
 * Frames that are shared.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "websocket.h"

struct frame *
frame_text(const void *text, size_t len, int masked)
{
	struct frame	*f;
	uint8_t		 header[WEBSOCKET_HEADER_MAX], mask[4];
	size_t		 n;

	if (masked)
		arc4random_buf(mask, sizeof(mask));
	n = websocket_header(header, WEBSOCKET_TEXT, 1, len,
	    masked ? mask : NULL);
	if ((f = malloc(sizeof(*f) + n + len)) == NULL)
		return (NULL);
	f->refs = 1;
	f->len = n + len;
	memcpy(f->data, header, n);
	memcpy(f->data + n, text, len);
	if (masked)
		websocket_mask(f->data + n, len, mask, 0);
	return (f);
}

struct frame *
frame_ref(struct frame *f)
{
	f->refs++;
	return (f);
}

void
frame_unref(struct frame *f)
{
	if (f != NULL && --f->refs == 0)
		free(f);
}
