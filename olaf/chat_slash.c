/*
 * What the commands of the chat screen do.
 */

#include "compat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chat.h"
#include "draw.h"
#include "identity.h"
#include "outgoing.h"
#include "slash.h"

/* What /name asked about. */
static struct {
	uint8_t		 digest[KEY_DIGEST_LEN];	/* the user's */
	char		 name[NAMES_LEN_MAX];
} naming;

static struct conversation *
here(void)
{
	return (chat.conversations.current);
}

/*
 * Whom a word means; NULL after saying why nobody.  Who has just come may not be
 * in our list yet: for the next attempt.
 */
static struct user *
find_user(const char *who)
{
	const char	*why;
	struct user	*u;

	if ((u = roster_find_text(who, &why)) == NULL) {
		chat_notice(here(), "%.80s: %s", who, why);
		if (session_is_up())
			session_list();
	}
	return (u);
}

/* ---- conversations -------------------------------------------------------- */

/* Goes to a conversation, and says something there. */
static void
talk(struct user *const *users, size_t n, const char *text)
{
	struct conversation	*c;
	size_t			 i;

	for (i = 0; i < n && users[i]->is_self; i++)
		;
	if (i == n) {
		chat_notice(here(), "that is only you");
		return;
	}
	if ((c = chat_open(users, n)) == NULL)
		return;
	chat_show(c);
	if (*text == '\0' || chat_say(c, text, strlen(text)) == 0)
		return;
	editor_set(&chat.editor, text);		/* to try again, here */
}

static void
do_msg(struct slash_line *l)
{
	struct user	*u;

	if ((u = find_user(l->word[0])) == NULL)
		return;
	return (talk(&u, 1, l->text));
}

static void
do_group(struct slash_line *l)
{
	struct user	**users;
	char		 *next = l->word[0], *who;
	size_t		  n = 0;
	int		  good = 1;

	if ((users = calloc(OUTGOING_TO_MAX, sizeof(*users))) == NULL)
		return;
	while (good && (who = strsep(&next, ",")) != NULL) {
		if (*who == '\0')
			continue;
		if (n == OUTGOING_TO_MAX) {
			chat_notice(here(), "more than %d", OUTGOING_TO_MAX);
			good = 0;
		} else
			good = (users[n++] = find_user(who)) != NULL;
	}
	if (good)
		talk(users, n, l->text);
	free(users);
}

static void
do_close(struct slash_line *l)
{
	(void)l;
	if (here()->is_public) {
		chat_notice(here(), "the public window stays open");
		return;
	}
	chat_forget_files(here());
	conversation_close(&chat.conversations, here());
	editor_set(&chat.editor, here()->draft != NULL ? here()->draft : "");
	chat_changed(CHAT_ALL);
}

/* ---- people --------------------------------------------------------------- */

static void
list_users(void)
{
	const struct roster_server	*s;
	struct user			*u;

	TAILQ_FOREACH(s, roster_servers(), entry) {
		chat_notice(here(), "%s (%zu)", s->address, s->users);
		for (u = roster_first(); u != NULL; u = roster_next(u))
			if (u->server == s)
				chat_notice(here(), "  %s%s", roster_label(u),
				    u->is_self ? " (you)" : "");
	}
}

static void
do_users(struct slash_line *l)
{
	(void)l;
	if (!draw_has_room())
		list_users();
	else
		chat.with_users = !chat.with_users;
	chat_changed(CHAT_ALL);
}

static void
show_fingerprint(const char *whose, const char *fingerprint,
    const uint8_t digest[KEY_DIGEST_LEN])
{
	char	 digits[IDENTITY_DIGITS_LEN + 1];

	identity_digits(digest, digits);
	chat_notice(here(), "%s: %s\nto compare over the phone: %s", whose,
	    fingerprint, digits);
}

static void
do_fingerprint(struct slash_line *l)
{
	struct user	*u;

	if (l->nwords == 0) {
		show_fingerprint(CHAT_LABEL_OWN, identity_fingerprint(),
		    identity_digest());
		return;
	}
	if ((u = find_user(l->word[0])) == NULL)
		return;
	show_fingerprint(roster_label(u), u->fingerprint, u->digest);
}

static int
set_name(struct user *u, const char *name, int force)
{
	switch (names_set(u->digest, name, force)) {
	case NAMES_OK:
		chat_notice(here(), "%s is now the name of %s", name,
		    u->fingerprint);
		chat_relabel(u);
		return (0);
	case NAMES_BAD:
		chat_notice(here(), "no good name: 1 to %d octets without blanks, "
		    "not beginning with / ~ # or -, and not like a fingerprint",
		    NAMES_LEN_MAX - 1);
		return (-1);
	case NAMES_ERROR:
		chat_notice(here(), "the file of names: %s", strerror(errno));
		return (-1);
	case NAMES_TAKEN:
	default:
		chat_notice(here(), "it was given to another key just now; try "
		    "again");
		return (-1);
	}
}

