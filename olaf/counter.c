/*
 * The user's own counter.  Its file is one line of fixed length, the last value
 * that was given out; it is written in place, in one piece, so that whoever is
 * killed or loses power leaves either the old value or the new.
 */

#include "compat.h"

#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counter.h"

#define LINE_LEN	20	/* 19 digits of 2^63 - 1 and a newline */
#define FORMAT		"%-19" PRIu64 "\n"

static int	 counter_fd = -1;

static int
write_value(int fd, uint64_t value)
{
	char	 line[LINE_LEN + 8];

	snprintf(line, sizeof(line), FORMAT, value);
	switch (pwrite(fd, line, LINE_LEN, 0)) {
	case LINE_LEN:
		return (fsync(fd));
	case -1:
		return (-1);
	default:
		errno = ENOSPC;
		return (-1);
	}
}

/*
 * A line of another program or hand will do if it begins with the digits.
 * Whatever else is there is an error: to begin anew would be a replay.
 */
static int
read_value(int fd, uint64_t *value)
{
	char		 line[LINE_LEN + 1], *end;
	const char	*error;
	ssize_t		 n;

	if ((n = pread(fd, line, LINE_LEN, 0)) == -1)
		return (-1);
	line[n] = '\0';
	end = line + strspn(line, "0123456789");
	if (end == line || strspn(end, " \n") != (size_t)(line + n - end)) {
		errno = EINVAL;
		return (-1);
	}
	*end = '\0';
	*value = (uint64_t)strtonum(line, 0, INT64_MAX, &error);
	if (error == NULL)
		return (0);
	errno = EINVAL;
	return (-1);
}

/*
 * A new file gets its name with its value in it, so that an empty one is never
 * seen; another process may be first.
 */
static int
counter_create(const char *path)
{
	char	 tmp[PATH_MAX];
	int	 fd, r, saved;

	if (snprintf(tmp, sizeof(tmp), "%s.XXXXXXXXXX", path) >=
	    (int)sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	if ((fd = mkostemp(tmp, O_CLOEXEC)) == -1)	/* 0600 */
		return (-1);
	if ((r = write_value(fd, 0)) == 0 &&
	    (r = link(tmp, path)) == -1 && errno == EEXIST)
		r = 0;
	saved = errno;
	unlink(tmp);
	close(fd);
	errno = saved;
	return (r);
}

int
counter_open(const char *identity)
{
	char	 path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s.counter", identity) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	if (counter_fd != -1)
		close(counter_fd);
	counter_fd = open(path, O_RDWR | O_CLOEXEC);
	if (counter_fd == -1 && errno == ENOENT && counter_create(path) == 0)
		counter_fd = open(path, O_RDWR | O_CLOEXEC);
	return (counter_fd == -1 ? -1 : 0);
}

static int
counter_raise(uint64_t *counter)
{
	uint64_t	 value;

	if (read_value(counter_fd, &value) == -1)
		return (-1);
	if (value == INT64_MAX) {
		errno = ERANGE;
		return (-1);
	}
	if (write_value(counter_fd, value + 1) == -1)
		return (-1);
	*counter = value + 1;
	return (0);
}

int
counter_next(uint64_t *counter)
{
	int	 r, saved;

	while ((r = flock(counter_fd, LOCK_EX)) == -1 && errno == EINTR)
		continue;
	if (r == -1)
		return (-1);
	r = counter_raise(counter);
	saved = errno;
	flock(counter_fd, LOCK_UN);
	errno = saved;
	return (r);
}
