/*
 * A configuration: its life, the lines of the file that are more than a
 * setting, what must hold between lines, and the errors found on the way.
 */

#include "compat.h"

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <netdb.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <vis.h>

#include "address.h"
#include "config.h"
#include "host.h"
#include "log.h"
#include "setting.h"

#define ERRORS_LEN	4096
#define ERROR_LEN	512	/* of one, before it is made printable */
#define HTTP_PORT	"80"
#define HTTPS_PORT	"443"

static char		 errors[ERRORS_LEN];
static unsigned int	 error_count;

void *
config_alloc(size_t len)
{
	void	*p;

	if ((p = calloc(1, len)) == NULL)
		fatal("config");
	return (p);
}

char *
config_strdup(const char *text)
{
	char	*copy;

	if ((copy = strdup(text)) == NULL)
		fatal("config");
	return (copy);
}

struct config *
config_new(void)
{
	struct config	*conf = config_alloc(sizeof(*conf));
	enum setting	 s;

	TAILQ_INIT(&conf->listeners);
	TAILQ_INIT(&conf->keypairs);
	TAILQ_INIT(&conf->neighbours);
	TAILQ_INIT(&conf->names);
	for (s = 0; s < SETTING_COUNT; s++)
		setting_default(conf, s);
	return (conf);
}

static void
listener_free(struct config_listener *l)
{
	free(l->host);
	free(l);
}

static void
keypair_free(struct config_keypair *k)
{
	free(k->cert);
	free(k->key);
	free(k);
}

static void
neighbour_free(struct config_neighbour *n)
{
	struct config_source	*source;

	while ((source = TAILQ_FIRST(&n->unsigned_from)) != NULL) {
		TAILQ_REMOVE(&n->unsigned_from, source, entry);
		free(source->host);
		free(source);
	}
	free(n->name);
	free(n->host);
	free(n->key);
	free(n->ca);
	free(n);
}

void
config_free(struct config *conf)
{
	struct config_listener	*l;
	struct config_keypair	*k;
	struct config_neighbour	*n;
	struct config_name	*name;
	enum setting		 s;

	if (conf == NULL)
		return;
	while ((l = TAILQ_FIRST(&conf->listeners)) != NULL) {
		TAILQ_REMOVE(&conf->listeners, l, entry);
		listener_free(l);
	}
	while ((k = TAILQ_FIRST(&conf->keypairs)) != NULL) {
		TAILQ_REMOVE(&conf->keypairs, k, entry);
		keypair_free(k);
	}
	while ((n = TAILQ_FIRST(&conf->neighbours)) != NULL) {
		TAILQ_REMOVE(&conf->neighbours, n, entry);
		neighbour_free(n);
	}
	while ((name = TAILQ_FIRST(&conf->names)) != NULL) {
		TAILQ_REMOVE(&conf->names, name, entry);
		free(name);
	}
	for (s = 0; s < SETTING_COUNT; s++)
		setting_free(conf, s);
	free(conf->file);
	free(conf);
}

/* Keeps the error for config_errors, as much as there is room for. */
static void
error_keep(const char *text)
{
	if (strlen(errors) + strlen(text) + 2 > sizeof(errors))
		return;
	strlcat(errors, text, sizeof(errors));
	strlcat(errors, "\n", sizeof(errors));
}

void
config_error(const char *file, int line, const char *fmt, ...)
{
	char	raw[ERROR_LEN], text[2 * ERROR_LEN];
	va_list	ap;
	size_t	len;

	if (++error_count > CONFIG_ERRORS_MAX)
		return;
	if (line == 0)
		snprintf(raw, sizeof(raw), "%.200s: ", file);
	else
		snprintf(raw, sizeof(raw), "%.200s:%d: ", file, line);
	len = strlen(raw);
	va_start(ap, fmt);
	vsnprintf(raw + len, sizeof(raw) - len, fmt, ap);
	va_end(ap);
	strnvis(text, raw, sizeof(text), VIS_OCTAL | VIS_CSTYLE | VIS_NL);
	log_warnx("%s", text);
	error_keep(text);
}

const char *
config_errors(void)
{
	return (errors);
}

unsigned int
config_error_count(void)
{
	return (error_count);
}

