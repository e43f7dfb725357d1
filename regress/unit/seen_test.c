/*
 * What is remembered of others' keys: a counter is good once, from process to
 * process, for many at a time; a session's counters are its own; what is full
 * loses the oldest; what is broken is begun anew.
 */
/* link: olaf/seen.o */

#include "compat.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "olaf/seen.h"
#include "test.h"

#define NAME		"seen_test.identity"
#define PATH		NAME ".seen"
#define PROCESSES	6
#define KEYS		5
#define ROUNDS		50
#define OWN(number, i)	(1000 + (uint32_t)(number) * ROUNDS + (uint32_t)(i) % ROUNDS)

static time_t	 clock_now = 1700000000;

time_t
time(time_t *t)
{
	if (t != NULL)
		*t = clock_now;
	return (clock_now);
}

/* A key's id by number. */
static const uint8_t *
id(uint32_t n)
{
	static uint8_t	 bytes[KEY_DIGEST_LEN];

	memset(bytes, 0, sizeof(bytes));
	n *= 2654435761u;		/* in no order */
	memcpy(bytes, &n, sizeof(n));
	return (bytes);
}

static int
counter(uint32_t n, uint64_t value)
{
	return (seen_counter(id(n), value, MSG_FORM_SPACED));
}

static uint64_t
last(uint32_t n)
{
	uint64_t	 value;
	int		 any;

	value = seen_last(id(n), &any);
	return (any ? value : UINT64_MAX);
}

static void
reopen(int session)
{
	CHECK(seen_open(NAME, session) == 0);
}

static void
test_counter(void)
{
	struct stat	 st;

	unlink(PATH);
	reopen(0);
	CHECK(last(1) == UINT64_MAX);
	CHECK(counter(1, 0) && last(1) == 0);
	CHECK(!counter(1, 0) && last(1) == 0);
	CHECK(counter(1, 5) && !counter(1, 5) && !counter(1, 4));
	CHECK(counter(2, 3) && !counter(2, 2) && last(2) == 3);
	CHECK(counter(1, INT64_MAX) && last(1) == INT64_MAX);
	CHECK(last(3) == UINT64_MAX);
	CHECK(stat(PATH, &st) == 0 && (st.st_mode & 07777) == 0600);
}

static void
test_form(void)
{
	reopen(0);
	CHECK(seen_form(id(7), MSG_FORM_STRING) == MSG_FORM_STRING);
	CHECK(seen_counter(id(7), 1, MSG_FORM_COMPACT));
	CHECK(seen_form(id(7), MSG_FORM_STRING) == MSG_FORM_COMPACT);
	/* a replay tells nothing */
	CHECK(!seen_counter(id(7), 1, MSG_FORM_STRING));
	CHECK(seen_form(id(7), MSG_FORM_SPACED) == MSG_FORM_COMPACT);
	CHECK(seen_counter(id(7), 2, MSG_FORM_OTHER));
	CHECK(seen_form(id(7), MSG_FORM_SPACED) == MSG_FORM_OTHER);
}

static void
test_kept(void)
{
	unlink(PATH);
	reopen(0);
	CHECK(seen_counter(id(1), 10, MSG_FORM_STRING) && counter(2, 0));
	CHECK(seen_flush() == 0 && seen_flush() == 0);
	CHECK(counter(3, 30));			/* not flushed */
	reopen(0);
	CHECK(last(1) == 10 && last(2) == 0 && last(3) == UINT64_MAX);
	CHECK(seen_form(id(1), MSG_FORM_SPACED) == MSG_FORM_STRING);
	CHECK(!counter(1, 10) && counter(1, 11) && !counter(2, 0));
	CHECK(seen_flush() == 0);
	reopen(0);
	CHECK(last(1) == 11 && last(2) == 0);
}

