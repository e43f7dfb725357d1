/*
 * Reads commands: a table for each place in a command line lists the words
 * that may stand there.  Abbreviations, help and errors all come from the
 * tables.
 */

#include "compat.h"

#include <err.h>
#include <string.h>

#include "parser.h"

enum token_type {
	TOKEN_NONE,		/* ends a table */
	TOKEN_END,		/* the command may end here */
	TOKEN_KEYWORD,
	TOKEN_FINGERPRINT,
	TOKEN_REASON,		/* all words that are left */
	TOKEN_NAME,		/* a neighbour's */
	TOKEN_FILE
};

struct token {
	enum token_type		 type;
	const char		*word;		/* as typed, or as help names it */
	enum action		 action;	/* ACTION_NONE: stays what it is */
	int			 value;		/* of local|all, verbose|brief */
	const struct token	*next;		/* NULL: nothing follows */
	const char		*help;
};

#define END		{ TOKEN_END, NULL, ACTION_NONE, 0, NULL, NULL }
#define NONE		{ TOKEN_NONE, NULL, ACTION_NONE, 0, NULL, NULL }

static const struct token t_client[] = {
	{ TOKEN_FINGERPRINT, "FINGERPRINT", ACTION_NONE, 0, NULL,
	    "this user only" },
	END,
	NONE
};

static const struct token t_clients[] = {
	{ TOKEN_KEYWORD, "local", ACTION_NONE, 0, t_client,
	    "this server's (the default)" },
	{ TOKEN_KEYWORD, "all", ACTION_NONE, 1, t_client,
	    "neighbours' users too" },
	{ TOKEN_FINGERPRINT, "FINGERPRINT", ACTION_NONE, 0, NULL,
	    "this user only" },
	END,
	NONE
};

static const struct token t_show[] = {
	{ TOKEN_KEYWORD, "clients", ACTION_SHOW_CLIENTS, 0, t_clients,
	    "who is connected" },
	{ TOKEN_KEYWORD, "neighbours", ACTION_SHOW_NEIGHBOURS, 0, NULL,
	    "other servers, and how the links to them are" },
	{ TOKEN_KEYWORD, "files", ACTION_SHOW_FILES, 0, NULL,
	    "how much is stored, and what is being uploaded" },
	{ TOKEN_KEYWORD, "stats", ACTION_SHOW_STATS, 0, NULL,
	    "every counter" },
	{ TOKEN_KEYWORD, "metrics", ACTION_SHOW_METRICS, 0, NULL,
	    "every counter, as OpenMetrics text" },
	{ TOKEN_KEYWORD, "sandbox", ACTION_SHOW_SANDBOX, 0, NULL,
	    "what each process is confined to" },
	END,
	NONE
};

static const struct token t_reason[] = {
	{ TOKEN_REASON, "REASON", ACTION_NONE, 0, NULL,
	    "what the user is told" },
	END,
	NONE
};

static const struct token t_kick[] = {
	{ TOKEN_FINGERPRINT, "FINGERPRINT", ACTION_NONE, 0, t_reason,
	    "which user" },
	NONE
};

static const struct token t_name[] = {
	{ TOKEN_NAME, "NAME", ACTION_NONE, 0, NULL, "the neighbour's address" },
	NONE
};

static const struct token t_log[] = {
	{ TOKEN_KEYWORD, "verbose", ACTION_NONE, 1, NULL, "log more" },
	{ TOKEN_KEYWORD, "brief", ACTION_NONE, 0, NULL, "log what matters" },
	NONE
};

static const struct token t_file[] = {
	{ TOKEN_FILE, "FILE", ACTION_NONE, 0, NULL, "its name" },
	NONE
};

static const struct token t_commands[] = {
	{ TOKEN_KEYWORD, "show", ACTION_SHOW, 0, t_show,
	    "a summary, and the processes" },
	{ TOKEN_KEYWORD, "monitor", ACTION_MONITOR, 0, NULL,
	    "what happens, a line each, until ^C" },
	{ TOKEN_KEYWORD, "kick", ACTION_KICK, 0, t_kick,
	    "close a user's connection" },
	{ TOKEN_KEYWORD, "dial", ACTION_DIAL, 0, t_name,
	    "dial a neighbour now" },
	{ TOKEN_KEYWORD, "drop", ACTION_DROP, 0, t_name,
	    "close the links to a neighbour, until dial" },
	{ TOKEN_KEYWORD, "log", ACTION_LOG, 0, t_log,
	    "change what is logged" },
	{ TOKEN_KEYWORD, "reload", ACTION_RELOAD, 0, NULL,
	    "read the configuration again" },
	{ TOKEN_KEYWORD, "stop", ACTION_STOP, 0, NULL,
	    "stop olafd, and wait until it is gone" },
	{ TOKEN_KEYWORD, "check", ACTION_CHECK, 0, t_file,
	    "check a configuration file" },
	{ TOKEN_KEYWORD, "fingerprint", ACTION_FINGERPRINT, 0, t_file,
	    "fingerprint of a key, private or public" },
	{ TOKEN_KEYWORD, "genkey", ACTION_GENKEY, 0, t_file,
	    "make a key, and FILE.pub to give away" },
	{ TOKEN_KEYWORD, "help", ACTION_HELP, 0, NULL, "this list" },
	NONE
};

