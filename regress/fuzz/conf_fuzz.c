/*
 * Anything as olafd.conf: it is parsed or refused, nothing leaks, and what
 * was parsed and printed is parsed again to the same print.
 */
/* link: olafd/config.o olafd/host.o olafd/lex.o olafd/parse.o */
/* link: olafd/printconf.o olafd/setting.o olafd/textfile.o */

#include "compat.h"

#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include <err.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* One for all inputs; removed at exit. */
static char	path[64];

/*
 * In place of the system's, so that a made-up name asks no name server:
 * numeric addresses, and "localhost" for the name that has two.
 */
struct found {
	struct addrinfo		 ai;
	struct sockaddr_storage	 ss;
};

static struct addrinfo *
found_new(int family, const char *host)
{
	struct found		*f;
	struct sockaddr_in	*sin;
	struct sockaddr_in6	*sin6;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		err(1, NULL);
	sin = (struct sockaddr_in *)&f->ss;
	sin6 = (struct sockaddr_in6 *)&f->ss;
	if (inet_pton(family, host, family == AF_INET ? (void *)&sin->sin_addr :
	    (void *)&sin6->sin6_addr) != 1) {
		free(f);
		return (NULL);
	}
	f->ss.ss_family = (sa_family_t)family;
	f->ai.ai_family = family;
	f->ai.ai_addr = (struct sockaddr *)&f->ss;
	f->ai.ai_addrlen = family == AF_INET ? sizeof(*sin) : sizeof(*sin6);
	return (&f->ai);
}

int
getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **res)
{
	(void)service;
	(void)hints;
	if (host == NULL) {
		*res = found_new(AF_INET6, "::1");
		(*res)->ai_next = found_new(AF_INET, "127.0.0.1");
	} else if ((*res = found_new(AF_INET, host)) == NULL &&
	    (*res = found_new(AF_INET6, host)) == NULL)
		return (EAI_NONAME);
	return (0);
}

void
freeaddrinfo(struct addrinfo *ai)
{
	struct addrinfo	*next;

	for (; ai != NULL; ai = next) {
		next = ai->ai_next;
		free(ai);
	}
}

static void
remove_file(void)
{
	unlink(path);
}

static void
make_file(void)
{
	const char	*directory = getenv("TMPDIR");
	int		 fd;

	snprintf(path, sizeof(path), "%.40s/conf_fuzz.XXXXXX",
	    directory == NULL ? "/tmp" : directory);
	if ((fd = mkstemp(path)) == -1)
		err(1, "%s", path);
	close(fd);
	atexit(remove_file);
}

static struct config *
parse(const void *data, size_t len)
{
	FILE	*file;

	if ((file = fopen(path, "w")) == NULL ||
	    fwrite(data, 1, len, file) != len || fclose(file) != 0)
		err(1, "%s", path);
	return (config_parse(path, NULL, 0));
}

static char *
print(const struct config *conf, size_t *len)
{
	FILE	*file;
	char	*text;

	if ((file = open_memstream(&text, len)) == NULL)
		err(1, NULL);
	config_print(file, conf);
	if (fclose(file) != 0)
		err(1, NULL);
	return (text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct config	*conf, *again;
	char		*text, *text_again;
	size_t		 text_len, again_len;

	if (path[0] == '\0')
		make_file();
	if ((conf = parse(data, len)) == NULL)
		return (0);
	text = print(conf, &text_len);
	if ((again = parse(text, text_len)) == NULL)
		abort();
	text_again = print(again, &again_len);
	if (text_len != again_len || memcmp(text, text_again, text_len) != 0 ||
	    config_needs_restart(conf, again) != NULL)
		abort();
	config_free(conf);
	config_free(again);
	free(text);
	free(text_again);
	return (0);
}
