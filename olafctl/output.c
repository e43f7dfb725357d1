/*
 * Text for people, and what the forms have in common.
 */

#include "compat.h"

#include <netinet/in.h>

#include <arpa/inet.h>
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <vis.h>

#include "output.h"

#define NAME_WIDTH	16	/* of the left column */
#define PROCESS_WIDTH	23
#define EVENT_WIDTH	18	/* "neighbour.impostor" */

/* Makes foreign text printable; static memory, until the next call. */
static const char *
visible(const char *text)
{
	static char	 buf[4 * MSG_REPORT_MAX];

	strnvis(buf, text, sizeof(buf), VIS_CSTYLE | VIS_OCTAL | VIS_NL |
	    VIS_TAB);
	return (buf);
}

const char *
output_process_name(const struct msg_process *m, char name[OUTPUT_NAME_MAX])
{
	if (m->role == ROLE_FRONT || m->role == ROLE_VERIFIER)
		snprintf(name, OUTPUT_NAME_MAX, "%s %" PRIu32,
		    msgrules_role(m->role), m->number);
	else
		strlcpy(name, msgrules_role(m->role), OUTPUT_NAME_MAX);
	return (name);
}

const char *
output_address(const struct sockaddr_storage *ss)
{
	static char			 text[INET6_ADDRSTRLEN + 10];
	const struct sockaddr_in	*sin = (const void *)ss;
	const struct sockaddr_in6	*sin6 = (const void *)ss;
	char				 host[INET6_ADDRSTRLEN];

	text[0] = '\0';
	if (ss->ss_family == AF_INET && sin->sin_port != 0) {
		inet_ntop(AF_INET, &sin->sin_addr, host, sizeof(host));
		snprintf(text, sizeof(text), "%s:%u", host,
		    ntohs(sin->sin_port));
	} else if (ss->ss_family == AF_INET6 && sin6->sin6_port != 0) {
		inet_ntop(AF_INET6, &sin6->sin6_addr, host, sizeof(host));
		snprintf(text, sizeof(text), "[%s]:%u", host,
		    ntohs(sin6->sin6_port));
	}
	return (text);
}

const char *
output_neighbour_state(enum msg_neighbour_state state)
{
	static const char *const names[MSG_NEIGHBOUR_STATE_MAX] = {
		[MSG_NEIGHBOUR_LINKED] = "linked",
		[MSG_NEIGHBOUR_DIALLING] = "dialling",
		[MSG_NEIGHBOUR_WAITING] = "waiting",
		[MSG_NEIGHBOUR_DROPPED] = "dropped",
	};

	return (state < MSG_NEIGHBOUR_STATE_MAX ? names[state] : "unknown");
}

void
output_error(const char *text)
{
	char	 line[MSG_REPORT_MAX];
	size_t	 len;

	for (;;) {
		len = strcspn(text, "\n");
		if (len >= sizeof(line))
			len = sizeof(line) - 1;
		memcpy(line, text, len);
		line[len] = '\0';
		warnx("%s", visible(line));
		text += len;
		if (text[0] == '\0' || text[1] == '\0')
			return;
		text++;
	}
}

/* The two greatest units of a time: "3d 4h". */
static void
format_duration(uint64_t seconds, char *text, size_t size)
{
	static const struct {
		char		 unit;
		unsigned int	 seconds;
	}		 units[] = {
		{ 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 }
	};
	size_t		 i = 0;

	while (i < nitems(units) - 1 && seconds < units[i].seconds)
		i++;
	if (i == nitems(units) - 1)
		snprintf(text, size, "%" PRIu64 "s", seconds);
	else
		snprintf(text, size, "%" PRIu64 "%c %u%c",
		    seconds / units[i].seconds, units[i].unit,
		    (unsigned int)(seconds % units[i].seconds) /
		    units[i + 1].seconds, units[i + 1].unit);
}

