/*
 * The lexer of olafd.conf(5).  A stack of sources, files and the values of
 * macros within them, yields characters; from these come tokens.  What is
 * between quotes is one string; elsewhere # starts a comment, $name is
 * replaced, and a backslash at the end of a line joins the next one to it,
 * comments included.
 */

#include "compat.h"

#include <sys/queue.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lex.h"

#define END_OF_SOURCE	(-1)

struct lex_source {
	SLIST_ENTRY(lex_source)	 entry;
	const char		*file;
	char			*text;
	size_t			 len;
	size_t			 pos;
	int			 line;
	int			 macro;		/* a value, no file */
	int			 ended;		/* gave its last newline */
};

struct lex_macro {
	SLIST_ENTRY(lex_macro)	 entry;
	char			*name;
	char			*value;
	int			 final;
};

/* The text of a token: all are kept until the end, so that nobody owns one. */
struct lex_text {
	SLIST_ENTRY(lex_text)	 entry;
	char			 text[];
};

struct lex {
	SLIST_HEAD(, lex_source) sources;
	SLIST_HEAD(, lex_macro)	 macros;
	SLIST_HEAD(, lex_text)	 texts;
	size_t			 textlen;
	int			 files;
	size_t			 len;		/* of buf */
	char			 buf[LEX_WORD_MAX];
};

static void	lex_fail(struct lex *, struct lex_token *, const char *, ...)
		    __attribute__((__format__(printf, 3, 4)));

struct lex *
lex_new(void)
{
	return (calloc(1, sizeof(struct lex)));
}

static void
source_pop(struct lex *l)
{
	struct lex_source *s = SLIST_FIRST(&l->sources);

	SLIST_REMOVE_HEAD(&l->sources, entry);
	free(s->text);
	free(s);
}

static void
macro_free(struct lex_macro *m)
{
	if (m == NULL)
		return;
	free(m->name);
	free(m->value);
	free(m);
}

void
lex_free(struct lex *l)
{
	struct lex_macro	*m;
	struct lex_text		*t;

	if (l == NULL)
		return;
	while (!SLIST_EMPTY(&l->sources))
		source_pop(l);
	while ((m = SLIST_FIRST(&l->macros)) != NULL) {
		SLIST_REMOVE_HEAD(&l->macros, entry);
		macro_free(m);
	}
	while ((t = SLIST_FIRST(&l->texts)) != NULL) {
		SLIST_REMOVE_HEAD(&l->texts, entry);
		free(t);
	}
	free(l);
}

static struct lex_source *
source_push(struct lex *l, const char *file, const char *text, size_t len)
{
	struct lex_source *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	if ((s->text = malloc(len + 1)) == NULL) {
		free(s);
		return (NULL);
	}
	memcpy(s->text, text, len);
	s->text[len] = '\0';
	s->len = len;
	s->file = file;
	s->line = 1;
	SLIST_INSERT_HEAD(&l->sources, s, entry);
	return (s);
}

int
lex_push(struct lex *l, const char *file, const char *text, size_t len)
{
	if (l->files == LEX_FILES_MAX) {
		errno = EMFILE;
		return (-1);
	}
	if (source_push(l, file, text, len) == NULL)
		return (-1);
	l->files++;
	return (0);
}

/*
 * The next character, not yet taken; END_OF_SOURCE at a file's end.  A macro's
 * end is none: what follows it may belong to the same word.
 */
static int
peek(struct lex *l)
{
	struct lex_source *s = SLIST_FIRST(&l->sources);

	while (s->macro && s->pos == s->len) {
		source_pop(l);
		s = SLIST_FIRST(&l->sources);
	}
	while (s->len - s->pos >= 2 &&
	    memcmp(s->text + s->pos, "\\\n", 2) == 0) {
		s->pos += 2;
		s->line++;
	}
	if (s->pos == s->len)
		return (END_OF_SOURCE);
	return ((unsigned char)s->text[s->pos]);
}

/* Takes the character that peek showed. */
static void
take(struct lex *l)
{
	struct lex_source *s = SLIST_FIRST(&l->sources);

	if (s->text[s->pos++] == '\n')
		s->line++;
}

