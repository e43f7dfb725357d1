/*
 * Addresses of servers.  Reading brings a host into one spelling (lower case,
 * IPv6 as inet_ntop(3) writes it), so that matching is comparing.
 */

#include "compat.h"

#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "address.h"

#define HTTP_PORT	80
#define HTTPS_PORT	443

static const char *const schemes[] = { "ws://", "wss://", "http://", "https://" };

/* Is c in a name or an IPv4 address?  Underscores occur in private networks. */
static int
is_host_char(unsigned char c)
{
	return (c < 0x80 && (isalnum(c) || c == '-' || c == '.' || c == '_'));
}

static size_t
scheme_len(const char *text, size_t len)
{
	size_t	 i, n;

	for (i = 0; i < nitems(schemes); i++) {
		n = strlen(schemes[i]);
		if (len >= n && strncasecmp(text, schemes[i], n) == 0)
			return (n);
	}
	return (0);
}

/* What stands between brackets, in the one spelling of its value. */
static int
read_ipv6(struct address *a, const char *text, size_t len)
{
	struct in6_addr	 in6;
	char		 literal[INET6_ADDRSTRLEN];

	if (len >= sizeof(literal))
		return (-1);
	memcpy(literal, text, len);
	literal[len] = '\0';
	if (strlen(literal) != len || inet_pton(AF_INET6, literal, &in6) != 1 ||
	    inet_ntop(AF_INET6, &in6, a->host, sizeof(a->host)) == NULL)
		return (-1);
	return (0);
}

static int
read_name(struct address *a, const char *text, size_t len)
{
	size_t	 i;

	if (len == 0 || len >= sizeof(a->host))
		return (-1);
	for (i = 0; i < len; i++) {
		if (!is_host_char(text[i]))
			return (-1);
		a->host[i] = tolower((unsigned char)text[i]);
	}
	a->host[len] = '\0';
	return (0);
}

static int
read_port(struct address *a, const char *text, size_t len)
{
	unsigned int	 port = 0;
	size_t		 i;

	if (len == 0 || len > 5)
		return (-1);
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return (-1);
		port = port * 10 + (text[i] - '0');
	}
	if (port == 0 || port > UINT16_MAX)
		return (-1);
	a->port = port;
	return (0);
}

/*
 * Reads the host and returns how much of the text it was, 0 if it is none.  A
 * colon ends a name, so an IPv6 literal without brackets fails at its port.
 */
static size_t
read_host(struct address *a, const char *text, size_t len)
{
	const char	*end;
	size_t		 n;

	if (len > 0 && text[0] == '[') {
		if ((end = memchr(text, ']', len)) == NULL)
			return (0);
		n = end - text + 1;
		return (read_ipv6(a, text + 1, n - 2) == -1 ? 0 : n);
	}
	end = memchr(text, ':', len);
	n = end == NULL ? len : (size_t)(end - text);
	return (read_name(a, text, n) == -1 ? 0 : n);
}

int
address_read(struct address *a, const char *text, size_t len)
{
	size_t	 n;

	memset(a, 0, sizeof(*a));
	if (len > ADDRESS_LEN_MAX)
		return (-1);
	n = scheme_len(text, len);
	text += n;
	len -= n;
	if (len > 0 && text[len - 1] == '/')
		len--;
	if ((n = read_host(a, text, len)) == 0)
		return (-1);
	if (n == len)
		return (0);
	if (text[n] != ':')
		return (-1);
	return (read_port(a, text + n + 1, len - n - 1));
}

/* Does a missing port match this one? */
static int
is_default(uint16_t port)
{
	return (port == 0 || port == HTTP_PORT || port == HTTPS_PORT);
}

int
address_match(const struct address *a, const struct address *b)
{
	if (strcmp(a->host, b->host) != 0)
		return (0);
	if (a->port == 0)
		return (is_default(b->port));
	if (b->port == 0)
		return (is_default(a->port));
	return (a->port == b->port);
}