static void
name_anyway(int yes)
{
	uint8_t		 digest[KEY_DIGEST_LEN];
	struct user	*u, *before = NULL;

	if (!yes || (u = roster_find_digest(naming.digest)) == NULL) {
		chat_notice(here(), "nothing was changed");
		return;
	}
	if (names_find(naming.name, digest) == 0)
		before = roster_find_digest(digest);
	if (set_name(u, naming.name, 1) == 0 && before != NULL)
		chat_relabel(before);
}

/* That the key behind a name changes is what an impostor would want. */
static void
warn_taken(const struct user *u, const uint8_t digest[KEY_DIGEST_LEN])
{
	char	 before[KEY_FP_LEN + 1];

	key_fingerprint(digest, before);
	chat_notice(here(), "WARNING: %s is ANOTHER KEY'S NAME.\n"
	    "It belongs to  %s\nyou give it to %s\n"
	    "Whoever made a new key can tell you so in person, or over the "
	    "phone; somebody who only claims to be %s cannot.", naming.name,
	    before, u->fingerprint, naming.name);
}

static void
do_name(struct slash_line *l)
{
	uint8_t		 digest[KEY_DIGEST_LEN];
	struct user	*u;

	if ((u = find_user(l->word[0])) == NULL)
		return;
	if (names_find(l->word[1], digest) == -1 ||
	    memcmp(digest, u->digest, sizeof(digest)) == 0) {
		set_name(u, l->word[1], 0);
		return;
	}
	memcpy(naming.digest, u->digest, sizeof(naming.digest));
	strlcpy(naming.name, l->word[1], sizeof(naming.name));
	warn_taken(u, digest);
	chat_ask("take the name away from that key? [y/n] ", name_anyway);
}

/* ---- the rest ------------------------------------------------------------- */

static void
explain(const struct slash *s)
{
	chat_notice(here(), "/%s%s%s: %s", s->name,
	    s->arguments[0] != '\0' ? " " : "", s->arguments, s->help);
}

static void
do_help(struct slash_line *l)
{
	const struct slash	*s;
	const char		*name = l->word[0];
	int			 ambiguous;

	if (l->nwords > 0) {
		name += *name == '/';
		if ((s = slash_find(name, strlen(name), &ambiguous)) == NULL) {
			chat_notice(here(), "there is no command /%.32s", name);
			return;
		}
		explain(s);
		return;
	}
	for (s = slash_commands; s->name != NULL; s++)
		explain(s);
	chat_notice(here(), "Alt-1 to 9, ^N, ^P: other conversation; PgUp, PgDn: "
	    "scroll; Tab: complete; Alt-Enter: new line in a message; //text: "
	    "a text that begins with a slash; olaf(1) tells more");
}

static void
do_reconnect(struct slash_line *l)
{
	(void)l;
	if (session_is_up()) {
		chat_notice(here(), "it is connected");
		return;
	}
	chat.state = CHAT_CONNECTING;
	chat_changed(CHAT_TITLE);
	session_retry();
}

static void
do_cancel(struct slash_line *l)
{
	int	 n = chat_cancel_files();

	(void)l;
	if (n == 0)
		chat_notice(here(), "no file is on its way");
	else
		chat_notice(here(), "stopped: %d", n);
}

static void
do_clear(struct slash_line *l)
{
	(void)l;
	conversation_clear(here());
}

static void
do_public(struct slash_line *l)
{
	(void)l;
	chat_show(chat.conversations.public);
}

static void
do_quit(struct slash_line *l)
{
	(void)l;
	chat_leave();
}

static void
do_save(struct slash_line *l)
{
	chat_save_file(here(), l->nwords > 0 ? l->word[0] : "", l->text);
}

static void
do_send(struct slash_line *l)
{
	chat_send_file(here(), l->text);
}

static void	(*const commands[])(struct slash_line *) = {
	[SLASH_CANCEL] = do_cancel,
	[SLASH_CLEAR] = do_clear,
	[SLASH_CLOSE] = do_close,
	[SLASH_FINGERPRINT] = do_fingerprint,
	[SLASH_GROUP] = do_group,
	[SLASH_HELP] = do_help,
	[SLASH_MSG] = do_msg,
	[SLASH_NAME] = do_name,
	[SLASH_PUBLIC] = do_public,
	[SLASH_QUIT] = do_quit,
	[SLASH_RECONNECT] = do_reconnect,
	[SLASH_SAVE] = do_save,
	[SLASH_SEND] = do_send,
	[SLASH_USERS] = do_users,
};

void
chat_slash(const char *line)
{
	static struct slash_line	 l;
	char				 why[SLASH_WHY_MAX];

	if (slash_read(line, &l, why) == -1) {
		chat_notice(here(), "%s", why);
		return;
	}
	commands[l.slash->command](&l);
}
