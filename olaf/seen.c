/*
 * What is remembered of others' keys.  In memory it is a tree; the file is a
 * header and records in no order.  Each flush raises the header's generation:
 * a process that finds another than it left reads the whole file again before
 * it writes, else its own changes go to their places and nothing is read.
 *
 * Places whose key was dropped are used again later; until then the file still
 * holds the key, which does no harm: read again, it is merged.
 */

#include "compat.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/tree.h>

#include <endian.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "seen.h"

#define MAGIC		"OLAFSEE1"
#define EVICT		(SEEN_MAX / 64)	/* when full, so many go at once */
#define NOWHERE		UINT32_MAX	/* no place in the file yet */

/* On the disk; numbers are big-endian. */
struct header {
	char		 magic[8];
	uint64_t	 generation;
	uint8_t		 spare[16];
};

struct record {
	uint8_t		 id[KEY_DIGEST_LEN];
	uint64_t	 counter;
	uint64_t	 when;		/* seconds since 1970 */
	uint8_t		 counted;	/* there is a counter */
	uint8_t		 form;
	uint8_t		 spare[14];
};
_Static_assert(sizeof(struct header) == 32, "header");
_Static_assert(sizeof(struct record) == 64, "record");

struct counted {
	int		 any;
	uint64_t	 value;
};

struct seen {
	RB_ENTRY(seen)	 entry;
	uint8_t		 id[KEY_DIGEST_LEN];
	struct counted	 counter;
	struct counted	 filed;		/* what the file has or shall have */
	uint64_t	 when;
	enum msg_form	 form;
	uint32_t	 place;
	int		 changed;
};
RB_HEAD(seen_tree, seen);

static struct seen_tree	 tree = RB_INITIALIZER(&tree);
static size_t		 nseen;
static int		 changes;	/* some entry is changed */

static int		 seen_fd = -1;
static int		 is_session;
static uint64_t		 generation;
static uint32_t		 nplaces;	/* records in the file */
static uint32_t		*unused;	/* places, SEEN_MAX at most */
static uint32_t		 nunused;

static int
seen_compare(const struct seen *a, const struct seen *b)
{
	return (memcmp(a->id, b->id, sizeof(a->id)));
}

RB_GENERATE_STATIC(seen_tree, seen, entry, seen_compare)

/* ---- in memory ----------------------------------------------------------- */

static struct seen *
seen_find(const uint8_t id[KEY_DIGEST_LEN])
{
	struct seen	 key = { .id = { 0 } };

	memcpy(key.id, id, sizeof(key.id));
	return (RB_FIND(seen_tree, &tree, &key));
}

static void
seen_drop(struct seen *s)
{
	RB_REMOVE(seen_tree, &tree, s);
	if (s->place != NOWHERE)
		unused[nunused++] = s->place;
	free(s);
	nseen--;
}

static void
seen_clear(void)
{
	struct seen	*s;

	while ((s = RB_MIN(seen_tree, &tree)) != NULL)
		seen_drop(s);
	changes = 0;
}

/* Who goes first: what is on the disk, then by age. */
static int
by_age(const void *a, const void *b)
{
	const struct seen	*s = *(struct seen *const *)a;
	const struct seen	*t = *(struct seen *const *)b;

	if (s->changed != t->changed)
		return (s->changed - t->changed);
	return (s->when < t->when ? -1 : s->when > t->when);
}

static int
seen_evict(void)
{
	struct seen	**all, *s;
	size_t		  i, n = 0;

	if ((all = reallocarray(NULL, nseen, sizeof(*all))) == NULL)
		return (-1);
	RB_FOREACH(s, seen_tree, &tree)
		all[n++] = s;
	qsort(all, n, sizeof(*all), by_age);
	for (i = 0; i < EVICT && i < n; i++)
		seen_drop(all[i]);
	free(all);
	return (0);
}

/* Finds or makes; NULL if there is no memory. */
static struct seen *
seen_get(const uint8_t id[KEY_DIGEST_LEN])
{
	struct seen	*s;

	if ((s = seen_find(id)) != NULL)
		return (s);
	if (nseen == SEEN_MAX && seen_evict() == -1)
		return (NULL);
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	memcpy(s->id, id, sizeof(s->id));
	s->place = NOWHERE;
	RB_INSERT(seen_tree, &tree, s);
	nseen++;
	return (s);
}

