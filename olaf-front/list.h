/*
 * The texts of client_list: each version is kept once, as a frame, for all
 * who asked for it.  Those that were not begun go out in the newest version;
 * when the others hold too much memory, who holds the eldest is cut.
 */

#ifndef LIST_H
#define LIST_H

#include <sys/queue.h>

#include <stddef.h>
#include <stdint.h>

struct list {
	TAILQ_ENTRY(list) entry;
	uint64_t	 version;
	unsigned int	 refs;		/* connections that it is being sent to */
	uint8_t		*data;		/* the frame, header included */
	size_t		 start;		/* where the header begins */
	size_t		 len;		/* where the frame ends */
	size_t		 size;
};

/* A piece from relay.  Returns -1 if it is out of turn or too large. */
int		 list_part(uint64_t version, int last, const void *, size_t);
/* The newest complete list, if it is of that version; otherwise NULL. */
struct list	*list_get(uint64_t version);
struct list	*list_newest(void);
void		 list_ref(struct list *);
/* Gives a reference up. */
void		 list_unref(struct list *);

#endif
