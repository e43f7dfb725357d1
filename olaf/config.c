/*
 * What the user wants: the directory, the identity, the server.
 */

#include "compat.h"

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base64.h"
#include "clean.h"
#include "config.h"

#define DEFAULT_URL	"ws://127.0.0.1:8080/"	/* what bootstrap run starts */
#define PIN_PREFIX	"sha256//"
#define WORDS_MAX	32

struct config	 config;

int
config_pin_read(const char *text, uint8_t pin[MSG_PIN_LEN])
{
	size_t	len = strlen(PIN_PREFIX);

	if (strncmp(text, PIN_PREFIX, len) != 0)
		return (-1);
	text += len;
	return (base64_decode(text, strlen(text), pin, MSG_PIN_LEN) ==
	    MSG_PIN_LEN ? 0 : -1);
}

void
config_pin_write(const uint8_t pin[MSG_PIN_LEN], char *text)
{
	memcpy(text, PIN_PREFIX, strlen(PIN_PREFIX));
	base64_encode(pin, MSG_PIN_LEN, text + strlen(PIN_PREFIX));
}

/* ---- URLs ---------------------------------------------------------------- */

static const struct {
	const char	*scheme;
	int		 tls;
} schemes[] = {
	{ "ws://",	0 },
	{ "wss://",	1 },
	{ "http://",	0 },
	{ "https://",	1 },
};

/* The length of the scheme; a URL without one means TLS. */
static size_t
url_scheme(const char *url, int *tls)
{
	size_t	i, len;

	for (i = 0; i < nitems(schemes); i++) {
		len = strlen(schemes[i].scheme);
		if (strncasecmp(url, schemes[i].scheme, len) == 0) {
			*tls = schemes[i].tls;
			return (len);
		}
	}
	*tls = 1;
	return (0);
}

/* From a slash or question mark on, without a fragment. */
static int
url_path(struct server *s, const char *path)
{
	size_t	len = strcspn(path, "#"), i;

	for (i = 0; i < len; i++)
		if (path[i] <= ' ' || path[i] >= 0x7f)
			return (-1);
	return (snprintf(s->path, sizeof(s->path), "%s%.*s",
	    path[0] == '/' ? "" : "/", (int)len, path) <
	    (int)sizeof(s->path) ? 0 : -1);
}

int
config_url_read(struct server *s, const char *url)
{
	struct address	 a;
	size_t		 len;
	int		 v6;

	url += url_scheme(url, &s->tls);
	len = strcspn(url, "/?#");
	if (len == 0 || memchr(url, '@', len) != NULL ||
	    address_read(&a, url, len) == -1)
		return (-1);
	strlcpy(s->name, a.host, sizeof(s->name));
	s->port = a.port != 0 ? a.port : s->tls ? 443 : 80;
	v6 = strchr(a.host, ':') != NULL;
	if (a.port != 0)
		snprintf(s->host, sizeof(s->host), "%s%s%s:%u", v6 ? "[" : "",
		    a.host, v6 ? "]" : "", a.port);
	else
		snprintf(s->host, sizeof(s->host), "%s%s%s", v6 ? "[" : "",
		    a.host, v6 ? "]" : "");
	return (url_path(s, url + len));
}

/* ---- the directory ------------------------------------------------------- */

static void
make_directory(const char *path)
{
	struct stat	st;

	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		err(1, "%s", path);
	if (stat(path, &st) == -1)
		err(1, "%s", path);
	if (!S_ISDIR(st.st_mode))
		errx(1, "%s: not a directory", path);
}

