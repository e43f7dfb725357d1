/*
 * pledge(2) of compat/: which system calls, with which arguments, each word and
 * each pair of words lets through.  The calls have pointers and descriptors
 * that the kernel refuses, so that nothing happens: EPERM or ENOSYS is the
 * filter's answer, anything else comes from behind it.
 */

#include "compat.h"

#include "test.h"

#ifdef HAVE_PLEDGE

int
main(void)
{
	printf("skip - pledge words: pledge is the system's own\n");
	return (0);
}

#else

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "child.h"
#include "pledge-table.h"

#define NOBODY		INT_MAX		/* no process has this id */
#define TMPFILE		(O_TMPFILE & ~O_DIRECTORY)
#define NAMES		"rpath getpw dns unveil"
#define SOCKETS		"inet unix dns"
#define ABSENT		"(absent)"

/*
 * words: alternatives, each of one word or of several with + between them, that
 * let the call through besides "stdio"; "*" if that is enough, "" if nothing
 * is.  Otherwise the answer is EPERM; it is always ENOSYS with ABSENT.
 */
static const struct probe {
	const char	*words;
	const char	*call;
	long		 args[6];
} probes[] = {
	/* files */
	{ "rpath getpw dns", "openat", { AT_FDCWD, 0, O_RDONLY | O_CLOEXEC } },
	{ "rpath getpw dns", "open", { 0, O_RDONLY | O_DIRECTORY } },
	{ "", "openat", { AT_FDCWD, 0, O_RDONLY | O_TRUNC } },
	{ "", "openat", { AT_FDCWD, 0, O_ACCMODE } },
	{ "wpath", "openat", { AT_FDCWD, 0, O_WRONLY | O_NOFOLLOW } },
	{ "wpath", "open", { 0, O_WRONLY | O_TRUNC | O_APPEND } },
	{ "rpath+wpath getpw+wpath dns+wpath", "openat",
	    { AT_FDCWD, 0, O_RDWR | O_CLOEXEC } },
	{ "rpath+wpath getpw+wpath dns+wpath", "open",
	    { 0, O_RDWR | O_TRUNC } },
	{ "rpath+cpath getpw+cpath dns+cpath", "openat",
	    { AT_FDCWD, 0, O_RDONLY | O_CREAT } },
	{ "", "openat", { AT_FDCWD, 0, O_RDONLY | O_CREAT | O_TRUNC } },
	{ "wpath+cpath", "openat",
	    { AT_FDCWD, 0, O_WRONLY | O_CREAT | O_EXCL } },
	{ "wpath+cpath", "creat", { 0 } },
	{ "rpath+wpath+cpath", "openat",
	    { AT_FDCWD, 0, O_RDWR | O_CREAT | O_TRUNC } },
	{ "wpath+cpath", "openat", { AT_FDCWD, 0, O_WRONLY | O_TMPFILE } },
	{ "rpath+wpath+cpath", "openat", { AT_FDCWD, 0, O_RDWR | O_TMPFILE } },
	{ "", "openat", { AT_FDCWD, 0, O_RDONLY | TMPFILE } },
	{ NAMES, "openat", { AT_FDCWD, 0, O_PATH | O_CLOEXEC } },
	{ ABSENT, "openat2", { AT_FDCWD } },
	{ NAMES, "stat", { 0 } },
	{ NAMES, "lstat", { 0 } },
	{ NAMES, "newfstatat", { AT_FDCWD } },
	{ NAMES, "newfstatat", { AT_FDCWD, 0, 0, AT_SYMLINK_NOFOLLOW } },
	{ "*", "newfstatat", { -1, 0, 0, AT_EMPTY_PATH } },
	{ NAMES, "statx", { AT_FDCWD } },
	{ "*", "statx", { -1, 0, AT_EMPTY_PATH } },
	{ "*", "fstat", { -1 } },
	{ NAMES, "access", { 0 } },
	{ NAMES, "faccessat", { AT_FDCWD } },
	{ NAMES, "faccessat2", { AT_FDCWD } },
	{ NAMES, "readlinkat", { AT_FDCWD, 0, 0, 1 } },
	{ NAMES, "getcwd", { 0 } },
	{ NAMES, "chdir", { 0 } },
	{ "cpath", "mkdirat", { AT_FDCWD } },
	{ "cpath", "rmdir", { 0 } },
	{ "cpath", "unlinkat", { AT_FDCWD } },
	{ "cpath", "renameat", { AT_FDCWD, 0, AT_FDCWD } },
	{ "cpath", "renameat2", { AT_FDCWD, 0, AT_FDCWD } },
	{ "cpath", "linkat", { AT_FDCWD, 0, AT_FDCWD } },
	{ "cpath", "symlinkat", { 0, AT_FDCWD } },
	{ "", "mknodat", { AT_FDCWD } },
	{ "wpath", "truncate", { 0, 1 } },
	{ "*", "ftruncate", { -1, 1 } },
	{ "fattr", "chmod", { 0 } },
	{ "fattr", "fchmod", { -1 } },
	{ "fattr", "fchmodat", { AT_FDCWD } },
	{ "fattr", "utimensat", { -1, 0, 0, 1 } },
	{ "chown", "chown", { 0 } },
	{ "chown", "fchown", { -1 } },
	{ "chown", "fchownat", { AT_FDCWD } },
	{ "", "setxattr", { 0 } },
	{ "flock", "flock", { -1 } },
	{ "flock", "fcntl", { -1, F_SETLK } },
	{ "flock", "fcntl", { -1, F_OFD_SETLKW } },
	{ "*", "fcntl", { -1, F_GETFL } },
	{ "*", "fcntl", { -1, F_DUPFD_CLOEXEC } },
	{ "", "fcntl", { -1, F_SETOWN } },
	{ "", "fcntl", { -1, F_SETPIPE_SZ } },

	/* terminals */
	{ "*", "ioctl", { -1, TCGETS } },
	{ "*", "ioctl", { -1, TIOCGWINSZ } },
	{ "*", "ioctl", { -1, FIONREAD } },
	{ "*", "ioctl", { -1, FIONBIO } },
	{ "tty", "ioctl", { -1, TCSETSW } },
	{ "tty", "ioctl", { -1, TIOCGPGRP } },
	{ "", "ioctl", { -1, TIOCSTI } },
	{ "", "ioctl", { -1, TIOCSCTTY } },

	/* sockets */
	{ "inet dns", "socket",
	    { AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP } },
	{ "inet dns", "socket", { AF_INET, SOCK_DGRAM | SOCK_NONBLOCK } },
	{ "inet dns", "socket", { AF_INET6, SOCK_STREAM } },
	{ "inet dns", "socket", { AF_INET6, SOCK_DGRAM, IPPROTO_UDP } },
	{ "", "socket", { AF_INET, SOCK_RAW, IPPROTO_ICMP } },
	{ "", "socket", { AF_INET, SOCK_STREAM, IPPROTO_SCTP } },
	{ "", "socket", { AF_INET, SOCK_DGRAM, IPPROTO_ICMP } },
	{ "", "socket", { AF_NETLINK, SOCK_RAW } },
	{ "", "socket", { AF_PACKET, SOCK_DGRAM } },
	{ "unix", "socket", { AF_UNIX, SOCK_STREAM } },
	{ "unix", "socket", { AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC } },
	{ "*", "socketpair", { AF_UNIX, SOCK_STREAM } },
	{ "", "socketpair", { AF_INET, SOCK_STREAM } },
	{ SOCKETS, "connect", { -1 } },
	{ SOCKETS, "bind", { -1 } },
	{ SOCKETS, "getsockname", { -1 } },
	{ SOCKETS, "getpeername", { -1 } },
	{ SOCKETS, "getsockopt", { -1, SOL_SOCKET, SO_ERROR } },
	{ SOCKETS, "setsockopt", { -1, IPPROTO_TCP, TCP_NODELAY } },
	{ SOCKETS, "setsockopt", { -1, SOL_SOCKET, SO_REUSEADDR } },
	{ SOCKETS, "setsockopt", { -1, IPPROTO_IPV6, IPV6_V6ONLY } },
	{ "", "setsockopt", { -1, SOL_SOCKET, SO_ATTACH_FILTER } },
	{ "", "setsockopt", { -1, SOL_SOCKET, SO_BINDTODEVICE } },
	{ "", "setsockopt", { -1, IPPROTO_TCP, TCP_ULP } },
	{ "inet unix", "listen", { -1 } },
	{ "inet unix", "accept4", { -1 } },
	{ "*", "sendto", { -1, 0, 0, 0, 0 } },
	{ SOCKETS, "sendto", { -1, 0, 0, 0, 1 } },
	{ SOCKETS, "sendmmsg", { -1 } },
	{ "*", "recvfrom", { -1 } },
	{ "*", "sendmsg", { -1 } },
	{ "*", "recvmsg", { -1 } },
	{ "*", "shutdown", { -1 } },
	{ "*", "sendfile", { -1, -1 } },
	{ "", "splice", { -1, 0, -1 } },

	/* processes; clone as asked for here is invalid */
	{ "proc", "clone", { CLONE_SIGHAND } },
	{ "", "clone", { CLONE_SIGHAND | CLONE_NEWUSER } },
	{ "", "clone", { CLONE_SIGHAND | CLONE_NEWNET | CLONE_NEWNS } },
	{ ABSENT, "clone3", { 0 } },
	{ "proc", "kill", { NOBODY } },
	{ "proc", "kill", { 0 } },
	{ "proc", "tgkill", { NOBODY, NOBODY } },
	{ "proc", "tkill", { NOBODY } },
	{ "proc", "rt_sigqueueinfo", { NOBODY } },
	{ "proc", "pidfd_open", { NOBODY } },
	{ "proc", "setpgid", { NOBODY, NOBODY } },
	{ "proc id", "setpriority", { 3 } },
	{ "*", "wait4", { -1, 0, WNOHANG } },
	{ "*", "prlimit64", { 0, RLIM_NLIMITS } },
	{ "proc id", "prlimit64", { 0, RLIM_NLIMITS, 1 } },
	{ "proc id", "prlimit64", { NOBODY, RLIM_NLIMITS } },
	{ "id", "setresuid", { -1, -1, -1 } },
	{ "id", "setresgid", { -1, -1, -1 } },
	{ "id", "setreuid", { -1, -1 } },
	{ "id", "capset", { 0 } },
	{ "", "personality", { 0xffffffff } },
	{ "", "sched_setscheduler", { NOBODY } },

	/* memory */
	{ "*", "mmap", { 0, 0, PROT_READ | PROT_WRITE, MAP_SHARED, -1 } },
	{ "exec", "mmap", { 0, 0, PROT_READ | PROT_EXEC, MAP_PRIVATE, -1 } },
	{ "*", "mprotect", { 0, 0, PROT_READ } },
	{ "exec", "mprotect", { 0, 0, PROT_READ | PROT_EXEC } },
	{ "", "pkey_mprotect", { 0, 0, PROT_EXEC, -1 } },
	{ "", "remap_file_pages", { 0 } },
	{ "", "memfd_create", { 0 } },
	{ "", "shmget", { 0 } },
	{ "*", "msync", { 0, 0, MS_ASYNC } },

	/* the sandbox itself */
	{ "unveil", "landlock_create_ruleset", { 0, 0, 1 } },
	{ "unveil", "landlock_restrict_self", { -1 } },
	{ "*", "seccomp", { 1, 0, 0 } },
	{ "", "seccomp", { 1, 8, 0 } },		/* with a listener */
	{ "*", "prctl", { PR_GET_NO_NEW_PRIVS } },
	{ "*", "prctl", { PR_SET_DUMPABLE, 0 } },
	{ "", "prctl", { PR_SET_DUMPABLE, 1 } },
	{ "", "prctl", { PR_SET_MM } },
	{ "*", "close_range", { NOBODY, NOBODY, 0 } },
	{ "", "close_range", { NOBODY, NOBODY, 2 } }	/* and unshare */
};

