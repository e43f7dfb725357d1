/*
 * The files that a configuration is read from.
 */

#ifndef TEXTFILE_H
#define TEXTFILE_H

#include <stddef.h>

#define TEXTFILE_MAX	(1 << 20)	/* octets */

/*
 * Reads a whole file that nobody but root and this user may write.  The caller
 * frees the text, which may hold NUL octets.  Returns NULL with the reason in
 * *why.
 */
char	*textfile_read(const char *path, size_t *len, const char **why);

#endif
