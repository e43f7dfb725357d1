/*
 * unveil(2) of compat/: in a forked child, what each letter allows on a
 * directory of the test's own, that nothing else is visible, and what cannot be
 * had.
 */

#include "compat.h"

#include "test.h"

#ifdef HAVE_UNVEIL

int
main(void)
{
	printf("skip - unveil: it is the system's own\n");
	return (0);
}

#else

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <seccomp.h>
#include <string.h>

#include "child.h"

#define CALL_LANDLOCK		444	/* landlock_create_ruleset */
#define ABI_TRUNCATE		3
#define ABI_SCOPE		6
#define ABI_RESOLVE_UNIX	9

static char	 top[PATH_MAX];		/* holds a, d/, d/a, e/ */
static int	 abi;

/* ---- things to try, each within the directory top: 0 or errno ---------- */

static int
result(int r)
{
	return (r == -1 ? errno : 0);
}

static int
try_open(const char *path, int flags)
{
	int	 fd;

	if ((fd = open(path, flags, 0700)) == -1)
		return (errno);
	close(fd);
	return (0);
}

static int
t_read(void)
{
	return (try_open("d/a", O_RDONLY));
}

static int
t_list(void)
{
	return (try_open("d", O_RDONLY | O_DIRECTORY));
}

static int
t_write(void)
{
	return (try_open("d/a", O_WRONLY));
}

static int
t_both(void)
{
	return (try_open("d/a", O_RDWR));
}

static int
t_truncate(void)
{
	return (result(truncate("d/a", 0)));
}

static int
t_create(void)
{
	return (try_open("d/new", O_WRONLY | O_CREAT | O_EXCL));
}

static int
t_unlink(void)
{
	return (result(unlink("d/b")));
}

static int
t_rename(void)
{
	return (result(rename("d/c", "d/c2")));
}

static int
t_move(void)
{
	return (result(rename("d/m", "d/sub/m")));
}

static int
t_mkdir(void)
{
	return (result(mkdir("d/newdir", 0700)));
}

static int
t_rmdir(void)
{
	return (result(rmdir("d/empty")));
}

static int
t_symlink(void)
{
	return (result(symlink("a", "d/symlink")));
}

static int
t_mkfifo(void)
{
	return (result(mkfifo("d/fifo", 0600)));
}

/* With the number of /dev/null: an ordinary user may not in any case. */
static int
t_mkdevice(void)
{
	return (result(mknod("d/device", S_IFCHR | 0600, makedev(1, 3))));
}

static int
with_socket(int (*f)(int, const struct sockaddr *, socklen_t), const char *path)
{
	struct sockaddr_un	 sun;
	int			 s, r;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
	s = socket(AF_UNIX, SOCK_STREAM, 0);
	r = result(f(s, (struct sockaddr *)&sun, sizeof(sun)));
	close(s);
	return (r);
}

static int
t_bind(void)
{
	return (with_socket(bind, "d/newsocket"));
}

static int
t_connect(void)
{
	return (with_socket(connect, "d/socket"));
}

static int
t_execute(void)
{
	char	*argv[] = { NULL };
	pid_t	 pid;
	int	 status;

	if ((pid = fork()) == 0) {
		execv("d/true", argv);
		_exit(errno);
	}
	waitpid(pid, &status, 0);
	return (WIFEXITED(status) ? WEXITSTATUS(status) : EINVAL);
}

static int
t_elsewhere(void)
{
	return (try_open("e", O_RDONLY));
}

static int
t_elsewhere_write(void)
{
	return (try_open("a", O_WRONLY));
}

static int
t_dots(void)
{
	return (try_open("d/../e", O_RDONLY));
}

/* Links lead out only to what is visible itself. */
static int
t_link_out(void)
{
	return (try_open("d/out", O_RDONLY));
}

