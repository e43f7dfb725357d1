/*
 * What each word of pledge(2) allows on Linux, as data.
 *
 * A list names every call that a libc (glibc, musl) may use for the same
 * service, on any architecture: which one it takes changes from version to
 * version, and what an architecture lacks is skipped.
 */

#include "compat.h"

#ifndef HAVE_PLEDGE

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <linux/seccomp.h>

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <termios.h>

#include "pledge-table.h"

const struct pledge_word pledge_words[] = {
	{ "chown",	POWER_CHOWN },
	{ "cpath",	POWER_CREATE },
	{ "dns",	POWER_LOOKUP | POWER_READ | POWER_SOCKET | POWER_INET },
	{ "error",	0 },		/* EPERM is what happens anyway */
	{ "exec",	POWER_EXEC },
	{ "fattr",	POWER_FATTR },
	{ "flock",	POWER_FLOCK },
	{ "getpw",	POWER_LOOKUP | POWER_READ },
	{ "id",		POWER_ID },
	{ "inet",	POWER_SOCKET | POWER_LISTEN | POWER_INET },
	{ "proc",	POWER_PROC },
	{ "recvfd",	0 },		/* no filter can tell: NOTES */
	{ "rpath",	POWER_LOOKUP | POWER_READ },
	{ "sendfd",	0 },
	{ "stdio",	POWER_STDIO },
	{ "tty",	POWER_TTY },
	{ "unix",	POWER_SOCKET | POWER_LISTEN | POWER_UNIX },
	{ "unveil",	POWER_LOOKUP | POWER_UNVEIL },
	{ "wpath",	POWER_WRITE }
};
const size_t pledge_nwords = nitems(pledge_words);

const struct pledge_calls pledge_allowed[] = {
	{ POWER_ANY,
	    "exit exit_group rt_sigreturn sigreturn restart_syscall" },

	/* descriptors that are open */
	{ POWER_STDIO,
	    "read readv pread64 preadv preadv2 "
	    "write writev pwrite64 pwritev pwritev2 sendfile "
	    "lseek fstat ftruncate fallocate fsync fdatasync fadvise64 "
	    "getdents getdents64 fchdir close dup dup2 dup3 pipe pipe2 "
	    "recvfrom recvmsg sendmsg shutdown" },
	/* waiting for them */
	{ POWER_STDIO,
	    "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl "
	    "epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2 "
	    "signalfd signalfd4 timerfd_create timerfd_settime "
	    "timerfd_gettime" },
	/* memory and threads */
	{ POWER_STDIO,
	    "brk munmap mremap madvise msync futex membarrier rseq "
	    "set_robust_list set_tid_address sched_yield sched_getaffinity "
	    "getcpu" },
	/* signals and time */
	{ POWER_STDIO,
	    "rt_sigaction rt_sigprocmask rt_sigpending rt_sigsuspend "
	    "rt_sigtimedwait sigaltstack pause alarm setitimer getitimer "
	    "nanosleep clock_nanosleep clock_gettime clock_getres "
	    "gettimeofday time times" },
	/* questions about this process and the machine, children that ended */
	{ POWER_STDIO,
	    "getpid getppid gettid getpgid getpgrp getsid getuid geteuid "
	    "getgid getegid getresuid getresgid getgroups umask getrlimit "
	    "getrusage wait4 waitid uname sysinfo getrandom" },

	{ POWER_LOOKUP,
	    "stat lstat newfstatat statx access faccessat faccessat2 "
	    "readlink readlinkat statfs fstatfs getcwd chdir" },
	{ POWER_WRITE,
	    "truncate" },
	{ POWER_CREATE,
	    "mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 "
	    "link linkat symlink symlinkat" },
	{ POWER_FATTR,
	    "chmod fchmod fchmodat utime utimes futimesat utimensat" },
	{ POWER_CHOWN,
	    "chown fchown lchown fchownat" },
	{ POWER_FLOCK,
	    "flock" },

	{ POWER_SOCKET,
	    "connect bind getsockname getpeername getsockopt sendto sendmmsg "
	    "recvmmsg" },
	{ POWER_LISTEN,
	    "listen accept accept4" },

	{ POWER_PROC,
	    "fork vfork kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo "
	    "pidfd_open pidfd_send_signal setpgid setsid" },
	{ POWER_PROC | POWER_ID,
	    "getpriority setpriority setrlimit prlimit64" },
	{ POWER_ID,
	    "setuid setgid setreuid setregid setresuid setresgid setgroups "
	    "setfsuid setfsgid capget capset" },
	/* with what a program needs to be loaded */
	{ POWER_EXEC,
	    "execve execveat mmap mprotect arch_prctl" },
	{ POWER_UNVEIL,
	    "landlock_create_ruleset landlock_add_rule "
	    "landlock_restrict_self" }
};
const size_t pledge_nallowed = nitems(pledge_allowed);

