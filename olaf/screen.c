/*
 * The terminal.
 */

#include "compat.h"

#include <sys/ioctl.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "glyph.h"
#include "keys.h"
#include "screen.h"

#define ESCAPE_MS	50	/* so soon the rest of a key's sequence comes */

#define PASTE_ON	"\033[?2004h"	/* marks around what is pasted */
#define PASTE_OFF	"\033[?2004l"

static SCREEN		*terminal;
static int		 running;
static int		 coloured;

/* Pairs of colours; the rest of a terminal's are hard to read on some. */
static const short	 user_colours[] = {
	COLOR_CYAN, COLOR_GREEN, COLOR_YELLOW, COLOR_MAGENTA
};
#define PAIR_USER	1
#define PAIR_WARNING	(PAIR_USER + (short)nitems(user_colours))

/* Marks that go past curses must come in order with what it writes. */
static void
write_mark(const char *mark)
{
	fputs(mark, stdout);
	fflush(stdout);
}

static void
start_colours(void)
{
	const char	*no = getenv("NO_COLOR");
	short		 i;

	if ((no != NULL && *no != '\0') || !has_colors() || start_color() == ERR)
		return;
	use_default_colors();
	for (i = 0; i < (short)nitems(user_colours); i++)
		init_pair(PAIR_USER + i, user_colours[i], -1);
	init_pair(PAIR_WARNING, COLOR_RED, -1);
	coloured = 1;
}

/*
 * Each key comes as it is pressed, ^C, ^S and ^Q too; but ^Z stops all processes
 * of ours, as the kernel does it.
 */
static void
start_keys(void)
{
	struct termios	 t;

	cbreak();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	if (tcgetattr(STDIN_FILENO, &t) == 0) {
		t.c_cc[VINTR] = t.c_cc[VQUIT] = _POSIX_VDISABLE;
		t.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
		t.c_lflag &= ~(tcflag_t)IEXTEN;
		tcsetattr(STDIN_FILENO, TCSANOW, &t);
	}
	def_prog_mode();
	keys_init();
	write_mark(PASTE_ON);
}

int
screen_is_terminal(void)
{
	return (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
}

int
screen_start(const char **why)
{
	const char	*up;

	if ((terminal = newterm(NULL, stdout, stdin)) == NULL) {
		*why = "TERM names no terminal that is known here";
		return (-1);
	}
	up = tigetstr("cup");
	if (up == NULL || up == (char *)-1) {
		endwin();
		*why = "this terminal cannot move its cursor";
		return (-1);
	}
	glyph_utf8(strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
	running = 1;
	start_colours();
	start_keys();
	return (0);
}

void
screen_end(void)
{
	if (!running)
		return;
	running = 0;
	write_mark(PASTE_OFF);
	endwin();
}

void
screen_suspend(void)
{
	write_mark(PASTE_OFF);
	endwin();
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);		/* returns when we go on */
	write_mark(PASTE_ON);
	screen_resize();
	screen_redraw();
}

void
screen_resize(void)
{
	struct winsize	 ws;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == -1 || ws.ws_row == 0 ||
	    ws.ws_col == 0)
		return;
	resizeterm(ws.ws_row, ws.ws_col);
	erase();
}

void
screen_redraw(void)
{
	clearok(curscr, TRUE);
}

int
screen_user_colour(const uint8_t *id)
{
	size_t	 n = nitems(user_colours);

	if (!coloured)
		return (A_BOLD);
	return ((int)(COLOR_PAIR(PAIR_USER + (short)(id[0] % n)) |
	    (id[1] & 1 ? A_BOLD : 0)));
}

int
screen_warning(void)
{
	return ((int)(coloured ? COLOR_PAIR(PAIR_WARNING) | A_BOLD : A_BOLD));
}
