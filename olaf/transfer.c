/*
 * Files to and from the server.  olaf-transfer gets descriptors, and does the
 * rest; what it says is believed as little as the server.
 */

#include "compat.h"

#include <sys/queue.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "clean.h"
#include "filename.h"
#include "partfile.h"
#include "spawn.h"
#include "transfer.h"
#include "utf8.h"

#define API_PATH	"/api/upload"
#define WHY_MAX		(CLEAN_LINE_MAX(MSG_WHY_MAX) + PATH_MAX + 256)

enum transfer_state {
	TRANSFER_WAITING,	/* for its turn */
	TRANSFER_CONNECTING,
	TRANSFER_RUNNING,	/* in the hands of olaf-transfer */
	TRANSFER_OVER
};

struct transfer {
	TAILQ_ENTRY(transfer)	 entry;
	enum transfer_state	 state;
	uint32_t		 id;
	int			 is_upload;
	const struct transfer_ops *ops;
	void			*arg;
	struct server		 server;
	char			 url[MSG_URL_MAX + 32];
	int			 file;		/* upload: -1 once it was given away */
	struct partfile		 part;		/* download */
	uint64_t		 offset;	/* download: where it went on */
	int			 again;		/* began anew already */
	int			 replace;
	char			 path[PATH_MAX];	/* download; "": not known yet */
	char			 name[FILENAME_SIZE];
	char			 label[CLEAN_LINE_MAX(FILENAME_SIZE)];
	uint64_t		 size;
	uint8_t			 hash[MSG_HASH_LEN];
	char			 result[MSG_URL_MAX];
};

static TAILQ_HEAD(, transfer)	 transfers = TAILQ_HEAD_INITIALIZER(transfers);
static uint32_t			 last_id;

static void	 transfer_next(void);

uint64_t
transfer_size(const struct transfer *t)
{
	return (t->size);
}

const uint8_t *
transfer_hash(const struct transfer *t)
{
	return (t->hash);
}

const char *
transfer_result(const struct transfer *t)
{
	return (t->is_upload ? t->result : t->path);
}

const char *
transfer_name(const struct transfer *t)
{
	return (t->label);
}

static void
set_name(struct transfer *t, const char *name)
{
	strlcpy(t->name, name, sizeof(t->name));
	clean_line(t->name, strlen(t->name), t->label, sizeof(t->label));
}

/* ---- the end ------------------------------------------------------------- */

static void
transfer_free(struct transfer *t)
{
	TAILQ_REMOVE(&transfers, t, entry);
	if (t->state == TRANSFER_CONNECTING)
		spawn_connect_cancel(t);
	if (t->file != -1)
		close(t->file);
	partfile_close(&t->part, 0);
	free(t);
}

static void
transfer_end(struct transfer *t, const char *why)
{
	t->state = TRANSFER_OVER;
	t->ops->done(t, why, t->arg);
	transfer_free(t);
	transfer_next();
}

/*
 * status: HTTP's, or 0.  A file that the server does not have any more will not
 * be gone on with.
 */
static void
transfer_fail(struct transfer *t, int status, const char *why)
{
	char		 text[WHY_MAX];
	uint64_t	 size = 0;

	if (t->part.fd != -1)
		size = partfile_size(&t->part);
	if (partfile_close(&t->part, status == 404 || status == 410))
		snprintf(text, sizeof(text), "%s (%" PRIu64 " bytes are kept: "
		    "the same download goes on from there)", why, size);
	else
		strlcpy(text, why, sizeof(text));
	transfer_end(t, text);
}

static void
transfer_fail_errno(struct transfer *t, const char *what)
{
	char	 text[WHY_MAX];

	if (errno == EEXIST)
		snprintf(text, sizeof(text), "%s exists already: give another name", what);
	else
		snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
	transfer_fail(t, 0, text);
}

/* Makes olaf-transfer forget it: what it still says of it is ignored. */
static void
tell_cancel(const struct transfer *t)
{
	struct ibuf	*b;

	if (t->state != TRANSFER_RUNNING)
		return;
	b = chan_open(spawn_transfer(), MSG_TRANSFER_CANCEL, 4);
	msg_put32(b, t->id);
	chan_close(spawn_transfer(), b);
}