static int
is_control(int c)
{
	return ((c < ' ' && c != '\t') || c == 0x7f);
}

static int
is_name(int c)
{
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_');
}

static int
is_word(int c)
{
	return (c > ' ' && c < 0x7f && strchr("{}=#\"'", c) == NULL);
}

/* Appends to buf; one too long is noticed when it is complete. */
static void
add(struct lex *l, int c)
{
	if (l->len < sizeof(l->buf))
		l->buf[l->len++] = (char)c;
}

/* Keeps what is in buf as the token's text. */
static void
finish(struct lex *l, struct lex_token *token, enum lex_type type)
{
	struct lex_text *t;

	token->type = type;
	if (l->len == sizeof(l->buf)) {
		token->type = LEX_ERROR;
		token->text = "a word is too long";
		return;
	}
	l->textlen += sizeof(*t) + l->len + 1;
	if (l->textlen > LEX_TEXT_MAX ||
	    (t = malloc(sizeof(*t) + l->len + 1)) == NULL) {
		token->type = LEX_ERROR;
		token->text = "too much text";
		return;
	}
	memcpy(t->text, l->buf, l->len);
	t->text[l->len] = '\0';
	SLIST_INSERT_HEAD(&l->texts, t, entry);
	token->text = t->text;
}

static void
lex_fail(struct lex *l, struct lex_token *token, const char *fmt, ...)
{
	va_list	ap;
	int	n;

	va_start(ap, fmt);
	n = vsnprintf(l->buf, sizeof(l->buf), fmt, ap);
	va_end(ap);
	l->len = n < 0 ? 0 : (size_t)n;
	if (l->len > sizeof(l->buf) - 1)
		l->len = sizeof(l->buf) - 1;
	finish(l, token, LEX_ERROR);
}

static struct lex_macro *
macro_find(struct lex *l, const char *name)
{
	struct lex_macro *m;

	SLIST_FOREACH(m, &l->macros, entry)
		if (strcmp(m->name, name) == 0)
			break;
	return (m);
}

/* Returns 0 or what errno is to be. */
static int
macro_check(const char *name, const char *value)
{
	const char *p;

	if (strlen(name) >= LEX_WORD_MAX || strlen(value) >= LEX_WORD_MAX)
		return (ENAMETOOLONG);
	if (*name == '\0')
		return (EINVAL);
	for (p = name; *p != '\0'; p++)
		if (!is_name((unsigned char)*p))
			return (EINVAL);
	for (p = value; *p != '\0'; p++)
		if (is_control((unsigned char)*p))
			return (EINVAL);
	return (0);
}

int
lex_define(struct lex *l, const char *name, const char *value, int final)
{
	struct lex_macro *m;

	if ((errno = macro_check(name, value)) != 0)
		return (-1);
	if ((m = macro_find(l, name)) != NULL) {
		if (m->final)
			return (0);
		SLIST_REMOVE(&l->macros, m, lex_macro, entry);
		macro_free(m);
	}
	if ((m = calloc(1, sizeof(*m))) == NULL ||
	    (m->name = strdup(name)) == NULL ||
	    (m->value = strdup(value)) == NULL) {
		macro_free(m);
		errno = ENOMEM;
		return (-1);
	}
	m->final = final;
	SLIST_INSERT_HEAD(&l->macros, m, entry);
	return (0);
}

static void
skip_blanks(struct lex *l)
{
	int c;

	while ((c = peek(l)) == ' ' || c == '\t')
		take(l);
}

/* Up to the newline, which still counts; within a macro up to its end. */
static void
skip_comment(struct lex *l)
{
	struct lex_source	*s = SLIST_FIRST(&l->sources);
	int			 c;

	if (s->macro) {
		s->pos = s->len;
		return;
	}
	while ((c = peek(l)) != '\n' && c != END_OF_SOURCE)
		take(l);
}

/*
 * Puts the macro's value before what follows its name.  Within a value a $
 * means nothing: it was replaced when the value was read.  Returns -1 with the
 * token an error.
 */
