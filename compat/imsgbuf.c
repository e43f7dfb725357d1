/*
 * The channel on which messages between processes go: imsgbuf_init(3).
 *
 * Reading takes as much as one buffer holds in one call; a message is copied
 * out of it when it is asked for, into one allocation of its own.  A message
 * longer than the buffer gets its allocation once its header was checked, and
 * is read right into it.
 *
 * Descriptors.  On Linux a read may return octets from before a descriptor
 * together with it, so its place in the stream has to be known otherwise.  The
 * sender marks the header of the message that owns one and starts a sendmsg(2)
 * with that message's first octet; the kernel hands out at most the
 * descriptors of one sendmsg in a recvmsg(2), which is the one that returns
 * that first octet.  So a descriptor belongs to the first marked message that
 * begins among the octets of its read, and one that is not claimed when the
 * next read begins never will be: it is closed.  There is never more than one
 * waiting besides the one of the message that is under way.
 */

#include "compat.h"

#ifndef HAVE_IMSG

#include <sys/socket.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"
#include "imsgbuf.h"

#define IMSG_READ_SIZE		65536

#ifndef IOV_MAX
#define IOV_MAX			1024
#endif

struct imsgbuf_io {
	TAILQ_HEAD(, ibuf)	 out;
	uint32_t		 nout;
	struct ibuf		*large;	/* message under way, longer than in */
	int			 headfd;	/* of the message at rpos, which
						 * began before the last read */
	int			 newfd;		/* came with the last read */
	size_t			 fresh;		/* where the last read begins */
	size_t			 rpos;
	size_t			 wpos;
	unsigned char		 in[IMSG_READ_SIZE];
};

/* ---- the channel ------------------------------------------------------- */

int
imsgbuf_init(struct imsgbuf *imsgbuf, int fd)
{
	struct imsgbuf_io	*io;

	if ((io = malloc(sizeof(*io))) == NULL)
		return (-1);
	/* all but in[], so that what is not used costs no memory */
	memset(io, 0, offsetof(struct imsgbuf_io, in));
	TAILQ_INIT(&io->out);
	io->headfd = io->newfd = -1;

	imsgbuf->io = io;
	imsgbuf->pid = getpid();
	imsgbuf->maxsize = MAX_IMSGSIZE;
	imsgbuf->fd = fd;
	imsgbuf->flags = 0;
	return (0);
}

void
imsgbuf_allow_fdpass(struct imsgbuf *imsgbuf)
{
	imsgbuf->flags |= IMSG_ALLOW_FDPASS;
}

int
imsgbuf_set_maxsize(struct imsgbuf *imsgbuf, uint32_t max)
{
	if (max >= IMSG_FD_MARK - IMSG_HEADER_SIZE) {
		errno = ERANGE;
		return (-1);
	}
	imsgbuf->maxsize = max + IMSG_HEADER_SIZE;
	return (0);
}

