/*
 * The directory of files.
 */

#include "compat.h"

#include <sys/queue.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <vis.h>

#include "files.h"
#include "log.h"
#include "octet.h"
#include "store.h"

#define TEMP_PREFIX	".upload-"
#define SCAN_TURN	256	/* files counted, or removed, in a turn of the loop */
#define STRANGERS_MAX	10	/* that are named in the log */
#define WARN_SECONDS	10	/* between two warnings */
#define FULL_SECONDS	60	/* and of there being no room */

struct file {
	TAILQ_ENTRY(file)	 entry;		/* eldest first */
	uint8_t			 id[MSG_FILE_ID_LEN];
	uint64_t		 size;
	uint64_t		 time;
};
TAILQ_HEAD(files, file);

struct msg_conf_files	store_conf;

static struct files	 files = TAILQ_HEAD_INITIALIZER(files);
static uint64_t		 nfiles, nbytes, nexpired;
static int		 dir_fd = -1;	/* the directory itself */
static struct event	 expire_event;

/* The count at the start. */
static DIR		*scan_dir;
static struct event	 scan_event;
static struct file	**found;
static size_t		 nfound, found_size;
static unsigned int	 strangers;
static void		(*scan_ready)(void);

/* ---- what there is ----------------------------------------------------------- */

static uint64_t
now(void)
{
	time_t	t = time(NULL);

	return (t < 0 ? 0 : (uint64_t)t);
}

static int
is_expired(uint64_t stored)
{
	uint64_t	t = now();

	return (store_conf.retain != 0 && t >= stored &&
	    t - stored >= store_conf.retain);
}

/* Waits for the eldest to be too old. */
static void
expire_later(void)
{
	struct file	*f = TAILQ_FIRST(&files);
	struct timeval	 tv = { 0, 0 };
	uint64_t	 t = now(), due;

	evtimer_del(&expire_event);
	if (f == NULL || store_conf.retain == 0 || !store_is_ready())
		return;
	due = f->time + store_conf.retain;
	/* now and then, as the clock may be set */
	tv.tv_sec = due <= t ? 0 : due - t < 60 ? (time_t)(due - t) : 60;
	evtimer_add(&expire_event, &tv);
}

static void
file_forget(struct file *f)
{
	TAILQ_REMOVE(&files, f, entry);
	nfiles--;
	nbytes -= f->size;
	free(f);
	files_changed();
}

/* errno says why; the log is not the place for each upload to a full disk. */
void
store_warn(const char *what)
{
	static time_t	said;
	int		saved = errno;
	time_t		t = time(NULL);

	if (said != 0 && t >= said && t - said < WARN_SECONDS)
		return;
	said = t;
	errno = saved;
	log_warn("files: %.40s", what);
	errno = saved;
}

static void
file_unlink(const struct file *f)
{
	char	name[MSG_FILE_ID_HEX + 1];

	octet_write_hex(name, f->id, MSG_FILE_ID_LEN);
	if (unlink(name) == -1 && errno != ENOENT)
		store_warn(name);
}

static void
expire(int fd, short what, void *arg)
{
	struct file	*f;
	int		 n = 0;

	(void)fd;
	(void)what;
	(void)arg;
	while ((f = TAILQ_FIRST(&files)) != NULL && is_expired(f->time) &&
	    n++ < SCAN_TURN) {
		file_unlink(f);
		files_event(MSG_FILE_EXPIRED, f->id, f->size, "");
		nexpired++;
		file_forget(f);
	}
	expire_later();
}

static struct file *
file_new(const uint8_t *id, uint64_t size, uint64_t stored)
{
	struct file	*f;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		fatal("file");
	memcpy(f->id, id, sizeof(f->id));
	f->size = size;
	f->time = stored;
	nfiles++;
	nbytes += size;
	return (f);
}

/* Where its time is: behind all others, unless the clock was set back. */
static void
file_insert(struct file *f)
{
	struct file	*before;

	TAILQ_FOREACH_REVERSE(before, &files, files, entry)
		if (before->time <= f->time)
			break;
	if (before != NULL)
		TAILQ_INSERT_AFTER(&files, before, f, entry);
	else
		TAILQ_INSERT_HEAD(&files, f, entry);
}

