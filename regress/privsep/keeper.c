/*
 * Stands in for olaf-files and answers what a front asks in one of these ways:
 *
 *	pipe directory readonly		what it is given is no file to write to
 *	twice				an upload is ready once more
 *	stored				before anything was written
 *	other				the answer to another question
 *	success nonsense		a failure that is none
 *	short huge			what is told of a file is not so
 */

/* link: regress/lib/standin.o */

#include "compat.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "msg_files.h"
#include "regress/lib/standin.h"

static const char	*how;

static int
is(const char *word)
{
	return (strcmp(how, word) == 0);
}

static int
descriptor(void)
{
	int	fds[2];

	if (is("pipe")) {
		if (pipe(fds) == -1)
			fatal("pipe");
		return (fds[1]);	/* nobody reads, but both ends are open */
	}
	if (is("directory"))
		return (open(".", O_RDONLY | O_DIRECTORY));
	return (open("file", is("readonly") ? O_RDONLY | O_CREAT :
	    O_RDWR | O_CREAT, 0600));
}

static void
upload_ready(struct chan *c, uint64_t number)
{
	struct ibuf	*b = chan_open(c, MSG_UPLOAD_READY, 8);

	msg_put64(b, number);
	chan_close_fd(c, b, descriptor());
}

static void
stored(struct chan *c, uint64_t number)
{
	struct msg_file_id	 m = { .number = number };
	struct ibuf		*b = chan_open(c, MSG_UPLOAD_STORED, 24);

	msg_file_id_put(b, &m);
	chan_close(c, b);
}

static void
failed(struct chan *c, uint64_t number, uint16_t status)
{
	struct msg_file_failed	 m = { number, status };
	struct ibuf		*b = chan_open(c, MSG_FILE_FAILED, 10);

	msg_file_failed_put(b, &m);
	chan_close(c, b);
}

static void
download_ready(struct chan *c, uint64_t number)
{
	struct msg_download_ready	 m = { .number = number, .size = 100,
					    .name = "a\r\nX-Evil: \"\\\x7f/" };
	struct ibuf			*b;

	if (is("huge"))
		m.size = m.time = UINT64_MAX;
	b = chan_open(c, MSG_DOWNLOAD_READY, 0);
	msg_download_ready_put(b, &m);
	chan_close_fd(c, b, descriptor());
}

static void
answer(struct chan *c, uint64_t number, int upload)
{
	if (is("success"))
		failed(c, number, 200);
	else if (is("nonsense"))
		failed(c, number, 600);
	else if (is("stored"))
		stored(c, number);
	else if (is("other") != upload)
		upload_ready(c, number);
	else
		download_ready(c, number);
	if (is("twice"))
		upload_ready(c, number);
}

static void
heard(struct chan *c, struct imsg *imsg)
{
	struct msg_upload	upload;
	struct msg_file_id	id;
	struct ibuf		b;

	child_ibuf(imsg, &b);
	if (imsg_get_type(imsg) == MSG_UPLOAD &&
	    msg_upload_get(&b, &upload) == 0)
		answer(c, upload.number, 1);
	else if (imsg_get_type(imsg) == MSG_DOWNLOAD &&
	    msg_file_id_get(&b, &id) == 0)
		answer(c, id.number, 0);
}

static void
start(void)
{
	standin_hear(heard);
}

int
main(int argc, char *argv[], char *envp[])
{
	how = standin_start(argc, argv, envp, start);
	child_run();
}
