/*
 * Starting the children: fork, exec, a channel on descriptor 3, stderr to a
 * pipe that the parent reads into the log.
 */

#include "compat.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "program.h"
#include "spawn.h"
#include "state.h"

struct processes	 processes = TAILQ_HEAD_INITIALIZER(processes);

/* What each role runs as: the end of its user's name, its program. */
static const struct {
	const char	*user;
	const char	*program;
	const char	*root;
} roles[ROLE_MAX] = {
	[ROLE_FRONT] =		{ "front",	"olaf-front",	"front" },
	[ROLE_RELAY] =		{ "relay",	"olaf-relay",	"relay" },
	[ROLE_VERIFIER] =	{ "keys",	"olaf-keys",	"keys" },
	[ROLE_SIGNER] =		{ "sign",	"olaf-keys",	"sign" },
	[ROLE_FILES] =		{ "files",	"olaf-files",	NULL },
};

struct process *
spawn_find(enum role role, int number)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry)
		if (p->role == role &&
		    (number == -1 || p->number == (unsigned int)number))
			return (p);
	return (NULL);
}

const char *
spawn_name(const struct process *p)
{
	static char	name[64];

	snprintf(name, sizeof(name), "%s %u (pid %ld)", msgrules_role(p->role),
	    p->number, (long)p->pid);
	return (name);
}

int
spawn_user(const struct config *conf, enum role role, char *user, size_t size)
{
	struct passwd	*pw;

	if (snprintf(user, size, "%s%s", conf->user_prefix, roles[role].user) >=
	    (int)size)
		return (-1);
	if ((pw = getpwnam(user)) == NULL || pw->pw_uid == 0)
		return (-1);
	return (0);
}

