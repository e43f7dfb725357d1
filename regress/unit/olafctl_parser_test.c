/*
 * The words of olafctl's command line.
 */

/* link: olafctl/parser.o */

#include "compat.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "olafctl/parser.h"
#include "test.h"

#define WORDS_MAX	16

static struct command	 c;

/* Parses a line of words, one space between two. */
static int
parse(const char *line)
{
	static char	 copy[1024];
	char		*argv[WORDS_MAX], *p = copy;
	int		 argc = 0;

	strlcpy(copy, line, sizeof(copy));
	while (p != NULL && *line != '\0' && argc < WORDS_MAX)
		argv[argc++] = strsep(&p, " ");
	return (parse_command(&c, argc, argv));
}

static int
means(const char *line, enum action action)
{
	return (parse(line) == 0 && c.action == action);
}

static void
test_commands(void)
{
	CHECK(means("show", ACTION_SHOW));
	CHECK(means("show clients", ACTION_SHOW_CLIENTS));
	CHECK(means("show neighbours", ACTION_SHOW_NEIGHBOURS));
	CHECK(means("show stats", ACTION_SHOW_STATS));
	CHECK(means("show metrics", ACTION_SHOW_METRICS));
	CHECK(means("show sandbox", ACTION_SHOW_SANDBOX));
	CHECK(means("monitor", ACTION_MONITOR));
	CHECK(means("kick F", ACTION_KICK));
	CHECK(means("dial N", ACTION_DIAL));
	CHECK(means("drop N", ACTION_DROP));
	CHECK(means("log verbose", ACTION_LOG));
	CHECK(means("reload", ACTION_RELOAD));
	CHECK(means("stop", ACTION_STOP));
	CHECK(means("check F", ACTION_CHECK));
	CHECK(means("fingerprint F", ACTION_FINGERPRINT));
	CHECK(means("genkey F", ACTION_GENKEY));
	CHECK(means("help", ACTION_HELP));
}

/* Every front part of a word that begins no other one. */
static void
test_abbreviations(void)
{
	CHECK(means("sh", ACTION_SHOW));
	CHECK(means("st", ACTION_STOP));
	CHECK(means("sh c", ACTION_SHOW_CLIENTS));
	CHECK(means("sho st", ACTION_SHOW_STATS));
	CHECK(means("sh sa", ACTION_SHOW_SANDBOX));
	CHECK(means("sh m", ACTION_SHOW_METRICS));
	CHECK(means("sh n", ACTION_SHOW_NEIGHBOURS));
	CHECK(means("mon", ACTION_MONITOR));
	CHECK(means("m", ACTION_MONITOR));
	CHECK(means("di N", ACTION_DIAL));
	CHECK(means("dr N", ACTION_DROP));
	CHECK(means("k F", ACTION_KICK));
	CHECK(means("r", ACTION_RELOAD));
	CHECK(means("c F", ACTION_CHECK));
	CHECK(means("f F", ACTION_FINGERPRINT));
	CHECK(means("g F", ACTION_GENKEY));
	CHECK(means("l v", ACTION_LOG) && c.verbose == 1);
	CHECK(means("l b", ACTION_LOG) && c.verbose == 0);
	CHECK(parse("s") == -1);
	CHECK(parse("sh s") == -1);
	CHECK(parse("d N") == -1);
	CHECK(parse("shows") == -1);
	CHECK(parse("SHOW") == -1);
	CHECK(parse(" ") == -1);
}

static void
test_clients(void)
{
	CHECK(parse("show clients") == 0);
	CHECK(c.clients.all == 0);
	CHECK(strcmp(c.clients.fingerprint, "") == 0);
	CHECK(parse("show clients all") == 0);
	CHECK(c.clients.all == 1);
	CHECK(parse("show clients local abc") == 0);
	CHECK(c.clients.all == 0);
	CHECK(strcmp(c.clients.fingerprint, "abc") == 0);
	CHECK(parse("show clients all abc") == 0);
	CHECK(c.clients.all == 1);
	CHECK(strcmp(c.clients.fingerprint, "abc") == 0);
	CHECK(parse("show clients abc") == 0);
	CHECK(c.clients.all == 0);
	CHECK(strcmp(c.clients.fingerprint, "abc") == 0);
	CHECK(parse("show clients abc def") == -1);
	CHECK(parse("show clients all local x") == -1);
}

