/*
 * The directory of files, under a clock of the test's own: what is counted at
 * the start, what is removed when, what there is room for.  Each case is a
 * process and a directory of its own, for the store is one of a process.
 */

/* link: olaf-files/store.o olaf-files/record.o */

#include "compat.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <dirent.h>
#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "olaf-files/files.h"
#include "store.h"
#include "test.h"

#define EPOCH	1700000000	/* where the clock stands at first */

static time_t		 clock_now = EPOCH;
static unsigned int	 changes;		/* told by files_changed */
static struct {
	uint8_t		 id[MSG_FILE_ID_LEN];
	uint64_t	 size;
}			 expired[4096];
static unsigned int	 nexpired;
static unsigned int	 warnings, lines;	/* of the log */
static char		 last_warning[512], last_named[512];
static int		 ready;

/* ---- what store.c calls ------------------------------------------------------ */

time_t
time(time_t *t)
{
	if (t != NULL)
		*t = clock_now;
	return (clock_now);
}

void
files_changed(void)
{
	changes++;
}

void
files_event(enum msg_file_event_type type, const uint8_t id[MSG_FILE_ID_LEN],
    uint64_t size, const char *name)
{
	CHECK(type == MSG_FILE_EXPIRED && *name == '\0');
	if (nexpired == nitems(expired))
		abort();
	memcpy(expired[nexpired].id, id, MSG_FILE_ID_LEN);
	expired[nexpired++].size = size;
}

void
log_info(const char *fmt, ...)
{
	(void)fmt;
	lines++;
}

void
log_warnx(const char *fmt, ...)
{
	va_list	ap;

	strlcpy(last_named, last_warning, sizeof(last_named));
	va_start(ap, fmt);
	vsnprintf(last_warning, sizeof(last_warning), fmt, ap);
	va_end(ap);
	warnings++;
}

void
log_warn(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(last_warning, sizeof(last_warning), fmt, ap);
	va_end(ap);
	warnings++;
}

void
fatal(const char *fmt, ...)
{
	fprintf(stderr, "fatal: %s\n", fmt);
	abort();
}

/* ---- a directory -------------------------------------------------------------- */

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

static void
make_file(const char *name, const void *octets, size_t len)
{
	int	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	must(fd != -1 && write(fd, octets, len) == (ssize_t)len, name);
	close(fd);
}

/* The n-th file's name and id. */
static const char *
name_of(unsigned int n)
{
	static char	name[MSG_FILE_ID_HEX + 1];

	snprintf(name, sizeof(name), "%08x%024x", n, 0xabcdef);
	return (name);
}

static const uint8_t *
id_of(unsigned int n)
{
	static uint8_t	id[MSG_FILE_ID_LEN];

	memset(id, 0, sizeof(id));
	id[0] = (uint8_t)(n >> 24);
	id[1] = (uint8_t)(n >> 16);
	id[2] = (uint8_t)(n >> 8);
	id[3] = (uint8_t)n;
	id[13] = 0xab;
	id[14] = 0xcd;
	id[15] = 0xef;
	return (id);
}

/* A whole file's octets.  Returns their number. */
static size_t
stored(uint8_t *octets, size_t size, uint64_t when)
{
	struct record	r;

	memset(&r, 0, sizeof(r));
	r.size = size;
	r.time = when;
	strlcpy(r.name, "name", sizeof(r.name));
	memset(octets, 'x', size);
	return (size + record_write(&r, octets + size));
}

static void
make_stored(unsigned int n, size_t size, uint64_t when)
{
	uint8_t	octets[1024 + RECORD_MAX];

	make_file(name_of(n), octets, stored(octets, size, when));
}

static int
exists(const char *name)
{
	struct stat	st;

	return (lstat(name, &st) == 0);
}

