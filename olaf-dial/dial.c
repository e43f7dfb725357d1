/*
 * olaf-dial: resolves names and connects, for olaf, which may do neither.  One
 * request after another, for nobody has more than one to wait for.
 */

#include "compat.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <arpa/inet.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "connect.h"
#include "helper.h"
#include "log.h"
#include "msg_client.h"

/*
 * What a resolver reads; the last is where resolv.conf really is, which may be
 * anywhere.
 */
static char		 resolv_conf[PATH_MAX];
static const char	*sees[] = { "/etc", "/run", NULL, NULL };

static void
dial_failed(struct chan *c, uint32_t id, const char *why)
{
	struct msg_connect_failed	 m;
	struct ibuf			*b;

	m.id = id;
	strlcpy(m.why, why, sizeof(m.why));
	b = chan_open(c, MSG_CONNECT_FAILED, 0);
	msg_connect_failed_put(b, &m);
	chan_close(c, b);
}

/* RFC 1122 3.2.1.3, RFC 4291 2.5.3; and the former within the latter. */
static int
is_loopback(const struct sockaddr_storage *ss)
{
	const struct sockaddr_in	*sin = (const void *)ss;
	const struct sockaddr_in6	*sin6 = (const void *)ss;

	if (ss->ss_family == AF_INET)
		return (ntohl(sin->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET);
	if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr))
		return (sin6->sin6_addr.s6_addr[12] == IN_LOOPBACKNET);
	return (IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr));
}

static void
dial_connected(struct chan *c, uint32_t id, int fd)
{
	struct msg_connected	 m;
	struct ibuf		*b;
	socklen_t		 len = sizeof(m.address);

	memset(&m, 0, sizeof(m));
	m.id = id;
	/* not the address dialled: 0.0.0.0 is another name of the loopback */
	if (getpeername(fd, (struct sockaddr *)&m.address, &len) == -1) {
		close(fd);
		dial_failed(c, id, "connection lost");
		return;
	}
	m.loopback = is_loopback(&m.address);
	b = chan_open(c, MSG_CONNECTED, 0);
	msg_connected_put(b, &m);
	chan_close_fd(c, b, fd);
}

static void
dial_connect(struct chan *c, struct imsg *imsg)
{
	struct msg_connect	 m;
	struct ibuf		 b;
	char			 why[MSG_WHY_MAX];
	int			 fd;

	if (msg_connect_get(child_ibuf(imsg, &b), &m) == -1) {
		chan_breach(c, "CONNECT");
		return;
	}
	if (m.port == 0 || m.host[0] == '\0') {
		dial_failed(c, m.id, "no host or no port");
		return;
	}
	if ((fd = connect_to(m.host, m.port, why, sizeof(why))) == -1)
		dial_failed(c, m.id, why);
	else
		dial_connected(c, m.id, fd);
}

static void
dial_from_olaf(struct chan *c, struct imsg *imsg, void *arg)
{
	(void)arg;
	if (imsg_get_type(imsg) == MSG_CONNECT)
		dial_connect(c, imsg);
	else
		chan_breach(c, "unexpected");
}

int
main(int argc, char *argv[], char *envp[])
{
	static const struct helper	dial = {
		.role = ROLE_DIAL,
		.title = "dialler",
		.promises = "stdio rpath inet dns sendfd",
		.sees = sees,
		.handler = dial_from_olaf
	};

	title_init(argc, argv, envp);
	if (realpath("/etc/resolv.conf", resolv_conf) != NULL &&
	    strncmp(resolv_conf, "/etc/", 5) != 0 &&
	    strncmp(resolv_conf, "/run/", 5) != 0)
		sees[2] = resolv_conf;
	helper_start(argc, argv, &dial);
	helper_run();
}