static void
fd_drop(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

void
imsgbuf_push(struct imsgbuf *imsgbuf, struct ibuf *buf)
{
	TAILQ_INSERT_TAIL(&imsgbuf->io->out, buf, entry);
	imsgbuf->io->nout++;
}

static void
imsgbuf_pop(struct imsgbuf_io *io)
{
	struct ibuf	*buf;

	buf = TAILQ_FIRST(&io->out);
	TAILQ_REMOVE(&io->out, buf, entry);
	io->nout--;
	ibuf_free(buf);
}

void
imsgbuf_clear(struct imsgbuf *imsgbuf)
{
	struct imsgbuf_io	*io = imsgbuf->io;

	if (io == NULL)
		return;
	while (!TAILQ_EMPTY(&io->out))
		imsgbuf_pop(io);
	ibuf_free(io->large);
	fd_drop(&io->headfd);
	fd_drop(&io->newfd);
	freezero(io, sizeof(*io));
	imsgbuf->io = NULL;
}

/* ---- reading ----------------------------------------------------------- */

static size_t
header_len(const struct imsg_hdr *hdr)
{
	return (hdr->len & ~IMSG_FD_MARK);
}

/*
 * The header of the message at rpos.  Returns 1, 0 if it has not come yet, or
 * -1 if it is not one.
 */
static int
header_peek(const struct imsgbuf *imsgbuf, struct imsg_hdr *hdr)
{
	const struct imsgbuf_io	*io = imsgbuf->io;

	if (io->wpos - io->rpos < sizeof(*hdr))
		return (0);
	memcpy(hdr, io->in + io->rpos, sizeof(*hdr));
	if (header_len(hdr) < sizeof(*hdr)) {
		errno = EBADMSG;
		return (-1);
	}
	if (header_len(hdr) > imsgbuf->maxsize) {
		errno = ERANGE;
		return (-1);
	}
	return (1);
}

/* Returns 1 if the next message is complete, 0 if not, -1 if it is bad. */
static int
input_complete(const struct imsgbuf *imsgbuf)
{
	const struct imsgbuf_io	*io = imsgbuf->io;
	struct imsg_hdr		 hdr;
	int			 n;

	if (io->large != NULL)
		return (ibuf_left(io->large) == 0);
	if ((n = header_peek(imsgbuf, &hdr)) != 1)
		return (n);
	return (io->wpos - io->rpos >= header_len(&hdr));
}

/*
 * The descriptor of the message at rpos, or -1.  One that waited for this
 * message, but is not claimed, is closed.
 */
static int
input_claim(struct imsgbuf_io *io, const struct imsg_hdr *hdr)
{
	int	*from = io->rpos < io->fresh ? &io->headfd : &io->newfd;
	int	 fd = -1;

	if (hdr->len & IMSG_FD_MARK) {
		fd = *from;
		*from = -1;
	}
	fd_drop(&io->headfd);
	return (fd);
}

/* Takes len octets of the message at rpos, into a buffer for all of it. */
static struct ibuf *
input_take(struct imsgbuf_io *io, const struct imsg_hdr *hdr, size_t len)
{
	struct ibuf	*buf;

	if ((buf = ibuf_open(header_len(hdr))) == NULL)
		return (NULL);
	ibuf_add(buf, io->in + io->rpos, len);
	ibuf_fd_set(buf, input_claim(io, hdr));
	io->rpos += len;
	return (buf);
}

/*
 * Makes ready for the next read, when no complete message is left: descriptors
 * that nobody can claim any more go, the start of a message moves to the front,
 * or into an allocation of its own if that is how long it will get.
 */
static int
input_prepare(struct imsgbuf *imsgbuf)
{
	struct imsgbuf_io	*io = imsgbuf->io;
	struct imsg_hdr		 hdr;
	size_t			 len = io->wpos - io->rpos;

	if (len > 0 && io->rpos >= io->fresh) {
		io->headfd = io->newfd;
		io->newfd = -1;
	}
	fd_drop(&io->newfd);
	memmove(io->in, io->in + io->rpos, len);
	io->rpos = 0;
	io->fresh = io->wpos = len;

	if (header_peek(imsgbuf, &hdr) != 1 ||
	    header_len(&hdr) <= sizeof(io->in))
		return (0);
	if ((io->large = input_take(io, &hdr, len)) == NULL)
		return (-1);
	io->rpos = io->fresh = io->wpos = 0;
	return (0);
}

/* The first descriptor among the control messages, or -1; others are closed. */
static int
control_fd(struct msghdr *msg)
{
	struct cmsghdr	*cmsg;
	size_t		 i, n;
	int		 fd = -1, next;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg != NULL;
	    cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET ||
		    cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < n; i++) {
			memcpy(&next, CMSG_DATA(cmsg) + i * sizeof(int),
			    sizeof(next));
			if (fd == -1)
				fd = next;
			else
				close(next);
		}
	}
	return (fd);
}

static ssize_t
input_recvmsg(struct imsgbuf *imsgbuf, struct iovec *iov, int niov)
{
	union {
		struct cmsghdr	 hdr;
		unsigned char	 buf[CMSG_SPACE(sizeof(int))];
	}		 control;
	struct msghdr	 msg;
	ssize_t		 n;

	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = iov;
	msg.msg_iovlen = niov;
	msg.msg_control = &control;
	/* without the padding, in which a second descriptor has room */
	msg.msg_controllen = CMSG_LEN(sizeof(int));
	if ((n = recvmsg(imsgbuf->fd, &msg, MSG_CMSG_CLOEXEC)) == -1)
		return (-1);
	imsgbuf->io->newfd = control_fd(&msg);
	if (imsgbuf->io->newfd == -1 && (msg.msg_flags & MSG_CTRUNC)) {
		/* there was one, and this process can't hold it */
		errno = EMFILE;
		return (-1);
	}
	return (n);
}

/* One read, into the large message under way and then into the buffer. */
static ssize_t
input_receive(struct imsgbuf *imsgbuf)
{
	struct imsgbuf_io	*io = imsgbuf->io;
	struct iovec		 iov[2];
	ssize_t			 n;
	int			 niov = 0;

	if (io->large != NULL) {
		iov[niov].iov_base = io->large->buf + io->large->wpos;
		iov[niov++].iov_len = ibuf_left(io->large);
	}
	iov[niov].iov_base = io->in + io->wpos;
	iov[niov++].iov_len = sizeof(io->in) - io->wpos;
	do {
		if (imsgbuf->flags & IMSG_ALLOW_FDPASS)
			n = input_recvmsg(imsgbuf, iov, niov);
		else
			n = readv(imsgbuf->fd, iov, niov);
	} while (n == -1 && errno == EINTR);
	return (n);
}

