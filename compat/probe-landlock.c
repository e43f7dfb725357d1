/*
 * A probe for configure: does Landlock really work here?  A child forbids
 * itself to read directories, and opens one.  Exits 0 if that fails as it
 * must, else 1 with the reason on stderr.  Needs no header of Landlock's, as
 * those are often older than the kernel.
 */

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset	/* the same on all architectures */
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_restrict_self	446
#endif

#define PROBE_READ_DIR	(1ULL << 3)	/* LANDLOCK_ACCESS_FS_READ_DIR */

static int
open_root(void)
{
	int	 fd;

	if ((fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return (-1);
	close(fd);
	return (0);
}

static int
forbid_read_dir(void)
{
	uint64_t	 handled = PROBE_READ_DIR;
	int		 fd;

	fd = syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	if (fd == -1)
		return (-1);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    syscall(SYS_landlock_restrict_self, fd, 0) == -1)
		return (-1);
	close(fd);
	return (0);
}

static void
child(void)
{
	if (open_root() == -1) {
		fprintf(stderr, "landlock: /: %s\n", strerror(errno));
		_exit(1);
	}
	if (forbid_read_dir() == -1) {
		fprintf(stderr, "landlock: %s\n", strerror(errno));
		_exit(1);
	}
	if (open_root() == 0) {
		fprintf(stderr, "landlock: the rules have no effect\n");
		_exit(1);
	}
	if (errno != EACCES) {
		fprintf(stderr, "landlock: / afterwards: %s\n",
		    strerror(errno));
		_exit(1);
	}
	_exit(0);
}

int
main(void)
{
	pid_t	 pid;
	int	 status;

	if ((pid = fork()) == -1) {
		perror("landlock: fork");
		return (1);
	}
	if (pid == 0)
		child();
	if (waitpid(pid, &status, 0) == -1) {
		perror("landlock: waitpid");
		return (1);
	}
	if (!WIFEXITED(status)) {
		fprintf(stderr, "landlock: the child died\n");
		return (1);
	}
	return (WEXITSTATUS(status));
}