/* The empty directory that becomes a child's root: root's, and truly empty. */
static void
spawn_empty(const struct config *conf, struct process *p)
{
	char		 dir[MSG_PATH_MAX];
	struct stat	 st;
	DIR		*d;

	if (snprintf(dir, sizeof(dir), "%s/empty", conf->state_directory) >=
	    (int)sizeof(dir) ||
	    snprintf(p->root, sizeof(p->root), "%s/%s", dir,
	    roles[p->role].root) >= (int)sizeof(p->root))
		fatalx("state directory: name too long");
	if ((mkdir(dir, 0755) == -1 && errno != EEXIST) ||
	    (mkdir(p->root, 0755) == -1 && errno != EEXIST))
		fatal("%s", p->root);
	if ((d = opendir(p->root)) == NULL || fstat(dirfd(d), &st) == -1)
		fatal("%s", p->root);
	if (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		fatalx("%s: not root's alone to write", p->root);
	if (!state_is_empty(d))
		fatalx("%s: not empty", p->root);
	closedir(d);
}

/* What a child sees of the file system: nothing, or the directory of files. */
static void
spawn_root(const struct config *conf, const struct spawn_options *o,
    struct process *p)
{
	if (p->role != ROLE_FILES) {
		if (!o->unprivileged)
			spawn_empty(conf, p);
	} else if (strlcpy(p->root, conf->files.directory, sizeof(p->root)) >=
	    sizeof(p->root))
		fatalx("files directory: name too long");
}

static void
spawn_path(const char *directory, const char *program, char *path, size_t size)
{
	if (program_path(directory, program, path, size) == -1)
		fatal("%s", path);
}

void
spawn_check_programs(const struct config *conf, const struct spawn_options *o)
{
	char		 path[MSG_PATH_MAX];
	enum role	 role;

	for (role = 0; role < ROLE_MAX; role++)
		if (roles[role].program != NULL &&
		    (role != ROLE_FILES || conf->files.enabled))
			spawn_path(o->directory, roles[role].program, path,
			    sizeof(path));
}

/*
 * A front writes to the files that it is given only so far; it cannot change
 * that, by pledge(2).
 */
static void
spawn_limit_self(const struct process *p)
{
	struct rlimit	rl;

	if (getrlimit(RLIMIT_FSIZE, &rl) == -1)
		fatal("getrlimit");
	rl.rlim_cur = rl.rlim_max < p->file_size ? rl.rlim_max :
	    (rlim_t)p->file_size;
	if (setrlimit(RLIMIT_FSIZE, &rl) == -1)
		fatal("setrlimit");
}

/*
 * Does its log go by way of us?  In the foreground only a front's to a file,
 * which its limit would be for too.
 */
static int
spawn_log_piped(const struct process *p, const struct spawn_options *o)
{
	struct stat	st;

	return (!o->foreground || (p->role == ROLE_FRONT &&
	    fstat(STDERR_FILENO, &st) == 0 && S_ISREG(st.st_mode)));
}

static __dead void
spawn_exec(struct process *p, const struct spawn_options *o, int fd, int logfd)
{
	char	*argv[14], number[16], path[MSG_PATH_MAX];
	int	 n = 0;

	spawn_path(o->directory, roles[p->role].program, path, sizeof(path));
	snprintf(number, sizeof(number), "%u", p->number);
	argv[n++] = path;
	argv[n++] = "-i";
	argv[n++] = number;
	if (p->role == ROLE_SIGNER)
		argv[n++] = "-s";
	if (logfd == -1)
		argv[n++] = "-d";
	if (o->verbose)
		argv[n++] = "-v";
	if (!o->unprivileged) {
		argv[n++] = "-u";
		argv[n++] = p->user;
		argv[n++] = "-r";
		argv[n++] = p->root;
	} else if (p->root[0] != '\0') {
		argv[n++] = "-w";
		argv[n++] = p->root;
	}
	argv[n] = NULL;
	if (p->role == ROLE_FRONT)
		spawn_limit_self(p);
	if (logfd != -1 && dup2(logfd, STDERR_FILENO) == -1)
		fatal("dup2");
	if (fd == CHILD_PARENT_FD) {
		if (fcntl(fd, F_SETFD, 0) == -1)
			fatal("fcntl");
	} else if (dup2(fd, CHILD_PARENT_FD) == -1)
		fatal("dup2");
	closefrom(CHILD_PARENT_FD + 1);
	execv(path, argv);
	fatal("exec %s", path);
}

/* Hands every whole line to the log; a line too long is cut. */
static void
spawn_log_lines(struct process *p)
{
	char	*nl;
	size_t	 len;

	while ((nl = memchr(p->log_line, '\n', p->log_len)) != NULL ||
	    p->log_len == sizeof(p->log_line)) {
		len = nl != NULL ? (size_t)(nl - p->log_line) : p->log_len;
		log_relay(p->log_line, len);
		if (nl != NULL)
			len++;
		p->log_len -= len;
		memmove(p->log_line, p->log_line + len, p->log_len);
	}
}

static void
spawn_log_read(int fd, short what, void *arg)
{
	struct process	*p = arg;
	ssize_t		 n;

	(void)what;
	n = read(fd, p->log_line + p->log_len,
	    sizeof(p->log_line) - p->log_len);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		event_del(&p->log_event);
		close(p->log_fd);
		p->log_fd = -1;
		return;
	}
	p->log_len += (size_t)n;
	spawn_log_lines(p);
}

void
spawn_log_drain(struct process *p)
{
	size_t	before;

	do {
		if (p->log_fd == -1)
			return;
		before = p->log_len;
		spawn_log_read(p->log_fd, EV_READ, p);
	} while (p->log_len != before);
}

