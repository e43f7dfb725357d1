/*
 * Writing: after each turn of the loop, what a connection lacks goes out in as
 * few writes as its pieces allow.
 */

#include "compat.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>

#include "frame.h"
#include "front.h"
#include "link.h"
#include "list.h"
#include "output.h"
#include "relay.h"
#include "transfer.h"

#define TLS_RECORD	16384	/* octets of payload at most, RFC 8446 5.1 */
#define OUTPUT_IOV	16	/* stretches in one write */
#define FILE_TURN	(256 * 1024)	/* octets of a file in a turn: others wait */

enum piece_type {
	PIECE_OWN,		/* data */
	PIECE_CLOSE,		/* data, behind which nothing goes */
	PIECE_FRAME,		/* shared with other links */
	PIECE_LIST,
	PIECE_FILE,		/* of the one in fd */
	PIECE_SKIP		/* of the stream */
};

/* What goes to one connection when it has reached offset at of the stream. */
struct output_piece {
	STAILQ_ENTRY(output_piece)	 entry;
	enum piece_type			 type;
	uint64_t			 at;
	size_t				 off;		/* octets already sent */
	size_t				 len;
	struct list			*list;
	struct frame			*frame;
	int				 fd;
	off_t				 from;		/* in the file */
	int				 tell;		/* relay, when it is out */
	uint8_t				 data[];
};

static struct output_piece *
piece_new(struct conn *c, enum piece_type type, size_t len, size_t room)
{
	struct output_piece	*p;

	if ((p = malloc(sizeof(*p) + room)) == NULL)
		return (NULL);
	p->type = type;
	p->at = c->bound ? stream_end() : 0;
	if (p->at > c->stop)
		p->at = c->stop;
	p->off = 0;
	p->len = len;
	p->list = NULL;
	p->frame = NULL;
	p->fd = -1;
	p->tell = 0;
	STAILQ_INSERT_TAIL(&c->pieces, p, entry);
	c->queued += sizeof(*p) + room;
	return (p);
}

/* One that is in no queue any more. */
static void
piece_end(struct conn *c, struct output_piece *p)
{
	c->queued -= sizeof(*p);
	if (p->type == PIECE_OWN || p->type == PIECE_CLOSE ||
	    p->type == PIECE_FRAME)
		c->queued -= p->len;
	frame_unref(p->frame);
	if (p->fd != -1)
		close(p->fd);
	if (p->list != NULL) {
		c->list_queued = 0;
		relay_list_sent(c);
		list_unref(p->list);
	}
	free(p);
}

static void
piece_free(struct conn *c, struct output_piece *p)
{
	STAILQ_REMOVE(&c->pieces, p, output_piece, entry);
	piece_end(c, p);
}

static const uint8_t *
piece_data(const struct output_piece *p)
{
	if (p->list != NULL)
		return (p->list->data + p->list->start);
	return (p->frame != NULL ? p->frame->data : p->data);
}

int
output_raw(struct conn *c, const void *data, size_t len)
{
	struct output_piece	*p;

	if ((p = piece_new(c, PIECE_OWN, len, len)) == NULL)
		return (-1);
	memcpy(p->data, data, len);
	return (0);
}

static int
output_frame_piece(struct conn *c, enum piece_type type,
    enum websocket_opcode opcode, const void *data, size_t len)
{
	struct output_piece	*p;
	uint8_t			 header[WEBSOCKET_HEADER_MAX], mask[4];
	size_t			 n;
	int			 masked = link_dialled(c);

	if (masked)
		arc4random_buf(mask, sizeof(mask));
	n = websocket_header(header, opcode, 1, len, masked ? mask : NULL);
	if ((p = piece_new(c, type, n + len, n + len)) == NULL)
		return (-1);
	memcpy(p->data, header, n);
	memcpy(p->data + n, data, len);
	if (masked)
		websocket_mask(p->data + n, len, mask, 0);
	return (0);
}

int
output_frame(struct conn *c, enum websocket_opcode opcode, const void *data,
    size_t len)
{
	return (output_frame_piece(c, PIECE_OWN, opcode, data, len));
}

/* The newest piece waits, if texts do. */
static void
output_hold(struct conn *c)
{
	struct output_piece	*p;

	if (!c->link->hold)
		return;
	p = STAILQ_LAST(&c->pieces, output_piece, entry);
	STAILQ_REMOVE(&c->pieces, p, output_piece, entry);
	STAILQ_INSERT_TAIL(&c->link->held, p, entry);
}

int
output_shared(struct conn *c, struct frame *f, int tell)
{
	struct output_piece	*p;

	if ((p = piece_new(c, PIECE_FRAME, f->len, 0)) == NULL)
		return (-1);
	p->frame = frame_ref(f);
	p->tell = tell;
	c->queued += f->len;
	output_hold(c);
	return (0);
}

int
output_barrier(struct conn *c, const void *data, size_t len)
{
	if (output_frame(c, WEBSOCKET_PING, data, len) == -1)
		return (-1);
	output_hold(c);
	return (0);
}

