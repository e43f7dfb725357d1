/*
 * Conversations and what was said in them.
 */

#include "compat.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conversation.h"
#include "offer.h"

#define ALIKE_LINES	50	/* so far back a notice may be counted again */
#define ALIKE_SECONDS	600
#define UNREADABLE_MAX	8	/* different ones in a row, then they are one */
#define UNREADABLE_MORE	"more messages that cannot be read"

static struct conversation *
conversation_new(struct conversations *cs)
{
	struct conversation	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		err(1, NULL);
	TAILQ_INIT(&c->lines);
	TAILQ_INSERT_TAIL(&cs->list, c, entry);
	cs->n++;
	return (c);
}

static void
conversation_free(struct conversation *c)
{
	conversation_clear(c);
	free(c->members);
	free(c->draft);
	free(c);
}

void
conversations_init(struct conversations *cs)
{
	memset(cs, 0, sizeof(*cs));
	TAILQ_INIT(&cs->list);
	cs->public = cs->current = conversation_new(cs);
	cs->public->is_public = 1;
	strlcpy(cs->public->name, "public", sizeof(cs->public->name));
}

void
conversations_free(struct conversations *cs)
{
	struct conversation	*c;

	while ((c = TAILQ_FIRST(&cs->list)) != NULL) {
		TAILQ_REMOVE(&cs->list, c, entry);
		conversation_free(c);
	}
	memset(cs, 0, sizeof(*cs));
}

/* ---- which there are ------------------------------------------------------ */

static int
compare_members(const void *a, const void *b)
{
	const struct msg_participant	*x = a, *y = b;

	if (x->known != y->known)
		return (x->known ? -1 : 1);
	return (memcmp(x->name, y->name, sizeof(x->name)));
}

/* A sorted copy, each of them once. */
static struct msg_participant *
sort_members(const struct msg_participant *members, size_t *n)
{
	struct msg_participant	*sorted;
	size_t			 i, kept = 0;

	if ((sorted = calloc(*n + 1, sizeof(*sorted))) == NULL)
		err(1, NULL);
	memcpy(sorted, members, *n * sizeof(*sorted));
	qsort(sorted, *n, sizeof(*sorted), compare_members);
	for (i = 0; i < *n; i++)
		if (kept == 0 ||
		    compare_members(&sorted[kept - 1], &sorted[i]) != 0)
			sorted[kept++] = sorted[i];
	*n = kept;
	return (sorted);
}

static struct conversation *
find(struct conversations *cs, const struct msg_participant *sorted, size_t n)
{
	struct conversation	*c;
	size_t			 i;

	TAILQ_FOREACH(c, &cs->list, entry) {
		if (c->is_public || c->nmembers != n)
			continue;
		for (i = 0; i < n; i++)
			if (compare_members(&c->members[i], &sorted[i]) != 0)
				break;
		if (i == n)
			return (c);
	}
	return (NULL);
}

/* Closes the least used of those that others began; -1 if there is none. */
static int
make_room(struct conversations *cs, char closed[CONVERSATION_NAME_MAX])
{
	struct conversation	*c, *least = NULL;

	TAILQ_FOREACH(c, &cs->list, entry) {
		if (c->is_public || c->ours || c == cs->current)
			continue;
		if (least == NULL || c->used < least->used)
			least = c;
	}
	if (least == NULL)
		return (-1);
	strlcpy(closed, least->name, CONVERSATION_NAME_MAX);
	conversation_close(cs, least);
	return (0);
}

struct conversation *
conversation_open(struct conversations *cs, const struct msg_participant *members,
    size_t n, char closed[CONVERSATION_NAME_MAX])
{
	struct msg_participant	*sorted = sort_members(members, &n);
	struct conversation	*c;

	closed[0] = '\0';
	if ((c = find(cs, sorted, n)) != NULL ||
	    (cs->n >= CONVERSATION_MAX && make_room(cs, closed) == -1)) {
		free(sorted);
		return (c);
	}
	c = conversation_new(cs);
	c->members = sorted;
	c->nmembers = n;
	c->used = ++cs->clock;
	return (c);
}

