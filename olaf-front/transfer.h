/*
 * A request about files, from its head to the last octet of the answer.
 */

#ifndef TRANSFER_H
#define TRANSFER_H

#include <sys/tree.h>

#include "conn.h"
#include "http.h"
#include "reply.h"

struct upload;
struct download;

enum transfer_state {
	TRANSFER_ASKED,		/* olaf-files has yet to open something */
	TRANSFER_BODY,		/* of an upload, is being read */
	TRANSFER_COMMIT		/* olaf-files has yet to keep it */
};

/*
 * Ends with the answer; while that is being sent the connection has no transfer
 * any more, but is busy.
 */
struct transfer {
	RB_ENTRY(transfer)	 by_number;
	uint64_t		 number;	/* as olaf-files knows it */
	struct conn		*conn;
	enum transfer_state	 state;
	uint8_t			 keep;		/* the connection goes on afterwards */
	uint8_t			 head;		/* the method is HEAD */
	uint8_t			 shared;	/* with the asking page's origin */
	const char		*why;		/* of an error; NULL: what it always is */
	struct upload		*upload;	/* one of the two */
	struct download		*download;
};

/*
 * A request about files, its head at hand; the connection is in state
 * CONN_REQUEST afterwards, or gone, or lingers.
 */
void		 transfer_begin(struct conn *, const struct http_request *);

/*
 * Input behind the head.  Returns octets used, or -1 if the connection is
 * gone.
 */
ssize_t		 transfer_input(struct conn *, const uint8_t *p, size_t len);

/* NULL if it has ended. */
struct transfer	*transfer_find(uint64_t number);

/* olaf-files is through: what it has to do may go on. */
void		 transfer_resume(struct transfer *);
/* Nothing is read until olaf-files answers. */
void		 transfer_wait(struct transfer *, enum transfer_state);

/*
 * Queue an answer, and end the transfer.  r needs status, fields, type, body
 * and length; an error the status alone.  A file that follows is queued in
 * between: fd is taken over, -1 for none.
 */
void		 transfer_answer(struct transfer *, struct reply *r, int fd,
		    uint64_t from, uint64_t len);
void		 transfer_fail(struct transfer *, int status);

/* All output of a connection in CONN_REQUEST is written. */
void		 transfer_drained(struct conn *);
/* No progress for too long. */
void		 transfer_stalled(struct conn *);
/* The connection is being freed. */
void		 transfer_forget(struct conn *);

/*
 * May the page that asks, if one does, read the answer; and may it ask for more
 * than any page may: it is of our own origin, or of the one that is configured?
 */
int		 transfer_shared(const struct http_request *);
int		 transfer_trusted(const struct http_request *);

/* Is a descriptor with this number too near to the last one there can be? */
int		 transfer_crowded(int fd);

#endif
