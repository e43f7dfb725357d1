/*
 * The small things of compat/.
 */

#include "compat.h"

#include <sys/resource.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

static void
test_timingsafe_bcmp(void)
{
	unsigned char	 a[32], b[32];
	size_t		 i;
	int		 bit;

	for (i = 0; i < sizeof(a); i++)
		a[i] = b[i] = i;
	CHECK(timingsafe_bcmp(a, b, sizeof(a)) == 0);
	CHECK(timingsafe_bcmp(a, b, 0) == 0);
	for (i = 0; i < sizeof(a); i++) {
		for (bit = 0; bit < 8; bit++) {
			b[i] ^= 1 << bit;
			CHECK(timingsafe_bcmp(a, b, sizeof(a)) != 0);
			CHECK(timingsafe_bcmp(a, b, i) == 0);
			b[i] ^= 1 << bit;
		}
	}
}

static void
test_getdtablecount(void)
{
	struct rlimit	 rl;
	int		 before, high, i, fd[10];

	CHECK(getrlimit(RLIMIT_NOFILE, &rl) == 0);
	rl.rlim_cur = 700;
	CHECK(setrlimit(RLIMIT_NOFILE, &rl) == 0);
	before = getdtablecount();
	CHECK(before > 0);
	for (i = 0; i < 10; i++) {
		fd[i] = open("/", O_RDONLY);
		CHECK(fd[i] != -1);
	}
	CHECK(getdtablecount() == before + 10);
	high = fcntl(fd[0], F_DUPFD, 699);
	CHECK(high == 699);
	CHECK(getdtablecount() == before + 11);
	close(high);
	for (i = 0; i < 10; i += 2)
		close(fd[i]);
	CHECK(getdtablecount() == before + 5);
	for (i = 1; i < 10; i += 2)
		close(fd[i]);
	CHECK(getdtablecount() == before);
}

static void
test_sandbox_name(void)
{
	const char	*name = sandbox_name();

	CHECK(strcmp(name, "pledge") == 0 || strncmp(name, "none", 4) == 0);
	CHECK(strlen(name) < 64);
}

int
main(void)
{
	RUN(test_timingsafe_bcmp);
	RUN(test_getdtablecount);
	RUN(test_sandbox_name);
	return (test_done());
}
