/*
 * Forms in parts: what is content and what is not, however the input is cut.
 * Heads of parts have a test of their own.
 */

/* link: olaf-front/multipart.o olaf-front/part.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "multipart.h"
#include "test.h"

#define OUT_MAX		65536
#define PART		"Content-Disposition: form-data; name=\"a\"\r\n\r\n"

static struct multipart	 m;
static char		 out[OUT_MAX];	/* what was read, see put */
static size_t		 nout;
static int		 status, events;

static void
begin(const char *boundary)
{
	multipart_init(&m, boundary, strlen(boundary));
	nout = 0;
	status = 0;
	events = 0;
}

static void
put(const void *p, size_t len)
{
	if (nout + len > sizeof(out))
		abort();
	memcpy(out + nout, p, len);
	nout += len;
}

/* A part is (name|content), the form's end a dot, an error an exclamation mark. */
static void
take_event(const struct multipart_event *ev)
{
	events += ev->type != MULTIPART_EV_NONE;
	if (ev->type == MULTIPART_EV_PART) {
		put("(", 1);
		put(m.part.name.p, m.part.name.len);
		put("|", 1);
	} else if (ev->type == MULTIPART_EV_DATA) {
		CHECK(ev->len > 0);
		put(ev->data, ev->len);
	} else if (ev->type == MULTIPART_EV_PART_END)
		put(")", 1);
	else if (ev->type == MULTIPART_EV_END)
		put(".", 1);
	else if (ev->type == MULTIPART_EV_ERROR) {
		put("!", 1);
		status = ev->status;
	}
}

/* Reads a piece in memory of the exact size, until all is used up. */
static void
feed(const char *in, size_t len)
{
	struct multipart_event	 ev;
	uint8_t			*copy;
	size_t			 n, pos = 0;

	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy + 1, in, len);
	while (pos < len && status == 0) {
		n = multipart_read(&m, copy + 1 + pos, len - pos, &ev);
		CHECK(n <= len - pos);
		pos += n;
		CHECK(ev.type != MULTIPART_EV_NONE || pos == len);
		take_event(&ev);
	}
	free(copy);
}

static void
feed_text(const char *in)
{
	feed(in, strlen(in));
}

static void
feed_many(size_t n, const char *in)
{
	while (n-- > 0)
		feed_text(in);
}

static int
out_is(const char *text)
{
	return (nout == strlen(text) && memcmp(out, text, nout) == 0);
}

