/*
 * Stands in for a child and tries what that child must not be able to do.
 */

/* link: regress/lib/standin.o */

#include "compat.h"

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "regress/lib/standin.h"

static const char	*words;

static int
try_open_file(void)
{
	return (open("/etc/passwd", O_RDONLY));
}

static int
try_open_root(void)
{
	return (open("/", O_RDONLY | O_DIRECTORY));
}

static int
try_create(void)
{
	return (open("probe", O_WRONLY | O_CREAT, 0600));
}

static int
try_stat(void)
{
	struct stat	st;

	return (stat("/etc/passwd", &st));
}

static int
try_unlink(void)
{
	return (unlink("/etc/passwd"));
}

static int
try_socket_inet(void)
{
	return (socket(AF_INET, SOCK_STREAM, 0));
}

static int
try_socket_unix(void)
{
	return (socket(AF_UNIX, SOCK_STREAM, 0));
}

static int
try_socket_packet(void)
{
	return (socket(AF_PACKET, SOCK_RAW, 0));
}

static int
try_fork(void)
{
	pid_t	pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid != -1)
		waitpid(pid, NULL, 0);
	return (pid);
}

static int
try_kill(void)
{
	return (kill(getppid(), 0));
}

static int
try_setuid(void)
{
	return (setuid(0));
}

static int
try_mmap_exec(void)
{
	void	*p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return (p == MAP_FAILED ? -1 : 0);
}

/* These fail with an error, unless the role is said to be allowed them. */
static const struct {
	const char	*name;
	int		(*try)(void);
	enum role	 allowed;	/* or ROLE_MAX */
} tries[] = {
	{ "open",		try_open_file,		ROLE_MAX },
	{ "open_root",		try_open_root,		ROLE_MAX },
	{ "create",		try_create,		ROLE_MAX },
	{ "stat",		try_stat,		ROLE_MAX },
	{ "unlink",		try_unlink,		ROLE_MAX },
	{ "socket_inet",	try_socket_inet,	ROLE_FRONT },
	{ "socket_unix",	try_socket_unix,	ROLE_RELAY },
	{ "socket_packet",	try_socket_packet,	ROLE_MAX },
	{ "fork",		try_fork,		ROLE_MAX },
	{ "kill",		try_kill,		ROLE_MAX },
	{ "setuid",		try_setuid,		ROLE_MAX },
	{ "mmap_exec",		try_mmap_exec,		ROLE_MAX },
};

/* These end the process. */
static void
deadly(const char *name)
{
	char	*argv[] = { NULL };

	if (strcmp(name, "execve") == 0)
		execve("/bin/true", argv, argv);
	else if (strcmp(name, "ptrace") == 0)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	else if (strcmp(name, "chroot") == 0)
		(void)!chroot(".");
	else if (strcmp(name, "unshare") == 0)
		syscall(SYS_unshare, 0);
	else if (strcmp(name, "mount") == 0)
		syscall(SYS_mount, "a", "/", "tmpfs", 0, NULL);
	else if (strcmp(name, "bpf") == 0)
		syscall(SYS_bpf, 0, NULL, 0);
	else if (strcmp(name, "process_vm_readv") == 0)
		syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
	else
		fatalx("probe: unknown: %s", name);
	log_info("probe: %s: survived", name);
}

static void
probe(void)
{
	size_t	i;
	int	r;

	if (*words != '\0') {
		deadly(words);
		return;
	}
	for (i = 0; i < nitems(tries); i++) {
		errno = 0;
		r = tries[i].try();
		if (r == -1)
			log_info("probe: %s: %s: %s", tries[i].name,
			    errno == EPERM || errno == EACCES ? "refused" :
			    "failed", strerror(errno));
		else
			log_info("probe: %s: %s", tries[i].name,
			    tries[i].allowed == standin_role() ? "allowed" :
			    "possible");
	}
	log_info("probe: done");
}

int
main(int argc, char *argv[], char *envp[])
{
	words = standin_start(argc, argv, envp, probe);
	child_run();
}