static void
test_kick(void)
{
	CHECK(parse("kick abc") == 0);
	CHECK(strcmp(c.kick.fingerprint, "abc") == 0);
	CHECK(strcmp(c.kick.reason, "") == 0);
	CHECK(parse("kick abc be kind -j") == 0);
	CHECK(strcmp(c.kick.reason, "be kind -j") == 0);
	CHECK(parse("kick") == -1);
}

/* A neighbour may be called like a command. */
static void
test_neighbour(void)
{
	CHECK(parse("dial b.example") == 0);
	CHECK(strcmp(c.neighbour, "b.example") == 0);
	CHECK(parse("drop drop") == 0);
	CHECK(c.action == ACTION_DROP);
	CHECK(strcmp(c.neighbour, "drop") == 0);
	CHECK(parse("drop ") == -1);
	CHECK(parse("dial ") == -1);
}

static void
test_missing(void)
{
	CHECK(parse("dial") == -1);
	CHECK(parse("drop") == -1);
	CHECK(parse("") == -1);
	CHECK(parse("log") == -1);
	CHECK(parse("check") == -1);
	CHECK(parse("fingerprint") == -1);
	CHECK(parse("genkey") == -1);
}

static void
test_too_many(void)
{
	CHECK(parse("reload x") == -1);
	CHECK(parse("dial a b") == -1);
	CHECK(parse("drop a b") == -1);
	CHECK(parse("monitor x") == -1);
	CHECK(parse("show neighbours x") == -1);
	CHECK(parse("stop now") == -1);
	CHECK(parse("log verbose x") == -1);
	CHECK(parse("check a b") == -1);
	CHECK(parse("show sandbox x") == -1);
}

/* As long as the messages' arrays are, and one more. */
static void
test_lengths(void)
{
	char	 word[512], line[1024];

	memset(word, 'x', sizeof(word));
	word[MSG_FP_MAX - 1] = '\0';
	snprintf(line, sizeof(line), "kick %s", word);
	CHECK(parse(line) == 0);
	CHECK(strcmp(c.kick.fingerprint, word) == 0);
	snprintf(line, sizeof(line), "show clients %s", word);
	CHECK(parse(line) == 0);
	CHECK(strcmp(c.clients.fingerprint, word) == 0);
	snprintf(line, sizeof(line), "kick %sx", word);
	CHECK(parse(line) == -1);
	snprintf(line, sizeof(line), "show clients %sx", word);
	CHECK(parse(line) == -1);

	memset(word, 'x', sizeof(word));
	word[sizeof(c.kick.reason) - 1] = '\0';
	snprintf(line, sizeof(line), "kick F %s", word);
	CHECK(parse(line) == 0);
	CHECK(strcmp(c.kick.reason, word) == 0);
	snprintf(line, sizeof(line), "kick F %sx", word);
	CHECK(parse(line) == -1);
	snprintf(line, sizeof(line), "kick F %s x", word);
	CHECK(parse(line) == -1);

	memset(word, 'x', sizeof(word));
	word[303] = '\0';
	snprintf(line, sizeof(line), "dial %s", word);
	CHECK(parse(line) == 0);
	CHECK(strcmp(c.neighbour, word) == 0);
	snprintf(line, sizeof(line), "dial %sx", word);
	CHECK(parse(line) == -1);
	snprintf(line, sizeof(line), "drop %sx", word);
	CHECK(parse(line) == -1);
}

static void
test_file(void)
{
	CHECK(parse("check show") == 0);
	CHECK(strcmp(c.file, "show") == 0);
	CHECK(parse("genkey -j") == 0);
	CHECK(strcmp(c.file, "-j") == 0);
}

int
main(void)
{
	RUN(test_commands);
	RUN(test_abbreviations);
	RUN(test_clients);
	RUN(test_kick);
	RUN(test_neighbour);
	RUN(test_missing);
	RUN(test_too_many);
	RUN(test_lengths);
	RUN(test_file);
	return (test_done());
}
