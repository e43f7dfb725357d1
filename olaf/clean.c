/*
 * Foreign text made harmless for a terminal, and JSON strings.
 */

#include "compat.h"

#include <stdio.h>
#include <string.h>

#include "clean.h"
#include "utf8.h"

#define SHOWN_MAX	16	/* octets of a character as it is written */

struct range {
	int32_t	 first;
	int32_t	 last;
};

/*
 * Unicode's categories Cc, Cf, Zl, Zp, Cs and Co, its noncharacters below the
 * last two of each plane, and what is not assigned but will be invisible
 * (Default_Ignorable_Code_Point); in order.
 */
static const struct range bad[] = {
	{ 0x0, 0x1f },			/* C0 */
	{ 0x7f, 0x9f },			/* DEL, C1 */
	{ 0xad, 0xad },			/* soft hyphen */
	{ 0x600, 0x605 },		/* Arabic number signs */
	{ 0x61c, 0x61c },		/* Arabic letter mark */
	{ 0x6dd, 0x6dd },		/* Arabic end of ayah */
	{ 0x70f, 0x70f },		/* Syriac abbreviation mark */
	{ 0x890, 0x891 },		/* Arabic currency marks */
	{ 0x8e2, 0x8e2 },		/* Arabic disputed end of ayah */
	{ 0x180e, 0x180e },		/* Mongolian vowel separator */
	{ 0x200b, 0x200b },		/* zero width space */
	{ 0x200e, 0x200f },		/* direction marks */
	{ 0x2028, 0x202e },		/* separators, embeddings, overrides */
	{ 0x2060, 0x206f },		/* invisible operators, isolates */
	{ 0xd800, 0xf8ff },		/* surrogates, private use */
	{ 0xfdd0, 0xfdef },		/* noncharacters */
	{ 0xfeff, 0xfeff },		/* byte order mark */
	{ 0xfff0, 0xfffb },		/* interlinear annotation */
	{ 0x110bd, 0x110bd },		/* Kaithi number signs */
	{ 0x110cd, 0x110cd },
	{ 0x13430, 0x1343f },		/* Egyptian format controls */
	{ 0x1bca0, 0x1bca3 },		/* shorthand format controls */
	{ 0x1d173, 0x1d17a },		/* musical format controls */
	{ 0xe0000, 0xe00ff },		/* tags */
	{ 0xe01f0, 0xe0fff },
	{ 0xf0000, 0x10ffff }		/* private use */
};

size_t
clean_next(const char *text, size_t len, int32_t *c)
{
	uint32_t	 value;
	size_t		 n;

	if (len == 0)
		return (0);
	if ((n = utf8_get(text, len, &value)) == 0) {
		*c = -1;
		return (1);
	}
	*c = (int32_t)value;
	return (n);
}

int
clean_is_bad(int32_t c)
{
	size_t	 low = 0, high = nitems(bad), middle;

	if (c < 0 || c > 0x10ffff || (c & 0xfffe) == 0xfffe)
		return (1);
	while (low < high) {
		middle = (low + high) / 2;
		if (c > bad[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return (low < nitems(bad) && c >= bad[low].first);
}

/* ---- for a terminal ------------------------------------------------------ */

/*
 * Writes what stands for a character of n octets at p; shown holds SHOWN_MAX.
 * Returns its length.
 */
static size_t
show(char *shown, const char *p, size_t n, int32_t c)
{
	static const char	 from[] = "\n\r\t\\", to[] = "nrt\\";
	const char		*at;

	if (c > 0 && c < 0x80 && (at = strchr(from, c)) != NULL) {
		shown[0] = '\\';
		shown[1] = to[at - from];
		return (2);
	}
	if (c == -1)
		return ((size_t)snprintf(shown, SHOWN_MAX, "\\x%02X",
		    (unsigned char)*p));
	if (clean_is_bad(c))
		return ((size_t)snprintf(shown, SHOWN_MAX, "\\u{%04X}",
		    (unsigned int)c));
	memcpy(shown, p, n);
	return (n);
}

size_t
clean_line(const char *text, size_t len, char *dst, size_t size)
{
	char	 shown[SHOWN_MAX];
	int32_t	 c;
	size_t	 n, m, used = 0;

	if (size == 0)
		return (0);
	for (; (n = clean_next(text, len, &c)) > 0; text += n, len -= n) {
		m = show(shown, text, n, c);
		if (m >= size - used)
			break;
		memcpy(dst + used, shown, m);
		used += m;
	}
	dst[used] = '\0';
	return (used);
}

const char *
clean_word(const char *text)
{
	static char	word[CLEAN_LINE_MAX(128)];

	clean_line(text, strlen(text), word, sizeof(word));
	return (word);
}

void
clean_print(FILE *f, const char *text, size_t len, int multiline)
{
	char	 shown[SHOWN_MAX];
	int32_t	 c;
	size_t	 n, m;

	for (; (n = clean_next(text, len, &c)) > 0; text += n, len -= n) {
		if (multiline && c == '\n') {
			putc('\n', f);
			continue;
		}
		m = show(shown, text, n, c);
		fwrite(shown, 1, m, f);
	}
}

/* ---- JSON ---------------------------------------------------------------- */

/* RFC 8259 7: beyond the basic plane in two halves. */
static void
json_escape(FILE *f, uint32_t c)
{
	if (c < 0x10000) {
		fprintf(f, "\\u%04x", c);
		return;
	}
	c -= 0x10000;
	fprintf(f, "\\u%04x\\u%04x", 0xd800 | c >> 10, 0xdc00 | (c & 0x3ff));
}

void
clean_json(FILE *f, const char *text, size_t len)
{
	int32_t	 c;
	size_t	 n;

	putc('"', f);
	for (; (n = clean_next(text, len, &c)) > 0; text += n, len -= n) {
		if (c == -1)
			fputs("\xef\xbf\xbd", f);
		else if (c == '"' || c == '\\')
			fprintf(f, "\\%c", (char)c);
		else if (c == '\n')
			fputs("\\n", f);
		else if (c == '\t')
			fputs("\\t", f);
		else if (clean_is_bad(c))
			json_escape(f, (uint32_t)c);
		else
			fwrite(text, 1, n, f);
	}
	putc('"', f);
}