static void
test_session(void)
{
	unlink(PATH);
	reopen(0);
	CHECK(counter(1, 100));
	CHECK(seen_flush() == 0);
	reopen(1);
	CHECK(last(1) == UINT64_MAX);
	CHECK(seen_counter(id(1), 1, MSG_FORM_COMPACT) && counter(2, 2));
	CHECK(!counter(1, 1));
	seen_forget();
	CHECK(last(1) == UINT64_MAX && last(2) == UINT64_MAX);
	CHECK(seen_form(id(1), MSG_FORM_SPACED) == MSG_FORM_COMPACT);
	CHECK(seen_counter(id(1), 1, MSG_FORM_COMPACT));
	CHECK(seen_flush() == 0);
	/* the file's counters are those of before */
	reopen(0);
	CHECK(last(1) == 100 && last(2) == UINT64_MAX);
	CHECK(seen_form(id(1), MSG_FORM_SPACED) == MSG_FORM_COMPACT);
}

/* ---- several processes --------------------------------------------------- */

static int
other(void *arg)
{
	(void)arg;
	return (seen_open(NAME, 0) == -1 || !counter(1, 20) ||
	    !counter(2, 5) || !counter(4, 4) || seen_flush() == -1);
}

static void
test_merge(void)
{
	unlink(PATH);
	reopen(0);
	CHECK(counter(1, 10) && counter(2, 1) && seen_flush() == 0);
	CHECK(counter(2, 7) && counter(3, 3));
	CHECK(exits(in_child(other, NULL), 0));
	CHECK(last(1) == 10);
	CHECK(seen_flush() == 0);
	CHECK(last(1) == 20 && last(2) == 7 && last(3) == 3 && last(4) == 4);
	reopen(0);
	CHECK(last(1) == 20 && last(2) == 7 && last(3) == 3 && last(4) == 4);
}

/*
 * Raises all keys' counters, each process by other numbers, and notes a key of
 * its own each time.  What is lost by then it does not remember either.
 */
static void
raiser(int number, int rounds)
{
	int	 i, k;

	for (i = 1; i != rounds + 1; i++) {
		if (seen_open(NAME, 0) == -1)
			_exit(1);
		counter(OWN(number, i), 1);
		for (k = 0; k < KEYS; k++)
			counter((uint32_t)k, (uint64_t)(i * PROCESSES + number));
		counter((uint32_t)(100 + number), (uint64_t)i);
		if (seen_flush() == -1)
			_exit(1);
	}
	_exit(0);
}

static pid_t
start_raiser(int number, int rounds)
{
	pid_t	 pid;

	fflush(NULL);
	if ((pid = fork()) == -1) {
		perror("fork");
		exit(1);
	}
	if (pid == 0)
		raiser(number, rounds);
	return (pid);
}

static void
test_together(void)
{
	pid_t	 pids[PROCESSES];
	int	 i, j, status;

	unlink(PATH);
	for (i = 0; i < PROCESSES; i++)
		pids[i] = start_raiser(i, ROUNDS);
	for (i = 0; i < PROCESSES; i++)
		CHECK(waitpid(pids[i], &status, 0) == pids[i] &&
		    exits(status, 0));
	reopen(0);
	for (i = 0; i < KEYS; i++)
		CHECK(last((uint32_t)i) == ROUNDS * PROCESSES + PROCESSES - 1);
	for (i = 0; i < PROCESSES; i++)
		CHECK(last((uint32_t)(100 + i)) == ROUNDS);
	for (i = 0; i < PROCESSES; i++)
		for (j = 1; j <= ROUNDS; j++)
			CHECK(last(OWN(i, j)) == 1);
}

/* One is killed at any place: nothing that was kept is lost. */
static void
test_killed(void)
{
	uint64_t	 before = 0;
	pid_t		 pid;
	int		 i, status;

	unlink(PATH);
	for (i = 0; i < 20; i++) {
		reopen(0);
		if (i > 0)
			CHECK(last(0) != UINT64_MAX && last(0) >= before);
		before = (uint64_t)i * 1000000;
		CHECK(counter(0, before + 1000000 - 1) || i == 0);
		CHECK(counter(50, (uint64_t)i));
		CHECK(seen_flush() == 0);
		pid = start_raiser(1, -2);
		/* until it has written something */
		do {
			CHECK(counter(60, (uint64_t)time(NULL) + before++));
			CHECK(seen_flush() == 0);
		} while (last(101) == UINT64_MAX);
		kill(pid, SIGKILL);
		CHECK(waitpid(pid, &status, 0) == pid && dies(status, SIGKILL));
		reopen(0);
		CHECK(last(50) == (uint64_t)i);
		before = last(0);
	}
}