/* Arguments: an int equal to v, a flag that is not set, a null pointer. */
#define INT(i, v)	{ i, UINT32_MAX, (uint32_t)(v) }
#define UNSET(i, v)	{ i, (v), 0 }
#define NOTHING(i)	{ i, UINT64_MAX, 0 }
#define SELF(i)		{ i, UINT32_MAX, PLEDGE_SELF }

/* open(2): the flags that say what may happen to the file. */
#define OPEN_HOW	(O_ACCMODE | O_CREAT | (O_TMPFILE & ~O_DIRECTORY))
#define OPEN(powers, mask, flags)					\
	{ (powers), "open", { { 1, (mask), (flags) } } },		\
	{ (powers), "openat", { { 2, (mask), (flags) } } }

#define SOCKET(power, family, type, protocol)				\
	{ (power), "socket", { INT(0, family), { 1, 0xf, (type) },	\
	    INT(2, protocol) } }
#define OPTION(level, option)						\
	{ POWER_SOCKET, "setsockopt", { INT(1, level), INT(2, option) } }

#define IOCTL(power, request)						\
	{ (power), "ioctl", { INT(1, request) } }
#define FCNTL(power, command)						\
	{ (power), "fcntl", { INT(1, command) } }
#define PRCTL(option)							\
	{ POWER_STDIO, "prctl", { INT(0, option) } }

#define CLOSE_RANGE_UNSHARES	0x02
#define CLONE_NAMESPACES						\
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |	\
	    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* termios2, which libc's headers lack; the same on all architectures here */
#define TERMIOS2_GET	0x802c542aU
#define TERMIOS2_SET	0x402c542bU
#define TERMIOS2_SETW	0x402c542cU
#define TERMIOS2_SETF	0x402c542dU

