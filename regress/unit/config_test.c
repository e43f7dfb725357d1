/*
 * Configurations as olafd uses them: what the grammar leaves in the struct,
 * parsing again and again in one process, the errors that are kept for
 * olafctl, and what needs a restart.  What is parsed and what refused is
 * ../conf's affair.
 */
/* link: olafd/config.o olafd/host.o olafd/lex.o olafd/parse.o */
/* link: olafd/printconf.o olafd/setting.o olafd/textfile.o */

#include "compat.h"

#include <netinet/in.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "log.h"
#include "test.h"

#define PATH	"config_test.conf"
#define LEAST	"address \"a.example.org\"\nlisten on 127.0.0.1 port 8080\n"

static struct config *
parse(const char *text)
{
	ssize_t	len = (ssize_t)strlen(text);
	int	fd;

	if ((fd = open(PATH, O_WRONLY | O_CREAT | O_TRUNC, 0600)) == -1 ||
	    write(fd, text, (size_t)len) != len || close(fd) == -1) {
		perror(PATH);
		exit(1);
	}
	return (config_parse(PATH, NULL, 0));
}

static void
test_listener(void)
{
	struct config			*conf = parse(LEAST);
	const struct config_listener	*l;
	const struct sockaddr_in	*sin;

	CHECK(conf != NULL && strcmp(conf->file, PATH) == 0);
	if (conf == NULL)
		return;
	l = TAILQ_FIRST(&conf->listeners);
	CHECK(l != NULL && TAILQ_NEXT(l, entry) == NULL);
	CHECK(l->fd == -1 && l->port == 8080 && !l->tls);
	CHECK(strcmp(l->file, PATH) == 0 && l->line == 2);
	sin = (const struct sockaddr_in *)&l->ss;
	CHECK(l->sslen == sizeof(*sin) && sin->sin_family == AF_INET);
	CHECK(sin->sin_port == htons(8080));
	CHECK(sin->sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	config_free(conf);
}

static void
test_listener_all(void)
{
	struct config			*conf = parse("address a.example.org\n"
					    "listen on * port 80\n");
	const struct config_listener	*l;
	const struct sockaddr_in6	*sin6;

	CHECK(conf != NULL);
	if (conf == NULL)
		return;
	l = TAILQ_FIRST(&conf->listeners);
	CHECK(l->ss.ss_family == AF_INET && strcmp(l->host, "0.0.0.0") == 0);
	l = TAILQ_NEXT(l, entry);
	CHECK(l != NULL && strcmp(l->host, "::") == 0);
	sin6 = (const struct sockaddr_in6 *)&l->ss;
	CHECK(l->sslen == sizeof(*sin6) && sin6->sin6_family == AF_INET6);
	CHECK(sin6->sin6_port == htons(80));
	config_free(conf);
}

/* Settings whose members differ in type. */
static void
test_members(void)
{
	struct config	*conf = parse(LEAST "replay session\necho no\n"
			    "push client list yes\nupdate interval 2s\n"
			    "limits { message 2M link message 3M counters 7 "
			    "hellos 8 per minute }\nfiles { retain 1w }\nno web\n");

	CHECK(conf != NULL);
	if (conf == NULL)
		return;
	CHECK(conf->replay == REPLAY_SESSION);
	CHECK(!conf->echo && conf->push_client_list && conf->error_replies);
	CHECK(conf->update_interval == 2000);
	CHECK(conf->limits.message == 2 << 20 && conf->limits.counters == 7);
	CHECK(conf->limits.hellos == 8 && conf->limits.strikes == 10);
	CHECK(conf->limits.link_message == 3 << 20);
	CHECK(conf->limits.link_users == 50000);
	CHECK(conf->files.enabled && conf->files.retain == 7 * 86400);
	CHECK(conf->files.line == 8);
	CHECK(conf->web_directory == NULL && conf->web_line == 9);
	config_free(conf);
}

static void
test_again(void)
{
	struct config	*conf;
	int		 i;

	for (i = 0; i < 50; i++) {
		CHECK((conf = parse(i % 2 == 0 ? LEAST : LEAST
		    "limits {\nneighbour \"a\" {\n\"x\n")) == NULL ?
		    i % 2 == 1 : i % 2 == 0);
		config_free(conf);
	}
	config_free(NULL);
}

/* Macros given before are there, and gone at the next call. */
static void
test_macros(void)
{
	static char	 one[] = "x=no", two[] = "y=yes";
	char *const	 macros[] = { one, two };
	struct config	*conf;

	CHECK(parse(LEAST "echo $x\nerror replies $y\n") == NULL);
	conf = config_parse(PATH, macros, nitems(macros));
	CHECK(conf != NULL && !conf->echo && conf->error_replies);
	config_free(conf);
	CHECK(config_parse(PATH, NULL, 0) == NULL);
}

static void
test_errors(void)
{
	CHECK(parse(LEAST "bogus\necho \"\001\"\n") == NULL);
	CHECK(strcmp(config_errors(),
	    PATH ":3: unknown setting \"bogus\"\n"
	    PATH ":4: a control character (0x01)\n") == 0);
	CHECK(config_error_count() == 2);
	config_errors_clear();
	CHECK(config_errors()[0] == '\0' && config_error_count() == 0);
	config_error("f", 0, "%s", "no line");
	config_error("f", 7, "%s", "a\n\033b");
	CHECK(strcmp(config_errors(), "f: no line\nf:7: a\\n\\033b\n") == 0);
	config_free(parse(LEAST));
	CHECK(config_errors()[0] == '\0');
}

/* Many long errors: a bound for their number and one for their text. */
static void
test_errors_bounded(void)
{
	char	word[1000], text[40 * sizeof(word)];
	size_t	i, lines = 0;

	memset(word, 'a', sizeof(word) - 2);
	strlcpy(word + sizeof(word) - 2, "\n", 2);
	text[0] = '\0';
	for (i = 0; i < 2 * CONFIG_ERRORS_MAX; i++)
		strlcat(text, word, sizeof(text));
	CHECK(parse(text) == NULL);
	CHECK(config_error_count() == CONFIG_ERRORS_MAX);
	CHECK(strlen(config_errors()) < 4096);
	for (i = 0; config_errors()[i] != '\0'; i++)
		lines += config_errors()[i] == '\n';
	CHECK(lines > 10 && lines <= CONFIG_ERRORS_MAX);
	CHECK(config_errors()[i - 1] == '\n');
}

/* What does the line change that needs a restart? */
static const char *
restart(const char *line)
{
	struct config	*a, *b;
	const char	*what;
	char		 text[512];

	snprintf(text, sizeof(text), LEAST "%s\n", line);
	a = parse(LEAST "files { directory \"/a\" }\n");
	b = parse(text);
	CHECK(a != NULL && b != NULL);
	if (a == NULL || b == NULL)
		exit(1);
	what = config_needs_restart(a, b);
	CHECK(config_needs_restart(b, a) == what);
	config_free(a);
	config_free(b);
	return (what == NULL ? "" : what);
}

static void
test_restart(void)
{
	CHECK(strcmp(restart("files { directory \"/b\" }"),
	    "files directory") == 0);
	CHECK(strcmp(restart(""), "files") == 0);
	CHECK(strcmp(restart("state directory \"/s\""),
	    "state directory") == 0);
	CHECK(strcmp(restart("web directory \"/w\""), "web directory") == 0);
	CHECK(strcmp(restart("user prefix \"_x\""), "user prefix") == 0);
	CHECK(strcmp(restart("prefork 2"), "prefork") == 0);
	CHECK(strcmp(restart("verifiers 1"), "verifiers") == 0);
}

static void
test_restart_address(void)
{
	struct config	*a = parse(LEAST);
	struct config	*b = parse("address \"b.example.org\"\n"
			    "listen on 127.0.0.1 port 8080\n");

	CHECK(strcmp(config_needs_restart(a, b), "address") == 0);
	CHECK(config_needs_restart(a, a) == NULL);
	config_free(a);
	config_free(b);
}

static void
test_reload(void)
{
	CHECK(strcmp(restart("files { directory \"/a\" max size 1M }\n"
	    "listen on ::1 tls\ntls certificate a key b\nserver key c\n"
	    "control socket \"/s\"\nneighbour b.example.org { }\nno web\n"
	    "limits { clients 1 link message 63M link users 7 }\n"
	    "replay session\necho no\n"
	    "push client list yes\nerror replies no\nupdate interval 1s\n"
	    "cross origin \"http://c.example.org\"\n"), "") == 0);
}

int
main(void)
{
	const char	*directory = getenv("TMPDIR");

	if (directory == NULL || chdir(directory) == -1) {
		perror("TMPDIR");
		return (1);
	}
	log_init("config_test", LOG_TO_STDERR, 0);
	RUN(test_listener);
	RUN(test_listener_all);
	RUN(test_members);
	RUN(test_again);
	RUN(test_macros);
	RUN(test_errors);
	RUN(test_errors_bounded);
	RUN(test_restart);
	RUN(test_restart_address);
	RUN(test_reload);
	return (test_done());
}
