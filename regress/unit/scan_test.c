/*
 * The scanner: what RFC 8259 and the protocol allow, what they do not, and the
 * extents that signatures are computed from.
 */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"
#include "test.h"

/* A literal, which may hold NUL octets. */
#define VALUE(s)	scan_copy((s), sizeof(s) - 1, SCAN_DEPTH)

static struct scan	 scan;

/*
 * Scans memory of the exact size, so that a sanitizer sees each read behind
 * it.
 */
static int
scan_copy(const char *text, size_t len, int maxdepth)
{
	enum scan_type	 type;
	char		*copy;
	int		 r;

	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, text, len);
	r = scan_value(&scan, copy + 1, len, maxdepth, &type);
	free(copy);
	return (r);
}

static int
object(const char *text)
{
	return (scan_object(&scan, text, strlen(text), SCAN_DEPTH));
}

static int
span_is(struct scan_span span, const char *text)
{
	return (span.len == strlen(text) &&
	    memcmp(span.p, text, span.len) == 0);
}

static int
member_is(int i, const char *name, const char *value, enum scan_type type,
    int parent)
{
	struct scan_member	*m = &scan.members[i];

	return (i < scan.nmembers && span_is(m->name, name) &&
	    span_is(m->value, value) && m->type == type &&
	    m->parent == parent);
}

static void
test_extents(void)
{
	CHECK(object(" {\"a\" : 1.5e3 ,\"b\":{ \"c\" :[1,{\"x\":2}],"
	    "\"d\":{\"y\":3}, \"e\" : \"f\\n\"} ,\"g\":null,"
	    "\"h\":true,\"i\":false}\r\n\t ") == 0);
	CHECK(scan.nmembers == 8);
	CHECK(member_is(0, "a", "1.5e3", SCAN_NUMBER, -1));
	CHECK(member_is(1, "b", "{ \"c\" :[1,{\"x\":2}],\"d\":{\"y\":3},"
	    " \"e\" : \"f\\n\"}", SCAN_OBJECT, -1));
	CHECK(member_is(2, "c", "[1,{\"x\":2}]", SCAN_ARRAY, 1));
	CHECK(member_is(3, "d", "{\"y\":3}", SCAN_OBJECT, 1));
	CHECK(member_is(4, "e", "\"f\\n\"", SCAN_STRING, 1));
	CHECK(member_is(5, "g", "null", SCAN_NULL, -1));
	CHECK(member_is(6, "h", "true", SCAN_TRUE, -1));
	CHECK(member_is(7, "i", "false", SCAN_FALSE, -1));
}

/* Members of objects in arrays are on no level that is kept. */
static void
test_arrays_keep_nothing(void)
{
	enum scan_type	 type;

	CHECK(object("{\"a\":[{\"b\":1}],\"c\":2}") == 0);
	CHECK(scan.nmembers == 2);
	CHECK(member_is(1, "c", "2", SCAN_NUMBER, -1));
	CHECK(scan_value(&scan, "[{\"b\":1}]", 9, 16, &type) == 0);
	CHECK(type == SCAN_ARRAY && scan.nmembers == 0);
}

static void
test_types(void)
{
	static const struct {
		const char	*text;
		enum scan_type	 type;
	} cases[] = {
		{ "null", SCAN_NULL }, { " false", SCAN_FALSE },
		{ "true ", SCAN_TRUE }, { "-0", SCAN_NUMBER },
		{ "\"\"", SCAN_STRING }, { "[]", SCAN_ARRAY },
		{ "{}", SCAN_OBJECT }
	};
	enum scan_type	 type;
	size_t		 i;

	for (i = 0; i < nitems(cases); i++) {
		CHECK(scan_value(&scan, cases[i].text, strlen(cases[i].text),
		    SCAN_DEPTH, &type) == 0);
		CHECK(type == cases[i].type && scan.nmembers == 0);
		CHECK((object(cases[i].text) == 0) == (type == SCAN_OBJECT));
	}
}

