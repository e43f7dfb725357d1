/*
 * Uploads.  A front writes to a file without a name, and what it says of its own
 * progress is not believed: the file is looked at.  A commit copies it to one
 * that no front ever had, and hashes what is copied, a part each turn of the
 * loop, so that others need not wait for it; files that are ready in the same
 * turn share one sync of the directory.
 */

#include "compat.h"

#include <sys/queue.h>
#include <sys/stat.h>
#include <sys/tree.h>

#include <openssl/evp.h>

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "filename.h"
#include "log.h"
#include "store.h"
#include "upload.h"

#define COPY_PIECE	(256 * 1024)	/* octets read at a time */
#define COPY_TURN	4		/* pieces in a turn of the loop */
#define SYNC_BATCH	64		/* files that share a sync at most */
#define LOOK_SECONDS	1		/* between two looks at what is written */

/* Who is slower gives way, when there are as many as there may be. */
#define SLOW_SECONDS	30
#define SLOW_RATE	2048		/* octets a second */

enum upload_state {
	UPLOAD_WAITING,		/* for the store to be ready */
	UPLOAD_WRITING,		/* by the front */
	UPLOAD_COPYING,
	UPLOAD_KEPT,		/* it has its name; the directory's sync is due */
	UPLOAD_STATES
};

struct upload {
	RB_ENTRY(upload)	 by_number;
	TAILQ_ENTRY(upload)	 entry;		/* in the list of its state */
	struct chan		*chan;		/* its front's */
	uint64_t		 number;
	enum upload_state	 state;
	uint64_t		 hint;
	uint64_t		 size;		/* as last seen on the disk */
	time_t			 begun;
	int			 fd;		/* the front's file, or -1 */
	int			 copy;		/* ours, or -1 */
	char			 temp[STORE_TEMP_MAX];	/* its name; "": none */
	EVP_MD_CTX		*hash;
	uint64_t		 copied;	/* octets */
	struct record		 record;
	uint8_t			 id[MSG_FILE_ID_LEN];
};
TAILQ_HEAD(uploads, upload);

static struct uploads	 lists[UPLOAD_STATES];
static unsigned int	 count, nkept;
static uint64_t		 under_way, failures;
static struct event	 work_event, look_event;

static int
upload_cmp(struct upload *a, struct upload *b)
{
	if (a->chan != b->chan)
		return ((uintptr_t)a->chan < (uintptr_t)b->chan ? -1 : 1);
	return (a->number < b->number ? -1 : a->number > b->number);
}

RB_HEAD(upload_tree, upload);
RB_PROTOTYPE_STATIC(upload_tree, upload, by_number, upload_cmp)
RB_GENERATE_STATIC(upload_tree, upload, by_number, upload_cmp)
static struct upload_tree	 tree = RB_INITIALIZER(&tree);

static struct upload *
upload_find(struct chan *c, uint64_t number)
{
	struct upload	key;

	key.chan = c;
	key.number = number;
	return (RB_FIND(upload_tree, &tree, &key));
}

uint64_t
upload_count(void)
{
	return (count);
}

uint64_t
upload_bytes(void)
{
	return (under_way);
}

uint64_t
upload_failures(void)
{
	return (failures);
}

static void
upload_enter(struct upload *u, enum upload_state state)
{
	TAILQ_REMOVE(&lists[u->state], u, entry);
	u->state = state;
	TAILQ_INSERT_TAIL(&lists[state], u, entry);
}

static void
upload_free(struct upload *u)
{
	if (u->temp[0] != '\0' && unlink(u->temp) == -1)
		store_warn(u->temp);
	if (u->fd != -1)
		close(u->fd);
	if (u->copy != -1)
		close(u->copy);
	under_way -= u->size;
	EVP_MD_CTX_free(u->hash);
	TAILQ_REMOVE(&lists[u->state], u, entry);
	RB_REMOVE(upload_tree, &tree, u);
	count--;
	free(u);
	files_changed();
}

static void
upload_fail(struct upload *u, int status)
{
	failures++;
	/* a temporary file that has gone is no fault of the client's */
	files_fail(u->chan, u->number, status == 404 ? 500 : status);
	upload_free(u);
}

/* What is on the disk of it.  Returns -1 with errno set. */
static int
upload_look(struct upload *u)
{
	struct stat	st;

	if (fstat(u->fd, &st) == -1)
		return (-1);
	under_way -= u->size;
	u->size = (uint64_t)st.st_size;
	under_way += u->size;
	return (0);
}

