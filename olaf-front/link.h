/*
 * Connections that are links to neighbours: what relay sends on them, and what
 * only they have.
 */

#ifndef LINK_H
#define LINK_H

#include "conn.h"
#include "msg_conn.h"

struct conn_link {
	TAILQ_ENTRY(conn_link)	 entry;
	struct conn		*conn;
	struct dial		*dial;		/* under way; NULL: it stands */
	int			 dialled;	/* by us: we mask */
	int			 hold;		/* texts wait */
	STAILQ_HEAD(, output_piece)	 held;	/* these */
	uint64_t		 pings;		/* barriers sent on it */
	uint64_t		 pongs;		/* and answered */
};

/*
 * The connection is a link: one that is being dialled, or (NULL) one that was
 * accepted.  Returns 0, or -1 when out of memory.
 */
int	 link_new(struct conn *, struct dial *);
/* It goes: what waits is dropped, and a dial under way is told. */
void	 link_free(struct conn *);
int	 link_dialled(const struct conn *);

/* What relay says: MSG_DELIVER_LINKS, MSG_LINK_PING, MSG_LINK_HOLD. */
void	 link_deliver(const struct msg_links *);
void	 link_ping(struct conn *);
void	 link_hold(struct conn *, int hold);

/* The peer's pong. */
void	 link_pong(struct conn *, const uint8_t *data, size_t len);

/* Writes what was queued on links in this turn of the loop. */
void	 link_flush_all(void);

#endif
