/*
 * The state directory and what the parent makes in it for its children.
 */

#include "compat.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "shared.h"
#include "spawn.h"
#include "state.h"

void
state_check(const struct config *conf)
{
	const char	*dir = conf->state_directory;
	struct stat	 st;

	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		fatal("state directory %s", dir);
	if (stat(dir, &st) == -1)
		fatal("state directory %s", dir);
	if (!S_ISDIR(st.st_mode))
		fatalx("state directory %s: not a directory", dir);
	if (st.st_uid != geteuid())
		fatalx("state directory %s: belongs to another user", dir);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		fatalx("state directory %s: others can write to it", dir);
}

int
state_is_empty(DIR *d)
{
	struct dirent	*de;

	while ((de = readdir(d)) != NULL)
		if (strcmp(de->d_name, ".") != 0 &&
		    strcmp(de->d_name, "..") != 0)
			return (0);
	return (1);
}

/* A directory of root's that is new, or empty, becomes _olaffiles's. */
static void
state_files_own(const char *dir, const struct passwd *pw)
{
	struct stat	 st;
	DIR		*d;

	if ((d = opendir(dir)) == NULL || fstat(dirfd(d), &st) == -1)
		fatal("files directory %s", dir);
	if (st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
	    state_is_empty(d) &&
	    (fchown(dirfd(d), pw->pw_uid, pw->pw_gid) == -1 ||
	    fchmod(dirfd(d), 0700) == -1))
		fatal("files directory %s", dir);
	closedir(d);
}

void
state_files(const struct config *conf, int unprivileged)
{
	const char	*dir = conf->files.directory;
	char		 user[MSG_NAME_MAX];
	struct passwd	*pw = NULL;
	struct stat	 st;
	uid_t		 uid = geteuid();

	if (!unprivileged) {
		if (spawn_user(conf, ROLE_FILES, user, sizeof(user)) == -1 ||
		    (pw = getpwnam(user)) == NULL)
			fatalx("files: no user %s", user);
		uid = pw->pw_uid;
	}
	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		fatal("files directory %s", dir);
	if (stat(dir, &st) == -1)
		fatal("files directory %s", dir);
	if (!S_ISDIR(st.st_mode))
		fatalx("files directory %s: not a directory", dir);
	if (pw != NULL && st.st_uid == 0) {
		state_files_own(dir, pw);
		if (stat(dir, &st) == -1)
			fatal("files directory %s", dir);
	}
	if (st.st_uid != uid)
		fatalx("files directory %s: does not belong to %s", dir,
		    pw != NULL ? user : "who starts this");
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		fatalx("files directory %s: others can write to it", dir);
}

/*
 * Makes a file that long, its new part of real zeros: who maps a file with
 * holes is killed when the disk has no room for one.
 */
static int
state_grow(int fd, off_t from, off_t to)
{
	static const uint8_t	zeros[64 * 1024];
	ssize_t			n;

	for (; from < to; from += n) {
		n = pwrite(fd, zeros, to - from < (off_t)sizeof(zeros) ?
		    (size_t)(to - from) : sizeof(zeros), from);
		if (n == -1)
			return (-1);
	}
	return (0);
}

int
state_counters(const struct config *conf)
{
	char		path[1024];
	struct stat	st;
	off_t		size;
	int		fd;

	if (snprintf(path, sizeof(path), "%s/counters",
	    conf->state_directory) >= (int)sizeof(path)) {
		config_error(conf->file, 0, "state directory: name too long");
		return (-1);
	}
	if ((fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600)) == -1) {
		config_error(conf->file, 0, "%s: %s", path, strerror(errno));
		return (-1);
	}
	size = (off_t)COUNTERS_SIZE(conf->limits.counters);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() ||
	    (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		config_error(conf->file, 0,
		    "%s: must be a file of our own, mode 0600", path);
		close(fd);
		return (-1);
	}
	if (st.st_size < size && state_grow(fd, st.st_size, size) == -1) {
		config_error(conf->file, 0, "%s: %s", path, strerror(errno));
		close(fd);
		return (-1);
	}
	return (fd);
}

int
state_shared(const struct config *conf, size_t size)
{
	char	path[1024];
	uint8_t	secret[32];
	int	fd;

	if (snprintf(path, sizeof(path), "%s/load.XXXXXXXXXX",
	    conf->state_directory) >= (int)sizeof(path))
		fatalx("state directory: name too long");
	if ((fd = mkostemp(path, O_CLOEXEC)) == -1 || unlink(path) == -1 ||
	    state_grow(fd, 0, (off_t)size) == -1)
		fatal("%s", path);
	arc4random_buf(secret, sizeof(secret));
	if (pwrite(fd, secret, sizeof(secret), LOAD_SECRET) !=
	    (ssize_t)sizeof(secret))
		fatal("%s", path);
	return (fd);
}
