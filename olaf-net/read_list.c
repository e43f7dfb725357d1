/*
 * A client_list.
 */

#include "compat.h"

#include <string.h>

#include "forms.h"
#include "read_list.h"

#define ROOT		(-1)	/* the scanner's index of the outermost object */

static const char	list_type[] = "client_list";

/* A string without its escapes, NUL-terminated.  Returns 0, or -1. */
static int
read_string(const struct scan_member *m, char *text, size_t size)
{
	char	buf[6 * ADDRESS_LEN_MAX + 2];
	size_t	len;

	if (m == NULL || m->type != SCAN_STRING || m->value.len > sizeof(buf))
		return (-1);
	len = scan_unescape(m->value, buf);
	if (len >= size || memchr(buf, '\0', len) != NULL)
		return (-1);
	memcpy(text, buf, len);
	text[len] = '\0';
	return (0);
}

static int
read_array(const struct scan_member *m, struct scan_span *rest)
{
	if (m == NULL || m->type != SCAN_ARRAY)
		return (-1);
	rest->p = m->value.p + 1;
	rest->len = m->value.len - 1;
	return (0);
}

int
list_open(struct scan_span *servers, const char *text, size_t len)
{
	struct scan	s;
	char		type[sizeof(list_type)];

	if (scan_object(&s, text, len, SCAN_DEPTH) == -1 ||
	    read_string(scan_find(&s, ROOT, "type"), type, sizeof(type)) == -1 ||
	    strcmp(type, list_type) != 0)
		return (0);
	if (read_array(scan_find(&s, ROOT, "servers"), servers) == -1)
		return (-1);
	return (1);
}

int
list_next(struct scan_span *servers, struct list_server *server)
{
	struct scan_span	value;
	struct scan		s;

	if (!form_next(servers, &value))
		return (0);
	if (*value.p != '{' ||
	    scan_object(&s, value.p, value.len, SCAN_DEPTH) == -1)
		return (-1);
	if (read_string(scan_find(&s, ROOT, "address"), server->address,
	    sizeof(server->address)) == -1 || server->address[0] == '\0')
		return (-1);
	return (read_array(scan_find(&s, ROOT, "clients"),
	    &server->clients) == -1 ? -1 : 1);
}