/* With the boundary "b": what comes in, and what out. */
static const struct form {
	const char	*in;
	const char	*out;
	int		 status;
} forms[] = {
	{ "", "", 0 },
	{ "--b--", ".", 0 },
	{ "--b--\r\n", ".", 0 },
	{ "\r\n--b--\r\n--b\r\n\r\nx\r\n--b--", ".", 0 },
	{ "--b\r\n" PART "x\r\n--b--\r\n", "(a|x).", 0 },
	{ "\r\n--b\r\n" PART "x\r\n--b--\r\n", "(a|x).", 0 },
	{ "preamble\r\n--b\r\n" PART "x\r\n--b--epilogue\r\n--b\r\n", "(a|x).", 0 },
	{ "x--b\r\n\r\n--b\r\n" PART "x\r\n--b--", "(a|x).", 0 },
	{ "\r\r\n--b\r\n" PART "x\r\n--b--", "(a|x).", 0 },
	{ "--c\r\n--bb\r\n--b\r\n" PART "x\r\n--b--", "(a|x).", 0 },
	{ "--b\r\n" PART "x\r\n--b\r\n" PART "y\r\n--b--", "(a|x)(a|y).", 0 },
	{ "--b\r\n\r\nx\r\n--b--", "(|x).", 0 },
	{ "--b\r\nX: y\r\n\r\nx\r\n--b--", "(|x).", 0 },
	{ "--b \t \r\n" PART "x\r\n--b\t\r\n" PART "\r\n--b--", "(a|x)(a|).", 0 },
	/* Nothing, with and without the empty line's own end. */
	{ "--b\r\n" PART "\r\n--b--", "(a|).", 0 },
	{ "--b\r\n" PART "--b--", "(a|).", 0 },
	{ "--b\r\n" PART "--b\r\n" PART "--b--", "(a|)(a|).", 0 },
	{ "--b\r\n\r\n--b--", "(|).", 0 },
	/* What is like a delimiter. */
	{ "--b\r\n" PART "\r\n\r\n--b--", "(a|\r\n).", 0 },
	{ "--b\r\n" PART "-\r\n--b--", "(a|-).", 0 },
	{ "--b\r\n" PART "--\r\n--b--", "(a|--).", 0 },
	{ "--b\r\n" PART "--c\r\n--b--", "(a|--c).", 0 },
	{ "--b\r\n" PART "--bc\r\n--b--", "(a|--bc).", 0 },
	{ "--b\r\n" PART "\r\r\n--b--", "(a|\r).", 0 },
	{ "--b\r\n" PART "\r\r\r\n\r\n--b--", "(a|\r\r\r\n).", 0 },
	{ "--b\r\n" PART "\r\n-\r\n--\r\n--\r\r\n--b--",
	    "(a|\r\n-\r\n--\r\n--\r).", 0 },
	{ "--b\r\n" PART "x\n--b\n\r--b\r\n -b--b--\r\n--b--",
	    "(a|x\n--b\n\r--b\r\n -b--b--).", 0 },
	{ "--b\r\n" PART "\r\n--B\r\n--bb\r\n--b-\r\n--b-b\r\n--b--",
	    "(a|\r\n--B\r\n--bb\r\n--b-\r\n--b-b).", 0 },
	{ "--b\r\n" PART "\r\n--b\r\r\n--b\rx\r\n--b\n\r\n--b--",
	    "(a|\r\n--b\r\r\n--b\rx\r\n--b\n).", 0 },
	{ "--b\r\n" PART "\r\n--b x\r\n--b\t \r\r\n--b -\r\n--b--",
	    "(a|\r\n--b x\r\n--b\t \r\r\n--b -).", 0 },
	{ "--b\r\n" PART "\r\n--b \r\r\n--b -\r\n--b --\r\n--b- -\r\n--b--",
	    "(a|\r\n--b \r\r\n--b -\r\n--b --\r\n--b- -).", 0 },
	/* Cut off. */
	{ "--b\r\n" PART "x", "(a|x", 0 },
	{ "--b\r\n" PART "x\r\n--b", "(a|x", 0 },
	{ "--b\r\n" PART "x\r\n--b-", "(a|x", 0 },
	{ "--b\r\n" PART "x\r\n--b\r\n", "(a|x)", 0 },
	{ "--b\r\nContent-Dis", "", 0 },
	/* Lines end with CRLF and have a name. */
	{ "--b\r\n\n", "!", 400 },
	{ "--b\r\n\r\r", "!", 400 },
	{ "--b\r\n\rx", "!", 400 },
	{ "--b\r\nA: b\n", "!", 400 },
	{ "--b\r\nA: b\r\r", "!", 400 },
	{ "--b\r\nA: b\r\n\n", "!", 400 },
	{ "--b\r\nA\r\n\r\n", "!", 400 },
	{ "--b\r\n--b\r\n\r\n", "!", 400 },
	{ "--b\r\n" PART "x\r\n--b\r\n--b--\r\n\r\n", "(a|x)!", 400 }
};

static int
form_good(const struct form *f)
{
	return (out_is(f->out) && status == f->status &&
	    multipart_through(&m) == (strchr(f->out, '.') != NULL));
}

static void
read_single(const char *in, size_t len)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		feed(in + i, 1);
}