static int	*answers;	/* shared with the child: 0 is let through */

static int
run_probes(void *arg)
{
	const struct probe	*p;
	size_t			 i;
	int			 number;

	if (pledge(arg, NULL) == -1)
		return (1);
	for (i = 0; i < nitems(probes); i++) {
		p = &probes[i];
		number = seccomp_syscall_resolve_name(p->call);
		errno = 0;
		if (number >= 0)
			syscall(number, p->args[0], p->args[1], p->args[2],
			    p->args[3], p->args[4], p->args[5]);
		answers[i] = errno == EPERM || errno == ENOSYS ? errno : 0;
	}
	return (0);
}

/* Is word among the words of promises? */
static int
has_word(const char *promises, const char *word, size_t len)
{
	size_t	 n;

	for (; *promises != '\0'; promises += n) {
		promises += strspn(promises, " ");
		n = strcspn(promises, " ");
		if (n == len && memcmp(promises, word, len) == 0)
			return (1);
	}
	return (0);
}

/* Does one of the alternatives hold? */
static int
lets_through(const char *promises, const char *alternatives)
{
	const char	*p = alternatives;
	size_t		 len;
	int		 all = 1;

	if (strcmp(p, "*") == 0)
		return (1);
	for (; *p != '\0'; p += strspn(p, "+ ")) {
		len = strcspn(p, "+ ");
		if (!has_word(promises, p, len))
			all = 0;
		p += len;
		if (*p == '+')
			continue;
		if (all)
			return (1);
		all = 1;
	}
	return (0);
}

