/*
 * What the parent opens for its children.
 */

#include "compat.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "listen.h"
#include "log.h"
#include "shared.h"

/* Does the line ("listen on *") name another address too? */
static int
listen_has_other(const struct config *conf, const struct config_listener *l)
{
	const struct config_listener	*o;

	TAILQ_FOREACH(o, &conf->listeners, entry)
		if (o != l && o->line == l->line &&
		    o->ss.ss_family != l->ss.ss_family &&
		    strcmp(o->file, l->file) == 0)
			return (1);
	return (0);
}

static int
listen_bind_one(const struct config *conf, struct config_listener *l)
{
	int	fd, on = 1;

	if ((fd = socket(l->ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0)) == -1) {
		if (errno == EAFNOSUPPORT && listen_has_other(conf, l))
			return (0);
		config_error(l->file, l->line, "listen on %s: %s", l->host,
		    strerror(errno));
		return (-1);
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    (l->ss.ss_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &on, sizeof(on)) == -1) ||
	    bind(fd, (struct sockaddr *)&l->ss, l->sslen) == -1) {
		config_error(l->file, l->line, "listen on %s port %u: %s",
		    l->host, l->port, strerror(errno));
		close(fd);
		return (-1);
	}
	l->fd = fd;
	return (0);
}

static struct config_listener *
listen_same(struct config *conf, const struct config_listener *l)
{
	struct config_listener	*o;

	TAILQ_FOREACH(o, &conf->listeners, entry)
		if (o->sslen == l->sslen &&
		    memcmp(&o->ss, &l->ss, l->sslen) == 0)
			return (o);
	return (NULL);
}

int
listen_bind(struct config *conf, struct config *old)
{
	struct config_listener	*l, *o;

	TAILQ_FOREACH(l, &conf->listeners, entry) {
		o = old != NULL ? listen_same(old, l) : NULL;
		if (o != NULL && o->fd != -1) {
			if ((l->fd = fcntl(o->fd, F_DUPFD_CLOEXEC, 0)) == -1) {
				config_error(l->file, l->line,
				    "listen on %s: %s", l->host,
				    strerror(errno));
				goto fail;
			}
		} else if (listen_bind_one(conf, l) == -1)
			goto fail;
	}
	return (0);
 fail:
	listen_close(conf);
	return (-1);
}

void
listen_close(struct config *conf)
{
	struct config_listener	*l;

	TAILQ_FOREACH(l, &conf->listeners, entry) {
		if (l->fd != -1)
			close(l->fd);
		l->fd = -1;
	}
}

/*
 * A socket that nobody answers is a leftover; one that somebody answers is
 * not ours.
 */
static int
listen_control_stale(const char *path, const struct sockaddr_un *sun)
{
	int	fd, r;

	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return (-1);
	r = connect(fd, (const struct sockaddr *)sun, sizeof(*sun));
	close(fd);
	if (r == 0) {
		errno = EADDRINUSE;
		return (-1);
	}
	if (errno == ENOENT)
		return (0);
	if (errno != ECONNREFUSED)
		return (-1);
	return (unlink(path));
}

int
listen_control(const struct config *conf)
{
	struct sockaddr_un	 sun;
	const char		*path = conf->control_socket;
	mode_t			 mask;
	int			 fd, r;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path)) {
		config_error(conf->file, 0, "control socket %s: name too long",
		    path);
		return (-1);
	}
	if (listen_control_stale(path, &sun) == -1) {
		config_error(conf->file, 0, "control socket %s: %s", path,
		    errno == EADDRINUSE ? "another server is running" :
		    strerror(errno));
		return (-1);
	}
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0)) == -1) {
		config_error(conf->file, 0, "control socket: %s",
		    strerror(errno));
		return (-1);
	}
	mask = umask(0117);
	r = bind(fd, (struct sockaddr *)&sun, sizeof(sun));
	umask(mask);
	if (r == -1) {
		config_error(conf->file, 0, "control socket %s: %s", path,
		    strerror(errno));
		close(fd);
		return (-1);
	}
	return (fd);
}

void
listen_state(const struct config *conf)
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

/*
 * Makes a file that long, its new part of real zeros: who maps a file with
 * holes is killed when the disk has no room for one.
 */
static int
listen_grow(int fd, off_t from, off_t to)
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
listen_counters(const struct config *conf)
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
	if (st.st_size < size && listen_grow(fd, st.st_size, size) == -1) {
		config_error(conf->file, 0, "%s: %s", path, strerror(errno));
		close(fd);
		return (-1);
	}
	return (fd);
}

int
listen_shared(const struct config *conf, size_t size)
{
	char	path[1024];
	uint8_t	secret[32];
	int	fd;

	if (snprintf(path, sizeof(path), "%s/load.XXXXXXXXXX",
	    conf->state_directory) >= (int)sizeof(path))
		fatalx("state directory: name too long");
	if ((fd = mkostemp(path, O_CLOEXEC)) == -1 || unlink(path) == -1 ||
	    listen_grow(fd, 0, (off_t)size) == -1)
		fatal("%s", path);
	arc4random_buf(secret, sizeof(secret));
	if (pwrite(fd, secret, sizeof(secret), LOAD_SECRET) !=
	    (ssize_t)sizeof(secret))
		fatal("%s", path);
	return (fd);
}