/* needs: the letters that allow it, all of them; "-": nothing does. */
static const struct trial {
	const char	*needs;
	int		(*f)(void);
	const char	*name;
	int		 since;		/* which ABI; all may it before */
} trials[] = {
	{ "r", t_read, "read", 1 },
	{ "r", t_list, "list", 1 },
	{ "w", t_write, "write", 1 },
	{ "rw", t_both, "read and write", 1 },
	{ "w", t_truncate, "truncate", ABI_TRUNCATE },
	{ "wc", t_create, "create", 1 },
	{ "c", t_unlink, "unlink", 1 },
	{ "c", t_rename, "rename", 1 },
	{ "c", t_move, "move", 1 },
	{ "c", t_mkdir, "mkdir", 1 },
	{ "c", t_rmdir, "rmdir", 1 },
	{ "c", t_symlink, "symlink", 1 },
	{ "c", t_mkfifo, "mkfifo", 1 },
	{ "c", t_bind, "bind", 1 },
	{ "w", t_connect, "connect", ABI_RESOLVE_UNIX },
	{ "-", t_mkdevice, "make a device", 1 },
	{ "-", t_elsewhere, "read elsewhere", 1 },
	{ "-", t_elsewhere_write, "write elsewhere", 1 },
	{ "-", t_dots, "read elsewhere with dots", 1 },
	{ "-", t_link_out, "read elsewhere through a link", 1 }
};

/* ---- letters ----------------------------------------------------------- */

/* One line of errors for each trial on stderr that went wrong. */
static int
try_all(void *arg)
{
	const char	*letters = arg;
	size_t		 i;
	int		 r, may, wrong = 0;

	if (unveil("d", letters) == -1 || unveil(NULL, NULL) == -1)
		return (1);
	for (i = 0; i < nitems(trials); i++) {
		r = trials[i].f();
		may = strspn(trials[i].needs, letters) ==
		    strlen(trials[i].needs) || abi < trials[i].since;
		if (may ? r == 0 : (r == EACCES || r == EPERM || r == EXDEV))
			continue;
		fprintf(stderr, "\"%s\": %s: %s\n", letters, trials[i].name,
		    strerror(r));
		wrong = 2;
	}
	return (wrong);
}

static void
run(const char *command)
{
	if (system(command) != 0) {
		fprintf(stderr, "%s: failed\n", command);
		exit(1);
	}
}

static void
fresh_directory(void)
{
	run("rm -rf a d e && mkdir d d/sub d/empty e && "
	    "touch a d/a d/b d/c d/m && ln -s ../e d/out && "
	    "cp /bin/true d/true");
}

static void
test_letters(void)
{
	static const char *const letters[] = {
		"", "r", "w", "x", "c", "rw", "rc", "wc", "rx", "rwc", "cxwr"
	};
	char		 text[8];
	size_t		 i;
	int		 s;
	struct sockaddr_un	 sun;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	strlcpy(sun.sun_path, "d/socket", sizeof(sun.sun_path));
	for (i = 0; i < nitems(letters); i++) {
		fresh_directory();
		s = socket(AF_UNIX, SOCK_STREAM, 0);
		CHECK(bind(s, (struct sockaddr *)&sun, sizeof(sun)) == 0);
		CHECK(listen(s, 1) == 0);
		strlcpy(text, letters[i], sizeof(text));
		CHECK(exits(in_child(try_all, text), 0));
		close(s);
	}
}

/* What a program is loaded from may be executed; the letters tell the rest. */
static int
executes(void *arg)
{
	static const char *const dirs[] = { "/usr", "/lib", "/lib64" };
	size_t			 i;

	for (i = 0; i < nitems(dirs); i++)
		if (unveil(dirs[i], "rx") == -1 && errno != ENOENT)
			return (255);
	if (unveil("d", arg) == -1 || unveil(NULL, NULL) == -1)
		return (254);
	return (t_execute());
}

static void
test_execute(void)
{
	char	 with[] = "rx", without[] = "rwc";

	fresh_directory();
	CHECK(exits(in_child(executes, with), 0));
	CHECK(exits(in_child(executes, without), EACCES));
}

/* ---- one file, several paths ------------------------------------------- */