void
config_errors_clear(void)
{
	errors[0] = '\0';
	error_count = 0;
}

const char *
config_name(struct config *conf, const char *file)
{
	struct config_name	*name;
	size_t			 len = strlen(file) + 1;

	TAILQ_FOREACH(name, &conf->names, entry)
		if (strcmp(name->text, file) == 0)
			return (name->text);
	name = config_alloc(sizeof(*name) + len);
	memcpy(name->text, file, len);
	TAILQ_INSERT_TAIL(&conf->names, name, entry);
	return (name->text);
}

/* Returns 0 with an error reported. */
static uint16_t
read_port(const char *port, struct config_where where)
{
	uint16_t	number = host_port(port);

	if (number == 0)
		config_error(where.file, where.line, "port \"%.200s\" is "
		    "neither 1 to 65535 nor the name of a service", port);
	return (number);
}

static int
listener_equal(const struct config_listener *a, const struct config_listener *b)
{
	return (a->port == b->port && strcmp(a->host, b->host) == 0);
}

/* Some resolvers name an address twice: that is one listener. */
static int
listener_repeated(const struct config *conf, const struct config_listener *l)
{
	const struct config_listener	*other;

	TAILQ_FOREACH(other, &conf->listeners, entry)
		if (other->line == l->line && other->file == l->file &&
		    listener_equal(other, l))
			return (1);
	return (0);
}

static void
listener_add(struct config *conf, const struct addrinfo *ai, uint16_t port,
    int tls, struct config_where where)
{
	struct config_listener	*l;

	if (ai->ai_family != AF_INET && ai->ai_family != AF_INET6)
		return;
	l = config_alloc(sizeof(*l));
	l->fd = -1;
	l->host = host_text(ai->ai_addr, ai->ai_addrlen);
	l->port = port;
	l->tls = tls;
	l->file = where.file;
	l->line = where.line;
	memcpy(&l->ss, ai->ai_addr, ai->ai_addrlen);
	l->sslen = ai->ai_addrlen;
	host_set_port(&l->ss, port);
	if (listener_repeated(conf, l))
		listener_free(l);
	else
		TAILQ_INSERT_TAIL(&conf->listeners, l, entry);
}

static void
listen_host(struct config *conf, const char *host, uint16_t port, int tls,
    struct config_where where)
{
	struct addrinfo	*res, *ai;
	const char	*why;

	if ((res = host_lookup(host, &why)) == NULL) {
		config_error(where.file, where.line, "listen on \"%.200s\": %s",
		    host, why);
		return;
	}
	for (ai = res; ai != NULL; ai = ai->ai_next)
		listener_add(conf, ai, port, tls, where);
	freeaddrinfo(res);
}

void
config_listen(struct config *conf, const char *host, const char *port, int tls,
    struct config_where where)
{
	char		*bare;
	uint16_t	 number;

	if (port == NULL)
		port = tls ? HTTPS_PORT : HTTP_PORT;
	if ((number = read_port(port, where)) == 0)
		return;
	if (strcmp(host, "*") == 0) {
		listen_host(conf, "0.0.0.0", number, tls, where);
		listen_host(conf, "::", number, tls, where);
		return;
	}
	bare = host_bare(host);
	listen_host(conf, bare, number, tls, where);
	free(bare);
}

/* Returns a copy; the error, if there is one, is reported. */
static char *
read_path(const char *what, const char *path, struct config_where where)
{
	const char	*bad = setting_bad_path(path);

	if (bad != NULL)
		config_error(where.file, where.line, "%s: \"%.200s\" %s", what,
		    path, bad);
	return (config_strdup(path));
}

void
config_keypair(struct config *conf, const char *cert, const char *key,
    struct config_where where)
{
	struct config_keypair	*k = config_alloc(sizeof(*k));

	k->cert = read_path("tls certificate", cert, where);
	k->key = read_path("tls certificate key", key, where);
	k->file = where.file;
	k->line = where.line;
	TAILQ_INSERT_TAIL(&conf->keypairs, k, entry);
}

struct config_neighbour *
config_neighbour(struct config *conf, const char *name,
    struct config_where where)
{
	struct config_neighbour	*n = config_alloc(sizeof(*n));
	struct address		 a;

