/*
 * The children: started by fork and exec, watched, ended.
 */

#ifndef SPAWN_H
#define SPAWN_H

#include <sys/types.h>
#include <sys/queue.h>

#include <event.h>

#include "chan.h"
#include "config.h"
#include "msg_conf.h"

/* One child. */
struct process {
	TAILQ_ENTRY(process)	 entry;
	enum role		 role;
	unsigned int		 number;
	pid_t			 pid;		/* 0 once reaped */
	struct chan		*chan;
	char			 user[MSG_NAME_MAX];
	char			 root[MSG_PATH_MAX];	/* to chroot to, or work in */
	uid_t			 uid;
	gid_t			 gid;
	uint64_t		 file_size;	/* a front's limit, octets */
	char			 promises[MSG_WORDS_MAX];
	char			 sandbox[MSG_WORDS_MAX];
	int			 ready;
	int			 conf_ok;
	int			 synced;	/* uses what it was sent */
	uint8_t			 hashes[MSG_KEYS_MAX][MSG_HASH_LEN];
	size_t			 nhashes;	/* of keys, from its CONF_OK */
	int			 log_fd;	/* its stderr, -1 in the foreground */
	struct event		 log_event;
	char			 log_line[1024];
	size_t			 log_len;
};
TAILQ_HEAD(processes, process);
extern struct processes	 processes;

struct spawn_options {
	const char	*directory;	/* of the programs; a build tree will do */
	int		 foreground;
	int		 verbose;
	int		 unprivileged;	/* no chroot, no change of user */
};

/*
 * Starts all the children that conf asks for; handler gets what they send.
 * Exits on any error.
 */
void		 spawn_all(const struct config *, const struct spawn_options *,
		    chan_handler handler);

/*
 * Files that fronts are given may grow so long from now on; longer_only: or
 * longer, if they may already.  Returns -1 with errno set where the system
 * cannot change that.
 */
int		 spawn_limit(uint64_t size, int longer_only);

/* Are the programs there?  Exits if not, while stderr can still say so. */
void		 spawn_check_programs(const struct config *,
		    const struct spawn_options *);

/* The first child of a role if number is -1; NULL if there is none. */
struct process	*spawn_find(enum role, int number);

/* "olaf-front 0 (pid 123)"; static memory. */
const char	*spawn_name(const struct process *);

/*
 * The user name of a role, and whether such a user exists; for checks at the
 * start.
 */
int		 spawn_user(const struct config *, enum role, char *, size_t);

/*
 * Reaps one child that ended.  Returns it with how it ended in why, or NULL
 * when there is no further one.
 */
struct process	*spawn_reap(char *why, size_t size, int *clean);

/* Sends a signal to every child that lives. */
void		 spawn_kill(int sig);
/* How many live, of a role or (ROLE_MAX) of all. */
unsigned int	 spawn_alive(enum role);

/* Writes a last line that a dead child left in its pipe. */
void		 spawn_log_drain(struct process *);

#endif
