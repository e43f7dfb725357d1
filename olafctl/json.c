/*
 * A writer of JSON, RFC 8259.
 */

#include "compat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "utf8.h"

#define REPLACEMENT	0xfffd

static struct {
	int	 is_array;
	int	 filled;	/* something stands in it */
}		 levels[JSON_DEPTH];
static int	 depth;

static void
put_escape(uint32_t c)
{
	if (c >= 0x10000) {
		c -= 0x10000;
		printf("\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 | c >> 10,
		    0xdc00 | (c & 0x3ff));
	} else
		printf("\\u%04" PRIx32, c);
}

/*
 * The character at the front of a text that is not at its end; returns how many
 * octets it has.
 */
static size_t
take_character(const char *text, uint32_t *c)
{
	/* by length: what is left without the marks of the first octet */
	static const uint32_t	 masks[] = { 0, 0x7f, 0x7ff, 0xffff, 0x1fffff };
	size_t			 len = 0;
	uint8_t			 state = 0;

	*c = 0;
	do {
		if (utf8_check(&state, text + len, 1) == -1) {
			*c = REPLACEMENT;
			return (len == 0 ? 1 : len);
		}
		*c = *c << 6 | ((uint8_t)text[len] & (len == 0 ? 0xff : 0x3f));
		len++;
	} while (state != 0);
	*c &= masks[len];
	return (len);
}

static void
put_text(const char *text)
{
	uint32_t	 c;

	putchar('"');
	while (*text != '\0') {
		text += take_character(text, &c);
		if (c == '"' || c == '\\')
			printf("\\%c", (int)c);
		else if (c == '\n')
			fputs("\\n", stdout);
		else if (c < 0x20 || c >= 0x7f)
			put_escape(c);
		else
			putchar((int)c);
	}
	putchar('"');
}

/* What stands between the values, and the name of the next one. */
static void
put_name(const char *name)
{
	if (depth == 0)
		return;
	if (levels[depth - 1].filled)
		putchar(',');
	levels[depth - 1].filled = 1;
	if (levels[depth - 1].is_array) {
		putchar('\n');
		return;
	}
	put_text(name);
	putchar(':');
}

static void
put_level(const char *name, int is_array)
{
	if (depth == JSON_DEPTH)
		fatalx("json: nested too deep");
	put_name(name);
	putchar(is_array ? '[' : '{');
	levels[depth].is_array = is_array;
	levels[depth++].filled = 0;
}

void
json_object(const char *name)
{
	put_level(name, 0);
}

void
json_array(const char *name)
{
	put_level(name, 1);
}

void
json_end(void)
{
	depth--;
	if (levels[depth].is_array && levels[depth].filled)
		putchar('\n');
	putchar(levels[depth].is_array ? ']' : '}');
	if (depth == 0)
		putchar('\n');
}

int
json_depth(void)
{
	return (depth);
}

void
json_string(const char *name, const char *text)
{
	put_name(name);
	put_text(text);
}

void
json_number(const char *name, uint64_t value)
{
	put_name(name);
	printf("%" PRIu64, value);
}

void
json_bool(const char *name, int value)
{
	put_name(name);
	fputs(value ? "true" : "false", stdout);
}

void
json_null(const char *name)
{
	put_name(name);
	fputs("null", stdout);
}