static unsigned int
entries(void)
{
	unsigned int	 n = 0;
	struct dirent	*de;
	DIR		*d = opendir(".");

	must(d != NULL, "opendir");
	while ((de = readdir(d)) != NULL)
		if (strcmp(de->d_name, ".") != 0 &&
		    strcmp(de->d_name, "..") != 0)
			n++;
	closedir(d);
	return (n);
}

static void
on_ready(void)
{
	ready++;
}

/* Starts it and waits until all is counted. */
static void
start(void)
{
	store_start(on_ready);
	while (!store_is_ready())
		if (event_loop(EVLOOP_ONCE) != 0)
			abort();
	CHECK(ready == 1);
}

/* Sets the clock; what is due is done. */
static void
set_clock(time_t t)
{
	clock_now = t;
	store_swap();
	event_loop(EVLOOP_NONBLOCK);
}

/* Stores a file as an upload does. */
static int
keep(uint8_t id[MSG_FILE_ID_LEN], size_t size)
{
	char		temp[STORE_TEMP_MAX], octets[1024];
	struct record	r;
	int		fd, result;

	must((fd = store_temp(temp)) != -1, "store_temp");
	memset(octets, 'y', sizeof(octets));
	must(store_write(fd, (uint8_t *)octets, size, 0) == 0, "write");
	memset(&r, 0, sizeof(r));
	r.size = size;
	r.time = (uint64_t)clock_now;
	strlcpy(r.name, "kept", sizeof(r.name));
	result = store_keep(temp, fd, &r, id);
	close(fd);
	return (result);
}

static int
opens(const uint8_t *id)
{
	struct record	r;
	int		fd = store_open(id, &r);

	if (fd == -1)
		return (0);
	close(fd);
	return (1);
}

/* ---- the start ------------------------------------------------------------------ */

static void
empty(void)
{
	CHECK(!store_is_ready());
	start();
	CHECK(store_count() == 0 && store_bytes() == 0);
	CHECK(store_expired() == 0 && warnings == 0);
	CHECK(!opens(id_of(1)) && errno == ENOENT);
}

static void
counted(void)
{
	unsigned int	i;

	for (i = 0; i < 1500; i++)
		make_stored(i, i % 7, EPOCH - i);
	store_start(on_ready);
	CHECK(!store_is_ready() && ready == 0);	/* others have their turn */
	CHECK(opens(id_of(1)));
	while (!store_is_ready())
		event_loop(EVLOOP_ONCE);
	CHECK(ready == 1 && warnings == 0);
	CHECK(store_count() == 1500);
	CHECK(store_bytes() == 1500 / 7 * 21 + 0 + 1);
	CHECK(entries() == 1500);
}

static void
leftovers(void)
{
	make_file(".upload-0123456789abcdef", "half", 4);
	make_file(".upload-", "", 0);
	make_file(".upload-x\x1b[0m", "", 0);
	make_stored(1, 10, EPOCH);
	start();
	CHECK(store_count() == 1 && store_bytes() == 10);
	CHECK(entries() == 1 && warnings == 0);
	CHECK(lines == 4);	/* each, and the count */
}

static void
strangers(void)
{
	static const char *const	names[] = {
		"README", ".hidden", "0123456789abcdef0123456789abcde",
		"0123456789abcdef0123456789abcdef0",
		"0123456789ABCDEF0123456789ABCDEF",
		"0123456789abcdef0123456789abcdeg", "-", "x\x1b[0m"
	};
	uint8_t				octets[RECORD_MAX];
	size_t				i, len = stored(octets, 0, EPOCH);

	for (i = 0; i < nitems(names); i++)
		make_file(names[i], octets, len);
	start();
	CHECK(store_count() == 0 && entries() == nitems(names));
	CHECK(warnings == nitems(names));
	CHECK(strstr(last_warning, "left alone") != NULL);
}

static void
make_strangers(int n)
{
	char	name[16];

	while (n-- > 0) {
		snprintf(name, sizeof(name), "stranger%d", n);
		make_file(name, "", 0);
	}
}

