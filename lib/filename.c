/*
 * Names of uploaded files.  They come from anybody and are shown to everybody:
 * in pages, in the save dialogs of browsers and in shells.
 */

#include "compat.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "filename.h"
#include "octet.h"
#include "utf8.h"

#define EXTENSION_MAX	16	/* octets behind the dot */

/* A piece of the name. */
struct piece {
	const uint8_t	*p;
	const uint8_t	*end;
};

struct range {
	uint32_t	 first;
	uint32_t	 last;
};

static const struct range invisible[] = {
	{ 0x0, 0x1f },			/* C0 */
	{ 0x7f, 0x9f },			/* DEL, C1 */
	{ 0x61c, 0x61c },		/* Arabic letter mark */
	{ 0x200b, 0x200f },		/* zero width, direction marks */
	{ 0x2028, 0x202e },		/* separators, embeddings, overrides */
	{ 0x2060, 0x2069 },		/* invisible operators, isolates */
	{ 0xfdd0, 0xfdef },		/* noncharacters */
	{ 0xfeff, 0xfeff },		/* byte order mark */
	{ 0xe0000, 0xe007f }		/* tags */
};

static int
is_invisible(uint32_t c)
{
	size_t	 i;

	for (i = 0; i < nitems(invisible); i++)
		if (c >= invisible[i].first && c <= invisible[i].last)
			return (1);
	return ((c & 0xfffe) == 0xfffe);
}

/*
 * Takes a character off the front of the piece, or an octet that is part of
 * none, as an underscore.  Returns its octets.
 */
static size_t
take(struct piece *s, uint32_t *c)
{
	size_t	 n;

	if ((n = utf8_get(s->p, s->end - s->p, c)) == 0) {
		*c = '_';
		n = 1;
	}
	s->p += n;
	return (n);
}

/*
 * Writes what can be seen of the piece, up to the first character for which
 * max octets do not suffice; out may be NULL.  Returns its length.
 */
static size_t
copy(char *out, size_t max, struct piece s)
{
	char		 octets[4];
	uint32_t	 c;
	size_t		 n, len = 0;

	while (s.p < s.end) {
		take(&s, &c);
		if (is_invisible(c))
			continue;
		if ((n = utf8_put(octets, c)) > max - len)
			break;
		if (out != NULL)
			memcpy(out + len, octets, n);
		len += n;
	}
	return (len);
}

/* What stands behind the last slash, of either kind. */
static struct piece
last_component(const char *name, size_t len)
{
	size_t		 n = len;
	struct piece	 s;

	while (n > 0 && name[n - 1] != '/' && name[n - 1] != '\\')
		n--;
	s.p = (const uint8_t *)name + n;
	s.end = (const uint8_t *)name + len;
	return (s);
}

/* Without white space around it and dots at its end, seen or not. */
static struct piece
trim(struct piece s)
{
	struct piece	 kept = { NULL, s.end };
	const uint8_t	*p;
	uint32_t	 c;

	while (s.p < s.end) {
		p = s.p;
		take(&s, &c);
		if (utf8_is_white(c) || is_invisible(c))
			continue;
		if (kept.p == NULL)		/* the first that is kept */
			kept.p = kept.end = p;
		if (c != '.')
			kept.end = s.p;
	}
	if (kept.p == NULL)
		kept.p = kept.end;
	return (kept);
}

/* The last dot and what follows it; empty if there is none or that is long. */
static struct piece
extension(struct piece s)
{
	struct piece	 dot = s;

	dot.p = memrchr(s.p, '.', s.end - s.p);
	if (dot.p == NULL || copy(NULL, SIZE_MAX, dot) > 1 + EXTENSION_MAX)
		dot.p = s.end;
	return (dot);
}

/* Writes a trimmed name with octets left out.  Returns its length. */
static size_t
shorten(char *out, struct piece s)
{
	struct piece	 dot = extension(s);
	size_t		 n = copy(NULL, SIZE_MAX, dot);

	s.end = dot.p;
	n = copy(out, FILENAME_SIZE - 1 - n, s);
	n += copy(out + n, FILENAME_SIZE - 1 - n, dot);
	s.p = (const uint8_t *)out;
	s.end = s.p + n;
	return (trim(s).end - s.p);
}

void
filename_clean(char *out, const char *in, size_t len)
{
	struct piece	 s = trim(last_component(in, len));
	size_t		 n;

	if (copy(NULL, SIZE_MAX, s) < FILENAME_SIZE)
		n = copy(out, FILENAME_SIZE - 1, s);
	else
		n = shorten(out, s);
	out[n] = '\0';
	if (n == 0)
		strlcpy(out, "file", FILENAME_SIZE);
}

int
filename_is_clean(const char *name, size_t len)
{
	char	 clean[FILENAME_SIZE];

	if (len == 0 || len >= FILENAME_SIZE)
		return (0);
	filename_clean(clean, name, len);
	return (strlen(clean) == len && memcmp(clean, name, len) == 0);
}

static int
is_plain(uint8_t c)
{
	return (c >= ' ' && c < 0x7f && strchr("%\"\\", c) == NULL);
}

/* RFC 8187 3.2.1: attr-char */
static int
is_attribute(uint8_t c)
{
	return (octet_is_token(c) && strchr("*'%", c) == NULL);
}

/* In quotes: an underscore for each character that cannot stand there. */
static size_t
put_plain(char *buf, const char *name)
{
	size_t	 n = 0;

	for (; *name != '\0'; name++) {
		if (is_plain(*name))
			buf[n++] = *name;
		else if ((*name & 0xc0) != 0x80)
			buf[n++] = '_';
	}
	return (n);
}

/* RFC 8187 3.2: what is not an attr-char in hexadecimal. */
static size_t
put_encoded(char *buf, const char *name)
{
	static const char	 hex[] = "0123456789ABCDEF";
	size_t			 n = 0;
	uint8_t			 c;

	for (; *name != '\0'; name++) {
		c = *name;
		if (is_attribute(c)) {
			buf[n++] = c;
			continue;
		}
		buf[n++] = '%';
		buf[n++] = hex[c >> 4];
		buf[n++] = hex[c & 0xf];
	}
	return (n);
}

static int
all_plain(const char *name)
{
	while (*name != '\0' && is_plain(*name))
		name++;
	return (*name == '\0');
}

size_t
filename_disposition(char *buf, size_t size, const char *name)
{
	char	 text[FILENAME_DISPOSITION_MAX];
	size_t	 n;

	if (strlen(name) >= FILENAME_SIZE)
		return (0);
	n = strlcpy(text, "attachment; filename=\"", sizeof(text));
	n += put_plain(text + n, name);
	text[n] = '\0';
	n = strlcat(text, "\"", sizeof(text));
	if (!all_plain(name)) {
		n = strlcat(text, "; filename*=UTF-8''", sizeof(text));
		n += put_encoded(text + n, name);
		text[n] = '\0';
	}
	return (strlcpy(buf, text, size) < size ? n : 0);
}