	if (address_read(&a, name, strlen(name)) == -1)
		config_error(where.file, where.line, "neighbour: \"%.200s\" is "
		    "not an address, host[:port]", name);
	n->name = config_strdup(name);
	n->tls = 1;
	n->file = where.file;
	n->line = where.line;
	TAILQ_INIT(&n->unsigned_from);
	TAILQ_INSERT_TAIL(&conf->neighbours, n, entry);
	return (n);
}

static int
is_given_twice(const char *what, const void *before, struct config_where where)
{
	if (before == NULL)
		return (0);
	config_error(where.file, where.line, "neighbour %s is given twice",
	    what);
	return (1);
}

void
config_neighbour_connect(struct config_neighbour *n, const char *host,
    const char *port, int tls, struct config_where where)
{
	if (is_given_twice("connect", n->host, where))
		return;
	if (port == NULL)
		port = tls ? HTTPS_PORT : HTTP_PORT;
	n->host = host_bare(host);
	n->port = read_port(port, where);
	n->tls = tls;
	if (!host_is_numeric(n->host) && !host_is_name(n->host))
		config_error(where.file, where.line, "connect \"%.200s\": "
		    "neither an address nor a name", host);
}

/* Where no connect line was: the neighbour's own address, with TLS. */
static void
neighbour_default(struct config_neighbour *n, const struct address *a)
{
	if (n->host != NULL)
		return;
	n->host = config_strdup(a->host);
	n->port = a->port == 0 ? 443 : a->port;
}

void
config_neighbour_key(struct config_neighbour *n, const char *path,
    struct config_where where)
{
	if (!is_given_twice("key", n->key, where))
		n->key = read_path("neighbour key", path, where);
}

void
config_neighbour_ca(struct config_neighbour *n, const char *path,
    struct config_where where)
{
	if (!is_given_twice("tls ca", n->ca, where))
		n->ca = read_path("neighbour tls ca", path, where);
}

void
config_neighbour_unsigned(struct config_neighbour *n, const char *host,
    struct config_where where)
{
	struct config_source	*source;
	struct addrinfo		*res = NULL;
	const char		*why;
	char			*bare = host_bare(host);

	if (host_is_numeric(bare))
		res = host_lookup(bare, &why);
	free(bare);
	if (res == NULL) {
		config_error(where.file, where.line, "accept unsigned from "
		    "\"%.200s\": not a numeric address", host);
		return;
	}
	source = config_alloc(sizeof(*source));
	source->host = host_text(res->ai_addr, res->ai_addrlen);
	freeaddrinfo(res);
	TAILQ_INSERT_TAIL(&n->unsigned_from, source, entry);
}

static void
check_listeners(const struct config *conf)
{
	const struct config_listener	*l, *other;

	if (TAILQ_EMPTY(&conf->listeners))
		config_error(conf->file, 0, "no listen on is set");
	TAILQ_FOREACH(l, &conf->listeners, entry) {
		for (other = TAILQ_FIRST(&conf->listeners); other != l;
		    other = TAILQ_NEXT(other, entry)) {
			if (!listener_equal(l, other))
				continue;
			config_error(l->file, l->line, "listen on %s port %u "
			    "is given twice", l->host, l->port);
			break;
		}
	}
	TAILQ_FOREACH(l, &conf->listeners, entry) {
		if (l->tls && TAILQ_EMPTY(&conf->keypairs)) {
			config_error(l->file, l->line, "listen on %s port %u "
			    "tls: no tls certificate is set", l->host, l->port);
			break;
		}
	}
}

/* Where the first of the two was given that was given at all. */
static void
error_between(const struct config *conf, enum setting a, enum setting b,
    const char *text)
{
	const struct config_where	*where = &conf->where[a];

	if (where->line == 0)
		where = &conf->where[b];
	config_error(where->file, where->line, "%s %s %s", setting_name(a),
	    text, setting_name(b));
}

static void
check_sizes(const struct config *conf)
{
	if (conf->limits.link_message < conf->limits.message)
		error_between(conf, SETTING_LINK_MESSAGE, SETTING_MESSAGE,
		    "is less than");
	if (conf->files.quota < conf->files.max_size)
		error_between(conf, SETTING_FILES_QUOTA, SETTING_FILES_MAX_SIZE,
		    "is less than");
}

