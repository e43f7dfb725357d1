/*
 * olaf send: messages from the command line or from stdin.
 */

#include "compat.h"

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "compose.h"
#include "config.h"
#include "outgoing.h"
#include "session.h"
#include "spawn.h"
#include "start.h"
#include "who.h"

#define INPUT_MAX	(2 * COMPOSE_MAX)	/* octets of lines not sent yet */
#define OPEN_MAX	16	/* messages whose fate is not known: then stdin waits */

static char		**to;		/* as typed */
static size_t		 nto;
static char		*text;		/* the message, or what was read of lines */
static size_t		 textlen;
static int		 by_lines;
static int		 input_ended;
static unsigned int	 waiting;	/* messages whose fate is not known */
static int		 failed;
static int		 stopping;
static struct event	 input_event;

static void
stop(void)
{
	if (stopping)
		return;
	stopping = 1;
	session_stop();
}

static void
fail(void)
{
	failed = 1;
	stop();
}

static void
send_message(const char *p, size_t len)
{
	struct user	*users[OUTGOING_TO_MAX];
	const char	*why;
	uint64_t	 counter;
	int		 n, r;

	if (nto == 0)
		r = outgoing_public(p, len, &counter, &why);
	else if ((n = who_find(to, nto, users)) == -1) {
		fail();
		return;
	} else
		r = outgoing_chat(users, (size_t)n, p, len, &counter, &why);
	if (r == -1) {
		warnx("%s", why);
		fail();
		return;
	}
	waiting++;
}

/* ---- lines of stdin ------------------------------------------------------ */

/* A file can be read at any time, and not every kernel watches one. */
static void
input_wait(void)
{
	struct timeval	now = { 0, 0 };
	struct stat	st;

	if (fstat(STDIN_FILENO, &st) == -1)
		err(1, "stdin");
	if (S_ISREG(st.st_mode))
		evtimer_add(&input_event, &now);
	else
		event_add(&input_event, NULL);
}

/* Sends what lines there are, and what is behind the last at the end. */
static void
send_lines(void)
{
	char	*newline;
	size_t	 len;

	while (waiting < OPEN_MAX && !stopping && textlen > 0) {
		newline = memchr(text, '\n', textlen);
		if (newline == NULL && !input_ended &&
		    textlen < COMPOSE_MAX)
			break;
		len = newline != NULL ? (size_t)(newline - text) : textlen;
		if (len > 0)
			send_message(text, len);
		if (newline != NULL)
			len++;
		memmove(text, text + len, textlen - len);
		textlen -= len;
	}
	if (stopping)
		return;
	if (input_ended && textlen == 0 && waiting == 0)
		stop();
	else if (!input_ended && waiting < OPEN_MAX)
		input_wait();
}

static void
input_readable(int fd, short what, void *arg)
{
	ssize_t	 n;

	(void)fd;
	(void)what;
	(void)arg;
	if (text == NULL && (text = malloc(INPUT_MAX)) == NULL)
		err(1, NULL);
	n = read(STDIN_FILENO, text + textlen, INPUT_MAX - textlen);
	if (n > 0)
		textlen += (size_t)n;
	else if (n == 0)
		input_ended = 1;
	else if (errno != EINTR && errno != EAGAIN) {
		warn("stdin");
		failed = input_ended = 1;
	}
	send_lines();
}

/* ---- the session --------------------------------------------------------- */

static void
up(void)
{
	if (by_lines) {
		event_set(&input_event, STDIN_FILENO, EV_READ, input_readable,
		    NULL);
		send_lines();
	} else
		send_message(text, textlen);
}

static void
down(const char *why, int wait)
{
	(void)wait;
	if (waiting > 0)
		warnx("%s: %s: not known whether it arrived",
		    config.server.host, why);
	else
		warnx("%s: %s", config.server.host, why);
	failed = 1;
	event_loopexit(NULL);
}

static void
sent(uint64_t counter, const char *code, const char *why)
{
	(void)counter;
	waiting--;
	if (code != NULL) {
		warnx("refused: %s: %s", code, why);
		failed = 1;
	}
	if (by_lines)
		send_lines();
	else
		stop();
}

static void
error(const char *code, const char *why)
{
	warnx("%s: %s: %s", config.server.host, code, why);
	if (waiting > 0)
		failed = 1;	/* it may be about any of them */
}

/* ---- the command line ---------------------------------------------------- */

/* All of stdin, up to what no message can hold; without the last newline. */
static void
read_stdin(void)
{
	ssize_t	n;

	if ((text = malloc(COMPOSE_MAX)) == NULL)
		err(1, NULL);
	while (textlen < COMPOSE_MAX && (n = read(STDIN_FILENO, text + textlen,
	    COMPOSE_MAX - textlen)) != 0) {
		if (n == -1)
			err(1, "stdin");
		textlen += (size_t)n;
	}
	if (textlen == COMPOSE_MAX)
		errx(1, "the text is too long");
	if (textlen > 0 && text[textlen - 1] == '\n')
		textlen--;
}

static void
join_words(int argc, char **argv)
{
	size_t	size = 1;
	int	i;

	for (i = 0; i < argc; i++)
		size += strlen(argv[i]) + 1;
	if ((text = calloc(1, size)) == NULL)
		err(1, NULL);
	for (i = 0; i < argc; i++) {
		if (i > 0)
			strlcat(text, " ", size);
		strlcat(text, argv[i], size);
	}
	textlen = strlen(text);
}

static int
read_arguments(int argc, char **argv)
{
	int	ch;

	if ((to = calloc((size_t)argc, sizeof(*to))) == NULL)
		err(1, NULL);
	while ((ch = command_getopt(argc, argv, "+jlt:")) != -1)
		switch (ch) {
		case 'j':
			break;		/* there is nothing to print */
		case 'l':
			by_lines = 1;
			break;
		case 't':
			to[nto++] = optarg;
			break;
		default:
			return (-1);
		}
	argc -= optind;
	argv += optind;
	if (nto > OUTGOING_TO_MAX)
		errx(2, "more than %d recipients", OUTGOING_TO_MAX);
	if (argc == 1 && strcmp(argv[0], "-") == 0) {
		if (!by_lines)
			read_stdin();
	} else if (argc == 0 || by_lines)
		return (by_lines && argc == 0 ? 0 : -1);
	else
		join_words(argc, argv);
	if (!by_lines && textlen == 0)
		errx(1, "nothing to send");
	return (0);
}

int
command_send(int argc, char **argv)
{
	static const struct session_ops		ops = { up, down, NULL, NULL,
						    NULL, sent, error };
	static const struct session_options	options = { 1, 0, 0, 1 };

	if (read_arguments(argc, argv) == -1)
		return (usage(argv[0]));
	spawn_start(SPAWN_SESSION);
	start_user();
	spawn_hide_files();
	spawn_sandbox("stdio rpath wpath cpath fattr flock sendfd recvfd");
	session_start(&ops, &options);
	event_dispatch();
	return (failed);
}
