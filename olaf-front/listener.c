/*
 * Listening sockets, as the parent hands them over.
 */

#include "compat.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>

#include "clock.h"
#include "front.h"
#include "listener.h"
#include "tls_keys.h"
#include "transfer.h"

#define ACCEPTS		64	/* per turn: others wait too */

struct listener {
	TAILQ_ENTRY(listener)	 entry;
	struct event		 event;
	uint32_t		 id;
	int			 tls;
	int			 full;		/* out of descriptors: not accepting */
};
static TAILQ_HEAD(, listener)	 listeners = TAILQ_HEAD_INITIALIZER(listeners);
static int			 any_full;

static void
listener_full(struct listener *l)
{
	static int64_t	said;

	if (said == 0 || clock_ms() - said > 60000) {
		said = clock_ms();
		log_warn("accept: %u connections", conn_count());
	}
	l->full = any_full = 1;
	event_del(&l->event);
	front_tick_on();
}

static void
listener_accept_one(struct listener *l, int fd, const struct sockaddr_storage *ss)
{
	struct tls_server	*server = NULL;
	struct tls		*tls = NULL;

	if (l->tls && (tls = tls_keys_accept(fd, &server)) == NULL) {
		close(fd);
		return;
	}
	conn_new(fd, tls, server, ss);
}

static void
listener_accept(int fd, short what, void *arg)
{
	struct sockaddr_storage	 ss;
	struct listener		*l = arg;
	socklen_t		 len;
	int			 s, i;

	(void)what;
	for (i = 0; i < ACCEPTS; i++) {
		len = sizeof(ss);
		memset(&ss, 0, sizeof(ss));
		s = accept4(fd, (struct sockaddr *)&ss, &len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (s != -1 && transfer_crowded(s)) {
			close(s);
			errno = EMFILE;
			listener_full(l);
			return;
		}
		if (s != -1) {
			listener_accept_one(l, s, &ss);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			listener_full(l);
		else if (errno != EAGAIN && errno != EINTR &&
		    errno != ECONNABORTED)
			log_warn("accept");
		return;
	}
}

void
listener_add(uint32_t id, int fd, int tls)
{
	struct listener	*l;
	int		 on = 1;

	/* its connections inherit it */
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1)
		log_warn("listener: no delay");
	if ((l = calloc(1, sizeof(*l))) == NULL)
		fatal("listener");
	l->id = id;
	l->tls = tls;
	event_set(&l->event, fd, EV_READ | EV_PERSIST, listener_accept, l);
	event_add(&l->event, NULL);
	TAILQ_INSERT_TAIL(&listeners, l, entry);
}

static void
listener_free(struct listener *l)
{
	event_del(&l->event);
	close(EVENT_FD(&l->event));
	TAILQ_REMOVE(&listeners, l, entry);
	free(l);
}

void
listener_remove(uint32_t id)
{
	struct listener	*l, *next;

	TAILQ_FOREACH_SAFE(l, &listeners, entry, next)
		if (l->id == id)
			listener_free(l);
}

void
listener_stop(void)
{
	struct listener	*l;

	while ((l = TAILQ_FIRST(&listeners)) != NULL)
		listener_free(l);
}

void
listener_room(void)
{
	struct listener	*l;

	if (!any_full)
		return;
	any_full = 0;
	TAILQ_FOREACH(l, &listeners, entry)
		if (l->full) {
			l->full = 0;
			event_add(&l->event, NULL);
		}
}
