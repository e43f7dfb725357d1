/*
 * pledge(2) of compat/: the call itself, what kills, and that a libc gets its
 * work done within the sandbox.  What each word allows: pledge_words_test.c.
 */

#include "compat.h"

#include "test.h"

#ifdef HAVE_PLEDGE

int
main(void)
{
	printf("skip - pledge: it is the system's own\n");
	return (0);
}

#else

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "child.h"
#include "pledge-table.h"

#define CALL_X32	0x40000000	/* in numbers of x86's third table */

static char	*self;			/* this program */

/* Returns 0, or the error. */
static int
try_open(const char *path, int flags)
{
	int	 fd;

	if ((fd = open(path, flags)) == -1)
		return (errno);
	close(fd);
	return (0);
}

static int
try_socket(int family)
{
	int	 fd;

	if ((fd = socket(family, SOCK_STREAM, 0)) == -1)
		return (errno);
	close(fd);
	return (0);
}

static int
try_fork(void)
{
	pid_t	 pid;

	if ((pid = fork()) == -1)
		return (errno);
	if (pid == 0)
		_exit(0);
	return (waitpid(pid, NULL, 0) == -1 ? errno : 0);
}

static int
try_call(long number)
{
	return (syscall(number, 0, 0, 0, 0, 0, 0) == -1 ? errno : 0);
}

/* ---- the call itself --------------------------------------------------- */

static int
refuses(const char *promises, int error)
{
	errno = 0;
	return (pledge(promises, NULL) == -1 && errno == error);
}

static int
arguments(void *arg)
{
	(void)arg;
	if (!refuses("stdio nonsense", EINVAL) || !refuses("stdi", EINVAL) ||
	    !refuses("stdioo", EINVAL) || !refuses("stdio,rpath", EINVAL))
		return (1);
	errno = 0;
	if (pledge("stdio", "stdio") != -1 || errno != ENOSYS)
		return (2);
	if (pledge(NULL, NULL) != 0 || try_socket(AF_INET) != 0)
		return (3);	/* nothing was entered */
	if (pledge("  stdio   rpath ", NULL) != 0 ||
	    try_open("/", O_RDONLY) != 0)
		return (4);
	if (pledge(NULL, NULL) != 0 || pledge("rpath stdio", NULL) != 0)
		return (5);
	return (0);
}

static void
test_arguments(void)
{
	CHECK(exits(in_child(arguments, NULL), 0));
}

static int
reduces(void *arg)
{
	(void)arg;
	if (pledge("stdio rpath wpath inet unix proc", NULL) == -1 ||
	    try_open("/dev/null", O_RDWR) != 0 || try_socket(AF_INET) != 0 ||
	    try_fork() != 0)
		return (1);
	if (!refuses("stdio rpath cpath", EPERM))
		return (2);
	if (pledge("stdio rpath unix", NULL) == -1 ||
	    try_open("/dev/null", O_RDONLY) != 0 || try_socket(AF_UNIX) != 0)
		return (3);
	if (try_open("/dev/null", O_RDWR) != EPERM ||
	    try_socket(AF_INET) != EPERM || try_fork() != EPERM)
		return (4);
	if (!refuses("stdio rpath wpath", EPERM) || !refuses("inet", EPERM))
		return (5);
	if (pledge("stdio", NULL) == -1 || try_socket(AF_UNIX) != EPERM ||
	    try_open("/dev/null", O_RDONLY) != EPERM ||
	    try_call(SYS_getpid) != 0)
		return (6);
	return (0);
}

static void
test_reduces(void)
{
	CHECK(exits(in_child(reduces, NULL), 0));
}

static int
nothing(void *arg)
{
	(void)arg;
	if (pledge("", NULL) == -1)
		return (1);
	if (write(STDERR_FILENO, "", 0) != -1 || errno != EPERM)
		return (2);
	return (try_call(SYS_getpid) == EPERM ? 0 : 3);
}

static void
test_nothing(void)
{
	CHECK(exits(in_child(nothing, NULL), 0));
}

static int
flags(void *arg)
{
	(void)arg;
	if (strcmp(sandbox_name(), "none") != 0)
		return (1);
	if (pledge("stdio", NULL) == -1)
		return (2);
	if (strcmp(sandbox_name(), "seccomp") != 0)
		return (3);
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return (4);
	if (prctl(PR_GET_DUMPABLE) != 0)
		return (5);
	return (prctl(PR_GET_SECCOMP) == 2 ? 0 : 6);
}

static void
test_flags(void)
{
	CHECK(exits(in_child(flags, NULL), 0));
}

/* unveil(2) ends with the word. */
static int
unveils(void *arg)
{
	(void)arg;
	if (pledge("stdio rpath unveil", NULL) == -1 ||
	    unveil("/dev", "r") == -1 || try_open("/etc", O_RDONLY) != 0)
		return (1);
	if (pledge("stdio rpath", NULL) == -1)
		return (2);
	if (try_open("/dev/null", O_RDONLY) != 0 ||
	    try_open("/etc", O_RDONLY) != EACCES)
		return (3);
	if (unveil("/", "r") != -1 || errno != EPERM)
		return (4);
	return (strncmp(sandbox_name(), "seccomp, landlock ABI ", 22) == 0 ?
	    0 : 5);
}

