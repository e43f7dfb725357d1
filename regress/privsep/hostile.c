/*
 * Stands in for a child and breaks the rules of lib/msgrules.c, one way at a
 * time.
 *
 * 	hostile -l role		lists the ways: "victim message kind", a line each
 */

/* link: regress/lib/standin.o */

#include "compat.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "msg.h"
#include "msg_conn.h"
#include "msg_files.h"
#include "regress/lib/standin.h"

#define LONGEST	(1024 * 1024)	/* octets that are sent to be too long */
#define NOBODY	UINT64_MAX	/* the number of no transfer */

static const char	*words;

static const char *const role_names[ROLE_MAX] = {
	"parent", "front", "relay", "verifier", "signer", "files", "ctl"
};

/* Who has a channel to whom. */
static const uint8_t channels[ROLE_MAX] = {
	[ROLE_FRONT] = 1 << ROLE_PARENT | 1 << ROLE_RELAY | 1 << ROLE_SIGNER |
	    1 << ROLE_FILES,
	[ROLE_RELAY] = 1 << ROLE_PARENT | 1 << ROLE_FRONT | 1 << ROLE_VERIFIER |
	    1 << ROLE_SIGNER | 1 << ROLE_FILES,
	[ROLE_VERIFIER] = 1 << ROLE_PARENT | 1 << ROLE_RELAY,
	[ROLE_SIGNER] = 1 << ROLE_PARENT | 1 << ROLE_FRONT | 1 << ROLE_RELAY,
	[ROLE_FILES] = 1 << ROLE_PARENT | 1 << ROLE_FRONT | 1 << ROLE_RELAY,
};

/*
 * Writes, if b is not NULL, a message in good order about a transfer that is not
 * there, as it may have ended meanwhile.  Returns 0 if that type is none.
 */
static int
put_nobody(struct ibuf *b, uint32_t type)
{
	static const struct msg_upload_commit	commit = { .number = NOBODY,
	    .size = 1, .name = "a name", .type = "text/plain" };
	static const struct msg_file_id		id = { .number = NOBODY };
	static const struct msg_file_failed	failed = { .number = NOBODY,
	    .status = 507 };
	static const struct msg_download_ready	ready = { .number = NOBODY,
	    .size = 1, .name = "a name" };

	if (type != MSG_UPLOAD_MORE && type != MSG_UPLOAD_ABORT &&
	    type != MSG_UPLOAD_COMMIT && type != MSG_UPLOAD_READY &&
	    type != MSG_UPLOAD_STORED && type != MSG_DOWNLOAD_READY &&
	    type != MSG_FILE_FAILED)
		return (0);
	if (b == NULL)
		return (1);
	if (type == MSG_UPLOAD_COMMIT)
		msg_upload_commit_put(b, &commit);
	else if (type == MSG_UPLOAD_STORED)
		msg_file_id_put(b, &id);
	else if (type == MSG_DOWNLOAD_READY)
		msg_download_ready_put(b, &ready);
	else if (type == MSG_FILE_FAILED)
		msg_file_failed_put(b, &failed);
	else
		msg_put64(b, NOBODY);
	return (1);
}

static void
list_rule(enum role me, enum role victim, uint32_t type,
    const struct msg_rule *r)
{
	const char	*v = role_names[victim];

	if ((r->from & 1 << me) == 0 || (r->to & 1 << victim) == 0) {
		printf("%s %s forbidden\n", v, r->name);
		return;
	}
	if (r->min > 0)
		printf("%s %s short\n", v, r->name);
	if (r->max < LONGEST)
		printf("%s %s long\n", v, r->name);
	/* one that is not expected, or none where one is due */
	printf("%s %s %s\n", v, r->name, r->fd ? "missing" : "descriptor");
	if (r->max > 0) {
		printf("%s %s ones\n", v, r->name);
		printf("%s %s zeros\n", v, r->name);
	}
	if (put_nobody(NULL, type))
		printf("%s %s nobody\n", v, r->name);
}

