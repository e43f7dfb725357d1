/*
 * The chat screen: start, end, and what the session tells.
 */

#include "compat.h"

#include <sys/ioctl.h>

#include <err.h>
#include <event.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "chat.h"
#include "commands.h"
#include "config.h"
#include "identity.h"
#include "outgoing.h"
#include "screen.h"
#include "seen.h"
#include "session.h"
#include "spawn.h"
#include "start.h"

#define PROMISES \
	"stdio rpath wpath cpath fattr flock tty sendfd recvfd"

#define NOTICE_MAX	4096
#define KEYS_AT_ONCE	4096	/* then others have their turn */

struct chat	 chat;

static const int	 signals[] = {
	SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH
};
static struct event	 signal_events[nitems(signals)];
static struct event	 input_event;

/* ---- for the other parts -------------------------------------------------- */

void
chat_notice(struct conversation *c, const char *fmt, ...)
{
	char	 text[NOTICE_MAX];
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	conversation_notice(c, time(NULL), text);
	chat_changed(CHAT_LINES | CHAT_STATUS);
}

void
chat_hint(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(chat.hint, sizeof(chat.hint), fmt, ap);
	va_end(ap);
	chat_changed(CHAT_STATUS);
}

void
chat_ask(const char *question, void (*answer)(int))
{
	chat.question = question;
	chat.answer = answer;
	chat.reply[0] = '\0';
	chat_changed(CHAT_INPUT);
}

void
chat_show(struct conversation *c)
{
	struct conversation	*from = chat.conversations.current;

	if (c != from) {
		free(from->draft);
		from->draft = strdup(chat.editor.text);
		editor_set(&chat.editor, c->draft != NULL ? c->draft : "");
	}
	conversation_show(&chat.conversations, c);
	chat_changed(CHAT_ALL);
}

/* ---- who is in a conversation --------------------------------------------- */

static const char *
member_label(const struct msg_participant *p)
{
	const struct user	*u = roster_find_participant(p);

	return (u != NULL ? roster_label(u) : roster_label_digest(p->name));
}

/* Its members' labels, as many as fit. */
static void
rename_conversation(struct conversation *c)
{
	char	 more[24];
	size_t	 i, len;

	if (c->is_public)
		return;
	strlcpy(c->name, c->nmembers == 0 ? "yourself" : "", sizeof(c->name));
	for (i = 0; i < c->nmembers; i++) {
		len = strlen(c->name);
		snprintf(more, sizeof(more), "+%zu", c->nmembers - i);
		if (len + strlen(member_label(&c->members[i])) + 1 +
		    sizeof(more) > sizeof(c->name)) {
			strlcat(c->name, more, sizeof(c->name));
			return;
		}
		if (i > 0)
			strlcat(c->name, ",", sizeof(c->name));
		strlcat(c->name, member_label(&c->members[i]), sizeof(c->name));
	}
}

static struct conversation *
open_conversation(const struct msg_participant *members, size_t n)
{
	struct conversation	*c;
	char			 closed[CONVERSATION_NAME_MAX];

	c = conversation_open(&chat.conversations, members, n, closed);
	if (c == NULL) {
		chat_notice(chat.conversations.public, "there are too many "
		    "conversations: /close some");
		return (NULL);
	}
	if (closed[0] != '\0')
		chat_notice(chat.conversations.public, "there are too many "
		    "conversations: that with %s was closed", closed);
	rename_conversation(c);
	return (c);
}

struct conversation *
chat_open(struct user *const *users, size_t n)
{
	struct msg_participant	*members;
	struct conversation	*c;
	size_t			 i, kept = 0;

	if ((members = calloc(n + 1, sizeof(*members))) == NULL)
		err(1, NULL);
	for (i = 0; i < n; i++) {
		if (users[i]->is_self)
			continue;
		members[kept].known = 1;
		memcpy(members[kept++].name, users[i]->key.id, KEY_DIGEST_LEN);
	}
	c = open_conversation(members, kept);
	free(members);
	if (c != NULL)
		c->ours = 1;
	return (c);
}

void
chat_relabel(const struct user *u)
{
	struct conversation	*c;

	conversations_relabel(&chat.conversations, u->key.id, roster_label(u));
	TAILQ_FOREACH(c, &chat.conversations.list, entry)
		rename_conversation(c);
	chat_changed(CHAT_ALL);
}

const char *
chat_missing(const struct conversation *c)
{
	const struct user	*u;
	size_t			 i;

	for (i = 0; i < c->nmembers; i++) {
		u = roster_find_participant(&c->members[i]);
		if (u == NULL || u->server == NULL)
			return (member_label(&c->members[i]));
	}
	return (NULL);
}

