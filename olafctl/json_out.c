/*
 * JSON for -j.
 */

#include "compat.h"

#include <inttypes.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vis.h>

#include "json_out.h"
#include "log.h"

static struct json_object	*levels[JSON_DEPTH];
static int			 depth;

/*
 * Puts a value where the building has come to; it belongs to that from then
 * on.
 */
static void
json_put(const char *name, struct json_object *value)
{
	struct json_object	*in = levels[depth - 1];
	int			 r;

	if (json_object_is_type(in, json_type_array))
		r = json_object_array_add(in, value);
	else
		r = json_object_object_add(in, name, value);
	if (r != 0)
		fatalx("json: out of memory");
}

static void
json_begin(const char *name, struct json_object *value)
{
	if (value == NULL)
		fatalx("json: out of memory");
	if (depth == JSON_DEPTH)
		fatalx("json: nested too deep");
	if (depth > 0)
		json_put(name, value);
	levels[depth++] = value;
}

void
out_begin_object(const char *name)
{
	json_begin(name, json_object_new_object());
}

void
out_begin_array(const char *name)
{
	json_begin(name, json_object_new_array());
}

void
out_end(void)
{
	if (--depth > 0)
		return;
	puts(json_object_to_json_string_ext(levels[0],
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(levels[0]);
}

int
out_depth(void)
{
	return (depth);
}

void
out_string(const char *name, const char *text)
{
	char	*plain;
	size_t	 size = 4 * strlen(text) + 1;

	if ((plain = malloc(size)) == NULL)
		fatal("json");
	strnvis(plain, text, size, VIS_OCTAL | VIS_NOSLASH);
	json_put(name, json_object_new_string(plain));
	free(plain);
}

void
out_number(const char *name, uint64_t value)
{
	json_put(name, json_object_new_uint64(value));
}

void
out_milliseconds(const char *name, uint64_t value)
{
	char	 text[32];

	snprintf(text, sizeof(text), "%" PRIu64 ".%03u", value / 1000,
	    (unsigned int)(value % 1000));
	json_put(name, json_object_new_double_s((double)value / 1000, text));
}

void
out_bool(const char *name, int value)
{
	json_put(name, json_object_new_boolean(value));
}

void
out_null(const char *name)
{
	json_put(name, NULL);
}