/* ---- the count at the start ---------------------------------------------------- */

static int
file_compare(const void *a, const void *b)
{
	const struct file	*x = *(struct file *const *)a;
	const struct file	*y = *(struct file *const *)b;

	return (x->time < y->time ? -1 : x->time > y->time);
}

/* A name that may hold anything; static memory, until the next call. */
static const char *
visible(const char *name)
{
	static char	text[4 * NAME_MAX + 1];

	strnvis(text, name, sizeof(text), VIS_OCTAL | VIS_CSTYLE | VIS_NL |
	    VIS_TAB);
	return (text);
}

static void
scan_stranger(const char *name, const char *what)
{
	if (++strangers <= STRANGERS_MAX)
		log_warnx("files: %s: %s, left alone", visible(name), what);
}

static void
scan_add(struct file *f)
{
	struct file	**bigger;

	if (nfound == found_size) {
		found_size = found_size == 0 ? 1024 : 2 * found_size;
		if ((bigger = reallocarray(found, found_size,
		    sizeof(*found))) == NULL)
			fatal("files");
		found = bigger;
	}
	found[nfound++] = f;
}

static void
scan_one(const char *name)
{
	uint8_t		id[MSG_FILE_ID_LEN];
	struct record	r;
	int		fd;

	if (strncmp(name, TEMP_PREFIX, strlen(TEMP_PREFIX)) == 0) {
		log_info("files: %s: an upload that was cut off, removed",
		    visible(name));
		if (unlink(name) == -1)
			log_warn("files: %s", visible(name));
	} else if (octet_read_hex(id, sizeof(id), name, strlen(name)) == -1)
		scan_stranger(name, "none of ours");
	else if ((fd = store_open(id, &r)) != -1) {
		close(fd);
		scan_add(file_new(id, r.size, r.time));
	} else if (errno == ENOENT) {		/* too old */
		if (unlink(name) == 0)
			nexpired++;
	} else
		scan_stranger(name, errno == EBADMSG ?
		    "no whole file" : strerror(errno));
}

static void
scan_end(void)
{
	size_t	i;

	closedir(scan_dir);
	scan_dir = NULL;
	if (nfound > 0)
		qsort(found, nfound, sizeof(*found), file_compare);
	for (i = 0; i < nfound; i++)
		TAILQ_INSERT_TAIL(&files, found[i], entry);
	free(found);
	found = NULL;
	if (strangers > STRANGERS_MAX)
		log_warnx("files: %u more, left alone",
		    strangers - STRANGERS_MAX);
	log_info("files: %llu, with %llu octets", (unsigned long long)nfiles,
	    (unsigned long long)nbytes);
	files_changed();
	expire_later();
	scan_ready();
}

static void
scan_turn(int fd, short what, void *arg)
{
	struct timeval	 tv = { 0, 0 };
	struct dirent	*de;
	int		 n;

	(void)fd;
	(void)what;
	(void)arg;
	for (n = 0; n < SCAN_TURN; n++) {
		errno = 0;
		if ((de = readdir(scan_dir)) == NULL) {
			if (errno != 0)
				fatal("files: reading the directory");
			scan_end();
			return;
		}
		if (strcmp(de->d_name, ".") != 0 &&
		    strcmp(de->d_name, "..") != 0)
			scan_one(de->d_name);
	}
	evtimer_add(&scan_event, &tv);
}

void
store_start(void (*ready)(void))
{
	if ((dir_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) ==
	    -1 || (scan_dir = opendir(".")) == NULL)
		fatal("files: the directory");
	scan_ready = ready;
	evtimer_set(&expire_event, expire, NULL);
	evtimer_set(&scan_event, scan_turn, NULL);
	scan_turn(-1, 0, NULL);
}

int
store_is_ready(void)
{
	return (dir_fd != -1 && scan_dir == NULL);
}

void
store_swap(void)
{
	if (store_is_ready())
		expire_later();
	files_changed();
}

/* ---- for uploads and downloads ------------------------------------------------- */

int
store_room(uint64_t more, uint64_t under_way)
{
	uint64_t	used = nbytes + under_way;

	return (nfiles < STORE_FILES_MAX && used <= store_conf.quota &&
	    more <= store_conf.quota - used);
}