static void
test_numbers(void)
{
	CHECK(VALUE("0") == 0);
	CHECK(VALUE("-0") == 0);
	CHECK(VALUE("-1") == 0);
	CHECK(VALUE("10") == 0);
	CHECK(VALUE("0.0") == 0);
	CHECK(VALUE("0e0") == 0);
	CHECK(VALUE("1E+1") == 0);
	CHECK(VALUE("1e-07") == 0);
	CHECK(VALUE("-1.50e99999") == 0);
	CHECK(VALUE("123456789012345678901234567890") == 0);
	CHECK(VALUE("-") == -1);
	CHECK(VALUE("+1") == -1);
	CHECK(VALUE("00") == -1);
	CHECK(VALUE("01") == -1);
	CHECK(VALUE("-01") == -1);
	CHECK(VALUE("1.") == -1);
	CHECK(VALUE(".5") == -1);
	CHECK(VALUE("1.e1") == -1);
	CHECK(VALUE("1e") == -1);
	CHECK(VALUE("1e+") == -1);
	CHECK(VALUE("1e+-1") == -1);
	CHECK(VALUE("1e1.5") == -1);
	CHECK(VALUE("1 2") == -1);
	CHECK(VALUE("0x10") == -1);
	CHECK(VALUE("NaN") == -1);
	CHECK(VALUE("Infinity") == -1);
	CHECK(VALUE("-Infinity") == -1);
	CHECK(VALUE("1a") == -1);
}

static void
test_structure(void)
{
	CHECK(VALUE("[1 , 2,[ ] ,{ } ]") == 0);
	CHECK(VALUE("{\"a\":1 , \"b\":{}}") == 0);
	CHECK(VALUE("") == -1);
	CHECK(VALUE("  ") == -1);
	CHECK(VALUE("[1,]") == -1);
	CHECK(VALUE("[,1]") == -1);
	CHECK(VALUE("[1 2]") == -1);
	CHECK(VALUE("[1}") == -1);
	CHECK(VALUE("]") == -1);
	CHECK(VALUE("{\"a\":1,}") == -1);
	CHECK(VALUE("{,}") == -1);
	CHECK(VALUE("{\"a\"}") == -1);
	CHECK(VALUE("{\"a\",1}") == -1);
	CHECK(VALUE("{\"a\":}") == -1);
	CHECK(VALUE("{\"a\" 1}") == -1);
	CHECK(VALUE("{\"a\":1 \"b\":2}") == -1);
	CHECK(VALUE("{\"a\":1]") == -1);
	CHECK(VALUE("{a:1}") == -1);
	CHECK(VALUE("{'a':1}") == -1);
	CHECK(VALUE("{1:1}") == -1);
	CHECK(VALUE("{null:1}") == -1);
	CHECK(VALUE("nul") == -1);
	CHECK(VALUE("nulL") == -1);
	CHECK(VALUE("True") == -1);
	CHECK(VALUE("truefalse") == -1);
	CHECK(VALUE("/**/1") == -1);
	CHECK(VALUE("{}//") == -1);
}

static void
test_around(void)
{
	CHECK(VALUE(" \t\r\n{}\n\r\t ") == 0);
	CHECK(VALUE("{}{}") == -1);
	CHECK(VALUE("{},") == -1);
	CHECK(VALUE("{}x") == -1);
	CHECK(VALUE("{}\0") == -1);
	CHECK(VALUE("\0{}") == -1);
	CHECK(VALUE("\v{}") == -1);
	CHECK(VALUE("{}\f") == -1);
	CHECK(VALUE("\xc2\xa0{}") == -1);
	CHECK(VALUE("\xef\xbb\xbf{}") == -1);	/* byte order mark */
}

