/*
 * Output: one stretch of memory that grows as need be.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "websocket.h"
#include "wire.h"

#define OUTPUT_FIRST	4096
#define OUTPUT_KEPT	(64 * 1024)	/* more is freed when it is empty */

static uint8_t	*out;
static size_t	 size;
static size_t	 begin;		/* what is before is written */
static size_t	 end;

void
output_drop(void)
{
	if (size > OUTPUT_KEPT) {
		free(out);
		out = NULL;
		size = 0;
	}
	begin = end = 0;
}

int
output_pending(void)
{
	return (begin < end);
}

static int
output_room(size_t len)
{
	uint8_t	*p;
	size_t	 n = size == 0 ? OUTPUT_FIRST : size;

	if (len > OUTPUT_MAX || end - begin > OUTPUT_MAX - len)
		return (-1);
	if (begin > 0 && len > size - end) {
		memmove(out, out + begin, end - begin);
		end -= begin;
		begin = 0;
	}
	if (len <= size - end)
		return (0);
	while (n - end < len)
		n *= 2;
	if ((p = realloc(out, n)) == NULL)
		return (-1);
	out = p;
	size = n;
	return (0);
}

int
output_add(const void *p, size_t len)
{
	if (output_room(len) == -1)
		return (-1);
	memcpy(out + end, p, len);
	end += len;
	return (0);
}

int
output_frame(int opcode, const void *p, size_t len)
{
	uint8_t	header[WEBSOCKET_HEADER_MAX], mask[4];
	size_t	n;

	arc4random_buf(mask, sizeof(mask));
	n = websocket_header(header, (enum websocket_opcode)opcode, 1, len,
	    mask);
	if (output_room(n + len) == -1 || output_add(header, n) == -1 ||
	    output_add(p, len) == -1)
		return (-1);
	websocket_mask(out + end - len, len, mask, 0);
	return (0);
}

int
output_flush(void)
{
	ssize_t	n;

	while (begin < end) {
		if ((n = wire_write(out + begin, end - begin)) == -1)
			return (-1);
		if (n == 0)
			return (0);
		begin += (size_t)n;
	}
	output_drop();
	return (0);
}