/* ---- sending -------------------------------------------------------------- */

/* To oneself, that is, if nobody else is in it. */
static int
send_chat(const struct conversation *c, const char *text, size_t len,
    uint64_t *counter, const char **why)
{
	struct user	**to;
	size_t		  i, n = c->nmembers;
	int		  result;

	if ((to = calloc(n + 1, sizeof(*to))) == NULL)
		err(1, NULL);
	for (i = 0; i < n; i++)
		to[i] = c->members[i].known ?
		    roster_find_id(c->members[i].name) :
		    roster_find_digest(c->members[i].name);
	result = outgoing_chat(to, n, text, len, counter, why);
	free(to);
	return (result);
}

int
chat_say(struct conversation *c, const char *text, size_t len)
{
	const char	*why, *missing;
	uint64_t	 counter;
	int		 result;

	if (!session_is_up()) {
		chat_notice(c, "not sent: there is no connection");
		return (-1);
	}
	if ((missing = chat_missing(c)) != NULL) {
		chat_notice(c, "not sent: %s is not online", missing);
		return (-1);
	}
	if (c->is_public)
		result = outgoing_public(text, len, &counter, &why);
	else
		result = send_chat(c, text, len, &counter, &why);
	if (result == -1) {
		chat_notice(c, "not sent: %s", why);
		return (-1);
	}
	conversation_own(&chat.conversations, c, time(NULL), counter,
	    CHAT_LABEL_OWN, text, len);
	chat_changed(CHAT_LINES | CHAT_STATUS);
	return (0);
}

/* ---- what the session tells ----------------------------------------------- */

/* In public, and where the user is. */
static void
notice_here(const char *text)
{
	chat_notice(chat.conversations.public, "%s", text);
	if (!chat.conversations.current->is_public)
		chat_notice(chat.conversations.current, "%s", text);
}

static void
session_up(void)
{
	if (chat.state == CHAT_DOWN)
		notice_here("connected again");
	chat.state = CHAT_UP;
	chat_changed(CHAT_TITLE | CHAT_USERS);
}

static void
session_down(const char *why, int wait)
{
	char	text[1024];

	conversations_lost(&chat.conversations);
	chat.state = CHAT_DOWN;
	chat.next_attempt = wait == -1 ? 0 : time(NULL) + wait;
	snprintf(text, sizeof(text), "not connected: %s", why);
	notice_here(text);
	chat_changed(CHAT_ALL);
}

static void
session_listed(int list_changed)
{
	if (list_changed)
		chat_changed(CHAT_TITLE | CHAT_USERS);
}

/* Everybody in it but us. */
static struct conversation *
conversation_of(const struct incoming *m)
{
	struct msg_participant	*members;
	const struct key	*self = identity_key();
	struct conversation	*c;
	size_t			 i, n = 0;

	if (m->kind == MSG_KIND_PUBLIC)
		return (chat.conversations.public);
	if ((members = calloc(m->nparticipants + 1, sizeof(*members))) == NULL)
		err(1, NULL);
	for (i = 0; i < m->nparticipants; i++)
		if (memcmp(m->participants[i].name,
		    m->participants[i].known ? self->id : identity_digest(),
		    KEY_DIGEST_LEN) != 0)
			members[n++] = m->participants[i];
	c = open_conversation(members, n);
	free(members);
	return (c);
}

static int
contains(const char *text, size_t len, const char *word)
{
	size_t	 n = strlen(word);

	for (; n > 0 && len >= n; text++, len--)
		if (strncasecmp(text, word, n) == 0)
			return (1);
	return (0);
}

/* Does a public message name us? */
static int
names_us(const struct incoming *m)
{
	char		 shortened[ROSTER_SHORT_LEN + 1];
	const char	*name = names_of(identity_digest());

	strlcpy(shortened, identity_fingerprint(), sizeof(shortened));
	return (contains(m->text, m->textlen, shortened) ||
	    (name != NULL && contains(m->text, m->textlen, name)));
}

static void
session_message(const struct incoming *m)
{
	struct conversation	*c = conversation_of(m);

	if (c == NULL)
		chat_notice(chat.conversations.public,
		    "a message from %s is not shown", roster_label(m->sender));
	else if (m->own)
		conversation_own(&chat.conversations, c, m->time, 0,
		    CHAT_LABEL_OWN, m->text, m->textlen);
	else
		conversation_foreign(&chat.conversations, c, m->time,
		    m->sender->key.id, roster_label(m->sender), m->text,
		    m->textlen, !c->is_public || names_us(m));
	chat_changed(CHAT_STATUS |
	    (c == NULL || c == chat.conversations.current ? CHAT_LINES : 0));
}

