/*
 * Drawing: each part of the screen from what it shows.
 */

#ifndef DRAW_H
#define DRAW_H

#include <stddef.h>

#include "conversation.h"
#include "editor.h"

/* Where things are, by the window's size. */
struct layout {
	int	 rows;		/* of the window */
	int	 columns;
	int	 height;	/* rows of messages */
	int	 width;		/* columns of messages */
	int	 users;		/* columns of the list of users, 0: none */
};

/* Returns -1 if the window is too small for anything: then it says so. */
int	 draw_layout(struct layout *, int with_users);

/* Can the list of users be beside the messages at all? */
int	 draw_has_room(void);

void	 draw_title(const struct layout *, const char *left, const char *right);
void	 draw_lines(const struct layout *, struct conversation *);
void	 draw_users(const struct layout *);
/* hint: in the place of the conversations; right: beside them; or "". */
void	 draw_status(const struct layout *, const struct conversations *,
	    const char *hint, const char *right);
/* The cursor is left in it. */
void	 draw_input(const struct layout *, const char *prompt, struct editor *);
void	 draw_question(const struct layout *, const char *question,
	    const char *reply);

/* Sends what changed to the terminal. */
void	 draw_flush(void);

#endif
