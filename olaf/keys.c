/*
 * What the keys mean: Emacs' and the shell's, as most people have them in their
 * fingers.
 */

#include "compat.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <string.h>

#include "glyph.h"
#include "keys.h"
#include "utf8.h"

#define CTRL(c)		((c) & 0x1f)
#define ESCAPE		0x1b
#define DELETE		0x7f

/* Keys that terminals send around what is pasted. */
#define PASTE_BEGIN	(KEY_MAX + 1)
#define PASTE_END	(KEY_MAX + 2)

struct meaning {
	wint_t		 key;
	enum action	 action;
};

static const struct meaning characters[] = {
	{ CTRL('a'),	ACTION_HOME },
	{ CTRL('b'),	ACTION_LEFT },
	{ CTRL('c'),	ACTION_INTERRUPT },
	{ CTRL('d'),	ACTION_DELETE_OR_QUIT },
	{ CTRL('e'),	ACTION_END },
	{ CTRL('f'),	ACTION_RIGHT },
	{ CTRL('h'),	ACTION_BACKSPACE },
	{ CTRL('i'),	ACTION_COMPLETE },
	{ CTRL('j'),	ACTION_ENTER },
	{ CTRL('k'),	ACTION_KILL_END },
	{ CTRL('l'),	ACTION_REDRAW },
	{ CTRL('m'),	ACTION_ENTER },
	{ CTRL('n'),	ACTION_NEXT },
	{ CTRL('p'),	ACTION_PREVIOUS },
	{ CTRL('u'),	ACTION_KILL_BEGIN },
	{ CTRL('w'),	ACTION_KILL_WORD },
	{ CTRL('y'),	ACTION_YANK },
	{ DELETE,	ACTION_BACKSPACE },
};

static const struct meaning function_keys[] = {
	{ KEY_BACKSPACE, ACTION_BACKSPACE },
	{ KEY_DC,	ACTION_DELETE },
	{ KEY_DOWN,	ACTION_DOWN },
	{ KEY_END,	ACTION_END },
	{ KEY_ENTER,	ACTION_ENTER },
	{ KEY_HOME,	ACTION_HOME },
	{ KEY_LEFT,	ACTION_LEFT },
	{ KEY_NPAGE,	ACTION_PAGE_DOWN },
	{ KEY_PPAGE,	ACTION_PAGE_UP },
	{ KEY_RIGHT,	ACTION_RIGHT },
	{ KEY_SLEFT,	ACTION_WORD_LEFT },
	{ KEY_SRIGHT,	ACTION_WORD_RIGHT },
	{ KEY_UP,	ACTION_UP },
};

static const struct meaning with_alt[] = {
	{ 'b',		ACTION_WORD_LEFT },
	{ 'f',		ACTION_WORD_RIGHT },
	{ DELETE,	ACTION_KILL_WORD },
	{ CTRL('h'),	ACTION_KILL_WORD },
};

static int	 pasting;	/* between the marks of pasted text */
static int	 was_return;	/* in it: a newline that follows is the same */
static int	 alt;		/* escape came, which Alt sends before the key */

void
keys_init(void)
{
	define_key("\033[200~", PASTE_BEGIN);
	define_key("\033[201~", PASTE_END);
}

static enum action
find(const struct meaning *table, size_t n, wint_t key)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		if (table[i].key == key)
			return (table[i].action);
	return (ACTION_NONE);
}

static void
insert(struct key_press *k, uint32_t c)
{
	k->action = ACTION_INSERT;
	k->len = utf8_put(k->text, c);
	k->text[k->len] = '\0';
}

/* Lines of what is pasted end as the terminal likes. */
static void
pasted(struct key_press *k, wint_t c)
{
	if (c == '\r' || (c == '\n' && !was_return))
		insert(k, '\n');
	else if (c != '\n')
		insert(k, c);
	was_return = c == '\r';
}

static void
pressed_with_alt(struct key_press *k, wint_t c)
{
	if (c >= '1' && c <= '9') {
		k->action = ACTION_GO;
		k->number = c - '0';
	} else if (c == '\r' || c == '\n')
		insert(k, '\n');
	else
		k->action = find(with_alt, nitems(with_alt), c);
}

static void
pressed(struct key_press *k, wint_t c)
{
	if (c == ESCAPE)
		alt = 1;
	else if (c >= ' ' && c != DELETE)
		insert(k, c);
	else
		k->action = find(characters, nitems(characters), c);
}

int
keys_next(struct key_press *k)
{
	wint_t	 c;
	int	 result;

	memset(k, 0, sizeof(*k));
	if ((result = get_wch(&c)) == ERR)
		return (0);
	if (result == KEY_CODE_YES) {
		alt = 0;
		if (c == PASTE_BEGIN || c == PASTE_END)
			pasting = c == PASTE_BEGIN;
		else
			k->action = find(function_keys, nitems(function_keys), c);
	} else if (pasting)
		pasted(k, c);
	else if (alt) {
		alt = 0;
		pressed_with_alt(k, c);
	} else
		pressed(k, c);
	return (1);
}
