/*
 * The channel to olaf-files.
 */

#include "compat.h"

#include <sys/stat.h>

#include <string.h>
#include <unistd.h>

#include "child.h"
#include "download.h"
#include "files.h"
#include "front.h"
#include "transfer.h"
#include "upload.h"

static struct chan	*files;

int
files_upload(uint64_t number, uint64_t hint)
{
	struct msg_upload	 m;
	struct ibuf		*b;

	if (files == NULL)
		return (-1);
	m.number = number;
	m.hint = hint;
	b = chan_open(files, MSG_UPLOAD, 16);
	msg_upload_put(b, &m);
	chan_close(files, b);
	return (0);
}

static int
files_number(enum msg_type type, uint64_t number)
{
	struct ibuf	*b;

	if (files == NULL)
		return (-1);
	b = chan_open(files, type, 8);
	msg_put64(b, number);
	chan_close(files, b);
	return (0);
}

int
files_upload_more(uint64_t number)
{
	return (files_number(MSG_UPLOAD_MORE, number));
}

int
files_upload_abort(uint64_t number)
{
	return (files_number(MSG_UPLOAD_ABORT, number));
}

int
files_upload_commit(uint64_t number, uint64_t size, const char *name,
    const char *type)
{
	struct msg_upload_commit	 m;
	struct ibuf			*b;

	if (files == NULL)
		return (-1);
	m.number = number;
	m.size = size;
	strlcpy(m.name, name, sizeof(m.name));
	strlcpy(m.type, type, sizeof(m.type));
	b = chan_open(files, MSG_UPLOAD_COMMIT, 0);
	msg_upload_commit_put(b, &m);
	chan_close(files, b);
	return (0);
}

int
files_download(const struct msg_file_id *m)
{
	struct ibuf	*b;

	if (files == NULL)
		return (-1);
	b = chan_open(files, MSG_DOWNLOAD, 24);
	msg_file_id_put(b, m);
	chan_close(files, b);
	return (0);
}

/*
 * Takes the descriptor that came: of a file, for to write to anything else may
 * wait for ever.  Returns -1 if it is of something else.
 */
static int
files_take_fd(struct chan *c)
{
	struct stat	st;
	int		fd = chan_take_fd(c);

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return (fd);
	close(fd);
	return (-1);
}

/* A transfer that has ended meanwhile is nobody's, its descriptor closed. */
static int
files_upload_ready(struct chan *c, struct ibuf *b)
{
	struct transfer	*t;
	uint64_t	 number;
	int		 fd;

	if (msg_id_only_get(b, &number) == -1)
		return (-1);
	if ((t = transfer_find(number)) == NULL)
		return (0);
	if (t->upload == NULL || t->state != TRANSFER_ASKED ||
	    (fd = files_take_fd(c)) == -1)
		return (-1);
	upload_ready(t, fd);
	return (0);
}

static int
files_upload_stored(struct ibuf *b)
{
	struct msg_file_id	 m;
	struct transfer		*t;

	if (msg_file_id_get(b, &m) == -1)
		return (-1);
	if ((t = transfer_find(m.number)) == NULL)
		return (0);
	if (t->upload == NULL || t->state != TRANSFER_COMMIT)
		return (-1);
	upload_stored(t, m.id);
	return (0);
}

static int
files_download_ready(struct chan *c, struct ibuf *b)
{
	struct msg_download_ready	 m;
	struct transfer			*t;
	int				 fd;

	if (msg_download_ready_get(b, &m) == -1)
		return (-1);
	if ((t = transfer_find(m.number)) == NULL)
		return (0);
	if (t->download == NULL || (fd = files_take_fd(c)) == -1)
		return (-1);
	download_ready(t, &m, fd);
	return (0);
}

static int
files_failed(struct ibuf *b)
{
	struct msg_file_failed	 m;
	struct transfer		*t;

	if (msg_file_failed_get(b, &m) == -1 || m.status < 400 ||
	    m.status > 599)
		return (-1);
	if ((t = transfer_find(m.number)) != NULL)
		transfer_fail(t, m.status);
	return (0);
}

static int
files_take(struct chan *c, uint32_t type, struct ibuf *b)
{
	switch (type) {
	case MSG_UPLOAD_READY:
		return (files_upload_ready(c, b));
	case MSG_UPLOAD_STORED:
		return (files_upload_stored(b));
	case MSG_DOWNLOAD_READY:
		return (files_download_ready(c, b));
	case MSG_FILE_FAILED:
		return (files_failed(b));
	default:
		return (-1);
	}
}

static void
files_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	if (imsg == NULL) {
		files = NULL;
		chan_free(c);
	} else if (files_take(c, imsg_get_type(imsg),
	    child_ibuf(imsg, &b)) == -1)
		chan_breach(c, "an answer");
}

int
files_open(int fd, unsigned int number)
{
	if (files != NULL)
		return (-1);
	files = chan_new(fd, ROLE_FILES, number, files_message, NULL);
	return (0);
}
