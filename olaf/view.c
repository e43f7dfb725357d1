/*
 * Which part of a conversation is seen.  A place is a line and how many of its
 * rows are below the window: so what is added at the end moves nothing, and a
 * change of the width little.
 */

#include "compat.h"

#include "render.h"
#include "view.h"

static struct line *
lowest(struct conversation *c)
{
	return (c->bottom != NULL ? c->bottom : TAILQ_LAST(&c->lines, lines));
}

void
view_end(struct conversation *c)
{
	c->bottom = NULL;
	c->hidden = 0;
}

struct line *
view_top(struct conversation *c, int height, int columns, size_t *above)
{
	struct line	*l, *top = NULL;
	size_t		 rows = 0, wanted = (size_t)height + c->hidden;

	for (l = lowest(c); l != NULL && rows < wanted;
	    l = TAILQ_PREV(l, lines, entry)) {
		rows += render_rows(l, columns);
		top = l;
	}
	*above = rows > wanted ? rows - wanted : 0;
	return (top);
}

/* Rows from the oldest line to the bottom of the window; counts up to enough. */
static size_t
rows_from_first(struct conversation *c, size_t enough, int columns)
{
	struct line	*l;
	size_t		 rows = 0;

	for (l = lowest(c); l != NULL && rows < enough + c->hidden;
	    l = TAILQ_PREV(l, lines, entry))
		rows += render_rows(l, columns);
	return (rows > c->hidden ? rows - c->hidden : 0);
}

void
view_back(struct conversation *c, size_t rows, int height, int columns)
{
	size_t	 seen, here;

	seen = rows_from_first(c, (size_t)height + rows, columns);
	if (seen <= (size_t)height)
		return;
	if (rows > seen - (size_t)height)
		rows = seen - (size_t)height;
	c->bottom = lowest(c);
	c->hidden += rows;
	while (c->hidden >= (here = render_rows(c->bottom, columns)) &&
	    TAILQ_PREV(c->bottom, lines, entry) != NULL) {
		c->hidden -= here;
		c->bottom = TAILQ_PREV(c->bottom, lines, entry);
	}
}

void
view_forth(struct conversation *c, size_t rows, int columns)
{
	while (c->bottom != NULL && rows >= c->hidden) {
		rows -= c->hidden;
		c->hidden = 0;
		if (rows == 0)
			break;
		if ((c->bottom = TAILQ_NEXT(c->bottom, entry)) != NULL)
			c->hidden = render_rows(c->bottom, columns);
	}
	if (c->bottom != NULL)
		c->hidden -= rows;
	if (c->bottom == NULL || (c->hidden == 0 &&
	    TAILQ_NEXT(c->bottom, entry) == NULL))
		view_end(c);
}

size_t
view_below(const struct conversation *c)
{
	const struct line	*l;
	size_t			 n = 0;

	if (c->bottom == NULL)
		return (0);
	for (l = TAILQ_NEXT(c->bottom, entry); l != NULL;
	    l = TAILQ_NEXT(l, entry))
		n++;
	return (n + (c->hidden > 0));
}
