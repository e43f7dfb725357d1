/*
 * load [-t] port ...: the clients of a benchmark, all in one process, of
 * servers on 127.0.0.1.  It obeys the script "run", a line each:
 *
 * 	users N [I]	connects N more clients, which say hello, to the first
 * 			server or that with the index I
 * 	guests N	connects N more clients, which don't
 * 	storm N		N clients connect and say hello within a second, to all
 * 			servers in turn
 * 	talk M S W R	M public_chats by S senders, at most W under way (0: no limit),
 * 			each for R receivers
 * 	bare N L R	instead of a server: one write of L octets to each of N
 * 			connections, R times
 *
 * Keys and signatures are made first; then it says "ready", waits for one
 * more line, and runs.  It ends with "done", what it counted, and the seconds
 * of CPU time that it took itself; whatever goes wrong ends it. -t: TLS.
 */

/* link: regress/bench/bare.o regress/bench/crowd.o regress/bench/keyring.o */
/* link: regress/bench/speech.o regress/bench/storm.o regress/bench/talk.o */

#include "compat.h"

#include <sys/resource.h>

#include <err.h>
#include <event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bare.h"
#include "crowd.h"
#include "storm.h"
#include "talk.h"

#define LINE_LEN	128

static double
seconds(clockid_t clock)
{
	struct timespec	 ts;

	clock_gettime(clock, &ts);
	return ((double)ts.tv_sec + (double)ts.tv_nsec / 1e9);
}

static char *
line_read(char *line)
{
	char	*p;

	if ((p = fgets(line, LINE_LEN, stdin)) != NULL)
		line[strcspn(line, "\n")] = '\0';
	return (p);
}

static void
ready(void)
{
	char	 line[LINE_LEN];

	puts("ready");
	fflush(stdout);
	if (line_read(line) == NULL)
		exit(0);
}

static void
do_connect(unsigned int count, unsigned int server, int users)
{
	double	 start, cpu;

	crowd_prepare(count, server, users);
	ready();
	start = seconds(CLOCK_MONOTONIC);
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	crowd_connect();
	printf("done seconds=%.6f cpu=%.6f\n",
	    seconds(CLOCK_MONOTONIC) - start,
	    seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

static void
do_storm(unsigned int count)
{
	struct storm_result	 r;
	double			 cpu;

	storm_prepare(count);
	ready();
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	storm_run(&r);
	printf("done seconds=%.6f cpu=%.6f listed=%.6f list=%zu\n",
	    r.seconds, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, r.listed,
	    r.list);
}

static void
do_talk(const struct talk_plan *plan)
{
	struct talk_result	 r;
	double			 cpu;

	talk_prepare(plan);
	ready();
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	talk_run(&r);
	printf("done seconds=%.6f cpu=%.6f deliveries=%llu p50=%.3f "
	    "p99=%.3f\n", r.seconds,
	    seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
	    (unsigned long long)r.deliveries, r.p50, r.p99);
}

static void
do_bare(unsigned int count, unsigned int len, unsigned int rounds)
{
	ready();
	printf("done write=%.9f\n", bare_write(count, len, rounds));
}

static void
obey(const char *line)
{
	struct talk_plan	 plan;
	unsigned int		 count, len, rounds, server = 0;

	if (sscanf(line, "users %u %u", &count, &server) >= 1)
		do_connect(count, server, 1);
	else if (sscanf(line, "guests %u", &count) == 1)
		do_connect(count, server, 0);
	else if (sscanf(line, "storm %u", &count) == 1)
		do_storm(count);
	else if (sscanf(line, "talk %u %u %u %u", &plan.messages,
	    &plan.senders, &plan.window, &plan.receivers) == 4)
		do_talk(&plan);
	else if (sscanf(line, "bare %u %u %u", &count, &len, &rounds) == 3)
		do_bare(count, len, rounds);
	else
		errx(1, "not a command: %s", line);
	fflush(stdout);
}

/* One descriptor for each client. */
static void
raise_limit(void)
{
	struct rlimit	 rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		err(1, "getrlimit");
	rl.rlim_cur = rl.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		err(1, "setrlimit");
}

static __dead void
usage(void)
{
	fprintf(stderr, "usage: load [-t] port ...\n");
	exit(1);
}

static void
add_server(const char *arg)
{
	const char	*why;
	unsigned int	 port;

	port = (unsigned int)strtonum(arg, 1, 65535, &why);
	if (why != NULL)
		errx(1, "port: %s", why);
	crowd_server(port);
}

int
main(int argc, char *argv[])
{
	char	 line[LINE_LEN];
	int	 ch, tls = 0;

	while ((ch = getopt(argc, argv, "t")) != -1) {
		if (ch != 't')
			usage();
		tls = 1;
	}
	if (argc == optind)
		usage();
	crowd_init(tls);
	for (; optind < argc; optind++)
		add_server(argv[optind]);
	signal(SIGPIPE, SIG_IGN);
	raise_limit();
	event_init();
	while (line_read(line) != NULL)
		obey(line);
	return (0);
}
