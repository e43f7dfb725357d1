/*
 * Buffers of imsg: what is added comes back, nothing comes back beyond the end,
 * and nothing goes in beyond the limit.
 */

#include "compat.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <imsg.h>

#include "child.h"
#include "test.h"

static void
test_numbers(void)
{
	static const unsigned char	 network[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
		0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f
	};
	struct ibuf	*b;
	uint64_t	 v64;
	uint32_t	 v32;
	uint16_t	 v16;
	uint8_t		 v8;

	b = ibuf_open(sizeof(network));
	CHECK(ibuf_add_n8(b, 0x01) == 0);
	CHECK(ibuf_add_n16(b, 0x0203) == 0);
	CHECK(ibuf_add_n32(b, 0x04050607) == 0);
	CHECK(ibuf_add_n64(b, 0x08090a0b0c0d0e0fULL) == 0);
	CHECK(ibuf_size(b) == sizeof(network));
	CHECK(ibuf_left(b) == 0);
	CHECK(memcmp(ibuf_data(b), network, sizeof(network)) == 0);
	CHECK(ibuf_get_n8(b, &v8) == 0 && v8 == 0x01);
	CHECK(ibuf_get_n16(b, &v16) == 0 && v16 == 0x0203);
	CHECK(ibuf_get_n32(b, &v32) == 0 && v32 == 0x04050607);
	CHECK(ibuf_get_n64(b, &v64) == 0 && v64 == 0x08090a0b0c0d0e0fULL);
	CHECK(ibuf_size(b) == 0);
	ibuf_free(b);
}

static void
test_host_numbers(void)
{
	struct ibuf	*b;
	uint64_t	 v64 = 0x0102030405060708ULL;
	uint32_t	 v32 = 0x090a0b0c;
	uint16_t	 v16 = 0x0d0e;

	b = ibuf_open(14);
	CHECK(ibuf_add_h64(b, v64) == 0);
	CHECK(ibuf_add_h32(b, v32) == 0);
	CHECK(ibuf_add_h16(b, v16) == 0);
	CHECK(memcmp(ibuf_seek(b, 0, 8), &v64, 8) == 0);
	CHECK(memcmp(ibuf_seek(b, 8, 4), &v32, 4) == 0);
	CHECK(memcmp(ibuf_seek(b, 12, 2), &v16, 2) == 0);
	v64 = v32 = v16 = 0;
	CHECK(ibuf_get_h64(b, &v64) == 0 && v64 == 0x0102030405060708ULL);
	CHECK(ibuf_get_h32(b, &v32) == 0 && v32 == 0x090a0b0c);
	CHECK(ibuf_get_h16(b, &v16) == 0 && v16 == 0x0d0e);
	ibuf_free(b);
}

static void
test_number_ranges(void)
{
	struct ibuf	*b;

	b = ibuf_open(64);
	CHECK(ibuf_add_zero(b, 8) == 0);
	errno = 0;
	CHECK(ibuf_add_n8(b, 0x100) == -1 && errno == EINVAL);
	errno = 0;
	CHECK(ibuf_add_n16(b, 0x10000) == -1 && errno == EINVAL);
	errno = 0;
	CHECK(ibuf_add_n32(b, 0x100000000ULL) == -1 && errno == EINVAL);
	CHECK(ibuf_add_h16(b, 0x10000) == -1);
	CHECK(ibuf_add_h32(b, 0x100000000ULL) == -1);
	CHECK(ibuf_set_n8(b, 0, 0x100) == -1);
	CHECK(ibuf_set_n16(b, 0, 0x10000) == -1);
	CHECK(ibuf_set_n32(b, 0, UINT64_MAX) == -1);
	CHECK(ibuf_set_h16(b, 0, 0x10000) == -1);
	CHECK(ibuf_set_h32(b, 0, UINT64_MAX) == -1);
	CHECK(ibuf_size(b) == 8);
	CHECK(ibuf_add_n8(b, 0xff) == 0);
	CHECK(ibuf_add_n16(b, 0xffff) == 0);
	CHECK(ibuf_add_n32(b, 0xffffffff) == 0);
	CHECK(ibuf_add_n64(b, UINT64_MAX) == 0);
	ibuf_free(b);
}

/* Each get on a buffer that is one octet too short takes nothing. */
static void
test_truncated(void)
{
	unsigned char	 data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, out[8];
	struct ibuf	 b, sub;
	uint64_t	 v64;
	uint32_t	 v32;
	uint16_t	 v16;
	uint8_t		 v8;

#define SHORT(size, get) do {						\
	ibuf_from_buffer(&b, data, (size) - 1);				\
	errno = 0;							\
	CHECK((get) && errno == EBADMSG);				\
	CHECK(ibuf_size(&b) == (size) - 1);				\
	CHECK(ibuf_data(&b) == data);					\
} while (0)

	SHORT(1, ibuf_get_n8(&b, &v8) == -1);
	SHORT(2, ibuf_get_n16(&b, &v16) == -1);
	SHORT(4, ibuf_get_n32(&b, &v32) == -1);
	SHORT(8, ibuf_get_n64(&b, &v64) == -1);
	SHORT(2, ibuf_get_h16(&b, &v16) == -1);
	SHORT(4, ibuf_get_h32(&b, &v32) == -1);
	SHORT(8, ibuf_get_h64(&b, &v64) == -1);
	SHORT(5, ibuf_get(&b, out, 5) == -1);
	SHORT(5, ibuf_skip(&b, 5) == -1);
	SHORT(5, ibuf_get_ibuf(&b, 5, &sub) == -1);
	SHORT(5, ibuf_get_string(&b, 5) == NULL);
	SHORT(5, ibuf_get(&b, out, SIZE_MAX) == -1);
	SHORT(5, ibuf_skip(&b, SIZE_MAX) == -1);
