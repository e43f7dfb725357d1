/*
 * A program that stands in for one of olafd's children in a test.
 */

#ifndef STANDIN_H
#define STANDIN_H

#include "chan.h"

/*
 * Reads what to do from the file "mode" beside the program: the role to stand
 * in for, and words for the test, which are returned.  A process of any other
 * role becomes the real program, found in the directory that the file's
 * second line names.  Then starts as a child does. started is called once the
 * parent said START.
 */
const char	*standin_start(int argc, char **argv, char **envp,
		    void (*started)(void));

/* The channel to a role's first process, NULL if there is none. */
struct chan	*standin_peer(enum role);
enum role	 standin_role(void);

/* Who takes what peers send, which is otherwise dropped; not their end. */
void		 standin_hear(void (*heard)(struct chan *, struct imsg *));
/* The file that all fronts share, of a front; -1 otherwise. */
int		 standin_load(void);

/* "front", "relay" …, or ROLE_MAX. */
enum role	 standin_role_read(const char *);

#endif
