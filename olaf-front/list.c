/*
 * Versions of the client_list.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "front.h"
#include "list.h"
#include "output.h"
#include "websocket.h"

#define LIST_MAX	((size_t)1024 * 1024 * 1024)	/* two million users */
#define LIST_BUDGET	((size_t)64 * 1024 * 1024)	/* in versions but the newest */

static TAILQ_HEAD(lists, list)	 lists = TAILQ_HEAD_INITIALIZER(lists);
static struct list		*building;	/* not in lists yet */
static size_t			 held;		/* octets in lists */

static void
list_free(struct list *l)
{
	TAILQ_REMOVE(&lists, l, entry);
	held -= l->size;
	free(l->data);
	free(l);
}

static struct list *
list_new(uint64_t version)
{
	struct list	*l;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return (NULL);
	l->version = version;
	l->len = WEBSOCKET_HEADER_MAX;	/* room for the header */
	return (l);
}

static int
list_grow(struct list *l, size_t more)
{
	uint8_t	*data;
	size_t	 size = l->size == 0 ? 4096 : l->size;

	if (more > LIST_MAX || l->len + more > LIST_MAX)
		return (-1);
	while (size < l->len + more)
		size *= 2;
	if (size == l->size)
		return (0);
	if ((data = realloc(l->data, size)) == NULL)
		return (-1);
	l->data = data;
	l->size = size;
	return (0);
}

/* Who has not begun to read an old version gets the newest. */
static void
list_renew(struct conn *c, void *newest)
{
	if (c->list_queued)
		output_list_renew(c, newest);
}

/* There is no place for a close frame within the frame that they are in. */
static void
list_cut(struct conn *c, void *old)
{
	if (c->list_queued && output_list_held(c) == old) {
		front_stats.value[FRONT_SLOW_CONSUMERS]++;
		conn_free(c);
	}
}

/*
 * Old versions may hold so much; the eldest go first, with whoever is so
 * slow.
 */
static void
list_trim(struct list *newest)
{
	struct list	*l, *next;

	TAILQ_FOREACH_SAFE(l, &lists, entry, next)
		if (l != newest && l->refs == 0)
			list_free(l);
	while (held - newest->size > LIST_BUDGET)
		conn_each(list_cut, TAILQ_FIRST(&lists));
}

/* The header goes right before the text. */
static void
list_finish(struct list *l)
{
	uint8_t	header[WEBSOCKET_HEADER_MAX];
	size_t	n;

	n = websocket_header(header, WEBSOCKET_TEXT, 1,
	    l->len - WEBSOCKET_HEADER_MAX, NULL);
	l->start = WEBSOCKET_HEADER_MAX - n;
	memcpy(l->data + l->start, header, n);
	TAILQ_INSERT_TAIL(&lists, l, entry);
	held += l->size;
	conn_each(list_renew, l);
	list_trim(l);
}

int
list_part(uint64_t version, int last, const void *text, size_t len)
{
	if (building == NULL && (building = list_new(version)) == NULL)
		return (-1);
	if (building->version != version ||
	    (list_newest() != NULL && version <= list_newest()->version) ||
	    list_grow(building, len) == -1)
		return (-1);
	memcpy(building->data + building->len, text, len);
	building->len += len;
	if (last) {
		list_finish(building);
		building = NULL;
	}
	return (0);
}

struct list *
list_get(uint64_t version)
{
	struct list	*l = list_newest();

	return (l != NULL && l->version == version ? l : NULL);
}

struct list *
list_newest(void)
{
	return (TAILQ_LAST(&lists, lists));
}

void
list_ref(struct list *l)
{
	l->refs++;
}

void
list_unref(struct list *l)
{
	if (--l->refs == 0 && l != list_newest())
		list_free(l);
}