void
conversation_close(struct conversations *cs, struct conversation *c)
{
	if (c->is_public)
		return;
	if (c == cs->current)
		conversation_show(cs, cs->public);
	TAILQ_REMOVE(&cs->list, c, entry);
	cs->n--;
	conversation_free(c);
}

void
conversation_show(struct conversations *cs, struct conversation *c)
{
	cs->current = c;
	c->unread = 0;
	c->mention = 0;
	c->used = ++cs->clock;
}

struct conversation *
conversation_at(struct conversations *cs, unsigned int place)
{
	struct conversation	*c;

	TAILQ_FOREACH(c, &cs->list, entry)
		if (--place == 0)
			break;
	return (c);
}

struct conversation *
conversation_turn(struct conversations *cs, int back)
{
	struct conversation	*c;

	if (back) {
		c = TAILQ_PREV(cs->current, conversation_list, entry);
		return (c != NULL ? c :
		    TAILQ_LAST(&cs->list, conversation_list));
	}
	c = TAILQ_NEXT(cs->current, entry);
	return (c != NULL ? c : TAILQ_FIRST(&cs->list));
}

/* ---- what was said -------------------------------------------------------- */

static void
line_drop(struct conversation *c, struct line *l)
{
	if (c->bottom == l) {
		c->bottom = TAILQ_NEXT(l, entry);
		c->hidden = 0;
	}
	TAILQ_REMOVE(&c->lines, l, entry);
	c->nlines--;
	c->octets -= l->len;
	free(l->text);
	free(l);
}

static struct line *
line_add(struct conversation *c, enum line_kind kind, int64_t now,
    const char *text, size_t len)
{
	struct line	*l;

	if ((l = calloc(1, sizeof(*l))) == NULL ||
	    (l->text = malloc(len + 1)) == NULL)
		err(1, NULL);
	memcpy(l->text, text, len);
	l->text[len] = '\0';
	l->len = len;
	l->kind = kind;
	l->time = now;
	l->times = 1;
	TAILQ_INSERT_TAIL(&c->lines, l, entry);
	c->nlines++;
	c->octets += len;
	while (c->nlines > CONVERSATION_LINES ||
	    (c->octets > CONVERSATION_OCTETS && c->nlines > 1))
		line_drop(c, TAILQ_FIRST(&c->lines));
	return (l);
}

/* The local date, as people read it. */
static void
format_date(int64_t when, char text[16])
{
	struct tm	 tm;
	time_t		 t = (time_t)when;

	if (localtime_r(&t, &tm) == NULL ||
	    strftime(text, 16, "%Y-%m-%d", &tm) == 0)
		text[0] = '\0';
}

/* Adds a date line if this is another day than that of the last line. */
static void
date_add(struct conversation *c, int64_t now)
{
	struct line	*last = TAILQ_LAST(&c->lines, lines);
	char		 today[16], before[16] = "";

	format_date(now, today);
	if (last != NULL)
		format_date(last->time, before);
	if (strcmp(today, before) != 0)
		line_add(c, LINE_DATE, now, today, strlen(today));
}

static struct line *
message_add(struct conversations *cs, struct conversation *c,
    enum line_kind kind, int64_t now, const char *label, const char *text,
    size_t len)
{
	struct line	*l;

	date_add(c, now);
	l = line_add(c, kind, now, text, len);
	strlcpy(l->label, label, sizeof(l->label));
	c->used = ++cs->clock;
	return (l);
}

void
conversation_foreign(struct conversations *cs, struct conversation *c,
    int64_t now, const uint8_t id[KEY_DIGEST_LEN], const char *label,
    const char *text, size_t len, int mention)
{
	struct offer	 offer;
	struct line	*l;

	l = message_add(cs, c, LINE_FOREIGN, now, label, text, len);
	memcpy(l->sender, id, sizeof(l->sender));
	l->offers = offer_find(&offer, text, len) == 0;
	if (c != cs->current) {
		c->unread++;
		c->mention |= mention;
	}
}