#undef SHORT
}

static void
test_fixed(void)
{
	struct ibuf	*b;

	b = ibuf_open(4);
	CHECK(ibuf_left(b) == 4);
	CHECK(ibuf_add(b, "abc", 3) == 0);
	errno = 0;
	CHECK(ibuf_add(b, "de", 2) == -1 && errno == ERANGE);
	CHECK(ibuf_add(b, NULL, 0) == 0);
	CHECK(ibuf_add(b, "d", SIZE_MAX) == -1);
	CHECK(ibuf_reserve(b, 2) == NULL);
	CHECK(ibuf_add_zero(b, 2) == -1);
	CHECK(ibuf_size(b) == 3 && ibuf_left(b) == 1);
	CHECK(ibuf_add(b, "d", 1) == 0);
	CHECK(memcmp(ibuf_data(b), "abcd", 4) == 0);
	ibuf_free(b);
	b = ibuf_open(0);
	CHECK(b != NULL && ibuf_size(b) == 0 && ibuf_left(b) == 0);
	CHECK(ibuf_add(b, "a", 1) == -1);
	ibuf_free(b);
	errno = 0;
	CHECK(ibuf_open(SIZE_MAX) == NULL && errno == ENOMEM);
	ibuf_free(NULL);
}

static void
test_dynamic(void)
{
	struct ibuf	*b;
	size_t		 i;

	CHECK(ibuf_dynamic(2, 1) == NULL && errno == EINVAL);
	CHECK(ibuf_dynamic(0, 0) == NULL);
	b = ibuf_dynamic(0, 1000);
	for (i = 0; i < 1000; i++)
		CHECK(ibuf_add_n8(b, i & 0xff) == 0);
	errno = 0;
	CHECK(ibuf_add_n8(b, 0) == -1 && errno == ERANGE);
	CHECK(ibuf_size(b) == 1000 && ibuf_left(b) == 0);
	for (i = 0; i < 1000; i++)
		CHECK(((unsigned char *)ibuf_data(b))[i] == (i & 0xff));
	ibuf_free(b);
	b = ibuf_dynamic(3, SIZE_MAX);
	CHECK(ibuf_add(b, "abc", 3) == 0);
	CHECK(ibuf_reserve(b, SIZE_MAX) == NULL);
	CHECK(ibuf_size(b) == 3);
	ibuf_free(b);
}

static void
test_reserve(void)
{
	struct ibuf	*b;
	unsigned char	*p;
	size_t		 i;

	/* memory that was something else before */
	p = malloc(500);
	memset(p, 0xff, 500);
	free(p);
	b = ibuf_dynamic(10, 500);
	CHECK((p = ibuf_reserve(b, 490)) != NULL);
	for (i = 0; i < 490; i++)
		CHECK(p[i] == 0);
	p[489] = 'x';
	CHECK(ibuf_size(b) == 490);
	CHECK(ibuf_skip(b, 489) == 0 && *(char *)ibuf_data(b) == 'x');
	ibuf_free(b);
}

static void
test_set(void)
{
	struct ibuf	*b;
	uint64_t	 v64;

	b = ibuf_open(16);
	CHECK(ibuf_add_zero(b, 12) == 0);
	CHECK(ibuf_set(b, 0, "ab", 2) == 0);
	CHECK(ibuf_set_n8(b, 2, 'c') == 0);
	CHECK(ibuf_set_n16(b, 3, 'd' << 8 | 'e') == 0);
	CHECK(ibuf_set_n32(b, 8, 0x6667686a) == 0);
	CHECK(memcmp(ibuf_data(b), "abcde\0\0\0fghj", 12) == 0);
	errno = 0;
	CHECK(ibuf_set(b, 11, "xy", 2) == -1 && errno == ERANGE);
	CHECK(ibuf_set_n32(b, 9, 0) == -1);
	CHECK(ibuf_set(b, 13, "", 0) == -1);
	CHECK(ibuf_set(b, SIZE_MAX, "x", 1) == -1);
	CHECK(ibuf_seek(b, 1, SIZE_MAX) == NULL);
	CHECK(ibuf_seek(b, 12, 0) != NULL);
	/* positions count from where reading stands */
	CHECK(ibuf_skip(b, 4) == 0);
	CHECK(ibuf_set_n64(b, 0, 0x4142434445464748ULL) == 0);
	CHECK(ibuf_set_n64(b, 1, 0) == -1);
	CHECK(ibuf_get_n64(b, &v64) == 0 && v64 == 0x4142434445464748ULL);
	CHECK(ibuf_set_h16(b, 0, 0) == -1 && ibuf_set_h32(b, 0, 0) == -1 &&
	    ibuf_set_h64(b, 0, 0) == -1);
	ibuf_rewind(b);
	CHECK(memcmp(ibuf_data(b), "abcdABCDEFGH", 12) == 0);
	CHECK(ibuf_set_h16(b, 0, 0) == 0 && ibuf_set_h32(b, 0, 0) == 0 &&
	    ibuf_set_h64(b, 4, 0) == 0);
	CHECK(memcmp(ibuf_data(b), "\0\0\0\0\0\0\0\0\0\0\0\0", 12) == 0);
	ibuf_free(b);
}

