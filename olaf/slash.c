/*
 * The commands of the chat screen, from a table: abbreviation, help, errors and
 * completion all come from it.
 */

#include "compat.h"

#include <stdio.h>
#include <string.h>

#include "slash.h"

#define NONE	SLASH_ARG_NONE
#define WHO	SLASH_ARG_WHO

const struct slash	 slash_commands[] = {
	{ SLASH_CANCEL, "cancel", "",
	    "stop the files on their way", 0, 0, 0, NONE, NONE },
	{ SLASH_CLEAR, "clear", "",
	    "empty this window", 0, 0, 0, NONE, NONE },
	{ SLASH_CLOSE, "close", "",
	    "close this conversation", 0, 0, 0, NONE, NONE },
	{ SLASH_FINGERPRINT, "fingerprint", "[WHO]",
	    "yours or theirs, also as digits", 1, 0, 0, WHO, NONE },
	{ SLASH_GROUP, "group", "WHO,WHO,... [TEXT]",
	    "talk with several", 1, 1, 1, SLASH_ARG_WHOS, WHO },
	{ SLASH_HELP, "help", "[COMMAND]",
	    "this list", 1, 0, 0, SLASH_ARG_COMMAND, NONE },
	{ SLASH_MSG, "msg", "WHO [TEXT]",
	    "talk with one in private", 1, 1, 1, WHO, WHO },
	{ SLASH_NAME, "name", "WHO NAME",
	    "give somebody a name", 2, 2, 0, WHO, NONE },
	{ SLASH_PUBLIC, "public", "",
	    "go to the public window", 0, 0, 0, NONE, NONE },
	{ SLASH_QUIT, "quit", "",
	    "leave", 0, 0, 0, NONE, NONE },
	{ SLASH_RECONNECT, "reconnect", "",
	    "try to connect now", 0, 0, 0, NONE, NONE },
	{ SLASH_SAVE, "save", "[N|URL] [FILE]",
	    "download the Nth-latest file", 1, 0, 1,
	    SLASH_ARG_FILE, SLASH_ARG_FILE },
	{ SLASH_SEND, "send", "FILE",
	    "upload it, tell those here", 0, 1, 1,
	    SLASH_ARG_FILE, SLASH_ARG_FILE },
	{ SLASH_USERS, "users", "",
	    "show or hide who is online", 0, 0, 0, NONE, NONE },
	{ SLASH_HELP, NULL, NULL, NULL, 0, 0, 0, NONE, NONE }
};

static const char *
skip_blanks(const char *p)
{
	return (p + strspn(p, " \t"));
}

static size_t
word_len(const char *p)
{
	return (strcspn(p, " \t\n"));
}

const char *
slash_text(const char *line)
{
	if (line[0] != '/')
		return (line);
	return (line[1] == '/' ? line + 1 : NULL);
}

const struct slash *
slash_find(const char *name, size_t len, int *ambiguous)
{
	const struct slash	*s, *found = NULL;
	int			 n = 0;

	*ambiguous = 0;
	for (s = slash_commands; s->name != NULL; s++) {
		if (strncasecmp(s->name, name, len) != 0)
			continue;
		if (s->name[len] == '\0')
			return (s);
		found = s;
		n++;
	}
	*ambiguous = n > 1 && len > 0;
	return (n == 1 && len > 0 ? found : NULL);
}

/* Copies the words before the text; returns what follows them, NULL: too long. */
static const char *
read_words(struct slash_line *l, const char *p)
{
	size_t	 n;

	for (; l->nwords < l->slash->words; p = skip_blanks(p + n)) {
		if ((n = word_len(p)) == 0)
			break;
		if (n >= SLASH_WORD_MAX)
			return (NULL);
		memcpy(l->word[l->nwords], p, n);
		l->word[l->nwords++][n] = '\0';
	}
	return (p);
}

static int
wrong(char why[SLASH_WHY_MAX], const char *what, const char *name, size_t len)
{
	snprintf(why, SLASH_WHY_MAX, "%s /%.*s; see /help", what,
	    (int)(len < 32 ? len : 32), name);
	return (-1);
}

int
slash_read(const char *line, struct slash_line *l, char why[SLASH_WHY_MAX])
{
	const char	*name = line + 1, *p;
	size_t		 len = word_len(name);
	int		 ambiguous;

	l->nwords = 0;
	if ((l->slash = slash_find(name, len, &ambiguous)) == NULL)
		return (wrong(why, ambiguous ? "several commands begin with" :
		    "there is no command", name, len));
	if ((p = read_words(l, skip_blanks(name + len))) == NULL)
		return (wrong(why, "too long a word for", name, len));
	if (l->nwords + (l->slash->has_text && *p != '\0') < l->slash->needs ||
	    (!l->slash->has_text && *p != '\0')) {
		snprintf(why, SLASH_WHY_MAX, "it is /%s %s", l->slash->name,
		    l->slash->arguments);
		return (-1);
	}
	l->text = p;
	return (0);
}

/* Which argument, that begins at *p, the cursor is in; it is behind the name. */
static enum slash_argument
argument_at(const struct slash *s, const char **p, const char *cursor)
{
	size_t	 n, words;

	for (words = 0; words < s->words; words++) {
		n = word_len(*p);
		if (*p + n >= cursor)
			return (words == 0 ? s->first : NONE);
		*p = skip_blanks(*p + n);
	}
	return (s->has_text ? s->last : NONE);
}

enum slash_argument
slash_argument(const char *line, size_t cursor, size_t *begin)
{
	const struct slash	*s;
	const char		*end = line + cursor, *p;
	enum slash_argument	 what;
	size_t			 n = word_len(line);
	int			 ambiguous;

	*begin = cursor;
	while (*begin > 0 && strchr(" \t\n", line[*begin - 1]) == NULL)
		(*begin)--;
	if (slash_text(line) != NULL)
		return (WHO);
	if (line + n >= end)
		return (SLASH_ARG_COMMAND);
	if ((s = slash_find(line + 1, n - 1, &ambiguous)) == NULL)
		return (NONE);
	p = skip_blanks(line + n);
	what = argument_at(s, &p, end);
	if (what == SLASH_ARG_FILE)	/* with blanks in it */
		*begin = p < end ? (size_t)(p - line) : cursor;
	while (what == SLASH_ARG_WHOS && memchr(line + *begin, ',',
	    cursor - *begin) != NULL)
		(*begin)++;
	return (what);
}
