/*
 * Conversations: which there are, what is unread, what became of what was sent,
 * how much is kept, and which part of it is seen.
 */

#include "compat.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conversation.h"
#include "glyph.h"
#include "render.h"
#include "test.h"
#include "view.h"

/* link: olaf/conversation.o olaf/offer.o olaf/render.o olaf/view.o */
/* link: olaf/wrap.o olaf/glyph.o olaf/clean.o */

#define NOON	1764331200	/* 2025-11-28 12:00:00 UTC */
#define DAY	86400

static struct conversations	 cs;
static char			 closed[CONVERSATION_NAME_MAX];
static uint8_t			 alice[KEY_DIGEST_LEN] = { 1 };

static struct conversation *
opened(const char *members)
{
	struct msg_participant	 p[16] = { { 0, { 0 } } };
	size_t			 n;

	for (n = 0; members[n] != '\0'; n++) {
		p[n].known = 1;
		p[n].name[0] = (uint8_t)members[n];
	}
	return (conversation_open(&cs, p, n, closed));
}

static void
say(struct conversation *c, const char *text, int mention)
{
	conversation_foreign(&cs, c, NOON, alice, "alice", text, strlen(text),
	    mention);
}

static struct line *
last(struct conversation *c)
{
	return (TAILQ_LAST(&c->lines, lines));
}

static int
renders(const struct line *l, const char *expected)
{
	struct rendered	 r;
	int		 same;

	render_line(l, &r);
	same = strcmp(r.text, expected) == 0 && strlen(r.text) == r.len;
	if (!same)
		fprintf(stderr, "%s, not %s\n", r.text, expected);
	render_free(&r);
	return (same);
}

static void
test_members_are_a_set(void)
{
	struct conversation	*c;

	conversations_init(&cs);
	c = opened("ab");
	CHECK(opened("ba") == c && opened("abba") == c);
	CHECK(opened("a") != c && opened("abc") != c && opened("") != c);
	CHECK(opened("a")->nmembers == 1 && c->nmembers == 2);
	CHECK(cs.n == 5);
	conversations_free(&cs);
}

/* The same octets are another user if they are a digest that nobody knows. */
static void
test_unknown_members(void)
{
	struct msg_participant	 p = { 0, { 'a' } };

	conversations_init(&cs);
	CHECK(conversation_open(&cs, &p, 1, closed) != opened("a"));
	conversations_free(&cs);
}

static void
test_unread(void)
{
	struct conversation	*c;

	conversations_init(&cs);
	c = opened("a");
	say(cs.public, "seen", 1);
	CHECK(cs.public->unread == 0 && !cs.public->mention);
	say(c, "one", 0);
	say(c, "two", 1);
	say(c, "three", 0);
	CHECK(c->unread == 3 && c->mention);
	conversation_show(&cs, c);
	CHECK(c->unread == 0 && !c->mention && cs.current == c);
	conversations_free(&cs);
}

static void
test_turn_and_close(void)
{
	struct conversation	*a, *b;

	conversations_init(&cs);
	a = opened("a");
	b = opened("b");
	CHECK(conversation_at(&cs, 1) == cs.public);
	CHECK(conversation_at(&cs, 3) == b && conversation_at(&cs, 4) == NULL);
	CHECK(conversation_turn(&cs, 0) == a && conversation_turn(&cs, 1) == b);
	conversation_show(&cs, b);
	CHECK(conversation_turn(&cs, 0) == cs.public);
	CHECK(conversation_turn(&cs, 1) == a);
	conversation_close(&cs, b);
	CHECK(cs.current == cs.public && cs.n == 2);
	conversation_close(&cs, cs.public);
	CHECK(cs.n == 2);
	conversations_free(&cs);
}

/* Others can begin any number: ours stay, and of theirs the latest. */
static void
test_too_many(void)
{
	struct conversation	*ours;
	char			 members[3] = "a";
	int			 i;

	conversations_init(&cs);
	ours = opened("a");
	conversation_own(&cs, ours, NOON, 1, "you", "hello", 5);
	for (i = 0; i < 2 * CONVERSATION_MAX; i++) {
		members[1] = (char)('b' + i);
		CHECK(opened(members) != NULL);
		strlcpy(opened(members)->name, members, 3);
	}
	CHECK(cs.n == CONVERSATION_MAX && opened("a") == ours);
	CHECK(opened("new") != NULL && closed[0] == 'a');
	conversations_free(&cs);
}

