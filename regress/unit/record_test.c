/*
 * The record behind a stored file: what is written is read, and nothing else
 * is taken for one: no part of it, no length that lies, no name or type that
 * would not have been written.
 */

/* link: olaf-files/record.o */

#include "compat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "test.h"

/* Where a field begins, counted from the end of the record. */
#define SIZE_AT		60
#define TIME_AT		52
#define NAME_LEN_AT	12
#define TYPE_LEN_AT	10

static struct record	 sample;
static uint8_t		 buf[RECORD_MAX];
static size_t		 len;

static void
make(uint64_t size, const char *name, const char *type)
{
	size_t	i;

	memset(&sample, 0, sizeof(sample));
	sample.size = size;
	sample.time = 0x0123456789abcdef;
	for (i = 0; i < sizeof(sample.hash); i++)
		sample.hash[i] = (uint8_t)(0xc0 + i);
	strlcpy(sample.name, name, sizeof(sample.name));
	strlcpy(sample.type, type, sizeof(sample.type));
	len = record_write(&sample, buf);
}

/* Reads octets that lie in memory of exactly their length. */
static int
read_exact(struct record *r, const uint8_t *p, size_t n, uint64_t length)
{
	uint8_t	*copy;
	int	 result;

	if ((copy = malloc(n == 0 ? 1 : n)) == NULL)
		abort();
	memcpy(copy, p, n);
	result = record_read(r, copy, n, length);
	free(copy);
	return (result);
}

static int
reads_as_sample(const uint8_t *p, size_t n, uint64_t length)
{
	struct record	r;

	memset(&r, 0xaa, sizeof(r));
	return (read_exact(&r, p, n, length) == 0 && r.size == sample.size &&
	    r.time == sample.time &&
	    memcmp(r.hash, sample.hash, sizeof(r.hash)) == 0 &&
	    strcmp(r.name, sample.name) == 0 &&
	    strcmp(r.type, sample.type) == 0);
}

static int
refused(void)
{
	struct record	r;

	return (read_exact(&r, buf, len, sample.size + len) == -1);
}

static void
test_form(void)
{
	static const uint8_t	wanted[] =
	    "nt"
	    "\0\0\0\0\0\0\1\2"
	    "\x01\x23\x45\x67\x89\xab\xcd\xef"
	    "\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf"
	    "\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf"
	    "\0\1" "\0\1" "OLAFfile";

	make(0x102, "n", "t");
	CHECK(len == sizeof(wanted) - 1 && len == RECORD_MIN + 2);
	CHECK(memcmp(buf, wanted, len) == 0);
}

static void
test_round_trip(void)
{
	char	name[MSG_FILE_NAME_MAX], type[MSG_FILE_TYPE_MAX];

	memset(name, 'n', sizeof(name) - 1);
	memset(type, '~', sizeof(type) - 1);
	name[sizeof(name) - 1] = type[sizeof(type) - 1] = '\0';
	make(0, "n", "");
	CHECK(reads_as_sample(buf, len, len));
	make(12345, "caf\xc3\xa9.txt", "text/plain; charset=\"utf-8\"");
	CHECK(reads_as_sample(buf, len, 12345 + len));
	make(UINT64_MAX - RECORD_MAX, name, type);
	CHECK(len == RECORD_MAX);
	CHECK(reads_as_sample(buf, len, UINT64_MAX));
}

/* Before the record stands content, which may look like anything. */
static void
test_behind_content(void)
{
	uint8_t	file[2 * RECORD_MAX];

	make(RECORD_MAX, "name", "type");
	memset(file, 'x', sizeof(file));
	memcpy(file, buf, len);
	memcpy(file + RECORD_MAX, buf, len);
	CHECK(reads_as_sample(file, RECORD_MAX + len, RECORD_MAX + len));
	CHECK(reads_as_sample(file + len, RECORD_MAX, RECORD_MAX + len));
	CHECK(reads_as_sample(file + RECORD_MAX, len, RECORD_MAX + len));
	/* content of which not all is given */
	make(1 << 20, "name", "type");
	memcpy(file + sizeof(file) - len, buf, len);
	CHECK(reads_as_sample(file + RECORD_MAX, RECORD_MAX, (1 << 20) + len));
}

static void
test_truncated(void)
{
	struct record	r;
	size_t		n;

	make(100, "name", "type");
	for (n = 0; n < len; n++) {
		/* the file's end is missing, so is its begin */
		CHECK(read_exact(&r, buf, n, 100 + n) == -1);
		CHECK(read_exact(&r, buf + len - n, n, 100 + len) == -1);
		CHECK(read_exact(&r, buf + len - n, n, 100 + n) == -1);
	}
	CHECK(reads_as_sample(buf, len, 100 + len));
}

/* Each octet that is not the hash's or the time's is one that counts. */
static void
test_changed(void)
{
	struct record	r;
	size_t		i, end;
	int		bit, taken;

	make(100, "name", "type");
	for (i = 0; i < len; i++)
		for (bit = 0; bit < 8; bit++) {
			end = len - i;
			buf[i] ^= (uint8_t)(1 << bit);
			taken = read_exact(&r, buf, len, 100 + len) == 0;
			if (end <= TIME_AT && end > NAME_LEN_AT)
				CHECK(taken);
			else if (end <= SIZE_AT)
				CHECK(!taken);
			else if (taken)		/* another name or type */
				CHECK(strlen(r.name) == 4 &&
				    strlen(r.type) == 4);
			buf[i] ^= (uint8_t)(1 << bit);
		}
	CHECK(reads_as_sample(buf, len, 100 + len));
}

