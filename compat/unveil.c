/*
 * unveil(2) over Linux's Landlock.  Paths are collected, and take effect
 * together when unveiling ends: at unveil(NULL, NULL), or at a pledge(2)
 * without the word "unveil".
 *
 * Where Landlock cannot do as OpenBSD does, it is an error and not a silent
 * difference; NOTES lists the cases.
 */

#include "compat.h"

#ifndef HAVE_UNVEIL

#include <sys/prctl.h>
#include <sys/queue.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandbox.h"

/*
 * The kernel's interface.  Its header is often older than the kernel, hence
 * written down here; the system calls have these numbers on all architectures.
 */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_add_rule		445
#define SYS_landlock_restrict_self	446
#endif

#define LANDLOCK_VERSION	(1U << 0)	/* flag: which ABI? */
#define LANDLOCK_PATH_BENEATH	1		/* the type of our rules */
#define LANDLOCK_ABI_SCOPE	6		/* knows the member scoped */
#define LANDLOCK_SCOPE_ABSTRACT	(1ULL << 0)	/* abstract unix sockets */

#define FS_EXECUTE	(1ULL << 0)
#define FS_WRITE_FILE	(1ULL << 1)
#define FS_READ_FILE	(1ULL << 2)
#define FS_READ_DIR	(1ULL << 3)
#define FS_REMOVE_DIR	(1ULL << 4)
#define FS_REMOVE_FILE	(1ULL << 5)
#define FS_MAKE_CHAR	(1ULL << 6)
#define FS_MAKE_DIR	(1ULL << 7)
#define FS_MAKE_REG	(1ULL << 8)
#define FS_MAKE_SOCK	(1ULL << 9)
#define FS_MAKE_FIFO	(1ULL << 10)
#define FS_MAKE_BLOCK	(1ULL << 11)
#define FS_MAKE_SYM	(1ULL << 12)
#define FS_REFER	(1ULL << 13)
#define FS_TRUNCATE	(1ULL << 14)
#define FS_IOCTL_DEV	(1ULL << 15)
#define FS_RESOLVE_UNIX	(1ULL << 16)

struct landlock_ruleset {
	uint64_t	 handled_fs;
	uint64_t	 handled_net;
	uint64_t	 scoped;
};

struct landlock_path_beneath {
	uint64_t	 allowed;
	int32_t		 parent_fd;
} __attribute__((__packed__));

/* With which ABI each right came. */
static const struct {
	int		 abi;
	uint64_t	 rights;
} landlock_rights[] = {
	{ 1,	FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_READ_DIR |
		FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_CHAR | FS_MAKE_DIR |
		FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_BLOCK |
		FS_MAKE_SYM },
	{ 2,	FS_REFER },
	{ 3,	FS_TRUNCATE },
	{ 5,	FS_IOCTL_DEV },
	{ 9,	FS_RESOLVE_UNIX }
};

#define UNVEIL_READ	0x01
#define UNVEIL_WRITE	0x02
#define UNVEIL_EXECUTE	0x04
#define UNVEIL_CREATE	0x08

/* What each letter of unveil(2) grants.  Nobody makes devices. */
static const struct {
	char		 letter;
	unsigned int	 bit;
	uint64_t	 rights;
} unveil_letters[] = {
	{ 'r', UNVEIL_READ, FS_READ_FILE | FS_READ_DIR },
	{ 'w', UNVEIL_WRITE, FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV |
	    FS_RESOLVE_UNIX },
	{ 'x', UNVEIL_EXECUTE, FS_EXECUTE },
	{ 'c', UNVEIL_CREATE, FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR |
	    FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_SYM |
	    FS_REFER }
};

/* All that can be granted for what is no directory. */
#define FS_OF_FILES	(FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | \
			    FS_TRUNCATE | FS_IOCTL_DEV | FS_RESOLVE_UNIX)

struct veil {
	TAILQ_ENTRY(veil)	 entry;
	char			*path;		/* without links and dots */
	int			 fd;
	int			 isdir;
	unsigned int		 letters;	/* their bits */
};

static TAILQ_HEAD(, veil)	 veils = TAILQ_HEAD_INITIALIZER(veils);
static int			 unveil_closed;	/* no more paths are taken */
static int			 unveil_abi;	/* of the rules in force */

int
unveil_active(void)
{
	return (unveil_abi);
}

/* Closes without touching errno. */
static void
close_quietly(int fd)
{
	int	 saved_errno = errno;

	if (fd != -1)
		close(fd);
	errno = saved_errno;
}

/* ---- the kernel -------------------------------------------------------- */

/* Returns the kernel's ABI, or -1. */
static int
landlock_abi(void)
{
	int	 abi;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
	if (abi >= 1)
		return (abi);
	errno = ENOSYS;		/* also where it was turned off at boot */
	return (-1);
}

static uint64_t
landlock_known(int abi)
{
	uint64_t	 rights = 0;
	size_t		 i;

	for (i = 0; i < nitems(landlock_rights); i++)
		if (landlock_rights[i].abi <= abi)
			rights |= landlock_rights[i].rights;
	return (rights);
}

/* What a path's letters grant. */
static uint64_t
landlock_granted(const struct veil *v)
{
	uint64_t	 rights = 0;
	size_t		 i;

	for (i = 0; i < nitems(unveil_letters); i++)
		if (v->letters & unveil_letters[i].bit)
			rights |= unveil_letters[i].rights;
	return (v->isdir ? rights : rights & FS_OF_FILES);
}