static int
expand(struct lex *l, struct lex_token *token)
{
	struct lex_macro	*m;
	struct lex_source	*s;
	char			 name[LEX_WORD_MAX];

	take(l);
	for (l->len = 0; is_name(peek(l)); take(l))
		add(l, peek(l));
	if (l->len == 0 || l->len == sizeof(l->buf)) {
		lex_fail(l, token, "$ without a macro's name");
		return (-1);
	}
	memcpy(name, l->buf, l->len);
	name[l->len] = '\0';
	if ((m = macro_find(l, name)) == NULL) {
		lex_fail(l, token, "macro \"%s\" is not defined", name);
		return (-1);
	}
	if ((s = source_push(l, token->file, m->value,
	    strlen(m->value))) == NULL) {
		lex_fail(l, token, "too much text");
		return (-1);
	}
	s->macro = 1;
	s->line = token->line;
	return (0);
}

/*
 * A backslash makes the quote, another backslash or a blank an ordinary
 * character.
 */
static void
read_string(struct lex *l, struct lex_token *token, int quote)
{
	int c;

	take(l);
	for (l->len = 0; (c = peek(l)) != quote; add(l, c)) {
		if (c == '\n' || c == END_OF_SOURCE) {
			lex_fail(l, token, "a string is not closed");
			return;
		}
		take(l);
		if (is_control(c)) {
			lex_fail(l, token, "a control character (0x%02x)", c);
			return;
		}
		if (c != '\\')
			continue;
		c = peek(l);
		if (c == quote || c == '\\' || c == ' ' || c == '\t')
			take(l);
		else
			c = '\\';
	}
	take(l);
	finish(l, token, LEX_STRING);
}

static void
read_word(struct lex *l, struct lex_token *token)
{
	for (l->len = 0; is_word(peek(l)); take(l))
		add(l, peek(l));
	skip_blanks(l);
	if (peek(l) == '=') {
		take(l);
		finish(l, token, LEX_MACRO);
	} else
		finish(l, token, LEX_WORD);
}

/* Returns 0 where the outer file goes on. */
static int
end_file(struct lex *l, struct lex_token *token)
{
	struct lex_source *s = SLIST_FIRST(&l->sources);

	if (!s->ended) {
		s->ended = 1;
		token->type = LEX_NEWLINE;
		return (1);
	}
	if (SLIST_NEXT(s, entry) == NULL) {
		token->type = LEX_END;
		return (1);
	}
	source_pop(l);
	return (0);
}

/*
 * Returns 0 if that was no token: a comment, a macro, the end of an inner
 * file.
 */
static int
read_token(struct lex *l, struct lex_token *token)
{
	int c;

	skip_blanks(l);
	c = peek(l);
	token->file = SLIST_FIRST(&l->sources)->file;
	token->line = SLIST_FIRST(&l->sources)->line;
	token->text = "";
	switch (c) {
	case END_OF_SOURCE:
		return (end_file(l, token));
	case '#':
		skip_comment(l);
		return (0);
	case '\n':
		token->type = LEX_NEWLINE;
		break;
	case '{':
		token->type = LEX_OPEN;
		token->text = "{";
		break;
	case '}':
		token->type = LEX_CLOSE;
		token->text = "}";
		break;
	case '=':
		token->type = LEX_EQUALS;
		token->text = "=";
		break;
	case '"':
	case '\'':
		read_string(l, token, c);
		return (1);
	default:
		if (c == '$' && !SLIST_FIRST(&l->sources)->macro)
			return (expand(l, token) == -1);
		if (is_word(c)) {
			read_word(l, token);
			return (1);
		}
		lex_fail(l, token, is_control(c) ? "a control character "
		    "(0x%02x)" : "a character (0x%02x) that needs quotes", c);
		break;
	}
	take(l);
	return (1);
}

void
lex_next(struct lex *l, struct lex_token *token)
{
	memset(token, 0, sizeof(*token));
	token->text = "";
	if (SLIST_EMPTY(&l->sources)) {
		token->file = "";
		return;
	}
	while (!read_token(l, token))
		continue;
}
