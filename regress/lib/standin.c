/*
 * A stand-in for a child: it comes up as the real one does, in the same
 * sandbox, and answers what the parent asks during the start.
 */

#include "compat.h"

#include <limits.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "msg_conf.h"
#include "standin.h"

static enum role	 role;
static struct chan	*peers[ROLE_MAX];
static void		(*on_started)(void);
static void		(*on_heard)(struct chan *, struct imsg *);
static int		 load_fd = -1;
static char		 words[4096];

static const struct {
	const char	*name;
	const char	*program;
} names[ROLE_MAX] = {
	[ROLE_PARENT] = { "parent", "olafd" },
	[ROLE_FRONT] = { "front", "olaf-front" },
	[ROLE_RELAY] = { "relay", "olaf-relay" },
	[ROLE_VERIFIER] = { "verifier", "olaf-keys" },
	[ROLE_SIGNER] = { "signer", "olaf-keys" },
	[ROLE_FILES] = { "files", "olaf-files" },
	[ROLE_CTL] = { "ctl", "olafctl" },
};

enum role
standin_role_read(const char *name)
{
	int	r;

	for (r = 0; r < ROLE_MAX; r++)
		if (strcmp(names[r].name, name) == 0)
			break;
	return (r);
}

enum role
standin_role(void)
{
	return (role);
}

struct chan *
standin_peer(enum role peer)
{
	return (peer == ROLE_PARENT ? child_parent() : peers[peer]);
}

void
standin_hear(void (*heard)(struct chan *, struct imsg *))
{
	on_heard = heard;
}

int
standin_load(void)
{
	return (load_fd);
}

static void
from_peer(struct chan *c, struct imsg *imsg, void *arg)
{
	(void)arg;
	if (imsg == NULL) {
		peers[chan_peer(c)] = NULL;
		chan_free(c);
	} else if (on_heard != NULL)
		on_heard(c, imsg);
}

static void
from_parent(struct chan *c, struct imsg *imsg, void *arg)
{
	struct msg_peer	m;
	struct ibuf	b;

	(void)arg;
	switch (imsg_get_type(imsg)) {
	case MSG_PEER:
		if (msg_peer_get(child_ibuf(imsg, &b), &m) == -1)
			fatalx("PEER");
		if (peers[m.role] == NULL)
			peers[m.role] = chan_new(chan_take_fd(c), m.role,
			    m.number, from_peer, NULL);
		break;
	case MSG_LOAD:
		load_fd = chan_take_fd(c);
		break;
	case MSG_CONF_END:
		child_conf_ok(NULL, 0);
		break;
	case MSG_START:
		on_started();
		break;
	case MSG_STOP:
		exit(0);
	default:
		break;
	}
}

/* First line: a role, then words.  Second: the build tree. */
static void
read_mode(int argc, char **argv)
{
	char	 line[sizeof(words)], top[PATH_MAX], path[PATH_MAX + 64];
	enum role me;
	FILE	*f;

	strlcpy(path, argv[0], sizeof(path));
	strlcpy(line, dirname(path), sizeof(line));
	snprintf(path, sizeof(path), "%s/mode", line);
	if ((f = fopen(path, "r")) == NULL ||
	    fgets(line, sizeof(line), f) == NULL ||
	    fgets(top, sizeof(top), f) == NULL)
		fatal("%s", path);
	fclose(f);
	line[strcspn(line, "\n")] = top[strcspn(top, "\n")] = '\0';
	if (strchr(line, ' ') != NULL) {
		strlcpy(words, strchr(line, ' ') + 1, sizeof(words));
		*strchr(line, ' ') = '\0';
	}
	strlcpy(path, argv[0], sizeof(path));
	role = standin_role_read(line);
	me = strstr(path, "olaf-front") != NULL ? ROLE_FRONT :
	    strstr(path, "olaf-relay") != NULL ? ROLE_RELAY :
	    strstr(path, "olaf-files") != NULL ? ROLE_FILES : ROLE_VERIFIER;
	if (me == ROLE_VERIFIER)
		me = child_role(argc, argv, ROLE_VERIFIER);
	if (me == role)
		return;
	snprintf(path, sizeof(path), "%s/%s/%s", top, names[me].program,
	    names[me].program);
	execv(path, argv);
	fatal("%s", path);
}

const char *
standin_start(int argc, char **argv, char **envp, void (*started)(void))
{
	read_mode(argc, argv);
	title_init(argc, argv, envp);
	on_started = started;
	child_start(argc, argv, role, from_parent);
	return (words);
}