void
transfer_cancel(struct transfer *t)
{
	if (t->state == TRANSFER_OVER)
		return;
	tell_cancel(t);
	transfer_free(t);
	transfer_next();
}

/* ---- names of downloads -------------------------------------------------- */

/*
 * Settles where a download goes.  Returns 0, or -1 if it has come to an end
 * because of that.
 */
static int
settle_name(struct transfer *t, const char *foreign)
{
	char		 name[FILENAME_SIZE];
	struct stat	 st;

	if (t->path[0] != '\0')
		return (0);
	partfile_safe_name(name, foreign);
	set_name(t, name);
	strlcpy(t->path, name, sizeof(t->path));
	if (t->replace || lstat(t->path, &st) == -1)
		return (0);
	tell_cancel(t);
	if (t->state == TRANSFER_RUNNING)	/* hardly anything came */
		partfile_close(&t->part, t->offset == 0);
	errno = EEXIST;
	transfer_fail_errno(t, t->label);
	return (-1);
}

/* ---- what olaf-transfer says --------------------------------------------- */

static struct transfer *
find_running(uint32_t id)
{
	struct transfer	*t = TAILQ_FIRST(&transfers);

	return (t != NULL && t->state == TRANSFER_RUNNING && t->id == id ? t :
	    NULL);
}

static int
on_progress(struct ibuf *b)
{
	struct msg_transfer_progress	 m;
	struct transfer			*t;

	if (msg_transfer_progress_get(b, &m) == -1)
		return (-1);
	if ((t = find_running(m.id)) == NULL)
		return (0);
	if (!t->is_upload) {
		partfile_set_etag(&t->part, m.etag);
		if (settle_name(t, m.name) == -1)
			return (0);
	}
	if (t->ops->progress != NULL)
		t->ops->progress(t, m.now, m.total, t->arg);
	return (0);
}

