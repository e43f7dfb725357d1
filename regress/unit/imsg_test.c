/*
 * Messages between processes: what is composed arrives, whatever the pieces it
 * comes in, and nothing bad does.  Descriptors are in imsg_fd_test.c.
 */

#include "compat.h"

#include <errno.h>
#include <signal.h>

#include "child.h"
#include "imsg_pair.h"

static int
is_filled(const void *data, size_t len, int value)
{
	const unsigned char	*p = data;
	size_t			 i;

	for (i = 0; i < len; i++)
		if (p[i] != (value & 0xff))
			return (0);
	return (1);
}

/* ---- messages without descriptors -------------------------------------- */

static void
test_compose(void)
{
	struct iovec	 iov[3] = { { "ab", 2 }, { NULL, 0 }, { "cde", 3 } };
	struct imsg	 imsg;
	struct ibuf	*b, payload;
	char		 text[8];

	begin(0);
	CHECK(imsg_compose(&near, 1, 11, 111, -1, "hello", 5) == 1);
	CHECK(imsg_composev(&near, 2, 22, 0, -1, iov, 3) == 1);
	CHECK((b = imsg_create(&near, 3, 33, 0, 2)) != NULL);
	CHECK(imsg_add(b, "xyz", 3) == 3);	/* more than announced */
	imsg_close(&near, b);
	CHECK((b = ibuf_dynamic(0, 100)) != NULL);
	CHECK(ibuf_add(b, "buffer", 6) == 0);
	CHECK(imsg_compose_ibuf(&near, 4, 44, 0, b) == 1);
	CHECK((b = ibuf_dynamic(0, 100)) != NULL);
	CHECK(imsg_compose_ibuf(&near, 5, 0, 0, b) == 1);
	CHECK(imsg_compose(&near, 6, 0, 0, -1, NULL, 0) == 1);
	CHECK(imsgbuf_queuelen(&near) >= 6);
	CHECK(imsgbuf_write(&near) == 0);
	CHECK(imsgbuf_queuelen(&near) == 0);
	CHECK(imsgbuf_write(&near) == 0);

	CHECK(receive(&imsg) == 1);
	CHECK(imsg_get_type(&imsg) == 1 && imsg_get_id(&imsg) == 11);
	CHECK(imsg_get_pid(&imsg) == 111 && imsg_get_len(&imsg) == 5);
	CHECK(imsg.data != NULL && memcmp(imsg.data, "hello", 5) == 0);
	CHECK(imsg_get_fd(&imsg) == -1);
	CHECK(imsg_get_data(&imsg, text, 4) == -1 && errno == EBADMSG);
	CHECK(imsg_get_data(&imsg, text, 6) == -1 && errno == EBADMSG);
	CHECK(imsg_get_data(&imsg, text, 0) == -1 && errno == EINVAL);
	CHECK(imsg_get_data(&imsg, text, 5) == 0);
	CHECK(memcmp(text, "hello", 5) == 0);
	imsg_free(&imsg);

	CHECK(receive(&imsg) == 1);
	CHECK(imsg_get_pid(&imsg) == getpid() && imsg_get_len(&imsg) == 5);
	CHECK(imsg_get_buf(&imsg, text, 2) == 0 && imsg_get_len(&imsg) == 3);
	CHECK(imsg_get_buf(&imsg, text + 2, 4) == -1 && errno == EBADMSG);
	CHECK(imsg_get_buf(&imsg, text + 2, 3) == 0);
	CHECK(memcmp(text, "abcde", 5) == 0);
	imsg_free(&imsg);

	CHECK(receive(&imsg) == 1 && imsg_get_type(&imsg) == 3);
	CHECK(imsg_get_ibuf(&imsg, &payload) == 0);
	CHECK(ibuf_size(&payload) == 3 &&
	    memcmp(ibuf_data(&payload), "xyz", 3) == 0);
	CHECK(imsg_get_len(&imsg) == 0);
	imsg_free(&imsg);

	CHECK(receive(&imsg) == 1 && imsg_get_type(&imsg) == 4);
	CHECK(imsg_get_len(&imsg) == 6 && memcmp(imsg.data, "buffer", 6) == 0);
	imsg_free(&imsg);
	CHECK(receive(&imsg) == 1 && imsg_get_type(&imsg) == 5);
	CHECK(imsg.data == NULL && imsg_get_len(&imsg) == 0);
	CHECK(imsg_get_ibuf(&imsg, &payload) == -1 && errno == EBADMSG);
	imsg_free(&imsg);
	CHECK(receive(&imsg) == 1 && imsg_get_type(&imsg) == 6);
	imsg_free(&imsg);
	CHECK(receive(&imsg) == 0);
	end();
}