static void
spawn_one(struct process *p, const struct spawn_options *o, chan_handler handler)
{
	int	sv[2], logfd[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) == -1)
		fatal("socketpair");
	if (spawn_log_piped(p, o) && pipe2(logfd, O_CLOEXEC) == -1)
		fatal("pipe");
	switch (p->pid = fork()) {
	case -1:
		fatal("fork");
	case 0:
		spawn_exec(p, o, sv[1], logfd[1]);
	default:
		break;
	}
	close(sv[1]);
	p->log_fd = logfd[0];
	if (logfd[0] != -1) {
		close(logfd[1]);
		if (fcntl(logfd[0], F_SETFL, O_NONBLOCK) == -1)
			fatal("fcntl");
		event_set(&p->log_event, logfd[0], EV_READ | EV_PERSIST,
		    spawn_log_read, p);
		event_add(&p->log_event, NULL);
	}
	p->chan = chan_new(sv[0], p->role, p->number, handler, p);
}

/* Who it will be. */
static void
spawn_identity(const struct config *conf, const struct spawn_options *o,
    struct process *p)
{
	struct passwd	*pw;

	p->uid = getuid();
	p->gid = getgid();
	if (o->unprivileged)
		return;
	if (spawn_user(conf, p->role, p->user, sizeof(p->user)) == -1 ||
	    (pw = getpwnam(p->user)) == NULL)
		fatalx("no user %s%s", conf->user_prefix,
		    roles[p->role].user);
	p->uid = pw->pw_uid;
	p->gid = pw->pw_gid;
}

static void
spawn_role(const struct config *conf, const struct spawn_options *o,
    enum role role, unsigned int count, chan_handler handler)
{
	struct process	*p;
	unsigned int	 i;

	for (i = 0; i < count; i++) {
		if ((p = calloc(1, sizeof(*p))) == NULL)
			fatal("process");
		p->role = role;
		p->number = i;
		spawn_identity(conf, o, p);
		spawn_root(conf, o, p);
		p->file_size = conf->files.enabled ? conf->files.max_size : 0;
		TAILQ_INSERT_TAIL(&processes, p, entry);
		spawn_one(p, o, handler);
	}
}

void
spawn_all(const struct config *conf, const struct spawn_options *o,
    chan_handler handler)
{
	spawn_role(conf, o, ROLE_SIGNER, 1, handler);
	spawn_role(conf, o, ROLE_VERIFIER, conf->verifiers, handler);
	spawn_role(conf, o, ROLE_RELAY, 1, handler);
	if (conf->files.enabled)
		spawn_role(conf, o, ROLE_FILES, 1, handler);
	spawn_role(conf, o, ROLE_FRONT, conf->prefork, handler);
}

struct process *
spawn_reap(char *why, size_t size, int *clean)
{
	struct process	*p;
	pid_t		 pid;
	int		 status;

	do {
		pid = waitpid(-1, &status, WNOHANG);
	} while (pid == -1 && errno == EINTR);
	if (pid <= 0)
		return (NULL);
	TAILQ_FOREACH(p, &processes, entry)
		if (p->pid == pid)
			break;
	if (p == NULL)
		fatalx("pid %ld was never ours", (long)pid);
	*clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (WIFSIGNALED(status))
		snprintf(why, size, "killed by signal %d", WTERMSIG(status));
	else
		snprintf(why, size, "exited with status %d",
		    WEXITSTATUS(status));
	return (p);
}

void
spawn_kill(int sig)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry)
		if (p->pid != 0)
			kill(p->pid, sig);
}

int
spawn_limit(uint64_t size, int longer_only)
{
	struct process	*p;

	TAILQ_FOREACH(p, &processes, entry) {
		if (p->role != ROLE_FRONT || p->file_size == size ||
		    (longer_only && p->file_size > size))
			continue;
		if (limit_file_size(p->pid, p->uid, p->gid, size) == -1)
			return (-1);
		p->file_size = size;
	}
	return (0);
}

unsigned int
spawn_alive(enum role role)
{
	struct process	*p;
	unsigned int	 n = 0;

	TAILQ_FOREACH(p, &processes, entry)
		if (p->pid != 0 && (role == ROLE_MAX || p->role == role))
			n++;
	return (n);
}
