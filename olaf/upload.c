/*
 * olaf upload: a file to the server, and word of it to those named.
 */

#include "compat.h"

#include <err.h>
#include <event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "offer.h"
#include "outgoing.h"
#include "progress.h"
#include "report.h"
#include "session.h"
#include "spawn.h"
#include "start.h"
#include "transfer.h"
#include "who.h"


static const char	*file;
static char		**to;		/* as typed */
static size_t		 nto;
static int		 started;	/* the upload */
static char		 message[OFFER_TEXT_MAX];	/* to send; "": not yet */
static int		 sending;	/* its fate is not known */
static int		 failed;
static int		 stopping;

static void
stop(void)
{
	if (stopping)
		return;
	stopping = 1;
	if (nto == 0)
		event_loopexit(NULL);
	else
		session_stop();
}

static void
fail(void)
{
	failed = 1;
	stop();
}

/* ---- the message --------------------------------------------------------- */

/* When the file is there and the session is up. */
static void
send_message(void)
{
	struct user	*users[OUTGOING_TO_MAX];
	const char	*why;
	uint64_t	 counter;
	int		 n;

	if ((n = who_find(to, nto, users)) == -1) {
		fail();
		return;
	}
	if (outgoing_chat(users, (size_t)n, message, strlen(message),
	    &counter, &why) == -1) {
		warnx("%s", why);
		fail();
		return;
	}
	sending = 1;
}

/* ---- the file ------------------------------------------------------------ */

static void
on_progress(struct transfer *t, uint64_t now, uint64_t total, void *arg)
{
	(void)t;
	(void)arg;
	progress_show(now, total);
}

static void
on_done(struct transfer *t, const char *why, void *arg)
{
	(void)arg;
	progress_end();
	if (why != NULL) {
		warnx("%s: %s", file, why);
		fail();
		return;
	}
	if (report_upload(t) == -1)
		failed = 1;
	if (nto == 0) {
		stop();
		return;
	}
	offer_write(message, transfer_name(t), transfer_size(t),
	    transfer_hash(t), transfer_result(t));
	if (session_is_up())
		send_message();
}

static void
start_upload(void)
{
	static const struct transfer_ops ops = { on_progress, on_done };
	const char	*why;

	started = 1;
	if (transfer_upload(file, &ops, NULL, &why) == NULL) {
		warnx("%s: %s", file, why);
		fail();
	}
}

/* ---- the session --------------------------------------------------------- */

/* Nothing is uploaded for somebody whom we cannot tell. */
static void
up(void)
{
	struct user	*users[OUTGOING_TO_MAX];

	if (stopping)
		return;
	if (message[0] != '\0' && !sending)
		send_message();
	else if (!started) {
		if (who_find(to, nto, users) == -1)
			fail();
		else
			start_upload();
	}
}

/* An upload may outlast a connection: wait for the next, unless there is none. */
static void
down(const char *why, int wait)
{
	progress_end();
	if (sending)
		warnx("%s: %s: not known whether the message arrived",
		    config.server.host, why);
	else
		warnx("%s: %s", config.server.host, why);
	if (!sending && wait != -1)
		return;
	failed = 1;
	event_loopexit(NULL);
}

static void
sent(uint64_t counter, const char *code, const char *why)
{
	(void)counter;
	sending = 0;
	if (code != NULL) {
		warnx("refused: %s: %s", code, why);
		failed = 1;
	}
	stop();
}

static void
error(const char *code, const char *why)
{
	progress_end();
	warnx("%s: %s: %s", config.server.host, code, why);
}

/* ---- the command line ---------------------------------------------------- */

static int
read_arguments(int argc, char **argv)
{
	int	 ch;

	if ((to = calloc((size_t)argc, sizeof(*to))) == NULL)
		err(1, NULL);
	while ((ch = command_getopt(argc, argv, "jt:")) != -1)
		switch (ch) {
		case 'j':
			config.json = 1;
			break;
		case 't':
			to[nto++] = optarg;
			break;
		default:
			return (-1);
		}
	if (argc - optind != 1)
		return (-1);
	if (nto > OUTGOING_TO_MAX)
		errx(2, "more than %d recipients", OUTGOING_TO_MAX);
	file = argv[optind];
	return (0);
}

/* Word of the file needs the key, and the session before the file goes. */
static void
start_with_session(void)
{
	static const struct session_ops		ops = { up, down, NULL, NULL,
						    NULL, sent, error };
	static const struct session_options	options = { 1, 1, 1, 1 };

	spawn_start(SPAWN_TRANSFER | SPAWN_SESSION);
	if (unveil(file, "r") == -1)
		err(1, "%s", file);
	start_user();
	spawn_hide_files();
	spawn_sandbox("stdio rpath wpath cpath fattr flock sendfd recvfd");
	session_start(&ops, &options);
}

int
command_upload(int argc, char **argv)
{
	if (read_arguments(argc, argv) == -1)
		return (usage(argv[0]));
	if (nto > 0)
		start_with_session();
	else {
		spawn_start(SPAWN_TRANSFER);
		start_upload();
		spawn_sandbox("stdio sendfd recvfd");
	}
	if (!stopping)
		event_dispatch();
	return (failed);
}
