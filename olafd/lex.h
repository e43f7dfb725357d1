/*
 * Words, strings, macros and nested files of olafd.conf(5), from text to
 * tokens. Pure: whoever parses reads the files and hands in their text.
 */

#ifndef LEX_H
#define LEX_H

#include <stddef.h>

#define LEX_WORD_MAX	4096		/* with NUL; macros' values too */
#define LEX_FILES_MAX	100		/* pushed in all, so that loops end */
#define LEX_TEXT_MAX	(4 << 20)	/* octets, of all words */

enum lex_type {
	LEX_END,		/* of the first file, for ever after */
	LEX_NEWLINE,		/* also at the end of each file */
	LEX_OPEN,		/* { */
	LEX_CLOSE,		/* } */
	LEX_EQUALS,		/* = */
	LEX_MACRO,		/* a name with the = behind it */
	LEX_WORD,		/* not quoted */
	LEX_STRING,		/* quoted */
	LEX_ERROR		/* text says what is wrong */
};

struct lex_token {
	enum lex_type	 type;
	const char	*text;	/* valid until lex_free; may be "" */
	const char	*file;	/* as given to lex_push */
	int		 line;
};

struct lex;

/* Returns NULL when out of memory. */
struct lex	*lex_new(void);
void		 lex_free(struct lex *);

/*
 * Reads on in a copy of that text, and then where it was.  The file's name is
 * kept by pointer.  Returns 0, or -1 with errno ENOMEM or, beyond
 * LEX_FILES_MAX, EMFILE.
 */
int		 lex_push(struct lex *, const char *file, const char *text,
		    size_t len);

/*
 * Defines a macro, or again; one that is final stays what it is, which is no
 * error.  Returns 0, or -1 with errno EINVAL (a name that is none, a control
 * character in the value), ENAMETOOLONG or ENOMEM.
 */
int		 lex_define(struct lex *, const char *name, const char *value,
		    int final);

/* After LEX_ERROR the next call reads on behind what was wrong. */
void		 lex_next(struct lex *, struct lex_token *);

#endif
