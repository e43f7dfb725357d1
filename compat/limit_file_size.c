/*
 * How long a file another process may write: prlimit(2), which Linux has and
 * OpenBSD has not.
 */

#include "compat.h"

#include <sys/resource.h>

#include <errno.h>

#ifdef HAVE_PRLIMIT

int
limit_file_size(pid_t pid, uint64_t size)
{
	struct rlimit	rl;

	if (prlimit(pid, RLIMIT_FSIZE, NULL, &rl) == -1)
		return (-1);
	rl.rlim_cur = (rlim_t)size;
	return (prlimit(pid, RLIMIT_FSIZE, &rl, NULL));
}

#else

int
limit_file_size(pid_t pid, uint64_t size)
{
	(void)pid;
	(void)size;
	errno = ENOSYS;
	return (-1);
}

#endif
