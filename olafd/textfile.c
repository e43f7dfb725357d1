/*
 * Reading the files of a configuration: whoever may write one decides what
 * root opens, so others than root and this user must not.
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
