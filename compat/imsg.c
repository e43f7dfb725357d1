/*
 * Messages between processes, as put together and taken apart: imsg_add(3).
 */

#include "compat.h"

#ifndef HAVE_IMSG

#include <errno.h>
#include <string.h>

#include "imsg.h"
#include "imsgbuf.h"

/* ---- what a message holds ---------------------------------------------- */

int
imsg_get_ibuf(struct imsg *imsg, struct ibuf *ibuf)
{
	if (ibuf_size(imsg->buf) == 0) {
		errno = EBADMSG;
		return (-1);
	}
	return (ibuf_get_ibuf(imsg->buf, ibuf_size(imsg->buf), ibuf));
}

int
imsg_get_buf(struct imsg *imsg, void *data, size_t len)
{
	return (ibuf_get(imsg->buf, data, len));
}

int
imsg_get_data(struct imsg *imsg, void *data, size_t len)
{
	if (len == 0) {
		errno = EINVAL;
		return (-1);
	}
	if (ibuf_size(imsg->buf) != len) {
		errno = EBADMSG;
		return (-1);
	}
	return (ibuf_get(imsg->buf, data, len));
}

int
imsg_get_fd(struct imsg *imsg)
{
	return (ibuf_fd_get(imsg->buf));
}

uint32_t
imsg_get_id(struct imsg *imsg)
{
	return (imsg->hdr.peerid);
}

size_t
imsg_get_len(struct imsg *imsg)
{
	return (ibuf_size(imsg->buf));
}

pid_t
imsg_get_pid(struct imsg *imsg)
{
	return (imsg->hdr.pid);
}

uint32_t
imsg_get_type(struct imsg *imsg)
{
	return (imsg->hdr.type);
}

void
imsg_free(struct imsg *imsg)
{
	ibuf_free(imsg->buf);
}

/* ---- putting messages together ----------------------------------------- */

struct ibuf *
imsg_create(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id, pid_t pid,
    size_t datalen)
{
	struct ibuf	*msg;
	struct imsg_hdr	 hdr;

	if (datalen > imsgbuf->maxsize - IMSG_HEADER_SIZE) {
		errno = ERANGE;
		return (NULL);
	}
	msg = ibuf_dynamic(IMSG_HEADER_SIZE + datalen, imsgbuf->maxsize);
	if (msg == NULL)
		return (NULL);
	memset(&hdr, 0, sizeof(hdr));
	hdr.type = type;
	hdr.peerid = id;
	hdr.pid = pid != 0 ? pid : imsgbuf->pid;
	ibuf_add(msg, &hdr, sizeof(hdr));
	return (msg);
}

int
imsg_add(struct ibuf *msg, const void *data, size_t datalen)
{
	if (ibuf_add(msg, data, datalen) == -1) {
		ibuf_free(msg);
		return (-1);
	}
	return (datalen);
}

/* Completes the header in msg, which len octets follow, and queues it. */
static void
message_close(struct imsgbuf *imsgbuf, struct ibuf *msg, size_t len)
{
	uint32_t	 n = ibuf_size(msg) + len;

	if (ibuf_fd_avail(msg) && (imsgbuf->flags & IMSG_ALLOW_FDPASS))
		n |= IMSG_FD_MARK;
	ibuf_set(msg, offsetof(struct imsg_hdr, len), &n, sizeof(n));
	imsgbuf_push(imsgbuf, msg);
}

void
imsg_close(struct imsgbuf *imsgbuf, struct ibuf *msg)
{
	message_close(imsgbuf, msg, 0);
}

int
imsg_compose(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id, pid_t pid,
    int fd, const void *data, size_t datalen)
{
	struct ibuf	*msg;

	if ((msg = imsg_create(imsgbuf, type, id, pid, datalen)) == NULL ||
	    imsg_add(msg, data, datalen) == -1)
		return (-1);
	ibuf_fd_set(msg, fd);
	imsg_close(imsgbuf, msg);
	return (1);
}

int
imsg_composev(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id, pid_t pid,
    int fd, const struct iovec *iov, int iovcnt)
{
	struct ibuf	*msg;
	size_t		 datalen = 0;
	int		 i;

	for (i = 0; i < iovcnt; i++) {
		if (iov[i].iov_len > SIZE_MAX - datalen) {
			errno = ERANGE;
			return (-1);
		}
		datalen += iov[i].iov_len;
	}
	if ((msg = imsg_create(imsgbuf, type, id, pid, datalen)) == NULL)
		return (-1);
	for (i = 0; i < iovcnt; i++)
		if (imsg_add(msg, iov[i].iov_base, iov[i].iov_len) == -1)
			return (-1);
	ibuf_fd_set(msg, fd);
	imsg_close(imsgbuf, msg);
	return (1);
}

int
imsg_compose_ibuf(struct imsgbuf *imsgbuf, uint32_t type, uint32_t id,
    pid_t pid, struct ibuf *buf)
{
	struct ibuf	*msg;

	if (ibuf_size(buf) > imsgbuf->maxsize - IMSG_HEADER_SIZE) {
		errno = ERANGE;
		msg = NULL;
	} else
		msg = imsg_create(imsgbuf, type, id, pid, 0);
	if (msg == NULL) {
		ibuf_free(buf);
		return (-1);
	}
	/* the descriptor leaves with the message's first octet */
	ibuf_fd_set(msg, ibuf_fd_get(buf));
	message_close(imsgbuf, msg, ibuf_size(buf));
	if (ibuf_size(buf) > 0)
		imsgbuf_push(imsgbuf, buf);
	else
		ibuf_free(buf);
	return (1);
}

int
imsg_forward(struct imsgbuf *imsgbuf, struct imsg *imsg)
{
	ibuf_rewind(imsg->buf);
	ibuf_skip(imsg->buf, sizeof(imsg->hdr));
	return (imsg_compose(imsgbuf, imsg->hdr.type, imsg->hdr.peerid,
	    imsg->hdr.pid, -1, ibuf_data(imsg->buf), ibuf_size(imsg->buf)));
}

#endif /* !HAVE_IMSG */