/*
 * The token that the word stands for: a keyword or the only one that begins
 * so, or else a value.  NULL if there is none; *ambiguous tells whether there
 * were several.
 */
static const struct token *
find_word(const struct token *table, const char *word, int *ambiguous)
{
	const struct token	*t, *begun = NULL, *value = NULL;

	*ambiguous = 0;
	for (t = table; t->type != TOKEN_NONE; t++) {
		if (t->type == TOKEN_END)
			continue;
		if (t->type != TOKEN_KEYWORD) {
			value = t;
			continue;
		}
		if (strcmp(t->word, word) == 0)
			return (t);
		if (*word != '\0' &&
		    strncmp(t->word, word, strlen(word)) == 0) {
			*ambiguous = begun != NULL;
			begun = t;
		}
	}
	if (*ambiguous)
		return (NULL);
	return (begun != NULL ? begun : value);
}

static int
may_end(const struct token *table)
{
	const struct token	*t;

	for (t = table; t->type != TOKEN_NONE; t++)
		if (t->type == TOKEN_END)
			return (1);
	return (0);
}

static int
has_keywords(const struct token *table)
{
	return (table->type == TOKEN_KEYWORD);
}

/* A word and the values that follow it: "kick FINGERPRINT [REASON]". */
static void
format_syntax(const struct token *t, char *text, size_t size)
{
	const struct token	*table;

	strlcpy(text, t->word, size);
	for (table = t->next; table != NULL && !has_keywords(table);
	    table = table->next) {
		strlcat(text, may_end(table) ? " [" : " ", size);
		strlcat(text, table->word, size);
		strlcat(text, may_end(table) ? "]" : "", size);
	}
}

/* Lists a table's words; if deep, those that may follow them too. */
static void
print_words(FILE *f, const struct token *table, int depth, int deep)
{
	const struct token	*t;
	char			 syntax[64];

	for (t = table; t->type != TOKEN_NONE; t++) {
		if (t->type == TOKEN_END)
			continue;
		format_syntax(t, syntax, sizeof(syntax));
		fprintf(f, "%*s%-*s%s\n", depth * 2, "", 28 - depth * 2,
		    syntax, t->help);
		if (deep && t->next != NULL && has_keywords(t->next))
			print_words(f, t->next, depth + 1, deep);
	}
}

static int
parse_error(const struct token *table, const char *what, const char *word)
{
	if (word != NULL)
		warnx("%s: %s", what, word);
	else
		warnx("%s", what);
	if (table != NULL) {
		fprintf(stderr, "valid here:\n");
		print_words(stderr, table, 1, 0);
	}
	return (-1);
}

static int
copy_fingerprint(struct command *c, const char *word)
{
	char	*dst = c->clients.fingerprint;

	if (c->action == ACTION_KICK)
		dst = c->kick.fingerprint;
	if (*word == '\0' || strlcpy(dst, word, MSG_FP_MAX) >= MSG_FP_MAX)
		return (parse_error(NULL, "no fingerprint", word));
	return (0);
}

static int
copy_neighbour(struct command *c, const char *word)
{
	size_t	 size = sizeof(c->neighbour);

	if (*word == '\0' || strlcpy(c->neighbour, word, size) >= size)
		return (parse_error(NULL, "no neighbour's name", word));
	return (0);
}

static int
add_reason(struct command *c, const char *word)
{
	char	*reason = c->kick.reason;
	size_t	 size = sizeof(c->kick.reason);

	if ((*reason != '\0' && strlcat(reason, " ", size) >= size) ||
	    strlcat(reason, word, size) >= size)
		return (parse_error(NULL, "reason too long", NULL));
	return (0);
}

/* Notes what a word says. */
static int
take_word(struct command *c, const struct token *t, const char *word)
{
	if (t->action != ACTION_NONE)
		c->action = t->action;
	switch (t->type) {
	case TOKEN_FINGERPRINT:
		return (copy_fingerprint(c, word));
	case TOKEN_REASON:
		return (add_reason(c, word));
	case TOKEN_NAME:
		return (copy_neighbour(c, word));
	case TOKEN_FILE:
		c->file = word;
		return (0);
	case TOKEN_KEYWORD:
		if (c->action == ACTION_SHOW_CLIENTS)
			c->clients.all = t->value;
		else if (c->action == ACTION_LOG)
			c->verbose = t->value;
		return (0);
	case TOKEN_NONE:
	case TOKEN_END:
	default:
		return (-1);
	}
}

int
parse_command(struct command *c, int argc, char *const *argv)
{
	const struct token	*table = t_commands, *t;
	int			 ambiguous, i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < argc; i++) {
		if (table == NULL)
			return (parse_error(NULL, "too many words", argv[i]));
		t = find_word(table, argv[i], &ambiguous);
		if (t == NULL)
			return (parse_error(table, ambiguous ?
			    "ambiguous word" : "unknown word", argv[i]));
		if (take_word(c, t, argv[i]) == -1)
			return (-1);
		if (t->type != TOKEN_REASON)
			table = t->next;
	}
	if (table != NULL && !may_end(table))
		return (parse_error(table, "word missing", NULL));
	return (0);
}

void
parse_help(FILE *f)
{
	print_words(f, t_commands, 0, 1);
}