const struct pledge_rule pledge_rules[] = {
	/* memory that is never code */
	{ POWER_STDIO, "mmap", { UNSET(2, PROT_EXEC) } },
	{ POWER_STDIO, "mprotect", { UNSET(2, PROT_EXEC) } },

	/* fstat(2) as newer libcs spell it */
	{ POWER_STDIO, "newfstatat", { { 3, AT_EMPTY_PATH, AT_EMPTY_PATH } } },
	{ POWER_STDIO, "statx", { { 2, AT_EMPTY_PATH, AT_EMPTY_PATH } } },

	{ POWER_STDIO, "close_range", { UNSET(2, CLOSE_RANGE_UNSHARES) } },
	{ POWER_STDIO, "sendto", { NOTHING(4) } },
	{ POWER_STDIO, "socketpair", { INT(0, AF_UNIX) } },
	{ POWER_STDIO, "prlimit64", { INT(0, 0), NOTHING(2) } },
	{ POWER_STDIO, "kill", { SELF(0) } },
	{ POWER_STDIO, "tkill", { SELF(0) } },
	{ POWER_STDIO, "tgkill", { SELF(0) } },

	FCNTL(POWER_STDIO, F_DUPFD),
	FCNTL(POWER_STDIO, F_DUPFD_CLOEXEC),
	FCNTL(POWER_STDIO, F_GETFD),
	FCNTL(POWER_STDIO, F_SETFD),
	FCNTL(POWER_STDIO, F_GETFL),
	FCNTL(POWER_STDIO, F_SETFL),
	FCNTL(POWER_FLOCK, F_GETLK),
	FCNTL(POWER_FLOCK, F_SETLK),
	FCNTL(POWER_FLOCK, F_SETLKW),
	FCNTL(POWER_FLOCK, F_OFD_GETLK),
	FCNTL(POWER_FLOCK, F_OFD_SETLK),
	FCNTL(POWER_FLOCK, F_OFD_SETLKW),

	IOCTL(POWER_STDIO, FIONREAD),
	IOCTL(POWER_STDIO, FIONBIO),
	IOCTL(POWER_STDIO, FIOCLEX),
	IOCTL(POWER_STDIO, FIONCLEX),
	IOCTL(POWER_STDIO, TCGETS),		/* isatty(3) */
	IOCTL(POWER_STDIO, TERMIOS2_GET),
	IOCTL(POWER_STDIO, TIOCGWINSZ),
	IOCTL(POWER_TTY, TIOCSWINSZ),
	IOCTL(POWER_TTY, TIOCGPGRP),
	IOCTL(POWER_TTY, TIOCSPGRP),
	IOCTL(POWER_TTY, TCSETS),
	IOCTL(POWER_TTY, TCSETSW),
	IOCTL(POWER_TTY, TCSETSF),
	IOCTL(POWER_TTY, TERMIOS2_SET),
	IOCTL(POWER_TTY, TERMIOS2_SETW),
	IOCTL(POWER_TTY, TERMIOS2_SETF),
	IOCTL(POWER_TTY, TCSBRK),
	IOCTL(POWER_TTY, TCXONC),
	IOCTL(POWER_TTY, TCFLSH),

	/* a further pledge(2), in this program or in one it executes */
	PRCTL(PR_SET_NO_NEW_PRIVS),
	PRCTL(PR_GET_NO_NEW_PRIVS),
	PRCTL(PR_GET_SECCOMP),
	PRCTL(PR_GET_DUMPABLE),
	PRCTL(PR_SET_NAME),
	PRCTL(PR_GET_NAME),
	{ POWER_STDIO, "prctl", { INT(0, PR_SET_DUMPABLE), NOTHING(1) } },
	{ POWER_ANY, "seccomp",
	    { INT(0, SECCOMP_SET_MODE_FILTER), INT(1, 0) } },
	/* libseccomp asks what there is, the first with bad flags */
	{ POWER_ANY, "seccomp",
	    { INT(0, SECCOMP_SET_MODE_STRICT), INT(1, 1) } },
	{ POWER_ANY, "seccomp",
	    { INT(0, SECCOMP_GET_ACTION_AVAIL), INT(1, 0) } },

	OPEN(POWER_READ, OPEN_HOW | O_TRUNC, O_RDONLY),
	OPEN(POWER_WRITE, OPEN_HOW, O_WRONLY),
	OPEN(POWER_READ | POWER_WRITE, OPEN_HOW, O_RDWR),
	OPEN(POWER_READ | POWER_CREATE, OPEN_HOW | O_TRUNC,
	    O_RDONLY | O_CREAT),
	OPEN(POWER_WRITE | POWER_CREATE, OPEN_HOW, O_WRONLY | O_CREAT),
	OPEN(POWER_READ | POWER_WRITE | POWER_CREATE, OPEN_HOW,
	    O_RDWR | O_CREAT),
	OPEN(POWER_WRITE | POWER_CREATE, OPEN_HOW,
	    O_WRONLY | (O_TMPFILE & ~O_DIRECTORY)),
	OPEN(POWER_READ | POWER_WRITE | POWER_CREATE, OPEN_HOW,
	    O_RDWR | (O_TMPFILE & ~O_DIRECTORY)),
	{ POWER_WRITE | POWER_CREATE, "creat", { { 0, 0, 0 } } },
	/* a place in the file system, of which nothing can be read */
	OPEN(POWER_UNVEIL, OPEN_HOW | O_TRUNC | O_PATH, O_PATH),

	SOCKET(POWER_INET, AF_INET, SOCK_STREAM, 0),
	SOCKET(POWER_INET, AF_INET, SOCK_STREAM, IPPROTO_TCP),
	SOCKET(POWER_INET, AF_INET, SOCK_DGRAM, 0),
	SOCKET(POWER_INET, AF_INET, SOCK_DGRAM, IPPROTO_UDP),
	SOCKET(POWER_INET, AF_INET6, SOCK_STREAM, 0),
	SOCKET(POWER_INET, AF_INET6, SOCK_STREAM, IPPROTO_TCP),
	SOCKET(POWER_INET, AF_INET6, SOCK_DGRAM, 0),
	SOCKET(POWER_INET, AF_INET6, SOCK_DGRAM, IPPROTO_UDP),
	SOCKET(POWER_UNIX, AF_UNIX, SOCK_STREAM, 0),
	SOCKET(POWER_UNIX, AF_UNIX, SOCK_DGRAM, 0),
	SOCKET(POWER_UNIX, AF_UNIX, SOCK_SEQPACKET, 0),

	/* no filters, no raw access, no tunnels */
	OPTION(SOL_SOCKET, SO_REUSEADDR),
	OPTION(SOL_SOCKET, SO_REUSEPORT),
	OPTION(SOL_SOCKET, SO_KEEPALIVE),
	OPTION(SOL_SOCKET, SO_LINGER),
	OPTION(SOL_SOCKET, SO_RCVBUF),
	OPTION(SOL_SOCKET, SO_SNDBUF),
	OPTION(SOL_SOCKET, SO_RCVTIMEO),
	OPTION(SOL_SOCKET, SO_SNDTIMEO),
	OPTION(IPPROTO_TCP, TCP_NODELAY),
	OPTION(IPPROTO_TCP, TCP_CORK),
	OPTION(IPPROTO_TCP, TCP_QUICKACK),
	OPTION(IPPROTO_TCP, TCP_DEFER_ACCEPT),
	OPTION(IPPROTO_TCP, TCP_KEEPIDLE),
	OPTION(IPPROTO_TCP, TCP_KEEPINTVL),
	OPTION(IPPROTO_TCP, TCP_KEEPCNT),
	OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT),
	OPTION(IPPROTO_TCP, TCP_NOTSENT_LOWAT),
	OPTION(IPPROTO_IP, IP_TOS),
	OPTION(IPPROTO_IP, IP_RECVERR),
	OPTION(IPPROTO_IP, IP_MTU_DISCOVER),
	OPTION(IPPROTO_IPV6, IPV6_V6ONLY),
	OPTION(IPPROTO_IPV6, IPV6_TCLASS),
	OPTION(IPPROTO_IPV6, IPV6_RECVERR),
	OPTION(IPPROTO_IPV6, IPV6_MTU_DISCOVER),

	{ POWER_PROC, "clone", { UNSET(0, CLONE_NAMESPACES) } }
};
const size_t pledge_nrules = nitems(pledge_rules);