int
output_close(struct conn *c, uint16_t code, const char *reason)
{
	uint8_t	payload[WEBSOCKET_CONTROL_MAX];
	size_t	len;

	len = websocket_close_payload(payload, code, reason);
	return (output_frame_piece(c, PIECE_CLOSE, WEBSOCKET_CLOSE, payload,
	    len));
}

int
output_list(struct conn *c, struct list *l)
{
	struct output_piece	*p;

	if ((p = piece_new(c, PIECE_LIST, l->len - l->start, 0)) == NULL)
		return (-1);
	list_ref(l);
	p->list = l;
	c->list_queued = 1;
	return (0);
}

int
output_file(struct conn *c, int fd, uint64_t from, uint64_t len)
{
	struct output_piece	*p;

	if ((p = piece_new(c, PIECE_FILE, (size_t)len, 0)) == NULL)
		return (-1);
	p->fd = fd;
	p->from = (off_t)from;
	return (0);
}

static struct output_piece *
output_list_piece(const struct conn *c)
{
	struct output_piece	*p;

	STAILQ_FOREACH(p, &c->pieces, entry)
		if (p->list != NULL)
			break;
	return (p);
}

void
output_list_renew(struct conn *c, struct list *newest)
{
	struct output_piece	*p = output_list_piece(c);

	if (p == NULL || p->off > 0 ||
	    (c->begun > 0 && p == STAILQ_FIRST(&c->pieces)))
		return;
	list_ref(newest);
	list_unref(p->list);
	p->list = newest;
	p->len = newest->len - newest->start;
}

struct list *
output_list_held(const struct conn *c)
{
	struct output_piece	*p = output_list_piece(c);

	return (p != NULL ? p->list : NULL);
}

int
output_skip(struct conn *c, size_t len)
{
	return (piece_new(c, PIECE_SKIP, len, 0) == NULL ? -1 : 0);
}

/*
 * Adds own pieces, as many as go in one write, that follow p at this place of
 * the stream.
 */
static int
output_more(struct conn *c, struct output_piece *p, struct iovec *iov, int i)
{
	while (i < OUTPUT_IOV && (p = STAILQ_NEXT(p, entry)) != NULL &&
	    p->type != PIECE_SKIP && p->type != PIECE_FILE &&
	    p->at <= c->pos.at) {
		iov[i].iov_base = (void *)(uintptr_t)piece_data(p);
		iov[i++].iov_len = p->len;
	}
	return (i);
}

/*
 * The next octets to write, at most OUTPUT_IOV stretches.  Returns how many
 * stretches there are; none: nothing waits.
 */
static int
output_next(struct conn *c, struct iovec iov[OUTPUT_IOV])
{
	struct output_piece	*p = STAILQ_FIRST(&c->pieces);
	const uint8_t		*data;
	uint64_t		 limit = c->stop;
	size_t			 n;

	while (p != NULL && p->type == PIECE_SKIP && p->at == c->pos.at) {
		stream_advance(&c->pos, p->len);
		piece_free(c, p);
		p = STAILQ_FIRST(&c->pieces);
	}
	if (p == NULL || p->at > c->pos.at) {
		if (p != NULL && p->at < limit)
			limit = p->at;
		if ((n = stream_peek(&c->pos, limit, &data)) == 0)
			return (0);
		iov[0].iov_base = (void *)(uintptr_t)(data);
		iov[0].iov_len = n;
		return (1);
	}
	iov[0].iov_base = (void *)(uintptr_t)(piece_data(p) + p->off);
	iov[0].iov_len = p->len - p->off;
	return (output_more(c, p, iov, 1));
}

/* Takes n written octets off the queue. */
static void
output_sent(struct conn *c, size_t n)
{
	struct output_piece	*p;
	size_t			 part;

	front_stats.value[FRONT_BYTES_OUT] += n;
	while (n > 0) {
		p = STAILQ_FIRST(&c->pieces);
		if (p == NULL || p->at > c->pos.at) {
			stream_advance(&c->pos, n);
			return;
		}
		part = p->len - p->off;
		if (n < part) {
			p->off += n;
			return;
		}
		n -= part;
		if (p->type == PIECE_CLOSE)
			c->close_sent = 1;
		if (p->tell)
			relay_link_sent(c);
		piece_free(c, p);
	}
}

/* Returns octets written; 0: try later; -1: the connection is broken. */
static ssize_t
output_write(struct conn *c, const struct iovec *iov, int n)
{
	ssize_t	r;

	front_stats.value[FRONT_WRITES]++;
	if (c->tls == NULL) {
		if (n == 1)
			r = write(c->fd, iov->iov_base, iov->iov_len);
		else
			r = writev(c->fd, iov, n);
		if (r == -1 && (errno == EAGAIN || errno == EINTR))
			return (0);
		return (r);
	}
	r = tls_write(c->tls, iov->iov_base, iov->iov_len);
	/* half a record is out: the rest must follow, whatever is dropped */
	c->begun = r >= 0 ? 0 : iov->iov_len < TLS_RECORD ? iov->iov_len :
	    TLS_RECORD;
	if (r == TLS_WANT_POLLIN)
		c->tls_wants = EV_READ;
	return (r == TLS_WANT_POLLIN || r == TLS_WANT_POLLOUT ? 0 : r);
}