/* Whole, octet by octet, and in three pieces cut everywhere. */
static void
test_forms(void)
{
	const struct form	*f;
	size_t			 a, b, len;
	int			 ok;

	for (f = forms; f < forms + nitems(forms); f++) {
		len = strlen(f->in);
		begin("b");
		feed(f->in, len);
		ok = form_good(f);
		begin("b");
		read_single(f->in, len);
		ok &= form_good(f);
		for (a = 0; a <= len; a++)
			for (b = a; b <= len; b++) {
				begin("b");
				feed(f->in, a);
				feed(f->in + a, b - a);
				feed(f->in + b, len - b);
				ok &= form_good(f);
			}
		CHECK(ok);
		if (!ok)
			fprintf(stderr, "%s\n-> %.*s\n", f->in, (int)nout, out);
	}
}

/* Is there a whole delimiter, or the closing one, in the lines? */
static int
has_delimiter(const char *lines)
{
	const char	*p = lines;

	for (; (p = strstr(p, "\r\n--b")) != NULL; p++) {
		if (strncmp(p + 5, "--", 2) == 0 ||
		    strncmp(p + 5 + strspn(p + 5, " "), "\r\n", 2) == 0)
			return (1);
	}
	return (0);
}

/* Content, as a line, must come out as it is. */
static int
survives(const char *content)
{
	char	 in[64], expected[32];
	size_t	 len;
	int	 good;

	len = snprintf(in, sizeof(in), "--b\r\n\r\n%s\r\n--b--", content);
	snprintf(expected, sizeof(expected), "(|%s).", content);
	begin("b");
	feed(in, len);
	good = out_is(expected);
	begin("b");
	read_single(in, len);
	return (good && out_is(expected));
}

/* All texts of seven octets of which delimiters are made. */
static void
test_look_alikes(void)
{
	static const char	 octets[] = "\r\n-b x";
	char			 lines[] = "\r\n1234567\r\n", content[8];
	int			 i, n, rest, bad = 0, delimiters = 0;

	for (n = 0; n < 279936; n++) {
		for (i = 0, rest = n; i < 7; i++, rest /= 6)
			content[i] = octets[rest % 6];
		content[7] = '\0';
		memcpy(lines + 2, content, 7);
		if (has_delimiter(lines)) {
			delimiters++;
			bad += survives(content);
		} else
			bad += !survives(content);
	}
	CHECK(bad == 0);
	CHECK(delimiters > 100 && delimiters < 1000);
}

/* Content in one piece is given in one piece, from where it lies. */
static void
test_large_pieces(void)
{
	static char		 in[OUT_MAX];
	struct multipart_event	 ev;
	size_t			 i, n;

	for (i = 0; i < sizeof(in); i++)
		in[i] = i % 3 == 0 ? '\r' : i % 7 == 0 ? '\n' : 'x';
	begin("b");
	feed_text("--b\r\n" PART);
	in[0] = 'x';
	in[sizeof(in) - 1] = 'x';
	n = multipart_read(&m, (uint8_t *)in, sizeof(in), &ev);
	CHECK(n == sizeof(in) && ev.type == MULTIPART_EV_DATA);
	CHECK(ev.data == (uint8_t *)in && ev.len == sizeof(in));
	memcpy(in + 60000, "\r\n--b", 5);
	n = multipart_read(&m, (uint8_t *)in, sizeof(in), &ev);
	CHECK(n == 60000 && ev.data == (uint8_t *)in && ev.len == n);
}

/* The events of an input of such octets grow no faster than it does. */
static void
test_bad_pieces(void)
{
	begin("bbbbbbbbbb");
	feed_text("--bbbbbbbbbb\r\n\r\n");
	feed_many(1000, "\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r");
	CHECK(nout == 2 + 16000 - 1);
	feed_text("x");
	CHECK(nout == 2 + 16000 + 1 && events < 3 * 1000);
	feed_many(1000, "\r\n--bbbbbbbbb\r\n--bbbbbbbbbbb");
	feed_text("\r\n--bbbbbbbbbb--");
	CHECK(nout == 2 + 16000 + 1 + 28000 + 2 && multipart_through(&m));
}

static void
test_zeros(void)
{
	begin("b");
	feed_text("--b\r\n" PART);
	feed("\0\r\n\0-\xff\r\n--\0\r\n--b\0", 17);
	feed_text("\r\n--b--");
	CHECK(nout == 3 + 17 + 2);
	CHECK(memcmp(out + 3, "\0\r\n\0-\xff\r\n--\0\r\n--b\0", 17) == 0);
}