/* No more than ten are named. */
static void
ten_strangers(void)
{
	make_strangers(10);
	start();
	CHECK(warnings == 10 && entries() == 10);
}

static void
many_strangers(void)
{
	make_strangers(25);
	start();
	CHECK(warnings == 11 && entries() == 25);
	CHECK(strstr(last_warning, "15 more") != NULL);
}

/* What is named as a file is, but is none. */
static void
no_files(void)
{
	struct sockaddr_un	sun;
	int			fd;

	make_stored(100, 5, EPOCH);
	must(rename(name_of(100), "target") == 0, "rename");
	must(symlink("target", name_of(1)) == 0, "symlink");
	must(symlink("nowhere", name_of(2)) == 0, "symlink");
	must(mkdir(name_of(3), 0700) == 0, "mkdir");
	must(mkfifo(name_of(4), 0600) == 0, "mkfifo");
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	strlcpy(sun.sun_path, name_of(5), sizeof(sun.sun_path));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	must(bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0, "bind");
	must(mkdir(".upload-directory", 0700) == 0, "mkdir");
	start();
	CHECK(store_count() == 0 && store_bytes() == 0);
	CHECK(entries() == 7 && warnings == 7);
	CHECK(!opens(id_of(1)) && errno != ENOENT);
	CHECK(!opens(id_of(3)) && errno == EBADMSG);
	CHECK(!opens(id_of(4)) && errno == EBADMSG);
	CHECK(!opens(id_of(5)));
}

/* A file that is cut off, at each place, is not served, and left alone. */
static void
truncated(void)
{
	uint8_t	octets[100 + RECORD_MAX];
	size_t	n, len = stored(octets, 100, EPOCH);

	for (n = 0; n <= len; n++)
		make_file(name_of(n), octets, n);
	make_file(name_of(len + 1), octets + 1, len - 1);
	octets[len] = 'x';
	make_file(name_of(len + 2), octets, len + 1);
	start();
	CHECK(store_count() == 1 && store_bytes() == 100);
	CHECK(entries() == len + 3 && warnings == 11);
	CHECK(strstr(last_named, "no whole file, left alone") != NULL);
	for (n = 0; n < len; n++)
		CHECK(!opens(id_of(n)) && errno == EBADMSG);
	CHECK(opens(id_of(len)));
	CHECK(!opens(id_of(len + 1)) && errno == EBADMSG);
	CHECK(!opens(id_of(len + 2)) && errno == EBADMSG);
}

static void
too_old_at_start(void)
{
	store_conf.retain = 100;
	make_stored(1, 10, EPOCH - 99);
	make_stored(2, 20, EPOCH - 100);
	make_stored(3, 30, EPOCH - 101);
	make_stored(4, 40, 0);
	make_stored(5, 50, EPOCH + 1000);	/* the clock was wrong then */
	make_stored(6, 60, UINT64_MAX);
	start();
	CHECK(store_count() == 3 && store_bytes() == 120);
	CHECK(store_expired() == 3 && entries() == 3 && warnings == 0);
	CHECK(exists(name_of(1)) && exists(name_of(5)) && exists(name_of(6)));
}

static void
for_ever(void)
{
	store_conf.retain = 0;
	make_stored(1, 10, 0);
	make_stored(2, 10, EPOCH);
	start();
	set_clock(2 * (time_t)EPOCH);
	CHECK(store_count() == 2 && store_expired() == 0 && entries() == 2);
	CHECK(opens(id_of(1)));
}

/* ---- expiry ---------------------------------------------------------------------- */

/* Was the n-th that expired the file of that number? */
static int
went(unsigned int n, unsigned int number, uint64_t size)
{
	return (n < nexpired && expired[n].size == size &&
	    memcmp(expired[n].id, id_of(number), MSG_FILE_ID_LEN) == 0);
}

