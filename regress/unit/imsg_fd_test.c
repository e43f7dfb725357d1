/*
 * Descriptors with messages: each arrives with the message that owns it, and
 * none is left over, also with a peer that means no good.
 */

#include "compat.h"

#include <sys/stat.h>

#include <errno.h>

#include "child.h"
#include "imsg_pair.h"

#define NFDS		40

/* A descriptor whose number of octets says which it is. */
static int
numbered_fd(int number)
{
	FILE	*f;
	int	 fd;

	if ((f = tmpfile()) == NULL || (fd = dup(fileno(f))) == -1 ||
	    ftruncate(fd, number) == -1)
		die("tmpfile");
	fclose(f);
	return (fd);
}

static int
fd_number(int fd)
{
	struct stat	 st;

	return (fstat(fd, &st) == -1 ? -1 : (int)st.st_size);
}

/* Takes the message's descriptor and checks which it is; -1: there is none. */
static void
check_fd(struct imsg *imsg, int number)
{
	int	 fd = imsg_get_fd(imsg);

	if (number == -1) {
		CHECK(fd == -1);
		return;
	}
	CHECK(fd != -1);
	CHECK(fd_number(fd) == number);
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	CHECK(imsg_get_fd(imsg) == -1);
	if (fd != -1)
		close(fd);
}

static void
test_fd(void)
{
	struct imsg	 imsg;
	struct ibuf	*b;
	int		 fd;

	begin(0);
	fd = numbered_fd(7);
	CHECK(imsg_compose(&near, 1, 0, 0, fd, NULL, 0) == 1);
	CHECK(fd_number(fd) == 7);
	send_all();
	CHECK(fd_number(fd) == -1);	/* it was given away */
	CHECK((b = imsg_create(&near, 2, 0, 0, 0)) != NULL);
	ibuf_fd_set(b, numbered_fd(8));
	imsg_close(&near, b);
	CHECK((b = ibuf_open(3)) != NULL);
	CHECK(ibuf_add(b, "abc", 3) == 0);
	ibuf_fd_set(b, numbered_fd(9));
	CHECK(imsg_compose_ibuf(&near, 3, 0, 0, b) == 1);
	send_all();
	for (fd = 7; fd <= 9; fd++) {
		CHECK(receive(&imsg) == 1);
		check_fd(&imsg, fd);
		imsg_free(&imsg);
	}
	end();
}

/* Messages with and without, many in flight, in reads of every size. */
static void
test_fd_order(void)
{
	static char	 data[30000];
	struct imsg	 imsg;
	int		 i, got = 0;

	begin(sizeof(data));
	for (i = 0; i < NFDS * 5; i++)
		CHECK(imsg_compose(&near, i, 0, 0,
		    i % 5 == 0 || i % 5 == 3 ? numbered_fd(i) : -1,
		    data, (i * 7919) % sizeof(data)) == 1);
	while (got < NFDS * 5 && !test_case_failed) {
		CHECK(imsgbuf_write(&near) == 0);
		CHECK(imsgbuf_read(&far) == 1);
		while (imsgbuf_get(&far, &imsg) == 1) {
			CHECK(imsg_get_type(&imsg) == (uint32_t)got);
			CHECK(imsg_get_len(&imsg) ==
			    (got * 7919) % sizeof(data));
			check_fd(&imsg, got % 5 == 0 || got % 5 == 3 ?
			    got : -1);
			imsg_free(&imsg);
			got++;
		}
	}
	end();
}

/* One with, between two without, in one write of the peer and one read. */
static void
test_fd_coalesced(void)
{
	struct imsg	 imsg;
	int		 i;

	begin(0);
	CHECK(imsg_compose(&near, 0, 0, 0, -1, "a", 1) == 1);
	CHECK(imsg_compose(&near, 1, 0, 0, numbered_fd(1), "b", 1) == 1);
	CHECK(imsg_compose(&near, 2, 0, 0, -1, "c", 1) == 1);
	CHECK(imsg_compose(&near, 3, 0, 0, numbered_fd(3), "d", 1) == 1);
	send_all();
	for (i = 0; i < 4; i++) {
		CHECK(receive(&imsg) == 1);
		CHECK(imsg_get_type(&imsg) == (uint32_t)i);
		check_fd(&imsg, i == 1 || i == 3 ? i : -1);
		imsg_free(&imsg);
	}
	end();
}

/*
 * A message with a descriptor that is cut after each octet, and the next one
 * too, with other messages around them.
 */
