/*
 * Certificates and private keys: read from their files, sent once, forgotten.
 */

#ifndef KEYFILES_H
#define KEYFILES_H

#include "config.h"

#define KEYFILES_MAX	(256 * 1024 - 64)	/* octets: a chain is some kB */

/*
 * Looks at every file that conf names: does it exist, may we read it, is a private
 * key hidden from others?  Returns 0, or -1 with errors reported.
 */
int	 keyfiles_check(const struct config *conf);

/*
 * A whole file of at most max octets in memory of its own, for freezero; NULL
 * with the error reported.  private: others must not be able to read it.
 */
char	*keyfiles_read(const struct config_where *, const char *what,
	    const char *path, int private, size_t max, size_t *size);

/*
 * Sends every certificate to the fronts and every key to the signer.  Returns
 * 0, or -1 with the error reported.
 */
int	 keyfiles_send(const struct config *conf);

/*
 * After all said CONF_OK: does each certificate belong to its key?  Returns 0, or -1
 * with the error reported.
 */
int	 keyfiles_match(const struct config *conf);

#endif
