/*
 * The user's own names for keys.  The file is the user's too: lines that are
 * not understood stay, and so do comments and the order.
 */

#include "compat.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/tree.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "clean.h"
#include "names.h"
#include "octet.h"
#include "utf8.h"

#define FILE_MAX	(16 * 1024 * 1024)
#define PREFIX_MIN	8	/* of a fingerprint's characters that people type */
#define BLANKS		" \t\r"

struct name {
	RB_ENTRY(name)	 by_name;
	RB_ENTRY(name)	 by_digest;
	uint8_t		 digest[KEY_DIGEST_LEN];
	char		 name[NAMES_LEN_MAX];
};
RB_HEAD(name_tree, name);
RB_HEAD(digest_tree, name);

static struct name_tree		 names = RB_INITIALIZER(&names);
static struct digest_tree	 digests = RB_INITIALIZER(&digests);
static char			 names_path[PATH_MAX];

/* What becomes of a line that is good; NULL: it stays. */
struct change {
	const uint8_t	*digest;	/* this key's goes */
	const char	*name;		/* this name's goes */
	const char	*line;		/* what is written instead, or NULL */
};

static int
name_compare(const struct name *a, const struct name *b)
{
	return (strcasecmp(a->name, b->name));
}

static int
digest_compare(const struct name *a, const struct name *b)
{
	return (memcmp(a->digest, b->digest, sizeof(a->digest)));
}

RB_GENERATE_STATIC(name_tree, name, by_name, name_compare)
RB_GENERATE_STATIC(digest_tree, name, by_digest, digest_compare)

/* ---- what is a name ------------------------------------------------------ */

/*
 * Characters that are neither format characters nor blanks, and yet cannot be
 * seen: two names that differ in one would look alike.
 */
static int
is_invisible(int32_t c)
{
	return (c == 0x34f ||				/* grapheme joiner */
	    c == 0x115f || c == 0x1160 ||		/* Hangul fillers */
	    c == 0x3164 || c == 0xffa0 ||
	    c == 0x17b4 || c == 0x17b5 ||		/* Khmer inherent vowels */
	    (c >= 0x180b && c <= 0x180f) ||		/* variation selectors */
	    (c >= 0xfe00 && c <= 0xfe0f) ||
	    (c >= 0xe0100 && c <= 0xe01ef) ||
	    c == 0x200c || c == 0x200d ||		/* joiners */
	    c == 0x2800);				/* empty Braille */
}

/*
 * Eight characters of base64 or more, upper case, lower case and a figure among
 * them: by that the key of another might be meant.
 */
static int
is_like_fingerprint(const char *name)
{
	int	upper = 0, lower = 0, figure = 0;

	if (strlen(name) < PREFIX_MIN)
		return (0);
	for (; *name != '\0' && *name != '='; name++) {
		if (*name >= 'A' && *name <= 'Z')
			upper = 1;
		else if (*name >= 'a' && *name <= 'z')
			lower = 1;
		else if (octet_is_alphanumeric((uint8_t)*name) ||
		    *name == '+' || *name == '/')
			figure = 1;
		else
			return (0);
	}
	return (upper && lower && figure);
}

int
names_good(const char *name)
{
	size_t	 n, len = strlen(name);
	int32_t	 c;

	if (len == 0 || len >= NAMES_LEN_MAX ||
	    strchr("/~#-", name[0]) != NULL || is_like_fingerprint(name))
		return (0);
	for (; (n = clean_next(name, len, &c)) > 0; name += n, len -= n)
		if (clean_is_bad(c) || utf8_is_white((uint32_t)c) ||
		    is_invisible(c))
			return (0);
	return (1);
}

/* ---- in memory ----------------------------------------------------------- */

static void
names_clear(void)
{
	struct name	*n;

	while ((n = RB_MIN(name_tree, &names)) != NULL) {
		RB_REMOVE(name_tree, &names, n);
		RB_REMOVE(digest_tree, &digests, n);
		free(n);
	}
}

static struct name *
by_digest(const uint8_t digest[KEY_DIGEST_LEN])
{
	struct name	 key = { .digest = { 0 } };

	memcpy(key.digest, digest, sizeof(key.digest));
	return (RB_FIND(digest_tree, &digests, &key));
}

