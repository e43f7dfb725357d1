/*
 * The user's own names for keys: the file "names" in the configuration
 * directory, a line "FINGERPRINT NAME" each, # for comments.
 */

#ifndef NAMES_H
#define NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "key.h"

#define NAMES_LEN_MAX	33	/* octets of a name, with NUL */

enum names_result {
	NAMES_OK,
	NAMES_BAD,		/* no good name: see names_good */
	NAMES_TAKEN,		/* it is another key's: a change needs force */
	NAMES_ERROR		/* the file: errno */
};

/*
 * Reads directory/names; bad lines are said to be so on stderr, with their
 * number, and kept in the file.  Returns 0, or -1 with errno.
 */
int	 names_open(const char *directory);

/*
 * 1 to 32 octets of UTF-8 without white space, control or format characters and
 * others that cannot be seen (joiners and variation selectors too), not
 * beginning with / ~ # or -, and not what might be a fingerprint or its
 * beginning: eight characters of base64 or more with upper case, lower case and
 * a figure, + or / among them.
 */
int	 names_good(const char *name);

/* The name of a fingerprint's digest (of v1.2's form), or NULL. */
const char *names_of(const uint8_t digest[KEY_DIGEST_LEN]);

/* The digest of a name (without case).  Returns 0, or -1 if there is none. */
int	 names_find(const char *name, uint8_t digest[KEY_DIGEST_LEN]);

/*
 * Gives a key a name, in the place of the one that it had.  A name that is
 * another key's is NAMES_TAKEN unless force is set.  The file is replaced under
 * a lock, after what others wrote meanwhile was read.
 */
enum names_result names_set(const uint8_t digest[KEY_DIGEST_LEN], const char *name,
	    int force);
/* Takes a name away.  NAMES_BAD if there is none such. */
enum names_result names_remove(const char *name);

/* Calls f for each, in order of name. */
void	 names_each(void (*f)(const char *name, const uint8_t digest[KEY_DIGEST_LEN],
	    void *arg), void *arg);

#endif
