/*
 * How far a transfer is: a line on stderr, if that is a terminal.
 */

#ifndef PROGRESS_H
#define PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/* "999 B", "1.2 kB", "34.5 MB" ... */
void	 progress_size(char *dst, size_t size, uint64_t n);

/*
 * Writes the line for a terminal of that width, in ASCII; total 0: unknown; rate
 * in octets a second.  Its last column is left free.  Returns the length.
 */
size_t	 progress_format(char *dst, size_t size, unsigned int width,
	    uint64_t now, uint64_t total, uint64_t rate);

/* Shows it. */
void	 progress_show(uint64_t now, uint64_t total);

/* Takes it away: before anything else is written. */
void	 progress_end(void);

#endif