/* Local time and how long ago that was; "-" for what is no time. */
static const char *
format_since(uint64_t since)
{
	static char	 text[96];
	char		 date[32], duration[48];
	struct tm	 tm;
	time_t		 then = (time_t)since, now = time(NULL);

	if (then <= 0 || (uint64_t)then != since ||
	    localtime_r(&then, &tm) == NULL ||
	    strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm) == 0)
		return ("-");
	format_duration(now > then ? (uint64_t)(now - then) : 0, duration,
	    sizeof(duration));
	snprintf(text, sizeof(text), "%s (%s)", date, duration);
	return (text);
}

static const char *
or_dash(const char *text)
{
	return (text[0] != '\0' ? visible(text) : "-");
}

static void
text_summary(const struct msg_ctl_summary *m)
{
	printf("%-*s%s\n", NAME_WIDTH, "version", visible(m->version));
	printf("%-*s%s\n", NAME_WIDTH, "address", visible(m->address));
	printf("%-*s%s\n", NAME_WIDTH, "up since", format_since(m->since));
	printf("%-*s%" PRIu32 ", of which %" PRIu32 " clients\n", NAME_WIDTH,
	    "connections", m->connections, m->clients);
	printf("%-*s%" PRIu32 ", of which %" PRIu32 " linked, %" PRIu32
	    " users\n", NAME_WIDTH, "neighbours", m->neighbours, m->linked,
	    m->users);
	printf("%-*s%" PRIu64 ", now %" PRIu64 " a second\n", NAME_WIDTH,
	    "messages in", m->messages_in, m->rate_in);
	printf("%-*s%" PRIu64 ", now %" PRIu64 " a second\n", NAME_WIDTH,
	    "messages out", m->messages_out, m->rate_out);
}

static void
text_process_line(const struct msg_process *m, const char *name)
{
	static int	 headed;

	if (!headed)
		printf("\n%-*s  %8s  %s\n", PROCESS_WIDTH, "PROCESS", "PID",
		    "USER");
	headed = 1;
	printf("%-*s  %8" PRIu32 "  %s\n", PROCESS_WIDTH, name, m->pid,
	    or_dash(m->user));
}

static void
text_process_sandbox(const struct msg_process *m, const char *name)
{
	static int	 further;

	printf("%s%s, pid %" PRIu32 "\n", further ? "\n" : "", name, m->pid);
	further = 1;
	printf("  %-*s%s\n", NAME_WIDTH - 2, "user", or_dash(m->user));
	printf("  %-*s%s\n", NAME_WIDTH - 2, "root", or_dash(m->root));
	printf("  %-*s%s\n", NAME_WIDTH - 2, "promises", or_dash(m->promises));
	printf("  %-*s%s\n", NAME_WIDTH - 2, "sandbox", or_dash(m->sandbox));
}

static void
text_process(enum action action, const struct msg_process *m)
{
	char	 name[OUTPUT_NAME_MAX];

	output_process_name(m, name);
	if (action == ACTION_SHOW)
		text_process_line(m, name);
	else
		text_process_sandbox(m, name);
}

/* A fingerprint fills half a line, so a client takes two. */
static void
text_client(const struct msg_ctl_client *m)
{
	static int	 headed;

	if (!headed)
		printf("%-44s  %s\n  %-32s%9s%11s  %s\n", "FINGERPRINT",
		    "ADDRESS", "SINCE", "MESSAGES", "QUEUE", "SERVER");
	headed = 1;
	printf("%-44s  ", or_dash(m->fingerprint));
	printf("%s\n", or_dash(output_address(&m->address)));
	printf("  %-32s%9" PRIu64 "%11" PRIu64 "  %s\n",
	    format_since(m->since), m->messages, m->queue, or_dash(m->server));
}

/* "dialled, accepted 1" */
static const char *
format_links(const struct msg_ctl_neighbour *m)
{
	static char	 text[32];
	const char	*dialled = m->dialled != 0 ? "dialled" : "";

	if (m->accepted == 0)
		return (or_dash(dialled));
	snprintf(text, sizeof(text), "%s%saccepted %u", dialled,
	    m->dialled != 0 ? ", " : "", (unsigned int)m->accepted);
	return (text);
}

static const char *
format_next_dial(uint64_t seconds)
{
	static char	 text[64];
	char		 duration[48];

	if (seconds == 0)
		return ("-");
	format_duration(seconds, duration, sizeof(duration));
	snprintf(text, sizeof(text), "in %s", duration);
	return (text);
}