static void
test_strings(void)
{
	CHECK(VALUE("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uFFFF\"") == 0);
	CHECK(VALUE("\"\x7f\"") == 0);
	CHECK(VALUE("\"\\u0000\"") == 0);
	CHECK(VALUE("\"") == -1);
	CHECK(VALUE("\"a") == -1);
	CHECK(VALUE("\"\\\"") == -1);
	CHECK(VALUE("\"\\a\"") == -1);
	CHECK(VALUE("\"\\'\"") == -1);
	CHECK(VALUE("\"\\0\"") == -1);
	CHECK(VALUE("\"\\x41\"") == -1);
	CHECK(VALUE("\"\\U0041\"") == -1);
	CHECK(VALUE("\"\\u004\"") == -1);
	CHECK(VALUE("\"\\u004g\"") == -1);
	CHECK(VALUE("\"\\u 041\"") == -1);
	CHECK(VALUE("\"\\u+041\"") == -1);
	CHECK(VALUE("\"\\\n\"") == -1);
}

/* In each place of a string longer than the words that are read at once. */
static void
test_each_octet_in_strings(void)
{
	char	 text[22];
	size_t	 place;
	int	 c;

	for (place = 1; place < sizeof(text) - 1; place++) {
		for (c = 0; c < 256; c++) {
			memset(text, 'a', sizeof(text));
			text[0] = text[sizeof(text) - 1] = '"';
			text[place] = c;
			CHECK((scan_copy(text, sizeof(text), 1) == 0) ==
			    (c >= ' ' && c < 0x80 && c != '"' && c != '\\'));
		}
	}
}

static void
test_surrogates(void)
{
	CHECK(VALUE("\"\\ud83d\\ude00\"") == 0);
	CHECK(VALUE("\"\\uD800\\uDC00\"") == 0);
	CHECK(VALUE("\"\\udbff\\udfff\"") == 0);
	CHECK(VALUE("\"\\ud7ff\\ue000\"") == 0);
	CHECK(VALUE("\"\\ud800\"") == -1);
	CHECK(VALUE("\"\\ud800x\"") == -1);
	CHECK(VALUE("\"\\ud800\\n\"") == -1);
	CHECK(VALUE("\"\\ud800\\u0041\"") == -1);
	CHECK(VALUE("\"\\ud800\\ud800\"") == -1);
	CHECK(VALUE("\"\\udc00\"") == -1);
	CHECK(VALUE("\"\\udc00\\ud800\"") == -1);
	CHECK(VALUE("\"\\ud800\\udc0\"") == -1);
	CHECK(VALUE("\"\\ud800\\udc0g\"") == -1);
	CHECK(VALUE("{\"\\ud800\":1}") == -1);
}

