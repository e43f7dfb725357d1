/*
 * What servers say of an upload, or of what went wrong.
 */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"
#include "text.h"
#include "utf8.h"

static struct scan	 scan;		/* large */

int
text_add(struct text_body *b, const char *octets, size_t len)
{
	if (b->octets == NULL && (b->octets = malloc(TEXT_MAX)) == NULL)
		return (-1);
	if (len > TEXT_MAX - b->len) {
		len = TEXT_MAX - b->len;
		b->cut = 1;
	}
	memcpy(b->octets + b->len, octets, len);
	b->len += len;
	return (0);
}

void
text_free(struct text_body *b)
{
	free(b->octets);
	memset(b, 0, sizeof(*b));
}

void
text_copy(char *dst, size_t size, const char *src, size_t len)
{
	uint8_t	 state = 0;
	size_t	 i, whole = 0;

	for (i = 0; i < len && i < size - 1 && src[i] != '\0'; i++) {
		if (utf8_check(&state, src + i, 1) == -1)
			break;
		if (state == 0)
			whole = i + 1;
	}
	memmove(dst, src, whole);
	dst[whole] = '\0';
}

/* Unescapes a member that is a string, cut to fit.  Returns its length. */
static size_t
copy_string(const struct scan_member *m, char *dst, size_t size)
{
	static char	 text[TEXT_MAX];
	size_t		 len = scan_unescape(m->value, text);

	text_copy(dst, size, text, len);
	return (len);
}

static int
text_scan(const struct text_body *b)
{
	return (b->octets == NULL || b->cut ? -1 :
	    scan_object(&scan, b->octets, b->len, SCAN_DEPTH));
}

/* That member, if it is a string. */
static const struct scan_member *
find_string(int parent, const char *name)
{
	const struct scan_member	*m = scan_find(&scan, parent, name);

	return (m != NULL && m->type == SCAN_STRING ? m : NULL);
}

int
text_error(const struct text_body *b, char *dst, size_t size)
{
	const struct scan_member	*m;

	if (text_scan(b) == -1 || (m = find_string(-1, "error")) == NULL)
		return (-1);
	copy_string(m, dst, size);
	return (dst[0] == '\0' ? -1 : 0);
}

int
text_file_url(const struct text_body *b, char *dst, size_t size)
{
	const struct scan_member	*m, *body;

	if (text_scan(b) == -1)
		return (-1);
	if ((m = find_string(-1, "file_url")) == NULL) {
		body = scan_find(&scan, -1, "body");
		if (body == NULL || body->type != SCAN_OBJECT)
			return (-1);
		m = find_string((int)(body - scan.members), "file_url");
		if (m == NULL)
			return (-1);
	}
	return (copy_string(m, dst, size) == strlen(dst) && dst[0] != '\0' ?
	    0 : -1);
}
