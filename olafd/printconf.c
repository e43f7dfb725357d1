/*
 * A configuration as olafd.conf(5) would have to say it: every setting, in an
 * order of its own.
 */

#include "compat.h"

#include <sys/queue.h>

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "setting.h"

/* Prints nothing for a text that is not set. */
static void
print_setting(FILE *file, const struct config *conf, const char *before,
    enum setting s, const char *after)
{
	if (!setting_given(conf, s))
		return;
	fprintf(file, "%s ", before);
	setting_print(file, conf, s);
	fprintf(file, "%s\n", after);
}

static void
print_settings(FILE *file, const struct config *conf, enum setting from,
    enum setting to)
{
	enum setting	s;

	for (s = from; s <= to; s++)
		print_setting(file, conf, setting_name(s), s, "");
}

/* In a block the names stand without its own, which leads them. */
static void
print_inner(FILE *file, const struct config *conf, enum setting s,
    const char *after)
{
	if (!setting_given(conf, s))
		return;
	putc('\t', file);
	print_setting(file, conf, strchr(setting_name(s), ' ') + 1, s, after);
}

static void
print_path(FILE *file, const char *before, const char *path)
{
	if (path == NULL)
		return;
	fprintf(file, "\t%s ", before);
	setting_quote(file, path);
	putc('\n', file);
}

static void
print_listeners(FILE *file, const struct config *conf)
{
	const struct config_listener	*l;

	TAILQ_FOREACH(l, &conf->listeners, entry)
		fprintf(file, "listen on %s port %u%s\n", l->host, l->port,
		    l->tls ? " tls" : "");
}

static void
print_keypairs(FILE *file, const struct config *conf)
{
	const struct config_keypair	*k;

	TAILQ_FOREACH(k, &conf->keypairs, entry) {
		fprintf(file, "tls certificate ");
		setting_quote(file, k->cert);
		fprintf(file, " key ");
		setting_quote(file, k->key);
		putc('\n', file);
	}
}

static void
print_neighbour(FILE *file, const struct config_neighbour *n)
{
	const struct config_source	*source;

	fprintf(file, "\nneighbour ");
	setting_quote(file, n->name);
	fprintf(file, " {\n\tconnect ");
	setting_quote(file, n->host);
	fprintf(file, " port %u%s\n", n->port, n->tls ? " tls" : "");
	print_path(file, "key", n->key);
	print_path(file, "tls ca", n->ca);
	TAILQ_FOREACH(source, &n->unsigned_from, entry)
		fprintf(file, "\taccept unsigned from %s\n", source->host);
	fprintf(file, "}\n");
}

static void
print_files(FILE *file, const struct config *conf)
{
	enum setting	s;

	if (!conf->files.enabled)
		return;
	fprintf(file, "\nfiles {\n");
	for (s = SETTING_FILES_DIRECTORY; s <= SETTING_FILES_RETAIN; s++)
		print_inner(file, conf, s, "");
	fprintf(file, "}\n");
}

static void
print_limits(FILE *file, const struct config *conf)
{
	enum setting	s;

	fprintf(file, "\nlimits {\n");
	for (s = SETTING_CLIENTS; s <= SETTING_STALL_TIMEOUT; s++) {
		switch (s) {
		case SETTING_MESSAGE_RATE:
			fprintf(file, "\tmessages ");
			setting_print(file, conf, s);
			break;
		case SETTING_MESSAGE_BURST:
			print_setting(file, conf, " per second burst", s, "");
			break;
		case SETTING_HELLOS:
			print_inner(file, conf, s, " per minute");
			break;
		default:
			print_inner(file, conf, s, "");
			break;
		}
	}
	fprintf(file, "}\n\n");
}

void
config_print(FILE *file, const struct config *conf)
{
	const struct config_neighbour	*n;

	print_settings(file, conf, SETTING_ADDRESS, SETTING_ADDRESS);
	print_listeners(file, conf);
	print_keypairs(file, conf);
	print_settings(file, conf, SETTING_SERVER_KEY, SETTING_USER_PREFIX);
	if (conf->web_directory == NULL)
		fprintf(file, "no web\n");
	else
		print_settings(file, conf, SETTING_WEB_DIRECTORY,
		    SETTING_WEB_DIRECTORY);
	TAILQ_FOREACH(n, &conf->neighbours, entry)
		print_neighbour(file, n);
	print_files(file, conf);
	print_limits(file, conf);
	print_settings(file, conf, SETTING_REPLAY, SETTING_VERIFIERS);
}