static void
test_unveil(void)
{
	CHECK(exits(in_child(unveils, NULL), 0));
}

/* Without a path nothing is put into force, but it ends all the same. */
static int
unveils_nothing(void *arg)
{
	(void)arg;
	if (pledge("stdio rpath", NULL) == -1 ||
	    try_open("/etc", O_RDONLY) != 0)
		return (1);
	if (unveil("/", "r") != -1 || errno != EPERM)
		return (2);
	return (strcmp(sandbox_name(), "seccomp") == 0 ? 0 : 3);
}

static void
test_unveil_nothing(void)
{
	CHECK(exits(in_child(unveils_nothing, NULL), 0));
}

/* ---- what kills, and what is not there --------------------------------- */

/* Exits with the error of a call that did not kill. */
static int
make_call(void *arg)
{
	const int	*number = arg;

	if (pledge("stdio", NULL) == -1)
		return (255);
	return (try_call(*number));
}

static int
check_deadly(const char *calls)
{
	char	 name[PLEDGE_NAME_MAX];
	int	 number, count = 0;

	while (pledge_next_call(&calls, name)) {
		if ((number = seccomp_syscall_resolve_name(name)) < 0)
			continue;
		count++;
		if (dies(in_child(make_call, &number), SIGSYS))
			continue;
		fprintf(stderr, "%s did not kill\n", name);
		test_case_failed = 1;
	}
	return (count);
}

static void
test_deadly(void)
{
	size_t	 i;

	CHECK(check_deadly("execve execveat ptrace process_vm_readv "
	    "process_vm_writev bpf mount umount2 pivot_root chroot init_module "
	    "finit_module kexec_load keyctl add_key io_uring_setup "
	    "io_uring_enter unshare setns userfaultfd perf_event_open") == 21);
	for (i = 0; i < pledge_ndeadly; i++)
		CHECK(check_deadly(pledge_deadly[i].calls) > 0);
}

/* What is newer than the tables is absent, after a reduction too. */
static int
make_new_calls(void *arg)
{
	(void)arg;
	if (pledge("stdio rpath", NULL) == -1 ||
	    try_call(PLEDGE_NEWER) != ENOSYS || try_call(900) != ENOSYS)
		return (1);
	if (pledge("stdio", NULL) == -1 ||
	    try_call(PLEDGE_NEWER) != ENOSYS || try_call(900) != ENOSYS)
		return (2);
	return (try_call(PLEDGE_NEWER - 1) == EPERM ? 0 : 3);
}

static void
test_newer(void)
{
	CHECK(exits(in_child(make_new_calls, NULL), 0));
}

static int
run_code(void *arg)
{
	int	(*code)(void);

	if (pledge("stdio", NULL) == -1)
		return (255);
	memcpy(&code, &arg, sizeof(code));
	return (code() != 0);
}