void
store_full(void)
{
	static time_t	said;
	time_t		t = time(NULL);

	if (said != 0 && t >= said && t - said < FULL_SECONDS)
		return;
	said = t;
	log_warnx("files: full: %llu files, with %llu octets",
	    (unsigned long long)nfiles, (unsigned long long)nbytes);
}

uint64_t
store_count(void)
{
	return (nfiles);
}

uint64_t
store_bytes(void)
{
	return (nbytes);
}

uint64_t
store_expired(void)
{
	return (nexpired);
}

int
store_temp(char name[STORE_TEMP_MAX])
{
	snprintf(name, STORE_TEMP_MAX, "%s%08x%08x", TEMP_PREFIX,
	    arc4random(), arc4random());
	return (open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    0600));
}

int
store_nameless(int *writer)
{
	char	name[STORE_TEMP_MAX];
	int	fd, saved;

	if ((fd = store_temp(name)) == -1)
		return (-1);
	*writer = open(name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	saved = errno;
	if (unlink(name) == -1)
		store_warn(name);
	if (*writer != -1)
		return (fd);
	close(fd);
	errno = saved;
	return (-1);
}

int
store_write(int fd, const uint8_t *p, size_t len, off_t at)
{
	ssize_t	n;

	for (; len > 0; p += n, len -= (size_t)n, at += n) {
		n = pwrite(fd, p, len, at);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return (-1);
	}
	return (0);
}

int
store_keep(const char *temp, int fd, const struct record *r,
    uint8_t id[MSG_FILE_ID_LEN])
{
	uint8_t		 tail[RECORD_MAX];
	char		 name[MSG_FILE_ID_HEX + 1];
	struct file	*f;
	size_t		 len = record_write(r, tail);

	arc4random_buf(id, MSG_FILE_ID_LEN);
	octet_write_hex(name, id, MSG_FILE_ID_LEN);
	if (store_write(fd, tail, len, (off_t)r->size) == -1 ||
	    fsync(fd) == -1 || rename(temp, name) == -1)
		return (-1);
	f = file_new(id, r->size, r->time);
	file_insert(f);
	if (TAILQ_FIRST(&files) == f)
		expire_later();
	files_changed();
	return (0);
}

int
store_sync(void)
{
	return (fsync(dir_fd));
}

void
store_remove(const uint8_t id[MSG_FILE_ID_LEN])
{
	struct file	*f;

	/* it is among the last */
	TAILQ_FOREACH_REVERSE(f, &files, files, entry)
		if (memcmp(f->id, id, sizeof(f->id)) == 0) {
			file_unlink(f);
			file_forget(f);
			return;
		}
}

/* Returns 0, or -1 with errno set. */
static int
record_of(int fd, struct record *r)
{
	uint8_t		tail[RECORD_MAX];
	struct stat	st;
	size_t		len = sizeof(tail);
	ssize_t		n;

	if (fstat(fd, &st) == -1)
		return (-1);
	if (!S_ISREG(st.st_mode) || st.st_size < RECORD_MIN) {
		errno = EBADMSG;
		return (-1);
	}
	if (st.st_size < (off_t)len)
		len = (size_t)st.st_size;
	if ((n = pread(fd, tail, len, st.st_size - (off_t)len)) == -1)
		return (-1);
	if ((size_t)n == len && record_read(r, tail, len,
	    (uint64_t)st.st_size) == 0)
		return (0);
	errno = EBADMSG;
	return (-1);
}

int
store_open(const uint8_t id[MSG_FILE_ID_LEN], struct record *r)
{
	char	name[MSG_FILE_ID_HEX + 1];
	int	fd, saved = 0;

	octet_write_hex(name, id, MSG_FILE_ID_LEN);
	if ((fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) ==
	    -1) {
		if (errno != ENOENT && store_is_ready())
			store_warn(name);
		return (-1);
	}
	if (record_of(fd, r) == -1)
		saved = errno;
	else if (is_expired(r->time))
		saved = ENOENT;
	if (saved == 0)
		return (fd);
	close(fd);
	errno = saved;
	if (errno != ENOENT && store_is_ready())
		store_warn(name);
	return (-1);
}
