/*
 * The start of a child process.
 */

#include "compat.h"

#include <errno.h>
#include <event.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "msg_conf.h"

struct child_args {
	unsigned int	 number;
	const char	*user;		/* NULL: stay who we are */
	const char	*root;		/* to which to chroot */
	const char	*directory;	/* to work in, without chroot */
	int		 foreground;
	int		 verbose;
};

/*
 * What each role may do once it has started, what ps(1) calls it, and what of
 * its working directory it sees.
 */
static const struct {
	const char	*promises;
	const char	*title;
	const char	*sees;		/* NULL: nothing */
} roles[ROLE_MAX] = {
	[ROLE_FRONT] =	{ "stdio inet recvfd", "websocket front end", NULL },
	[ROLE_RELAY] =	{ "stdio unix recvfd", "relay", NULL },
	[ROLE_VERIFIER] = { "stdio recvfd", "verifier", NULL },
	[ROLE_SIGNER] =	{ "stdio recvfd", "signer", NULL },
	[ROLE_FILES] =	{ "stdio rpath wpath cpath recvfd sendfd",
			    "file store", "rwc" },
};

static struct child_args	 args;
static enum role		 self;
static struct chan		*parent;
static chan_handler		 child_handler;

struct chan *
child_parent(void)
{
	return (parent);
}

static void
child_args_read(int argc, char **argv)
{
	const char	*errstr;
	int		 ch;

	optind = 1;
	while ((ch = getopt(argc, argv, "di:r:su:vw:")) != -1)
		switch (ch) {
		case 'd':
			args.foreground = 1;
			break;
		case 'i':
			args.number = strtonum(optarg, 0, 1000, &errstr);
			if (errstr != NULL)
				fatalx("number is %s: %s", errstr, optarg);
			break;
		case 'r':
			args.root = optarg;
			break;
		case 's':
			break;		/* child_role reads it */
		case 'u':
			args.user = optarg;
			break;
		case 'v':
			args.verbose = 1;
			break;
		case 'w':
			args.directory = optarg;
			break;
		default:
			fatalx("started by hand: it is olafd that starts this program");
		}
}

enum role
child_role(int argc, char **argv, enum role fallback)
{
	int	i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], "-s") == 0)
			return (ROLE_SIGNER);
	return (fallback);
}

static void
child_drop(void)
{
	struct passwd	*pw;

	if (args.user == NULL) {
		if (geteuid() == 0)
			fatalx("running as root without a user to become");
		if (args.directory != NULL && chdir(args.directory) == -1)
			fatal("%s", args.directory);
		return;
	}
	if ((pw = getpwnam(args.user)) == NULL)
		fatalx("unknown user %s", args.user);
	if (pw->pw_uid == 0)
		fatalx("user %s is root", args.user);
	if (chroot(args.root) == -1)
		fatal("chroot %s", args.root);
	if (chdir("/") == -1)
		fatal("chdir");
	if (setgroups(1, &pw->pw_gid) == -1 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) == -1 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) == -1)
		fatal("cannot become user %s", args.user);
}

static void
child_from_parent(struct chan *c, struct imsg *imsg, void *arg)
{
	if (imsg == NULL) {
		log_debug("olafd is gone");
		exit(0);
	}
	if (!child_handle(c, imsg))
		child_handler(c, imsg, arg);
}

/*
 * No file is visible from here on, but for the directory of files to the one
 * whose it is, and only what is promised can be done.
 */
static void
child_sandbox(void)
{
	const char	*promises = roles[self].promises;
	const char	*sees = roles[self].sees;

	if (unveil(sees != NULL ? "." : "/", sees != NULL ? sees : "") == -1 ||
	    unveil(NULL, NULL) == -1)
		fatal("unveil");
	if (pledge(promises, NULL) == -1)
		fatal("pledge \"%s\"", promises);
	log_info("sandbox: %s, promises \"%s\"", sandbox_name(), promises);
}

void
child_start(int argc, char **argv, enum role role, chan_handler handler)
{
	static char	 name[32];

	self = role;
	log_init(msgrules_role(role), LOG_TO_STDERR, 0);
	child_args_read(argc, argv);
	if (role == ROLE_FRONT || role == ROLE_VERIFIER)
		snprintf(name, sizeof(name), "%s %u", msgrules_role(role),
		    args.number);
	else
		strlcpy(name, msgrules_role(role), sizeof(name));
	log_init(name, args.foreground ? LOG_TO_STDERR : LOG_TO_PARENT,
	    args.verbose);
	title_set(roles[role].title);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);	/* the parent orders the stop: these */
	signal(SIGTERM, SIG_IGN);	/* may go to all processes of a terminal */
	signal(SIGHUP, SIG_IGN);
	tzset();
	child_drop();
	if (event_init() == NULL)
		fatalx("event_init");
	child_handler = handler;
	chan_init(role);
	parent = chan_new(CHILD_PARENT_FD, ROLE_PARENT, 0, child_from_parent,
	    NULL);
	child_sandbox();
}

void
child_run(void)
{
	if (event_dispatch() == -1)
		fatal("event loop");
	fatalx("event loop ended");
}

struct ibuf *
child_ibuf(struct imsg *imsg, struct ibuf *b)
{
	if (imsg_get_ibuf(imsg, b) == -1)
		memset(b, 0, sizeof(*b));	/* no payload: nothing to get */
	return (b);
}

static void
child_ready(void)
{
	struct msg_ready	 m;
	struct ibuf		*b;

	strlcpy(m.promises, roles[self].promises, sizeof(m.promises));
	strlcpy(m.sandbox, sandbox_name(), sizeof(m.sandbox));
	b = chan_open(parent, MSG_READY, 0);
	msg_ready_put(b, &m);
	chan_close(parent, b);
}

int
child_handle(struct chan *c, struct imsg *imsg)
{
	struct ibuf	b;
	int		verbose;

	switch (imsg_get_type(imsg)) {
	case MSG_START:
		chan_set_phase(PHASE_RUNNING);
		child_handler(c, imsg, NULL);
		child_ready();
		return (1);
	case MSG_CONF_SYNC:
		chan_send(c, MSG_CONF_SYNCED);
		return (1);
	case MSG_VERBOSE:
		if (msg_flag_only_get(child_ibuf(imsg, &b), &verbose) == -1)
			chan_breach(c, "VERBOSE");
		log_set_verbose(verbose);
		return (1);
	default:
		return (0);
	}
}

void
child_conf_ok(const void *hashes, size_t len)
{
	struct ibuf	*b;

	b = chan_open(parent, MSG_CONF_OK, len);
	msg_put_bytes(b, hashes, len);
	chan_close(parent, b);
}

void
child_conf_bad(const char *fmt, ...)
{
	char		 text[MSG_REASON_MAX];
	struct ibuf	*b;
	va_list		 ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	b = chan_open(parent, MSG_CONF_BAD, 0);
	msg_put_string(b, text);
	chan_close(parent, b);
}