static void
session_unreadable(const char *why, const struct user *sender)
{
	char	 text[NOTICE_MAX];

	if (sender != NULL)
		snprintf(text, sizeof(text), "a message that claims to be from "
		    "%s cannot be read: %s", roster_label(sender), why);
	else
		snprintf(text, sizeof(text), "a message cannot be read: %s",
		    why);
	conversation_unreadable(chat.conversations.public, time(NULL), text);
	chat_changed(CHAT_LINES);
}

static void
session_sent(uint64_t counter, const char *code, const char *text)
{
	char	 why[LINE_WHY_MAX];

	if (code != NULL)
		snprintf(why, sizeof(why), "%s%s%s", code,
		    text != NULL && *text != '\0' ? ": " : "",
		    text != NULL ? text : "");
	conversations_sent(&chat.conversations, counter,
	    code != NULL ? why : NULL);
	chat_changed(CHAT_LINES);
}

static void
session_error(const char *code, const char *text)
{
	chat_notice(chat.conversations.public, "the server says: %s%s%s", code,
	    *text != '\0' ? ": " : "", text);
}

static const struct session_ops	 ops = {
	.up = session_up,
	.down = session_down,
	.listed = session_listed,
	.message = session_message,
	.unreadable = session_unreadable,
	.sent = session_sent,
	.error = session_error,
};

/* ---- start and end -------------------------------------------------------- */

void
chat_leave(void)
{
	if (chat.leaving) {
		event_loopexit(NULL);
		return;
	}
	chat.leaving = 1;
	chat_cancel_files();
	session_stop();
}

/* Readable with nothing to read: the terminal is gone. */
static int
terminal_is_gone(void)
{
	int	 n = 0;

	return (ioctl(STDIN_FILENO, FIONREAD, &n) == -1 || n == 0);
}

static void
input_readable(int fd, short what, void *arg)
{
	struct key_press	 k;
	int			 n;

	(void)fd;
	(void)what;
	(void)arg;
	if (terminal_is_gone()) {
		event_del(&input_event);
		chat_leave();
		return;
	}
	for (n = 0; n < KEYS_AT_ONCE && keys_next(&k); n++)
		chat_key(&k);
}

static void
suspend(void)
{
	size_t	 i;

	for (i = 0; signals[i] != SIGTSTP; i++)
		;
	signal_del(&signal_events[i]);
	screen_suspend();
	signal_add(&signal_events[i], NULL);
	chat_changed(CHAT_ALL);
}

static void
signalled(int sig, short what, void *arg)
{
	(void)what;
	(void)arg;
	if (sig == SIGTSTP)
		suspend();
	else if (sig == SIGWINCH) {
		screen_resize();
		chat_changed(CHAT_ALL);
	} else
		chat_leave();
}

static void
start_events(void)
{
	size_t	 i;

	event_set(&input_event, STDIN_FILENO, EV_READ | EV_PERSIST,
	    input_readable, NULL);
	event_add(&input_event, NULL);
	for (i = 0; i < nitems(signals); i++) {
		signal_set(&signal_events[i], signals[i], signalled, NULL);
		signal_add(&signal_events[i], NULL);
	}
	chat_draw_init();
}

static void
greet(void)
{
	chat_notice(chat.conversations.public, "you are ~%.*s; /help lists the "
	    "commands", ROSTER_SHORT_LEN, identity_fingerprint());
}

int
command_chat(int argc, char **argv)
{
	const struct session_options	 options = { .hello = 1, .reconnect = 1 };
	const char			*why;

	if (argc > 1)
		return (usage(argv[0]));
	if (!screen_is_terminal()) {
		warnx("chat: it needs a terminal; olaf listen and olaf send "
		    "do not");
		return (1);
	}
	spawn_start(SPAWN_SESSION | SPAWN_TRANSFER);
	start_user();
	if (screen_start(&why) == -1) {
		warnx("chat: %s", why);
		return (1);
	}
	spawn_hold_stderr(screen_end);
	spawn_sandbox(PROMISES);
	chat.with_users = 1;
	conversations_init(&chat.conversations);
	start_events();
	greet();
	session_start(&ops, &options);
	if (event_dispatch() == -1)
		err(1, "event loop");
	screen_end();
	seen_flush();
	return (0);
}
