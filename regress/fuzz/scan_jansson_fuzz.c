/*
 * The scanner beside jansson, an independent reader: it takes all that the
 * scanner takes, and sees the same in it; what it takes and the scanner
 * doesn't is nested too deep, or has a NUL octet, which jansson overlooks
 * behind a number or a word.
 */

/* link: lib/scan.o lib/scan_names.o lib/scan_whole.o lib/utf8.o */
/* libs: JANSSON */

#include "compat.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"

#define JANSSON_DEPTH	2048	/* its JSON_PARSER_MAX_DEPTH */

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What jansson can't hold, though it is JSON. */
static int
is_limit(const json_error_t *error)
{
	return (json_error_code(error) == json_error_numeric_overflow ||
	    json_error_code(error) == json_error_null_byte_in_key);
}

static int
same_type(enum scan_type type, const json_t *value)
{
	switch (type) {
	case SCAN_NULL:
		return (json_is_null(value));
	case SCAN_FALSE:
		return (json_is_false(value));
	case SCAN_TRUE:
		return (json_is_true(value));
	case SCAN_NUMBER:
		return (json_is_number(value));
	case SCAN_STRING:
		return (json_is_string(value));
	case SCAN_ARRAY:
		return (json_is_array(value));
	case SCAN_OBJECT:
		return (json_is_object(value));
	default:
		return (0);
	}
}

static void
same_string(struct scan_span span, const json_t *value)
{
	char	*s;
	size_t	 len;

	if ((s = malloc(span.len)) == NULL)
		abort();
	len = scan_unescape(span, s);
	if (len != json_string_length(value) ||
	    memcmp(s, json_string_value(value), len) != 0)
		abort();
	free(s);
}

/* Each member that jansson has is found, or there are more than are kept. */
static void
same_members(const struct scan *s, int parent, json_t *object)
{
	const struct scan_member	*m;
	const char			*name;
	json_t				*value;

	json_object_foreach(object, name, value) {
		if ((m = scan_find(s, parent, name)) == NULL) {
			if (s->nmembers < SCAN_MEMBERS)
				abort();
			continue;
		}
		if (!same_type(m->type, value))
			abort();
		if (m->type == SCAN_STRING)
			same_string(m->value, value);
		if (m->type == SCAN_OBJECT && parent == -1)
			same_members(s, m - s->members, value);
	}
}

static size_t
count_members(json_t *object)
{
	const char	*name;
	json_t		*value;
	size_t		 n = json_object_size(object);

	json_object_foreach(object, name, value)
		n += json_object_size(value);
	return (n);
}

static void
judge(const struct scan *s, enum scan_type type, json_t *value)
{
	size_t	 n;

	if (!same_type(type, value))
		abort();
	if (type != SCAN_OBJECT)
		return;
	n = count_members(value);
	if ((size_t)s->nmembers != (n < SCAN_MEMBERS ? n : SCAN_MEMBERS))
		abort();
	same_members(s, -1, value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scan	 s;
	const char		*text = (const char *)data;
	enum scan_type		 type;
	json_error_t		 error;
	json_t			*value;
	int			 r;

	value = json_loadb(text, size, JSON_REJECT_DUPLICATES |
	    JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	r = scan_value(&s, text, size, SCAN_DEPTH, &type);
	if (r == 0 && value == NULL && !is_limit(&error))
		abort();
	if (r == 0 && value != NULL)
		judge(&s, type, value);
	if (r == -1 && value != NULL && memchr(text, '\0', size) == NULL &&
	    scan_value(&s, text, size, JANSSON_DEPTH, &type) == -1)
		abort();
	json_decref(value);
	return (0);
}
