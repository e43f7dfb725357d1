/*
 * The line that says how far a transfer is.
 */

/* link: olaf/progress.o */

#include "compat.h"

#include <stdint.h>
#include <string.h>

#include "olaf/progress.h"
#include "test.h"

static int
line_is(unsigned int width, uint64_t now, uint64_t total, uint64_t rate,
    const char *wanted)
{
	char	 line[256];
	size_t	 n = progress_format(line, sizeof(line), width, now, total,
		    rate);

	if (n == strlen(line) && strcmp(line, wanted) == 0)
		return (1);
	fprintf(stderr, "|%s|\n", line);
	return (0);
}

static void
test_numbers(void)
{
	CHECK(line_is(80, 0, 0, 0, "0 B"));
	CHECK(line_is(80, 999, 0, 0, "999 B"));
	CHECK(line_is(80, 1000, 0, 0, "1.0 kB"));
	CHECK(line_is(80, 999949, 0, 0, "999.9 kB"));
	CHECK(line_is(80, 999950, 0, 0, "1.0 MB"));
	CHECK(line_is(80, UINT64_MAX, 0, 0, "18.4 EB"));
	CHECK(line_is(80, 5000, 0, 1500, "5.0 kB, 1.5 kB/s"));
}

static void
test_times(void)
{
	CHECK(line_is(45, 100, 700, 100,
	    " 14%  100 B of 700 B, 100 B/s, 0:06 left"));
	CHECK(line_is(50, 0, 3600000, 1000,
	    "  0%  0 B of 3.6 MB, 1.0 kB/s, 1:00:00 left"));
	CHECK(line_is(45, 0, 3599, 1,
	    "  0%  0 B of 3.6 kB, 1 B/s, 59:59 left"));
	CHECK(line_is(45, 0, 1000000000, 1,
	    "  0%  0 B of 1.0 GB, 1 B/s, days left"));
}

static void
test_bar(void)
{
	CHECK(line_is(40, 50, 100, 0,
	    " 50% [########.........]  50 B of 100 B"));
	CHECK(line_is(40, 100, 100, 0,
	    "100% [################]  100 B of 100 B"));
	/* more than all of it: what a server says need not be so */
	CHECK(line_is(40, 200, 100, 0,
	    "100% [################]  200 B of 100 B"));
	CHECK(line_is(40, 99999, 100000, 0,
	    " 99% [#########.]  100.0 kB of 100.0 kB"));
}

/* It never fills the last column, whatever the width and the numbers are. */
static void
test_widths(void)
{
	static const uint64_t	 some[] = { 0, 1, 999, 123456789, INT64_MAX,
	    UINT64_MAX };
	char			 line[256];
	unsigned int		 w;
	size_t			 i, j, k, n;

	for (w = 0; w < 400; w++)
		for (i = 0; i < nitems(some); i++)
			for (j = 0; j < nitems(some); j++)
				for (k = 0; k < nitems(some); k++) {
					n = progress_format(line, sizeof(line),
					    w, some[i], some[j], some[k]);
					CHECK(n == strlen(line) &&
					    (n < w || n == 0));
				}
	CHECK(progress_format(line, 10, 80, 1, 2, 3) == 9);
}

int
main(void)
{
	RUN(test_numbers);
	RUN(test_times);
	RUN(test_bar);
	RUN(test_widths);
	return (test_done());
}