static void
test_fd_split(void)
{
	unsigned char	 raw[3][64];
	struct imsg	 imsg;
	size_t		 cut, len = 0;
	int		 fd[2], got, n;

	for (cut = 1; len == 0 || cut < len; cut++) {
		begin(0);
		fd[0] = numbered_fd(1);
		fd[1] = numbered_fd(2);
		len = raw_message(raw[0], 0, 12, 0);
		raw_message(raw[1], 1, 12, 1);
		raw_message(raw[2], 2, 12, 1);
		got = 0;
		send_raw(raw[0], len, -1, 0);
		send_raw(raw[1], cut, fd[0], 1);
		CHECK(imsgbuf_read(&far) == 1);
		CHECK(imsgbuf_get(&far, &imsg) == 1);
		check_fd(&imsg, -1);
		imsg_free(&imsg);
		CHECK(imsgbuf_get(&far, &imsg) == 0);
		send_raw(raw[1] + cut, len - cut, -1, 0);
		send_raw(raw[2], cut, fd[1], 1);
		while ((n = receive(&imsg)) == 1) {
			check_fd(&imsg, ++got);
			imsg_free(&imsg);
		}
		CHECK(n == 0);
		send_raw(raw[2] + cut, len - cut, -1, 0);
		CHECK(receive(&imsg) == 1);
		check_fd(&imsg, 2);
		imsg_free(&imsg);
		CHECK(got == 1);
		close(fd[0]);
		close(fd[1]);
		end();
	}
}

static void
test_fd_large(void)
{
	struct imsg	 imsg;
	char		*data;
	int		 i, got = 0;

	begin(LARGEST);
	if ((data = calloc(1, 300000)) == NULL)
		die("calloc");
	for (i = 0; i < 6; i++)
		CHECK(imsg_compose(&near, i, 0, 0,
		    i % 2 == 0 ? numbered_fd(i) : -1, data, 300000) == 1);
	free(data);
	while (got < 6 && !test_case_failed) {
		CHECK(imsgbuf_write(&near) == 0);
		CHECK(imsgbuf_read(&far) == 1);
		while (imsgbuf_get(&far, &imsg) == 1) {
			CHECK(imsg_get_type(&imsg) == (uint32_t)got);
			check_fd(&imsg, got % 2 == 0 ? got : -1);
			imsg_free(&imsg);
			got++;
		}
	}
	end();
}

/* Descriptors that nobody takes go with what holds them. */
static void
test_fd_unclaimed(void)
{
	struct imsg	 imsg;

	begin(0);
	CHECK(imsg_compose(&near, 1, 0, 0, numbered_fd(1), NULL, 0) == 1);
	CHECK(imsg_compose(&near, 2, 0, 0, numbered_fd(2), NULL, 0) == 1);
	CHECK(imsg_compose(&near, 3, 0, 0, numbered_fd(3), NULL, 0) == 1);
	CHECK(imsgbuf_write(&near) == 0);
	CHECK(imsgbuf_write(&near) == 0);
	CHECK(receive(&imsg) == 1);
	imsg_free(&imsg);		/* 1: never asked for */
	CHECK(imsgbuf_read(&far) == 1);	/* 2: never got; 3: never sent */
	end();
}

/* A peer sends descriptors with messages that do not claim them. */
static void
test_fd_leaked(void)
{
	unsigned char	 raw[64];
	struct imsg	 imsg;
	size_t		 len;
	int		 i, fd, before;

	begin(0);
	fd = numbered_fd(5);
	before = getdtablecount();
	len = raw_message(raw, 1, 8, 0);
	for (i = 0; i < 100; i++) {
		send_raw(raw, len, fd, 1);
		CHECK(receive(&imsg) == 1);
		check_fd(&imsg, -1);
		imsg_free(&imsg);
		CHECK(getdtablecount() <= before + 1);
	}
	/* nor does a later message get it */
	send_raw(raw, raw_message(raw, 2, 8, 1), -1, 0);
	CHECK(receive(&imsg) == 1 && imsg_get_type(&imsg) == 2);
	check_fd(&imsg, -1);
	imsg_free(&imsg);
	/* two for one */
	send_raw(raw, len, fd, 2);
	CHECK(receive(&imsg) == 1);
	check_fd(&imsg, 5);
	imsg_free(&imsg);
	CHECK(getdtablecount() == before);
	close(fd);
	end();
}

/* The same with messages that come in two pieces. */
static void
test_fd_leaked_split(void)
{
	unsigned char	 raw[64];
	struct imsg	 imsg;
	size_t		 cut, len;
	int		 i, before;

	begin(0);
	before = getdtablecount();
	len = raw_message(raw, 1, 8, 0);
	for (i = 0; i < 50; i++) {
		cut = 1 + i % (len - 1);
		send_raw(raw, cut, ends[0], 1);
		CHECK(receive(&imsg) == 0);
		send_raw(raw + cut, len - cut, ends[0], 1);
		CHECK(receive(&imsg) == 1);
		check_fd(&imsg, -1);
		imsg_free(&imsg);
		CHECK(getdtablecount() <= before + 1);
	}
	end();
}