/* A number, big-endian, so far from the end. */
static void
put(size_t at, int octets, uint64_t v)
{
	uint8_t	*p = buf + len - at;

	while (octets-- > 0)
		*p++ = (uint8_t)(v >> (8 * octets));
}

static void
test_sizes_that_lie(void)
{
	static const uint64_t	sizes[] = { 0, 99, 101, 100 + RECORD_MIN,
				    1ULL << 32 | 100, 1ULL << 63 | 100,
				    UINT64_MAX, UINT64_MAX - RECORD_MAX };
	struct record		r;
	size_t			i;

	for (i = 0; i < nitems(sizes); i++) {
		make(100, "name", "type");
		put(SIZE_AT, 8, sizes[i]);
		CHECK(refused());
	}
	make(100, "name", "type");
	CHECK(read_exact(&r, buf, len, 99 + len) == -1);
	CHECK(read_exact(&r, buf, len, 101 + len) == -1);
	CHECK(read_exact(&r, buf, len, len - 1) == -1);
	CHECK(read_exact(&r, buf, len, 0) == -1);
	CHECK(read_exact(&r, buf, len, UINT64_MAX) == -1);
	/* a size that is right only modulo 2^64 */
	make(UINT64_MAX - RECORD_MIN - 7, "name", "type");
	CHECK(read_exact(&r, buf, len, len - RECORD_MIN - 8) == -1);
}

static void
test_lengths_that_lie(void)
{
	static const uint16_t	lens[] = { 0, 3, 5, 8, 9, 127, 128, 255, 256,
				    0x7fff, 0x8000, 0xffff };
	size_t			i, j;

	for (i = 0; i < nitems(lens); i++)
		for (j = 0; j < nitems(lens); j++) {
			make(100, "name", "type");
			put(NAME_LEN_AT, 2, lens[i]);
			put(TYPE_LEN_AT, 2, lens[j]);
			/* 8 and 0: the size would be right, so it is a name */
			if (lens[i] + lens[j] == 8 && lens[i] > 0)
				CHECK(!refused());
			else
				CHECK(refused());
		}
}

/* They agree with the size, but the name begins before what was read. */
static void
test_begins_before(void)
{
	uint8_t		file[RECORD_MAX + 1];
	struct record	r;

	make(100, "name", "type");
	put(SIZE_AT, 8, 100 - 1);
	put(NAME_LEN_AT, 2, 5);
	CHECK(refused());
	file[0] = 'n';
	memcpy(file + 1, buf, len);
	CHECK(record_read(&r, file, len + 1, 100 + len) == 0);
	CHECK(record_read(&r, file + 1, len, 100 + len) == -1);
}

/* Is a file taken whose record has so long a name and type, all octets there? */
static int
long_taken(size_t name, size_t type)
{
	uint8_t		file[1024];
	struct record	r;

	make(0, "n", "");
	put(SIZE_AT, 8, sizeof(file) - RECORD_MIN - name - type);
	put(NAME_LEN_AT, 2, name);
	put(TYPE_LEN_AT, 2, type);
	memset(file, 'n', sizeof(file));
	memcpy(file + sizeof(file) - RECORD_MIN, buf + len - RECORD_MIN,
	    RECORD_MIN);
	return (read_exact(&r, file, sizeof(file), sizeof(file)) == 0);
}

static void
test_too_long(void)
{
	CHECK(long_taken(255, 127));
	CHECK(long_taken(1, 0));
	CHECK(!long_taken(256, 127));
	CHECK(!long_taken(255, 128));
	CHECK(!long_taken(300, 0));
	CHECK(!long_taken(0, 1));
}

static void
test_unclean(void)
{
	static const char *const	names[] = { "", ".", "..", "a/b", "/a",
					    "a/", "a\\b", " a", "a ", "a.",
					    "a\nb", "a\tb", "\x7f", "a\x1b[0m",
					    "\xff", "\xc3", "a\xc3", "\xc0\xaf",
					    "\xed\xa0\x80", ("\xe2\x80\xae" "a"),
					    "\xe2\x80\x8b" };
	static const char *const	types[] = { "\t", "a\nb", "a\rb",
					    "\x7f", "\xc3\xa9", "\x1b" };
	size_t				i;

	for (i = 0; i < nitems(names); i++) {
		make(100, names[i], "type");
		CHECK(refused());
	}
	for (i = 0; i < nitems(types); i++) {
		make(100, "name", types[i]);
		CHECK(refused());
		CHECK(!record_type_good(types[i]));
	}
	CHECK(record_type_good("") && record_type_good(" ~"));
}

/* A NUL within would cut them short. */
static void
test_nul(void)
{
	size_t	i;

	for (i = 0; i < 8; i++) {
		make(100, "name", "type");
		buf[i] = '\0';
		CHECK(refused());
	}
}

int
main(void)
{
	RUN(test_form);
	RUN(test_round_trip);
	RUN(test_behind_content);
	RUN(test_truncated);
	RUN(test_changed);
	RUN(test_sizes_that_lie);
	RUN(test_lengths_that_lie);
	RUN(test_begins_before);
	RUN(test_too_long);
	RUN(test_unclean);
	RUN(test_nul);
	return (test_done());
}