static void
test_forward(void)
{
	struct imsg	 imsg, again;
	char		 text[4];
	int		 i;

	begin(0);
	CHECK(imsg_compose(&near, 9, 8, 7, dup(ends[0]), "data", 4) == 1);
	send_all();
	CHECK(receive(&imsg) == 1);
	CHECK(imsg_get_buf(&imsg, text, 2) == 0);
	CHECK(imsg_forward(&near, &imsg) == 1);
	CHECK(imsg_forward(&near, &imsg) == 1);
	send_all();
	for (i = 0; i < 2; i++) {
		CHECK(receive(&again) == 1);
		CHECK(imsg_get_type(&again) == 9 && imsg_get_id(&again) == 8);
		CHECK(imsg_get_pid(&again) == 7 && imsg_get_fd(&again) == -1);
		CHECK(imsg_get_data(&again, text, 4) == 0);
		CHECK(memcmp(text, "data", 4) == 0);
		imsg_free(&again);
	}
	imsg_free(&imsg);
	end();
}

static void
test_maxsize(void)
{
	struct imsg	 imsg;
	struct ibuf	*b;
	static char	 data[2000];

	begin(1000);
	errno = 0;
	CHECK(imsgbuf_set_maxsize(&near, FD_MARK) == -1 && errno == ERANGE);
	CHECK(imsgbuf_set_maxsize(&near, UINT32_MAX) == -1);
	errno = 0;
	CHECK(imsg_compose(&near, 1, 0, 0, -1, data, 1001) == -1);
	CHECK(errno == ERANGE);
	CHECK(imsg_create(&near, 1, 0, 0, SIZE_MAX) == NULL);
	CHECK((b = imsg_create(&near, 1, 0, 0, 10)) != NULL);
	CHECK(imsg_add(b, data, 1000) == 1000);
	CHECK(imsg_add(b, data, 1) == -1);	/* and b is freed */
	CHECK((b = ibuf_open(1001)) != NULL);
	CHECK(ibuf_add(b, data, 1001) == 0);
	CHECK(imsg_compose_ibuf(&near, 1, 0, 0, b) == -1);	/* b too */
	CHECK(imsgbuf_queuelen(&near) == 0);
	CHECK(imsg_compose(&near, 1, 0, 0, -1, data, 1000) == 1);
	CHECK(imsgbuf_set_maxsize(&near, LARGEST) == 0);
	CHECK(imsg_compose(&near, 2, 0, 0, -1, data, 1001) == 1);
	send_all();
	/* what was good before it still arrives */
	CHECK(receive(&imsg) == 1 && imsg_get_len(&imsg) == 1000);
	imsg_free(&imsg);
	errno = 0;
	CHECK(receive(&imsg) == -1 && errno == ERANGE);
	CHECK(imsgbuf_read(&far) == -1);
	end();
}

static void
test_bad_header(void)
{
	unsigned char	 raw[64];
	struct imsg_hdr	 hdr;
	struct imsg	 imsg;
	size_t		 len;

	for (len = 0; len < sizeof(hdr); len++) {
		begin(0);
		raw_message(raw, 1, 0, 0);
		hdr.len = len;
		memcpy(raw + offsetof(struct imsg_hdr, len), &hdr.len,
		    sizeof(hdr.len));
		send_raw(raw, sizeof(hdr), -1, 0);
		errno = 0;
		CHECK(receive(&imsg) == -1 && errno == EBADMSG);
		end();
	}
}

