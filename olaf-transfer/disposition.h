/*
 * How a server says what a file is called: Content-Disposition (RFC 6266), or
 * the URL; no I/O.
 */

#ifndef DISPOSITION_H
#define DISPOSITION_H

#include <stddef.h>

#include "filename.h"

/*
 * Reads the name out of a field's value of len octets, whatever they are, and
 * writes it, cleaned, to name.  The extended form goes before the plain one if
 * it can be read.  Returns 0, or -1 if the field says no name, or is not one
 * that every reader understands alike: then nothing is written.
 */
int	 disposition_read(const char *value, size_t len,
	    char name[FILENAME_SIZE]);

/*
 * Writes the last part of a URL's path, decoded and cleaned, to name.  Returns
 * 0, or -1 if there is none.
 */
int	 disposition_of_url(const char *url, char name[FILENAME_SIZE]);

#endif
