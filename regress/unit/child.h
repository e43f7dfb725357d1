/*
 * For tests that must end a process to see something: a function in a forked
 * child, and what became of it.
 */

#ifndef CHILD_TEST_H
#define CHILD_TEST_H

#include <sys/types.h>
#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Runs f in a child that exits with what f returns; gives its wait status. */
static inline int
in_child(int (*f)(void *), void *arg)
{
	pid_t	 pid;
	int	 status;

	fflush(NULL);
	if ((pid = fork()) == -1) {
		perror("fork");
		exit(1);
	}
	if (pid == 0)
		_exit(f(arg));
	if (waitpid(pid, &status, 0) == -1) {
		perror("waitpid");
		exit(1);
	}
	return (status);
}

/* These say on stderr what came instead. */
static inline int
exits(int status, int code)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == code)
		return (1);
	fprintf(stderr, "wait status %#x, not exit %d\n", status, code);
	return (0);
}

static inline int
dies(int status, int sig)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == sig)
		return (1);
	fprintf(stderr, "wait status %#x, not signal %d\n", status, sig);
	return (0);
}

#endif