static int
is_higher(const struct counted *a, const struct counted *b)
{
	return (a->any && (!b->any || a->value > b->value));
}

/* ---- reading the file ---------------------------------------------------- */

static int
record_is_good(const struct record *r)
{
	return (r->counted <= 1 && r->form < MSG_FORM_MAX &&
	    be64toh(r->counter) <= INT64_MAX && (r->counted || r->counter == 0));
}

/*
 * Merges the record at a place: what is there counts if it is higher, or newer.
 * A second one of a key gives way.
 */
static int
seen_merge(const struct record *r, uint32_t place)
{
	struct counted	 filed = { r->counted, be64toh(r->counter) };
	struct seen	*s;

	if (!record_is_good(r)) {
		unused[nunused++] = place;
		return (0);
	}
	if ((s = seen_get(r->id)) == NULL)
		return (-1);
	if (s->place != NOWHERE)
		unused[nunused++] = s->place;
	s->place = place;
	if (!s->changed || be64toh(r->when) > s->when) {
		s->when = be64toh(r->when);
		s->form = r->form;
	}
	if (is_higher(&filed, &s->filed))
		s->filed = filed;
	if (!is_session && is_higher(&s->filed, &s->counter))
		s->counter = s->filed;
	return (0);
}

static void
seen_forget_places(void)
{
	struct seen	*s;

	RB_FOREACH(s, seen_tree, &tree)
		s->place = NOWHERE;
	nplaces = nunused = 0;
}

/*
 * What has no place any more was dropped by another process, if the file is
 * full, or else lost: then it is written again.
 */
static void
seen_absent(void)
{
	struct seen	*s, *next;

	RB_FOREACH_SAFE(s, seen_tree, &tree, next) {
		if (s->place != NOWHERE || s->changed)
			continue;
		if (nplaces == SEEN_MAX)
			seen_drop(s);
		else
			s->changed = changes = 1;
	}
}

static int
seen_merge_all(const struct record *records, size_t n)
{
	seen_forget_places();
	for (; nplaces < n; nplaces++)
		if (seen_merge(&records[nplaces], nplaces) == -1)
			return (-1);
	seen_absent();
	return (0);
}

/* Reads the records behind the header.  NULL with errno. */
static struct record *
read_records(size_t n)
{
	struct record	*records;
	ssize_t		 len;

	/* One more: no records are no reason to fail. */
	if ((records = calloc(n + 1, sizeof(*records))) == NULL)
		return (NULL);
	len = pread(seen_fd, records, n * sizeof(*records),
	    sizeof(struct header));
	if (len == (ssize_t)(n * sizeof(*records)))
		return (records);
	if (len != -1)
		errno = EIO;		/* it shrank under a lock */
	free(records);
	return (NULL);
}

static int
write_header(void)
{
	struct header	 h = { .magic = MAGIC };

	h.generation = htobe64(generation);
	return (pwrite(seen_fd, &h, sizeof(h), 0) == sizeof(h) ? 0 : -1);
}

static int
seen_begin_anew(void)
{
	generation = arc4random();
	seen_forget_places();
	seen_absent();
	if (ftruncate(seen_fd, 0) == -1)
		return (-1);
	return (write_header());
}

/*
 * Reads what others wrote, if they did; the file is locked.  Returns 0, -1
 * with errno, or 1 if the file is broken.
 */
static int
seen_refresh(void)
{
	struct header	 h;
	struct record	*records;
	struct stat	 st;
	size_t		 n;
	int		 r;

	if (fstat(seen_fd, &st) == -1)
		return (-1);
	if (st.st_size == 0)
		return (seen_begin_anew());
	if (pread(seen_fd, &h, sizeof(h), 0) != sizeof(h) ||
	    memcmp(h.magic, MAGIC, sizeof(h.magic)) != 0)
		return (1);
	n = ((size_t)st.st_size - sizeof(h)) / sizeof(*records);
	if (n > SEEN_MAX)
		return (1);
	if (be64toh(h.generation) == generation && n == nplaces)
		return (0);
	if ((records = read_records(n)) == NULL)
		return (-1);
	generation = be64toh(h.generation);
	r = seen_merge_all(records, n);
	free(records);
	return (r);
}