static void
test_longest_boundary(void)
{
	char	 boundary[MULTIPART_BOUNDARY_MAX + 1];
	char	 in[512];

	memset(boundary, '-', MULTIPART_BOUNDARY_MAX);
	boundary[MULTIPART_BOUNDARY_MAX] = '\0';
	snprintf(in, sizeof(in), "--%s\r\n" PART "x\r\n%s\r\n--%s--", boundary,
	    boundary, boundary);
	begin(boundary);
	read_single(in, strlen(in));
	CHECK(nout == 3 + 3 + MULTIPART_BOUNDARY_MAX + 2);
	CHECK(multipart_through(&m));
}

/* The CR counts. */
static void
test_padding(void)
{
	begin("b");
	feed_text("--b");
	feed_many(MULTIPART_PADDING_MAX - 1, " ");
	feed_text("\r\n" PART "x\r\n--b");
	feed_many(MULTIPART_PADDING_MAX, "\t");
	CHECK(out_is("(a|x"));
	feed_text("x\r\n--b--");
	CHECK(nout == 4 + 5 + MULTIPART_PADDING_MAX + 1 + 2);

	begin("b");
	feed_text("--b");
	feed_many(MULTIPART_PADDING_MAX, " ");
	CHECK(status == 0);
	feed_text("\r");
	CHECK(status == 400 && out_is("!"));
}

static void
test_head_size(void)
{
	begin("b");
	feed_text("--b\r\nX: ");
	feed_many(MULTIPART_HEAD_MAX - 7, "a");
	feed_text("\r\n\r\nx\r\n--b--");
	CHECK(out_is("(|x)."));

	begin("b");
	feed_text("--b\r\nX: ");
	feed_many(MULTIPART_HEAD_MAX - 3, "a");
	CHECK(status == 0);
	feed_text("a");
	CHECK(status == 431 && out_is("!"));

	begin("b");
	feed_text("--b\r\n" PART "x\r\n--b\r\nX: y\r\n");
	feed_many(16384, "A:\r\n");
	CHECK(status == 431 && out_is("(a|x)!"));
}

static void
test_many_parts(void)
{
	begin("b");
	feed_many(MULTIPART_PARTS_MAX, "--b\r\n\r\nx\r\n");
	feed_text("--b--");
	CHECK(status == 0 && nout == 4 * MULTIPART_PARTS_MAX + 1);
	CHECK(multipart_through(&m));

	begin("b");
	feed_many(10000, "--b\r\n\r\nx\r\n");
	CHECK(status == 400 && nout == 4 * MULTIPART_PARTS_MAX + 1);
	CHECK(!multipart_through(&m));
}

static void
test_after_the_end(void)
{
	struct multipart_event	 ev;

	begin("b");
	feed_text("--b--");
	CHECK(multipart_read(&m, (const uint8_t *)"\r\n--b", 5, &ev) == 5);
	CHECK(ev.type == MULTIPART_EV_NONE && multipart_through(&m));
	begin("b");
	feed_text("--b\r\n\n");
	CHECK(multipart_read(&m, (const uint8_t *)"x", 1, &ev) == 0);
	CHECK(ev.type == MULTIPART_EV_ERROR && ev.status == 400);
	CHECK(!multipart_through(&m));
	begin("b");
	CHECK(multipart_read(&m, NULL, 0, &ev) == 0);
	CHECK(ev.type == MULTIPART_EV_NONE && !multipart_through(&m));
}

/* What a part's head said is there until the next head. */
static void
test_part_is_kept(void)
{
	begin("b");
	feed_text("--b\r\nContent-Type: a/b\r\n" PART "x\r\n--b");
	CHECK(m.part.name.len == 1 && m.part.type.len == 3);
	feed_text("\r\n\r\n");
	CHECK(out_is("(a|x)(|"));
	CHECK(m.part.name.len == 0 && m.part.type.len == 0);
}

#define B70	"0123456789'()+_,-./:=? 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJK"

