/*
 * Neighbours, now and next.  A link does not need its neighbour's entry; a
 * dial under way holds it.
 */

#include "compat.h"

#include <netinet/in.h>

#include <arpa/inet.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>

#include "address.h"
#include "child.h"
#include "log.h"
#include "neighbours.h"

struct source {
	TAILQ_ENTRY(source)	 entry;
	struct sockaddr_storage	 address;
};

struct ca {
	TAILQ_ENTRY(ca)	 entry;
	uint32_t	 number;	/* 0: the system's */
	size_t		 len;
	uint8_t		 pem[];
};

TAILQ_HEAD(neighbours, neighbour);
TAILQ_HEAD(sources, source);
TAILQ_HEAD(cas, ca);

static struct neighbours now = TAILQ_HEAD_INITIALIZER(now);
static struct neighbours next = TAILQ_HEAD_INITIALIZER(next);
static struct sources	 sources_now = TAILQ_HEAD_INITIALIZER(sources_now);
static struct sources	 sources_next = TAILQ_HEAD_INITIALIZER(sources_next);
static struct cas	 cas = TAILQ_HEAD_INITIALIZER(cas);

void
neighbours_release(struct neighbour *n)
{
	if (--n->refs > 0)
		return;
	tls_config_free(n->verify);
	tls_config_free(n->pin);
	free(n);
}

static void
neighbours_clear(struct neighbours *all, struct sources *sources)
{
	struct neighbour	*n;
	struct source		*s;

	while ((n = TAILQ_FIRST(all)) != NULL) {
		TAILQ_REMOVE(all, n, entry);
		neighbours_release(n);
	}
	while ((s = TAILQ_FIRST(sources)) != NULL) {
		TAILQ_REMOVE(sources, s, entry);
		free(s);
	}
}

static void
cas_clear(void)
{
	struct ca	*ca;

	while ((ca = TAILQ_FIRST(&cas)) != NULL) {
		TAILQ_REMOVE(&cas, ca, entry);
		free(ca);
	}
}

void
neighbours_begin(void)
{
	neighbours_clear(&next, &sources_next);
	cas_clear();
}

static int
is_numeric(const char *host)
{
	uint8_t	buf[sizeof(struct in6_addr)];

	return (strchr(host, ':') != NULL ||
	    inet_pton(AF_INET, host, buf) == 1);
}

/*
 * The name that a certificate must have: that of the host dialled, or, where
 * that is an address, the neighbour's own.
 */
static void
neighbour_names(struct neighbour *n, const struct address *a)
{
	const char	*host = n->conf.host;
	const char	*name = n->conf.name;

	strlcpy(n->server, is_numeric(host) && !is_numeric(a->host) ? a->host :
	    host, sizeof(n->server));
	n->server[strcspn(n->server, "%")] = '\0';	/* no scope */
	if (strstr(name, "://") != NULL)
		name = strstr(name, "://") + 3;
	strlcpy(n->http_host, name, sizeof(n->http_host));
	n->http_host[strcspn(n->http_host, "/")] = '\0';
}

int
neighbours_add(const struct msg_conf_neighbour *m)
{
	struct neighbour	*n;
	struct address		 a;

	if (address_read(&a, m->name, strlen(m->name)) == -1 ||
	    m->host[0] == '\0')
		return (-1);
	if ((n = calloc(1, sizeof(*n))) == NULL)
		fatal("neighbour");
	n->refs = 1;
	n->conf = *m;
	neighbour_names(n, &a);
	TAILQ_INSERT_TAIL(&next, n, entry);
	return (0);
}

int
neighbours_source(const struct msg_conf_source *m)
{
	struct source	*s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		fatal("neighbour");
	s->address = m->address;
	TAILQ_INSERT_TAIL(&sources_next, s, entry);
	return (0);
}

int
neighbours_ca(const struct msg_conf_ca *m)
{
	struct ca	*ca;

	if ((ca = malloc(sizeof(*ca) + m->pem.len)) == NULL)
		fatal("neighbour");
	ca->number = m->number;
	ca->len = m->pem.len;
	memcpy(ca->pem, m->pem.p, m->pem.len);
	TAILQ_INSERT_TAIL(&cas, ca, entry);
	return (0);
}

