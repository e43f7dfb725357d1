/*
 * Names of uploaded files: what is kept of a foreign one, and how it is given
 * back; no I/O.
 */

#ifndef FILENAME_H
#define FILENAME_H

#include <stddef.h>

#define FILENAME_SIZE	256	/* with its NUL */

/*
 * Writes what remains of a foreign name of len octets, whatever they are, to
 * out, which holds FILENAME_SIZE.  That is never empty, valid UTF-8, no path,
 * not "." or "..", and without what cannot be seen: controls, characters that
 * turn the writing's direction, noncharacters; white space around it and dots
 * at its end are gone.  An octet that is not UTF-8 becomes an underscore.
 * What is too long loses characters before its extension, if that is short.
 * A name that is clean stays as it is.
 */
void	 filename_clean(char *out, const char *in, size_t len);

/* Would filename_clean leave the name as it is? */
int	 filename_is_clean(const char *name, size_t len);

/*
 * Writes the value of Content-Disposition for a clean name to buf (RFC 6266,
 * RFC 8187): an attachment, its name in ASCII, and, if that is not all of it,
 * in UTF-8.  Of any other string too only printable ASCII is written.
 * Returns its length, or 0 if it does not fit; FILENAME_DISPOSITION_MAX holds
 * that of each clean name.
 */
#define FILENAME_DISPOSITION_MAX \
	(sizeof("attachment; filename=\"\"; filename*=UTF-8''") + \
	4 * (FILENAME_SIZE - 1))
size_t	 filename_disposition(char *buf, size_t size, const char *name);

#endif