const struct pledge_calls pledge_deadly[] = {
	{ POWER_EXEC,
	    "execve execveat" },
	/* other processes' memory and descriptors */
	{ 0,
	    "ptrace process_vm_readv process_vm_writev process_madvise "
	    "pidfd_getfd kcmp" },
	/* large doors into the kernel */
	{ 0,
	    "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter "
	    "io_uring_register add_key request_key keyctl modify_ldt "
	    "lookup_dcookie" },
	/* other namespaces, other roots, other file systems */
	{ 0,
	    "unshare setns chroot pivot_root mount umount2 mount_setattr "
	    "move_mount open_tree fsopen fsconfig fsmount fspick "
	    "open_by_handle_at swapon swapoff quotactl quotactl_fd" },
	/* the machine itself */
	{ 0,
	    "init_module finit_module delete_module kexec_load "
	    "kexec_file_load reboot acct syslog vhangup iopl ioperm "
	    "settimeofday clock_settime clock_adjtime adjtimex "
	    "sethostname setdomainname" }
};
const size_t pledge_ndeadly = nitems(pledge_deadly);

const char *const pledge_absent = "clone3 openat2";

int
pledge_next_call(const char **calls, char *name)
{
	size_t	 len;

	*calls += strspn(*calls, " ");
	if ((len = strcspn(*calls, " ")) == 0)
		return (0);
	if (len >= PLEDGE_NAME_MAX)
		len = PLEDGE_NAME_MAX - 1;	/* then no call has that name */
	memcpy(name, *calls, len);
	name[len] = '\0';
	*calls += strcspn(*calls, " ");
	return (1);
}

#endif /* !HAVE_PLEDGE */
