/*
 * Neighbours, for the children: octets are moved here, none is parsed.
 */

#include "compat.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "keyfiles.h"
#include "log.h"
#include "neighbours.h"
#include "spawn.h"
#include "textfile.h"

/* Where systems keep the certificates that they trust; the first one counts. */
static const char *const ca_files[] = {
	"/etc/ssl/cert.pem",			/* OpenBSD, Alpine */
	"/etc/ssl/certs/ca-certificates.crt",	/* Debian */
	"/etc/pki/tls/certs/ca-bundle.crt",	/* Fedora */
};

/* Names ever seen, so that a number never means another. */
static struct config_names	names = TAILQ_HEAD_INITIALIZER(names);

static uint32_t
neighbour_number(const char *text)
{
	struct config_name	*name;
	uint32_t		 number = 0;
	size_t			 len = strlen(text) + 1;

	TAILQ_FOREACH(name, &names, entry) {
		number++;
		if (strcmp(name->text, text) == 0)
			return (number);
	}
	name = config_alloc(sizeof(*name) + len);
	memcpy(name->text, text, len);
	TAILQ_INSERT_TAIL(&names, name, entry);
	return (number + 1);
}

/* To every process of these roles, by bits. */
static void
send_to(unsigned int roles, enum msg_type type,
    void (*put)(struct ibuf *, const void *), const void *m)
{
	struct process	*p;
	struct ibuf	*b;

	TAILQ_FOREACH(p, &processes, entry)
		if (roles & 1U << p->role) {
			b = chan_open(p->chan, type, 0);
			put(b, m);
			chan_close(p->chan, b);
		}
}

static void
put_neighbour(struct ibuf *b, const void *m)
{
	msg_conf_neighbour_put(b, m);
}

static void
put_source(struct ibuf *b, const void *m)
{
	msg_conf_source_put(b, m);
}

static void
put_ca(struct ibuf *b, const void *m)
{
	msg_conf_ca_put(b, m);
}

static void
put_resolver(struct ibuf *b, const void *m)
{
	msg_conf_resolver_put(b, m);
}

/* The text of the neighbour's key file; "" if it has none. */
static int
read_key(const struct config_neighbour *n, char key[MSG_PEM_MAX])
{
	struct config_where	 where = { n->file, n->line };
	size_t			 size;
	char			*pem;

	key[0] = '\0';
	if (n->key == NULL)
		return (0);
	if ((pem = keyfiles_read(&where, "neighbour key", n->key, 0,
	    MSG_PEM_MAX - 1, &size)) == NULL)
		return (-1);
	memcpy(key, pem, size);
	key[size] = '\0';
	free(pem);
	if (strlen(key) == size)
		return (0);
	config_error(n->file, n->line, "neighbour key %s: not PEM", n->key);
	return (-1);
}

static int
send_own_ca(const struct config_neighbour *n, uint32_t number)
{
	struct config_where	 where = { n->file, n->line };
	struct msg_conf_ca	 m;
	char			*pem;

	if (n->ca == NULL)
		return (0);
	m.number = number;
	if ((pem = keyfiles_read(&where, "neighbour tls ca", n->ca, 0,
	    NEIGHBOURS_TEXT_MAX, &m.pem.len)) == NULL)
		return (-1);
	m.pem.p = pem;
	send_to(1 << ROLE_FRONT, MSG_CONF_CA, put_ca, &m);
	free(pem);
	return (0);
}

static int
send_sources(const struct config_neighbour *n, uint32_t number)
{
	const struct config_source	*source;
	struct msg_conf_source		 m;
	struct addrinfo			*res;
	const char			*why;

	TAILQ_FOREACH(source, &n->unsigned_from, entry) {
		/* it was read by the same call: but memory may be short */
		if ((res = host_lookup(source->host, &why)) == NULL) {
			config_error(n->file, n->line, "accept unsigned from "
			    "\"%s\": %s", source->host, why);
			return (-1);
		}
		m.number = number;
		memset(&m.address, 0, sizeof(m.address));
		memcpy(&m.address, res->ai_addr, res->ai_addrlen);
		host_set_port(&m.address, 0);
		freeaddrinfo(res);
		send_to(1 << ROLE_FRONT | 1 << ROLE_RELAY, MSG_CONF_SOURCE,
		    put_source, &m);
	}
	return (0);
}

