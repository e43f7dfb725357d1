/*
 * Heads of a form's parts, as clients of all kinds write them.
 */

/* link: olaf-front/part.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "part.h"
#include "test.h"

#define FORM	"Content-Disposition: form-data; "

static struct part	 part;

/*
 * Reads memory of the exact size, so that a sanitizer sees any excess.  It is
 * kept until the next call, for part points into it.
 */
static int
read_copy(const char *head, size_t len)
{
	static char	*copy;

	free(copy);
	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, head, len);
	return (part_read(&part, copy + 1, len));
}

static int
text_is(struct http_span span, const char *text)
{
	return (span.p != NULL && span.len == strlen(text) &&
	    memcmp(span.p, text, span.len) == 0);
}

/* Values of Content-Disposition; filename is NULL if there is none. */
static const struct {
	const char	*value;
	const char	*name;
	const char	*filename;
} dispositions[] = {
	/* Browsers, curl */
	{ "form-data; name=\"a\"", "a", NULL },
	{ "form-data; name=\"a\"; filename=\"b c.txt\"", "a", "b c.txt" },
	{ "form-data; name=\"a\"; filename=\"\"", "a", "" },
	{ "form-data; name=\"\"; filename=\"b\"", "", "b" },
	{ "form-data; name=\"a\"; filename=\"\xc3\xbc;=.txt\"", "a",
	    "\xc3\xbc;=.txt" },
	{ "form-data; name=\"a\"; filename=\"\xfc\x01\"", "a", "\xfc\x01" },
	{ "form-data; name=\"%22%0D%0A\"; filename=\"%22%0D%0A%0d%0a%20%%2\"",
	    "\"\r\n", "\"\r\n%0d%0a%20%%2" },
	{ "form-data; name=\"a\"; filename=\"%2522\"", "a", "%2522" },
	{ "form-data; name=\"\\\"\\\\\"; filename=\"a\\\"b\\\\c\\\\\"", "\"\\",
	    "a\"b\\c\\" },
	{ "form-data; name=\"a\"; filename=\"\\\\\\\"%22\"", "a", "\\\"\"" },
	/* Old ones, with paths */
	{ "form-data; name=\"a\"; filename=\"C:\\dir\\b.txt\"", "a",
	    "C:\\dir\\b.txt" },
	/* Unquoted */
	{ "form-data; name=a; filename=b.txt", "a", "b.txt" },
	{ "form-data;name=a;filename=b c%22\\\xc3\xbc ;", "a",
	    "b c%22\\\xc3\xbc" },
	{ "form-data; name=; filename=", "", "" },
	/* RFC 8187, though RFC 7578 forbids it */
	{ "form-data; name=\"a\"; filename*=utf-8''%E2%82%ac%20x.txt", "a",
	    "\xe2\x82\xac x.txt" },
	{ "form-data; name=\"a\"; filename=\"b\"; filename*=UTF-8'en'%c3%bc",
	    "a", "\xc3\xbc" },
	{ "form-data; filename*=UTF-8''c; filename=\"b\"; name=\"a\"", "a", "c" },
	{ "form-data; name*=utf-8''%C3%BC; name=\"u\"", "\xc3\xbc", NULL },
	{ "form-data; name=a; filename*=UTF-8''", "a", "" },
	{ "form-data; name=a; filename*=\"UTF-8''%41\"", "a", "A" },
	/* What is none in UTF-8 does not count, but this is a file. */
	{ "form-data; name=a; filename=b; filename*=ISO-8859-1''%fc", "a", "b" },
	{ "form-data; name=a; filename=b; filename*=UTF-8''%fc", "a", "b" },
	{ "form-data; name=a; filename=b; filename*=UTF-8''%c3", "a", "b" },
	{ "form-data; name=a; filename=b; filename*=UTF-8''%c", "a", "b" },
	{ "form-data; name=a; filename=b; filename*=UTF-8''%", "a", "b" },
	{ "form-data; name=a; filename=b; filename*=UTF-8''%xy", "a", "b" },
	{ "form-data; name=a; filename=b; filename*=UTF-8'c", "a", "b" },
	{ "form-data; name=a; filename=b; filename*=c", "a", "b" },
	{ "form-data; name=a; filename=b; filename*=", "a", "b" },
	{ "form-data; name=a; filename*=''c", "a", "" },
	/* Nothing, and other things */
	{ "form-data", "", NULL },
	{ "form-data;", "", NULL },
	{ "form-data; x=y", "", NULL },
	{ "", "", NULL },
	{ "attachment; name=a; filename=b", "", NULL },
	{ " \tFORM-DATA\t; NAME=\"a\" ; ; FileName=\"b\" \t", "a", "b" },
	{ "form-data; size=1; name=\"a\"; filename=\"b\"; x=\"\\\"\"", "a", "b" },
	{ "form-data; name=\"filename=\\\"x\\\"\"", "filename=\"x\"", NULL }
};

static int
disposition_good(const char *value, const char *name, const char *filename)
{
	char	 head[512];

	snprintf(head, sizeof(head), "Content-Disposition:%s\r\n\r\n", value);
	if (read_copy(head, strlen(head)) == -1 ||
	    !text_is(part.name, name) || part.type.len != 0 ||
	    part.has_filename != (filename != NULL))
		return (0);
	return (text_is(part.filename, filename == NULL ? "" : filename));
}