static void
in_order(void)
{
	store_conf.retain = 100;
	make_stored(7, 1, EPOCH - 10);
	make_stored(3, 2, EPOCH - 30);
	make_stored(5, 3, EPOCH - 20);
	make_stored(9, 4, EPOCH);
	start();
	CHECK(store_count() == 4 && store_bytes() == 10);
	set_clock(EPOCH + 69);
	CHECK(nexpired == 0 && store_count() == 4);
	set_clock(EPOCH + 70);
	CHECK(nexpired == 1 && went(0, 3, 2));
	CHECK(store_count() == 3 && store_bytes() == 8);
	CHECK(!exists(name_of(3)) && exists(name_of(5)));
	set_clock(EPOCH + 90);
	CHECK(nexpired == 3 && went(1, 5, 3) && went(2, 7, 1));
	set_clock(EPOCH + 1000);
	CHECK(nexpired == 4 && went(3, 9, 4) && store_expired() == 4);
	CHECK(store_count() == 0 && store_bytes() == 0 && entries() == 0);
	CHECK(warnings == 0);
}

/* Many of one second go together, in more than one turn. */
static void
equal_times(void)
{
	unsigned int	i;
	uint8_t		id[MSG_FILE_ID_LEN];

	store_conf.retain = 100;
	for (i = 0; i < 300; i++)
		make_stored(i, 1, EPOCH);
	make_stored(1000, 1, EPOCH + 1);
	start();
	CHECK(keep(id, 1) == 0);
	set_clock(EPOCH + 99);
	CHECK(nexpired == 0);
	clock_now = EPOCH + 100;
	store_swap();
	event_loop(EVLOOP_ONCE);
	CHECK(nexpired == 256);		/* others have their turn */
	event_loop(EVLOOP_ONCE);
	CHECK(nexpired == 301 && store_count() == 1);
	CHECK(entries() == 1 && exists(name_of(1000)));
}

/* The timer itself, not a new configuration, lets the eldest go. */
static void
by_itself(void)
{
	uint8_t	id[MSG_FILE_ID_LEN];

	store_conf.retain = 1;
	start();
	CHECK(keep(id, 1) == 0);
	CHECK(opens(id));
	clock_now++;
	CHECK(!opens(id) && errno == ENOENT);	/* though it is still there */
	CHECK(store_count() == 1 && entries() == 1);
	event_loop(EVLOOP_ONCE);
	CHECK(store_count() == 0 && entries() == 0 && nexpired == 1);
}

/* A file from the future is kept; those stored after it go when they must. */
static void
clock_set_back(void)
{
	uint8_t	first[MSG_FILE_ID_LEN], second[MSG_FILE_ID_LEN];
	uint8_t	third[MSG_FILE_ID_LEN];

	store_conf.retain = 100;
	start();
	clock_now = EPOCH + 10000;
	CHECK(keep(first, 1) == 0);
	clock_now = EPOCH;
	CHECK(keep(second, 2) == 0);
	clock_now = EPOCH - 50;
	CHECK(keep(third, 3) == 0);
	CHECK(opens(first) && opens(second) && opens(third));
	set_clock(EPOCH + 50);
	CHECK(!opens(third));
	CHECK(nexpired == 1 && expired[0].size == 3 && store_bytes() == 3);
	set_clock(EPOCH + 100);
	CHECK(nexpired == 2 && expired[1].size == 2 && store_bytes() == 1);
	CHECK(opens(first) && entries() == 1);
	set_clock(EPOCH + 10100);
	CHECK(nexpired == 3 && store_count() == 0 && entries() == 0);
}

static void
retain_changes(void)
{
	start();
	make_stored(1, 5, EPOCH - 50);		/* came later: not counted */
	CHECK(store_count() == 0);
	store_conf.retain = 50;
	CHECK(!opens(id_of(1)) && errno == ENOENT);
	store_conf.retain = 51;
	CHECK(opens(id_of(1)));
}

