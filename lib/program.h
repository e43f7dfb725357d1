/*
 * Where the programs are that another one starts.
 */

#ifndef PROGRAM_H
#define PROGRAM_H

#include <stddef.h>

/*
 * Writes the path of a program: DIR/NAME, or DIR/NAME/NAME where the first is a
 * directory, as in a build tree.  Returns 0, or -1 with errno if it is too long
 * or cannot be executed; path says then what was tried.
 */
int	 program_path(const char *directory, const char *name, char *path,
	    size_t size);

#endif