static struct name *
by_name(const char *name)
{
	struct name	 key = { .digest = { 0 } };

	if (strlcpy(key.name, name, sizeof(key.name)) >= sizeof(key.name))
		return (NULL);
	return (RB_FIND(name_tree, &names, &key));
}

const char *
names_of(const uint8_t digest[KEY_DIGEST_LEN])
{
	const struct name	*n = by_digest(digest);

	return (n != NULL ? n->name : NULL);
}

int
names_find(const char *name, uint8_t digest[KEY_DIGEST_LEN])
{
	const struct name	*n;

	if ((n = by_name(name)) == NULL)
		return (-1);
	memcpy(digest, n->digest, sizeof(n->digest));
	return (0);
}

void
names_each(void (*f)(const char *, const uint8_t *, void *), void *arg)
{
	struct name	*n;

	RB_FOREACH(n, name_tree, &names)
		f(n->name, n->digest, arg);
}

/* ---- lines --------------------------------------------------------------- */

static int
is_comment(const char *line)
{
	line += strspn(line, BLANKS);
	return (*line == '\0' || *line == '#');
}

/* Reads a line without its newline, all of it.  Returns 0, or -1. */
static int
line_read(const char *line, size_t len, struct name *n)
{
	size_t	fplen, namelen;

	if (strlen(line) != len)
		return (-1);
	line += strspn(line, BLANKS);
	fplen = strcspn(line, BLANKS);
	if (key_fingerprint_read(line, fplen, n->digest) == -1)
		return (-1);
	line += fplen;
	line += strspn(line, BLANKS);
	namelen = strcspn(line, BLANKS);
	if (namelen >= sizeof(n->name) ||
	    line[namelen + strspn(line + namelen, BLANKS)] != '\0')
		return (-1);
	memcpy(n->name, line, namelen);
	n->name[namelen] = '\0';
	return (names_good(n->name) ? 0 : -1);
}

/* Notes what a line says.  Returns 0, or why it does not count. */
static const char *
line_note(const char *line, size_t len)
{
	struct name	 n, *new;

	if (line_read(line, len, &n) == -1)
		return ("not \"FINGERPRINT NAME\"");
	if (RB_FIND(name_tree, &names, &n) != NULL)
		return ("the name stands above for another key");
	if (RB_FIND(digest_tree, &digests, &n) != NULL)
		return ("the key has a name above");
	if ((new = malloc(sizeof(*new))) == NULL)
		err(1, NULL);
	*new = n;
	RB_INSERT(name_tree, &names, new);
	RB_INSERT(digest_tree, &digests, new);
	return (NULL);
}

static void
note_all(FILE *f, int loud)
{
	const char	*why;
	char		*line = NULL;
	size_t		 size = 0;
	ssize_t		 len;
	unsigned int	 number = 0;

	names_clear();
	while ((len = getline(&line, &size, f)) > 0) {
		number++;
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (is_comment(line))
			continue;
		if ((why = line_note(line, (size_t)len)) != NULL && loud)
			warnx("%s:%u: %s", names_path, number, why);
	}
	free(line);
}

/* ---- the file ------------------------------------------------------------ */

/* Opens what is a file of sensible size.  NULL with errno. */
static FILE *
names_fdopen(int fd, const char *mode)
{
	struct stat	 st;
	FILE		*f;
	int		 saved;

	if (fstat(fd, &st) == -1)
		f = NULL;
	else if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
		f = NULL;
		errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
	} else
		f = fdopen(fd, mode);
	if (f == NULL) {
		saved = errno;
		close(fd);
		errno = saved;
	}
	return (f);
}