/* ---- writing it ---------------------------------------------------------- */

static void
record_fill(struct record *r, const struct seen *s)
{
	memset(r, 0, sizeof(*r));
	memcpy(r->id, s->id, sizeof(r->id));
	r->counted = s->filed.any;
	r->counter = htobe64(s->filed.value);
	r->when = htobe64(s->when);
	r->form = s->form;
}

/*
 * There is one place at least for each key in memory, so for one without there
 * is one that is unused, or room at the end.
 */
static int
seen_write(struct seen *s)
{
	struct record	 r;
	uint32_t	 place = s->place;

	if (place == NOWHERE)
		place = nunused > 0 ? unused[nunused - 1] : nplaces;
	if (!is_session && is_higher(&s->counter, &s->filed))
		s->filed = s->counter;
	record_fill(&r, s);
	if (pwrite(seen_fd, &r, sizeof(r), (off_t)sizeof(struct header) +
	    (off_t)place * (off_t)sizeof(r)) != sizeof(r))
		return (-1);
	if (s->place == NOWHERE) {
		if (nunused > 0)
			nunused--;
		else
			nplaces++;
	}
	s->place = place;
	s->changed = 0;
	return (0);
}

static int
seen_write_all(void)
{
	struct seen	*s;

	generation++;
	if (write_header() == -1)
		return (-1);
	RB_FOREACH(s, seen_tree, &tree)
		if (s->changed && seen_write(s) == -1)
			return (-1);
	changes = 0;
	return (fsync(seen_fd));
}

static int
seen_lock(void)
{
	int	r;

	while ((r = flock(seen_fd, LOCK_EX)) == -1 && errno == EINTR)
		continue;
	return (r);
}

static void
seen_unlock(void)
{
	int	saved = errno;

	flock(seen_fd, LOCK_UN);
	errno = saved;
}

/* ---- what others call ---------------------------------------------------- */

/* Reads the file for the first time. */
static int
seen_read(const char *path)
{
	int	r;

	if (seen_lock() == -1)
		return (-1);
	if ((r = seen_refresh()) == 1) {
		warnx("%s: broken: what was seen before is forgotten", path);
		r = seen_begin_anew();
	}
	seen_unlock();
	return (r);
}

int
seen_open(const char *identity, int session)
{
	char	 path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s.seen", identity) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	if (unused == NULL && (unused = reallocarray(NULL, SEEN_MAX + 1,
	    sizeof(*unused))) == NULL)
		return (-1);
	if (seen_fd != -1)
		close(seen_fd);
	seen_clear();
	is_session = session;
	generation = 0;
	nplaces = nunused = 0;
	seen_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return (seen_fd == -1 ? -1 : seen_read(path));
}

int
seen_counter(const uint8_t id[KEY_DIGEST_LEN], uint64_t counter,
    enum msg_form form)
{
	struct counted	 value = { 1, counter };
	struct seen	*s;

	if (nseen == SEEN_MAX && seen_find(id) == NULL)
		seen_flush();		/* some go: not what is not yet kept */
	if ((s = seen_get(id)) == NULL || !is_higher(&value, &s->counter))
		return (0);
	s->counter = value;
	s->form = form;
	s->when = (uint64_t)time(NULL);
	s->changed = changes = 1;
	return (1);
}

uint64_t
seen_last(const uint8_t id[KEY_DIGEST_LEN], int *any)
{
	const struct seen	*s = seen_find(id);

	*any = s != NULL && s->counter.any;
	return (*any ? s->counter.value : 0);
}

enum msg_form
seen_form(const uint8_t id[KEY_DIGEST_LEN], enum msg_form fallback)
{
	const struct seen	*s = seen_find(id);

	return (s != NULL ? s->form : fallback);
}

void
seen_forget(void)
{
	struct seen	*s;

	RB_FOREACH(s, seen_tree, &tree)
		memset(&s->counter, 0, sizeof(s->counter));
}

int
seen_flush(void)
{
	int	r;

	if (!changes)
		return (0);
	if (seen_lock() == -1)
		return (-1);
	if ((r = seen_refresh()) == 1)
		r = seen_begin_anew();
	if (r == 0)
		r = seen_write_all();
	seen_unlock();
	return (r);
}