/* A front that does not tell of what it wrote is found out. */
static void
look_later(void)
{
	struct timeval	tv = { LOOK_SECONDS, 0 };

	if (count > 0 && !evtimer_pending(&look_event, NULL))
		evtimer_add(&look_event, &tv);
}

static void
upload_give(struct upload *u)
{
	struct ibuf	*b;
	int		 fd;

	if (u->hint > store_conf.max_size) {
		upload_fail(u, 413);
		return;
	}
	if (!store_room(u->hint, under_way)) {
		store_full();
		upload_fail(u, 507);
		return;
	}
	if ((u->fd = store_nameless(&fd)) == -1) {
		store_warn("a new file");
		upload_fail(u, files_status(errno));
		return;
	}
	upload_enter(u, UPLOAD_WRITING);
	b = chan_open(u->chan, MSG_UPLOAD_READY, 8);
	msg_put64(b, u->number);
	chan_close_fd(u->chan, b, fd);
}

/* The slowest ends, if it is too slow. */
static void
upload_make_room(void)
{
	struct upload	*u, *slowest = NULL;
	time_t		 t = time(NULL);

	TAILQ_FOREACH(u, &lists[UPLOAD_WRITING], entry)
		if (t - u->begun >= SLOW_SECONDS && u->size <
		    (uint64_t)(t - u->begun) * SLOW_RATE && (slowest == NULL ||
		    u->size < slowest->size))
			slowest = u;
	if (slowest != NULL)
		upload_fail(slowest, 408);
}

int
upload_begin(struct chan *c, const struct msg_upload *m)
{
	struct upload	*u;

	if (upload_find(c, m->number) != NULL)
		return (-1);
	if (count >= UPLOADS_MAX)
		upload_make_room();
	if (count >= UPLOADS_MAX || (u = calloc(1, sizeof(*u))) == NULL) {
		failures++;
		files_fail(c, m->number, 503);
		return (0);
	}
	u->chan = c;
	u->number = m->number;
	u->hint = m->hint;
	u->fd = u->copy = -1;
	u->begun = time(NULL);
	u->state = UPLOAD_WAITING;
	TAILQ_INSERT_TAIL(&lists[u->state], u, entry);
	RB_INSERT(upload_tree, &tree, u);
	count++;
	look_later();
	files_changed();
	if (store_is_ready())
		upload_give(u);
	return (0);
}

void
upload_ready(void)
{
	struct upload	*u;

	while ((u = TAILQ_FIRST(&lists[UPLOAD_WAITING])) != NULL)
		upload_give(u);
}

/* Has it become too long, or is there no room for it any more? */
static void
upload_watch(struct upload *u)
{
	if (upload_look(u) == -1) {
		store_warn("an upload");
		upload_fail(u, 500);
	} else if (u->size > store_conf.max_size)
		upload_fail(u, 413);
	else if (!store_room(0, under_way)) {
		store_full();
		upload_fail(u, 507);
	} else
		files_changed();
}

void
upload_more(struct chan *c, uint64_t number)
{
	struct upload	*u = upload_find(c, number);

	if (u != NULL && u->state == UPLOAD_WRITING)
		upload_watch(u);
}

static void
work_soon(void)
{
	struct timeval	tv = { 0, 0 };

	if (!evtimer_pending(&work_event, NULL))
		evtimer_add(&work_event, &tv);
}

/* May it be kept?  Returns 0 or a status. */
static int
upload_check(struct upload *u, uint64_t size)
{
	if (upload_look(u) == -1)
		return (500);
	if (u->size > store_conf.max_size)
		return (413);
	if (u->size != size) {
		log_warnx("files: olaf-front wrote %llu octets and says %llu",
		    (unsigned long long)u->size, (unsigned long long)size);
		return (500);
	}
	if (!store_room(0, under_way)) {
		store_full();
		return (507);
	}
	if ((u->copy = store_temp(u->temp)) == -1) {
		u->temp[0] = '\0';
		store_warn("a new file");
		return (files_status(errno));
	}
	if ((u->hash = EVP_MD_CTX_new()) == NULL ||
	    EVP_DigestInit_ex(u->hash, EVP_sha256(), NULL) != 1)
		return (503);
	return (0);
}

int
upload_commit(struct chan *c, const struct msg_upload_commit *m)
{
	struct upload	*u = upload_find(c, m->number);
	int		 status;

	if (!filename_is_clean(m->name, strlen(m->name)) ||
	    !record_type_good(m->type))
		return (-1);
	if (u == NULL)
		return (0);		/* it failed meanwhile */
	if (u->state != UPLOAD_WRITING)
		return (-1);
	if ((status = upload_check(u, m->size)) != 0) {
		upload_fail(u, status);
		return (0);
	}
	u->record.size = u->size;
	strlcpy(u->record.name, m->name, sizeof(u->record.name));
	strlcpy(u->record.type, m->type, sizeof(u->record.type));
	upload_enter(u, UPLOAD_COPYING);
	work_soon();
	return (0);
}

