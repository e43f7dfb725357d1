/*
 * A probe for configure: does libseccomp's filter really work here?  A child
 * enters one that answers getppid with EPERM and kills on ptrace.  Exits 0 if
 * both come true, else 1 with the reason on stderr.
 */

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROBE_NO_FILTER	2	/* exit codes of the child */
#define PROBE_NOT_DENIED	3
#define PROBE_NOT_KILLED	4

static int
enter_filter(void)
{
	scmp_filter_ctx	 ctx;
	int		 r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return (-errno);
	if ((ctx = seccomp_init(SCMP_ACT_ALLOW)) == NULL)
		return (-ENOMEM);
	r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(getppid), 0);
	if (r == 0)
		r = seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS,
		    SCMP_SYS(ptrace), 0);
	if (r == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	return (r);
}

static void
child(void)
{
	int	 r;

	if ((r = enter_filter()) != 0) {
		fprintf(stderr, "seccomp: filter refused: %s\n", strerror(-r));
		_exit(PROBE_NO_FILTER);
	}
	errno = 0;
	if (syscall(SYS_getppid) != -1 || errno != EPERM)
		_exit(PROBE_NOT_DENIED);
	syscall(SYS_ptrace, 0, 0, 0, 0);
	_exit(PROBE_NOT_KILLED);
}

int
main(void)
{
	pid_t	 pid;
	int	 status;

	if ((pid = fork()) == -1) {
		perror("seccomp: fork");
		return (1);
	}
	if (pid == 0)
		child();
	if (waitpid(pid, &status, 0) == -1) {
		perror("seccomp: waitpid");
		return (1);
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return (0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == PROBE_NOT_DENIED)
		fprintf(stderr, "seccomp: the filter does not deny\n");
	else if (WIFEXITED(status) && WEXITSTATUS(status) == PROBE_NOT_KILLED)
		fprintf(stderr, "seccomp: the filter does not kill\n");
	else if (!WIFEXITED(status))
		fprintf(stderr, "seccomp: the child died in another way\n");
	return (1);
}