static int
one_file(void *arg)
{
	(void)arg;
	if (unveil("d/a", "rc") != -1 || errno != ENOTSUP)
		return (1);
	if (unveil("d/a", "r") == -1 || unveil("d/b", "rw") == -1 ||
	    unveil(NULL, NULL) == -1)
		return (2);
	if (t_read() != 0 || t_write() != EACCES ||
	    try_open("d/b", O_RDWR) != 0)
		return (3);
	return (t_list() == EACCES && try_open("d/c", O_RDONLY) == EACCES ?
	    0 : 4);
}

static void
test_one_file(void)
{
	fresh_directory();
	CHECK(exits(in_child(one_file, NULL), 0));
}

/* More below is fine; less below is what Landlock can't do. */
static int
nested(void *arg)
{
	(void)arg;
	if (unveil("/", "") == -1 || unveil("d", "r") == -1 ||
	    unveil("d/sub", "rwc") == -1)
		return (1);
	if (unveil("d/a", "") != -1 || errno != ENOTSUP)
		return (2);
	if (unveil("d/sub/../a", "w") != -1 || errno != ENOTSUP)
		return (3);
	if (unveil(".", "w") != -1 || errno != ENOTSUP)
		return (4);
	if (unveil("e", "w") == -1 || unveil(NULL, NULL) == -1)
		return (5);
	if (t_read() != 0 || t_write() != EACCES || t_create() != EACCES ||
	    try_open("d/sub/new", O_RDWR | O_CREAT) != 0)
		return (6);
	return (t_elsewhere() == EACCES ? 0 : 7);
}

static void
test_nested(void)
{
	fresh_directory();
	CHECK(exits(in_child(nested, NULL), 0));
}

/* "/ab" is not below "/a". */
static int
siblings(void *arg)
{
	(void)arg;
	if (mkdir("d2", 0700) == -1 || unveil("d", "rw") == -1 ||
	    unveil("d2", "r") == -1 || unveil(NULL, NULL) == -1)
		return (1);
	return (rmdir("d2") == -1 && errno == EACCES ? 0 : 2);
}

static void
test_siblings(void)
{
	fresh_directory();
	CHECK(exits(in_child(siblings, NULL), 0));
	CHECK(rmdir("d2") == 0);
}

static int
same_again(void *arg)
{
	(void)arg;
	if (unveil("d", "rw") == -1 || unveil("d/.", "r") == -1)
		return (1);
	if (unveil("d", "rw") != -1 || errno != EPERM)
		return (2);
	if (unveil(NULL, NULL) == -1)
		return (3);
	return (t_read() == 0 && t_write() == EACCES ? 0 : 4);
}

static void
test_same_again(void)
{
	fresh_directory();
	CHECK(exits(in_child(same_again, NULL), 0));
}

/* ---- locking ----------------------------------------------------------- */

static int
locks(void *arg)
{
	int	 before = getdtablecount(), fd;

	(void)arg;
	fd = open("a", O_RDWR);
	if (unveil("d", "r") == -1 || t_elsewhere() != 0)
		return (1);	/* not yet in force */
	if (strcmp(sandbox_name(), "none") != 0)
		return (2);
	if (unveil(NULL, NULL) == -1 || t_elsewhere() != EACCES)
		return (3);
	if (unveil("d", "r") != -1 || errno != EPERM ||
	    unveil(NULL, NULL) != -1 || errno != EPERM)
		return (4);
	if (strncmp(sandbox_name(), "landlock ABI ", 13) != 0)
		return (5);
	/* what was open stays open, and nothing else does */
	if (write(fd, "x", 1) != 1 || getdtablecount() != before + 1)
		return (6);
	return (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 7);
}

static void
test_lock(void)
{
	fresh_directory();
	CHECK(exits(in_child(locks, NULL), 0));
}

static int
nothing_visible(void *arg)
{
	if (arg != NULL && unveil("/", "") == -1)
		return (1);
	if (unveil(NULL, NULL) == -1)
		return (2);
	if (try_open("/", O_RDONLY) != EACCES || t_read() != EACCES ||
	    t_write() != EACCES || t_create() != EACCES ||
	    t_unlink() != EACCES || try_open("/dev/null", O_RDWR) != EACCES)
		return (3);
	return (0);
}

static void
test_nothing_visible(void)
{
	fresh_directory();
	CHECK(exits(in_child(nothing_visible, NULL), 0));
	CHECK(exits(in_child(nothing_visible, top), 0));
}

