/*
 * Files in the chat screen: uploads that a message tells of, and downloads after
 * a question.
 */

#include "compat.h"

#include <err.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chat.h"
#include "octet.h"
#include "offer.h"
#include "progress.h"
#include "transfer.h"

struct job {
	TAILQ_ENTRY(job)	 entry;
	struct transfer		*transfer;
	struct conversation	*conversation;	/* NULL: it was closed */
	int			 upload;
	struct offer		 offer;		/* what was offered */
	uint64_t		 now;
	uint64_t		 total;		/* 0: unknown */
};

static TAILQ_HEAD(, job)	 jobs = TAILQ_HEAD_INITIALIZER(jobs);

/* What the question is about. */
static struct {
	struct offer	 offer;
	char		 path[PATH_MAX];	/* "": as the server says */
} asked;

/* Where to say something about a job. */
static struct conversation *
place(const struct job *j)
{
	return (j->conversation != NULL ? j->conversation :
	    chat.conversations.public);
}

static struct job *
job_new(struct conversation *c, int upload)
{
	struct job	*j;

	if ((j = calloc(1, sizeof(*j))) == NULL)
		err(1, NULL);
	j->conversation = c;
	c->ours = 1;		/* it is not closed to make room */
	j->upload = upload;
	TAILQ_INSERT_TAIL(&jobs, j, entry);
	return (j);
}

static void
job_free(struct job *j)
{
	TAILQ_REMOVE(&jobs, j, entry);
	free(j);
	chat_changed(CHAT_STATUS);
}

/*
 * "~/" as the shell has it, and no blanks at the end.  Returns -1 if it is too
 * long.
 */
static int
expand_path(char path[PATH_MAX], const char *text)
{
	const char	*home = getenv("HOME");
	int		 n;

	if (strncmp(text, "~/", 2) == 0 && home != NULL)
		n = snprintf(path, PATH_MAX, "%s%s", home, text + 1);
	else
		n = snprintf(path, PATH_MAX, "%s", text);
	if (n < 0 || n >= PATH_MAX)
		return (-1);
	while (n > 0 && path[n - 1] == ' ')
		path[--n] = '\0';
	return (0);
}

/* ---- what transfers tell -------------------------------------------------- */

static void
job_progress(struct transfer *t, uint64_t now, uint64_t total, void *arg)
{
	struct job	*j = arg;

	(void)t;
	j->now = now;
	j->total = total;
	chat_changed(CHAT_STATUS);
}

/* A message that was not sent is shown, so that it can be. */
static void
uploaded(struct job *j)
{
	char	 text[OFFER_TEXT_MAX];

	offer_write(text, transfer_name(j->transfer),
	    transfer_size(j->transfer), transfer_hash(j->transfer),
	    transfer_result(j->transfer));
	if (j->conversation != NULL &&
	    chat_say(j->conversation, text, strlen(text)) == 0)
		return;
	chat_notice(place(j), "uploaded, but nobody was told: %s", text);
}

static void
downloaded(struct job *j)
{
	const uint8_t	*hash = transfer_hash(j->transfer);
	char		 got[2 * KEY_DIGEST_LEN + 1];
	char		 offered[2 * KEY_DIGEST_LEN + 1];

	octet_write_hex(got, hash, KEY_DIGEST_LEN);
	octet_write_hex(offered, j->offer.hash, KEY_DIGEST_LEN);
	if (j->offer.has_hash &&
	    memcmp(hash, j->offer.hash, KEY_DIGEST_LEN) != 0)
		chat_notice(place(j), "WARNING: %s is NOT THE FILE THAT WAS "
		    "OFFERED.\nIts sha256 is   %s\nthe message said %s\n"
		    "The server, or somebody between, gave you another one: do "
		    "not open it.", transfer_result(j->transfer), got, offered);
	else
		chat_notice(place(j), "saved %s: %" PRIu64 " bytes, sha256 %s%s",
		    transfer_result(j->transfer), transfer_size(j->transfer),
		    got, j->offer.has_hash ? ", as offered" : "");
}

/* Some reasons begin with the file's name already. */
static int
begins_with_name(const char *why, const char *name)
{
	size_t	 len = strlen(name);

	return (strncmp(why, name, len) == 0 && (why[len] == ' ' ||
	    why[len] == ':'));
}

static void
job_done(struct transfer *t, const char *why, void *arg)
{
	struct job	*j = arg;
	const char	*name = transfer_name(t);

	j->transfer = t;
	if (why != NULL && begins_with_name(why, name))
		name = "";
	if (why != NULL)
		chat_notice(place(j), "%s: %s%s%s",
		    j->upload ? "not uploaded" : "not downloaded",
		    name, name[0] != '\0' ? ": " : "", why);
	else if (j->upload)
		uploaded(j);
	else
		downloaded(j);
	job_free(j);
}

