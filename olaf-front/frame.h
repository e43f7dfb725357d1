/*
 * A frame that several links are sent: kept once for all of them.
 */

#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <stdint.h>

struct frame {
	unsigned int	 refs;
	size_t		 len;
	uint8_t		 data[];	/* header and payload */
};

/*
 * A text, masked (RFC 6455 5.3) for links that we dialled or not, with one
 * reference; NULL when out of memory.
 */
struct frame	*frame_text(const void *, size_t, int masked);
struct frame	*frame_ref(struct frame *);
/* NULL is fine. */
void		 frame_unref(struct frame *);

#endif
