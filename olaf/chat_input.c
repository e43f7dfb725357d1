/*
 * What keys do in the chat screen.
 */

#include "compat.h"

#include <sys/stat.h>

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chat.h"
#include "complete.h"
#include "identity.h"
#include "screen.h"
#include "slash.h"
#include "view.h"

/* ---- Tab ------------------------------------------------------------------ */

static void
offer_commands(struct complete *c)
{
	const struct slash	*s;
	char			 word[32];

	for (s = slash_commands; s->name != NULL; s++) {
		snprintf(word, sizeof(word), "%s%s",
		    c->begun[0] == '/' ? "/" : "", s->name);
		complete_add(c, word);
	}
}

static void
offer_name(const char *name, const uint8_t digest[KEY_DIGEST_LEN], void *arg)
{
	if (memcmp(digest, identity_digest(), KEY_DIGEST_LEN) != 0)
		complete_add(arg, name);
}

/* Names, and the short fingerprints of those online, with or without the ~. */
static void
offer_users(struct complete *c)
{
	struct user	*u;
	const char	*label;

	names_each(offer_name, c);
	for (u = roster_first(); u != NULL; u = roster_next(u)) {
		if (u->server == NULL || u->is_self)
			continue;
		label = roster_label(u);
		if (label[0] == '~' && c->begun_len > 0 && c->begun[0] != '~')
			label++;
		complete_add(c, label);
	}
}