/* By way of our own memory: for TLS, and where there is no sendfile. */
static ssize_t
output_file_copy(struct conn *c, const struct output_piece *p, size_t len)
{
	static uint8_t	buffer[4 * TLS_RECORD];
	struct iovec	iov;
	ssize_t		n;

	if (len > sizeof(buffer))
		len = sizeof(buffer);
	if ((n = pread(p->fd, buffer, len, p->from + (off_t)p->off)) <= 0)
		return (-1);
	iov.iov_base = buffer;
	iov.iov_len = (size_t)n;
	return (output_write(c, &iov, 1));
}

/* Returns octets written; 0: try later; -1: the connection is broken. */
static ssize_t
output_file_write(struct conn *c, const struct output_piece *p, size_t len)
{
	ssize_t	n;

	if (c->tls != NULL)
		return (output_file_copy(c, p, len));
	n = send_file(c->fd, p->fd, p->from + (off_t)p->off, len);
	if (n == -1 && errno == ENOSYS)
		return (output_file_copy(c, p, len));
	front_stats.value[FRONT_WRITES]++;
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return (0);
	return (n == 0 ? -1 : n);
}

/*
 * Writes of the file that is next, if one is.  Returns 1 if that is all for
 * now, 0 if there may be more of other things, -1 if the connection is gone.
 */
static int
output_flush_file(struct conn *c, int *moved)
{
	struct output_piece	*p;
	size_t			 left = FILE_TURN, want;
	ssize_t			 n;

	while ((p = STAILQ_FIRST(&c->pieces)) != NULL &&
	    p->type == PIECE_FILE) {
		want = p->len - p->off < left ? p->len - p->off : left;
		if (want == 0)
			return (1);
		if ((n = output_file_write(c, p, want)) == -1) {
			conn_free(c);
			return (-1);
		}
		if (n == 0)
			return (1);
		*moved = 1;
		left -= (size_t)n;
		front_stats.value[FRONT_DOWNLOAD_BYTES] += (uint64_t)n;
		output_sent(c, (size_t)n);
	}
	return (0);
}

int
output_flush(struct conn *c)
{
	struct iovec	iov[OUTPUT_IOV];
	ssize_t		r;
	size_t		want;
	int		n, i, moved = 0;

	for (;;) {
		if ((n = output_flush_file(c, &moved)) == -1)
			return (-1);
		if (n == 1) {
			conn_progress(c, 1, moved);
			return (0);
		}
		if (c->close_sent || (n = output_next(c, iov)) <= 0)
			break;
		for (want = 0, i = 0; i < n; i++)
			want += iov[i].iov_len;
		if ((r = output_write(c, iov, n)) == -1) {
			conn_free(c);
			return (-1);
		}
		output_sent(c, (size_t)r);
		moved |= r > 0;
		/* a short write to a socket says that it is full */
		if (r == 0 || (c->tls == NULL && (size_t)r < want)) {
			conn_progress(c, 1, moved);
			return (0);
		}
	}
	conn_progress(c, 0, moved);
	if (c->list_again && !c->list_queued && c->state == CONN_OPEN) {
		c->list_again = 0;
		if (output_list(c, list_newest()) == 0)
			return (output_flush(c));
	}
	if (c->state == CONN_REQUEST)
		transfer_drained(c);
	else if (c->state >= CONN_CLOSING)
		conn_drained(c);
	return (0);
}

uint64_t
output_waiting(const struct conn *c)
{
	return (c->queued + (c->pos.block != NULL ?
	    stream_end() - c->pos.at : 0));
}

int
output_empty(const struct conn *c)
{
	return (STAILQ_EMPTY(&c->pieces) && (c->pos.block == NULL ||
	    c->pos.at >= stream_end() || c->pos.at >= c->stop));
}

static void
output_drop_held(struct conn *c)
{
	struct output_piece	*p;

	if (c->link == NULL)
		return;
	while ((p = STAILQ_FIRST(&c->link->held)) != NULL) {
		STAILQ_REMOVE_HEAD(&c->link->held, entry);
		piece_end(c, p);
	}
}

void
output_drop(struct conn *c)
{
	struct stream_pos	 ahead = c->pos;
	struct output_piece	*p, *next;
	int			 begun;

	p = STAILQ_FIRST(&c->pieces);
	begun = p != NULL && p->at <= c->pos.at &&
	    (p->off > 0 || c->begun > 0);
	ahead.at += c->begun;
	if (c->pos.block != NULL)
		c->stop = begun ? c->pos.at : stream_boundary(&ahead);
	if (begun)
		p = STAILQ_NEXT(p, entry);
	for (; p != NULL; p = next) {
		next = STAILQ_NEXT(p, entry);
		piece_free(c, p);
	}
	output_drop_held(c);
}

void
output_free(struct conn *c)
{
	struct output_piece	*p;

	while ((p = STAILQ_FIRST(&c->pieces)) != NULL)
		piece_free(c, p);
	output_drop_held(c);
	stream_leave(&c->pos);
}
