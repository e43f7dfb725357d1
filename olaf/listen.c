/*
 * olaf listen: prints what arrives, a line each.
 */

#include "compat.h"

#include <err.h>
#include <event.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "config.h"
#include "names.h"
#include "session.h"
#include "spawn.h"
#include "start.h"

#define TIME_LEN	24	/* "2026-11-28T21:30:01Z", with room */

static long long	 count;		/* messages to print, 0: no end */
static int		 status;
static int		 was_up, stopping;

static void
format_time(int64_t seconds, char *text)
{
	time_t		 t = (time_t)seconds;
	struct tm	*tm = gmtime(&t);

	if (tm == NULL || strftime(text, TIME_LEN, "%Y-%m-%dT%H:%M:%SZ",
	    tm) == 0)
		strlcpy(text, "?", TIME_LEN);
}

/* Whoever reads us has gone, or the disk is full. */
static void
flush_line(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	warn("stdout");
	exit(1);
}

static const char *
kind_name(const struct incoming *in)
{
	return (in->kind == MSG_KIND_PUBLIC ? "public" :
	    in->nparticipants > 2 ? "group" : "private");
}

/* ---- text ---------------------------------------------------------------- */

/* The other recipients of a message to a group. */
static void
print_others(const struct incoming *in)
{
	const struct user	*u;
	const char		*comma = ",";
	size_t			 i;

	for (i = 1; i < in->nparticipants; i++) {
		u = roster_find_participant(&in->participants[i]);
		if (u != NULL && u->is_self)
			continue;
		printf("%s%s", comma, u != NULL ? roster_label(u) :
		    roster_label_digest(in->participants[i].name));
	}
}

static void
print_text(const struct incoming *in)
{
	char	when[TIME_LEN];

	format_time(in->time, when);
	printf("%s %s %s", when, kind_name(in), roster_label(in->sender));
	if (in->nparticipants > 2)
		print_others(in);
	printf(": ");
	clean_print(stdout, in->text, in->textlen, 0);
	putchar('\n');
}

/* ---- JSON ---------------------------------------------------------------- */

static void
json_string(const char *name, const char *text)
{
	printf(",\"%s\":", name);
	if (text != NULL)
		clean_json(stdout, text, strlen(text));
	else
		printf("null");
}

static void
json_begin(int64_t seconds, const char *kind, const struct user *sender)
{
	char	when[TIME_LEN];

	format_time(seconds, when);
	printf("{\"time\":\"%s\",\"kind\":\"%s\"", when, kind);
	json_string("sender", sender != NULL ? sender->fingerprint : NULL);
	json_string("name", sender != NULL ? names_of(sender->digest) : NULL);
}

static void
json_participants(const struct incoming *in)
{
	const struct user	*u;
	char			 text[KEY_FP_LEN + 1];
	size_t			 i;

	printf(",\"participants\":[");
	for (i = 0; i < in->nparticipants; i++) {
		u = roster_find_participant(&in->participants[i]);
		if (u == NULL)
			key_fingerprint(in->participants[i].name, text);
		printf("%s\"%s\"", i > 0 ? "," : "", u != NULL ?
		    u->fingerprint : text);
	}
	printf("]");
}

static void
print_json(const struct incoming *in)
{
	json_begin(in->time, kind_name(in), in->sender);
	printf(",\"own\":%s,\"counter\":%llu", in->own ? "true" : "false",
	    (unsigned long long)in->counter);
	json_participants(in);
	printf(",\"text\":");
	clean_json(stdout, in->text, in->textlen);
	printf("}\n");
}

/* ---- the session --------------------------------------------------------- */

static void
message(const struct incoming *in)
{
	if (stopping)
		return;
	if (config.json)
		print_json(in);
	else
		print_text(in);
	flush_line();
	if (count > 0 && --count == 0) {
		stopping = 1;
		session_stop();
	}
}

static void
unreadable(const char *why, const struct user *sender)
{
	if (stopping)
		return;
	if (config.json) {
		json_begin(time(NULL), "unreadable", sender);
		json_string("why", why);
		printf("}\n");
		flush_line();
	} else
		warnx("a message%s%s cannot be read: %s", sender != NULL ?
		    " from " : "", sender != NULL ? roster_label(sender) : "",
		    why);
}

static void
up(void)
{
	if (was_up || config.verbose)
		warnx("%s: connected", config.server.host);
	was_up = 1;
}

static void
down(const char *why, int wait)
{
	if (wait >= 0) {
		warnx("%s: %s; trying again in %d second%s",
		    config.server.host, why, wait, wait == 1 ? "" : "s");
		return;
	}
	warnx("%s: %s", config.server.host, why);
	status = 1;
	event_loopexit(NULL);
}

static void
error(const char *code, const char *text)
{
	warnx("%s: %s: %s", config.server.host, code, text);
}

static void
terminate(int sig, short what, void *arg)
{
	(void)sig;
	(void)what;
	(void)arg;
	stopping = 1;
	session_stop();
}

static void
on_signals(void)
{
	static struct event	events[3];
	static const int	signals[] = { SIGINT, SIGTERM, SIGHUP };
	size_t			i;

	for (i = 0; i < nitems(signals); i++) {
		signal_set(&events[i], signals[i], terminate, NULL);
		signal_add(&events[i], NULL);
	}
}

int
command_listen(int argc, char **argv)
{
	static const struct session_ops		ops = { up, down, NULL, message,
						    unreadable, NULL, error };
	static const struct session_options	options = { 1, 1, 1, 0 };
	const char				*errstr;
	int					 ch;

	while ((ch = command_getopt(argc, argv, "jn:")) != -1)
		switch (ch) {
		case 'j':
			config.json = 1;
			break;
		case 'n':
			count = strtonum(optarg, 1, LLONG_MAX, &errstr);
			if (errstr != NULL)
				errx(2, "-n: %s: %s", errstr, optarg);
			break;
		default:
			return (usage(argv[0]));
		}
	if (optind != argc)
		return (usage(argv[0]));
	spawn_start(SPAWN_SESSION);
	start_user();
	spawn_hide_files();
	spawn_sandbox("stdio rpath wpath cpath fattr flock sendfd recvfd");
	on_signals();
	session_start(&ops, &options);
	event_dispatch();
	return (status);
}
