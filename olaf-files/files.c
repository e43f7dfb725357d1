/*
 * olaf-files: one directory.  It opens, others write and read; it names what
 * is whole, and removes what is not.
 */

#include "compat.h"

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "files.h"
#include "log.h"
#include "store.h"
#include "upload.h"

#define TELL_MS		500	/* between two reports to relay that nobody asked for */

static struct chan		*relay;
static struct msg_conf_files	 conf_next;
static struct event		 tell_event;

int
files_status(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return (507);
	case EFBIG:
		return (413);
	case ENOENT:
		return (404);
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return (503);
	default:
		return (500);
	}
}

void
files_fail(struct chan *c, uint64_t number, int status)
{
	struct msg_file_failed	 m;
	struct ibuf		*b;

	m.number = number;
	m.status = (uint16_t)status;
	b = chan_open(c, MSG_FILE_FAILED, 10);
	msg_file_failed_put(b, &m);
	chan_close(c, b);
}

static void
files_tell(uint32_t id)
{
	struct msg_files_state	 m;
	struct ibuf		*b;

	if (relay == NULL)
		return;
	m.id = id;
	m.stored = store_count();
	m.bytes = store_bytes();
	m.quota = store_conf.quota;
	m.uploads = upload_count();
	m.upload_bytes = upload_bytes();
	m.expired = store_expired();
	m.failed = upload_failures();
	b = chan_open(relay, MSG_FILES_STATE, 60);
	msg_files_state_put(b, &m);
	chan_close(relay, b);
}

static void
files_tell_now(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	files_tell(0);
}

void
files_changed(void)
{
	struct timeval	tv = { 0, TELL_MS * 1000 };

	if (!evtimer_pending(&tell_event, NULL))
		evtimer_add(&tell_event, &tv);
}

void
files_event(enum msg_file_event_type type, const uint8_t id[MSG_FILE_ID_LEN],
    uint64_t size, const char *name)
{
	struct msg_file_event	 m;
	struct ibuf		*b;

	if (relay == NULL)
		return;
	m.type = type;
	memcpy(m.id, id, sizeof(m.id));
	m.size = size;
	strlcpy(m.name, name, sizeof(m.name));
	b = chan_open(relay, MSG_FILE_EVENT, 0);
	msg_file_event_put(b, &m);
	chan_close(relay, b);
}

static void
files_from_relay(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;
	uint32_t	id;

	(void)arg;
	if (imsg == NULL) {
		relay = NULL;
		chan_free(c);
	} else if (msg_number_only_get(child_ibuf(imsg, &b), &id) == -1)
		chan_breach(c, "ASK_FILES");
	else
		files_tell(id);
}

static void
files_download(struct chan *c, const struct msg_file_id *m)
{
	struct msg_download_ready	 out;
	struct record			 r;
	struct ibuf			*b;
	int				 fd;

	if ((fd = store_open(m->id, &r)) == -1) {
		files_fail(c, m->number, files_status(errno));
		return;
	}
	out.number = m->number;
	out.size = r.size;
	out.time = r.time;
	memcpy(out.hash, r.hash, sizeof(out.hash));
	memcpy(out.name, r.name, sizeof(out.name));
	b = chan_open(c, MSG_DOWNLOAD_READY, 0);
	msg_download_ready_put(b, &out);
	chan_close_fd(c, b, fd);
}

/* Returns -1 if the message breaks the rules. */
static int
files_request(struct chan *c, uint32_t type, struct ibuf *b)
{
	struct msg_upload		upload;
	struct msg_upload_commit	commit;
	struct msg_file_id		id;
	uint64_t			number;

	switch (type) {
	case MSG_UPLOAD:
		if (msg_upload_get(b, &upload) == -1)
			return (-1);
		return (upload_begin(c, &upload));
	case MSG_UPLOAD_COMMIT:
		if (msg_upload_commit_get(b, &commit) == -1)
			return (-1);
		return (upload_commit(c, &commit));
	case MSG_DOWNLOAD:
		if (msg_file_id_get(b, &id) == -1)
			return (-1);
		files_download(c, &id);
		return (0);
	case MSG_UPLOAD_MORE:
	case MSG_UPLOAD_ABORT:
		if (msg_id_only_get(b, &number) == -1)
			return (-1);
		if (type == MSG_UPLOAD_MORE)
			upload_more(c, number);
		else
			upload_abort(c, number);
		return (0);
	default:
		return (-1);
	}
}

static void
files_from_front(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	if (imsg == NULL) {
		upload_gone(c);
		chan_free(c);
	} else if (files_request(c, imsg_get_type(imsg),
	    child_ibuf(imsg, &b)) == -1)
		chan_breach(c, "a request");
	else if (chan_behind(c))
		chan_pause(c);
}

static void
files_drained(struct chan *c, void *arg)
{
	(void)arg;
	chan_resume(c);
}

static void
files_peer(struct chan *c, struct imsg *imsg)
{
	struct msg_peer	 m;
	struct ibuf	 b;

	if (msg_peer_get(child_ibuf(imsg, &b), &m) == -1)
		chan_breach(c, "PEER");
	else if (m.role == ROLE_FRONT)
		chan_on_drained(chan_new(chan_take_fd(c), m.role, m.number,
		    files_from_front, NULL), files_drained);
	else if (m.role == ROLE_RELAY && relay == NULL)
		relay = chan_new(chan_take_fd(c), m.role, m.number,
		    files_from_relay, NULL);
	else
		chan_breach(c, "PEER: of the wrong role");
}

static void
files_from_parent(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	switch (imsg_get_type(imsg)) {
	case MSG_PEER:
		files_peer(c, imsg);
		break;
	case MSG_CONF_BEGIN:
		break;
	case MSG_CONF_FILES:
		if (msg_conf_files_get(child_ibuf(imsg, &b), &conf_next) == -1)
			chan_breach(c, "CONF_FILES");
		break;
	case MSG_CONF_END:
		child_conf_ok(NULL, 0);
		break;
	case MSG_START:
		store_conf = conf_next;
		store_start(upload_ready);
		break;
	case MSG_CONF_SWAP:
		store_conf = conf_next;
		store_swap();
		break;
	case MSG_STOP:
		upload_gone(NULL);
		exit(0);
	default:
		chan_breach(c, "unexpected");
	}
}

int
main(int argc, char *argv[], char *envp[])
{
	title_init(argc, argv, envp);
	child_start(argc, argv, ROLE_FILES, files_from_parent);
	upload_init();
	evtimer_set(&tell_event, files_tell_now, NULL);
	child_run();
}
