/*
 * Live events.  Who does not read fast enough misses some, and is told how
 * many.
 */

#include "compat.h"

#include <sys/time.h>

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "monitor.h"
#include "msg_ctl.h"

struct monitor {
	TAILQ_ENTRY(monitor)	 entry;
	struct chan		*chan;
	uint64_t		 lost;		/* events since the last one sent */
};
static TAILQ_HEAD(, monitor)	 monitors = TAILQ_HEAD_INITIALIZER(monitors);

void
monitor_add(struct chan *c)
{
	struct monitor	*m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		fatal("monitor");
	m->chan = c;
	TAILQ_INSERT_TAIL(&monitors, m, entry);
}

void
monitor_remove(struct chan *c)
{
	struct monitor	*m, *next;

	TAILQ_FOREACH_SAFE(m, &monitors, entry, next)
		if (m->chan == c) {
			TAILQ_REMOVE(&monitors, m, entry);
			free(m);
		}
}

static void
monitor_send(struct monitor *m, const struct msg_ctl_event *e)
{
	struct ibuf	*b;

	b = chan_open(m->chan, MSG_CTL_EVENT, 0);
	msg_ctl_event_put(b, e);
	chan_close(m->chan, b);
}

static void
monitor_tell(struct monitor *m, const struct msg_ctl_event *e)
{
	struct msg_ctl_event	 lost;

	if (chan_behind(m->chan)) {
		m->lost++;
		return;
	}
	if (m->lost > 0) {
		lost = *e;
		strlcpy(lost.event, "monitor.lost", sizeof(lost.event));
		lost.object[0] = '\0';
		snprintf(lost.text, sizeof(lost.text), "%" PRIu64 " events",
		    m->lost);
		m->lost = 0;
		monitor_send(m, &lost);
	}
	monitor_send(m, e);
}

void
monitor_event(const char *event, const char *object, const char *fmt, ...)
{
	struct msg_ctl_event	 e;
	struct monitor		*m;
	struct timeval		 now;
	va_list			 ap;

	if (TAILQ_EMPTY(&monitors))
		return;
	gettimeofday(&now, NULL);
	e.when = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_usec / 1000;
	strlcpy(e.event, event, sizeof(e.event));
	strlcpy(e.object, object, sizeof(e.object));
	va_start(ap, fmt);
	vsnprintf(e.text, sizeof(e.text), fmt, ap);
	va_end(ap);
	TAILQ_FOREACH(m, &monitors, entry)
		monitor_tell(m, &e);
}

const char *
monitor_address(const struct client *c)
{
	static char	text[INET6_ADDRSTRLEN + 10];
	char		host[INET6_ADDRSTRLEN] = "?";

	if (c->address.sa.sa_family == AF_INET) {
		inet_ntop(AF_INET, &c->address.in.sin_addr, host, sizeof(host));
		snprintf(text, sizeof(text), "%s:%u", host,
		    ntohs(c->address.in.sin_port));
	} else {
		inet_ntop(AF_INET6, &c->address.in6.sin6_addr, host,
		    sizeof(host));
		snprintf(text, sizeof(text), "[%s]:%u", host,
		    ntohs(c->address.in6.sin6_port));
	}
	return (text);
}

void
monitor_client(const char *event, const struct client *c, const char *text)
{
	if (!TAILQ_EMPTY(&monitors))
		monitor_event(event, monitor_address(c), "%s", text);
}

void
monitor_user(const char *event, const struct presence *p,
    const struct client *c)
{
	char	fingerprint[KEY_FP_LEN + 1];

	if (TAILQ_EMPTY(&monitors))
		return;
	key_fingerprint(p->digests[0].digest, fingerprint);
	monitor_event(event, fingerprint, "%s", monitor_address(c));
}

void
monitor_gone(struct client *c)
{
	if (c->told)
		return;
	c->told = 1;
	if (c->user != NULL)
		monitor_user("client.gone", c->user->here, c);
	else
		monitor_client("client.gone", c, "");
}
