/*
 * Looking hosts up, with libevent's resolver.
 */

#include "compat.h"

#include <netinet/in.h>

#include <event.h>
#include <event2/dns.h>
#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "resolvconf.h"
#include "resolve.h"

struct resolve {
	struct evdns_getaddrinfo_request	*request;
	void			(*done)(void *, const struct resolve_list *,
				    const char *);
	void			*arg;		/* done NULL: cancelled */
	int			 asking;	/* resolve_ask has not returned */
};

struct text {
	char	*p;
	size_t	 len;
};

static struct evdns_base	*base;		/* NULL: no name was configured */
static struct text		 conf_next, hosts, hosts_next;
static int			 given;		/* texts came with this configuration */

static void
resolve_log(int is_warning, const char *text)
{
	(void)is_warning;
	log_debug("resolver: %s", text);
}

void
resolve_init(void)
{
	if (evutil_secure_rng_init() == -1)
		fatalx("resolver: no randomness");
	evdns_set_log_fn(resolve_log);
}

static void
text_set(struct text *t, const void *p, size_t len)
{
	free(t->p);
	t->p = NULL;
	t->len = 0;
	if (len == 0)
		return;
	if ((t->p = malloc(len)) == NULL)
		fatal("resolver");
	memcpy(t->p, p, len);
	t->len = len;
}

void
resolve_begin(void)
{
	text_set(&conf_next, NULL, 0);
	text_set(&hosts_next, NULL, 0);
	given = 0;
}

void
resolve_text(const struct msg_conf_resolver *m)
{
	text_set(m->hosts ? &hosts_next : &conf_next, m->text.p, m->text.len);
	given = 1;
}

static struct event_base *
resolve_event_base(void)
{
	struct event	ev;

	evtimer_set(&ev, NULL, NULL);
	return (event_get_base(&ev));
}

static void
resolve_option(const char *name, int value)
{
	char	text[16];

	snprintf(text, sizeof(text), "%d", value);
	evdns_base_set_option(base, name, text);
}

static void
resolve_configure(const struct resolvconf *r)
{
	size_t	i;

	evdns_base_clear_nameservers_and_suspend(base);
	evdns_base_search_clear(base);
	resolve_option("timeout:", r->timeout);
	resolve_option("attempts:", r->attempts);
	for (i = 0; i < r->nsearch; i++)
		evdns_base_search_add(base, r->search[i]);
	evdns_base_search_ndots_set(base, r->ndots);
	for (i = 0; i < r->nservers; i++)
		if (evdns_base_nameserver_ip_add(base, r->server[i]) != 0)
			log_warnx("resolver: name server %s cannot be used",
			    r->server[i]);
	evdns_base_resume(base);
}

void
resolve_swap(void)
{
	struct resolvconf	 r;

	free(hosts.p);
	hosts = hosts_next;
	memset(&hosts_next, 0, sizeof(hosts_next));
	if (!given)
		return;
	resolvconf_read(&r, conf_next.p != NULL ? conf_next.p : "",
	    conf_next.len);
	if (base == NULL && (base = evdns_base_new(resolve_event_base(), 0)) ==
	    NULL)
		fatalx("resolver: out of memory");
	resolve_configure(&r);
}

/* Adds a numeric address; returns 0, or -1 if it is none. */
static int
list_add(struct resolve_list *l, const char *host, uint16_t port)
{
	struct evutil_addrinfo	 hints, *res;
	char			 service[8];

	if (l->n == RESOLVE_MAX)
		return (0);
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = EVUTIL_AI_NUMERICHOST | EVUTIL_AI_NUMERICSERV;
	snprintf(service, sizeof(service), "%u", port);
	if (evutil_getaddrinfo(host, service, &hints, &res) != 0)
		return (-1);
	memset(&l->address[l->n], 0, sizeof(l->address[l->n]));
	memcpy(&l->address[l->n++], res->ai_addr, res->ai_addrlen);
	evutil_freeaddrinfo(res);
	return (0);
}

/* A numeric host, one of hosts(5), or localhost.  Returns 0 if it is none. */
static int
resolve_here(struct resolve_list *l, const char *host, uint16_t port)
{
	char	address[RESOLVCONF_ADDRESSES][RESOLVCONF_WORD];
	size_t	n, i;

	if (list_add(l, host, port) == 0)
		return (1);
	n = resolvconf_hosts(hosts.p != NULL ? hosts.p : "", hosts.len, host,
	    address);
	for (i = 0; i < n; i++)
		list_add(l, address[i], port);
	if (l->n == 0 && strcasecmp(host, "localhost") == 0) {
		list_add(l, "::1", port);
		list_add(l, "127.0.0.1", port);
	}
	return (l->n > 0);
}

static void
list_take(struct resolve_list *l, const struct evutil_addrinfo *res)
{
	for (; res != NULL && l->n < RESOLVE_MAX; res = res->ai_next) {
		if (res->ai_family != AF_INET && res->ai_family != AF_INET6)
			continue;
		memset(&l->address[l->n], 0, sizeof(l->address[l->n]));
		memcpy(&l->address[l->n++], res->ai_addr, res->ai_addrlen);
	}
}

static void
resolve_done(int error, struct evutil_addrinfo *res, void *arg)
{
	struct resolve		*r = arg;
	struct resolve_list	 l = { .n = 0 };

	if (error == 0)
		list_take(&l, res);
	if (res != NULL)
		evutil_freeaddrinfo(res);
	if (r->done != NULL)
		r->done(r->arg, &l, error != 0 ? evutil_gai_strerror(error) :
		    l.n == 0 ? "no address" : "");
	if (!r->asking)
		free(r);
}

static struct resolve *
resolve_ask(const char *host, uint16_t port,
    void (*done)(void *, const struct resolve_list *, const char *), void *arg)
{
	struct resolve		*r;
	struct evutil_addrinfo	 hints;
	char			 service[8];

	if ((r = calloc(1, sizeof(*r))) == NULL)
		fatal("resolver");
	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_UNSPEC;
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_protocol = IPPROTO_TCP;
	hints.ai_flags = EVUTIL_AI_NUMERICSERV;
	snprintf(service, sizeof(service), "%u", port);
	r->done = done;
	r->arg = arg;
	r->asking = 1;
	r->request = evdns_getaddrinfo(base, host, service, &hints,
	    resolve_done, r);
	r->asking = 0;
	if (r->request != NULL)
		return (r);
	free(r);		/* it is through already */
	return (NULL);
}

struct resolve *
resolve_start(const char *host, uint16_t port,
    void (*done)(void *, const struct resolve_list *, const char *), void *arg)
{
	struct resolve_list	 l = { .n = 0 };

	if (resolve_here(&l, host, port)) {
		done(arg, &l, "");
		return (NULL);
	}
	if (base == NULL) {
		done(arg, &l, "no name server");
		return (NULL);
	}
	return (resolve_ask(host, port, done, arg));
}

void
resolve_cancel(struct resolve *r)
{
	if (r == NULL)
		return;
	r->done = NULL;
	evdns_getaddrinfo_cancel(r->request);
}