static const struct {
	const char	*type;
	const char	*boundary;	/* NULL: refused */
} types[] = {
	{ "multipart/form-data; boundary=b", "b" },
	{ "Multipart/Form-Data;BOUNDARY=aB", "aB" },
	{ "multipart/form-data \t; \tboundary=b \t", "b" },
	{ "multipart/form-data; boundary=\"b c\"", "b c" },
	{ "multipart/form-data; boundary=\"" B70 "\"", B70 },
	{ "multipart/form-data; boundary=-+_.'9", "-+_.'9" },
	{ "multipart/form-data; charset=utf-8; boundary=b", "b" },
	{ "multipart/form-data; x=\"a;boundary=c\\\"\" ;boundary=b; y=", "b" },
	{ "multipart/form-data;; boundary=b;", "b" },
	{ "multipart/form-data", NULL },
	{ "multipart/form-data;", NULL },
	{ "multipart/form-data; boundary", NULL },
	{ "multipart/form-data; boundary=", NULL },
	{ "multipart/form-data; boundary=\"\"", NULL },
	{ "multipart/form-data; boundary=b; boundary=b", NULL },
	{ "multipart/form-data; boundary=b; Boundary=c", NULL },
	{ "multipart/form-data; boundary=\"" B70 "M\"", NULL },
	{ "multipart/form-data; boundary=b c", NULL },
	{ "multipart/form-data; boundary=b/c", NULL },
	{ "multipart/form-data; boundary=b,c", NULL },
	{ "multipart/form-data; boundary=b=c", NULL },
	{ "multipart/form-data; boundary=b*", NULL },
	{ "multipart/form-data; boundary=\"b*\"", NULL },
	{ "multipart/form-data; boundary=\"b \"", NULL },
	{ "multipart/form-data; boundary=\"b", NULL },
	{ "multipart/form-data; boundary=\"b\\\"", NULL },
	{ "multipart/form-data; boundary=\"\\b\"", NULL },
	{ "multipart/form-data; boundary=\"b\"c", NULL },
	{ "multipart/form-data; boundary=\"b\t\"", NULL },
	{ "multipart/form-data; boundary=\xc3\xbc", NULL },
	{ "multipart/form-data; boundary =b", NULL },
	{ "multipart/form-data; boundary= b", "b" },
	{ "multipart/form-data; boundary=b; x", NULL },
	{ "multipart/form-data; boundary=b; x=\"", NULL },
	{ "multipart/form-data; boundary=b; =x", NULL },
	{ "multipart/form-data; xboundary=b", NULL },
	{ "multipart/form-data boundary=b", NULL },
	{ "multipart/form-datax; boundary=b", NULL },
	{ "multipart/mixed; boundary=b", NULL },
	{ "boundary=b", NULL },
	{ "", NULL }
};

static void
test_boundaries(void)
{
	char	 boundary[MULTIPART_BOUNDARY_MAX + 1], *copy;
	size_t	 i, len;
	int	 n, ok;

	for (i = 0; i < nitems(types); i++) {
		len = strlen(types[i].type);
		if ((copy = malloc(len + 1)) == NULL)
			abort();
		memcpy(copy + 1, types[i].type, len);
		n = multipart_boundary(copy + 1, len, boundary);
		if (types[i].boundary == NULL)
			ok = n == -1;
		else
			ok = n == (int)strlen(types[i].boundary) &&
			    strcmp(boundary, types[i].boundary) == 0;
		CHECK(ok);
		if (!ok)
			fprintf(stderr, "%d: %s\n", n, types[i].type);
		free(copy);
	}
}

int
main(void)
{
	RUN(test_forms);
	RUN(test_look_alikes);
	RUN(test_large_pieces);
	RUN(test_bad_pieces);
	RUN(test_zeros);
	RUN(test_longest_boundary);
	RUN(test_padding);
	RUN(test_head_size);
	RUN(test_many_parts);
	RUN(test_after_the_end);
	RUN(test_part_is_kept);
	RUN(test_boundaries);
	return (test_done());
}