/* A header that promises too much is refused before its payload comes. */
static void
test_too_large_at_once(void)
{
	unsigned char	 raw[sizeof(struct imsg_hdr)];
	struct imsg	 imsg;
	uint32_t	 lens[2];
	size_t		 i;

	lens[0] = LARGEST + IMSG_HEADER_SIZE + 1;
	lens[1] = FD_MARK - 1;
	for (i = 0; i < nitems(lens); i++) {
		begin(LARGEST);
		raw_message(raw, 1, 0, 0);
		memcpy(raw + offsetof(struct imsg_hdr, len), &lens[i],
		    sizeof(lens[i]));
		send_raw(raw, sizeof(raw), -1, 0);
		CHECK(receive(&imsg) == -1 && errno == ERANGE);
		end();
	}
}

/* Octet by octet: nothing until the last, then the message. */
static void
test_dribble(void)
{
	unsigned char	 raw[128];
	struct imsg	 imsg;
	size_t		 i, len;

	begin(0);
	len = raw_message(raw, 5, 40, 0);
	for (i = 0; i < len; i++) {
		CHECK(imsgbuf_get(&far, &imsg) == 0);
		send_raw(raw + i, 1, -1, 0);
		CHECK(imsgbuf_read(&far) == 1);
	}
	CHECK(imsgbuf_get(&far, &imsg) == 1);
	CHECK(imsg_get_len(&imsg) == 40 && is_filled(imsg.data, 40, 5));
	imsg_free(&imsg);
	CHECK(imsgbuf_get(&far, &imsg) == 0);
	CHECK(imsgbuf_read(&far) == 1);		/* EAGAIN */
	end();
}

/* The peer goes after each octet of a message with a descriptor. */
static void
test_end_in_the_middle(void)
{
	unsigned char	 raw[128];
	struct imsg	 imsg;
	size_t		 i, len;

	len = raw_message(raw, 5, 20, 1);
	for (i = 0; i < len; i++) {
		begin(0);
		if (i > 0)
			send_raw(raw, i, ends[0], 1);
		shutdown(ends[0], SHUT_WR);
		if (i > 0)
			CHECK(imsgbuf_read(&far) == 1);
		CHECK(imsgbuf_get(&far, &imsg) == 0);
		CHECK(imsgbuf_read(&far) == 0);
		CHECK(imsgbuf_read(&far) == 0);
		end();
	}
}

static void
test_large(void)
{
	static const size_t	 sizes[] = {
		10, 65520, 65521, 10, 65519, 1000000, 0, 65536, 5000000, 3
	};
	struct imsg		 imsg;
	char			*data;
	size_t			 i = 0, j;

	begin(LARGEST);
	if ((data = malloc(5000000)) == NULL)
		die("malloc");
	for (j = 0; j < nitems(sizes); j++) {
		memset(data, j, sizes[j]);
		CHECK(imsg_compose(&near, j, 0, 0, -1, data, sizes[j]) == 1);
	}
	while (i < nitems(sizes)) {
		CHECK(imsgbuf_write(&near) == 0);
		CHECK(imsgbuf_read(&far) == 1);
		while (imsgbuf_get(&far, &imsg) == 1) {
			CHECK(imsg_get_type(&imsg) == i);
			CHECK(imsg_get_len(&imsg) == sizes[i]);
			CHECK(is_filled(imsg.data, sizes[i], i));
			imsg_free(&imsg);
			i++;
		}
		if (test_case_failed)
			break;
	}
	free(data);
	end();
}

static void
test_largest(void)
{
	struct imsg	 imsg;
	char		*data;
	int		 n;

	begin(LARGEST);
	if ((data = malloc(LARGEST)) == NULL)
		die("malloc");
	memset(data, 0x5a, LARGEST);
	CHECK(imsg_compose(&near, 1, 0, 0, -1, data, LARGEST) == 1);
	free(data);
	while ((n = imsgbuf_get(&far, &imsg)) == 0) {
		CHECK(imsgbuf_write(&near) == 0);
		if (imsgbuf_read(&far) != 1)
			die("imsgbuf_read");
	}
	CHECK(n == 1 && imsg_get_len(&imsg) == LARGEST);
	CHECK(is_filled(imsg.data, LARGEST, 0x5a));
	imsg_free(&imsg);
	end();
}

