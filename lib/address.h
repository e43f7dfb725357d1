/*
 * Addresses of servers as users and neighbours write them: host[:port], IPv6
 * in brackets, perhaps with a scheme before and a slash behind.
 */

#ifndef ADDRESS_H
#define ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#define ADDRESS_HOST_MAX	256	/* with NUL; RFC 1035 2.3.4 */
#define ADDRESS_LEN_MAX		300	/* longer texts are refused unread */

struct address {
	char		 host[ADDRESS_HOST_MAX];	/* lower case, no brackets */
	uint16_t	 port;				/* 0: none was given */
};

/* Returns 0, or -1 if the text is no address. */
int	 address_read(struct address *a, const char *text, size_t len);

/*
 * Do both name one server?  Hosts compare without case; IPv6 literals by their
 * value; a missing port matches 80 and 443 and a missing one.
 */
int	 address_match(const struct address *a, const struct address *b);

#endif
