/*
 * The file of counters: a header, then records in no order, of which the
 * first so many as the header says were ever used.  Where a key's record is
 * is known to an index in memory, made at the start.  A record is in use when
 * its day is not 0, and that is written last, so that a process killed at any
 * point leaves whole records only.
 */

#include "compat.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "log.h"
#include "replay.h"
#include "shared.h"

#define ID_LEN		16	/* octets of the key's SHA-256 */
#define EVICT_SHARE	64	/* when full, this part of the records goes at once */
#define EVICT_DAYS	365	/* older ones are all alike */

struct header {
	char			 magic[8];
	_Atomic uint64_t	 high;		/* records behind were never used */
	uint8_t			 spare[COUNTERS_HEADER - 16];
};
_Static_assert(sizeof(struct header) == COUNTERS_HEADER, "the file's form");

struct record {
	uint8_t			 id[ID_LEN];
	uint64_t		 counter;
	_Atomic uint32_t	 day;		/* last seen; 0: free */
	uint32_t		 spare;
};
_Static_assert(sizeof(struct record) == COUNTERS_RECORD, "the file's form");

/* Records by key: open addressing, number of the record + 1. */
static uint32_t		*table;
static size_t		 table_size;		/* a power of two */

static struct header	*map;
static size_t		 map_len;
static struct record	*records;
static uint64_t		 room;			/* records that the file holds */
static uint64_t		 limit;
static uint64_t		 used;
static uint64_t		 next_free;		/* where to look first */
static uint32_t		 full_day;		/* found full on that day */
static uint64_t		 lately;		/* used within a day, */
static uint32_t		 lately_day;		/* as of that day; 0: not counted */
static int		 dirty;

static size_t
index_start(const uint8_t *id)
{
	static uint64_t	secret;

	if (secret == 0)
		secret = ((uint64_t)arc4random() << 32) | arc4random() | 1;
	return ((size_t)((hash_digest(id) * secret) >> 20) &
	    (table_size - 1));
}

static uint32_t *
index_place(const uint8_t *id)
{
	size_t	i;

	for (i = index_start(id); table[i] != 0; i = (i + 1) &
	    (table_size - 1))
		if (memcmp(records[table[i] - 1].id, id, ID_LEN) == 0)
			break;
	return (&table[i]);
}

static struct record *
record_find(const uint8_t *id)
{
	uint32_t	*place;

	if (records == NULL)
		return (NULL);
	place = index_place(id);
	return (*place != 0 ? &records[*place - 1] : NULL);
}

/* A record that says the impossible is no record. */
static int
record_valid(const struct record *r)
{
	return (r->day != 0 && r->counter <= INT64_MAX);
}

/*
 * Makes the index anew; of two records of one key (a damaged file) the higher
 * counts.
 */
static void
index_make(void)
{
	uint32_t	*place;
	uint64_t	 i;

	memset(table, 0, table_size * sizeof(*table));
	used = 0;
	next_free = 0;
	for (i = 0; i < map->high; i++) {
		if (!record_valid(&records[i])) {
			if (records[i].day != 0)
				records[i].day = 0;
			continue;
		}
		place = index_place(records[i].id);
		if (*place != 0) {
			if (records[*place - 1].counter < records[i].counter)
				records[*place - 1].counter =
				    records[i].counter;
			records[i].day = 0;
			continue;
		}
		*place = (uint32_t)i + 1;
		used++;
	}
}

/* An index with room for twice as many records as there may be. */
static int
index_size(uint64_t records_max)
{
	uint32_t	*new;
	size_t		 size;

	for (size = 1024; size < records_max * 2; )
		size *= 2;
	if ((new = calloc(size, sizeof(*new))) == NULL)
		return (-1);
	free(table);
	table = new;
	table_size = size;
	return (0);
}

/* Is that a file of counters with room for so many records? */
static int
header_check(struct header *h, uint64_t capacity)
{
	static const struct header	zero;

	if (memcmp(h, &zero, sizeof(zero)) == 0)
		memcpy(h->magic, COUNTERS_MAGIC, sizeof(h->magic));
	if (memcmp(h->magic, COUNTERS_MAGIC, sizeof(h->magic)) != 0 ||
	    h->high > capacity) {
		log_warnx("counters: not a file of counters");
		return (-1);
	}
	return (0);
}

