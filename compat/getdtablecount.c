/*
 * How many descriptors this process has open: getdtablecount(2).  Asks poll(2)
 * about each that there may be, as there is no /proc in an empty root: some
 * hundred microseconds with a limit of 20000, so not for each message.
 */

#include "compat.h"

#ifndef HAVE_GETDTABLECOUNT

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define GETDTABLECOUNT_STEP	256

/* Returns how many of n descriptors from first on are open. */
static int
count_open(int first, int n)
{
	struct pollfd	 pfd[GETDTABLECOUNT_STEP];
	int		 i, count = 0;

	for (i = 0; i < n; i++) {
		pfd[i].fd = first + i;
		pfd[i].events = 0;
		pfd[i].revents = 0;
	}
	while (poll(pfd, n, 0) == -1)
		if (errno != EINTR && errno != EAGAIN)
			return (-1);
	for (i = 0; i < n; i++)
		if ((pfd[i].revents & POLLNVAL) == 0)
			count++;
	return (count);
}

int
getdtablecount(void)
{
	int	 first, size, step, n, count = 0;

	size = getdtablesize();
	for (first = 0; first < size; first += step) {
		step = size - first;
		if (step > GETDTABLECOUNT_STEP)
			step = GETDTABLECOUNT_STEP;
		if ((n = count_open(first, step)) == -1)
			return (-1);
		count += n;
	}
	return (count);
}

#endif /* !HAVE_GETDTABLECOUNT */