void
conversation_own(struct conversations *cs, struct conversation *c, int64_t now,
    uint64_t counter, const char *label, const char *text, size_t len)
{
	struct line	*l;

	l = message_add(cs, c, LINE_OWN, now, label, text, len);
	l->counter = counter;
	l->state = counter == 0 ? LINE_DONE : LINE_PENDING;
	c->ours = 1;
}

/* The same notice, not long ago. */
static struct line *
find_alike(struct conversation *c, enum line_kind kind, int64_t now,
    const char *text)
{
	struct line	*l;
	int		 n = 0;

	TAILQ_FOREACH_REVERSE(l, &c->lines, lines, entry) {
		if (n++ == ALIKE_LINES || l->time + ALIKE_SECONDS < now)
			return (NULL);
		if (l->kind == kind && strcmp(l->text, text) == 0)
			return (l);
		if (kind == LINE_NOTICE && l->kind != LINE_UNREADABLE)
			return (NULL);	/* it may be an answer: must be seen */
	}
	return (NULL);
}

static void
notice_add(struct conversation *c, enum line_kind kind, int64_t now,
    const char *text)
{
	struct line	*l;

	if ((l = find_alike(c, kind, now, text)) != NULL) {
		l->times++;
		return;
	}
	date_add(c, now);
	line_add(c, kind, now, text, strlen(text));
}

void
conversation_notice(struct conversation *c, int64_t now, const char *text)
{
	notice_add(c, LINE_NOTICE, now, text);
}

void
conversation_unreadable(struct conversation *c, int64_t now, const char *text)
{
	struct line	*l;
	int		 n = 0;

	TAILQ_FOREACH_REVERSE(l, &c->lines, lines, entry) {
		if (l->kind != LINE_UNREADABLE || n == UNREADABLE_MAX)
			break;
		n++;
	}
	if (n == UNREADABLE_MAX &&
	    find_alike(c, LINE_UNREADABLE, now, text) == NULL)
		text = UNREADABLE_MORE;
	notice_add(c, LINE_UNREADABLE, now, text);
}

/* ---- what became of it ---------------------------------------------------- */

void
conversations_sent(struct conversations *cs, uint64_t counter, const char *why)
{
	struct conversation	*c;
	struct line		*l;

	TAILQ_FOREACH(c, &cs->list, entry)
		TAILQ_FOREACH_REVERSE(l, &c->lines, lines, entry) {
			if (l->state != LINE_PENDING || l->counter != counter)
				continue;
			l->state = why == NULL ? LINE_DONE : LINE_REFUSED;
			strlcpy(l->why, why == NULL ? "" : why, sizeof(l->why));
			return;
		}
}

void
conversations_lost(struct conversations *cs)
{
	struct conversation	*c;
	struct line		*l;

	TAILQ_FOREACH(c, &cs->list, entry)
		TAILQ_FOREACH(l, &c->lines, entry)
			if (l->state == LINE_PENDING)
				l->state = LINE_UNKNOWN;
}

void
conversations_relabel(struct conversations *cs, const uint8_t id[KEY_DIGEST_LEN],
    const char *label)
{
	struct conversation	*c;
	struct line		*l;

	TAILQ_FOREACH(c, &cs->list, entry)
		TAILQ_FOREACH(l, &c->lines, entry)
			if (l->kind == LINE_FOREIGN &&
			    memcmp(l->sender, id, KEY_DIGEST_LEN) == 0)
				strlcpy(l->label, label, sizeof(l->label));
}

void
conversation_clear(struct conversation *c)
{
	struct line	*l;

	while ((l = TAILQ_FIRST(&c->lines)) != NULL)
		line_drop(c, l);
}
