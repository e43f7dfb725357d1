/*
 * Objects by their brackets and quotes alone.
 */

#include "compat.h"

#include "forms.h"
#include "scan.h"

/* The octets of the string with which the text begins, 0 if it has no end. */
static size_t
string_octets(const char *text, size_t len)
{
	size_t	i;

	for (i = 1; i < len; i++) {
		if (text[i] == '"')
			return (i + 1);
		if (text[i] == '\\')
			i++;
	}
	return (0);
}

/* The octets of the object with which the text begins, 0 if it has no end. */
static size_t
object_octets(const char *text, size_t len)
{
	size_t	depth = 0, i, n;

	for (i = 0; i < len; i += n) {
		n = 1;
		if (text[i] == '"' &&
		    (n = string_octets(text + i, len - i)) == 0)
			break;
		if (text[i] == '{' || text[i] == '[')
			depth++;
		if ((text[i] == '}' || text[i] == ']') && --depth == 0)
			return (i + 1);
	}
	return (0);
}

int
scan_is_whole(const char *text, size_t len)
{
	size_t	i, n;

	for (i = 0; i < len && form_is_space(text[i]); i++)
		;
	if (i == len || text[i] != '{' ||
	    (n = object_octets(text + i, len - i)) == 0)
		return (0);
	for (i += n; i < len && form_is_space(text[i]); i++)
		;
	return (i == len);
}