static void
text_neighbour(const struct msg_ctl_neighbour *m)
{
	static int	 headed;

	if (!headed)
		printf("%-32s  %-9s  %s\n  %-19s%7s%13s%14s%9s  %s\n",
		    "NEIGHBOUR", "STATE", "SINCE", "LINKS", "USERS",
		    "MESSAGES IN", "MESSAGES OUT", "REFUSED", "NEXT DIAL");
	headed = 1;
	printf("%-32s  %-9s  %s\n", or_dash(m->name),
	    output_neighbour_state(m->state), format_since(m->since));
	printf("  %-19s%7" PRIu32 "%13" PRIu64 "%14" PRIu64 "%9" PRIu64
	    "  %s\n", format_links(m), m->users, m->messages_in,
	    m->messages_out, m->refused, format_next_dial(m->next_dial));
	if (m->error[0] != '\0')
		printf("  last error: %s\n", visible(m->error));
}

/* Octets as people say them: "1.5 GiB". */
static const char *
format_bytes(uint64_t bytes)
{
	static char	 text[2][32];
	static int	 turn;
	static const char units[] = "KMGTPE";
	uint64_t	 whole = bytes, rest = 0;
	int		 i;

	turn = !turn;
	for (i = 0; whole >= 1024; i++) {
		rest = whole % 1024;
		whole /= 1024;
	}
	if (i == 0)
		snprintf(text[turn], sizeof(text[turn]), "%" PRIu64 " B", whole);
	else
		snprintf(text[turn], sizeof(text[turn]), "%" PRIu64 ".%u %ciB",
		    whole, (unsigned int)(rest * 10 / 1024), units[i - 1]);
	return (text[turn]);
}

static void
text_store(const struct msg_files_state *m)
{
	printf("%-*s%" PRIu64 "\n", NAME_WIDTH, "stored", m->stored);
	printf("%-*s%" PRIu64 " (%s)\n", NAME_WIDTH, "bytes", m->bytes,
	    format_bytes(m->bytes));
	printf("%-*s%" PRIu64 " (%s)\n", NAME_WIDTH, "quota", m->quota,
	    format_bytes(m->quota));
	printf("%-*s%" PRIu64 ", of %s so far\n", NAME_WIDTH, "uploads",
	    m->uploads, format_bytes(m->upload_bytes));
	printf("%-*s%" PRIu64 "\n", NAME_WIDTH, "expired", m->expired);
	printf("%-*s%" PRIu64 "\n", NAME_WIDTH, "failed", m->failed);
}

static void
text_event(const struct msg_ctl_event *m)
{
	char		 clock[16];
	struct tm	 tm;
	uint64_t	 seconds = m->when / 1000;
	time_t		 then = (time_t)seconds;

	if ((uint64_t)then != seconds || localtime_r(&then, &tm) == NULL ||
	    strftime(clock, sizeof(clock), "%H:%M:%S", &tm) == 0)
		strlcpy(clock, "-", sizeof(clock));
	printf("%-8s  %-*s", clock, EVENT_WIDTH, or_dash(m->event));
	printf("  %s", or_dash(m->object));
	if (m->text[0] != '\0')
		printf("  %s", visible(m->text));
	putchar('\n');
}

static void
text_stats(const struct msg_ctl_stat *stats, size_t n)
{
	size_t	 i, len;
	int	 width = NAME_WIDTH;

	for (i = 0; i < n; i++)
		if ((len = strlen(stats[i].name)) > (size_t)width)
			width = (int)len;
	for (i = 0; i < n; i++)
		printf("%-*s  %20" PRIu64 "\n", width, stats[i].name,
		    stats[i].value);
}

static void
text_finish(enum action action, const struct msg_ctl_end *m)
{
	(void)action;
	(void)m;
}

static void
text_key(const struct key_report *k)
{
	printf("%s\n", k->fingerprint);
}

const struct output	 output_text = {
	text_summary, text_process, text_client, text_neighbour, text_store,
	text_event, text_stats, text_finish, text_key
};
