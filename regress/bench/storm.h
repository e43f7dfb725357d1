/*
 * The measured part of a join storm: many clients connect and say hello
 * within a second, spread over all servers, and in the end everybody is in
 * every server's list.
 */

#ifndef STORM_H
#define STORM_H

#include <stddef.h>

struct storm_result {
	double	 seconds;	/* from the first connection to the last hello */
	double	 listed;	/* from there until each server had sent a list
				 * of all */
	size_t	 list;		/* octets of such a list */
};

/* Signs count hellos. */
void	 storm_prepare(unsigned int count);

/* Says them, and returns when each server's list has all. */
void	 storm_run(struct storm_result *);

#endif
