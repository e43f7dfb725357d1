/*
 * Two ends of a channel of messages for tests of imsg, and a peer that writes
 * what it likes to its own.
 */

#ifndef IMSG_PAIR_H
#define IMSG_PAIR_H

#include <sys/resource.h>
#include <sys/socket.h>

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <imsg.h>

#include "test.h"

#define FD_MARK		0x80000000U	/* as in imsg.c: owns a descriptor */
#define LARGEST		(64 * 1024 * 1024 + 64 * 1024)

static struct imsgbuf	 near, far;
static int		 ends[2];
static int		 open_before;

__dead static inline void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* getdtablecount looks at each descriptor that there may be. */
static inline void
limit_descriptors(void)
{
	struct rlimit	 rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		die("getrlimit");
	rl.rlim_cur = 512;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		die("setrlimit");
}

static inline void
nonblocking(int fd)
{
	if (fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
		die("fcntl");
}

static inline void
begin(uint32_t maxsize)
{
	open_before = getdtablecount();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		die("socketpair");
	nonblocking(ends[0]);
	nonblocking(ends[1]);
	CHECK(imsgbuf_init(&near, ends[0]) == 0);
	CHECK(imsgbuf_init(&far, ends[1]) == 0);
	imsgbuf_allow_fdpass(&near);
	imsgbuf_allow_fdpass(&far);
	if (maxsize > 0) {
		CHECK(imsgbuf_set_maxsize(&near, maxsize) == 0);
		CHECK(imsgbuf_set_maxsize(&far, maxsize) == 0);
	}
}

static inline void
end(void)
{
	imsgbuf_clear(&near);
	imsgbuf_clear(&far);
	close(ends[0]);
	close(ends[1]);
	CHECK(getdtablecount() == open_before);
}

/* Writes all that near has queued; far has to have room for it. */
static inline void
send_all(void)
{
	while (imsgbuf_queuelen(&near) > 0)
		if (imsgbuf_write(&near) == -1)
			die("imsgbuf_write");
}

/* The next message at far, with one read if need be. */
static inline int
receive(struct imsg *imsg)
{
	int	 n;

	if ((n = imsgbuf_get(&far, imsg)) != 0)
		return (n);
	if ((n = imsgbuf_read(&far)) != 1)
		return (n == -1 ? -1 : 0);
	return (imsgbuf_get(&far, imsg));
}

/* Writes octets past imsgbuf, with a copy of each of the descriptors. */
static inline void
send_raw(const void *data, size_t len, int fd, int copies)
{
	union {
		struct cmsghdr	 hdr;
		unsigned char	 buf[CMSG_SPACE(sizeof(int) * 16)];
	}		 control;
	struct msghdr	 msg;
	struct iovec	 iov;
	int		 i;

	iov.iov_base = (void *)(uintptr_t)data;
	iov.iov_len = len;
	memset(&msg, 0, sizeof(msg));
	memset(&control, 0, sizeof(control));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	if (copies > 0) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * copies);
		control.hdr.cmsg_len = CMSG_LEN(sizeof(int) * copies);
		control.hdr.cmsg_level = SOL_SOCKET;
		control.hdr.cmsg_type = SCM_RIGHTS;
		for (i = 0; i < copies; i++)
			memcpy(CMSG_DATA(&control.hdr) + i * sizeof(int), &fd,
			    sizeof(int));
	}
	if (sendmsg(ends[0], &msg, 0) != (ssize_t)len)
		die("sendmsg");
}

/* Writes a message as imsg does, with payload octets, marked or not. */
static inline size_t
raw_message(unsigned char *out, uint32_t type, size_t payload, int marked)
{
	struct imsg_hdr	 hdr;

	memset(&hdr, 0, sizeof(hdr));
	hdr.type = type;
	hdr.len = sizeof(hdr) + payload;
	if (marked)
		hdr.len |= FD_MARK;
	memcpy(out, &hdr, sizeof(hdr));
	memset(out + sizeof(hdr), type & 0xff, payload);
	return (sizeof(hdr) + payload);
}

#endif
