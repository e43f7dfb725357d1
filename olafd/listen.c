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
