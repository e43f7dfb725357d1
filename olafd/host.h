/*
 * Hosts and ports as olafd.conf(5) names them.
 */

#ifndef HOST_H
#define HOST_H

#include <sys/socket.h>

#include <netdb.h>
#include <stdint.h>

/* A copy without the brackets that an IPv6 address may stand in. */
char		*host_bare(const char *);

int		 host_is_numeric(const char *);
int		 host_is_name(const char *);

/*
 * The addresses to listen on, for freeaddrinfo(3): a numeric one, or those of
 * localhost; other names are not looked up, for that would be talking to the
 * network.  NULL with the reason in *why.
 */
struct addrinfo	*host_lookup(const char *, const char **why);

/* The one spelling of an address; the caller frees it. */
char		*host_text(const struct sockaddr *, socklen_t);

/* By number or by the name of a service; 0 if it is neither. */
uint16_t	 host_port(const char *);
void		 host_set_port(struct sockaddr_storage *, uint16_t);

#endif