/* More than one write can take; reads before all was taken out lose nothing. */
static void
test_many(void)
{
	struct imsg	 imsg;
	uint32_t	 i = 0, j, v;
	int		 k;

	begin(0);
	for (j = 0; j < 5000; j++)
		CHECK(imsg_compose(&near, 1, 0, 0, -1, &j, sizeof(j)) == 1);
	CHECK(imsgbuf_queuelen(&near) == 5000);
	while (i < 5000 && !test_case_failed) {
		CHECK(imsgbuf_write(&near) == 0);
		CHECK(imsgbuf_read(&far) == 1);
		for (k = 0; k < 7 && imsgbuf_get(&far, &imsg) == 1; k++) {
			CHECK(imsg_get_data(&imsg, &v, sizeof(v)) == 0);
			CHECK(v == i);
			imsg_free(&imsg);
			i++;
		}
	}
	CHECK(imsgbuf_queuelen(&near) == 0);
	end();
}

/* ---- writing to a peer that does not read, or is gone ------------------ */

static void
test_full(void)
{
	static char	 data[10000];
	struct imsg	 imsg;
	uint32_t	 left;
	int		 i, got = 0;

	begin(0);
	for (i = 0; i < 200; i++)
		CHECK(imsg_compose(&near, i, 0, 0, -1, data, sizeof(data)) ==
		    1);
	do {
		left = imsgbuf_queuelen(&near);
		CHECK(imsgbuf_write(&near) == 0);
	} while (imsgbuf_queuelen(&near) < left);
	CHECK(left > 0 && left < 200);
	while (got < 200 && !test_case_failed) {
		CHECK(imsgbuf_write(&near) == 0);
		while (receive(&imsg) == 1) {
			CHECK(imsg_get_type(&imsg) == (uint32_t)got++);
			imsg_free(&imsg);
		}
	}
	end();
}

static int
flush_all(void)
{
	static char	 data[10000];
	int		 i;

	for (i = 0; i < 100; i++)
		imsg_compose(&near, i, 0, 0, -1, data, sizeof(data));
	return (imsgbuf_flush(&near) == 0 && imsgbuf_queuelen(&near) == 0 ?
	    0 : 1);
}

/* Flushing waits, also on a socket that does not block. */
static void
test_flush(void)
{
	struct imsg	 imsg;
	pid_t		 pid;
	int		 n, got = 0, status;

	begin(0);
	fflush(NULL);
	if ((pid = fork()) == -1)
		die("fork");
	if (pid == 0)
		_exit(flush_all());
	close(ends[0]);
	if (fcntl(ends[1], F_SETFL, 0) == -1)
		die("fcntl");
	while ((n = imsgbuf_read(&far)) == 1) {
		while (imsgbuf_get(&far, &imsg) == 1) {
			got++;
			imsg_free(&imsg);
		}
	}
	CHECK(n == 0 && got == 100);
	CHECK(waitpid(pid, &status, 0) == pid && exits(status, 0));
	end();
}

static void
test_gone(void)
{
	begin(0);
	close(ends[1]);
	CHECK(imsg_compose(&near, 1, 0, 0, dup(ends[0]), "x", 1) == 1);
	errno = 0;
	CHECK(imsgbuf_write(&near) == -1 && errno == EPIPE);
	CHECK(imsgbuf_flush(&near) == -1);
	end();
}

int
main(void)
{
	limit_descriptors();
	signal(SIGPIPE, SIG_IGN);
	RUN(test_compose);
	RUN(test_forward);
	RUN(test_maxsize);
	RUN(test_bad_header);
	RUN(test_too_large_at_once);
	RUN(test_dribble);
	RUN(test_end_in_the_middle);
	RUN(test_large);
	RUN(test_largest);
	RUN(test_many);
	RUN(test_full);
	RUN(test_flush);
	RUN(test_gone);
	return (test_done());
}
