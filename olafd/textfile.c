/*
 * Reading files.  Whoever may write one of a configuration decides what root
 * opens, so others than root and this user must not.
 */

#include "compat.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "textfile.h"

static const char *
bad_owner(int fd)
{
	struct stat	st;

	if (fstat(fd, &st) == -1)
		return (strerror(errno));
	if (st.st_uid != 0 && st.st_uid != getuid())
		return ("belongs neither to root nor to this user");
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return ("can be written by its group or by others");
	return (NULL);
}

/* Reads at most size octets, a pipe too; returns how many, or -1. */
static ssize_t
read_all(int fd, char *buf, size_t size)
{
	size_t	len = 0;
	ssize_t	n;

	while (len < size) {
		if ((n = read(fd, buf + len, size - len)) == -1) {
			if (errno == EINTR)
				continue;
			return (-1);
		}
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return ((ssize_t)len);
}

static char *
read_open(int fd, size_t *len, const char **why)
{
	char	*text;
	ssize_t	 n;

	if ((*why = bad_owner(fd)) != NULL)
		return (NULL);
	if ((text = malloc(TEXTFILE_MAX + 1)) == NULL ||
	    (n = read_all(fd, text, TEXTFILE_MAX + 1)) == -1)
		*why = strerror(errno);
	else if (n > TEXTFILE_MAX)
		*why = "is longer than 1M";
	else {
		*len = (size_t)n;
		return (text);
	}
	free(text);
	return (NULL);
}

char *
textfile_read(const char *path, size_t *len, const char **why)
{
	char	*text;
	int	 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		*why = strerror(errno);
		return (NULL);
	}
	text = read_open(fd, len, why);
	close(fd);
	return (text);
}

static char *
read_lines(int fd, size_t max, size_t *len, int *cut)
{
	struct stat	 st;
	char		*text;
	ssize_t		 n;

	if (fstat(fd, &st) == -1)
		return (NULL);
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return (NULL);
	}
	if ((text = malloc(max + 1)) == NULL)
		return (NULL);
	if ((n = read_all(fd, text, max + 1)) == -1) {
		free(text);
		return (NULL);
	}
	*len = (size_t)n;
	if ((*cut = *len > max))
		for (*len = max; *len > 0 && text[*len - 1] != '\n'; )
			(*len)--;
	return (text);
}

char *
textfile_lines(const char *path, size_t max, size_t *len, int *cut)
{
	char	*text;
	int	 fd, saved;

	/* a pipe must not keep root waiting */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return (NULL);
	text = read_lines(fd, max, len, cut);
	saved = errno;
	close(fd);
	errno = saved;
	return (text);
}