static const struct ca *
ca_of(const struct neighbour *n)
{
	const struct ca	*ca;

	TAILQ_FOREACH(ca, &cas, entry)
		if (ca->number == (n->conf.own_ca ? n->conf.number : 0))
			break;
	return (ca);
}

/* A configuration is good if a context takes it.  Returns 0, or -1. */
static int
config_try(struct tls_config *config, char *why, size_t size)
{
	struct tls	*tls;
	int		 r;

	if ((tls = tls_client()) == NULL)
		fatalx("tls: out of memory");
	if ((r = tls_configure(tls, config)) == -1)
		strlcpy(why, tls_error(tls), size);
	tls_free(tls);
	return (r);
}

static struct tls_config *
config_new(void)
{
	struct tls_config	*config;

	if ((config = tls_config_new()) == NULL ||
	    tls_config_set_protocols(config, TLS_PROTOCOLS_DEFAULT) == -1)
		fatalx("tls: out of memory");
	return (config);
}

/* The library takes a text without a certificate for no certificate. */
static int
ca_good(const struct ca *ca)
{
	BIO	*bio;
	X509	*x = NULL;

	if ((bio = BIO_new_mem_buf(ca->pem, (int)ca->len)) != NULL)
		x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	X509_free(x);
	ERR_clear_error();
	return (x != NULL);
}

static int
neighbour_verify(struct neighbour *n, char *why, size_t size)
{
	const struct ca	*ca;

	if ((ca = ca_of(n)) == NULL)
		return (0);	/* a pinned key may do */
	if (!ca_good(ca)) {
		strlcpy(why, "no certificate in PEM", size);
		return (-1);
	}
	n->verify = config_new();
	if (tls_config_set_ca_mem(n->verify, ca->pem, ca->len) == -1) {
		strlcpy(why, tls_config_error(n->verify), size);
		return (-1);
	}
	return (config_try(n->verify, why, size));
}

static int
neighbour_pin(struct neighbour *n, char *why, size_t size)
{
	if (n->conf.key[0] == '\0')
		return (0);
	if (key_read(&n->key, n->conf.key, strlen(n->conf.key)) == -1) {
		strlcpy(why, "not an RSA public key in PEM", size);
		return (-1);
	}
	if (!n->conf.tls)
		return (0);
	n->pin = config_new();
	tls_config_insecure_noverifycert(n->pin);
	tls_config_insecure_noverifyname(n->pin);
	return (config_try(n->pin, why, size));
}

int
neighbours_end(void)
{
	char			 why[256] = "";
	struct neighbour	*n;

	TAILQ_FOREACH(n, &next, entry) {
		if (n->conf.tls &&
		    neighbour_verify(n, why, sizeof(why)) == -1) {
			child_conf_bad("neighbour \"%s\": tls ca: %s",
			    n->conf.name, why);
			return (-1);
		}
		/* relay reads the key too, and complains */
		if (neighbour_pin(n, why, sizeof(why)) == -1) {
			child_conf_bad("neighbour \"%s\": key: %s",
			    n->conf.name, why);
			return (-1);
		}
	}
	return (0);
}

void
neighbours_swap(void)
{
	neighbours_clear(&now, &sources_now);
	TAILQ_CONCAT(&now, &next, entry);
	TAILQ_CONCAT(&sources_now, &sources_next, entry);
	cas_clear();
}

struct neighbour *
neighbours_get(uint32_t number)
{
	struct neighbour	*n;

	TAILQ_FOREACH(n, &now, entry)
		if (n->conf.number == number) {
			n->refs++;
			break;
		}
	return (n);
}

static int
address_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in	*x = (const void *)a, *y = (const void *)b;
	const struct sockaddr_in6	*x6 = (const void *)a;
	const struct sockaddr_in6	*y6 = (const void *)b;

	if (a->ss_family != b->ss_family)
		return (0);
	if (a->ss_family == AF_INET)
		return (x->sin_addr.s_addr == y->sin_addr.s_addr);
	return (memcmp(&x6->sin6_addr, &y6->sin6_addr,
	    sizeof(x6->sin6_addr)) == 0);
}

int
neighbours_unsigned(const struct sockaddr_storage *ss)
{
	const struct source	*s;

	TAILQ_FOREACH(s, &sources_now, entry)
		if (address_equal(&s->address, ss))
			return (1);
	return (0);
}