static void
shortened(void)
{
	store_conf.retain = 1000;
	make_stored(1, 1, EPOCH - 50);
	make_stored(2, 2, EPOCH - 10);
	start();
	CHECK(store_count() == 2);
	store_conf.retain = 20;
	set_clock(EPOCH);
	CHECK(nexpired == 1 && went(0, 1, 1) && store_count() == 1);
	store_conf.retain = 0;
	set_clock(EPOCH + 100000);
	CHECK(store_count() == 1 && opens(id_of(2)));
}

/* Who removes a file by hand has removed it. */
static void
behind_its_back(void)
{
	store_conf.retain = 100;
	make_stored(1, 1, EPOCH);
	start();
	unlink(name_of(1));
	CHECK(!opens(id_of(1)) && errno == ENOENT);
	set_clock(EPOCH + 100);
	CHECK(store_count() == 0 && store_bytes() == 0 && warnings == 0);
}

/* ---- uploads ---------------------------------------------------------------------- */

static void
room(void)
{
	make_stored(1, 100, EPOCH);
	store_conf.quota = 1000;
	start();
	CHECK(store_room(0, 0) && store_room(900, 0) && !store_room(901, 0));
	CHECK(store_room(0, 900) && !store_room(0, 901));
	CHECK(store_room(400, 500) && !store_room(401, 500));
	CHECK(!store_room(UINT64_MAX, 0) && !store_room(UINT64_MAX, 900));
	CHECK(!store_room(UINT64_MAX - 99, 100));
	store_conf.quota = 100;		/* as after a reload */
	CHECK(store_room(0, 0) && !store_room(1, 0) && !store_room(0, 1));
	store_conf.quota = 99;
	CHECK(!store_room(0, 0) && !store_room(1, 0));
	store_conf.quota = UINT64_MAX;
	CHECK(store_room(UINT64_MAX - 100, 0));
	CHECK(!store_room(UINT64_MAX - 99, 0));
}