int
names_open(const char *directory)
{
	FILE	*f;
	int	 fd;

	names_clear();
	if (snprintf(names_path, sizeof(names_path), "%s/names", directory) >=
	    (int)sizeof(names_path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	fd = open(names_path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (errno == ENOENT ? 0 : -1);
	if ((f = names_fdopen(fd, "r")) == NULL)
		return (-1);
	note_all(f, 1);
	fclose(f);
	return (0);
}

/* Is that still the file of that name? */
static int
is_current(int fd)
{
	struct stat	 mine, theirs;

	return (fstat(fd, &mine) == 0 && stat(names_path, &theirs) == 0 &&
	    mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino);
}

/*
 * Opens and locks the file.  Whoever had the lock before may have replaced it:
 * then the new one is wanted.  NULL with errno.
 */
static FILE *
names_lock(void)
{
	int	 fd, saved;

	for (;;) {
		fd = open(names_path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC,
		    0600);
		if (fd == -1)
			return (NULL);
		if (flock(fd, LOCK_EX) == 0) {
			if (is_current(fd))
				return (names_fdopen(fd, "r+"));
		} else if (errno != EINTR) {
			saved = errno;
			close(fd);
			errno = saved;
			return (NULL);
		}
		close(fd);
	}
}

static int
is_changed(const char *line, size_t len, const struct change *change)
{
	struct name	 n;

	if (is_comment(line) || line_read(line, len, &n) == -1)
		return (0);
	return ((change->name != NULL && strcasecmp(n.name, change->name) == 0) ||
	    (change->digest != NULL && memcmp(n.digest, change->digest,
	    sizeof(n.digest)) == 0));
}

/* Copies the lines, the new one in the place of the first that goes. */
static void
copy_changed(FILE *from, FILE *to, const struct change *change)
{
	const char	*new = change->line;
	char		*line = NULL;
	size_t		 size = 0;
	ssize_t		 len;

	while ((len = getline(&line, &size, from)) > 0) {
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (!is_changed(line, (size_t)len, change)) {
			fwrite(line, 1, (size_t)len, to);
			putc('\n', to);
		} else if (new != NULL) {
			fputs(new, to);
			new = NULL;
		}
	}
	if (new != NULL)
		fputs(new, to);
	free(line);
}

/* Puts a changed copy in the place of the file.  Returns 0, or -1 with errno. */
static int
names_replace(FILE *from, const struct change *change)
{
	char	 tmp[PATH_MAX];
	FILE	*to;
	int	 fd, r, saved;

	if (snprintf(tmp, sizeof(tmp), "%s.XXXXXXXXXX", names_path) >=
	    (int)sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	if ((fd = mkostemp(tmp, O_CLOEXEC)) == -1)
		return (-1);
	if ((to = names_fdopen(fd, "w")) == NULL) {
		unlink(tmp);
		return (-1);
	}
	copy_changed(from, to, change);
	r = ferror(from) || fflush(to) == EOF || fsync(fd) == -1 ? -1 : 0;
	if (fclose(to) == EOF)
		r = -1;
	if (r == 0)
		r = rename(tmp, names_path);
	if (r == -1) {
		saved = errno;
		unlink(tmp);
		errno = saved;
	}
	return (r);
}

static enum names_result
names_change(FILE *f, const struct change *change)
{
	FILE	*again;
	int	 r;

	rewind(f);
	r = names_replace(f, change);
	if (r == 0) {
		if ((again = fopen(names_path, "re")) == NULL)
			r = -1;
		else {
			note_all(again, 0);
			fclose(again);
		}
	}
	return (r == -1 ? NAMES_ERROR : NAMES_OK);
}

/* ---- changes ------------------------------------------------------------- */

static enum names_result
set_locked(FILE *f, const uint8_t digest[KEY_DIGEST_LEN], const char *name,
    int force)
{
	struct change		 change = { digest, name, NULL };
	const struct name	*other;
	char			 line[KEY_FP_LEN + NAMES_LEN_MAX + 2];

	note_all(f, 0);
	other = by_name(name);
	if (other != NULL && !force &&
	    memcmp(other->digest, digest, KEY_DIGEST_LEN) != 0)
		return (NAMES_TAKEN);
	key_fingerprint(digest, line);
	strlcat(line, " ", sizeof(line));
	strlcat(line, name, sizeof(line));
	strlcat(line, "\n", sizeof(line));
	change.line = line;
	return (names_change(f, &change));
}

enum names_result
names_set(const uint8_t digest[KEY_DIGEST_LEN], const char *name, int force)
{
	enum names_result	 r;
	FILE			*f;

	if (!names_good(name))
		return (NAMES_BAD);
	if ((f = names_lock()) == NULL)
		return (NAMES_ERROR);
	r = set_locked(f, digest, name, force);
	fclose(f);
	return (r);
}

enum names_result
names_remove(const char *name)
{
	struct change		 change = { NULL, name, NULL };
	enum names_result	 r;
	FILE			*f;

	if ((f = names_lock()) == NULL)
		return (NAMES_ERROR);
	note_all(f, 0);
	r = by_name(name) == NULL ? NAMES_BAD : names_change(f, &change);
	fclose(f);
	return (r);
}
