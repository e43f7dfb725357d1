/*
 * When the chat screen is drawn, and what its title and status line say.
 */

#include "compat.h"

#include <event.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "chat.h"
#include "clock.h"
#include "config.h"
#include "draw.h"
#include "view.h"

#define PAUSE_MS	30	/* between two times, however much arrives */

static struct event	 draw_event;
static struct event	 second_event;	/* while a time is counted down */
static unsigned int	 changed;
static int64_t		 drawn;		/* when last */

static size_t
online(void)
{
	const struct roster_server	*s;
	size_t				 n = 0;

	TAILQ_FOREACH(s, roster_servers(), entry)
		n += s->users;
	return (n);
}

static void
format_state(char *text, size_t size)
{
	int64_t	 wait = chat.next_attempt - time(NULL);

	if (chat.state == CHAT_CONNECTING)
		strlcpy(text, "connecting", size);
	else if (chat.state == CHAT_UP)
		snprintf(text, size, "%zu online", online());
	else if (chat.next_attempt == 0)
		strlcpy(text, "NOT CONNECTED", size);
	else if (wait > 0)
		snprintf(text, size, "NOT CONNECTED, again in %d s", (int)wait);
	else
		strlcpy(text, "NOT CONNECTED, trying", size);
}

static void
title(const struct layout *l)
{
	const struct conversation	*c = chat.conversations.current;
	const char			*missing;
	char				 left[512], right[64];

	missing = chat.state == CHAT_UP ? chat_missing(c) : NULL;
	snprintf(left, sizeof(left), " %s  %s%s%s%s%s", config.server.host,
	    c->name, c->is_public ? " (all can read it)" : "",
	    missing != NULL ? " (" : "", missing != NULL ? missing : "",
	    missing != NULL ? " is not online)" : "");
	format_state(right, sizeof(right));
	draw_title(l, left, right);
}

static void
status(const struct layout *l)
{
	char	 right[128];
	size_t	 below = view_below(chat.conversations.current);

	if (below > 0)
		snprintf(right, sizeof(right), "-- %zu more --", below);
	else
		chat_progress(right, sizeof(right));
	draw_status(l, &chat.conversations, chat.hint, right);
}

static void
input(const struct layout *l)
{
	if (chat.question != NULL)
		draw_question(l, chat.question, chat.reply);
	else
		draw_input(l, chat.conversations.current->name, &chat.editor);
}

static void
draw(int fd, short what, void *arg)
{
	struct layout	 l;
	unsigned int	 parts = changed;

	(void)fd;
	(void)what;
	(void)arg;
	changed = 0;
	drawn = clock_ms();
	if (draw_layout(&l, chat.with_users) == 0) {
		if (parts & CHAT_TITLE)
			title(&l);
		if (parts & CHAT_LINES)
			draw_lines(&l, chat.conversations.current);
		if (parts & CHAT_USERS)
			draw_users(&l);
		if (parts & CHAT_STATUS)
			status(&l);
		input(&l);	/* always: the cursor is there */
	}
	draw_flush();
}

/* Once a second while there is a time to count down. */
static void
second(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	chat_changed(CHAT_TITLE);
}

static void
count_down(void)
{
	struct timeval	 tv = { 1, 0 };

	if (chat.state == CHAT_DOWN && chat.next_attempt != 0 &&
	    !evtimer_pending(&second_event, NULL))
		evtimer_add(&second_event, &tv);
}

void
chat_changed(unsigned int parts)
{
	struct timeval	 tv = { 0, 0 };
	int64_t		 since = clock_ms() - drawn;

	if (parts & CHAT_TITLE)
		count_down();
	changed |= parts;
	if (evtimer_pending(&draw_event, NULL))
		return;
	if (since < PAUSE_MS)
		tv.tv_usec = (PAUSE_MS - since) * 1000;
	evtimer_add(&draw_event, &tv);
}

void
chat_draw_init(void)
{
	evtimer_set(&draw_event, draw, NULL);
	evtimer_set(&second_event, second, NULL);
	chat_changed(CHAT_ALL);
}

void
chat_size(int *height, int *width)
{
	struct layout	 l;

	*height = *width = 1;
	if (draw_layout(&l, chat.with_users) == 0) {
		*height = l.height;
		*width = l.width;
	}
}
