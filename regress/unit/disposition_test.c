/*
 * How servers say what a file is called: Content-Disposition and URLs.
 */

/* link: olaf-transfer/disposition.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "olaf-transfer/disposition.h"
#include "test.h"

/*
 * Reads memory of the exact size, so that a sanitizer sees any excess.
 */
static int
read_copy(const char *value, size_t len, char name[FILENAME_SIZE])
{
	char	*copy;
	int	 r;

	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, value, len);
	r = disposition_read(copy + 1, len, name);
	free(copy);
	return (r);
}

static int
says(const char *value, const char *wanted)
{
	char	 name[FILENAME_SIZE] = "untouched";
	int	 r, ok;

	r = read_copy(value, strlen(value), name);
	if (wanted == NULL)
		ok = r == -1 && strcmp(name, "untouched") == 0;
	else
		ok = r == 0 && strcmp(name, wanted) == 0;
	if (!ok)
		fprintf(stderr, "%s: %d, %s\n", value, r, name);
	return (ok);
}

static void
test_plain(void)
{
	/* RFC 6266 5 */
	CHECK(says("Attachment; filename=example.html", "example.html"));
	CHECK(says("INLINE; FILENAME= \"an example.html\"",
	    "an example.html"));
	CHECK(says("INLINE; FILENAME=\"an example.html\"", "an example.html"));
	CHECK(says("attachment;filename=a", "a"));
	CHECK(says("attachment  ;  filename=\"a;b=c\"  ", "a;b=c"));
	CHECK(says("attachment; size=1; filename=a; x=\"y\"", "a"));
	CHECK(says("attachment; filename=two words.txt", "two words.txt"));
	CHECK(says("form-data; name=\"f\"; filename=\"a\"", "a"));
}

static void
test_quotes(void)
{
	CHECK(says("a; filename=\"a\\\"b\\\\c\"", "c"));
	CHECK(says("a; filename=\"a\\\"b\"", "a\"b"));
	CHECK(says("a; filename=\"C:\\dir\\x.txt\"", "x.txt"));
	CHECK(says("a; filename=\"a%20b\"", "a%20b"));
	CHECK(says("a; filename=\"a", NULL));
	CHECK(says("a; filename=\"a\\\"", NULL));
	CHECK(says("a; filename=\"a\" b", NULL));
	CHECK(says("a; filename= \"a;b\"", NULL));
	CHECK(says("a; filename= \"a\\\"b\"", NULL));
	CHECK(says("a; filename=a\"b", NULL));
	CHECK(says("a; filename= \"", NULL));
}

static void
test_extended(void)
{
	/* RFC 6266 5, RFC 8187 3.2.3 */
	CHECK(says("attachment; filename*= UTF-8''%e2%82%ac%20rates",
	    "\xe2\x82\xac rates"));
	CHECK(says("attachment; filename=\"EURO rates\"; "
	    "filename*=utf-8''%e2%82%ac%20rates", "\xe2\x82\xac rates"));
	CHECK(says("attachment; filename*=utf-8'en'a; filename=b", "a"));
	/* What cannot be read leaves the plain one. */
	CHECK(says("a; filename=b; filename*=iso-8859-1''%A3", "b"));
	CHECK(says("a; filename=b; filename*=UTF-8''%A3", "b"));
	CHECK(says("a; filename=b; filename*=UTF-8''%4", "b"));
	CHECK(says("a; filename=b; filename*=UTF-8''%4g", "b"));
	CHECK(says("a; filename=b; filename*=\"UTF-8''x\"", "b"));
	CHECK(says("a; filename=b; filename*=UTF-8'x", "b"));
	CHECK(says("a; filename=b; filename*=x", "b"));
	CHECK(says("a; filename*=UTF-8''%ff", NULL));
}

