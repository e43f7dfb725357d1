/*
 * The file of counters (olaf-relay/replay.c) and the page that the fronts share
 * (olaf-front/load.c): their sizes, which the parent must know to make them.
 */

#ifndef SHARED_H
#define SHARED_H

#include <stdint.h>

#define COUNTERS_MAGIC		"OLAFCNT1"
#define COUNTERS_HEADER		64	/* octets: the magic, then zeros */
#define COUNTERS_RECORD		32
#define COUNTERS_SIZE(n)	(COUNTERS_HEADER + (uint64_t)(n) * COUNTERS_RECORD)

/*
 * The fronts' page: a total, a secret, and LOAD_ROWS rows of LOAD_COLUMNS
 * counts.
 */
#define LOAD_SECRET		32	/* where the secret of 32 octets is */
#define LOAD_ROWS		4
#define LOAD_COLUMNS		65536	/* a power of two */
#define LOAD_SIZE		(64 + LOAD_ROWS * LOAD_COLUMNS * 4)

#endif
