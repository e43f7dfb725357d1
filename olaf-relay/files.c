/*
 * The channel to olaf-files.
 */

#include "compat.h"

#include <inttypes.h>
#include <string.h>

#include "chan.h"
#include "child.h"
#include "control.h"
#include "filename.h"
#include "files.h"
#include "monitor.h"
#include "octet.h"

#define SHOWN_OCTETS	4	/* of an id: who knows all of it has the file */
#define SHOWN_NAME	200	/* octets of a name, at most */

struct msg_files_state	 files_state;

static struct chan	*files;

int
files_ask(uint32_t id)
{
	struct ibuf	*b;

	if (files == NULL)
		return (-1);
	b = chan_open(files, MSG_ASK_FILES, 4);
	msg_put32(b, id);
	chan_close(files, b);
	return (0);
}

static void
files_event(const struct msg_file_event *m)
{
	char	id[2 * SHOWN_OCTETS + 1];
	size_t	len = strlen(m->name);

	octet_write_hex(id, m->id, SHOWN_OCTETS);
	if (len > SHOWN_NAME)
		for (len = SHOWN_NAME; (m->name[len] & 0xc0) == 0x80; len--)
			;
	monitor_event(m->type == MSG_FILE_STORED ? "file.stored" :
	    "file.expired", id, "%" PRIu64 " bytes%s%.*s", m->size,
	    len > 0 ? " " : "", (int)len, m->name);
}

static int
files_take(uint32_t type, struct ibuf *b)
{
	struct msg_file_event	 event;

	switch (type) {
	case MSG_FILES_STATE:
		if (msg_files_state_get(b, &files_state) == -1)
			return (-1);
		if (files_state.id != 0)
			control_files(&files_state);
		return (0);
	case MSG_FILE_EVENT:
		if (msg_file_event_get(b, &event) == -1 ||
		    (event.name[0] != '\0' && !filename_is_clean(event.name,
		    strlen(event.name))))
			return (-1);
		files_event(&event);
		return (0);
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
	} else if (files_take(imsg_get_type(imsg), child_ibuf(imsg, &b)) == -1)
		chan_breach(c, "a report");
}

int
files_open(int fd, unsigned int number)
{
	if (files != NULL)
		return (-1);
	files = chan_new(fd, ROLE_FILES, number, files_message, NULL);
	return (0);
}
