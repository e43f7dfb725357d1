/*
 * The terminal: curses begins, pauses and ends.
 */

#ifndef SCREEN_H
#define SCREEN_H

#include <stdint.h>

#define SCREEN_ROWS_MIN		5
#define SCREEN_COLUMNS_MIN	20

/* Are both stdin and stdout one? */
int	 screen_is_terminal(void);

/* Returns 0, or -1 with why, for people, if this terminal cannot be used. */
int	 screen_start(const char **why);

/* Gives the terminal back; once more does no harm. */
void	 screen_end(void);

/* Stops this process, as ^Z asks, with the terminal given back meanwhile. */
void	 screen_suspend(void);

/* The window has another size; asks the terminal which. */
void	 screen_resize(void);

/* All is drawn anew, whatever is thought to be there. */
void	 screen_redraw(void);

/*
 * Attributes of curses: the colour of a user, the same for ever; and of what must
 * be noticed.  None if there are no colours, or they are not wanted.
 */
int	 screen_user_colour(const uint8_t *id);
int	 screen_warning(void);

#endif
