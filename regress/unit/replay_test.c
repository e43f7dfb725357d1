/*
 * The file of counters: what was raised stays raised, whatever is killed; the
 * eldest go when it is full, but none that was used within a day.
 */

/* link: olaf-relay/replay.o olaf-relay/hash.o */

#include "compat.h"

#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "replay.h"
#include "shared.h"
#include "test.h"

#define TODAY	20000

static char	path[256];

static const uint8_t *
id(uint32_t n)
{
	static uint8_t	ids[4][KEY_DIGEST_LEN];
	static int	next;
	uint8_t		*p = ids[next++ & 3];
	uint32_t	 i, x = n * 2654435761U + 1;

	for (i = 0; i < KEY_DIGEST_LEN; i++) {
		x = x * 1664525 + 1013904223;
		p[i] = (uint8_t)(x >> 24);
	}
	memcpy(p, &n, sizeof(n));
	return (p);
}

static int
reopen(uint64_t limit)
{
	int	fd;

	if ((fd = open(path, O_RDWR | O_CREAT, 0600)) == -1)
		return (-1);
	if (lseek(fd, 0, SEEK_END) < (off_t)COUNTERS_SIZE(limit) &&
	    ftruncate(fd, (off_t)COUNTERS_SIZE(limit)) == -1)
		return (-1);
	if (replay_open(fd, limit) == -1)
		return (-1);
	replay_limit(limit);
	return (0);
}

static void
test_raise(void)
{
	unlink(path);
	CHECK(reopen(100) == 0);
	CHECK(replay_count() == 0 && !replay_known(id(1)));
	CHECK(replay_fresh(id(1), 0));
	CHECK(replay_raise(id(1), 0, TODAY) == 0);
	CHECK(replay_known(id(1)) && !replay_known(id(2)));
	CHECK(!replay_fresh(id(1), 0) && replay_fresh(id(1), 1));
	CHECK(replay_raise(id(1), INT64_MAX, TODAY) == 0);
	CHECK(!replay_fresh(id(1), INT64_MAX));
	CHECK(replay_fresh(id(2), 0) && replay_count() == 1);
}

static void
test_kept(void)
{
	uint32_t	i;

	unlink(path);
	CHECK(reopen(5000) == 0);
	for (i = 0; i < 5000; i++)
		CHECK(replay_raise(id(i), i + 7, TODAY) == 0);
	CHECK(reopen(5000) == 0);
	CHECK(replay_count() == 5000);
	for (i = 0; i < 5000; i++)
		CHECK(!replay_fresh(id(i), i + 7) && replay_fresh(id(i), i + 8));
	CHECK(reopen(20000) == 0);		/* the limit grows */
	CHECK(replay_count() == 5000 && !replay_fresh(id(4999), 5006));
	CHECK(replay_raise(id(6000), 1, TODAY) == 0);
}

/*
 * A process is killed while it raises: what it told of before is in the file.
 */
