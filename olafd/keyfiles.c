/*
 * Certificates and private keys.  The parent moves octets: it parses none of
 * them, and no copy stays behind.
 */

#include "compat.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keyfiles.h"
#include "neighbours.h"
#include "spawn.h"

/* Opens a file for keyfiles_read; its size goes to *size. */
static int
keyfiles_open(const struct config_where *where, const char *what,
    const char *path, int private, size_t max, size_t *size)
{
	struct stat	st;
	const char	*why = NULL;
	int		 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1 ||
	    fstat(fd, &st) == -1)
		why = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		why = "not a file";
	else if (st.st_size == 0 || (uintmax_t)st.st_size > max)
		why = "empty or too long";
	else if (private && (st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		why = "others can read or write it";
	if (why != NULL) {
		config_error(where->file, where->line, "%s %s: %s", what, path,
		    why);
		if (fd != -1)
			close(fd);
		return (-1);
	}
	*size = (size_t)st.st_size;
	return (fd);
}

/* Nothing to look at is fine. */
static int
keyfiles_try(const char *file, int line, const char *what,
    const char *path, int private, size_t max)
{
	struct config_where	where = { file, line };
	size_t			size;
	int			fd;

	if (path == NULL)
		return (0);
	if ((fd = keyfiles_open(&where, what, path, private, max, &size)) == -1)
		return (-1);
	close(fd);
	return (0);
}

int
keyfiles_check(const struct config *conf)
{
	struct config_keypair	*k;
	struct config_neighbour	*n;
	int			 r = 0;

	TAILQ_FOREACH(k, &conf->keypairs, entry) {
		if (keyfiles_try(k->file, k->line, "tls certificate", k->cert,
		    0, KEYFILES_MAX) == -1 ||
		    keyfiles_try(k->file, k->line, "tls key", k->key, 1,
		    KEYFILES_MAX) == -1)
			r = -1;
	}
	TAILQ_FOREACH(n, &conf->neighbours, entry) {
		if (keyfiles_try(n->file, n->line, "neighbour key", n->key, 0,
		    MSG_PEM_MAX - 1) == -1 ||
		    keyfiles_try(n->file, n->line, "neighbour tls ca", n->ca, 0,
		    NEIGHBOURS_TEXT_MAX) == -1)
			r = -1;
	}
	if (keyfiles_try(conf->file, 0, "server key", conf->server_key, 1,
	    KEYFILES_MAX) == -1)
		r = -1;
	return (r);
}

char *
keyfiles_read(const struct config_where *where, const char *what,
    const char *path, int private, size_t max, size_t *size)
{
	char	*p;
	ssize_t	 n;
	int	 fd;

	if ((fd = keyfiles_open(where, what, path, private, max, size)) == -1)
		return (NULL);
	if ((p = malloc(*size)) == NULL ||
	    (n = read(fd, p, *size)) == -1 || (size_t)n != *size) {
		config_error(where->file, where->line, "%s %s: cannot read",
		    what, path);
		freezero(p, *size);
		p = NULL;
	}
	close(fd);
	return (p);
}

static int
keyfiles_send_cert(const struct config_keypair *k)
{
	struct config_where	 where = { k->file, k->line };
	struct process		*p;
	struct ibuf		*b;
	size_t			 size;
	char			*pem;

	if ((pem = keyfiles_read(&where, "tls certificate", k->cert, 0,
	    KEYFILES_MAX, &size)) == NULL)
		return (-1);
	TAILQ_FOREACH(p, &processes, entry)
		if (p->role == ROLE_FRONT) {
			b = chan_open(p->chan, MSG_CONF_CERT, size);
			msg_put_bytes(b, pem, size);
			chan_close(p->chan, b);
		}
	free(pem);
	return (0);
}

static int
keyfiles_send_key(const char *file, int line, const char *what,
    const char *path, enum msg_key_use use)
{
	struct config_where	 where = { file, line };
	struct process		*p = spawn_find(ROLE_SIGNER, -1);
	struct msg_conf_key	 m;
	struct ibuf		*b;
	size_t			 size;
	char			*pem;

	if ((pem = keyfiles_read(&where, what, path, 1, KEYFILES_MAX,
	    &size)) == NULL)
		return (-1);
	m.use = use;
	m.pem.p = pem;
	m.pem.len = size;
	b = chan_open(p->chan, MSG_CONF_KEY, size + 1);
	msg_conf_key_put(b, &m);
	chan_close(p->chan, b);
	freezero(pem, size);
	return (0);
}

int
keyfiles_send(const struct config *conf)
{
	struct config_keypair	*k;

	TAILQ_FOREACH(k, &conf->keypairs, entry)
		if (keyfiles_send_cert(k) == -1 ||
		    keyfiles_send_key(k->file, k->line, "tls key", k->key,
		    MSG_KEY_TLS) == -1)
			return (-1);
	if (conf->server_key != NULL &&
	    keyfiles_send_key(conf->file, 0, "server key", conf->server_key,
	    MSG_KEY_SERVER) == -1)
		return (-1);
	return (0);
}

int
keyfiles_match(const struct config *conf)
{
	struct process		*signer = spawn_find(ROLE_SIGNER, -1);
	struct process		*p;
	struct config_keypair	*k;
	size_t			 i = 0;

	TAILQ_FOREACH(k, &conf->keypairs, entry) {
		TAILQ_FOREACH(p, &processes, entry) {
			if (p->role != ROLE_FRONT)
				continue;
			if (i < p->nhashes && i < signer->nhashes &&
			    memcmp(p->hashes[i], signer->hashes[i],
			    MSG_HASH_LEN) == 0)
				continue;
			config_error(k->file, k->line,
			    "tls certificate %s: does not belong to key %s",
			    k->cert, k->key);
			return (-1);
		}
		i++;
	}
	return (0);
}
