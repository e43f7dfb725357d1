/*
 * Included first by every source file: what the system lacks.
 */

#ifndef COMPAT_H
#define COMPAT_H

#include "have.h"

#include <sys/types.h>
#include <sys/cdefs.h>

#include <stddef.h>

#ifndef HAVE_PLEDGE
int	 pledge(const char *, const char *);
#endif
#ifndef HAVE_UNVEIL
int	 unveil(const char *, const char *);
#endif
#ifndef HAVE_TIMINGSAFE_BCMP
int	 timingsafe_bcmp(const void *, const void *, size_t);
#endif

#ifndef __dead
#define __dead		__attribute__((__noreturn__))
#endif
#ifndef nitems
#define nitems(a)	(sizeof(a) / sizeof((a)[0]))
#endif

#endif
