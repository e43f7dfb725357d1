/*
 * olaf download: a file from its URL.
 */

#include "compat.h"

#include <err.h>
#include <event.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "progress.h"
#include "report.h"
#include "spawn.h"
#include "transfer.h"

static const char	*file;		/* NULL: as the server calls it */
static int		 replace;
static int		 failed;

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
		warnx("download: %s", why);
		failed = 1;
	} else if (report_download(t) == -1)
		failed = 1;
	event_loopexit(NULL);
}

/* Nothing is seen but the directory in which the file will be. */
static void
hide_files(void)
{
	char	 path[PATH_MAX];

	if (strlcpy(path, file != NULL ? file : "x", sizeof(path)) >=
	    sizeof(path))
		errx(1, "%s: too long", file);
	if (unveil(dirname(path), "rwc") == -1)
		err(1, "%s", path);
}

static int
read_arguments(int argc, char **argv)
{
	int	 ch;

	while ((ch = command_getopt(argc, argv, "fjo:")) != -1)
		switch (ch) {
		case 'f':
			replace = 1;
			break;
		case 'j':
			config.json = 1;
			break;
		case 'o':
			file = optarg;
			break;
		default:
			return (-1);
		}
	if (replace && file == NULL) {
		warnx("-f needs -o: no server chooses which file is replaced");
		return (-1);
	}
	return (argc - optind == 1 ? 0 : -1);
}

int
command_download(int argc, char **argv)
{
	static const struct transfer_ops ops = { on_progress, on_done };
	const char	*url, *why;

	if (read_arguments(argc, argv) == -1)
		return (usage(argv[0]));
	url = argv[optind];
	spawn_start(SPAWN_TRANSFER);
	if (transfer_download(url, file, replace, &ops, NULL, &why) == NULL)
		errx(1, "%s: %s", file != NULL ? file : url, why);
	hide_files();
	spawn_sandbox("stdio rpath wpath cpath sendfd recvfd");
	event_dispatch();
	return (failed);
}
