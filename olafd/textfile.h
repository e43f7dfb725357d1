/*
 * Files of text: those that a configuration is read from, and the system's.
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

/*
 * Reads a file of the system's, whoever may write it: as many whole lines from
 * its beginning as max octets hold; *cut says whether there is more.  The
 * caller frees the text.  Returns NULL with errno set.
 */
char	*textfile_lines(const char *path, size_t max, size_t *len, int *cut);

#endif