static int
expected(const char *promises, const struct probe *p)
{
	if (seccomp_syscall_resolve_name(p->call) < 0 ||
	    lets_through(promises, p->words))
		return (0);
	return (strcmp(p->words, ABSENT) == 0 ? ENOSYS : EPERM);
}

static void
check_promises(const char *promises)
{
	char	 text[64];
	size_t	 i;
	int	 want;

	strlcpy(text, promises, sizeof(text));
	for (i = 0; i < nitems(probes); i++)
		answers[i] = -1;
	CHECK(exits(in_child(run_probes, text), 0));
	for (i = 0; i < nitems(probes); i++) {
		want = expected(promises, &probes[i]);
		if (answers[i] == want)
			continue;
		fprintf(stderr, "\"%s\": %s(%ld, %ld, %ld): got %d, not %d\n",
		    promises, probes[i].call, probes[i].args[0],
		    probes[i].args[1], probes[i].args[2], answers[i], want);
		test_case_failed = 1;
	}
}

static void
test_each_word(void)
{
	char	 text[64];
	size_t	 i;

	for (i = 0; i < pledge_nwords; i++) {
		snprintf(text, sizeof(text), "stdio %s", pledge_words[i].name);
		check_promises(text);
	}
}

static void
test_each_pair(void)
{
	char	 text[64];
	size_t	 i, j;

	for (i = 0; i < pledge_nwords; i++) {
		for (j = i + 1; j < pledge_nwords; j++) {
			snprintf(text, sizeof(text), "stdio %s %s",
			    pledge_words[i].name, pledge_words[j].name);
			check_promises(text);
		}
	}
}

