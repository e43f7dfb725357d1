/*
 * A count-min sketch in shared memory: each address has one place in each
 * row, chosen by a keyed hash; the least of its places bounds its count from
 * above.  No locks, no memory per address, no way to make it grow.
 */

#include "compat.h"

#include <sys/mman.h>

#include <netinet/in.h>

#include <openssl/sha.h>

#include <string.h>
#include <unistd.h>

#include "load.h"
#include "log.h"

struct load {
	_Atomic uint32_t	 total;
	uint8_t			 pad[28];
	uint8_t			 secret[32];	/* random, from the parent */
	_Atomic uint32_t	 rows[LOAD_ROWS][LOAD_COLUMNS];
};
_Static_assert(sizeof(struct load) == LOAD_SIZE, "the parent makes the page");

static struct load	*load;

void
load_init(int fd)
{
	load = mmap(NULL, sizeof(*load), PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	if (load == MAP_FAILED)
		fatal("load: mmap");
	close(fd);
}

static void
load_places(const struct sockaddr_storage *ss, struct load_place *place)
{
	uint8_t		 in[32 + 9], digest[SHA256_DIGEST_LENGTH];
	uint32_t	 word;
	int		 i;

	memset(in, 0, sizeof(in));
	memcpy(in, load->secret, 32);
	if (ss->ss_family == AF_INET) {
		in[32] = 4;
		memcpy(in + 33,
		    &((const struct sockaddr_in *)ss)->sin_addr, 4);
	} else {
		in[32] = 6;
		memcpy(in + 33,
		    &((const struct sockaddr_in6 *)ss)->sin6_addr, 8);
	}
	SHA256(in, sizeof(in), digest);
	for (i = 0; i < LOAD_ROWS; i++) {
		memcpy(&word, digest + 4 * i, sizeof(word));
		place->column[i] = word % LOAD_COLUMNS;
	}
}

void
load_enter(const struct sockaddr_storage *ss, struct load_place *place,
    uint32_t *total, uint32_t *address)
{
	uint32_t	least = UINT32_MAX, n;
	int		i;

	load_places(ss, place);
	for (i = 0; i < LOAD_ROWS; i++) {
		n = ++load->rows[i][place->column[i]];
		if (n < least)
			least = n;
	}
	*address = least;
	*total = ++load->total;
}

void
load_leave(const struct load_place *place)
{
	int	i;

	for (i = 0; i < LOAD_ROWS; i++)
		load->rows[i][place->column[i]]--;
	load->total--;
}
