/*
 * The user's names for keys: which are good, what the file's lines say, that
 * what is not understood stays, and that several write at once.
 */
/* link: olaf/names.o olaf/clean.o */

#include "compat.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "names.h"
#include "test.h"

#define DIRECTORY	"."
#define PATH		"names"
#define PROCESSES	6
#define EACH		20

/* Keys by letter; static memory, a few at a time. */
static const uint8_t *
digest(int c)
{
	static uint8_t	 bytes[4][KEY_DIGEST_LEN];
	static int	 next;

	next = (next + 1) % 4;
	memset(bytes[next], c, KEY_DIGEST_LEN);
	return (bytes[next]);
}

static const char *
fingerprint(int c)
{
	static char	 texts[8][KEY_FP_LEN + 1];
	static int	 next;

	next = (next + 1) % 8;
	key_fingerprint(digest(c), texts[next]);
	return (texts[next]);
}

static void
write_file(const char *text)
{
	FILE	*f;

	if ((f = fopen(PATH, "w")) == NULL || fputs(text, f) == EOF ||
	    fclose(f) == EOF) {
		perror(PATH);
		exit(1);
	}
}

static int
file_is(const char *text)
{
	char	 buf[4096];
	size_t	 n;
	FILE	*f;

	if ((f = fopen(PATH, "r")) == NULL)
		return (0);
	n = fread(buf, 1, sizeof(buf) - 1, f);
	buf[n] = '\0';
	fclose(f);
	if (strcmp(buf, text) == 0)
		return (1);
	fprintf(stderr, "is:\n%sis not:\n%s", buf, text);
	return (0);
}

static int
is(int c, const char *name)
{
	uint8_t		 found[KEY_DIGEST_LEN];
	const char	*has = names_of(digest(c));

	return (has != NULL && strcmp(has, name) == 0 &&
	    names_find(name, found) == 0 &&
	    memcmp(found, digest(c), KEY_DIGEST_LEN) == 0);
}

static void
count(const char *name, const uint8_t *d, void *arg)
{
	(void)name;
	(void)d;
	++*(int *)arg;
}

static int
number(void)
{
	int	n = 0;

	names_each(count, &n);
	return (n);
}

/* Opens with stderr in a file; returns how many lines it said. */
static int
open_and_count(void)
{
	FILE	*f;
	int	 c, saved, lines = 0;

	fflush(stderr);
	saved = dup(STDERR_FILENO);
	if ((f = tmpfile()) == NULL || dup2(fileno(f), STDERR_FILENO) == -1)
		exit(1);
	CHECK(names_open(DIRECTORY) == 0);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(f);
	while ((c = getc(f)) != EOF)
		lines += c == '\n';
	fclose(f);
	return (lines);
}

static void
test_good(void)
{
	static const char *const	good[] = {
		"a", "bob", "Bob.Smith", "alexander", "CHRISTOPHER", "AbC12",
		"12345678", "abcdef01", "Alexander", "x-~#/", "J\u00fcrgen",
		"\u4e2d\u6587", "\U0001f600", "it's", "\"q\"", "a\\b",
		"12345678901234567890123456789012", "Anna-Maria7", "_x", "@x"
	};
	static const char *const	bad[] = {
		"", "a b", " a", "a ", "a\tb", "a\n", "\177", "\033[1m",
		"~a", "#a", "/a", "-a", "a\302\240b", "a\u3000", "a\u200b",
		"a\u200d", "a\u202e", "a\ufe0f", "a\302\255", "a\u2028", "\u3164",
		"a\U000e0041", "a\u2800", "\xff", "a\xc3", "\xed\xa0\x80",
		"\ue000", "\302\205", "123456789012345678901234567890123",
		"AbCdEfG7", "aB3defgh", "uurik3eCdI", "Ab+defgh", "Ab3defgh="
	};
	size_t	i;

	for (i = 0; i < nitems(good); i++) {
		CHECK(names_good(good[i]));
		if (!names_good(good[i]))
			fprintf(stderr, "%s\n", good[i]);
	}
	for (i = 0; i < nitems(bad); i++) {
		CHECK(!names_good(bad[i]));
		if (names_good(bad[i]))
			fprintf(stderr, "%s\n", bad[i]);
		CHECK(names_set(digest('a'), bad[i], 1) == NAMES_BAD);
	}
}