static void
test_many_words(void)
{
	check_promises("stdio rpath wpath cpath sendfd");
	check_promises("stdio rpath wpath cpath fattr inet dns unix proc");
}

static int
is_known(const char *name)
{
	if (seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR)
		return (1);
	fprintf(stderr, "%s: no such call\n", name);
	return (0);
}

static void
check_names(const char *calls)
{
	char	 name[PLEDGE_NAME_MAX];

	while (pledge_next_call(&calls, name))
		CHECK(is_known(name));
}

/* A name that is spelled wrongly would be skipped without a word. */
static void
test_names(void)
{
	size_t	 i;

	for (i = 0; i < pledge_nallowed; i++)
		check_names(pledge_allowed[i].calls);
	for (i = 0; i < pledge_ndeadly; i++)
		check_names(pledge_deadly[i].calls);
	for (i = 0; i < pledge_nrules; i++)
		CHECK(is_known(pledge_rules[i].call));
	for (i = 0; i < nitems(probes); i++)
		CHECK(is_known(probes[i].call));
	check_names(pledge_absent);
}

int
main(void)
{
	RUN(test_names);
	if (strncmp(sandbox_name(), "none (", 6) == 0) {
		printf("skip - pledge words: %s\n", sandbox_name());
		return (test_done());
	}
	answers = mmap(NULL, sizeof(*answers) * nitems(probes),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (answers == MAP_FAILED) {
		perror("mmap");
		return (1);
	}
	RUN(test_each_word);
	RUN(test_each_pair);
	RUN(test_many_words);
	return (test_done());
}

#endif
