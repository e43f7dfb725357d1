/*
 * olafctl: asks a running olafd, or does by itself what needs none.
 */

#include "compat.h"

#include <err.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "keyfile.h"
#include "log.h"
#include "output.h"
#include "parser.h"
#include "request.h"

#define EXIT_USAGE	2

static void
usage(FILE *f)
{
	fprintf(f, "usage: olafctl [-hj] [-s socket] command [word ...]\n");
}

/*
 * Becomes olafd -n -f file, if directory/name is an olafd; otherwise returns.
 */
static void
try_check(const char *directory, size_t len, const char *name,
    const char *file)
{
	char	 path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%.*s/%s", (int)len, directory,
	    name) < (int)sizeof(path))
		execl(path, "olafd", "-n", "-f", file, (char *)NULL);
}

/*
 * The olafd that is of one build with this olafctl: beside it, where both are
 * installed or in the next directory, where both were built.
 */
static __dead void
check(const char *self, const char *file)
{
	const char	*slash;

	if ((slash = strrchr(self, '/')) != NULL) {
		try_check(self, (size_t)(slash - self), "olafd", file);
		try_check(self, (size_t)(slash - self), "../olafd/olafd", file);
	}
	try_check(PATH_SBIN, strlen(PATH_SBIN), "olafd", file);
	err(1, "%s/olafd", PATH_SBIN);
}

static int
run(const struct command *c, int json, const char *socket, const char *self)
{
	const struct output	*output = json ? &output_json : &output_text;

	switch (c->action) {
	case ACTION_HELP:
		usage(stdout);
		parse_help(stdout);
		return (0);
	case ACTION_CHECK:
		check(self, c->file);
	case ACTION_FINGERPRINT:
		return (keyfile_fingerprint(c->file, output));
	case ACTION_GENKEY:
		return (keyfile_generate(c->file, output));
	case ACTION_SHOW_METRICS:
		output = &output_metrics;
		break;
	default:
		break;
	}
	return (request_run(c, output, socket));
}

int
main(int argc, char *argv[])
{
	struct command	 command;
	const char	*socket = PATH_SOCKET;
	int		 ch, code, json = 0;

	log_init("olafctl", LOG_TO_STDERR, 0);
	signal(SIGPIPE, SIG_IGN);
	tzset();
	while ((ch = getopt(argc, argv, "+hjs:")) != -1)
		switch (ch) {
		case 'h':
			usage(stdout);
			parse_help(stdout);
			return (0);
		case 'j':
			json = 1;
			break;
		case 's':
			socket = optarg;
			break;
		default:
			usage(stderr);
			return (EXIT_USAGE);
		}
	argc -= optind;
	argv += optind;
	if (parse_command(&command, argc, argv) == -1)
		return (EXIT_USAGE);
	code = run(&command, json, socket, argv[-optind]);
	if (fflush(stdout) == EOF || ferror(stdout))
		err(1, "stdout");
	return (code);
}