static void
offer_files(struct complete *c)
{
	const char	*slash = memrchr(c->begun, '/', c->begun_len);
	char		 directory[PATH_MAX], path[PATH_MAX];
	struct dirent	*d;
	struct stat	 st;
	size_t		 len = slash == NULL ? 0 : (size_t)(slash - c->begun) + 1;
	DIR		*dir;

	if (len >= sizeof(directory))
		return;
	memcpy(directory, c->begun, len);
	directory[len] = '\0';
	if ((dir = opendir(len == 0 ? "." : directory)) == NULL)
		return;
	while ((d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.' && len == c->begun_len)
			continue;
		if (snprintf(path, sizeof(path), "%s%s", directory, d->d_name) >=
		    (int)sizeof(path) - 1)
			continue;
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			strlcat(path, "/", sizeof(path));
		complete_add(c, path);
	}
	closedir(dir);
}

/* What stands behind a word that is complete. */
static const char *
behind(enum slash_argument what, int at_start)
{
	if (what == SLASH_ARG_WHOS || what == SLASH_ARG_FILE)
		return ("");
	return (what == SLASH_ARG_WHO && at_start ? ": " : " ");
}

static void
complete(void)
{
	struct editor		*e = &chat.editor;
	struct complete		 c;
	enum slash_argument	 what;
	size_t			 begin, n;
	const char		*end;

	what = slash_argument(e->text, e->cursor, &begin);
	complete_init(&c, e->text + begin, e->cursor - begin);
	if (what == SLASH_ARG_COMMAND)
		offer_commands(&c);
	else if (what == SLASH_ARG_FILE)
		offer_files(&c);
	else if (what != SLASH_ARG_NONE && (c.begun_len > 0 || begin > 0))
		offer_users(&c);
	n = complete_common(&c);
	if (c.n > 1 && n <= c.begun_len)
		complete_list(&c, chat.hint, sizeof(chat.hint));
	else if (c.n > 0) {
		while (e->cursor > begin)
			editor_backspace(e);
		editor_insert(e, c.words[0], n);
		end = behind(what, begin == 0);
		if (c.n == 1)
			editor_insert(e, end, strlen(end));
	}
	complete_free(&c);
}

/* ---- Enter ---------------------------------------------------------------- */

/* What was typed, without white space at its end; NULL if that is nothing. */
static char *
take_line(void)
{
	char	*line;
	size_t	 len = chat.editor.len;

	while (len > 0 && strchr(" \t\n", chat.editor.text[len - 1]) != NULL)
		len--;
	if (len == 0 || (line = strndup(chat.editor.text, len)) == NULL)
		return (NULL);
	editor_done(&chat.editor);
	return (line);
}

/*
 * The line goes before anything is done, for a command may show another
 * conversation.  A text that was not sent stands there again; a command that was
 * wrong comes back with the Up key, as in a shell.
 */
static void
enter(void)
{
	const char	*text;
	char		*line;

	if ((line = take_line()) == NULL)
		return;
	view_end(chat.conversations.current);
	if ((text = slash_text(line)) == NULL)
		chat_slash(line);
	else if (chat_say(chat.conversations.current, text,
	    strlen(text)) == -1)
		editor_set(&chat.editor, line);
	free(line);
	chat_changed(CHAT_LINES | CHAT_STATUS);
}

/* ---- other keys ----------------------------------------------------------- */

static void
scroll(int back)
{
	struct conversation	*c = chat.conversations.current;
	int			 height, width;
	size_t			 rows;

	chat_size(&height, &width);
	rows = height > 1 ? (size_t)height - 1 : 1;
	if (back)
		view_back(c, rows, height, width);
	else
		view_forth(c, rows, width);
	chat_changed(CHAT_LINES | CHAT_STATUS);
}

static void
interrupt(void)
{
	if (chat.editor.len > 0)
		editor_done(&chat.editor);
	else
		chat_hint("/quit, or ^D on an empty line, leaves");
}

static void
go(const struct key_press *k)
{
	struct conversations	*cs = &chat.conversations;
	struct conversation	*c;

	if (k->action == ACTION_GO)
		c = conversation_at(cs, k->number);
	else
		c = conversation_turn(cs, k->action == ACTION_PREVIOUS);
	if (c != NULL)
		chat_show(c);
}

static void
insert(const struct key_press *k)
{
	if (editor_insert(&chat.editor, k->text, k->len) == -1)
		chat_hint("the line is full: %d octets", EDITOR_MAX - 1);
}

/* Keys that only edit. */
static void	(*const edits[ACTION_MAX])(struct editor *) = {
	[ACTION_LEFT] = editor_left,
	[ACTION_RIGHT] = editor_right,
	[ACTION_WORD_LEFT] = editor_word_left,
	[ACTION_WORD_RIGHT] = editor_word_right,
	[ACTION_HOME] = editor_home,
	[ACTION_END] = editor_end,
	[ACTION_BACKSPACE] = editor_backspace,
	[ACTION_DELETE] = editor_delete,
	[ACTION_DELETE_OR_QUIT] = editor_delete,
	[ACTION_KILL_END] = editor_kill_end,
	[ACTION_KILL_BEGIN] = editor_kill_begin,
	[ACTION_KILL_WORD] = editor_kill_word,
	[ACTION_YANK] = editor_yank,
	[ACTION_UP] = editor_up,
	[ACTION_DOWN] = editor_down,
};

static void
answer(int yes)
{
	chat.question = NULL;
	chat.answer(yes);
	chat_changed(CHAT_LINES | CHAT_STATUS | CHAT_INPUT);
}

/* A whole word, and Enter: none that was meant for somebody else will do. */
static void
answer_enter(void)
{
	int	 yes = strcasecmp(chat.reply, "y") == 0 ||
		    strcasecmp(chat.reply, "yes") == 0;

	if (yes || strcasecmp(chat.reply, "n") == 0 ||
	    strcasecmp(chat.reply, "no") == 0)
		answer(yes);
	else
		chat.reply[0] = '\0';
}

/* The answer to a question; other keys wait for it. */
static void
reply(const struct key_press *k)
{
	switch (k->action) {
	case ACTION_INSERT:
		if (strlcat(chat.reply, k->text, sizeof(chat.reply)) >=
		    sizeof(chat.reply))
			strlcpy(chat.reply, "?", sizeof(chat.reply));
		break;
	case ACTION_BACKSPACE:
	case ACTION_KILL_BEGIN:
		chat.reply[0] = '\0';
		break;
	case ACTION_ENTER:
		answer_enter();
		break;
	case ACTION_INTERRUPT:
		answer(0);
		break;
	default:
		break;
	}
}

static void
act(const struct key_press *k)
{
	switch (k->action) {
	case ACTION_INSERT:
		insert(k);
		break;
	case ACTION_ENTER:
		enter();
		break;
	case ACTION_COMPLETE:
		complete();
		break;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		scroll(k->action == ACTION_PAGE_UP);
		break;
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
	case ACTION_GO:
		go(k);
		break;
	case ACTION_REDRAW:
		screen_redraw();
		chat_changed(CHAT_ALL);
		break;
	case ACTION_INTERRUPT:
		interrupt();
		break;
	default:
		if (edits[k->action] != NULL)
			edits[k->action](&chat.editor);
	}
}

void
chat_key(const struct key_press *k)
{
	if (chat.hint[0] != '\0') {
		chat.hint[0] = '\0';
		chat_changed(CHAT_STATUS);
	}
	if (chat.question != NULL)
		reply(k);
	else if (k->action == ACTION_DELETE_OR_QUIT && chat.editor.len == 0)
		chat_leave();
	else
		act(k);
	chat_changed(CHAT_INPUT | (chat.hint[0] != '\0' ? CHAT_STATUS : 0));
}
