/*
 * What the keys mean.
 */

#ifndef KEYS_H
#define KEYS_H

#include <stddef.h>

enum action {
	ACTION_NONE,
	ACTION_INSERT,		/* text */
	ACTION_ENTER,
	ACTION_COMPLETE,
	ACTION_LEFT,
	ACTION_RIGHT,
	ACTION_WORD_LEFT,
	ACTION_WORD_RIGHT,
	ACTION_HOME,
	ACTION_END,
	ACTION_BACKSPACE,
	ACTION_DELETE,
	ACTION_KILL_END,
	ACTION_KILL_BEGIN,
	ACTION_KILL_WORD,
	ACTION_YANK,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_NEXT,		/* conversation */
	ACTION_PREVIOUS,
	ACTION_GO,		/* to conversation number */
	ACTION_REDRAW,
	ACTION_INTERRUPT,	/* ^C */
	ACTION_DELETE_OR_QUIT,	/* ^D */
	ACTION_MAX
};

struct key_press {
	enum action	 action;
	char		 text[8];	/* UTF-8, with NUL */
	size_t		 len;
	unsigned int	 number;
};

/* After the screen has started: teaches curses the marks of pasted text. */
void	 keys_init(void);

/*
 * The next key that was pressed.  Returns 0 if there is none.  What is pasted is
 * text whatever it holds: a newline in it sends nothing.
 */
int	 keys_next(struct key_press *);

#endif
