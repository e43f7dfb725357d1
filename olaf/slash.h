/*
 * The commands of the chat screen, which begin with a slash.
 */

#ifndef SLASH_H
#define SLASH_H

#include <stddef.h>

#define SLASH_WORD_MAX	4200	/* octets of a word, with NUL: a URL too */
#define SLASH_WHY_MAX	128

enum slash_command {
	SLASH_CANCEL,
	SLASH_CLEAR,
	SLASH_CLOSE,
	SLASH_FINGERPRINT,
	SLASH_GROUP,
	SLASH_HELP,
	SLASH_MSG,
	SLASH_NAME,
	SLASH_PUBLIC,
	SLASH_QUIT,
	SLASH_RECONNECT,
	SLASH_SAVE,
	SLASH_SEND,
	SLASH_USERS
};

/* What the argument before the cursor is, for completion. */
enum slash_argument {
	SLASH_ARG_NONE,
	SLASH_ARG_COMMAND,
	SLASH_ARG_WHO,
	SLASH_ARG_WHOS,		/* several, with commas between */
	SLASH_ARG_FILE
};

struct slash {
	enum slash_command	 command;
	const char		*name;		/* without the slash */
	const char		*arguments;	/* as help shows them */
	const char		*help;
	size_t			 words;		/* single words before the text */
	size_t			 needs;		/* so many of words and text */
	int			 has_text;	/* the rest of the line */
	enum slash_argument	 first;		/* word or text */
	enum slash_argument	 last;		/* text behind words */
};

/* In order of name; a NULL name ends them. */
extern const struct slash	 slash_commands[];

struct slash_line {
	const struct slash	*slash;
	char			 word[2][SLASH_WORD_MAX];
	size_t			 nwords;
	const char		*text;		/* in the line; "": none */
};

/*
 * Reads a command from a line that begins with a slash; its name may be
 * abbreviated.  Returns 0, or -1 with why, for people.
 */
int	 slash_read(const char *line, struct slash_line *, char why[SLASH_WHY_MAX]);

/* The command of that name or what begins one only, or NULL. */
const struct slash *slash_find(const char *name, size_t len, int *ambiguous);

/* Is a line a text, and where does it begin?  A doubled slash stands for one. */
const char *slash_text(const char *line);

/* What the word is that ends at the cursor, and where it begins. */
enum slash_argument slash_argument(const char *line, size_t cursor, size_t *begin);

#endif
