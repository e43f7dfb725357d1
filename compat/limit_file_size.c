/*
 * How long a file another process may write: prlimit(2), which Linux has and
 * OpenBSD has not.
 */

#include "compat.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <unistd.h>

#ifdef HAVE_PRLIMIT

static int
limit(pid_t pid, uint64_t size)
{
	struct rlimit	rl;

	if (prlimit(pid, RLIMIT_FSIZE, NULL, &rl) == -1)
		return (-1);
	rl.rlim_cur = (rlim_t)size;
	return (prlimit(pid, RLIMIT_FSIZE, &rl, NULL));
}

/* Root in a container may often not, but the process's own user may. */
static int
limit_as(pid_t pid, uid_t uid, gid_t gid, uint64_t size)
{
	pid_t	child;
	int	status;

	if ((child = fork()) == 0) {
		if (setresgid(gid, gid, gid) == -1 ||
		    setresuid(uid, uid, uid) == -1 || limit(pid, size) == -1)
			_exit(1);
		_exit(0);
	}
	if (child == -1)
		return (-1);
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			return (-1);
	errno = EPERM;
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1);
}

int
limit_file_size(pid_t pid, uid_t uid, gid_t gid, uint64_t size)
{
	if (limit(pid, size) == 0)
		return (0);
	if (errno != EPERM || uid == geteuid())
		return (-1);
	return (limit_as(pid, uid, gid, size));
}

#else

int
limit_file_size(pid_t pid, uid_t uid, gid_t gid, uint64_t size)
{
	(void)pid;
	(void)uid;
	(void)gid;
	(void)size;
	errno = ENOSYS;
	return (-1);
}

#endif