/* ---- the file ------------------------------------------------------------ */

static void
test_full(void)
{
	struct stat	 st;
	uint32_t	 i, gone = 0;

	unlink(PATH);
	reopen(0);
	for (i = 0; i < SEEN_MAX; i++) {
		clock_now++;
		CHECK(counter(i, 1));
	}
	CHECK(seen_flush() == 0);
	CHECK(last(0) == 1 && last(SEEN_MAX - 1) == 1);
	clock_now++;
	CHECK(counter(0, 2));			/* not unseen any more */
	for (i = 0; i < 2000; i++) {
		clock_now++;
		CHECK(counter(SEEN_MAX + i, 1));
	}
	CHECK(seen_flush() == 0);
	reopen(0);
	CHECK(last(0) == 2);
	for (i = 1; i < SEEN_MAX; i++)
		gone += last(i) == UINT64_MAX;
	CHECK(gone >= 1900 && gone <= 2048);
	/* the oldest */
	for (i = 2050; i < SEEN_MAX; i++)
		CHECK(last(i) == 1);
	for (i = 0; i < 2000; i++)
		CHECK(last(SEEN_MAX + i) == 1);
	CHECK(stat(PATH, &st) == 0 && st.st_size == 32 + 64 * SEEN_MAX);
}

static size_t
read_whole(char *buf, size_t size)
{
	ssize_t	 n;
	int	 fd;

	if ((fd = open(PATH, O_RDONLY)) == -1 ||
	    (n = read(fd, buf, size)) == -1) {
		perror(PATH);
		exit(1);
	}
	close(fd);
	return ((size_t)n);
}

static void
write_whole(const char *buf, size_t len)
{
	int	fd;

	if ((fd = open(PATH, O_WRONLY | O_CREAT | O_TRUNC, 0600)) == -1 ||
	    write(fd, buf, len) != (ssize_t)len) {
		perror(PATH);
		exit(1);
	}
	close(fd);
}

/* Opens what is there, silently, and uses it. */
static void
use_rubbish(void)
{
	int	fd, saved;

	fflush(stderr);
	saved = dup(STDERR_FILENO);
	if ((fd = open("/dev/null", O_WRONLY)) == -1 ||
	    dup2(fd, STDERR_FILENO) == -1)
		exit(1);
	close(fd);
	CHECK(seen_open(NAME, 0) == 0);
	dup2(saved, STDERR_FILENO);
	close(saved);
	CHECK(counter(1, INT64_MAX) || last(1) == INT64_MAX);
	CHECK(seen_flush() == 0);
	CHECK(seen_open(NAME, 0) == 0 && last(1) == INT64_MAX);
}

static void
test_broken(void)
{
	char	 good[32 + 3 * 64], bad[sizeof(good)];
	size_t	 i;

	unlink(PATH);
	reopen(0);
	CHECK(counter(1, 1) && counter(2, 2) && counter(3, 3));
	CHECK(seen_flush() == 0);
	CHECK(read_whole(good, sizeof(good)) == sizeof(good));
	for (i = 0; i <= sizeof(good); i++) {
		write_whole(good, i);
		use_rubbish();
	}
	for (i = 0; i < sizeof(good); i++) {
		memcpy(bad, good, sizeof(good));
		bad[i] ^= 0xff;
		write_whole(bad, sizeof(bad));
		use_rubbish();
	}
	write_whole(good, sizeof(good));
	reopen(0);
	CHECK(last(1) == 1 && last(2) == 2 && last(3) == 3);
}

/* Somebody empties it while we run: what we know comes back. */
static void
test_lost(void)
{
	unlink(PATH);
	reopen(0);
	CHECK(counter(1, 1) && counter(2, 2) && seen_flush() == 0);
	write_whole("", 0);
	CHECK(counter(3, 3) && seen_flush() == 0);
	reopen(0);
	CHECK(last(1) == 1 && last(2) == 2 && last(3) == 3);
}

int
main(void)
{
	RUN(test_counter);
	RUN(test_form);
	RUN(test_kept);
	RUN(test_session);
	RUN(test_merge);
	RUN(test_together);
	RUN(test_killed);
	RUN(test_full);
	RUN(test_broken);
	RUN(test_lost);
	return (test_done());
}
