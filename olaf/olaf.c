/*
 * olaf, the client for the terminal: options, and which command it is.
 */

#include "compat.h"

#include <sys/resource.h>

#include <err.h>
#include <getopt.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "config.h"
#include "log.h"
#include "program.h"
#include "version.h"

#define HELP_COLUMN	32
#define GENERAL	"[-jv] [-i identity] [-s URL] [--ca FILE] [--pin PIN] [--insecure]"

struct command {
	const char	*name;
	int		(*run)(int, char **);
	const char	*arguments;
	const char	*does;
};

static int	 command_help(int, char **);

static const struct command commands[] = {
	{ "chat",	command_chat,	"",
	    "the chat screen, without a command too" },
	{ "download",	command_download, "[-fj] [-o FILE] URL",
	    "fetch a file; -f replaces one" },
	{ "help",	command_help,	"[COMMAND]", "this text" },
	{ "keygen",	command_keygen,	"[-jp]",
	    "make your key; -p asks for a passphrase" },
	{ "list",	command_list,	"[-j]",
	    "who is online, by server" },
	{ "listen",	command_listen,	"[-j] [-n COUNT]",
	    "print what arrives, a line each" },
	{ "name",	command_name,	"[-dfj] [FINGERPRINT] [NAME]",
	    "give a key a name, take one away (-d), list them" },
	{ "send",	command_send,	"[-l] [-t WHO] ... [TEXT ... | -]",
	    "send to all or those named; -: stdin, -l: lines" },
	{ "upload",	command_upload,	"[-j] [-t WHO] ... FILE",
	    "store a file on the server, tell those named" },
	{ "whoami",	command_whoami,	"[-j]", "your fingerprint" },
};

enum {
	OPTION_CA = 256,
	OPTION_PIN,
	OPTION_INSECURE,
	OPTION_HELP,
	OPTION_VERSION
};

static const struct option options[] = {
	{ "ca",		required_argument,	NULL,	OPTION_CA },
	{ "pin",	required_argument,	NULL,	OPTION_PIN },
	{ "insecure",	no_argument,		NULL,	OPTION_INSECURE },
	{ "help",	no_argument,		NULL,	OPTION_HELP },
	{ "version",	no_argument,		NULL,	OPTION_VERSION },
	{ NULL,		0,			NULL,	0 }
};

/* What the command line says; it comes before the configuration's file. */
static struct {
	const char	*identity;
	const char	*url;
	const char	*ca;
	const char	*pin;
	const char	*libexec;
	int		 insecure;
} given;

static void
print_usage(FILE *f)
{
	fprintf(f, "usage: olaf " GENERAL "\n            [COMMAND ...]\n");
}

/* What a command does is beside it, if there is room. */
static void
print_help(void)
{
	char	left[HELP_COLUMN + 1];
	size_t	i;

	print_usage(stdout);
	putchar('\n');
	for (i = 0; i < nitems(commands); i++) {
		if (snprintf(left, sizeof(left), "  %s %s", commands[i].name,
		    commands[i].arguments) >= HELP_COLUMN) {
			printf("  %s %s\n", commands[i].name,
			    commands[i].arguments);
			left[0] = '\0';
		}
		printf("%-*s%s\n", HELP_COLUMN, left, commands[i].does);
	}
	printf("\nWHO is a name, a fingerprint or its beginning; olaf(1) "
	    "tells more.\n");
}

/* Returns the exit status. */
static int
help_printed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return (0);
	warn("stdout");
	return (1);
}

static int
wrong_usage(void)
{
	print_usage(stderr);
	fprintf(stderr, "\"olaf help\" lists the commands.\n");
	return (2);
}