int
imsgbuf_read(struct imsgbuf *imsgbuf)
{
	struct imsgbuf_io	*io = imsgbuf->io;
	size_t			 len;
	ssize_t			 n;
	int			 r;

	if ((r = input_complete(imsgbuf)) != 0)
		return (r);	/* hand that out first */
	if (input_prepare(imsgbuf) == -1)
		return (-1);
	if ((n = input_receive(imsgbuf)) == -1)
		return (errno == EAGAIN ? 1 : -1);
	if (n == 0)
		return (0);
	len = n;
	if (io->large != NULL) {
		if (len > ibuf_left(io->large))
			len = ibuf_left(io->large);
		io->large->wpos += len;
		len = n - len;
	}
	io->wpos += len;
	return (1);
}

int
imsgbuf_get(struct imsgbuf *imsgbuf, struct imsg *imsg)
{
	struct imsgbuf_io	*io = imsgbuf->io;
	struct ibuf		*buf;
	struct imsg_hdr		 hdr;
	int			 n;

	if ((n = input_complete(imsgbuf)) != 1)
		return (n);
	if (io->large != NULL) {
		buf = io->large;
		io->large = NULL;
	} else {
		header_peek(imsgbuf, &hdr);
		if ((buf = input_take(io, &hdr, header_len(&hdr))) == NULL)
			return (-1);
	}
	ibuf_get(buf, &imsg->hdr, sizeof(imsg->hdr));
	imsg->hdr.len = header_len(&imsg->hdr);
	imsg->data = ibuf_size(buf) > 0 ? ibuf_data(buf) : NULL;
	imsg->buf = buf;
	return (1);
}

/* ---- writing ----------------------------------------------------------- */

/*
 * Collects what one write can take.  A message with a descriptor is always the
 * first of its write.
 */
static int
output_gather(struct imsgbuf_io *io, struct iovec *iov, int max)
{
	struct ibuf	*buf;
	int		 n = 0;

	TAILQ_FOREACH(buf, &io->out, entry) {
		if (n == max || (n > 0 && ibuf_fd_avail(buf)))
			break;
		iov[n].iov_base = ibuf_data(buf);
		iov[n++].iov_len = ibuf_size(buf);
	}
	return (n);
}

static ssize_t
output_sendmsg(int s, struct iovec *iov, int niov, int fd)
{
	union {
		struct cmsghdr	 hdr;
		unsigned char	 buf[CMSG_SPACE(sizeof(int))];
	}		 control;
	struct msghdr	 msg;

	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = iov;
	msg.msg_iovlen = niov;
	if (fd != -1) {
		memset(&control, 0, sizeof(control));
		control.hdr.cmsg_len = CMSG_LEN(sizeof(int));
		control.hdr.cmsg_level = SOL_SOCKET;
		control.hdr.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.hdr), &fd, sizeof(fd));
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control.buf);
	}
	return (sendmsg(s, &msg, 0));
}

/* Lets go of len octets that were written. */
static void
output_drain(struct imsgbuf_io *io, size_t len)
{
	struct ibuf	*buf;

	while (len > 0) {
		buf = TAILQ_FIRST(&io->out);
		fd_drop(&buf->fd);
		if (len < ibuf_size(buf)) {
			ibuf_skip(buf, len);
			return;
		}
		len -= ibuf_size(buf);
		imsgbuf_pop(io);
	}
}

int
imsgbuf_write(struct imsgbuf *imsgbuf)
{
	struct imsgbuf_io	*io = imsgbuf->io;
	struct iovec		 iov[IOV_MAX];
	ssize_t			 n;
	int			 niov;

	if ((niov = output_gather(io, iov, IOV_MAX)) == 0)
		return (0);
	do {
		if (imsgbuf->flags & IMSG_ALLOW_FDPASS)
			n = output_sendmsg(imsgbuf->fd, iov, niov,
			    TAILQ_FIRST(&io->out)->fd);
		else
			n = writev(imsgbuf->fd, iov, niov);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return (errno == EAGAIN || errno == ENOBUFS ? 0 : -1);
	output_drain(io, n);
	return (0);
}

int
imsgbuf_flush(struct imsgbuf *imsgbuf)
{
	struct pollfd	 pfd;

	pfd.fd = imsgbuf->fd;
	pfd.events = POLLOUT;
	while (imsgbuf_queuelen(imsgbuf) > 0) {
		if (poll(&pfd, 1, -1) == -1 && errno != EINTR)
			return (-1);
		if (imsgbuf_write(imsgbuf) == -1)
			return (-1);
	}
	return (0);
}

uint32_t
imsgbuf_queuelen(struct imsgbuf *imsgbuf)
{
	return (imsgbuf->io->nout);
}

#endif /* !HAVE_IMSG */
