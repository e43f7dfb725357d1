/*
 * The line in which people type.  What stands in it is valid UTF-8 without
 * characters that must not reach a terminal, but newlines and tabs.
 */

#ifndef EDITOR_H
#define EDITOR_H

#include <stddef.h>

#include "history.h"

#define EDITOR_MAX	32768	/* octets, with NUL */

struct editor {
	char		 text[EDITOR_MAX];	/* NUL at its end */
	size_t		 len;
	size_t		 cursor;		/* octets before it */
	size_t		 left;			/* octets scrolled out */
	char		*killed;		/* to yank */
	size_t		 killed_len;		/* len and cursor as the kill left */
	size_t		 killed_cursor;		/* them: if so still, it goes on */
	struct history	 history;
};

/* Inserts before the cursor.  Returns -1 if not all of it fits: then nothing. */
int	 editor_insert(struct editor *, const char *text, size_t len);

void	 editor_left(struct editor *);
void	 editor_right(struct editor *);
void	 editor_word_left(struct editor *);
void	 editor_word_right(struct editor *);
void	 editor_home(struct editor *);
void	 editor_end(struct editor *);

void	 editor_backspace(struct editor *);
void	 editor_delete(struct editor *);
/*
 * Cut to the end, to the beginning, the word before; and paste what was cut: all
 * of it, if it was cut in several steps.
 */
void	 editor_kill_end(struct editor *);
void	 editor_kill_begin(struct editor *);
void	 editor_kill_word(struct editor *);
void	 editor_yank(struct editor *);

/* Earlier lines; what was not sent yet is kept, and comes back. */
void	 editor_up(struct editor *);
void	 editor_down(struct editor *);

/* Takes another text; the cursor is at its end. */
void	 editor_set(struct editor *, const char *text);

/* It was sent: remembers it and begins anew. */
void	 editor_done(struct editor *);

/*
 * How it is shown in so many columns (at least 2): the text from left on, and
 * the cursor's column, which is returned.
 */
int	 editor_view(struct editor *, int columns);

void	 editor_clear(struct editor *);

#endif