/* As the XDG Base Directory Specification has it. */
static void
find_directory(void)
{
	const char	*xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char		 parent[PATH_MAX];
	struct stat	 st;

	if (xdg != NULL && xdg[0] == '/') {
		if (strlcpy(parent, xdg, sizeof(parent)) >= sizeof(parent))
			errx(1, "XDG_CONFIG_HOME: too long");
	} else if (home == NULL || home[0] != '/')
		errx(1, "HOME is not set");
	else if (snprintf(parent, sizeof(parent), "%s/.config", home) >=
	    (int)sizeof(parent))
		errx(1, "HOME: too long");
	make_directory(parent);
	if (snprintf(config.directory, sizeof(config.directory), "%s/olaf",
	    parent) >= (int)sizeof(config.directory))
		errx(1, "%s: too long", parent);
	make_directory(config.directory);
	if (stat(config.directory, &st) == -1)
		err(1, "%s", config.directory);
	if (st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		errx(1, "%s: others can write to it, or it is another's",
		    config.directory);
}

static void
find_identity(const char *name)
{
	int	n;

	if (name == NULL)
		name = "identity";
	if (name[0] == '\0')
		errx(2, "the identity's name is empty");
	if (strchr(name, '/') != NULL)
		n = snprintf(config.identity, sizeof(config.identity), "%s",
		    name);
	else
		n = snprintf(config.identity, sizeof(config.identity), "%s/%s",
		    config.directory, name);
	if (n >= (int)sizeof(config.identity) - 16)
		errx(2, "%s: too long", clean_word(name));
}

/* ---- the file ------------------------------------------------------------ */

struct line {
	const char	*path;
	unsigned int	 number;
	char		*words[WORDS_MAX];
	size_t		 nwords;
};

static __dead void
line_error(const struct line *l, const char *what, const char *word)
{
	errx(2, "%s:%u: %s \"%s\"", l->path, l->number, what,
	    clean_word(word));
}

/* Cuts a line into words; one in double quotes may hold blanks. */
static void
line_split(struct line *l, char *p)
{
	char	*end;

	for (l->nwords = 0;; l->nwords++) {
		p += strspn(p, " \t\r\n");
		if (*p == '\0' || *p == '#')
			return;
		if (l->nwords == WORDS_MAX)
			line_error(l, "too many words before", p);
		if (*p != '"')
			end = p + strcspn(p, " \t\r\n");
		else if ((end = strchr(++p, '"')) == NULL)
			line_error(l, "no end of", p);
		l->words[l->nwords] = p;
		p = *end == '\0' ? end : end + 1;
		*end = '\0';
	}
}

static void
set_form(const struct line *l, struct server *s, const char *value)
{
	static const char *const	names[] = {
		[MSG_FORM_SPACED] = "spaced",
		[MSG_FORM_COMPACT] = "compact",
		[MSG_FORM_STRING] = "string",
	};
	size_t				i;

	for (i = 0; i < nitems(names); i++)
		if (strcmp(value, names[i]) == 0) {
			s->form = (enum msg_form)i;
			return;
		}
	line_error(l, "unknown form", value);
}

static void
set_aes(const struct line *l, struct server *s, const char *value)
{
	if (strcmp(value, "128") == 0)
		s->aes = 128;
	else if (strcmp(value, "256") == 0)
		s->aes = 256;
	else
		line_error(l, "aes is 128 or 256, not", value);
}

static void
set_replay(const struct line *l, struct server *s, const char *value)
{
	if (strcmp(value, "strict") == 0)
		s->replay_session = 0;
	else if (strcmp(value, "session") == 0)
		s->replay_session = 1;
	else
		line_error(l, "replay is strict or session, not", value);
}

static void
set_ca(const struct line *l, struct server *s, const char *value)
{
	if (strlcpy(s->ca, value, sizeof(s->ca)) >= sizeof(s->ca))
		line_error(l, "too long:", value);
}

static void
set_pin(const struct line *l, struct server *s, const char *value)
{
	if (config_pin_read(value, s->pin) == -1)
		line_error(l, "a pin is sha256// and base64, not", value);
	s->pinned = 1;
}

static const struct {
	const char	*name;
	void		(*set)(const struct line *, struct server *, const char *);
} settings[] = {
	{ "form",	set_form },
	{ "aes",	set_aes },
	{ "replay",	set_replay },
	{ "ca",		set_ca },
	{ "pin",	set_pin },
};

/* One setting of a server; returns how many words it has. */
static size_t
read_setting(const struct line *l, size_t at, struct server *s)
{
	size_t	i;

	if (strcmp(l->words[at], "insecure") == 0) {
		s->insecure = 1;
		return (1);
	}
	for (i = 0; i < nitems(settings); i++) {
		if (strcmp(l->words[at], settings[i].name) != 0)
			continue;
		if (at + 1 == l->nwords)
			line_error(l, "nothing follows", l->words[at]);
		settings[i].set(l, s, l->words[at + 1]);
		return (2);
	}
	line_error(l, "unknown setting", l->words[at]);
}

/* Takes the settings of an entry into use if it is for our server. */
static void
read_server(const struct line *l, int use)
{
	struct server	 s = config.server, entry;
	struct address	 a, b;
	size_t		 at = 2;

	memset(&entry, 0, sizeof(entry));
	if (l->nwords < 2 || config_url_read(&entry, l->words[1]) == -1)
		line_error(l, "no server's address:",
		    l->nwords < 2 ? "" : l->words[1]);
	while (at < l->nwords)
		at += read_setting(l, at, &s);
	if (use && address_read(&a, entry.host, strlen(entry.host)) == 0 &&
	    address_read(&b, s.host, strlen(s.host)) == 0 &&
	    address_match(&a, &b))
		config.server = s;
}

static void
read_url(const struct line *l, char *url, size_t size)
{
	struct server	s;

	if (config_url_read(&s, l->words[1]) == -1 ||
	    strlcpy(url, l->words[1], size) >= size)
		line_error(l, "no URL of a server:", l->words[1]);
}

/*
 * Reads the file: first for the URL, then, once it is known which server that
 * is, for what its entry says.
 */
static void
read_file(int entries, char *url, size_t size)
{
	char		 path[PATH_MAX + 8], *text = NULL;
	struct line	 l;
	size_t		 room = 0;
	FILE		*f;

	snprintf(path, sizeof(path), "%s/config", config.directory);
	if ((f = fopen(path, "re")) == NULL) {
		if (errno != ENOENT)
			err(1, "%s", path);
		return;
	}
	l.path = path;
	for (l.number = 1; getline(&text, &room, f) != -1; l.number++) {
		line_split(&l, text);
		if (l.nwords == 0)
			continue;
		if (strcmp(l.words[0], "server") == 0)
			read_server(&l, entries);
		else if (strcmp(l.words[0], "url") != 0)
			line_error(&l, "unknown setting", l.words[0]);
		else if (l.nwords != 2)
			line_error(&l, "one URL follows", l.words[0]);
		else
			read_url(&l, url, size);
	}
	if (ferror(f))
		err(1, "%s", path);
	free(text);
	fclose(f);
}

void
config_read(const char *identity, const char *url)
{
	char	text[MSG_URL_MAX] = DEFAULT_URL;

	config.server.form = MSG_FORM_SPACED;
	config.server.aes = 128;
	find_directory();
	find_identity(identity);
	config_url_read(&config.server, DEFAULT_URL);
	read_file(0, text, sizeof(text));
	if (url == NULL)
		url = text;
	if (config_url_read(&config.server, url) == -1)
		errx(2, "no URL of a server: %s", clean_word(url));
	read_file(1, text, sizeof(text));
}