/* Once its first octet is on the way, the sender has it no more. */
static void
test_fd_sent_once(void)
{
	static char	 data[2000000];
	int		 fd;

	begin(LARGEST);
	fd = numbered_fd(1);
	CHECK(imsg_compose(&near, 1, 0, 0, fd, data, sizeof(data)) == 1);
	CHECK(fd_number(fd) == 1);
	CHECK(imsgbuf_write(&near) == 0);
	CHECK(imsgbuf_queuelen(&near) == 1);
	CHECK(fd_number(fd) == -1);
	end();
}

/* One within a message, too late to be its own, and then a good one. */
static void
test_fd_late(void)
{
	unsigned char	 raw[64];
	struct imsg	 imsg;
	size_t		 len;
	int		 late, good;

	begin(0);
	late = numbered_fd(5);
	good = numbered_fd(6);
	len = raw_message(raw, 1, 8, 1);
	send_raw(raw, 10, -1, 0);
	CHECK(receive(&imsg) == 0);
	send_raw(raw + 10, len - 10, late, 1);
	send_raw(raw, len, good, 1);
	CHECK(receive(&imsg) == 1);
	check_fd(&imsg, -1);
	imsg_free(&imsg);
	CHECK(receive(&imsg) == 1);
	check_fd(&imsg, 6);
	imsg_free(&imsg);
	close(late);
	close(good);
	end();
}

/* Ten with each octet of a message that never ends, small and large. */
static void
test_fd_flood(void)
{
	static const size_t	 sizes[] = { 60000, 1000000 };
	unsigned char		*raw;
	struct imsg		 imsg;
	size_t			 i, j;
	int			 before;

	if ((raw = malloc(IMSG_HEADER_SIZE + 1000000)) == NULL)
		die("malloc");
	for (i = 0; i < nitems(sizes); i++) {
		begin(LARGEST);
		before = getdtablecount();
		raw_message(raw, 1, sizes[i], 1);
		for (j = 0; j < 2000; j++) {
			send_raw(raw + j, 1, ends[0], 10);
			CHECK(imsgbuf_read(&far) == 1);
			CHECK(imsgbuf_get(&far, &imsg) == 0);
			if (j % 100 == 0)
				CHECK(getdtablecount() <= before + 2);
		}
		end();
	}
	free(raw);
}

/* A channel that passes none neither sends nor takes any. */
static void
test_fd_not_allowed(void)
{
	unsigned char	 raw[64];
	struct imsg	 imsg;
	int		 fd;

	begin(0);
	imsgbuf_clear(&near);
	imsgbuf_clear(&far);
	CHECK(imsgbuf_init(&near, ends[0]) == 0);
	CHECK(imsgbuf_init(&far, ends[1]) == 0);
	fd = numbered_fd(1);
	CHECK(imsg_compose(&near, 1, 0, 0, fd, NULL, 0) == 1);
	send_all();
	CHECK(fd_number(fd) == -1);
	CHECK(receive(&imsg) == 1);
	check_fd(&imsg, -1);
	imsg_free(&imsg);
	send_raw(raw, raw_message(raw, 2, 8, 1), ends[0], 1);
	CHECK(receive(&imsg) == 1 && imsg_get_type(&imsg) == 2);
	CHECK(imsg_get_len(&imsg) == 8);
	check_fd(&imsg, -1);
	imsg_free(&imsg);
	end();
}

static int
receive_without_room(void *arg)
{
	struct rlimit	 rl;
	struct imsg	 imsg;
	int		 fd;

	(void)arg;
	if ((fd = dup(0)) == -1 || getrlimit(RLIMIT_NOFILE, &rl) == -1)
		return (1);
	close(fd);
	rl.rlim_cur = fd;	/* all below are in use */
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		return (2);
	errno = 0;
	return (receive(&imsg) == -1 && errno == EMFILE ? 0 : 3);
}

/* Not being able to hold one is an error, not a message without it. */
static void
test_fd_no_room(void)
{
	struct imsg	 imsg;

	begin(0);
	CHECK(imsg_compose(&near, 1, 0, 0, dup(0), NULL, 0) == 1);
	send_all();
	CHECK(exits(in_child(receive_without_room, NULL), 0));
	CHECK(receive(&imsg) == 0);	/* the child took it off the socket */
	end();
}

int
main(void)
{
	limit_descriptors();
	RUN(test_fd);
	RUN(test_fd_order);
	RUN(test_fd_coalesced);
	RUN(test_fd_split);
	RUN(test_fd_large);
	RUN(test_fd_unclaimed);
	RUN(test_fd_leaked);
	RUN(test_fd_leaked_split);
	RUN(test_fd_sent_once);
	RUN(test_fd_late);
	RUN(test_fd_flood);
	RUN(test_fd_not_allowed);
	RUN(test_fd_no_room);
	return (test_done());
}