/* Calls through x86's other two tables, where other things have our numbers. */
static void
test_other_tables(void)
{
	/* getpid, number 20 there: mov $20, %eax; int $0x80; ret */
	static const unsigned char	 code[] =
	    { 0xb8, 0x14, 0, 0, 0, 0xcd, 0x80, 0xc3 };
	void				*p;
	int				 number = CALL_X32 | SYS_getpid;

	if (seccomp_arch_native() != SCMP_ARCH_X86_64) {
		CHECK(exits(in_child(make_call, &number), ENOSYS));
		return;
	}
	CHECK(dies(in_child(make_call, &number), SIGSYS));
	p = mmap(NULL, sizeof(code), PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	if (p == MAP_FAILED)
		return;
	memcpy(p, code, sizeof(code));
	CHECK(dies(in_child(run_code, p), SIGSYS));
	munmap(p, sizeof(code));
}

/* ---- libc within the sandbox ------------------------------------------- */

static int
do_abort(void *arg)
{
	(void)arg;
	if (pledge("stdio", NULL) == -1)
		return (255);
	abort();
}

static int
do_raise(void *arg)
{
	(void)arg;
	if (pledge("stdio", NULL) == -1)
		return (255);
	raise(SIGTERM);
	return (0);
}

static int
compare(const void *a, const void *b)
{
	return (memcmp(a, b, 64));
}

static int
use_memory(void *arg)
{
	char	*p;
	int	 fd = *(int *)arg;

	if (pledge("stdio", NULL) == -1)
		return (255);
	if ((p = calloc(100000, 64)) == NULL)
		return (1);
	qsort(p, 100000, 64, compare);
	if ((p = realloc(p, 20000000)) == NULL)
		return (2);
	p[20000000 - 1] = 'x';
	free(p);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return (3);
	p[0] = 'x';
	return (msync(p, 4096, MS_SYNC) == -1 ? 4 : 0);
}

/* An event loop whose parts were all made after the sandbox was entered. */
static int
use_loop(void *arg)
{
	struct epoll_event	 ev;
	struct itimerspec	 soon;
	sigset_t		 set;
	int			 ep, efd, sfd, tfd;

	(void)arg;
	if (pledge("stdio", NULL) == -1)
		return (255);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	memset(&ev, 0, sizeof(ev));
	memset(&soon, 0, sizeof(soon));
	ev.events = EPOLLIN;
	soon.it_value.tv_nsec = 1;
	if ((ep = epoll_create1(EPOLL_CLOEXEC)) == -1 ||
	    (efd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) == -1 ||
	    (sfd = signalfd(-1, &set, SFD_CLOEXEC)) == -1 ||
	    (tfd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) == -1)
		return (1);
	if (epoll_ctl(ep, EPOLL_CTL_ADD, efd, &ev) == -1 ||
	    epoll_ctl(ep, EPOLL_CTL_ADD, sfd, &ev) == -1 ||
	    epoll_ctl(ep, EPOLL_CTL_ADD, tfd, &ev) == -1 ||
	    timerfd_settime(tfd, 0, &soon, NULL) == -1)
		return (2);
	return (epoll_wait(ep, &ev, 1, 5000) == 1 ? 0 : 3);
}

/* First uses of what a daemon calls in passing. */
static int
use_libc(void *arg)
{
	struct addrinfo	 hints, *res;
	struct tm	 tm;
	struct stat	 st;
	time_t		 now = 86400;
	FILE		*f;
	int		 fd[2];

	(void)arg;
	if (pledge("stdio", NULL) == -1)
		return (255);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == -1 ||
	    (f = fdopen(fd[0], "w")) == NULL || fprintf(f, "%f", 1.5) < 0 ||
	    fflush(f) != 0 || fstat(fd[1], &st) == -1 ||
	    send(fd[1], "x", 1, 0) != 1)
		return (1);
	if (localtime_r(&now, &tm) == NULL || tm.tm_year != 70)
		return (2);
	memset(&hints, 0, sizeof(hints));
	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	if (getaddrinfo("192.0.2.1", "80", &hints, &res) != 0)
		return (3);
	freeaddrinfo(res);
	if (arc4random_uniform(1) != 0 || sysconf(_SC_NPROCESSORS_ONLN) < 1 ||
	    getdtablecount() < 2 || kill(getpid(), 0) == -1)
		return (4);
	if (fopen("/etc/passwd", "r") != NULL || errno != EPERM)
		return (5);
	errno = 0;
	if (isatty(fd[0]) || errno != ENOTTY)
		return (6);
	return (0);
}

static void
test_libc(void)
{
	FILE	*f;
	int	 fd;

	CHECK(dies(in_child(do_abort, NULL), SIGABRT));
	CHECK(dies(in_child(do_raise, NULL), SIGTERM));
	CHECK(exits(in_child(use_loop, NULL), 0));
	tzset();
	CHECK(exits(in_child(use_libc, NULL), 0));
	if ((f = tmpfile()) == NULL || ftruncate(fileno(f), 4096) == -1) {
		perror("tmpfile");
		exit(1);
	}
	fd = fileno(f);
	CHECK(exits(in_child(use_memory, &fd), 0));
	CHECK(getc(f) == 'x');
	fclose(f);
}

/* ---- other programs ---------------------------------------------------- */

static int
execute(void *arg)
{
	char	*const argv[] = { self, arg, NULL };

	if (pledge("stdio rpath exec", NULL) == -1)
		return (255);
	execv(argv[0], argv);
	return (254);
}

/* In the executed program, which starts afresh but for the filter. */
static int
executed(const char *what)
{
	if (strcmp(what, "executed") == 0)
		return (try_open("/", O_RDONLY) == 0 &&
		    try_socket(AF_INET) == EPERM ? 42 : 1);
	if (pledge("stdio", NULL) == -1)
		return (2);
	return (try_open("/", O_RDONLY) == EPERM ? 43 : 3);
}

static void
test_exec(void)
{
	char	 once[] = "executed", again[] = "pledged";

	CHECK(exits(in_child(execute, once), 42));
	CHECK(exits(in_child(execute, again), 43));
}

/* ---- where it is turned off -------------------------------------------- */

static void
test_off(void)
{
	CHECK(refuses("nonsense", EINVAL));
	CHECK(pledge("stdio rpath", NULL) == 0);
	CHECK(refuses("stdio inet", EPERM));
	CHECK(pledge("stdio", NULL) == 0);
	CHECK(try_open("/", O_RDONLY) == 0);
	CHECK(strncmp(sandbox_name(), "none (", 6) == 0);
}

int
main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 1)
		return (executed(argv[1]));
	if (strncmp(sandbox_name(), "none (", 6) == 0) {
		RUN(test_off);
		printf("skip - pledge: %s\n", sandbox_name());
		return (test_done());
	}
	RUN(test_arguments);
	RUN(test_reduces);
	RUN(test_nothing);
	RUN(test_flags);
	RUN(test_unveil);
	RUN(test_unveil_nothing);
	RUN(test_deadly);
	RUN(test_newer);
	RUN(test_other_tables);
	RUN(test_libc);
	RUN(test_exec);
	return (test_done());
}

#endif