/* Maps a file of len octets.  Returns NULL if it is not to be had. */
static struct header *
map_file(int fd, uint64_t least, size_t *len)
{
	struct header	*h;
	struct stat	 st;

	if (fstat(fd, &st) == -1 ||
	    (uint64_t)st.st_size < COUNTERS_SIZE(least) ||
	    (uint64_t)st.st_size > COUNTERS_SIZE((uint64_t)UINT32_MAX - 1)) {
		log_warnx("counters: file of a wrong size");
		return (NULL);
	}
	*len = (size_t)st.st_size;
	h = mmap(NULL, *len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (h == MAP_FAILED) {
		log_warn("counters: mmap");
		return (NULL);
	}
	if (header_check(h, (*len - sizeof(*h)) / COUNTERS_RECORD) == -1) {
		munmap(h, *len);
		return (NULL);
	}
	return (h);
}

int
replay_open(int fd, uint64_t least)
{
	struct header	*h;
	size_t		 len = 0;

	h = map_file(fd, least, &len);
	close(fd);
	if (h == NULL)
		return (-1);
	if (index_size(h->high) == -1) {
		munmap(h, len);
		return (-1);
	}
	if (map != NULL)
		munmap(map, map_len);
	map = h;
	map_len = len;
	room = (len - sizeof(*h)) / COUNTERS_RECORD;
	records = (struct record *)(void *)(map + 1);
	lately_day = 0;
	index_make();
	if (limit == 0)
		replay_limit(least);
	return (0);
}

void
replay_limit(uint64_t newlimit)
{
	limit = newlimit < room ? newlimit : room;
	full_day = 0;
}

/* Two days apart is the least that is surely more than 24 hours. */
static int
is_lately(const struct record *r, uint32_t today)
{
	return (r->day + 1 >= today);
}

static void
count_lately(uint32_t today)
{
	uint64_t	i;

	if (lately_day == today)
		return;
	lately_day = today;
	lately = 0;
	for (i = 0; i < map->high; i++)
		lately += is_lately(&records[i], today);
}

/*
 * The day such that want records are older, or of that day; some gets how
 * many of that day it takes.
 */
static uint32_t
evict_day(uint32_t today, uint64_t want, uint64_t *some)
{
	uint64_t	counts[EVICT_DAYS + 1] = { 0 }, sum = 0, i;
	uint32_t	age;

	for (i = 0; i < map->high; i++)
		if (records[i].day != 0 && records[i].day < today) {
			age = today - records[i].day;
			counts[age < EVICT_DAYS ? age : EVICT_DAYS]++;
		}
	for (age = EVICT_DAYS; age > 2; age--) {	/* as is_lately */
		if (sum + counts[age] >= want)
			break;
		sum += counts[age];
	}
	*some = want - sum;
	return (today - age);
}

/* Frees records that were not seen for longest.  Returns how many. */
static uint64_t
evict(uint32_t today)
{
	uint64_t	want, some, gone = 0, i;
	uint32_t	day;

	want = limit / EVICT_SHARE + 1 + (used > limit ? used - limit : 0);
	day = evict_day(today, want, &some);
	for (i = 0; i < map->high; i++) {
		if (records[i].day == 0 || records[i].day > day)
			continue;
		if (records[i].day == day) {
			if (some == 0)
				continue;
			some--;
		}
		records[i].day = 0;
		gone++;
	}
	index_make();
	return (gone);
}

static struct record *
record_new(const uint8_t *id, uint32_t today)
{
	struct record	*r;

	if (used >= limit) {
		if (full_day == today)
			return (NULL);
		if (evict(today) == 0 || used >= limit) {
			full_day = today;
			log_warnx("counters: all %llu were used within a day, "
			    "new keys are refused",
			    (unsigned long long)limit);
			return (NULL);
		}
	}
	if ((used + 1) * 2 > table_size) {
		if (index_size((used + 1) * 2) == -1)
			fatal("counters");
		index_make();
	}
	while (next_free < map->high && records[next_free].day != 0)
		next_free++;
	if (next_free == map->high)
		map->high++;
	r = &records[next_free];
	memcpy(r->id, id, ID_LEN);
	*index_place(id) = (uint32_t)next_free + 1;
	used++;
	return (r);
}

int
replay_known(const uint8_t id[KEY_DIGEST_LEN])
{
	return (record_find(id) != NULL);
}

int
replay_fresh(const uint8_t id[KEY_DIGEST_LEN], uint64_t counter)
{
	const struct record	*r = record_find(id);

	return (r == NULL || counter > r->counter);
}

int
replay_room(const uint8_t id[KEY_DIGEST_LEN], uint32_t today)
{
	if (records == NULL || record_find(id) != NULL)
		return (1);
	count_lately(today);
	return (lately < limit / 2);
}

int
replay_raise(const uint8_t id[KEY_DIGEST_LEN], uint64_t counter, uint32_t today)
{
	struct record	*r;

	if (records == NULL)
		return (-1);
	if ((r = record_find(id)) == NULL && (r = record_new(id, today)) == NULL)
		return (-1);
	if (lately_day == today && !is_lately(r, today))
		lately++;
	r->counter = counter;
	r->day = today;
	dirty = 1;
	return (0);
}

uint64_t
replay_count(void)
{
	return (used);
}

void
replay_sync(void)
{
	if (!dirty || map == NULL)
		return;
	dirty = 0;
	if (msync(map, map_len, MS_ASYNC) == -1)
		log_warn("counters: msync");
}
