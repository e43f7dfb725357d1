/*
 * Counters and rates.
 */

#include "compat.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "relay.h"
#include "replay.h"
#include "stats.h"

#define RATE_SECONDS	10
#define RATE_RING	16	/* seconds, a power of two above RATE_SECONDS */

struct rate {
	int64_t		second[RATE_RING];
	uint64_t	count[RATE_RING];
};

struct stats		stats;
struct msg_front_stats	stats_front[STATS_FRONTS];
static struct rate	rate_in, rate_out;

static void
rate_add(struct rate *r, uint64_t n)
{
	int64_t	now = clock_ms() / 1000;
	int	i = (int)(now & (RATE_RING - 1));

	if (r->second[i] != now) {
		r->second[i] = now;
		r->count[i] = 0;
	}
	r->count[i] += n;
}

/* The second that is under way does not count. */
static uint64_t
rate_get(const struct rate *r)
{
	int64_t		now = clock_ms() / 1000;
	uint64_t	sum = 0;
	int		i;

	for (i = 0; i < RATE_RING; i++)
		if (r->second[i] < now && r->second[i] >= now - RATE_SECONDS)
			sum += r->count[i];
	return (sum / RATE_SECONDS);
}

void
stats_in(void)
{
	stats.messages_in++;
	rate_add(&rate_in, 1);
}

void
stats_out(uint64_t n)
{
	stats.delivered += n;
	rate_add(&rate_out, n);
}

uint64_t
stats_rate_in(void)
{
	return (rate_get(&rate_in));
}

uint64_t
stats_rate_out(void)
{
	return (rate_get(&rate_out));
}

unsigned int
stats_linked(void)
{
	const struct neighbour	*n;
	unsigned int		 count = 0;

	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		count += neighbour_linked(n) != 0;
	return (count);
}

unsigned int
stats_neighbours_users(void)
{
	const struct neighbour	*n;
	unsigned int		 count = 0;

	TAILQ_FOREACH(n, &relay_mesh.neighbours, entry)
		count += n->server.nusers;
	return (count);
}

static uint64_t
front_sum(enum front_stat stat)
{
	uint64_t	sum = 0;
	int		i;

	for (i = 0; i < STATS_FRONTS; i++)
		sum += stats_front[i].value[stat];
	return (sum);
}

void
stats_each(void (*f)(const char *, uint64_t, void *), void *arg)
{
	const struct {
		const char	*name;
		uint64_t	 value;
	} own[] = {
		{ "messages.in",		stats.messages_in },
		{ "messages.hello",		stats.hellos },
		{ "messages.chat",		stats.chats },
		{ "messages.public_chat",	stats.public_chats },
		{ "messages.client_list_request", stats.list_requests },
		{ "messages.error_ignored",	stats.errors_ignored },
		{ "messages.delivered",		stats.delivered },
		{ "clients.open",		relay_table.nclients },
		{ "clients.bound",		relay_table.here.nusers },
		{ "clients.takeovers",		stats.takeovers },
		{ "clients.strikes_out",	stats.strikes_out },
		{ "clients.kicked",		stats.kicked },
		{ "lists.built",		stats.lists_built },
		{ "neighbours.configured",	relay_mesh.nneighbours },
		{ "neighbours.linked",		stats_linked() },
		{ "neighbours.users",		stats_neighbours_users() },
		{ "neighbours.messages_in",	stats.links_in },
		{ "neighbours.messages_out",	stats.links_out },
		{ "neighbours.chat",		stats.links_chats },
		{ "neighbours.public_chat",	stats.links_public_chats },
		{ "neighbours.refused",		stats.links_refused },
		{ "neighbours.repeated",	stats.links_repeated },
		{ "neighbours.updates_in",	stats.updates_in },
		{ "neighbours.updates_out",	stats.updates_out },
		{ "neighbours.update_bytes_out", stats.update_bytes_out },
		{ "neighbours.keys_refused",	stats.keys_refused },
		{ "neighbours.impostors",	stats.impostors },
		{ "files.stored",		files_state.stored },
		{ "files.bytes",		files_state.bytes },
		{ "files.quota",		files_state.quota },
		{ "files.uploads",		files_state.uploads },
		{ "files.expired",		files_state.expired },
		{ "files.failed",		files_state.failed },
		{ "counters.used",		replay_count() },
		{ "counters.limit",		relay_conf.counters },
		{ "verify.verdicts",		stats.verify_count },
		{ "verify.bad",			stats.verify_bad },
		{ "verify.microseconds",	stats.verify_usec },
		{ "verify.microseconds_max",	stats.verify_usec_max },
	};
	char	name[64];
	size_t	i;

	for (i = 0; i < nitems(own); i++)
		f(own[i].name, own[i].value, arg);
	for (i = REFUSE_NONE + 1; i < REFUSE_MAX; i++) {
		snprintf(name, sizeof(name), "refusals.%s", refusal_name(i));
		f(name, stats.refusals[i], arg);
	}
	for (i = 0; i < FRONT_STAT_MAX; i++) {
		snprintf(name, sizeof(name), "front.%s",
		    msg_front_stat_name(i));
		f(name, front_sum(i), arg);
	}
}
