/*
 * One connection, from accept or connect to close: a client's, or a link to a
 * neighbour.
 */

#ifndef CONN_H
#define CONN_H

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/tree.h>

#include <event.h>
#include <stdint.h>

#include "load.h"
#include "stream.h"
#include "websocket.h"

struct tls;
struct tls_server;
struct output_piece;

struct conn_link;
struct dial;
struct transfer;

enum conn_state {
	CONN_CONNECT,		/* we dialled: TCP */
	CONN_HANDSHAKE,		/* TLS */
	CONN_HEAD,		/* an HTTP request is awaited */
	CONN_ANSWER,		/* we dialled: the answer to ours is */
	CONN_KEEP,		/* a request is answered, another one may come */
	CONN_REQUEST,		/* one about files is under way: transfer.c */
	CONN_OPEN,		/* a WebSocket; hello is awaited until bound */
	CONN_CLOSING,		/* our close frame is queued or sent */
	CONN_LINGER		/* nothing more to say: until the peer is through too */
};

struct conn {
	RB_ENTRY(conn)		 by_id;
	TAILQ_ENTRY(conn)	 by_age;	/* in the list of its state */
	TAILQ_ENTRY(conn)	 entry_bound;
	TAILQ_ENTRY(conn)	 entry_held;
	TAILQ_ENTRY(conn)	 entry_blocked;
	TAILQ_ENTRY(conn)	 entry_again;
	uint64_t		 id;
	struct event		 event;
	struct tls		*tls;		/* NULL: plain */
	struct tls_server	*server;	/* whose certificates it has */
	struct conn_link	*link;		/* NULL: a client's, or not known yet */
	struct transfer		*transfer;	/* NULL: none, or it is answered */
	int			 fd;
	uint8_t			 state;
	uint8_t			 bound;
	uint8_t			 told;		/* relay knows it */
	uint8_t			 held;		/* not read from: hold.c */
	uint8_t			 waits;		/* neither: until we know whose it is */
	uint8_t			 busy;		/* nor while a request is not answered */
	uint8_t			 answered;	/* it is, as soon as all is written */
	uint8_t			 keep;		/* and then another may come */
	uint8_t			 reread;	/* what was kept is to be judged again */
	uint8_t			 again;		/* is read from in the next turn */
	uint8_t			 blocked;	/* not writable */
	uint8_t			 pinged;
	uint8_t			 peer_closed;	/* its close frame came */
	uint8_t			 close_sent;	/* ours went: write no more */
	uint8_t			 list_queued;	/* a client_list is under way */
	uint8_t			 list_again;	/* a newer one is wanted after it */
	uint8_t			 tls_wants;	/* EV_READ, EV_WRITE beyond the usual */
	uint16_t		 refuse;	/* 503 or 429 once its request is read */
	short			 events;	/* what event waits for */
	struct websocket	 ws;
	uint8_t			*in;		/* input not used up yet */
	size_t			 inlen;
	uint8_t			*msg;		/* a message not complete yet */
	size_t			 msglen, msgsize;
	struct stream_pos	 pos;		/* bound only */
	uint64_t		 stop;		/* don't send the stream beyond */
	STAILQ_HEAD(, output_piece)	 pieces;	/* its own output */
	size_t			 begun;		/* octets that TLS has taken in, not yet out */
	uint64_t		 queued;	/* octets in pieces, lists apart */
	uint64_t		 owed;		/* cost of texts that relay has not done */
	int64_t			 since;		/* ms; of its state or last input */
	int64_t			 held_since;
	int64_t			 blocked_since;
	struct load_place	 load;
	struct sockaddr_storage	*address;	/* until relay is told */
};
TAILQ_HEAD(conns, conn);

/* Once, before any other, with the event loop there. */
void		 conn_init(void);

/* Takes over fd, tls and server (NULL for plain). */
void		 conn_new(int fd, struct tls *tls, struct tls_server *,
		    const struct sockaddr_storage *address);
/* The same for a connection to a neighbour that is under way. */
struct conn	*conn_dial(int fd, struct dial *,
		    const struct sockaddr_storage *address);
/* A client's connection is a neighbour's link. */
void		 conn_link(struct conn *);
/* Closes at once and forgets; relay is told. */
void		 conn_free(struct conn *);
struct conn	*conn_find(uint64_t id);
unsigned int	 conn_count(void);
unsigned int	 conn_bound_count(void);

/*
 * Relay says that the connection belongs to a user: it gets all that goes to
 * everybody.
 */
void		 conn_bind(struct conn *);

/*
 * Begins the close handshake after all that is queued (RFC 6455 7.1.2);
 * conn_cut drops what is queued, but for a frame that is under way.
 */
void		 conn_close(struct conn *, uint16_t code, const char *reason);
void		 conn_cut(struct conn *, uint16_t code, const char *reason);

/* The longest messages that are taken have changed. */
void		 conn_limit_all(void);

/* Moves to another state; its time begins. */
void		 conn_enter(struct conn *, enum conn_state);
/* Something came from the peer. */
void		 conn_touch(struct conn *);

/* Waits for what the connection's state calls for. */
void		 conn_watch(struct conn *);
/*
 * After writing: is output left that the peer does not take, and did it take
 * any?
 */
void		 conn_progress(struct conn *, int blocked, int moved);
/* All output is written. */
void		 conn_drained(struct conn *);

/* Sends what each bound connection lacks of the stream. */
void		 conn_flush_all(void);

/*
 * From now on nobody is read from; close all once relay owes nothing, then
 * exit.
 */
void		 conn_stop(void);
/* Has that begun? */
int		 conn_stopping(void);
/* May the process end? */
int		 conn_stopped(void);

/* Closes what is overdue: called twice a second while there are connections. */
void		 conn_tick(int64_t now);

/* Calls f for each connection; f may free the one that it is given. */
void		 conn_each(void (*f)(struct conn *, void *), void *arg);

/* Calls f for each bound connection; f may free the one that it is given. */
void		 conn_each_bound(void (*f)(struct conn *, void *), void *arg);

/* For MSG_QUEUES: calls f for each connection for which something waits. */
void		 conn_each_queue(void (*f)(uint64_t id, uint64_t octets, void *),
		    void *arg);

#endif
