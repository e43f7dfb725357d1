/*
 * Runs a fuzz entry over its corpus without a fuzzer: what was found once stays
 * fixed.  Arguments are files and directories of files.
 */

#include "compat.h"

#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static unsigned int	 inputs;

static void
run_file(const char *path)
{
	struct stat	 st;
	uint8_t		*data;
	size_t		 len;
	int		 fd;

	/* Shown when the entry crashes: the driver prints a failure's log. */
	fprintf(stderr, "%s\n", path);
	if ((fd = open(path, O_RDONLY)) == -1 || fstat(fd, &st) == -1)
		err(1, "%s", path);
	len = st.st_size;
	/* Of the exact size, so that a sanitizer sees each read behind it. */
	if ((data = malloc(len == 0 ? 1 : len)) == NULL)
		err(1, NULL);
	if (read(fd, data, len) != (ssize_t)len)
		err(1, "%s", path);
	close(fd);
	LLVMFuzzerTestOneInput(data, len);
	free(data);
	inputs++;
}

static void
run_directory(const char *path)
{
	struct dirent	*entry;
	DIR		*dir;
	char		*file;

	if ((dir = opendir(path)) == NULL)
		err(1, "%s", path);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&file, "%s/%s", path, entry->d_name) == -1)
			err(1, NULL);
		run_file(file);
		free(file);
	}
	closedir(dir);
}

int
main(int argc, char *argv[])
{
	struct stat	 st;
	int		 i;

	for (i = 1; i < argc; i++) {
		if (stat(argv[i], &st) == -1)
			err(1, "%s", argv[i]);
		if (S_ISDIR(st.st_mode))
			run_directory(argv[i]);
		else
			run_file(argv[i]);
	}
	if (inputs == 0)
		errx(1, "no inputs");
	printf("ok - %s: %u inputs\n", strrchr(argv[0], '/') == NULL ?
	    argv[0] : strrchr(argv[0], '/') + 1, inputs);
	return (0);
}
