/*
 * Files of RSA keys: what olafctl does without a running olafd.
 */

#ifndef KEYFILE_H
#define KEYFILE_H

#include "output.h"

/*
 * Prints the fingerprint of the key in a PEM file, private or public.
 * Returns 0, or 1 after having told stderr why not.
 */
int	 keyfile_fingerprint(const char *path, const struct output *);

/*
 * Makes a key: private in a new file that nobody else may read, public in a
 * new file PATH.pub; prints the fingerprint.  Returns as above, and then
 * neither file was made.
 */
int	 keyfile_generate(const char *path, const struct output *);

#endif
