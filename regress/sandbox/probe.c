/*
 * Stands in for a child and tries what that child must not be able to do.
 */

/* link: regress/lib/standin.o */

#include "compat.h"

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
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

static int
try_link(void)
{
	return (link("/etc/passwd", "link"));
}

static int
try_chmod(void)
{
	return (chmod(".", 0777));
}

static int
try_setrlimit(void)
{
	struct rlimit	rl = { RLIM_INFINITY, RLIM_INFINITY };

	return (setrlimit(RLIMIT_FSIZE, &rl));
}

static int
try_unlimit(void)
{
	return (limit_file_size(getpid(), getuid(), getgid(),
	    UINT64_MAX));
}

/* To the one file that a front has; olafd says how far. */
static int
try_write_within(void)
{
	struct rlimit	rl;

	if (getrlimit(RLIMIT_FSIZE, &rl) == -1 || rl.rlim_cur == RLIM_INFINITY)
		return (-1);
	return (pwrite(standin_load(), "", 1, (off_t)rl.rlim_cur - 1));
}

static int
try_write_beyond(void)
{
	struct rlimit	rl;
	int		r;

	if (getrlimit(RLIMIT_FSIZE, &rl) == -1 || rl.rlim_cur == RLIM_INFINITY)
		return (0);
	r = pwrite(standin_load(), "", 1, (off_t)rl.rlim_cur);
	if (r == -1 && errno == EFBIG)
		errno = EPERM;
	return (r);
}

/* ---- within its directory, and out of it: for olaf-files ----------------------- */

static int
try_own_create(void)
{
	return (open("probe", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
}

static int
try_own_write(void)
{
	int	fd = open("probe", O_WRONLY | O_NOFOLLOW);

	return (fd == -1 || write(fd, "probe", 5) != 5 ? -1 : fsync(fd));
}

static int
try_own_rename(void)
{
	return (rename("probe", "renamed"));
}

static int
try_own_read(void)
{
	char	octets[8];
	int	fd = open("renamed", O_RDONLY | O_NOFOLLOW);

	return (fd == -1 || read(fd, octets, sizeof(octets)) != 5 ? -1 : 0);
}

static int
try_own_list(void)
{
	return (open(".", O_RDONLY | O_DIRECTORY));
}

static int
try_own_unlink(void)
{
	return (unlink("renamed"));
}

/* Beside its directory lies olafd's configuration, if there is a beside. */
static int
try_beside(void)
{
	return (open("../olafd.conf", O_RDONLY));
}

static int
try_beside_create(void)
{
	return (open("../probe", O_WRONLY | O_CREAT, 0600));
}

static int
try_beside_openat(void)
{
	int	fd = open(".", O_RDONLY | O_DIRECTORY);

	return (fd == -1 ? -1 : openat(fd, "../../../../../../etc/passwd",
	    O_RDONLY));
}

static int
try_symlink(void)
{
	int	fd, saved;

	if (symlink("/etc/passwd", "symlink") == -1)
		return (-1);
	fd = open("symlink", O_RDONLY);
	saved = errno;
	if (unlink("symlink") == -1)
		return (0);
	errno = saved;
	return (fd);
}

static int
try_mknod(void)
{
	return (mknod("node", S_IFCHR | 0600, 0x103));
}

static int
try_proc(void)
{
	return (open("/proc/self/mem", O_RDONLY));
}

/* These fail with an error, unless the role is said to be allowed them. */
static const struct {
	const char	*name;
	int		(*try)(void);
	enum role	 allowed;	/* or ROLE_MAX */
} tries[] = {
	{ "own_create",		try_own_create,		ROLE_FILES },
	{ "own_write",		try_own_write,		ROLE_FILES },
	{ "own_rename",		try_own_rename,		ROLE_FILES },
	{ "own_read",		try_own_read,		ROLE_FILES },
	{ "own_list",		try_own_list,		ROLE_FILES },
	{ "own_unlink",		try_own_unlink,		ROLE_FILES },
	{ "beside",		try_beside,		ROLE_MAX },
	{ "beside_create",	try_beside_create,	ROLE_MAX },
	{ "beside_openat",	try_beside_openat,	ROLE_MAX },
	{ "symlink",		try_symlink,		ROLE_MAX },
	{ "link",		try_link,		ROLE_MAX },
	{ "mknod",		try_mknod,		ROLE_MAX },
	{ "proc",		try_proc,		ROLE_MAX },
	{ "chmod",		try_chmod,		ROLE_MAX },
	{ "setrlimit",		try_setrlimit,		ROLE_MAX },
	{ "unlimit",		try_unlimit,		ROLE_MAX },
	{ "write_within",	try_write_within,	ROLE_FRONT },
	{ "write_beyond",	try_write_beyond,	ROLE_MAX },
	{ "open",		try_open_file,		ROLE_MAX },
	{ "open_root",		try_open_root,		ROLE_MAX },
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
		if (standin_load() == -1 &&
		    strncmp(tries[i].name, "write_", 6) == 0)
			continue;	/* it has no file */
		errno = 0;
		r = tries[i].try();
		if (r == -1)
			log_info("probe: %s: %s: %s", tries[i].name,
			    errno == EPERM || errno == EACCES ? "refused" :
			    errno == ENOENT ? "absent" : "failed",
			    strerror(errno));
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
	signal(SIGXFSZ, SIG_IGN);
	words = standin_start(argc, argv, envp, probe);
	child_run();
}
