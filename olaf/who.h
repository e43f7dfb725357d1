/*
 * Recipients, as a command names them.
 */

#ifndef WHO_H
#define WHO_H

#include "roster.h"

/*
 * Finds n users by what was typed, each once and without ourselves.  Returns how
 * many there are, or -1 after having said on stderr who cannot be found and why.
 */
int	 who_find(char *const *texts, size_t n, struct user **users);

#endif