void
upload_abort(struct chan *c, uint64_t number)
{
	struct upload	*u = upload_find(c, number);

	if (u == NULL)
		return;
	if (u->state == UPLOAD_KEPT) {
		nkept--;
		store_remove(u->id);
	}
	failures++;
	upload_free(u);
}

void
upload_gone(struct chan *c)
{
	struct upload	*u, *next;

	RB_FOREACH_SAFE(u, upload_tree, &tree, next)
		if (c == NULL || u->chan == c)
			upload_abort(u->chan, u->number);
}

/* Returns 1 when all is copied and hashed, 0 if not yet, -1 with errno set. */
static int
upload_copy(struct upload *u)
{
	static uint8_t	piece[COPY_PIECE];
	uint64_t	left = u->size - u->copied;
	ssize_t		n;

	if (left == 0)
		return (EVP_DigestFinal_ex(u->hash, u->record.hash, NULL) ==
		    1 ? 1 : -1);
	n = pread(u->fd, piece, left < sizeof(piece) ? (size_t)left :
	    sizeof(piece), (off_t)u->copied);
	if (n == -1 && errno == EINTR)
		return (0);
	if (n == 0)
		errno = EIO;	/* it has become shorter */
	if (n <= 0 || EVP_DigestUpdate(u->hash, piece, (size_t)n) != 1 ||
	    store_write(u->copy, piece, (size_t)n, (off_t)u->copied) == -1)
		return (-1);
	u->copied += (uint64_t)n;
	return (0);
}

static void
upload_keep(struct upload *u)
{
	time_t	t = time(NULL);

	u->record.time = t < 0 ? 0 : (uint64_t)t;
	if (store_keep(u->temp, u->copy, &u->record, u->id) == -1) {
		store_warn(u->temp);
		upload_fail(u, files_status(errno));
		return;
	}
	u->temp[0] = '\0';
	close(u->fd);
	close(u->copy);
	u->fd = u->copy = -1;
	under_way -= u->size;
	u->size = 0;
	nkept++;
	upload_enter(u, UPLOAD_KEPT);
}

static void
upload_stored(struct upload *u)
{
	struct msg_file_id	 m;
	struct ibuf		*b;

	files_event(MSG_FILE_STORED, u->id, u->record.size, u->record.name);
	m.number = u->number;
	memcpy(m.id, u->id, sizeof(m.id));
	b = chan_open(u->chan, MSG_UPLOAD_STORED, 24);
	msg_file_id_put(b, &m);
	chan_close(u->chan, b);
	upload_free(u);
}

static void
work_sync(void)
{
	struct upload	*u;
	int		 r = store_sync(), saved = errno;

	if (r == -1)
		store_warn("the directory");
	while ((u = TAILQ_FIRST(&lists[UPLOAD_KEPT])) != NULL) {
		if (r == 0) {
			upload_stored(u);
			continue;
		}
		store_remove(u->id);
		upload_fail(u, files_status(saved));
	}
	nkept = 0;
}

static void
work(int fd, short what, void *arg)
{
	struct upload	*u;
	int		 i, r;

	(void)fd;
	(void)what;
	(void)arg;
	for (i = 0; i < COPY_TURN; i++) {
		if ((u = TAILQ_FIRST(&lists[UPLOAD_COPYING])) == NULL)
			break;
		if ((r = upload_copy(u)) == -1) {
			store_warn(u->temp);
			upload_fail(u, files_status(errno));
		} else if (r == 1)
			upload_keep(u);
	}
	u = TAILQ_FIRST(&lists[UPLOAD_COPYING]);
	if (nkept > 0 && (u == NULL || u->copied > 0 || nkept >= SYNC_BATCH))
		work_sync();
	if (u != NULL)
		work_soon();
}

static void
look(int fd, short what, void *arg)
{
	struct upload	*u, *next;

	(void)fd;
	(void)what;
	(void)arg;
	TAILQ_FOREACH_SAFE(u, &lists[UPLOAD_WRITING], entry, next)
		upload_watch(u);
	look_later();
}

void
upload_init(void)
{
	int	i;

	for (i = 0; i < UPLOAD_STATES; i++)
		TAILQ_INIT(&lists[i]);
	evtimer_set(&work_event, work, NULL);
	evtimer_set(&look_event, look, NULL);
}