static void
test_hostile(void)
{
	char	 name[FILENAME_SIZE];
	size_t	 i;

	CHECK(says("a; filename=\"../../etc/passwd\"", "passwd"));
	CHECK(says("a; filename=\"..\"", "file"));
	CHECK(says("a; filename=\".\"", "file"));
	CHECK(says("a; filename=/", "file"));
	CHECK(says("a; filename*=UTF-8''..%2f..%2Fx", "x"));
	CHECK(says("a; filename*=UTF-8''a%00%0d%0a%1bb", "ab"));
	CHECK(says("a; filename*=UTF-8''exe%E2%80%AEgpj.txt", "exegpj.txt"));
	CHECK(says("a; filename=\"\xff\"", "_"));
	CHECK(says("a; filename=\"\x1b[31m\x07\"", "[31m"));
	CHECK(read_copy("a; filename=\"a\0b\"", 17, name) == 0 &&
	    strcmp(name, "ab") == 0);
	for (i = 1; i < 256; i++)	/* nothing in the place of the blank */
		if (i != ' ' && i != '\t' && i != ';') {
			char	 value[] = "a;?filename=b";

			value[2] = (char)i;
			CHECK(says(value, NULL));
		}
}

static void
test_none(void)
{
	static const char *const	 values[] = { "", ";", "attachment",
	    "attachment;", "filename=a", "=a; filename=b", "a b; filename=c",
	    "a; filename", "a; filename=", "a; filename=\"\"", "a; =b",
	    "a; filename=a; filename=b",
	    "a; filename*=UTF-8''a; filename*=UTF-8''b",
	    "a, filename=b", "a; filename =b", "a; filename*=UTF-8''", "a; xfilename=b" };
	size_t				 i;

	for (i = 0; i < nitems(values); i++)
		CHECK(says(values[i], NULL));
}

static void
test_long(void)
{
	static char	 value[65536];
	char		 name[FILENAME_SIZE];
	size_t		 n;

	n = strlcpy(value, "a; filename=\"", sizeof(value));
	memset(value + n, 'x', 4096);
	strlcpy(value + n + 4096, "\"", sizeof(value) - n - 4096);
	CHECK(read_copy(value, n + 4097, name) == 0 && strlen(name) == 255);
	memset(value + n, 'x', 4097);
	strlcpy(value + n + 4097, "\"", sizeof(value) - n - 4097);
	CHECK(read_copy(value, n + 4098, name) == -1);
}

/* Cut anywhere, it is read without harm, and never yields a longer name. */
static void
test_cuts(void)
{
	static const char	 value[] = "attachment; filename=\"a\\\"b\"; "
	    "filename*=UTF-8'en'%e2%82%ac%20x";
	char			 name[FILENAME_SIZE];
	size_t			 i;

	for (i = 0; i < sizeof(value); i++)
		if (read_copy(value, i, name) == 0)
			CHECK(strlen(name) <= 5);
}

static int
url_says(const char *url, const char *wanted)
{
	char	 name[FILENAME_SIZE];
	int	 r = disposition_of_url(url, name);

	return (wanted == NULL ? r == -1 : r == 0 && strcmp(name, wanted) == 0);
}

static void
test_url(void)
{
	CHECK(url_says("http://h/files/a.txt", "a.txt"));
	CHECK(url_says("https://h:1/a%20b?x=/y#/z", "a b"));
	CHECK(url_says("http://h/%2e%2e%2fx", "x"));
	CHECK(url_says("http://h/a%2", "a%2"));
	CHECK(url_says("http://h/a%zz%41", "a%zzA"));
	CHECK(url_says("http://h/..", "file"));
	CHECK(url_says("http://h", NULL));
	CHECK(url_says("http://h/", NULL));
	CHECK(url_says("http://h/a/", NULL));
	CHECK(url_says("http://h?/a", NULL));
	CHECK(url_says("http://h/%1b%5b", "["));
	CHECK(url_says("", NULL));
}

int
main(void)
{
	RUN(test_plain);
	RUN(test_quotes);
	RUN(test_extended);
	RUN(test_hostile);
	RUN(test_none);
	RUN(test_long);
	RUN(test_cuts);
	RUN(test_url);
	return (test_done());
}
