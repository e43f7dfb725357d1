/*
 * resolv.conf(5) and hosts(5), as people write them and as nobody should.
 */

/* link: olaf-front/resolvconf.o */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "resolvconf.h"
#include "test.h"

static struct resolvconf	conf;
static char			address[RESOLVCONF_ADDRESSES][RESOLVCONF_WORD];

/* From memory of that size, so that a sanitizer sees what is read behind. */
static void
read_conf(const char *text, size_t len)
{
	char	*copy;

	if ((copy = malloc(len > 0 ? len : 1)) == NULL)
		abort();
	memcpy(copy, text, len);
	resolvconf_read(&conf, copy, len);
	free(copy);
}

static size_t
hosts(const char *text, size_t len, const char *name)
{
	char	*copy;
	size_t	 n;

	if ((copy = malloc(len > 0 ? len : 1)) == NULL)
		abort();
	memcpy(copy, text, len);
	n = resolvconf_hosts(copy, len, name, address);
	free(copy);
	return (n);
}

static void
test_usual(void)
{
	static const char	text[] =
	    "# made by dhcp\n"
	    "domain one.example\n"
	    "search example.org\texample.net   # both\r\n"
	    "nameserver 192.0.2.1\n"
	    "\tnameserver 2001:db8::1 ; the other\n"
	    "options ndots:3 timeout:2 attempts:9 rotate edns0\n"
	    "nameserver 192.0.2.3\nnameserver 192.0.2.4";

	read_conf(text, strlen(text));
	CHECK(conf.nservers == 3 && strcmp(conf.server[0], "192.0.2.1") == 0);
	CHECK(strcmp(conf.server[1], "2001:db8::1") == 0);
	CHECK(strcmp(conf.server[2], "192.0.2.3") == 0);
	CHECK(conf.nsearch == 2 && strcmp(conf.search[0], "example.org") == 0);
	CHECK(strcmp(conf.search[1], "example.net") == 0);
	CHECK(conf.ndots == 3 && conf.timeout == 2 && conf.attempts == 2);
}

static void
test_nothing(void)
{
	static const char *const	texts[] = {
		"", "\n", "nameserver", "nameserver\n", "nameserver # x\n",
		"#nameserver 192.0.2.1\n", "nameservers 192.0.2.1",
		"options ndots:16 ndots: ndots:x timeout:0 ndots"
	};
	size_t				i;

	for (i = 0; i < nitems(texts); i++) {
		read_conf(texts[i], strlen(texts[i]));
		CHECK(conf.nservers == 1 &&
		    strcmp(conf.server[0], "127.0.0.1") == 0);
		CHECK(conf.nsearch == 0 && conf.ndots == 1 &&
		    conf.timeout == 5 && conf.attempts == 2);
	}
	read_conf("nameserver 192.0.2.1\0\0\n", 23);
	CHECK(conf.nservers == 1 && strcmp(conf.server[0], "192.0.2.1") == 0);
}

static void
test_long(void)
{
	char	text[4096];
	size_t	len, i;

	memset(text, 'a', sizeof(text));
	memcpy(text, "nameserver ", 11);
	read_conf(text, sizeof(text));
	CHECK(strcmp(conf.server[0], "127.0.0.1") == 0);
	memcpy(text, "search ", 7);
	for (len = 7, i = 0; i < 20; i++, len += 2)
		memcpy(text + len, "b ", 2);
	read_conf(text, len);
	CHECK(conf.nsearch == RESOLVCONF_SEARCH);
}

static void
test_hosts(void)
{
	static const char	text[] =
	    "127.0.0.1\tlocalhost\n"
	    "::1 localhost ip6-localhost\n"
	    "192.0.2.7  chat.example.org Chat # old.example.org\n"
	    "192.0.2.8\n"
	    "192.0.2.9 chat";

	CHECK(hosts(text, strlen(text), "localhost") == 2);
	CHECK(strcmp(address[0], "127.0.0.1") == 0 &&
	    strcmp(address[1], "::1") == 0);
	CHECK(hosts(text, strlen(text), "CHAT.example.org") == 1);
	CHECK(strcmp(address[0], "192.0.2.7") == 0);
	CHECK(hosts(text, strlen(text), "chat") == 2);
	CHECK(strcmp(address[1], "192.0.2.9") == 0);
	CHECK(hosts(text, strlen(text), "old.example.org") == 0);
	CHECK(hosts(text, strlen(text), "192.0.2.8") == 0);
	CHECK(hosts(text, strlen(text), "") == 0);
	CHECK(hosts("", 0, "chat") == 0);
}

static void
test_many_hosts(void)
{
	char	text[4096];
	size_t	len = 0, i;

	for (i = 0; i < 100; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "192.0.2.%zu chat\n", i);
	CHECK(hosts(text, len, "chat") == RESOLVCONF_ADDRESSES);
	for (i = 0; i < len; i++)
		CHECK(hosts(text, i, "chat") <= RESOLVCONF_ADDRESSES);
}

int
main(void)
{
	RUN(test_usual);
	RUN(test_nothing);
	RUN(test_long);
	RUN(test_hosts);
	RUN(test_many_hosts);
	return (test_done());
}