static void
temporary(void)
{
	char	one[STORE_TEMP_MAX], two[STORE_TEMP_MAX];
	int	fd1, fd2;

	start();
	fd1 = store_temp(one);
	fd2 = store_temp(two);
	CHECK(fd1 != -1 && fd2 != -1 && strcmp(one, two) != 0);
	CHECK(strncmp(one, ".upload-", 8) == 0 && exists(one) && exists(two));
	CHECK((fcntl(fd1, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK(store_count() == 0);
}

/* What a front writes to has no name, and is written only. */
static void
nameless(void)
{
	char	octet;
	int	fd, other, writer, writer2;

	start();
	CHECK((fd = store_nameless(&writer)) != -1);
	CHECK((other = store_nameless(&writer2)) != -1);
	CHECK(entries() == 0);
	CHECK(write(writer, "abc", 3) == 3 && write(writer2, "xyz", 3) == 3);
	CHECK(read(writer, &octet, 1) == -1 && errno == EBADF);
	CHECK(pread(fd, &octet, 1, 1) == 1 && octet == 'b');
	CHECK(pread(other, &octet, 1, 1) == 1 && octet == 'y');
	CHECK((fcntl(writer, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK(store_count() == 0);
}

static void
kept(void)
{
	uint8_t		id[MSG_FILE_ID_LEN], other[MSG_FILE_ID_LEN];
	char		octets[4];
	struct record	r;
	struct stat	st;
	int		fd;

	start();
	changes = 0;
	CHECK(keep(id, 10) == 0 && keep(other, 20) == 0 && store_sync() == 0);
	CHECK(changes == 2);
	CHECK(memcmp(id, other, sizeof(id)) != 0);
	CHECK(store_count() == 2 && store_bytes() == 30 && entries() == 2);
	CHECK((fd = store_open(id, &r)) != -1);
	CHECK(r.size == 10 && r.time == EPOCH && strcmp(r.name, "kept") == 0);
	CHECK(fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK(st.st_size == 10 + RECORD_MIN + 4);
	CHECK(pread(fd, octets, 4, 8) == 4 && memcmp(octets, "yy", 2) == 0);
	CHECK(memcmp(octets + 2, "ke", 2) == 0);
	CHECK(write(fd, "x", 1) == -1 && errno == EBADF);
	store_remove(id);
	CHECK(store_count() == 1 && store_bytes() == 20 && entries() == 1);
	CHECK(!opens(id) && errno == ENOENT && opens(other));
	store_remove(id);
	CHECK(store_count() == 1);
	store_remove(other);
	CHECK(store_count() == 0 && store_bytes() == 0 && entries() == 0);
	CHECK(warnings == 0 && nexpired == 0);
}

static void
not_kept(void)
{
	uint8_t		id[MSG_FILE_ID_LEN];
	char		temp[STORE_TEMP_MAX];
	struct record	r;
	int		fd;

	start();
	memset(&r, 0, sizeof(r));
	strlcpy(r.name, "n", sizeof(r.name));
	fd = store_temp(temp);
	CHECK(store_keep(temp, fd + 100, &r, id) == -1 && errno == EBADF);
	CHECK(exists(temp) && entries() == 1);
	unlink(temp);
	CHECK(store_keep(temp, fd, &r, id) == -1 && errno == ENOENT);
	CHECK(store_count() == 0 && store_bytes() == 0 && entries() == 0);
}

static void
no_temporary(void)
{
	char	temp[STORE_TEMP_MAX];
	int	fd, writer, last = -1;

	start();
	while ((fd = dup(0)) != -1)
		last = fd;
	CHECK(store_temp(temp) == -1 && errno == EMFILE);
	CHECK(store_nameless(&writer) == -1 && errno == EMFILE);
	close(last);
	/* one, but not the other */
	CHECK(store_nameless(&writer) == -1 && errno == EMFILE);
	CHECK(entries() == 0);
}

/* ---- the cases --------------------------------------------------------------------- */

/* In a directory of its own; whether it failed is the exit status. */
static int
alone(void *arg)
{
	void	(*f)(void) = *(void (**)(void))arg;
	char	 dir[] = "store.XXXXXXXXXX";

	must(mkdtemp(dir) != NULL && chdir(dir) == 0, dir);
	event_init();
	store_conf.quota = 1 << 20;
	f();
	return (test_case_failed);
}

#define CASE(f)								\
static void								\
test_##f(void)								\
{									\
	void	(*function)(void) = f;					\
									\
	CHECK(exits(in_child(alone, &function), 0));			\
}

CASE(empty)
CASE(counted)
CASE(leftovers)
CASE(strangers)
CASE(ten_strangers)
CASE(many_strangers)
CASE(no_files)
CASE(truncated)
CASE(too_old_at_start)
CASE(for_ever)
CASE(in_order)
CASE(equal_times)
CASE(by_itself)
CASE(clock_set_back)
CASE(retain_changes)
CASE(shortened)
CASE(behind_its_back)
CASE(room)
CASE(temporary)
CASE(kept)
CASE(nameless)
CASE(not_kept)
CASE(no_temporary)

int
main(void)
{
	const char	*tmp = getenv("TMPDIR");

	must(chdir(tmp != NULL ? tmp : "/tmp") == 0, "TMPDIR");
	RUN(test_empty);
	RUN(test_counted);
	RUN(test_leftovers);
	RUN(test_strangers);
	RUN(test_ten_strangers);
	RUN(test_many_strangers);
	RUN(test_no_files);
	RUN(test_truncated);
	RUN(test_too_old_at_start);
	RUN(test_for_ever);
	RUN(test_in_order);
	RUN(test_equal_times);
	RUN(test_by_itself);
	RUN(test_clock_set_back);
	RUN(test_retain_changes);
	RUN(test_shortened);
	RUN(test_behind_its_back);
	RUN(test_room);
	RUN(test_temporary);
	RUN(test_kept);
	RUN(test_nameless);
	RUN(test_not_kept);
	RUN(test_no_temporary);
	return (test_done());
}
