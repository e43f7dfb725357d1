/*
 * Included first by every source file: feature macros, and what the system
 * lacks of what OpenBSD has.  NOTES says why each file is here.
 */

#ifndef COMPAT_H
#define COMPAT_H

#include "have.h"

#ifdef __linux__
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* accept4, pipe2, setresuid and the like */
#endif
#endif

#include <sys/types.h>
#include <sys/cdefs.h>
#include <sys/stat.h>	/* musl has members called __unused in it */

#include <stddef.h>
#include <stdint.h>

#ifndef HAVE_PLEDGE
int	 pledge(const char *, const char *);
#endif
#ifndef HAVE_UNVEIL
int	 unveil(const char *, const char *);
#endif
#ifndef HAVE_TIMINGSAFE_BCMP
int	 timingsafe_bcmp(const void *, const void *, size_t);
#endif
#ifndef HAVE_GETDTABLECOUNT
int	 getdtablecount(void);
#endif

/*
 * A process of that user may write files up to so many octets from now on,
 * within its hard limit.  Returns -1 with errno set: ENOSYS where the system
 * has no way.
 */
int	 limit_file_size(pid_t, uid_t, gid_t, uint64_t);

/*
 * Sends up to len octets of a file to a socket.  Returns how many, 0 at the
 * file's end, or -1 with errno set: ENOSYS where the system has no way.
 */
ssize_t	 send_file(int to, int fd, off_t from, size_t len);

/*
 * What this process has entered so far, for logs and people: "seccomp",
 * "seccomp, landlock ABI 7", "pledge", "none (sanitizer build)" ...; static
 * memory, below 64 octets.
 */
const char	*sandbox_name(void);

/*
 * The title that ps(1) shows behind the program's name. title_init is called
 * first of all, with what main was given.
 */
void	 title_init(int, char **, char **);
void	 title_set(const char *);

#ifndef __dead
#define __dead		__attribute__((__noreturn__))
#endif
#ifndef __unused
#define __unused	__attribute__((__unused__))
#endif
#ifndef nitems
#define nitems(a)	(sizeof(a) / sizeof((a)[0]))
#endif

#endif
