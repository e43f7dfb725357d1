/*
 * A download while it is incomplete.
 */

#include "compat.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <openssl/evp.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clean.h"
#include "octet.h"
#include "partfile.h"

#define HASH_LEN	8	/* octets of the URL's SHA-256 in its name */
#define LOCK_TRIES	50	/* for the lock, with LOCK_WAIT between two */
#define LOCK_WAIT	20	/* milliseconds */

/* Both names.  Returns -1 if they are too long. */
static int
partfile_name(struct partfile *p, const char *directory, const char *url)
{
	uint8_t	 digest[EVP_MAX_MD_SIZE];
	char	 hex[2 * HASH_LEN + 1];

	if (EVP_Digest(url, strlen(url), digest, NULL, EVP_sha256(), NULL) != 1)
		return (-1);
	octet_write_hex(hex, digest, HASH_LEN);
	return (snprintf(p->path, sizeof(p->path), "%s/.olaf-%s.part",
	    directory, hex) >= (int)sizeof(p->path) ||
	    snprintf(p->sidecar, sizeof(p->sidecar), "%s/.olaf-%s.etag",
	    directory, hex) >= (int)sizeof(p->sidecar) ? -1 : 0);
}

/* Is the file that is open still the one of that name? */
static int
is_there(int fd, const char *path)
{
	struct stat	 a, b;

	return (fstat(fd, &a) == 0 && lstat(path, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

/*
 * Locks it.  An olaf-transfer whose olaf has just ended may still have it, for
 * the blink of an eye.
 */
static int
lock_soon(int fd)
{
	struct timespec	 ts = { 0, LOCK_WAIT * 1000000 };
	int		 i;

	for (i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return (0);
		if (errno != EWOULDBLOCK)
			return (-1);
		nanosleep(&ts, NULL);
	}
	errno = EWOULDBLOCK;
	return (-1);
}

/*
 * Opens and locks: returns 1, 0 if another process finished it meanwhile, or -1
 * with *why.
 */
static int
partfile_lock(struct partfile *p, const char **why)
{
	struct stat	 st;

	p->fd = open(p->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC, 0666);
	if (p->fd == -1 || fstat(p->fd, &st) == -1) {
		*why = strerror(errno);
		return (-1);
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    st.st_nlink > 1) {
		*why = "what is kept of it (.olaf-*.part) is not a file of "
		    "your own";
		return (-1);
	}
	if (lock_soon(p->fd) == -1) {
		*why = errno == EWOULDBLOCK ? "is being downloaded already" :
		    strerror(errno);
		return (-1);
	}
	return (is_there(p->fd, p->path));
}

static void
read_etag(struct partfile *p)
{
	ssize_t	 n;
	int	 fd;

	p->etag[0] = '\0';
	fd = open(p->sidecar, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return;
	if ((n = read(fd, p->etag, sizeof(p->etag) - 1)) < 0)
		n = 0;
	p->etag[n] = '\0';
	p->etag[strcspn(p->etag, "\n")] = '\0';
	close(fd);
}

int
partfile_open(struct partfile *p, const char *directory, const char *url,
    const char **why)
{
	int	 r;

	if (partfile_name(p, directory, url) == -1) {
		*why = "too long a path";
		return (-1);
	}
	while ((r = partfile_lock(p, why)) == 0) {
		close(p->fd);
		p->fd = -1;
	}
	if (r == 1) {
		read_etag(p);
		if (p->etag[0] != '\0' || ftruncate(p->fd, 0) == 0)
			return (0);
		*why = strerror(errno);
	}
	if (p->fd != -1)
		close(p->fd);
	p->fd = -1;
	return (-1);
}

uint64_t
partfile_size(const struct partfile *p)
{
	struct stat	 st;

	return (fstat(p->fd, &st) == -1 || st.st_size < 0 ? 0 :
	    (uint64_t)st.st_size);
}

/* Without it, or with half of it, nobody goes on: errors do not matter. */
void
partfile_set_etag(struct partfile *p, const char *etag)
{
	int	 fd;

	if (strcmp(p->etag, etag) == 0)
		return;
	unlink(p->sidecar);
	if (etag[0] == '\0' || strlcpy(p->etag, etag, sizeof(p->etag)) >=
	    sizeof(p->etag)) {
		p->etag[0] = '\0';
		return;
	}
	fd = open(p->sidecar, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	if (fd == -1 || dprintf(fd, "%s\n", etag) < 0)
		p->etag[0] = '\0';
	if (fd != -1)
		close(fd);
}

/*
 * A second name for the file, which never replaces one; where the file system
 * has no such thing, an empty file keeps the place.
 */
static int
take_name(const struct partfile *p, const char *name)
{
	int	 fd;

	if (link(p->path, name) == 0)
		return (unlink(p->path));
	if (errno == EEXIST)
		return (-1);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0666);
	if (fd == -1)
		return (-1);
	close(fd);
	return (rename(p->path, name));
}

int
partfile_finish(struct partfile *p, const char *name, int replace)
{
	if (fsync(p->fd) == -1)
		return (-1);
	if ((replace ? rename(p->path, name) : take_name(p, name)) == -1)
		return (-1);
	unlink(p->sidecar);
	close(p->fd);
	p->fd = -1;
	return (0);
}

int
partfile_close(struct partfile *p, int remove)
{
	if (p->fd == -1)
		return (0);
	if (p->etag[0] == '\0' || partfile_size(p) == 0)
		remove = 1;
	if (remove) {
		unlink(p->path);
		unlink(p->sidecar);
	}
	close(p->fd);
	p->fd = -1;
	return (!remove);
}

void
partfile_safe_name(char out[FILENAME_SIZE], const char *foreign)
{
	char		 octets[FILENAME_SIZE * 2];
	const char	*p;
	size_t		 n, len = 0, left;
	int32_t		 c;

	filename_clean(out, foreign, strlen(foreign));
	left = strlen(out);
	for (p = out; (n = clean_next(p, left, &c)) > 0; p += n, left -= n)
		if (c == -1 || clean_is_bad(c))
			octets[len++] = '_';
		else {
			memcpy(octets + len, p, n);
			len += n;
		}
	if (len > 0 && (octets[0] == '.' || octets[0] == '-'))
		octets[0] = '_';
	filename_clean(out, octets, len);
}