static void
test_utf8(void)
{
	CHECK(VALUE("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"") == 0);
	CHECK(VALUE("{\"\xc3\xa9\":\"\xf4\x8f\xbf\xbf\"}") == 0);
	CHECK(VALUE("\"\xc0\x80\"") == -1);
	CHECK(VALUE("\"\xc1\xbf\"") == -1);
	CHECK(VALUE("\"\xe0\x9f\xbf\"") == -1);
	CHECK(VALUE("\"\xed\xa0\x80\"") == -1);
	CHECK(VALUE("\"\xf0\x8f\xbf\xbf\"") == -1);
	CHECK(VALUE("\"\xf4\x90\x80\x80\"") == -1);
	CHECK(VALUE("\"\x80\"") == -1);
	CHECK(VALUE("\"\xe2\x82\"") == -1);
	CHECK(VALUE("\"\xe2\\u0082\"") == -1);
	CHECK(VALUE("\"\xff\"") == -1);
	CHECK(VALUE("{\"\xe2\":1}") == -1);
	CHECK(VALUE("\xc3\xa9") == -1);
}

static int
nested(int depth, const char *open, const char *close, int maxdepth)
{
	char	 text[512] = "";
	int	 i;

	for (i = 0; i < depth; i++)
		strlcat(text, open, sizeof(text));
	strlcat(text, "0", sizeof(text));
	for (i = 0; i < depth; i++)
		strlcat(text, close, sizeof(text));
	return (scan_copy(text, strlen(text), maxdepth));
}

static void
test_depth(void)
{
	CHECK(nested(SCAN_DEPTH, "[", "]", SCAN_DEPTH) == 0);
	CHECK(nested(SCAN_DEPTH + 1, "[", "]", SCAN_DEPTH) == -1);
	CHECK(nested(SCAN_DEPTH, "{\"a\":", "}", SCAN_DEPTH) == 0);
	CHECK(nested(SCAN_DEPTH + 1, "{\"a\":", "}", SCAN_DEPTH) == -1);
	CHECK(nested(2, "[{\"a\":", "}]", 4) == 0);
	CHECK(nested(2, "[{\"a\":", "}]", 3) == -1);
	CHECK(nested(0, "[", "]", 0) == 0);
	CHECK(nested(1, "[", "]", 0) == -1);
	CHECK(scan_copy("[[],[],{},[]]", 13, 2) == 0);
}

/* What is an object to whoever counts brackets. */
static void
test_whole(void)
{
	static const char *const	whole[] = {
		"{}", " {\"a\":NaN}\n", "{\"a\":1,\"a\":2}", "{,}",
		"{\"}\":\"\\\"}\"}", "{\"a\":[[[]]]}"
	};
	static const char *const	broken[] = {
		"", " ", "{", "}", "[]", "x", "\"{}\"", "{}{}", "{} x", "{\"}",
		"{\"\\\"}", "{\"\\", "{[}", "[{}]"
	};
	size_t				i;

	for (i = 0; i < nitems(whole); i++)
		CHECK(scan_is_whole(whole[i], strlen(whole[i])));
	for (i = 0; i < nitems(broken); i++)
		CHECK(!scan_is_whole(broken[i], strlen(broken[i])));
}

static void
test_duplicates(void)
{
	CHECK(VALUE("{\"a\":1,\"b\":2,\"a\":3}") == -1);
	CHECK(VALUE("{\"\":1,\"\":2}") == -1);
	CHECK(VALUE("{\"a\":1,\"A\":2,\"aa\":3,\"\":4}") == 0);
	CHECK(VALUE("{\"a\":{\"a\":{\"a\":1}}}") == 0);
	CHECK(VALUE("{\"a\":{\"b\":1},\"b\":{\"a\":1}}") == 0);
	CHECK(VALUE("{\"a\":{\"b\":1},\"a\":2}") == -1);
	CHECK(VALUE("{\"a\":{\"c\":1,\"b\":1,\"c\":1}}") == -1);
	CHECK(VALUE("[[{\"x\":[{\"b\":1,\"b\":1}]}]]") == -1);
	CHECK(VALUE("{\"a\":[{\"b\":1},{\"b\":1}]}") == 0);
}

static void
test_duplicates_by_escape(void)
{
	CHECK(VALUE("{\"a\":1,\"\\u0061\":2}") == -1);
	CHECK(VALUE("{\"\\u0061\":1,\"a\":2}") == -1);
	CHECK(VALUE("{\"\\u006A\":1,\"\\u006a\":2}") == -1);
	CHECK(VALUE("{\"/\":1,\"\\/\":2}") == -1);
	CHECK(VALUE("{\"\\n\":1,\"\\u000a\":2}") == -1);
	CHECK(VALUE("{\"\xc3\xa9\":1,\"\\u00e9\":2}") == -1);
	CHECK(VALUE("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}") == -1);
	CHECK(VALUE("{\"a\\u0000b\":1,\"a\\u0000b\":2}") == -1);
	CHECK(VALUE("{\"a\\u0000b\":1,\"a\":2,\"a\\u0000\":3}") == 0);
	CHECK(VALUE("{\"\\\\u0061\":1,\"a\":2}") == 0);
	CHECK(VALUE("{\"\\u0061\":1,\"b\":2,\"u0061\":3}") == 0);
	/* An escape in an inner object or a value is not the outer's. */
	CHECK(VALUE("{\"a\":{\"\\u0061\":\"\\u0061\"}}") == 0);
}

/* n members named by number; the one at twice has another's name. */
static int
many(const char *prefix, int n, int twice)
{
	char	*text, *p;
	int	 i, r;

	if ((text = malloc(n * 64 + 3)) == NULL)
		abort();
	p = text;
	*p++ = '{';
	for (i = 0; i < n; i++) {
		p += snprintf(p, 64, "%s\"%s%06d\":0", i == 0 ? "" : ",",
		    prefix, i == twice ? n / 2 : i);
	}
	*p++ = '}';
	r = scan_copy(text, p - text, 1);
	free(text);
	return (r);
}

/* Around the size from which names are sorted, and as many as there may be. */
static void
test_many_members(void)
{
	static const char	*prefixes[] = {
		"", "\\u0061", "a long name before the number"
	};
	size_t			 i;
	int			 n;

	for (i = 0; i < nitems(prefixes); i++) {
		for (n = 2; n < 100; n++) {
			CHECK(many(prefixes[i], n, -1) == 0);
			CHECK(many(prefixes[i], n, n - 1) ==
			    (n / 2 == n - 1 ? 0 : -1));
			CHECK(many(prefixes[i], n, 0) == -1);
		}
		CHECK(many(prefixes[i], SCAN_NAMES, -1) == 0);
		CHECK(many(prefixes[i], SCAN_NAMES, 0) == -1);
		CHECK(many(prefixes[i], SCAN_NAMES, SCAN_NAMES - 1) == -1);
		CHECK(many(prefixes[i], SCAN_NAMES + 1, -1) == -1);
	}
}

/* Each object has as many as there may be, or the last one more. */
static int
many_objects(int more)
{
	char	*text, *p;
	int	 i, j, r;

	if ((text = malloc(4 * (SCAN_NAMES + 1) * 16)) == NULL)
		abort();
	p = text;
	for (i = 0; i < 3; i++) {
		p += snprintf(p, 16, i == 0 ? "[{" : ",{");
		for (j = 0; j < SCAN_NAMES + (i == 2 && more); j++)
			p += snprintf(p, 16, "%s\"%d\":{}", j == 0 ? "" : ",",
			    j);
		*p++ = '}';
	}
	*p++ = ']';
	r = scan_copy(text, p - text, SCAN_DEPTH);
	free(text);
	return (r);
}

static void
test_many_objects(void)
{
	CHECK(many_objects(0) == 0);
	CHECK(many_objects(1) == -1);
}

/* Members beyond those kept are judged all the same. */
static void
test_kept_members(void)
{
	char	 text[16384];
	int	 i, n;

	n = snprintf(text, sizeof(text), "{\"first\":{");
	for (i = 0; i < SCAN_MEMBERS; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s\"%d\":{\"x\":0}",
		    i == 0 ? "" : ",", i);
	snprintf(text + n, sizeof(text) - n, "},\"last\":{\"y\":0}}");
	CHECK(object(text) == 0);
	CHECK(scan.nmembers == SCAN_MEMBERS);
	CHECK(scan_find(&scan, -1, "first") == &scan.members[0]);
	CHECK(scan_find(&scan, -1, "last") == NULL);
	CHECK(member_is(1, "0", "{\"x\":0}", SCAN_OBJECT, 0));
	snprintf(text + n, sizeof(text) - n, "},\"last\":{\"y\":0,\"y\":1}}");
	CHECK(object(text) == -1);
	CHECK(scan.nmembers == 0);
}

static void
test_every_truncation(void)
{
	static const char	 text[] =
				    "{\"type\":\"signed_data\",\"data\":{\"m\":\"\\u00e9"
				    "\xc3\xa9\\ud83d\\ude00\\n\",\"n\":[-1.5e+7,null,"
				    "true,false,{}]},\"counter\":12}";
	size_t			 len;

	for (len = 0; len < sizeof(text) - 1; len++)
		CHECK(scan_copy(text, len, SCAN_DEPTH) == -1);
	CHECK(VALUE("{\"type\":1}") == 0);
	CHECK(scan_copy(text, len, SCAN_DEPTH) == 0);
}

static void
test_find(void)
{
	CHECK(object("{\"\\u0074ype\":1,\"data\":{\"type\":2,\"typ\":3,"
	    "\"types\":4},\"a\\u0000b\":5,\"\":6}") == 0);
	CHECK(scan_find(&scan, -1, "type") == &scan.members[0]);
	CHECK(scan_find(&scan, 1, "type") == &scan.members[2]);
	CHECK(scan_find(&scan, 1, "typ") == &scan.members[3]);
	CHECK(scan_find(&scan, -1, "typ") == NULL);
	CHECK(scan_find(&scan, 0, "type") == NULL);
	CHECK(scan_find(&scan, -1, "a") == NULL);
	CHECK(scan_find(&scan, -1, "") == &scan.members[6]);
	CHECK(object("{\"\xc3\xa9\":1}") == 0);
	CHECK(scan_find(&scan, -1, "\xc3\xa9") == &scan.members[0]);
	CHECK(object("{\"\\u00e9\":1}") == 0);
	CHECK(scan_find(&scan, -1, "\xc3\xa9") == &scan.members[0]);
	CHECK(scan_find(&scan, -1, "\\u00e9") == NULL);
}

static int
unescapes_to(const char *value, const char *expected, size_t len)
{
	struct scan_span	 span = { value, strlen(value) };
	char			*dst;
	int			 equal;

	if ((dst = malloc(span.len)) == NULL)
		abort();
	equal = scan_unescape(span, dst) == len &&
	    memcmp(dst, expected, len) == 0;
	free(dst);
	return (equal);
}

static void
test_unescape(void)
{
	CHECK(unescapes_to("\"\"", "", 0));
	CHECK(unescapes_to("\"plain\"", "plain", 5));
	CHECK(unescapes_to("\"a\\\"b\\\\c\\/d\"", "a\"b\\c/d", 7));
	CHECK(unescapes_to("\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t", 5));
	CHECK(unescapes_to("\"x\\u0000y\"", "x\0y", 3));
	CHECK(unescapes_to("\"\\u007f\\u0080\"", "\x7f\xc2\x80", 3));
	CHECK(unescapes_to("\"\\u07FF\\u0800\"", "\xdf\xbf\xe0\xa0\x80", 5));
	CHECK(unescapes_to("\"\\uffff\"", "\xef\xbf\xbf", 3));
	CHECK(unescapes_to("\"\\ud800\\udc00\"", "\xf0\x90\x80\x80", 4));
	CHECK(unescapes_to("\"\\uDBFF\\uDFFFz\"", "\xf4\x8f\xbf\xbfz", 5));
	CHECK(unescapes_to("\"\xe2\x82\xac\\\\n\"", "\xe2\x82\xac\\n", 5));
}

int
main(void)
{
	RUN(test_extents);
	RUN(test_arrays_keep_nothing);
	RUN(test_types);
	RUN(test_numbers);
	RUN(test_structure);
	RUN(test_around);
	RUN(test_strings);
	RUN(test_each_octet_in_strings);
	RUN(test_surrogates);
	RUN(test_utf8);
	RUN(test_depth);
	RUN(test_whole);
	RUN(test_duplicates);
	RUN(test_duplicates_by_escape);
	RUN(test_many_members);
	RUN(test_many_objects);
	RUN(test_kept_members);
	RUN(test_every_truncation);
	RUN(test_find);
	RUN(test_unescape);
	scan_cleanup();
	return (test_done());
}
