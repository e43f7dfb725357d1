/*
 * The text of resolv.conf(5) and hosts(5).  Pure.
 */

#ifndef RESOLVCONF_H
#define RESOLVCONF_H

#include <stddef.h>

#define RESOLVCONF_SERVERS	3	/* further ones are ignored, as the */
#define RESOLVCONF_SEARCH	6	/* C library does */
#define RESOLVCONF_WORD		256	/* with NUL; longer ones are ignored */
#define RESOLVCONF_ADDRESSES	8	/* of one host */

struct resolvconf {
	size_t	 nservers, nsearch;
	char	 server[RESOLVCONF_SERVERS][RESOLVCONF_WORD];
	char	 search[RESOLVCONF_SEARCH][RESOLVCONF_WORD];
	int	 ndots;			/* 0 to 15 */
	int	 timeout;		/* seconds, 1 to 30 */
	int	 attempts;		/* 1 to 5 */
};

/* What is not understood is ignored; no server at all is 127.0.0.1. */
void	 resolvconf_read(struct resolvconf *, const char *text, size_t len);

/*
 * The numeric addresses that hosts(5) has for a name, at most
 * RESOLVCONF_ADDRESSES.  Returns how many.
 */
size_t	 resolvconf_hosts(const char *text, size_t len, const char *name,
	    char address[RESOLVCONF_ADDRESSES][RESOLVCONF_WORD]);

#endif
