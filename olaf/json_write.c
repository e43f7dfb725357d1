/*
 * JSON as one peer or another writes it.
 */

#include "compat.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "json_write.h"
#include "utf8.h"

#define SIZE_MIN	1024	/* octets to begin with */

void
json_init(struct json *j, enum json_style style, size_t max)
{
	memset(j, 0, sizeof(*j));
	j->style = style;
	j->max = max;
}

/* Room for so many octets and a NUL more; NULL if there is none. */
static char *
json_room(struct json *j, size_t n)
{
	char	*p;
	size_t	 size = j->size > 0 ? j->size : SIZE_MIN;

	if (j->error != 0)
		return (NULL);
	if (n > j->max - j->len) {
		j->error = EMSGSIZE;
		return (NULL);
	}
	while (size <= j->len + n)
		size *= 2;
	if (size > j->size) {
		if ((p = recallocarray(j->text, j->size, size, 1)) == NULL) {
			j->error = ENOMEM;
			return (NULL);
		}
		j->text = p;
		j->size = size;
	}
	return (j->text + j->len);
}

static void
json_put(struct json *j, const char *p, size_t n)
{
	char	*to;

	if (n == 0 || (to = json_room(j, n)) == NULL)
		return;
	memcpy(to, p, n);
	j->len += n;
}

static void
json_put_string(struct json *j, const char *s)
{
	json_put(j, s, strlen(s));
}

/* What stands between two values. */
static void
json_separate(struct json *j)
{
	if (j->follows)
		json_put_string(j, j->style == JSON_SPACED ? ", " : ",");
	j->follows = 1;
}

void
json_begin(struct json *j, char c)
{
	json_separate(j);
	json_put(j, &c, 1);
	j->follows = 0;
}

void
json_end(struct json *j, char c)
{
	json_put(j, &c, 1);
	j->follows = 1;
}

void
json_name(struct json *j, const char *name)
{
	json_separate(j);
	json_put_string(j, "\"");
	json_put_string(j, name);
	json_put_string(j, j->style == JSON_SPACED ? "\": " : "\":");
	j->follows = 0;
}

/* ---- strings ------------------------------------------------------------- */

static void
json_escape(struct json *j, uint32_t c)
{
	char	 text[16];

	if (c < 0x10000)
		snprintf(text, sizeof(text), "\\u%04x", c);
	else {
		c -= 0x10000;
		snprintf(text, sizeof(text), "\\u%04x\\u%04x",
		    0xd800 | c >> 10, 0xdc00 | (c & 0x3ff));
	}
	json_put_string(j, text);
}

/* Must the character be escaped?  Both styles have short forms of a few. */
static int
json_is_special(const struct json *j, uint32_t c)
{
	return (c < ' ' || c == '"' || c == '\\' ||
	    (c >= 0x7f && j->style == JSON_SPACED));
}

static void
json_special(struct json *j, uint32_t c)
{
	static const char	 from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char		*at;
	char			 text[2] = "\\";

	if (c == 0 || c >= 0x7f || (at = strchr(from, (int)c)) == NULL) {
		json_escape(j, c);
		return;
	}
	text[1] = to[at - from];
	json_put(j, text, sizeof(text));
}

void
json_string(struct json *j, const char *text, size_t len)
{
	uint32_t	 c;
	size_t		 i, n, plain = 0;

	json_separate(j);
	json_put_string(j, "\"");
	for (i = 0; i < len; i += n) {
		if ((n = utf8_get(text + i, len - i, &c)) == 0) {
			if (j->error == 0)
				j->error = EILSEQ;
			return;
		}
		if (!json_is_special(j, c))
			continue;
		json_put(j, text + plain, i - plain);
		json_special(j, c);
		plain = i + n;
	}
	json_put(j, text + plain, len - plain);
	json_put_string(j, "\"");
}

void
json_base64(struct json *j, const void *data, size_t len)
{
	char	*to;

	json_separate(j);
	json_put_string(j, "\"");
	if (len / 3 >= j->max / 4) {
		if (j->error == 0)
			j->error = EMSGSIZE;
		return;
	}
	if ((to = json_room(j, BASE64_LEN(len))) != NULL) {
		base64_encode(data, len, to);
		j->len += BASE64_LEN(len);
	}
	json_put_string(j, "\"");
}

/* ---- other values -------------------------------------------------------- */

void
json_number(struct json *j, uint64_t n)
{
	char	 text[24];

	json_separate(j);
	snprintf(text, sizeof(text), "%" PRIu64, n);
	json_put_string(j, text);
}

void
json_raw(struct json *j, const char *text, size_t len)
{
	json_separate(j);
	json_put(j, text, len);
}

/* ---- the end ------------------------------------------------------------- */

char *
json_finish(struct json *j, size_t *len)
{
	char	*text = j->text;

	if (j->error != 0) {
		json_free(j);
		errno = j->error;
		return (NULL);
	}
	text[j->len] = '\0';
	*len = j->len;
	j->text = NULL;
	json_free(j);
	return (text);
}

void
json_free(struct json *j)
{
	freezero(j->text, j->size);
	j->text = NULL;
	j->len = j->size = 0;
}
