/*
 * The system's own files: whole lines of them, as many as there is room for.
 */
/* link: olafd/textfile.o */

#include "compat.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"
#include "textfile.h"

#define PATH	"textfile_test.txt"
#define ROOM	10	/* octets */

static void
write_file(const char *text, size_t len)
{
	int	fd;

	if ((fd = open(PATH, O_WRONLY | O_CREAT | O_TRUNC, 0600)) == -1 ||
	    write(fd, text, len) != (ssize_t)len || close(fd) == -1) {
		perror(PATH);
		exit(1);
	}
}

static void
test_lines(void)
{
	static const struct {
		const char	*text;
		const char	*lines;
		int		 cut;
	}	cases[] = {
		{ "", "", 0 },
		{ "a\nb\n", "a\nb\n", 0 },
		{ "no newline", "no newline", 0 },
		{ "a\n34567890", "a\n34567890", 0 },
		{ "a\n3456789\n", "a\n3456789\n", 0 },
		{ "a\n3456789\nb", "a\n3456789\n", 1 },
		{ "a\n345678901", "a\n", 1 },
		{ "a\nb\n5678901\n", "a\nb\n", 1 },
		{ "\n2345678901\n", "\n", 1 },
		{ "12345678901\na\n", "", 1 },
	};
	char	*text;
	size_t	 i, len;
	int	 cut;

	for (i = 0; i < nitems(cases); i++) {
		write_file(cases[i].text, strlen(cases[i].text));
		text = textfile_lines(PATH, ROOM, &len, &cut);
		CHECK(text != NULL && len == strlen(cases[i].lines) &&
		    memcmp(text, cases[i].lines, len) == 0);
		CHECK(cut == cases[i].cut);
		free(text);
	}
}

/* NUL octets are octets as any other. */
static void
test_nul(void)
{
	char	*text;
	size_t	 len;
	int	 cut;

	write_file("a\0b\n\0\0", 6);
	text = textfile_lines(PATH, ROOM, &len, &cut);
	CHECK(text != NULL && len == 6 && !cut &&
	    memcmp(text, "a\0b\n\0\0", 6) == 0);
	free(text);
}

/* A configuration's file must not be writable by others; these may be. */
static void
test_writable(void)
{
	const char	*why;
	char		*text;
	size_t		 len;
	int		 cut;

	write_file("a\n", 2);
	if (chmod(PATH, 0666) == -1)
		exit(1);
	CHECK(textfile_read(PATH, &len, &why) == NULL);
	CHECK((text = textfile_lines(PATH, ROOM, &len, &cut)) != NULL);
	CHECK(len == 2);
	free(text);
}

static void
test_no_file(void)
{
	size_t	len;
	int	cut;

	CHECK(textfile_lines("none", ROOM, &len, &cut) == NULL &&
	    errno == ENOENT);
	CHECK(textfile_lines(".", ROOM, &len, &cut) == NULL &&
	    errno == EISDIR);
	/* nobody writes to it, and nobody waits for that */
	if (unlink(PATH) == -1 || mkfifo(PATH, 0600) == -1)
		exit(1);
	CHECK(textfile_lines(PATH, ROOM, &len, &cut) == NULL &&
	    errno == EINVAL);
}

int
main(void)
{
	const char	*directory = getenv("TMPDIR");

	if (directory == NULL || chdir(directory) == -1) {
		perror("TMPDIR");
		return (1);
	}
	RUN(test_lines);
	RUN(test_nul);
	RUN(test_writable);
	RUN(test_no_file);
	return (test_done());
}
