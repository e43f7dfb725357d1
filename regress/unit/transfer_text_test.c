/*
 * What servers say of an upload, or of what went wrong.
 */

/* link: olaf-transfer/text.o */

#include "compat.h"

#include <stdint.h>
#include <string.h>

#include "olaf-transfer/text.h"
#include "test.h"

static int
add_all(struct text_body *b, const char *text)
{
	memset(b, 0, sizeof(*b));
	for (; *text != '\0'; text++)
		if (text_add(b, text, 1) == -1)
			return (-1);
	return (0);
}

static int
error_is(const char *text, const char *wanted)
{
	struct text_body	 b;
	char			 why[16];
	int			 r;

	if (add_all(&b, text) == -1)
		return (0);
	r = text_error(&b, why, sizeof(why));
	text_free(&b);
	return (wanted == NULL ? r == -1 : r == 0 && strcmp(why, wanted) == 0);
}

static int
url_is(const char *text, const char *wanted)
{
	struct text_body	 b;
	char			 url[16];
	int			 r;

	if (add_all(&b, text) == -1)
		return (0);
	r = text_file_url(&b, url, sizeof(url));
	text_free(&b);
	return (wanted == NULL ? r == -1 : r == 0 && strcmp(url, wanted) == 0);
}

static void
test_error(void)
{
	CHECK(error_is("{\"error\":\"no\"}", "no"));
	CHECK(error_is(" {\"a\":[1],\"error\":\"a\\u00e9\"} ", "a\xc3\xa9"));
	CHECK(error_is("{\"error\":\"123456789012345\"}", "123456789012345"));
	CHECK(error_is("{\"error\":\"1234567890123456\"}", "123456789012345"));
	CHECK(error_is("{\"error\":\"12345678901234\xc3\xa9\"}",
	    "12345678901234"));
	CHECK(error_is("{\"error\":\"a\\u0000b\"}", "a"));
	CHECK(error_is("{\"error\":\"\\u0000b\"}", NULL));
	CHECK(error_is("{\"error\":\"\"}", NULL));
	CHECK(error_is("{\"error\":1}", NULL));
	CHECK(error_is("{\"body\":{\"error\":\"x\"}}", NULL));
	CHECK(error_is("{\"error\":\"no\"", NULL));
	CHECK(error_is("<html>", NULL));
	CHECK(error_is("", NULL));
}

static void
test_url(void)
{
	CHECK(url_is("{\"file_url\":\"http://a\"}", "http://a"));
	CHECK(url_is("{\"body\":{\"file_url\":\"http://a\"}}", "http://a"));
	CHECK(url_is("{\"body\":{\"file_url\":\"b\"},\"file_url\":\"a\"}", "a"));
	CHECK(url_is("{\"file_url\":null,\"body\":{\"file_url\":\"b\"}}", "b"));
	CHECK(url_is("{\"file_url\":\"http:\\/\\/a\"}", "http://a"));
	CHECK(url_is("{\"file_url\":\"1234567890123456\"}", NULL));
	CHECK(url_is("{\"file_url\":\"a\\u0000b\"}", NULL));
	CHECK(url_is("{\"file_url\":\"\"}", NULL));
	CHECK(url_is("{\"body\":\"file_url\"}", NULL));
	CHECK(url_is("{\"body\":[{\"file_url\":\"a\"}]}", NULL));
	CHECK(url_is("{\"x\":{\"file_url\":\"a\"}}", NULL));
	CHECK(url_is("[\"file_url\"]", NULL));
	CHECK(url_is("", NULL));
}

static void
test_too_long(void)
{
	static char		 piece[1000];
	struct text_body	 b;
	char			 why[16];
	int			 i;

	memset(piece, ' ', sizeof(piece));
	memset(&b, 0, sizeof(b));
	CHECK(text_add(&b, "{\"error\":\"no\"}", 14) == 0);
	for (i = 0; i < 65; i++)
		CHECK(text_add(&b, piece, sizeof(piece)) == 0);
	CHECK(text_error(&b, why, sizeof(why)) == 0);
	CHECK(text_add(&b, piece, sizeof(piece)) == 0);
	CHECK(b.len == TEXT_MAX && text_error(&b, why, sizeof(why)) == -1);
	text_free(&b);
	CHECK(b.octets == NULL && b.len == 0);
}

static void
test_copy(void)
{
	char	 out[4];

	text_copy(out, sizeof(out), "abcdef", 6);
	CHECK(strcmp(out, "abc") == 0);
	text_copy(out, sizeof(out), "ab\xc3\xa9", 4);
	CHECK(strcmp(out, "ab") == 0);
	text_copy(out, sizeof(out), "a\xff" "b", 3);
	CHECK(strcmp(out, "a") == 0);
	text_copy(out, sizeof(out), "", 0);
	CHECK(out[0] == '\0');
}

int
main(void)
{
	RUN(test_error);
	RUN(test_url);
	RUN(test_too_long);
	RUN(test_copy);
	return (test_done());
}