static int
send_one(const struct config_neighbour *n)
{
	static struct msg_conf_neighbour	m;

	m.number = neighbour_number(n->name);
	if (strlcpy(m.name, n->name, sizeof(m.name)) >= sizeof(m.name) ||
	    strlcpy(m.host, n->host, sizeof(m.host)) >= sizeof(m.host)) {
		config_error(n->file, n->line, "neighbour \"%s\": name too "
		    "long", n->name);
		return (-1);
	}
	m.port = n->port;
	m.tls = n->tls;
	m.own_ca = n->ca != NULL;
	if (read_key(n, m.key) == -1)
		return (-1);
	send_to(1 << ROLE_FRONT | 1 << ROLE_RELAY, MSG_CONF_NEIGHBOUR,
	    put_neighbour, &m);
	return (send_sources(n, m.number) == -1 ? -1 :
	    send_own_ca(n, m.number));
}

/* A file of the system's: what is not there is not an error. */
static char *
read_system(const char *path, size_t *len, int *cut)
{
	char	*text;

	text = textfile_lines(path, NEIGHBOURS_TEXT_MAX, len, cut);
	if (text == NULL && errno != ENOENT)
		log_warn("%s", path);
	return (text);
}

/* NULL if the system has none. */
static char *
read_system_ca(size_t *len)
{
	char	*pem;
	size_t	 i;
	int	 cut;

	for (i = 0; i < nitems(ca_files); i++) {
		if ((pem = read_system(ca_files[i], len, &cut)) == NULL)
			continue;
		if (!cut && *len > 0)
			return (pem);
		/* half a certificate would spoil all before it */
		if (cut)
			log_warnx("%s: too long, not used", ca_files[i]);
		free(pem);
	}
	return (NULL);
}

static void
send_system_ca(const struct config *conf)
{
	const struct config_neighbour	*n;
	struct msg_conf_ca		 m;
	char				*pem;

	TAILQ_FOREACH(n, &conf->neighbours, entry)
		if (n->tls && n->ca == NULL)
			break;
	if (n == NULL)
		return;
	if ((pem = read_system_ca(&m.pem.len)) == NULL) {
		log_warnx("neighbour \"%s\": this system has no certificates "
		    "to trust: set tls ca", n->name);
		return;
	}
	m.number = 0;
	m.pem.p = pem;
	send_to(1 << ROLE_FRONT, MSG_CONF_CA, put_ca, &m);
	free(pem);
}

static void
send_resolver_file(const char *path, int hosts)
{
	struct msg_conf_resolver	 m;
	char				*text;
	int				 cut = 0;

	m.hosts = hosts;
	if ((text = read_system(path, &m.text.len, &cut)) == NULL)
		m.text.len = 0;
	if (cut)
		log_warnx("%s: too long, its end is not read", path);
	m.text.p = text != NULL ? text : "";
	send_to(1 << ROLE_FRONT, MSG_CONF_RESOLVER, put_resolver, &m);
	free(text);
}

static void
send_resolver(const struct config *conf)
{
	const struct config_neighbour	*n;

	TAILQ_FOREACH(n, &conf->neighbours, entry)
		if (!host_is_numeric(n->host))
			break;
	if (n == NULL)
		return;
	send_resolver_file("/etc/resolv.conf", 0);
	send_resolver_file("/etc/hosts", 1);
}

int
neighbours_send(const struct config *conf)
{
	const struct config_neighbour	*n;
	struct chan			*signer;
	struct ibuf			*b;

	signer = spawn_find(ROLE_SIGNER, -1)->chan;
	b = chan_open(signer, MSG_CONF_ADDRESS, 0);
	msg_put_string(b, conf->address);
	chan_close(signer, b);
	TAILQ_FOREACH(n, &conf->neighbours, entry)
		if (send_one(n) == -1)
			return (-1);
	send_system_ca(conf);
	send_resolver(conf);
	return (0);
}