static void
test_none(void)
{
	unlink(PATH);
	CHECK(open_and_count() == 0 && number() == 0);
	CHECK(names_of(digest('a')) == NULL);
	CHECK(access(PATH, F_OK) == -1);
	CHECK(names_remove("bob") == NAMES_BAD);
	CHECK(names_open("/none") == 0 &&
	    names_set(digest('a'), "bob", 0) == NAMES_ERROR);
}

static void
test_set(void)
{
	struct stat	 st;
	char		 text[1024];

	unlink(PATH);
	CHECK(open_and_count() == 0);
	CHECK(names_set(digest('a'), "anna", 0) == NAMES_OK && is('a', "anna"));
	CHECK(stat(PATH, &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK(names_set(digest('b'), "bob", 0) == NAMES_OK && is('b', "bob"));
	snprintf(text, sizeof(text), "%s anna\n%s bob\n", fingerprint('a'), fingerprint('b'));
	CHECK(file_is(text));
	/* taken, in whatever case */
	CHECK(names_set(digest('c'), "bob", 0) == NAMES_TAKEN);
	CHECK(names_set(digest('c'), "BoB", 0) == NAMES_TAKEN);
	CHECK(names_set(digest('a'), "bob", 0) == NAMES_TAKEN);
	CHECK(file_is(text) && is('b', "bob") && number() == 2);
	/* another name, and the same in another case */
	CHECK(names_set(digest('a'), "Anna", 0) == NAMES_OK && is('a', "Anna"));
	CHECK(names_set(digest('a'), "amy", 0) == NAMES_OK && is('a', "amy"));
	CHECK(names_set(digest('a'), "amy", 0) == NAMES_OK && number() == 2);
	snprintf(text, sizeof(text), "%s amy\n%s bob\n", fingerprint('a'), fingerprint('b'));
	CHECK(file_is(text));
	/* by force: b has none then */
	CHECK(names_set(digest('a'), "BOB", 1) == NAMES_OK && is('a', "BOB"));
	CHECK(names_of(digest('b')) == NULL && number() == 1);
	snprintf(text, sizeof(text), "%s BOB\n", fingerprint('a'));
	CHECK(file_is(text));
	CHECK(open_and_count() == 0 && is('a', "BOB"));
	CHECK(names_remove("amy") == NAMES_BAD && file_is(text));
	CHECK(names_remove("bob") == NAMES_OK && number() == 0 && file_is(""));
}

static void
test_by_hand(void)
{
	uint8_t	 found[KEY_DIGEST_LEN];
	char	 text[2048], hex[2 * KEY_DIGEST_LEN + 1];
	size_t	 i;

	for (i = 0; i < KEY_DIGEST_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", 'b');
	snprintf(text, sizeof(text), "# mine\n\n  %s \t anna  \r\n%s bob\n"
	    "rubbish\n%s\n%s a b\n%s anna\n%s amy\n%s ~x\n\t# more\n%s last",
	    fingerprint('a'), hex, fingerprint('c'), fingerprint('c'), fingerprint('c'), fingerprint('a'), fingerprint('c'), fingerprint('d'));
	write_file(text);
	CHECK(open_and_count() == 6 && number() == 3);
	CHECK(is('a', "anna") && is('b', "bob") && is('d', "last"));
	CHECK(names_of(digest('c')) == NULL && names_find("amy", found) == -1);
	/* all else stays where it is */
	CHECK(names_set(digest('b'), "Bert", 0) == NAMES_OK && is('b', "Bert"));
	snprintf(text, sizeof(text), "# mine\n\n  %s \t anna  \r\n%s Bert\n"
	    "rubbish\n%s\n%s a b\n%s anna\n%s amy\n%s ~x\n\t# more\n%s last\n",
	    fingerprint('a'), fingerprint('b'), fingerprint('c'), fingerprint('c'), fingerprint('c'), fingerprint('a'), fingerprint('c'),
	    fingerprint('d'));
	CHECK(file_is(text));
	/* both lines of a key go */
	CHECK(names_set(digest('a'), "a", 0) == NAMES_OK && is('a', "a"));
	CHECK(is('c', "anna"));
	CHECK(names_remove("ANNA") == NAMES_OK && names_of(digest('c')) == NULL);
	snprintf(text, sizeof(text), "# mine\n\n%s a\n%s Bert\n"
	    "rubbish\n%s\n%s a b\n%s ~x\n\t# more\n%s last\n",
	    fingerprint('a'), fingerprint('b'), fingerprint('c'), fingerprint('c'), fingerprint('c'), fingerprint('d'));
	CHECK(file_is(text));
}

static void
test_rubbish(void)
{
	static const char	bytes[] = "a\0b\n\377\376\n\0\n  \0 x\n";
	char			buf[sizeof(bytes) + 64];
	size_t			i, n;
	int			fd;

	fd = open(PATH, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	CHECK(write(fd, bytes, sizeof(bytes) - 1) == sizeof(bytes) - 1);
	for (i = 0; i < 100000; i++)
		CHECK(write(fd, "x", 1) == 1);
	close(fd);
	CHECK(open_and_count() > 0 && number() == 0);
	CHECK(names_set(digest('a'), "anna", 0) == NAMES_OK && is('a', "anna"));
	CHECK((fd = open(PATH, O_RDONLY)) != -1);
	n = sizeof(bytes) - 1;
	CHECK(read(fd, buf, n) == (ssize_t)n && memcmp(buf, bytes, n) == 0);
	close(fd);
	unlink(PATH);
	CHECK(mkdir(PATH, 0700) == 0);
	CHECK(names_open(DIRECTORY) == -1 &&
	    names_set(digest('a'), "anna", 0) == NAMES_ERROR);
	CHECK(rmdir(PATH) == 0);
}

/* What others wrote since is not lost, and is known afterwards. */
static int
other(void *arg)
{
	(void)arg;
	return (names_open(DIRECTORY) == -1 ||
	    names_set(digest('b'), "bob", 0) != NAMES_OK);
}

static void
test_other(void)
{
	unlink(PATH);
	CHECK(open_and_count() == 0);
	CHECK(exits(in_child(other, NULL), 0));
	CHECK(names_of(digest('b')) == NULL);
	CHECK(names_set(digest('a'), "bob", 0) == NAMES_TAKEN && is('b', "bob"));
	CHECK(names_set(digest('a'), "anna", 0) == NAMES_OK);
	CHECK(is('b', "bob") && is('a', "anna") && number() == 2);
}

static void
writer(int process)
{
	char	 name[NAMES_LEN_MAX];
	uint8_t	 d[KEY_DIGEST_LEN];
	int	 i;

	if (names_open(DIRECTORY) == -1)
		_exit(1);
	for (i = 0; i < EACH; i++) {
		snprintf(name, sizeof(name), "p%d.%d", process, i);
		key_text_digest(name, strlen(name), d);
		if (names_set(d, name, 0) != NAMES_OK)
			_exit(1);
	}
	_exit(0);
}

static void
test_together(void)
{
	pid_t	 pids[PROCESSES];
	char	 name[NAMES_LEN_MAX];
	uint8_t	 d[KEY_DIGEST_LEN];
	int	 i, j, status;

	unlink(PATH);
	fflush(NULL);
	for (i = 0; i < PROCESSES; i++)
		if ((pids[i] = fork()) == 0)
			writer(i);
	for (i = 0; i < PROCESSES; i++)
		CHECK(waitpid(pids[i], &status, 0) == pids[i] &&
		    exits(status, 0));
	CHECK(open_and_count() == 0 && number() == PROCESSES * EACH);
	for (i = 0; i < PROCESSES; i++)
		for (j = 0; j < EACH; j++) {
			snprintf(name, sizeof(name), "P%d.%d", i, j);
			CHECK(names_find(name, d) == 0);
		}
}

int
main(void)
{
	RUN(test_good);
	RUN(test_none);
	RUN(test_set);
	RUN(test_by_hand);
	RUN(test_rubbish);
	RUN(test_other);
	RUN(test_together);
	return (test_done());
}