static int
landlock_add(int ruleset, const struct veil *v, uint64_t known)
{
	struct landlock_path_beneath	 rule;

	memset(&rule, 0, sizeof(rule));
	rule.allowed = landlock_granted(v) & known;
	rule.parent_fd = v->fd;
	if (rule.allowed == 0)
		return (0);
	return (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_PATH_BENEATH,
	    &rule, 0));
}

/* Makes a set of all rules.  Returns its descriptor, or -1. */
static int
landlock_ruleset(int abi)
{
	struct landlock_ruleset	 attr;
	struct veil		*v;
	int			 ruleset;

	memset(&attr, 0, sizeof(attr));
	attr.handled_fs = landlock_known(abi);
	if (abi >= LANDLOCK_ABI_SCOPE)
		attr.scoped = LANDLOCK_SCOPE_ABSTRACT;
	ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset == -1)
		return (-1);
	TAILQ_FOREACH(v, &veils, entry) {
		if (landlock_add(ruleset, v, attr.handled_fs) == -1) {
			close_quietly(ruleset);
			return (-1);
		}
	}
	return (ruleset);
}

static int
landlock_enter(void)
{
	int	 abi, ruleset, r;

	if ((abi = landlock_abi()) == -1)
		return (-1);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return (-1);
	if ((ruleset = landlock_ruleset(abi)) == -1)
		return (-1);
	r = syscall(SYS_landlock_restrict_self, ruleset, 0);
	close_quietly(ruleset);
	if (r == 0)
		unveil_abi = abi;
	return (r);
}

/* ---- the paths --------------------------------------------------------- */

static void
veil_free(struct veil *v)
{
	close_quietly(v->fd);
	free(v->path);
	free(v);
}

static struct veil *
veil_new(const char *path, unsigned int letters)
{
	struct stat	 st;
	struct veil	*v;

	if ((v = calloc(1, sizeof(*v))) == NULL)
		return (NULL);
	v->letters = letters;
	v->fd = open(path, O_PATH | O_CLOEXEC);
	if (v->fd == -1 || fstat(v->fd, &st) == -1 ||
	    (v->path = realpath(path, NULL)) == NULL) {
		veil_free(v);
		return (NULL);
	}
	v->isdir = S_ISDIR(st.st_mode);
	return (v);
}

static int
veil_is_below(const struct veil *v, const struct veil *dir)
{
	size_t	 len = strlen(dir->path);

	if (strcmp(dir->path, "/") == 0)
		return (v->path[1] != '\0');
	return (strncmp(v->path, dir->path, len) == 0 && v->path[len] == '/');
}

/*
 * Can Landlock do it?  There is no rule about one name in a directory, so what
 * is none cannot have "c"; and what a path and the directories above it grant
 * adds up, so something below another path cannot have less than that.
 */
static int
veil_possible(const struct veil *v)
{
	const struct veil	*other;

	if (!v->isdir && v->letters & UNVEIL_CREATE)
		return (0);
	TAILQ_FOREACH(other, &veils, entry)
		if ((veil_is_below(v, other) && other->letters & ~v->letters) ||
		    (veil_is_below(other, v) && v->letters & ~other->letters))
			return (0);
	return (1);
}

static struct veil *
veil_find(const char *path)
{
	struct veil	*v;

	TAILQ_FOREACH(v, &veils, entry)
		if (strcmp(v->path, path) == 0)
			return (v);
	return (NULL);
}

/* Takes v, which may name a path that is there already, only to grant less. */
static int
veil_add(struct veil *v)
{
	struct veil	*old;

	if ((old = veil_find(v->path)) != NULL && v->letters & ~old->letters) {
		errno = EPERM;
		return (-1);
	}
	if (!veil_possible(v)) {
		errno = ENOTSUP;
		return (-1);
	}
	if (old != NULL) {
		TAILQ_REMOVE(&veils, old, entry);
		veil_free(old);
	}
	TAILQ_INSERT_TAIL(&veils, v, entry);
	return (0);
}

/* ---- unveil(2) --------------------------------------------------------- */

static int
letters_parse(const char *permissions, unsigned int *letters)
{
	size_t	 i;

	for (*letters = 0; *permissions != '\0'; permissions++) {
		for (i = 0; i < nitems(unveil_letters); i++)
			if (unveil_letters[i].letter == *permissions)
				break;
		if (i == nitems(unveil_letters)) {
			errno = EINVAL;
			return (-1);
		}
		*letters |= unveil_letters[i].bit;
	}
	return (0);
}

static int
unveil_lock(void)
{
	struct veil	*v;

	if (SANDBOX_OFF == NULL && landlock_enter() == -1)
		return (-1);
	while ((v = TAILQ_FIRST(&veils)) != NULL) {
		TAILQ_REMOVE(&veils, v, entry);
		veil_free(v);
	}
	unveil_closed = 1;
	return (0);
}

int
unveil_settle(void)
{
	if (unveil_closed)
		return (0);
	if (!TAILQ_EMPTY(&veils))
		return (unveil_lock());
	unveil_closed = 1;
	return (0);
}

int
unveil(const char *path, const char *permissions)
{
	struct veil	*v;
	unsigned int	 letters;

	if (unveil_closed) {
		errno = EPERM;
		return (-1);
	}
	if (path == NULL && permissions == NULL)
		return (unveil_lock());
	if (path == NULL || permissions == NULL) {
		errno = EINVAL;
		return (-1);
	}
	if (letters_parse(permissions, &letters) == -1 ||
	    (SANDBOX_OFF == NULL && landlock_abi() == -1) ||
	    (v = veil_new(path, letters)) == NULL)
		return (-1);
	if (veil_add(v) == -1) {
		veil_free(v);
		return (-1);
	}
	return (0);
}

#endif /* !HAVE_UNVEIL */