static int
connect_abstract(void *arg)
{
	struct sockaddr_un	*sun = arg;
	int			 s;

	if (unveil("/", "rwxc") == -1 || unveil(NULL, NULL) == -1)
		return (255);
	if ((s = socket(AF_UNIX, SOCK_STREAM, 0)) == -1)
		return (254);
	return (result(connect(s, (struct sockaddr *)sun, sizeof(*sun))));
}

static void
test_abstract(void)
{
	struct sockaddr_un	 sun;
	int			 s;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	snprintf(sun.sun_path + 1, sizeof(sun.sun_path) - 1,
	    "unveil_test.%ld", (long)getpid());
	s = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK(bind(s, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	CHECK(listen(s, 1) == 0);
	CHECK(exits(in_child(connect_abstract, &sun),
	    abi >= ABI_SCOPE ? EPERM : 0));
	close(s);
}

/* ---- errors ------------------------------------------------------------ */

static int
errors(void *arg)
{
	(void)arg;
	if (unveil("d", "rq") != -1 || errno != EINVAL)
		return (1);
	if (unveil("d", NULL) != -1 || errno != EINVAL ||
	    unveil(NULL, "r") != -1 || errno != EINVAL)
		return (2);
	if (unveil("missing", "r") != -1 || errno != ENOENT ||
	    unveil("", "r") != -1 || errno != ENOENT ||
	    unveil("a/b", "r") != -1 || errno != ENOTDIR)
		return (3);
	return (t_read());	/* none of this had an effect */
}

static void
test_errors(void)
{
	fresh_directory();
	CHECK(exits(in_child(errors, NULL), 0));
}

/* A kernel that has no Landlock, or has it turned off. */
static int
no_landlock(void *arg)
{
	const int	*error = arg;
	scmp_filter_ctx	 filter;

	if ((filter = seccomp_init(SCMP_ACT_ALLOW)) == NULL ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(*error), CALL_LANDLOCK,
	    0) != 0 || seccomp_load(filter) != 0)
		return (255);
	seccomp_release(filter);
	if (unveil("d", "r") != -1 || errno != ENOSYS)
		return (1);
	if (unveil(NULL, NULL) != -1 || errno != ENOSYS)
		return (2);
	return (strcmp(sandbox_name(), "none") == 0 ? 0 : 3);
}

static void
test_no_landlock(void)
{
	int	 missing = ENOSYS, off = EOPNOTSUPP;

	CHECK(exits(in_child(no_landlock, &missing), 0));
	CHECK(exits(in_child(no_landlock, &off), 0));
}

/* ---- where it is turned off -------------------------------------------- */

static void
test_off(void)
{
	fresh_directory();
	CHECK(unveil("d", "q") == -1 && errno == EINVAL);
	CHECK(unveil("d", "r") == 0);
	CHECK(unveil(NULL, NULL) == 0);
	CHECK(unveil("d", "r") == -1 && errno == EPERM);
	CHECK(t_write() == 0);
}

static void
setup(void)
{
	const char	*tmp = getenv("TMPDIR");

	snprintf(top, sizeof(top), "%s/unveil_test.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(top) == NULL || chdir(top) == -1) {
		perror(top);
		exit(1);
	}
	abi = syscall(CALL_LANDLOCK, NULL, 0, 1U);
}

static void
cleanup(void)
{
	run("rm -rf a d e");
	if (chdir("/") == -1 || rmdir(top) == -1)
		perror(top);
}

int
main(void)
{
	setup();
	if (strncmp(sandbox_name(), "none (", 6) == 0) {
		RUN(test_off);
		printf("skip - unveil: %s\n", sandbox_name());
		cleanup();
		return (test_done());
	}
	RUN(test_letters);
	RUN(test_execute);
	RUN(test_one_file);
	RUN(test_nested);
	RUN(test_siblings);
	RUN(test_same_again);
	RUN(test_lock);
	RUN(test_nothing_visible);
	RUN(test_abstract);
	RUN(test_errors);
	RUN(test_no_landlock);
	cleanup();
	return (test_done());
}

#endif
