/*
 * olaf list: who is online, by server.
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
#include "config.h"
#include "identity.h"
#include "names.h"
#include "session.h"
#include "spawn.h"
#include "start.h"

static int	 status = 1;
static int	 printed;

static void
print_user(const struct user *u)
{
	const char	*name = names_of(u->digest);
	char		 digits[IDENTITY_DIGITS_LEN + 1];

	if (!config.json) {
		printf("  %-12s %s%s\n", roster_label(u), u->fingerprint,
		    u->is_self ? " (you)" : "");
		return;
	}
	identity_digits(u->digest, digits);
	printf("{\"fingerprint\":\"%s\",\"name\":", u->fingerprint);
	if (name != NULL)
		clean_json(stdout, name, strlen(name));
	else
		printf("null");
	printf(",\"digits\":\"%s\",\"self\":%s}", digits,
	    u->is_self ? "true" : "false");
}

static void
print_server(const struct roster_server *s)
{
	struct user	*u;
	const char	*comma = "";

	if (config.json) {
		printf("{\"address\":");
		clean_json(stdout, s->address, strlen(s->address));
		printf(",\"users\":[");
	} else {
		clean_print(stdout, s->address, strlen(s->address), 0);
		printf(" (%zu)\n", s->users);
	}
	for (u = roster_first(); u != NULL; u = roster_next(u)) {
		if (u->server != s)
			continue;
		if (config.json)
			printf("%s", comma);
		print_user(u);
		comma = ",";
	}
	if (config.json)
		printf("]}");
}

static void
print_list(void)
{
	const struct roster_server	*s;
	const char			*comma = "";

	if (config.json)
		printf("{\"servers\":[");
	TAILQ_FOREACH(s, roster_servers(), entry) {
		if (config.json)
			printf("%s", comma);
		print_server(s);
		comma = ",";
	}
	if (config.json)
		printf("]}\n");
}

/* All was done for it. */
static void
up(void)
{
	if (printed)
		return;
	warnx("%s: the server sends no list", config.server.host);
	session_stop();
}

static void
down(const char *why, int wait)
{
	(void)wait;
	warnx("%s: %s", config.server.host, why);
	event_loopexit(NULL);
}

static void
listed(int changed)
{
	(void)changed;
	if (printed)
		return;
	printed = 1;
	print_list();
	status = 0;
	session_stop();
}

static void
error(const char *code, const char *text)
{
	warnx("%s: %s: %s", config.server.host, code, text);
}

int
command_list(int argc, char **argv)
{
	static const struct session_ops		ops = { up, down, listed,
						    NULL, NULL, NULL, error };
	static const struct session_options	options;
	int					ch;

	while ((ch = command_getopt(argc, argv, "j")) != -1)
		switch (ch) {
		case 'j':
			config.json = 1;
			break;
		default:
			return (usage(argv[0]));
		}
	if (optind != argc)
		return (usage(argv[0]));
	spawn_start(SPAWN_SESSION);
	if (access(config.identity, F_OK) == 0)
		start_user();
	else if (names_open(config.directory) == -1)
		err(1, "%s/names", config.directory);
	spawn_hide_files();
	spawn_sandbox("stdio rpath wpath cpath fattr flock sendfd recvfd");
	session_start(&ops, &options);
	event_dispatch();
	if (fflush(stdout) == EOF || ferror(stdout)) {
		warn("stdout");
		return (1);
	}
	return (status);
}
