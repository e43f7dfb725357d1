/*
 * Versions of the client_list.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "front.h"
#include "list.h"
#include "websocket.h"

#define LIST_MAX	((size_t)1024 * 1024 * 1024)	/* two million users */

static struct list	*newest;	/* complete */
static struct list	*building;

static void
list_free(struct list *l)
{
	front_list_free(l->version);
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
	l->complete = 1;
	if (newest != NULL && newest->refs == 0)
		list_free(newest);
	newest = l;
}

int
list_part(uint64_t version, int last, const void *text, size_t len)
{
	if (building == NULL && (building = list_new(version)) == NULL)
		return (-1);
	if (building->version != version ||
	    (newest != NULL && version <= newest->version) ||
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
	return (newest != NULL && newest->version == version ? newest : NULL);
}

struct list *
list_newest(void)
{
	return (newest);
}

void
list_ref(struct list *l)
{
	l->refs++;
}

void
list_unref(struct list *l)
{
	if (--l->refs == 0 && l != newest)
		list_free(l);
}