static void
test_too_many_of_ours(void)
{
	char	 members[2] = "a";
	int	 i;

	conversations_init(&cs);
	for (i = 1; i < CONVERSATION_MAX; i++, members[0]++)
		opened(members)->ours = 1;
	CHECK(opened("no room") == NULL);
	conversations_free(&cs);
}

static void
test_sent(void)
{
	struct conversation	*c;

	conversations_init(&cs);
	c = opened("a");
	conversation_own(&cs, c, NOON, 7, "you", "one", 3);
	CHECK(renders(last(c), "12:00 you: one [sending]"));
	conversation_own(&cs, cs.public, NOON, 8, "you", "two", 3);
	conversation_own(&cs, cs.public, NOON, 9, "you", "three", 5);
	conversations_sent(&cs, 7, NULL);
	CHECK(renders(last(c), "12:00 you: one"));
	conversations_sent(&cs, 8, "rate_limited: too fast");
	CHECK(renders(TAILQ_PREV(last(cs.public), lines, entry),
	    "12:00 you: two [NOT SENT: rate_limited: too fast]"));
	conversations_lost(&cs);
	CHECK(renders(last(cs.public),
	    "12:00 you: three [not known whether it arrived]"));
	CHECK(last(c)->state == LINE_DONE);
	conversations_sent(&cs, 8, NULL);	/* once is enough */
	CHECK(TAILQ_PREV(last(cs.public), lines, entry)->state == LINE_REFUSED);
	conversation_own(&cs, c, NOON, 0, "you", "elsewhere", 9);
	CHECK(last(c)->state == LINE_DONE);
	conversations_free(&cs);
}

static void
test_lines(void)
{
	conversations_init(&cs);
	say(cs.public, "hello", 0);
	CHECK(cs.public->nlines == 2);
	CHECK(renders(TAILQ_FIRST(&cs.public->lines), "--- 2025-11-28 ---"));
	CHECK(renders(last(cs.public), "12:00 alice: hello"));
	say(cs.public, "see http://h/files/1", 0);
	CHECK(renders(last(cs.public),
	    "12:00 alice: see http://h/files/1 [/save to download]"));
	conversations_relabel(&cs, alice, "bob");
	CHECK(renders(last(cs.public),
	    "12:00 bob: see http://h/files/1 [/save to download]"));
	conversation_notice(cs.public, NOON + DAY, "tomorrow");
	CHECK(renders(last(cs.public), "12:00 -- tomorrow"));
	CHECK(cs.public->nlines == 5);
	conversations_free(&cs);
}

/* A thousand of them do not scroll all else away. */
static void
test_notices_are_counted(void)
{
	struct conversation	*c;
	char			 text[32];
	int			 i;

	conversations_init(&cs);
	c = cs.public;
	for (i = 0; i < 1000; i++)
		conversation_unreadable(c, NOON, "bad signature");
	CHECK(renders(last(c), "12:00 -- bad signature (1000 times)"));
	CHECK(c->nlines == 2);
	say(c, "hello", 0);
	conversation_unreadable(c, NOON, "bad signature");
	CHECK(last(c)->kind == LINE_FOREIGN);
	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "from %d", i);
		conversation_unreadable(c, NOON, text);
	}
	CHECK(c->nlines < 20);
	conversation_notice(c, NOON, "not connected");
	conversation_notice(c, NOON, "not connected");
	CHECK(renders(last(c), "12:00 -- not connected (2 times)"));
	say(c, "hello", 0);
	conversation_notice(c, NOON, "not connected");
	CHECK(renders(last(c), "12:00 -- not connected"));
	conversations_free(&cs);
}

static void
test_bounded(void)
{
	static char	 much[CONVERSATION_OCTETS / 4];
	int		 i;

	conversations_init(&cs);
	for (i = 0; i < CONVERSATION_LINES + 10; i++)
		say(cs.public, "line", 0);
	CHECK(cs.public->nlines == CONVERSATION_LINES);
	memset(much, 'x', sizeof(much));
	for (i = 0; i < 10; i++)
		conversation_foreign(&cs, cs.public, NOON, alice, "alice", much,
		    sizeof(much), 0);
	CHECK(cs.public->octets <= CONVERSATION_OCTETS);
	CHECK(cs.public->nlines == 4);
	conversation_clear(cs.public);
	CHECK(cs.public->nlines == 0 && cs.public->octets == 0);
	conversations_free(&cs);
}