/* Does another neighbour before this one have the source? */
static int
source_taken(const struct config *conf, const struct config_neighbour *n,
    const char *host)
{
	const struct config_neighbour	*other;
	const struct config_source	*source;

	for (other = TAILQ_FIRST(&conf->neighbours); other != n;
	    other = TAILQ_NEXT(other, entry))
		TAILQ_FOREACH(source, &other->unsigned_from, entry)
			if (strcmp(source->host, host) == 0)
				return (1);
	return (0);
}

static void
check_sources(const struct config *conf, const struct config_neighbour *n)
{
	const struct config_source	*source;

	TAILQ_FOREACH(source, &n->unsigned_from, entry)
		if (source_taken(conf, n, source->host))
			config_error(n->file, n->line, "neighbour \"%s\": "
			    "another accepts unsigned from %s too", n->name,
			    source->host);
}

/*
 * PROTOCOL.md's rule for addresses without a port lets a name fit two servers.
 */
static void
check_name(const struct config *conf, const struct config_neighbour *n,
    const struct address *a)
{
	const struct config_neighbour	*other;
	struct address			 b;

	if (address_read(&b, conf->address, strlen(conf->address)) == 0 &&
	    address_match(a, &b))
		config_error(n->file, n->line, "neighbour \"%s\" is this "
		    "server's own address", n->name);
	for (other = TAILQ_FIRST(&conf->neighbours); other != n;
	    other = TAILQ_NEXT(other, entry))
		if (address_read(&b, other->name, strlen(other->name)) == 0 &&
		    address_match(a, &b))
			config_error(n->file, n->line, "neighbour \"%s\" is "
			    "also \"%s\"", n->name, other->name);
}

static void
check_neighbours(const struct config *conf)
{
	struct config_neighbour	*n;
	struct address		 a;

	TAILQ_FOREACH(n, &conf->neighbours, entry) {
		if (address_read(&a, n->name, strlen(n->name)) == -1)
			continue;	/* reported when it was read */
		neighbour_default(n, &a);
		check_name(conf, n, &a);
		check_sources(conf, n);
		if (n->ca != NULL && !n->tls)
			config_error(n->file, n->line, "neighbour \"%s\": "
			    "tls ca needs connect with tls", n->name);
	}
}

int
config_check(struct config *conf)
{
	unsigned int	before = error_count;

	if (conf->address == NULL)
		config_error(conf->file, 0, "no address is set");
	check_listeners(conf);
	check_sizes(conf);
	if (conf->address != NULL)
		check_neighbours(conf);
	return (error_count == before ? 0 : -1);
}

const char *
config_needs_restart(const struct config *a, const struct config *b)
{
	static const enum setting	fixed[] = {
		SETTING_ADDRESS, SETTING_STATE_DIRECTORY, SETTING_USER_PREFIX,
		SETTING_WEB_DIRECTORY, SETTING_PREFORK, SETTING_VERIFIERS
	};
	size_t				i;

	for (i = 0; i < nitems(fixed); i++)
		if (!setting_equal(a, b, fixed[i]))
			return (setting_name(fixed[i]));
	if (a->files.enabled != b->files.enabled)
		return ("files");
	if (a->files.enabled && !setting_equal(a, b, SETTING_FILES_DIRECTORY))
		return (setting_name(SETTING_FILES_DIRECTORY));
	return (NULL);
}

void
config_advise(const struct config *conf)
{
	const struct config_neighbour	*n;

	TAILQ_FOREACH(n, &conf->neighbours, entry)
		if (n->key == NULL && TAILQ_EMPTY(&n->unsigned_from))
			log_warnx("%s:%d: neighbour \"%s\": without a key its "
			    "own connections are not taken", n->file, n->line,
			    n->name);
	if (conf->server_key == NULL && !TAILQ_EMPTY(&conf->neighbours))
		log_warnx("%s: no server key: neighbours cannot tell who "
		    "dials them", conf->file);
}

void
config_not_served(const struct config *conf)
{
	if (conf->web_directory != NULL)
		log_warnx("%s:%d: web directory: not served by this version",
		    conf->file, conf->web_line);
}
