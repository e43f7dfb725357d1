/*
 * A channel to another of our processes, or to an olafctl: imsg over a
 * socketpair, in an event loop.  The only caller of imsgbuf_*.
 */

#ifndef CHAN_H
#define CHAN_H

#include <sys/types.h>
#include <sys/queue.h>

#include <imsg.h>

#include "msgrules.h"

struct chan;

/*
 * Called for each message that the table allows; imsg is the channel's and
 * valid until the handler returns, unless chan_steal took it.  A NULL imsg:
 * the peer is gone, and the handler must (once) chan_free or exit.
 */
typedef void (*chan_handler)(struct chan *, struct imsg *, void *arg);

/* Who we are, for the table; once, first of all. */
void		 chan_init(enum role self);
void		 chan_set_phase(enum phase phase);
enum phase	 chan_phase(void);

/*
 * Takes over fd, which becomes non-blocking. number tells several peers of
 * one role apart.  Reads at once.  Exits when out of memory.
 */
struct chan	*chan_new(int fd, enum role peer, unsigned int number,
		    chan_handler handler, void *arg);
/* May be called from within the handler.  NULL is fine. */
void		 chan_free(struct chan *);

enum role	 chan_peer(const struct chan *);
unsigned int	 chan_number(const struct chan *);
int		 chan_fd(const struct chan *);
/* "olaf-relay", "olaf-front 1" …; static memory. */
const char	*chan_name(const struct chan *);

/*
 * Sending: open, put fields, close.  What is sent in one turn of the loop
 * leaves in one write.  Exits when out of memory.
 */
struct ibuf	*chan_open(struct chan *, enum msg_type type, size_t size);
void		 chan_close(struct chan *, struct ibuf *);
/* A message without fields, and one with a descriptor, which is given away. */
void		 chan_send(struct chan *, enum msg_type type);
void		 chan_close_fd(struct chan *, struct ibuf *, int fd);

/*
 * Writes all that is queued, waiting up to timeout milliseconds: before an
 * exit, and nowhere else.  Returns 0, or -1 if it could not.
 */
int		 chan_flush(struct chan *, int timeout);

/*
 * The one synchronous call (TLS asks for signatures within its handshake):
 * sends what was closed and waits for the next message, which must be of type
 * answer: it is given to the caller, for imsg_free.  Exits if the peer is
 * gone or breaks the rules.
 */
void		 chan_call(struct chan *, enum msg_type answer, struct imsg *);

/*
 * Is more queued than the peer should be owed?  True from 1 MiB until all is
 * written; drained is then called.
 */
int		 chan_behind(const struct chan *);
void		 chan_on_drained(struct chan *, void (*drained)(struct chan *, void *));
/* Octets queued, roughly. */
size_t		 chan_queued(const struct chan *);

/* Stop and go on reading from the peer. */
void		 chan_pause(struct chan *);
void		 chan_resume(struct chan *);

/*
 * The descriptor that came with the message in hand, now the caller's to
 * close, or -1.  One that no handler takes is closed.
 */
int		 chan_take_fd(struct chan *);

/*
 * Keeps a message beyond its handler: moves it to kept, for imsg_free later.
 */
void		 chan_steal(struct imsg *imsg, struct imsg *kept);

/*
 * The peer sent what its message pair does not allow: logs it by name and
 * ends this process.  In the parent, in the client and for an olafctl, the
 * handler is called with NULL instead, and chan_breached is true.  Call it from a
 * handler and return.
 */
void		 chan_breach(struct chan *, const char *why);
int		 chan_breached(const struct chan *);

#endif