static void
test_killed(void)
{
	uint32_t	i, told = 0;
	int		fds[2], status;
	pid_t		pid;

	unlink(path);
	CHECK(pipe(fds) == 0);
	if ((pid = fork()) == 0) {
		if (reopen(100000) == -1)
			_exit(1);
		for (i = 1; i <= 100000; i++)
			if (replay_raise(id(i % 1000), i, TODAY) == -1 ||
			    write(fds[1], &i, sizeof(i)) != sizeof(i))
				_exit(1);
		for (;;)
			pause();
	}
	close(fds[1]);
	while (read(fds[0], &i, sizeof(i)) == sizeof(i)) {
		told = i;
		if (i == 20000)
			kill(pid, SIGKILL);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	close(fds[0]);
	CHECK(told >= 20000);
	CHECK(reopen(100000) == 0);
	CHECK(replay_count() == 1000);
	for (i = told - 999; i <= told; i++)
		CHECK(!replay_fresh(id(i % 1000), i));
}

static void
test_full(void)
{
	uint32_t	i;

	unlink(path);
	CHECK(reopen(1000) == 0);
	for (i = 0; i < 1000; i++)
		CHECK(replay_raise(id(i), 5, TODAY - (i < 500 ? 10 : 1)) == 0);
	/* yesterday's stay, those of before go */
	for (i = 0; i < 500; i++)
		CHECK(replay_raise(id(2000 + i), 5, TODAY) == 0);
	CHECK(replay_raise(id(3000), 5, TODAY) == -1);
	for (i = 500; i < 1000; i++)
		CHECK(!replay_fresh(id(i), 5));
	for (i = 0; i < 500; i++)
		CHECK(!replay_fresh(id(2000 + i), 5) && !replay_known(id(i)));
	CHECK(replay_raise(id(500), 6, TODAY) == 0);	/* known ones go on */
	CHECK(replay_raise(id(3000), 5, TODAY + 1) == 0);	/* a day on */
	CHECK(replay_known(id(500)) && replay_known(id(2000)));
}

/* Users of neighbours have half of it; what is older does not count. */
static void
test_room(void)
{
	uint32_t	i;

	unlink(path);
	CHECK(reopen(1000) == 0);
	for (i = 0; i < 900; i++)
		CHECK(replay_raise(id(i), 5, TODAY - (i < 500 ? 2 : 1)) == 0);
	CHECK(replay_room(id(2000), TODAY));
	for (i = 0; i < 99; i++)		/* 499 of them, then */
		CHECK(replay_raise(id(i), 6, TODAY) == 0);
	CHECK(replay_room(id(2000), TODAY));
	for (i = 0; i < 99; i++)
		CHECK(replay_raise(id(i), 7, TODAY) == 0);
	CHECK(replay_room(id(2000), TODAY));
	CHECK(replay_raise(id(2000), 5, TODAY) == 0);
	CHECK(!replay_room(id(2001), TODAY));
	CHECK(replay_room(id(2000), TODAY) && replay_room(id(499), TODAY));
	CHECK(reopen(1000) == 0);
	CHECK(!replay_room(id(2001), TODAY));
	for (i = 0; i < 500; i++)		/* our own go on */
		CHECK(replay_raise(id(3000 + i), 5, TODAY) == 0);
	CHECK(replay_raise(id(4000), 5, TODAY) == -1);
	CHECK(!replay_room(id(2001), TODAY + 1));
	CHECK(replay_room(id(2001), TODAY + 2));
}

/* The eldest go first, not all that may. */
static void
test_eldest(void)
{
	uint32_t	i, left = 0;

	unlink(path);
	CHECK(reopen(6400) == 0);
	for (i = 0; i < 6400; i++)
		CHECK(replay_raise(id(i), 5, TODAY - 2 - i / 64) == 0);
	CHECK(replay_raise(id(10000), 5, TODAY) == 0);
	for (i = 0; i < 6400; i++)
		left += replay_known(id(i));
	CHECK(left >= 6200 && left < 6400);
	for (i = 0; i < 6000; i++)
		CHECK(replay_known(id(i)));
	CHECK(!replay_known(id(6399)));
}

static void
test_smaller(void)
{
	uint32_t	i, left = 0;

	unlink(path);
	CHECK(reopen(1000) == 0);
	for (i = 0; i < 1000; i++)
		CHECK(replay_raise(id(i), 5, TODAY - 5) == 0);
	replay_limit(100);
	CHECK(replay_count() == 1000);
	CHECK(replay_raise(id(5000), 5, TODAY) == 0);
	for (i = 0; i < 1000; i++)
		left += replay_known(id(i));
	CHECK(left < 100 && replay_known(id(5000)));
}

static void
write_at(off_t at, const void *p, size_t len)
{
	int	fd = open(path, O_RDWR);

	CHECK(fd != -1 && pwrite(fd, p, len, at) == (ssize_t)len);
	close(fd);
}

static void
test_hostile(void)
{
	uint8_t	record[COUNTERS_RECORD], high[8];
	int	fd;

	unlink(path);
	CHECK(reopen(100) == 0);
	CHECK(replay_raise(id(1), 5, TODAY) == 0);
	/* the same key twice: the higher counter holds */
	fd = open(path, O_RDONLY);
	CHECK(pread(fd, record, sizeof(record), COUNTERS_HEADER) ==
	    COUNTERS_RECORD);
	close(fd);
	record[16] = 9;
	write_at(COUNTERS_HEADER + COUNTERS_RECORD, record, sizeof(record));
	memset(high, 0, sizeof(high));
	high[0] = 3;
	write_at(8, high, sizeof(high));
	/* and a counter that cannot be */
	memset(record + 16, 0xff, 8);
	record[0] ^= 1;
	write_at(COUNTERS_HEADER + 2 * COUNTERS_RECORD, record, sizeof(record));
	CHECK(reopen(100) == 0);
	CHECK(replay_count() == 1);
	CHECK(!replay_fresh(id(1), 9) && replay_fresh(id(1), 10));
	/* more records than the file has room for */
	memset(high, 0xff, sizeof(high));
	write_at(8, high, sizeof(high));
	CHECK(reopen(100) == -1);
	/* another file */
	write_at(0, "something else  ", 16);
	CHECK(reopen(100) == -1);
	/* too short */
	unlink(path);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	CHECK(replay_open(fd, 100) == -1);
	CHECK(!replay_fresh(id(1), 9));		/* the one before stays */
}

int
main(void)
{
	const char	*dir = getenv("TMPDIR");

	log_init("replay_test", LOG_TO_STDERR, 0);
	snprintf(path, sizeof(path), "%s/counters", dir != NULL ? dir : "/tmp");
	RUN(test_raise);
	RUN(test_kept);
	RUN(test_killed);
	RUN(test_full);
	RUN(test_room);
	RUN(test_eldest);
	RUN(test_smaller);
	RUN(test_hostile);
	unlink(path);
	return (test_done());
}