static void
list(enum role me)
{
	const struct msg_rule	*r;
	uint32_t		 type;
	int			 victim;

	for (victim = 0; victim < ROLE_MAX; victim++) {
		if ((channels[me] & 1 << victim) == 0)
			continue;
		for (type = 0; type < MSG_MAX; type++)
			if ((r = msgrules_find(type)) != NULL)
				list_rule(me, victim, type, r);
		printf("%s - unknown\n", role_names[victim]);
		printf("%s - noise\n", role_names[victim]);
		printf("%s - endless\n", role_names[victim]);
		printf("%s - hangup\n", role_names[victim]);
	}
}

static uint32_t
type_read(const char *name)
{
	const struct msg_rule	*r;
	uint32_t		 type;

	for (type = 0; type < MSG_MAX; type++)
		if ((r = msgrules_find(type)) != NULL &&
		    strcmp(r->name, name) == 0)
			return (type);
	return (MSG_MAX);
}

static void
put_fill(struct ibuf *b, int octet, size_t len)
{
	while (len-- > 0)
		msg_put8(b, (uint8_t)octet);
}

static void
send_rule(struct chan *c, uint32_t type, const char *kind)
{
	const struct msg_rule	*r = msgrules_find(type);
	struct ibuf		*b = chan_open(c, type, 0);
	uint32_t		 len = r->min;
	int			 octet = 0;

	if (strcmp(kind, "short") == 0)
		len = r->min - 1;
	else if (strcmp(kind, "long") == 0)
		len = r->max + 1;
	else if (strcmp(kind, "ones") == 0) {
		octet = 0xff;
		len = r->min > 0 ? r->min : 1;
	} else if (strcmp(kind, "zeros") == 0)
		len = r->max < 4096 ? r->max : 4096;
	if (strcmp(kind, "nobody") == 0)
		put_nobody(b, type);
	else
		put_fill(b, octet, len);
	if (strcmp(kind, "missing") != 0 &&
	    (r->fd || strcmp(kind, "descriptor") == 0))
		chan_close_fd(c, b, dup(STDERR_FILENO));
	else
		chan_close(c, b);
}

/* Below the channel's own form: octets that are no message. */
static void
send_raw(struct chan *c, const char *kind)
{
	struct imsg_hdr	hdr;
	uint8_t		noise[512];
	ssize_t		n;

	if (strcmp(kind, "hangup") == 0) {
		close(chan_fd(c));
		return;
	}
	memset(&hdr, 0, sizeof(hdr));
	hdr.type = MSG_MAX;
	hdr.len = strcmp(kind, "endless") == 0 ? 0x7fffffff : sizeof(hdr);
	memset(noise, 0xa5, sizeof(noise));
	if (strcmp(kind, "noise") == 0)
		n = write(chan_fd(c), noise, sizeof(noise));
	else
		n = write(chan_fd(c), &hdr, sizeof(hdr));
	if (n == -1)
		log_warn("hostile: write");
}

static void
attack(void)
{
	char		 victim[32], name[64], kind[32];
	struct chan	*c;

	if (sscanf(words, "%31s %63s %31s", victim, name, kind) != 3)
		fatalx("hostile: mode: %s", words);
	if ((c = standin_peer(standin_role_read(victim))) == NULL)
		fatalx("hostile: no channel to %s", victim);
	log_info("hostile: attacks: %s", words);
	if (strcmp(name, "-") == 0)
		send_raw(c, kind);
	else
		send_rule(c, type_read(name), kind);
}

int
main(int argc, char *argv[], char *envp[])
{
	enum role	role;

	if (argc == 3 && strcmp(argv[1], "-l") == 0) {
		if ((role = standin_role_read(argv[2])) == ROLE_MAX)
			return (1);
		list(role);
		return (0);
	}
	words = standin_start(argc, argv, envp, attack);
	child_run();
}
