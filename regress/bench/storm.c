/*
 * The last client of each server asks for the list, over and over: as soon as
 * it has one, if somebody is missing there.
 */

#include "compat.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crowd.h"
#include "speech.h"
#include "storm.h"

#define LIST_MAX	(CROWD_MAX * 512)
#define KEY		"-----BEGIN PUBLIC KEY-----"
#define PATIENCE	20		/* seconds until all must be in all lists */

static unsigned int	 first, count;

static double
now(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((double)ts.tv_sec + (double)ts.tv_nsec / 1e9);
}

static void
sleep_until(double when)
{
	struct timespec	 ts;

	ts.tv_sec = (time_t)when;
	ts.tv_nsec = (long)((when - (double)ts.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) != 0)
		;
}

void
storm_prepare(unsigned int n)
{
	unsigned int	 i;

	if (n < crowd_servers)
		errx(1, "a storm of less than one client a server");
	first = crowd_size;
	count = n;
	for (i = 0; i < n; i++)
		crowd_prepare(1, i % crowd_servers, 1);
}

/* One that is late does not delay those after it. */
static void
connect_all(void)
{
	double		 start = now();
	unsigned int	 i;

	for (i = 0; i < count; i++) {
		sleep_until(start + (double)i / count);
		crowd_connect_one();
	}
}

static void
ask(struct client *c)
{
	uint8_t	 frame[SPEECH_FRAME_MAX];

	client_write(c, frame, speech_list_request(frame));
}

/* Returns the length of the list if it has all, otherwise 0. */
static size_t
list_read(struct client *c)
{
	static char	 text[LIST_MAX];
	const char	*p = text;
	unsigned int	 users = 0;
	size_t		 len;

	len = client_message(c, text, sizeof(text));
	for (; (p = strstr(p, KEY)) != NULL; p += sizeof(KEY) - 1)
		users++;
	return (users == crowd_size ? len : 0);
}

static size_t
lists_wait(void)
{
	struct client	*last = &crowd[crowd_size - 1];
	double		 deadline = now() + PATIENCE;
	unsigned int	 i;
	size_t		 len = 0;

	for (i = 0; i < crowd_servers; i++)
		ask(last - i);
	for (i = 0; i < crowd_servers; i++)
		while ((len = list_read(last - i)) == 0) {
			if (now() > deadline)
				errx(1, "server %u does not list all",
				    (last - i)->server);
			ask(last - i);
		}
	return (len);
}

void
storm_run(struct storm_result *r)
{
	double	 start = now(), said;

	connect_all();
	said = now();
	r->list = lists_wait();
	r->seconds = said - start;
	r->listed = now() - said;
}
