/*
 * Where the programs are that another one starts.
 */

#include "compat.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "program.h"

int
program_path(const char *directory, const char *name, char *path, size_t size)
{
	struct stat	st;

	if (snprintf(path, size, "%s/%s", directory, name) >= (int)size) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	    snprintf(path, size, "%s/%s/%s", directory, name, name) >=
	    (int)size) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	return (access(path, X_OK));
}