/* Whole names, or what begins one command only. */
static const struct command *
find_command(const char *name)
{
	const struct command	*found = NULL;
	size_t			 i, len = strlen(name);

	for (i = 0; i < nitems(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return (&commands[i]);
		if (len == 0 || strncmp(commands[i].name, name, len) != 0)
			continue;
		if (found != NULL) {
			warnx("%s: %s or %s?", name, found->name,
			    commands[i].name);
			exit(2);
		}
		found = &commands[i];
	}
	return (found);
}

int
usage(const char *name)
{
	const struct command	*c = find_command(name);

	if (c != NULL)
		fprintf(stderr, "usage: olaf " GENERAL "\n            %s %s\n",
		    c->name, c->arguments);
	return (2);
}

/* getopt_long(3), which would begin its complaints with the command's name. */
static int
next_option(int argc, char **argv, const char *letters,
    const struct option *longs)
{
	const char	*letter;
	int		 ch;

	opterr = 0;
	if ((ch = getopt_long(argc, argv, letters, longs, NULL)) != '?')
		return (ch);
	letter = optopt > 0 && optopt < 128 ? strchr(letters, optopt) : NULL;
	if (optopt >= OPTION_CA || (letter != NULL && letter[1] == ':'))
		warnx("%s: nothing follows", clean_word(argv[optind - 1]));
	else if (optopt != 0)
		warnx("-%c: unknown option", optopt > ' ' && optopt < 0x7f ?
		    optopt : '?');
	else
		warnx("%s: unknown option", clean_word(argv[optind - 1]));
	return (ch);
}

int
command_getopt(int argc, char **argv, const char *letters)
{
	static const struct option	none[] = { { NULL, 0, NULL, 0 } };

	return (next_option(argc, argv, letters, none));
}

static int
command_help(int argc, char **argv)
{
	const struct command	*c;

	if (argc < 2) {
		print_help();
		return (help_printed());
	}
	if ((c = find_command(argv[1])) == NULL) {
		warnx("unknown command: %s", clean_word(argv[1]));
		return (2);
	}
	printf("olaf %s %s\n%s\n", c->name, c->arguments, c->does);
	return (help_printed());
}

static void
read_options(int argc, char **argv)
{
	int	ch;

	while ((ch = next_option(argc, argv, "+hi:jL:s:v", options)) != -1)
		switch (ch) {
		case 'h':
		case OPTION_HELP:
			print_help();
			exit(help_printed());
		case 'i':
			given.identity = optarg;
			break;
		case 'j':
			config.json = 1;
			break;
		case 'L':
			given.libexec = optarg;
			break;
		case 's':
			given.url = optarg;
			break;
		case 'v':
			config.verbose = 1;
			break;
		case OPTION_CA:
			given.ca = optarg;
			break;
		case OPTION_PIN:
			given.pin = optarg;
			break;
		case OPTION_INSECURE:
			given.insecure = 1;
			break;
		case OPTION_VERSION:
			printf("olaf %s\n", OLAFD_VERSION);
			exit(0);
		default:
			exit(wrong_usage());
		}
}

/*
 * Where this program is, as far as the name by which it was started tells.
 * Returns 0, or -1.
 */
static int
find_self(const char *name, char path[PATH_MAX])
{
	const char	*search = getenv("PATH");
	char		 file[PATH_MAX];
	size_t		 len;

	if (strchr(name, '/') != NULL)
		return (realpath(name, path) != NULL ? 0 : -1);
	for (; search != NULL && *search != '\0';
	    search += len + (search[len] != '\0')) {
		len = strcspn(search, ":");
		if (snprintf(file, sizeof(file), "%.*s/%s", (int)len, search,
		    name) < (int)sizeof(file) && access(file, X_OK) == 0)
			return (realpath(file, path) != NULL ? 0 : -1);
	}
	return (-1);
}

/*
 * Where the helpers are: as told, or where they were installed; in a build tree,
 * which has them beside our own directory, there.
 */
static void
find_libexec(const char *self)
{
	char	 directory[PATH_MAX], path[PATH_MAX], *slash;

	if (given.libexec != NULL) {
		if (realpath(given.libexec, config.libexec) == NULL)
			err(2, "%s", given.libexec);
		return;
	}
	strlcpy(config.libexec, PATH_LIBEXEC, sizeof(config.libexec));
	if (find_self(self, directory) == -1)
		return;
	if ((slash = strrchr(directory, '/')) == NULL)
		return;
	*slash = '\0';
	if ((slash = strrchr(directory, '/')) == NULL ||
	    strcmp(slash, "/olaf") != 0)
		return;
	*slash = '\0';
	if (program_path(directory, "olaf-net", path, sizeof(path)) == 0)
		strlcpy(config.libexec, directory, sizeof(config.libexec));
}

/* The command line has the last word. */
static void
override_server(void)
{
	struct server	*s = &config.server;

	if (given.ca != NULL) {
		if (strlcpy(s->ca, given.ca, sizeof(s->ca)) >= sizeof(s->ca))
			errx(2, "--ca: too long");
		s->pinned = 0;
	}
	if (given.pin != NULL) {
		if (config_pin_read(given.pin, s->pin) == -1)
			errx(2, "--pin: sha256// and base64, not %s",
			    clean_word(given.pin));
		s->pinned = 1;
	}
	if (given.insecure)
		s->insecure = 1;
}

int
main(int argc, char **argv)
{
	static char		*chat[] = { NULL, NULL };
	const struct rlimit	 none = { 0, 0 };
	const struct command	*c = &commands[0];
	const char		*self = argv[0];

	setlocale(LC_ALL, "");
	log_init("olaf", LOG_TO_STDERR, 0);
	if (setrlimit(RLIMIT_CORE, &none) == -1)	/* it would hold the key */
		err(1, "setrlimit");
	read_options(argc, argv);
	argc -= optind;
	argv += optind;
	if (argc > 0 && (c = find_command(argv[0])) == NULL) {
		warnx("unknown command: %s", clean_word(argv[0]));
		return (wrong_usage());
	}
	if (argc == 0) {
		chat[0] = strdup(c->name);
		argv = chat;
		argc = 1;
	}
	if (c->run != command_help) {
		find_libexec(self);
		config_read(given.identity, given.url);
		override_server();
	}
	log_init("olaf", LOG_TO_STDERR, config.verbose);
	optind = 0;		/* getopt_long(3) begins anew */
	return (c->run(argc, argv));
}
