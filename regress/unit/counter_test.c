/*
 * The user's own counter: every value once, whoever asks, however many at a
 * time, and whoever is killed; a file that is broken is no new beginning.
 */
/* link: olaf/counter.o */

#include "compat.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "counter.h"
#include "test.h"

#define NAME		"counter_test.identity"
#define PATH		NAME ".counter"
#define PROCESSES	8
#define EACH		100

static void
write_file(const char *text)
{
	int	fd;

	if ((fd = open(PATH, O_WRONLY | O_CREAT | O_TRUNC, 0600)) == -1 ||
	    write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		perror(PATH);
		exit(1);
	}
	close(fd);
}

/* What comes next, by another process; 0 for an error, in errno's place. */
static uint64_t
next(void)
{
	uint64_t	 counter = 0;

	if (counter_open(NAME) == -1 || counter_next(&counter) == -1)
		return (0);
	return (counter);
}

static void
test_new(void)
{
	struct stat	 st;
	uint64_t	 i;

	unlink(PATH);
	for (i = 1; i < 12; i++)
		CHECK(next() == i);
	CHECK(stat(PATH, &st) == 0 && (st.st_mode & 07777) == 0600);
}

static void
test_written_by_hand(void)
{
	write_file("41");
	CHECK(next() == 42 && next() == 43);
	write_file("41\n");
	CHECK(next() == 42 && next() == 43);
	write_file("0");
	CHECK(next() == 1);
	write_file("0000000000000000007\n");
	CHECK(next() == 8);
	write_file("1000000000000000000\n");
	CHECK(next() == 1000000000000000001);
}

static void
test_broken(void)
{
	static const char *const	texts[] = {
		"", "\n", " ", " 1", "-1\n", "+1\n", "1x\n", "1 1\n", "0x10\n",
		"9223372036854775808\n", "99999999999999999999\n",
		"12345678901234567890123456789\n"
	};
	size_t	 i;

	for (i = 0; i < nitems(texts); i++) {
		write_file(texts[i]);
		errno = 0;
		CHECK(next() == 0 && errno == EINVAL);
		CHECK(next() == 0 && errno == EINVAL);
	}
	unlink(PATH);
	CHECK(mkdir(PATH, 0700) == 0);
	CHECK(next() == 0 && errno == EISDIR);
	CHECK(rmdir(PATH) == 0);
}

static void
test_used_up(void)
{
	write_file("9223372036854775805\n");
	CHECK(next() == INT64_MAX - 1);
	CHECK(next() == INT64_MAX);
	CHECK(next() == 0 && errno == ERANGE);
	CHECK(next() == 0 && errno == ERANGE);
}

/* Takes values and tells them; the first thing it does is to open the file. */
static void
taker(int fd, int n)
{
	uint64_t	 counter;

	if (counter_open(NAME) == -1)
		_exit(1);
	for (; n != 0; n--)
		if (counter_next(&counter) == -1 || write(fd, &counter,
		    sizeof(counter)) != (ssize_t)sizeof(counter))
			_exit(1);
	_exit(0);
}

static pid_t
start_taker(int fd, int n)
{
	pid_t	 pid;

	fflush(NULL);
	if ((pid = fork()) == -1) {
		perror("fork");
		exit(1);
	}
	if (pid == 0)
		taker(fd, n);
	return (pid);
}

static void
test_together(void)
{
	char		 seen[PROCESSES * EACH + 1] = "";
	uint64_t	 counter;
	pid_t		 pids[PROCESSES];
	int		 p[2], i, n = 0, status;

	unlink(PATH);
	CHECK(pipe(p) == 0);
	for (i = 0; i < PROCESSES; i++)
		pids[i] = start_taker(p[1], EACH);
	close(p[1]);
	for (; read(p[0], &counter, sizeof(counter)) ==
	    (ssize_t)sizeof(counter); n++) {
		CHECK(counter >= 1 && counter <= PROCESSES * EACH);
		if (counter <= PROCESSES * EACH)
			CHECK(seen[counter]++ == 0);
	}
	close(p[0]);
	CHECK(n == PROCESSES * EACH);
	for (i = 0; i < PROCESSES; i++)
		CHECK(waitpid(pids[i], &status, 0) == pids[i] &&
		    exits(status, 0));
	CHECK(next() == PROCESSES * EACH + 1);
}

/* Killed wherever it is, it took nothing back. */
static void
test_killed(void)
{
	uint64_t	 counter, last = 0;
	pid_t		 pid;
	int		 p[2], i, j, status;

	unlink(PATH);
	for (i = 0; i < 30; i++) {
		CHECK(pipe(p) == 0);
		pid = start_taker(p[1], -1);
		close(p[1]);
		for (j = 0; j < i % 7 + 1 && read(p[0], &counter,
		    sizeof(counter)) == (ssize_t)sizeof(counter); j++) {
			CHECK(counter > last);
			last = counter;
		}
		kill(pid, SIGKILL);
		CHECK(waitpid(pid, &status, 0) == pid && dies(status, SIGKILL));
		while (read(p[0], &counter, sizeof(counter)) ==
		    (ssize_t)sizeof(counter)) {
			CHECK(counter > last);
			last = counter;
		}
		close(p[0]);
		counter = next();
		CHECK(counter > last);
		last = counter;
	}
}

int
main(void)
{
	RUN(test_new);
	RUN(test_written_by_hand);
	RUN(test_broken);
	RUN(test_used_up);
	RUN(test_together);
	RUN(test_killed);
	return (test_done());
}
