/*
 * The few lines that every unit test needs: a line per case on stdout, as
 * regress/run counts them, and details of a failed check on stderr.
 */

#ifndef TEST_H
#define TEST_H

#include <stdio.h>

static int test_failed, test_case_failed;

#define CHECK(e) do {							\
	if (!(e)) {							\
		fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #e);	\
		test_case_failed = 1;					\
	}								\
} while (0)

#define RUN(f) do {							\
	test_case_failed = 0;						\
	f();								\
	if (test_case_failed) {						\
		test_failed = 1;					\
		printf("not ok - %s: a check failed\n", #f);		\
	} else								\
		printf("ok - %s\n", #f);				\
	fflush(stdout);							\
} while (0)

static inline int
test_done(void)
{
	return (test_failed);
}

#endif