static void
test_truncate(void)
{
	struct ibuf	*b;

	b = ibuf_dynamic(2, 6);
	CHECK(ibuf_add(b, "abcd", 4) == 0);
	CHECK(ibuf_skip(b, 1) == 0);
	CHECK(ibuf_truncate(b, 2) == 0);
	CHECK(ibuf_size(b) == 2 && memcmp(ibuf_data(b), "bc", 2) == 0);
	CHECK(ibuf_truncate(b, 5) == 0);
	CHECK(ibuf_size(b) == 5 &&
	    memcmp(ibuf_data(b), "bc\0\0\0", 5) == 0);
	CHECK(ibuf_truncate(b, 6) == -1);
	CHECK(ibuf_size(b) == 5);
	ibuf_free(b);
}

/* Buffers that point into others can be read, and nothing else. */
static void
test_views(void)
{
	struct ibuf	*b, *copy, peek, sub;
	char		*s;

	b = ibuf_open(16);
	CHECK(ibuf_add(b, "hello world", 11) == 0);
	ibuf_from_ibuf(&peek, b);
	CHECK(ibuf_skip(&peek, 6) == 0);
	CHECK(ibuf_size(b) == 11 && ibuf_size(&peek) == 5);
	CHECK(ibuf_get_ibuf(b, 5, &sub) == 0);
	CHECK(ibuf_size(&sub) == 5 && ibuf_size(b) == 6);
	CHECK(memcmp(ibuf_data(&sub), "hello", 5) == 0);
	CHECK(ibuf_left(&sub) == 0);
	CHECK(ibuf_add(&sub, "x", 1) == -1);
	CHECK(ibuf_truncate(&sub, 6) == -1);
	CHECK(ibuf_truncate(&sub, 4) == 0 && ibuf_size(&sub) == 4);
	CHECK(!ibuf_fd_avail(&sub) && ibuf_fd_get(&sub) == -1);
	CHECK((s = ibuf_get_string(b, 6)) != NULL);
	CHECK(s != NULL && strcmp(s, " world") == 0);
	free(s);
	ibuf_rewind(b);
	CHECK((s = ibuf_get_string(b, 0)) != NULL && *s == '\0');
	free(s);
	copy = ibuf_open(5);
	CHECK(ibuf_add_ibuf(copy, &peek) == 0 && ibuf_size(&peek) == 5);
	CHECK(memcmp(ibuf_data(copy), "world", 5) == 0);
	ibuf_free(copy);
	ibuf_free(b);
}

static int
free_view(void *arg)
{
	struct ibuf	 b;

	ibuf_from_buffer(&b, arg, 1);
	ibuf_free(&b);
	return (0);
}

static int
give_view_fd(void *arg)
{
	struct ibuf	 b;

	ibuf_from_buffer(&b, arg, 1);
	ibuf_fd_set(&b, 0);
	return (0);
}

static void
test_views_misused(void)
{
	char	 c = 'x';

	CHECK(dies(in_child(free_view, &c), SIGABRT));
	CHECK(dies(in_child(give_view_fd, &c), SIGABRT));
}

static void
test_descriptor(void)
{
	struct ibuf	*b;
	int		 fd[2];

	if (pipe(fd) == -1) {
		perror("pipe");
		exit(1);
	}
	b = ibuf_open(1);
	CHECK(!ibuf_fd_avail(b) && ibuf_fd_get(b) == -1);
	ibuf_fd_set(b, fd[0]);
	CHECK(ibuf_fd_avail(b) && ibuf_fd_get(b) == fd[0]);
	CHECK(!ibuf_fd_avail(b) && ibuf_fd_get(b) == -1);
	ibuf_fd_set(b, fd[0]);
	ibuf_fd_set(b, fd[1]);
	CHECK(fcntl(fd[0], F_GETFD) == -1);
	CHECK(fcntl(fd[1], F_GETFD) != -1);
	ibuf_free(b);
	CHECK(fcntl(fd[1], F_GETFD) == -1);
}

int
main(void)
{
	RUN(test_numbers);
	RUN(test_host_numbers);
	RUN(test_number_ranges);
	RUN(test_truncated);
	RUN(test_fixed);
	RUN(test_dynamic);
	RUN(test_reserve);
	RUN(test_set);
	RUN(test_truncate);
	RUN(test_views);
	RUN(test_views_misused);
	RUN(test_descriptor);
	return (test_done());
}
