/*
 * The start of one of the client's helpers.
 */

#include "compat.h"

#include <errno.h>
#include <event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"
#include "log.h"
#include "msg_conf.h"

static struct chan		*olaf;
static const struct helper	*self;

struct chan *
helper_olaf(void)
{
	return (olaf);
}

static void
helper_from_olaf(struct chan *c, struct imsg *imsg, void *arg)
{
	if (imsg == NULL)
		exit(0);
	self->handler(c, imsg, arg);
}

/* What cannot be unveiled because it is not there need not be. */
static void
helper_sandbox(void)
{
	const char *const	*path;

	if (self->sees == NULL) {
		if (unveil("/", "") == -1)
			fatal("unveil");
	} else
		for (path = self->sees; *path != NULL; path++)
			if (unveil(*path, "r") == -1 && errno != ENOENT)
				fatal("unveil %s", *path);
	if (unveil(NULL, NULL) == -1)
		fatal("unveil");
	if (pledge(self->promises, NULL) == -1)
		fatal("pledge \"%s\"", self->promises);
}

static void
helper_ready(void)
{
	struct msg_ready	 m;
	struct ibuf		*b;

	strlcpy(m.promises, self->promises, sizeof(m.promises));
	strlcpy(m.sandbox, sandbox_name(), sizeof(m.sandbox));
	b = chan_open(olaf, MSG_HELPER_READY, 0);
	msg_ready_put(b, &m);
	chan_close(olaf, b);
}

void
helper_start(int argc, char **argv, const struct helper *helper)
{
	int	verbose = argc == 2 && strcmp(argv[1], "-v") == 0;

	self = helper;
	log_init(msgrules_role(self->role), LOG_TO_STDERR, verbose);
	if (argc > 2 || (argc == 2 && !verbose))
		fatalx("started by hand: it is olaf that starts this program");
	title_set(self->title);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);	/* olaf decides: these go to all */
	signal(SIGQUIT, SIG_IGN);	/* processes of a terminal */
	signal(SIGHUP, SIG_IGN);
	signal(SIGWINCH, SIG_IGN);
	tzset();
	if (event_init() == NULL)
		fatalx("event_init");
	chan_init(self->role);
	chan_set_phase(PHASE_RUNNING);
	olaf = chan_new(HELPER_OLAF_FD, ROLE_OLAF, 0, helper_from_olaf, NULL);
	helper_sandbox();
	helper_ready();
}

void
helper_run(void)
{
	if (event_dispatch() == -1)
		fatal("event loop");
	fatalx("event loop ended");
}
