/*
 * Hosts and ports as olafd.conf(5) names them.
 */

#include "compat.h"

#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include <ctype.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "config.h"
#include "host.h"
#include "log.h"

char *
host_bare(const char *host)
{
	char	*copy;
	size_t	 len = strlen(host);

	if (len < 2 || host[0] != '[' || host[len - 1] != ']')
		return (config_strdup(host));
	copy = config_strdup(host + 1);
	copy[len - 2] = '\0';
	return (copy);
}

/* getaddrinfo(3) takes 8080 for 0.0.31.144; only it knows IPv6 scopes. */
int
host_is_numeric(const char *host)
{
	struct addrinfo	 hints, *res;
	struct in_addr	 in;

	if (strchr(host, ':') == NULL)
		return (inet_pton(AF_INET, host, &in) == 1);
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICHOST;
	if (getaddrinfo(host, NULL, &hints, &res) != 0)
		return (0);
	freeaddrinfo(res);
	return (1);
}

/* The last label of a name has letters: RFC 1123 2.1. */
int
host_is_name(const char *host)
{
	struct address	 a;
	const char	*label;

	if (address_read(&a, host, strlen(host)) == -1 || a.port != 0 ||
	    strcasecmp(a.host, host) != 0)
		return (0);
	label = strrchr(host, '.');
	label = label == NULL ? host : label + 1;
	return (isalpha((unsigned char)*label));
}

struct addrinfo *
host_lookup(const char *host, const char **why)
{
	struct addrinfo	 hints, *res;
	int		 error, loopback = strcasecmp(host, "localhost") == 0;

	if (!loopback && !host_is_numeric(host)) {
		*why = "not a numeric address, nor localhost";
		return (NULL);
	}
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICHOST;
	/* without a host it gives the loopback addresses */
	if ((error = getaddrinfo(loopback ? NULL : host, "1", &hints,
	    &res)) != 0) {
		*why = gai_strerror(error);
		return (NULL);
	}
	return (res);
}

char *
host_text(const struct sockaddr *sa, socklen_t len)
{
	char	host[NI_MAXHOST];

	if (getnameinfo(sa, len, host, sizeof(host), NULL, 0,
	    NI_NUMERICHOST) != 0)
		fatalx("config: an address can't be written");
	return (config_strdup(host));
}

uint16_t
host_port(const char *port)
{
	const struct servent	*service;
	const char		*why;
	long long		 number;

	number = strtonum(port, 1, UINT16_MAX, &why);
	if (why == NULL)
		return ((uint16_t)number);
	if (!isalpha((unsigned char)*port) ||
	    (service = getservbyname(port, "tcp")) == NULL)
		return (0);
	return (ntohs((uint16_t)service->s_port));
}

void
host_set_port(struct sockaddr_storage *ss, uint16_t port)
{
	struct sockaddr_in	*sin = (struct sockaddr_in *)ss;
	struct sockaddr_in6	*sin6 = (struct sockaddr_in6 *)ss;

	if (ss->ss_family == AF_INET)
		sin->sin_port = htons(port);
	else
		sin6->sin6_port = htons(port);
}