static const struct transfer_ops	 ops = { job_progress, job_done };

/* ---- what people ask for -------------------------------------------------- */

void
chat_send_file(struct conversation *c, const char *path)
{
	struct job	*j;
	const char	*why = "its name is too long";
	char		 expanded[PATH_MAX];

	j = job_new(c, 1);
	if (expand_path(expanded, path) == -1 ||
	    (j->transfer = transfer_upload(expanded, &ops, j, &why)) == NULL) {
		chat_notice(c, "not uploaded: %.200s: %s", path, why);
		job_free(j);
		return;
	}
	chat_changed(CHAT_STATUS);
}

static void
save_answered(int yes)
{
	struct conversation	*c = chat.conversations.current;
	struct job		*j;
	const char		*why;

	if (!yes) {
		chat_notice(c, "nothing was downloaded");
		return;
	}
	j = job_new(c, 0);
	j->offer = asked.offer;
	j->transfer = transfer_download(asked.offer.url,
	    asked.path[0] != '\0' ? asked.path : NULL, 0, &ops, j, &why);
	if (j->transfer == NULL) {
		chat_notice(c, "not downloaded: %s: %s", asked.path[0] != '\0' ?
		    asked.path : asked.offer.url, why);
		job_free(j);
	}
}

/* The nth-latest that others offered, or the one of that URL. */
static int
find_offer(struct conversation *c, unsigned long nth, const char *url,
    struct offer *o)
{
	struct line	*l;

	TAILQ_FOREACH_REVERSE(l, &c->lines, lines, entry) {
		if (!l->offers || offer_find(o, l->text, l->len) == -1)
			continue;
		if (url != NULL ? strcmp(o->url, url) == 0 : --nth == 0)
			return (0);
	}
	return (-1);
}

static int
is_url(const char *word)
{
	return (strstr(word, "://") != NULL);
}

static int
is_number(const char *word)
{
	return (word[strspn(word, "0123456789")] == '\0');
}

/* Reads what to save; returns -1 after saying why not. */
static int
which_offer(struct conversation *c, const char *which, struct offer *o)
{
	unsigned long	 nth = *which == '\0' ? 1 : strtoul(which, NULL, 10);

	if (is_url(which)) {
		if (find_offer(c, 0, which, o) == 0 ||
		    offer_url(o, which, strlen(which)) == 0)
			return (0);
		chat_notice(c, "that is no URL of a file");
		return (-1);
	}
	if (nth == 0 || find_offer(c, nth, NULL, o) == -1) {
		chat_notice(c, nth == 1 ? "no file was offered here" :
		    "so many files were not offered here");
		return (-1);
	}
	return (0);
}

void
chat_save_file(struct conversation *c, const char *which, const char *path)
{
	char	 size[32] = "size not said", name[PATH_MAX];

	strlcpy(name, path, sizeof(name));
	if (!is_url(which) && !is_number(which)) {
		snprintf(name, sizeof(name), "%s %s", which, path);
		which = "";
	}
	if (which_offer(c, which, &asked.offer) == -1)
		return;
	if (expand_path(asked.path, name) == -1) {
		chat_notice(c, "the name is too long");
		return;
	}
	if (asked.offer.has_size)
		progress_size(size, sizeof(size), asked.offer.size);
	chat_notice(c, "download %s (%s) from %s%s%s?",
	    asked.offer.name[0] != '\0' ? asked.offer.name : "a file", size,
	    asked.offer.host, asked.path[0] != '\0' ? ", as " : "", asked.path);
	chat_ask("download? [y/n] ", save_answered);
}

int
chat_cancel_files(void)
{
	struct job	*j;
	int		 n = 0;

	while ((j = TAILQ_FIRST(&jobs)) != NULL) {
		transfer_cancel(j->transfer);
		job_free(j);
		n++;
	}
	return (n);
}

void
chat_forget_files(const struct conversation *c)
{
	struct job	*j;

	TAILQ_FOREACH(j, &jobs, entry)
		if (j->conversation == c)
			j->conversation = NULL;
}

/* Where the bar would be, there is no room: a percentage will do. */
void
chat_progress(char *text, size_t size)
{
	const struct job	*j = TAILQ_FIRST(&jobs);
	const char		*verb;
	char			 done[32];

	text[0] = '\0';
	if (j == NULL)
		return;
	verb = j->upload ? "sending" : "saving";
	progress_size(done, sizeof(done), j->now);
	if (j->total > 0)
		snprintf(text, size, "%s %.24s %d%%", verb,
		    transfer_name(j->transfer), (int)(100.0 * (double)j->now /
		    (double)j->total));
	else
		snprintf(text, size, "%s %.24s %s", verb,
		    transfer_name(j->transfer), done);
}