static int
is_url(const char *url)
{
	const char	*p;

	for (p = url; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return (0);
	return (strncmp(url, "http://", 7) == 0 ||
	    strncmp(url, "https://", 8) == 0);
}

static void
upload_done(struct transfer *t, const char *url)
{
	if (!is_url(url)) {
		transfer_fail(t, 0, "the server gave no URL for the file");
		return;
	}
	strlcpy(t->result, url, sizeof(t->result));
	transfer_end(t, NULL);
}

static void
download_done(struct transfer *t, const char *name)
{
	if (settle_name(t, name) == -1)
		return;
	if (partfile_size(&t->part) != t->size)
		transfer_fail(t, 0, "another process wrote to it");
	else if (partfile_finish(&t->part, t->path, t->replace) == -1)
		transfer_fail_errno(t, t->label);
	else
		transfer_end(t, NULL);
}

static int
on_done(struct ibuf *b)
{
	struct msg_transfer_done	 m;
	struct transfer			*t;

	if (msg_transfer_done_get(b, &m) == -1)
		return (-1);
	if ((t = find_running(m.id)) == NULL)
		return (0);
	t->state = TRANSFER_OVER;
	t->size = m.size;
	memcpy(t->hash, m.hash, sizeof(t->hash));
	if (t->is_upload)
		upload_done(t, m.url);
	else
		download_done(t, m.name);
	return (0);
}

/* What was kept turned out to be of another file: olaf-transfer emptied it. */
static int
begins_anew(struct transfer *t, const struct msg_transfer_failed *m)
{
	if (t->is_upload || !m->resumable || t->again || t->offset == 0 ||
	    partfile_size(&t->part) != 0)
		return (0);
	t->again = 1;
	t->state = TRANSFER_WAITING;
	transfer_next();
	return (1);
}

static int
on_failed(struct ibuf *b)
{
	char				 why[WHY_MAX], pin[CONFIG_PIN_LEN + 1];
	char				 text[CLEAN_LINE_MAX(MSG_WHY_MAX)];
	struct msg_transfer_failed	 m;
	struct transfer			*t;

	if (msg_transfer_failed_get(b, &m) == -1)
		return (-1);
	if ((t = find_running(m.id)) == NULL || begins_anew(t, &m))
		return (0);
	t->state = TRANSFER_OVER;
	clean_line(m.why, strlen(m.why), text, sizeof(text));
	if (m.has_pin) {
		config_pin_write(m.pin, pin);
		snprintf(why, sizeof(why), "%s; the certificate's pin is %s",
		    text, pin);
	} else
		strlcpy(why, text, sizeof(why));
	transfer_fail(t, m.status, why);
	return (0);
}

static void
on_message(struct chan *c, struct imsg *imsg)
{
	struct ibuf	 b;
	int		 r;

	spawn_ibuf(imsg, &b);
	switch (imsg_get_type(imsg)) {
	case MSG_TRANSFER_PROGRESS:
		r = on_progress(&b);
		break;
	case MSG_TRANSFER_DONE:
		r = on_done(&b);
		break;
	case MSG_TRANSFER_FAILED:
		r = on_failed(&b);
		break;
	default:
		r = -1;
		break;
	}
	if (r == -1)
		chan_breach(c, "a message about a transfer");
}

/* ---- the beginning ------------------------------------------------------- */

static void
tell_fd(enum msg_type type, uint32_t id, int fd)
{
	struct ibuf	*b;

	b = chan_open(spawn_transfer(), type, 4);
	msg_put32(b, id);
	chan_close_fd(spawn_transfer(), b, fd);
}

static void
tell_put(const struct transfer *t)
{
	struct msg_transfer_put	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	m.id = t->id;
	m.pinned = t->server.tls && t->server.pinned;
	memcpy(m.pin, t->server.pin, sizeof(m.pin));
	m.size = t->size;
	strlcpy(m.url, t->url, sizeof(m.url));
	strlcpy(m.name, t->name, sizeof(m.name));
	b = chan_open(spawn_transfer(), MSG_TRANSFER_PUT, 0);
	msg_transfer_put_put(b, &m);
	chan_close(spawn_transfer(), b);
}

static void
tell_get(const struct transfer *t)
{
	struct msg_transfer_get	 m;
	struct ibuf		*b;

	memset(&m, 0, sizeof(m));
	m.id = t->id;
	m.pinned = t->server.tls && t->server.pinned;
	memcpy(m.pin, t->server.pin, sizeof(m.pin));
	m.offset = t->offset;
	strlcpy(m.url, t->url, sizeof(m.url));
	strlcpy(m.etag, t->part.etag, sizeof(m.etag));
	b = chan_open(spawn_transfer(), MSG_TRANSFER_GET, 0);
	msg_transfer_get_put(b, &m);
	chan_close(spawn_transfer(), b);
}

/* Returns 0, or -1 with errno. */
static int
hand_over(struct transfer *t, int connection)
{
	int	 fd = t->file;

	if (!t->is_upload) {
		t->offset = partfile_size(&t->part);
		fd = fcntl(t->part.fd, F_DUPFD_CLOEXEC, 3);
	}
	if (fd == -1)
		return (-1);
	t->file = -1;
	t->state = TRANSFER_RUNNING;
	tell_fd(MSG_TRANSFER_FILE, t->id, fd);
	tell_fd(MSG_TRANSFER_SOCKET, t->id, connection);
	if (t->is_upload)
		tell_put(t);
	else
		tell_get(t);
	return (0);
}

static void
on_connected(int fd, const struct msg_connected *m, const char *why, void *arg)
{
	char		 text[WHY_MAX];
	struct transfer	*t = arg;

	t->state = TRANSFER_WAITING;
	if (fd == -1) {
		snprintf(text, sizeof(text), "%s: %s", t->server.host, why);
		transfer_fail(t, 0, text);
	} else if (!t->server.tls && !t->server.insecure && !m->loopback) {
		close(fd);
		transfer_fail(t, 0, "without TLS, and not on this machine: "
		    "others could read and change it (--insecure allows that)");
	} else if (hand_over(t, fd) == -1) {
		close(fd);
		transfer_fail_errno(t, "a descriptor");
	}
}

/* Starts the first, if it waits. */
static void
transfer_next(void)
{
	struct transfer	*t = TAILQ_FIRST(&transfers);

	if (t == NULL || t->state != TRANSFER_WAITING)
		return;
	t->state = TRANSFER_CONNECTING;
	t->id = ++last_id;
	spawn_connect(t->server.name, t->server.port, on_connected, t);
}

static struct transfer *
transfer_new(const struct transfer_ops *ops, void *arg)
{
	struct transfer	*t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		err(1, NULL);
	t->ops = ops;
	t->arg = arg;
	t->file = t->part.fd = -1;
	return (t);
}

static struct transfer *
transfer_start(struct transfer *t)
{
	spawn_on_transfer(on_message);
	TAILQ_INSERT_TAIL(&transfers, t, entry);
	transfer_next();
	return (t);
}

/* What is no URL any more with its path is too long. */
static int
set_url(struct transfer *t, const char *path, const char **why)
{
	if (snprintf(t->url, sizeof(t->url), "%s://%s%s", t->server.tls ?
	    "https" : "http", t->server.host, path) < MSG_URL_MAX)
		return (0);
	*why = "too long a URL";
	return (-1);
}

/* Opens it without waiting for what is no file.  Returns 0, or -1 with *why. */
static int
open_upload(struct transfer *t, const char *path, const char **why)
{
	struct stat	 st;

	t->file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (t->file == -1 || fstat(t->file, &st) == -1) {
		*why = strerror(errno);
		return (-1);
	}
	if (!S_ISREG(st.st_mode)) {
		*why = "not a regular file";
		return (-1);
	}
	t->size = (uint64_t)st.st_size;
	return (0);
}

struct transfer *
transfer_upload(const char *path, const struct transfer_ops *ops, void *arg,
    const char **why)
{
	char		 name[FILENAME_SIZE];
	struct transfer	*t = transfer_new(ops, arg);

	t->is_upload = 1;
	t->server = config.server;
	filename_clean(name, path, strlen(path));
	set_name(t, name);
	if (open_upload(t, path, why) == -1 ||
	    set_url(t, API_PATH, why) == -1) {
		if (t->file != -1)
			close(t->file);
		free(t);
		return (NULL);
	}
	return (transfer_start(t));
}

/*
 * Who is asked, and what it must prove: the server's pin counts for the server
 * alone.
 */
static int
read_url(struct transfer *t, const char *url, const char **why)
{
	struct server	*s = &t->server;

	if ((strncasecmp(url, "http://", 7) != 0 &&
	    strncasecmp(url, "https://", 8) != 0) ||
	    config_url_read(s, url) == -1) {
		*why = "not a URL of http or https";
		return (-1);
	}
	s->insecure = config.server.insecure;
	if (s->port == config.server.port &&
	    strcasecmp(s->name, config.server.name) == 0) {
		s->pinned = config.server.pinned;
		memcpy(s->pin, config.server.pin, sizeof(s->pin));
	}
	return (set_url(t, s->path, why));
}

/* Where it goes, as far as the user says.  Returns 0, or -1 with *why. */
static int
set_path(struct transfer *t, const char *path, const char **why)
{
	char		 copy[PATH_MAX];
	struct stat	 st;

	if (strlcpy(t->path, path, sizeof(t->path)) >= sizeof(t->path)) {
		*why = strerror(ENAMETOOLONG);
		return (-1);
	}
	if (lstat(path, &st) == 0 && (!t->replace || S_ISDIR(st.st_mode))) {
		*why = S_ISDIR(st.st_mode) ? strerror(EISDIR) :
		    "exists already: give another name";
		return (-1);
	}
	strlcpy(copy, path, sizeof(copy));
	set_name(t, basename(copy));
	return (0);
}

static int
open_download(struct transfer *t, const char **why)
{
	char	 copy[PATH_MAX];

	strlcpy(copy, t->path, sizeof(copy));
	return (partfile_open(&t->part, t->path[0] == '\0' ? "." :
	    dirname(copy), t->url, why));
}

struct transfer *
transfer_download(const char *url, const char *path, int replace,
    const struct transfer_ops *ops, void *arg, const char **why)
{
	struct transfer	*t = transfer_new(ops, arg);

	t->replace = replace;
	if (read_url(t, url, why) == -1 ||
	    (path != NULL && set_path(t, path, why) == -1) ||
	    open_download(t, why) == -1) {
		free(t);
		return (NULL);
	}
	return (transfer_start(t));
}
