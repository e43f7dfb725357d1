/*
 * The texts of client_list: each version is kept once, as a frame, for all who
 * asked for it.
 */

#ifndef LIST_H
#define LIST_H

#include <stddef.h>
#include <stdint.h>

struct list {
	uint64_t	 version;
	unsigned int	 refs;		/* connections that it is being sent to */
	int		 complete;
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
/* Gives a reference up; tells relay when a version is no longer held. */
void		 list_unref(struct list *);

#endif
