/*
 * What each word of pledge(2) allows on Linux, as data.
 */

#ifndef PLEDGE_TABLE_H
#define PLEDGE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Powers: what the tables below ask for.  A word gives one or several, and
 * several words may give the same.
 */
#define POWER_STDIO	0x00001U
#define POWER_LOOKUP	0x00002U	/* ask about names in the file system */
#define POWER_READ	0x00004U	/* open files to read */
#define POWER_WRITE	0x00008U	/* ... to write */
#define POWER_CREATE	0x00010U	/* make, rename and remove names */
#define POWER_FATTR	0x00020U
#define POWER_CHOWN	0x00040U
#define POWER_FLOCK	0x00080U
#define POWER_TTY	0x00100U
#define POWER_SOCKET	0x00200U	/* what any made socket needs */
#define POWER_LISTEN	0x00400U
#define POWER_INET	0x00800U	/* make such sockets */
#define POWER_UNIX	0x01000U
#define POWER_PROC	0x02000U
#define POWER_EXEC	0x04000U
#define POWER_ID	0x08000U
#define POWER_UNVEIL	0x10000U
#define POWER_ANY	0x20000U	/* everybody has it, with "" too */

#define PLEDGE_ARGS	3
#define PLEDGE_NAME_MAX	32	/* of a system call, with NUL */

/* The first call that came after Linux 5.17; the tables have none of them. */
#define PLEDGE_NEWER	451

/* A value that stands for this process's id. */
#define PLEDGE_SELF	UINT64_MAX

struct pledge_word {
	const char	*name;
	unsigned int	 powers;
};

/* Names of system calls, with spaces between them. */
struct pledge_calls {
	unsigned int	 powers;	/* any of them allows these */
	const char	*calls;
};

/*
 * One call, if its arguments are right: all bits of mask are as in value.  A
 * mask of 0 is no condition.
 */
struct pledge_rule {
	unsigned int	 powers;	/* all of them together allow this */
	const char	*call;
	struct {
		unsigned int	 index;
		uint64_t	 mask;
		uint64_t	 value;
	}		 args[PLEDGE_ARGS];
};

extern const struct pledge_word		 pledge_words[];
extern const size_t			 pledge_nwords;
extern const struct pledge_calls	 pledge_allowed[];
extern const size_t			 pledge_nallowed;
extern const struct pledge_rule		 pledge_rules[];
extern const size_t			 pledge_nrules;

/* What kills, unless a power of the entry is held. */
extern const struct pledge_calls	 pledge_deadly[];
extern const size_t			 pledge_ndeadly;

/*
 * What is answered with ENOSYS instead of EPERM: calls with their arguments in
 * memory, where no filter sees them.  libc then takes the older call.
 */
extern const char *const		 pledge_absent;

/*
 * Takes the next name off a list of calls into name, which holds
 * PLEDGE_NAME_MAX.  Returns 0 at the end.
 */
int	 pledge_next_call(const char **calls, char *name);

#endif