/* ---- scrolling: a window of 4 rows of 40 columns --------------------------- */

#define HEIGHT	4
#define WIDTH	40

static int
top_is(const char *text, size_t rows_above)
{
	struct line	*l;
	size_t		 above;

	l = view_top(cs.public, HEIGHT, WIDTH, &above);
	return (l != NULL && strcmp(l->text, text) == 0 && above == rows_above);
}

static void
ten_lines(void)
{
	char	 text[2] = "0";

	conversations_init(&cs);
	for (; text[0] <= '9'; text[0]++)
		say(cs.public, text, 0);
}

static void
test_scroll(void)
{
	ten_lines();
	CHECK(top_is("6", 0) && view_below(cs.public) == 0);
	view_back(cs.public, 3, HEIGHT, WIDTH);
	CHECK(top_is("3", 0) && view_below(cs.public) == 3);
	say(cs.public, "new", 0);
	CHECK(top_is("3", 0) && view_below(cs.public) == 4);
	view_back(cs.public, 100, HEIGHT, WIDTH);
	CHECK(top_is("2025-11-28", 0));
	view_forth(cs.public, 2, WIDTH);
	CHECK(top_is("1", 0));
	view_forth(cs.public, 100, WIDTH);
	CHECK(top_is("7", 0) && cs.public->bottom == NULL);
	view_back(cs.public, 1, HEIGHT, WIDTH);
	view_end(cs.public);
	CHECK(top_is("7", 0));
	conversations_free(&cs);
}

/* Through a line higher than the window, row by row, there and back. */
static void
test_scroll_long_line(void)
{
	static const char	 text[] = "a\nb\nc\nd\ne\nf\ng\nh";
	int			 i;

	ten_lines();
	say(cs.public, text, 0);
	CHECK(top_is(text, 4));
	for (i = 3; i >= 0; i--) {
		view_back(cs.public, 1, HEIGHT, WIDTH);
		CHECK(top_is(text, (size_t)i));
	}
	view_back(cs.public, 1, HEIGHT, WIDTH);
	CHECK(top_is("9", 0) && view_below(cs.public) == 1);
	for (i = 0; i <= 3; i++) {
		view_forth(cs.public, 1, WIDTH);
		CHECK(top_is(text, (size_t)i));
	}
	view_forth(cs.public, 1, WIDTH);
	CHECK(top_is(text, 4) && cs.public->bottom == NULL);
	conversations_free(&cs);
}

static void
test_scroll_little(void)
{
	conversations_init(&cs);
	view_back(cs.public, 5, HEIGHT, WIDTH);
	view_forth(cs.public, 5, WIDTH);
	say(cs.public, "only", 0);
	view_back(cs.public, 5, HEIGHT, WIDTH);
	CHECK(top_is("2025-11-28", 0) && view_below(cs.public) == 0);
	conversations_free(&cs);
}

/* What is seen may go because there is too much. */
static void
test_scroll_dropped(void)
{
	int	 i;

	ten_lines();
	view_back(cs.public, 100, HEIGHT, WIDTH);
	for (i = 0; i < CONVERSATION_LINES; i++)
		say(cs.public, "later", 0);
	CHECK(top_is("later", 0));
	view_forth(cs.public, 1, WIDTH);
	view_back(cs.public, 1, HEIGHT, WIDTH);
	conversation_clear(cs.public);
	CHECK(cs.public->bottom == NULL);
	conversations_free(&cs);
}

int
main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return (1);
	glyph_utf8(1);
	RUN(test_members_are_a_set);
	RUN(test_unknown_members);
	RUN(test_unread);
	RUN(test_turn_and_close);
	RUN(test_too_many);
	RUN(test_too_many_of_ours);
	RUN(test_sent);
	RUN(test_lines);
	RUN(test_notices_are_counted);
	RUN(test_bounded);
	RUN(test_scroll);
	RUN(test_scroll_long_line);
	RUN(test_scroll_little);
	RUN(test_scroll_dropped);
	return (test_done());
}
