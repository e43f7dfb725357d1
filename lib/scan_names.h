/*
 * Between the parts of the scanner.
 */

#ifndef SCAN_NAMES_H
#define SCAN_NAMES_H

#include <stdint.h>

#include "scan.h"

struct scan_name {
	struct scan_span	 text;		/* escapes as sent */
	uint32_t		 hash;
};

/*
 * Are n names, at most SCAN_NAMES, distinct after unescaping?  escaped: any of
 * them may hold an escape.
 */
int	 scan_names_distinct(struct scan_name *, size_t n, int escaped);

/*
 * Writes what the escape at *p stands for, moves *p behind it, and returns the
 * number of octets.  The escape was judged before.
 */
size_t	 scan_escape(const char **p, char *dst);

#endif