static void
test_dispositions(void)
{
	size_t	 i;
	int	 ok;

	for (i = 0; i < nitems(dispositions); i++) {
		ok = disposition_good(dispositions[i].value,
		    dispositions[i].name, dispositions[i].filename);
		CHECK(ok);
		if (!ok)
			fprintf(stderr, "%s: %.*s, %.*s\n",
			    dispositions[i].value, (int)part.name.len,
			    part.name.p, (int)part.filename.len,
			    part.filename.p);
	}
}

static void
test_nul(void)
{
	static const char	 head[] = FORM "filename*=UTF-8''%00'\r\n";

	CHECK(read_copy(head, sizeof(head) - 1) == 0);
	CHECK(part.has_filename && part.filename.len == 2);
	CHECK(memcmp(part.filename.p, "\0'", 2) == 0);
}

static void
test_bad_heads(void)
{
	static const char	*const bad[] = {
		FORM "name=\"a\r\n",
		FORM "name=\"a\\\"\r\n",
		FORM "name=\"a\\\r\n",
		FORM "name=\"a\"x\r\n",
		FORM "name=\"a\" \"b\"\r\n",
		FORM "name\r\n",
		FORM "name =a\r\n",
		FORM "=a\r\n",
		FORM "(=a\r\n",
		FORM "name=a; filename\r\n",
		FORM "name=a; name=b\r\n",
		FORM "name=a; NAME=a\r\n",
		FORM "filename=\"a\"; filename=\"a\"\r\n",
		FORM "filename*=UTF-8''a; filename*=UTF-8''a\r\n",
		FORM "name=a\r\ncontent-disposition: form-data\r\n",
		"Content-Type: a/b\r\ncontent-type: a/b\r\n",
		"Content-Type : a/b\r\n",
		"Content-Type\r\n",
		": a\r\n",
		" a: b\r\n",
		"\tb: c\r\n",
		"a b: c\r\n",
		"\xc3\xbc: a\r\n",
		FORM "name=a",
		FORM "name=a\r",
		FORM "name=a\r\nx\r\n"
	};
	size_t			 i;

	for (i = 0; i < nitems(bad); i++) {
		if (read_copy(bad[i], strlen(bad[i])) == -1)
			continue;
		CHECK(0);
		fprintf(stderr, "%s\n", bad[i]);
	}
}

static void
test_whole_heads(void)
{
	static const char	 requests[] =
	    "content-disposition: form-data; name=\"a\"; filename=\"b\"\r\n"
	    "Content-Type: \t text/plain; charset=utf-8 \r\n"
	    "Content-Transfer-Encoding: binary\r\n"
	    "X:\r\n\r\n";

	CHECK(read_copy(requests, sizeof(requests) - 1) == 0);
	CHECK(text_is(part.name, "a") && text_is(part.filename, "b"));
	CHECK(text_is(part.type, "text/plain; charset=utf-8"));
	CHECK(read_copy("\r\n", 2) == 0);
	CHECK(text_is(part.name, "") && text_is(part.filename, ""));
	CHECK(text_is(part.type, "") && !part.has_filename);
	CHECK(read_copy("", 0) == 0 && text_is(part.name, ""));
}

/* RFC 5322 2.2.3 */
static void
test_folding(void)
{
	static const char	 head[] =
	    "Content-Disposition:\r\n form-data;\r\n\t\r\n name=\"a\";\r\n"
	    "\tfilename=\"b\r\n c\"\r\nContent-Type: x/y\r\n\r\n";

	CHECK(read_copy(head, sizeof(head) - 1) == 0);
	CHECK(text_is(part.name, "a") && text_is(part.type, "x/y"));
	CHECK(text_is(part.filename, "b   c"));
}

static int
type_length(size_t len, char c)
{
	char	 head[512] = "Content-Type: ";

	memset(head + 14, 'a', len);
	head[14 + len / 2] = c;
	memcpy(head + 14 + len, "\r\n", 2);
	CHECK(read_copy(head, 16 + len) == 0);
	return (part.type.len);
}

/* What is too long, or not printable, is dropped. */
static void
test_types(void)
{
	CHECK(type_length(3, '/') == 3);
	CHECK(type_length(3, ' ') == 3 && type_length(3, '~') == 3);
	CHECK(type_length(PART_TYPE_MAX, '/') == PART_TYPE_MAX);
	CHECK(type_length(PART_TYPE_MAX + 1, '/') == 0);
	CHECK(type_length(3, '\x80') == 0);
	CHECK(type_length(3, '\x01') == 0);
	CHECK(type_length(3, '\x7f') == 0);
	CHECK(type_length(3, '\t') == 0);
	CHECK(type_length(3, '\xff') == 0);
}

int
main(void)
{
	RUN(test_dispositions);
	RUN(test_nul);
	RUN(test_bad_heads);
	RUN(test_whole_heads);
	RUN(test_folding);
	RUN(test_types);
	return (test_done());
}
