/*
 * What pledge.c, unveil.c and sandbox.c know of each other.
 */

#ifndef SANDBOX_H
#define SANDBOX_H

/*
 * Why the kernel is not asked to restrict anything in this build, or NULL.
 * Words, letters and their order are checked all the same.
 */
#if defined(HAVE_SANITIZE)
#define SANDBOX_OFF	"none (sanitizer build)"	/* it needs /proc */
#elif defined(WITHOUT_SANDBOX)
#define SANDBOX_OFF	"none (built without)"
#else
#define SANDBOX_OFF	NULL
#endif

/* Is a filter of system calls in force? */
int	 pledge_active(void);

/* The ABI of the Landlock rules in force, 0 if there are none. */
int	 unveil_active(void);

/*
 * Puts what was unveiled into force and ends unveiling; the file system stays
 * as visible as it is if nothing was unveiled.  Returns 0, or -1 with errno.
 */
int	 unveil_settle(void);

#endif
