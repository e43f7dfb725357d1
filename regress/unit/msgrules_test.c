/*
 * The table of messages: each rule lets through what it names and nothing
 * else, with the words for each kind of breach; and the table makes sense.
 */

#include "compat.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "msgrules.h"
#include "test.h"

#define CTL_LEN_MAX	4096	/* chan.c takes no more from an olafctl */

/* The verdict, worked out anew: which of a message's faults is named. */
static const char *
expected(const struct msg_rule *r, int from, int to, int phase, size_t len,
    int hasfd)
{
	if (!(r->from >> from & 1))
		return ("not its message to send");
	if (!(r->to >> to & 1))
		return ("message for another");
	if (!(r->phases >> phase & 1))
		return ("message at the wrong time");
	if (len < r->min)
		return ("message too short");
	if (len > r->max)
		return ("message too long");
	if (hasfd != r->fd)
		return (hasfd ? "descriptor not expected" :
		    "descriptor missing");
	return (NULL);
}

static int
same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a == b);
	return (strcmp(a, b) == 0);
}

/* All lengths that matter, all phases, with and without a descriptor. */
static void
check_path(uint32_t type, int from, int to)
{
	const struct msg_rule	*r = msgrules_find(type);
	const size_t		 lens[] = {
		0, r->min - (r->min > 0), r->min, r->max, (size_t)r->max + 1,
		SIZE_MAX
	};
	const char		*is, *should;
	size_t			 i;
	int			 fd, phase;

	for (phase = PHASE_SETUP; phase <= PHASE_SHUTDOWN; phase++)
		for (i = 0; i < nitems(lens); i++)
			for (fd = 0; fd <= 1; fd++) {
				is = msgrules_check(type, from, to, phase,
				    lens[i], fd);
				should = expected(r, from, to, phase, lens[i],
				    fd);
				if (same(is, should))
					continue;
				fprintf(stderr, "%s: %s to %s: %s\n", r->name,
				    msgrules_role(from), msgrules_role(to),
				    is == NULL ? "allowed" : is);
				CHECK(!"right verdict");
			}
}

static void
test_verdicts(void)
{
	uint32_t	 type;
	int		 from, to;

	for (type = 0; type < MSG_MAX; type++)
		for (from = 0; from < ROLE_MAX; from++)
			for (to = 0; to < ROLE_MAX; to++)
				check_path(type, from, to);
}

/* Some rules, read off the page rather than off the table. */
static void
test_known_verdicts(void)
{
	CHECK(msgrules_check(MSG_START, ROLE_PARENT, ROLE_FRONT, PHASE_SETUP,
	    0, 0) == NULL);
	CHECK(msgrules_check(MSG_START, ROLE_PARENT, ROLE_FRONT,
	    PHASE_RUNNING, 0, 0) != NULL);
	CHECK(msgrules_check(MSG_START, ROLE_FRONT, ROLE_RELAY, PHASE_SETUP,
	    0, 0) != NULL);
	CHECK(msgrules_check(MSG_TEXT, ROLE_FRONT, ROLE_RELAY, PHASE_RUNNING,
	    100, 0) == NULL);
	CHECK(msgrules_check(MSG_TEXT, ROLE_FRONT, ROLE_RELAY, PHASE_RUNNING,
	    100, 1) != NULL);
	CHECK(msgrules_check(MSG_TEXT, ROLE_RELAY, ROLE_FRONT, PHASE_RUNNING,
	    100, 0) != NULL);
	CHECK(msgrules_check(MSG_CONF_KEY, ROLE_PARENT, ROLE_SIGNER,
	    PHASE_SETUP, 100, 0) == NULL);
	CHECK(msgrules_check(MSG_CONF_KEY, ROLE_PARENT, ROLE_FRONT,
	    PHASE_SETUP, 100, 0) != NULL);
	CHECK(msgrules_check(MSG_CONF_KEY, ROLE_PARENT, ROLE_VERIFIER,
	    PHASE_SETUP, 100, 0) != NULL);
	CHECK(msgrules_check(MSG_SIGN, ROLE_RELAY, ROLE_SIGNER, PHASE_RUNNING,
	    549, 0) != NULL);
	CHECK(msgrules_check(MSG_SIGN_HELLO, ROLE_RELAY, ROLE_SIGNER,
	    PHASE_RUNNING, 16, 0) == NULL);
	CHECK(msgrules_check(MSG_SIGN_HELLO, ROLE_RELAY, ROLE_SIGNER,
	    PHASE_SETUP, 16, 0) != NULL);
	CHECK(msgrules_check(MSG_SIGN_HELLO, ROLE_FRONT, ROLE_SIGNER,
	    PHASE_RUNNING, 16, 0) != NULL);
	CHECK(msgrules_check(MSG_HELLO_SIGNED, ROLE_SIGNER, ROLE_FRONT,
	    PHASE_RUNNING, 522, 0) != NULL);
	CHECK(msgrules_check(MSG_DIAL, ROLE_RELAY, ROLE_FRONT, PHASE_RUNNING,
	    12, 0) == NULL);
	CHECK(msgrules_check(MSG_DIAL, ROLE_FRONT, ROLE_RELAY, PHASE_RUNNING,
	    12, 0) != NULL);
	CHECK(msgrules_check(MSG_LINK_UP, ROLE_RELAY, ROLE_FRONT,
	    PHASE_RUNNING, 23, 0) != NULL);
	CHECK(msgrules_check(MSG_CONF_NEIGHBOUR, ROLE_PARENT, ROLE_RELAY,
	    PHASE_RUNNING, 100, 0) == NULL);
	CHECK(msgrules_check(MSG_CONF_NEIGHBOUR, ROLE_PARENT, ROLE_SIGNER,
	    PHASE_RUNNING, 100, 0) != NULL);
	CHECK(msgrules_check(MSG_CONF_NEIGHBOUR, ROLE_RELAY, ROLE_FRONT,
	    PHASE_RUNNING, 100, 0) != NULL);
	CHECK(msgrules_check(MSG_CONF_ADDRESS, ROLE_PARENT, ROLE_SIGNER,
	    PHASE_SETUP, 100, 0) == NULL);
	CHECK(msgrules_check(MSG_CONF_ADDRESS, ROLE_RELAY, ROLE_SIGNER,
	    PHASE_SETUP, 100, 0) != NULL);
	CHECK(msgrules_check(MSG_LISTENER, ROLE_PARENT, ROLE_FRONT,
	    PHASE_RUNNING, 5, 1) == NULL);
	CHECK(msgrules_check(MSG_LISTENER, ROLE_PARENT, ROLE_FRONT,
	    PHASE_SETUP, 5, 1) != NULL);
}

static void
test_unknown(void)
{
	static const uint32_t	 types[] = {
		MSG_MAX, MSG_MAX + 1, 255, 256, 65536, INT32_MAX,
		(uint32_t)INT32_MAX + 1, UINT32_MAX
	};
	size_t			 i;

	for (i = 0; i < nitems(types); i++) {
		CHECK(msgrules_find(types[i]) == NULL);
		CHECK(same(msgrules_check(types[i], ROLE_PARENT, ROLE_FRONT,
		    PHASE_RUNNING, 0, 0), "unknown message"));
	}
}

static int
is_name(const char *name)
{
	const char	*p;

	for (p = name; *p != '\0'; p++)
		if (!isupper((unsigned char)*p) && *p != '_')
			return (0);
	return (p != name);
}

static void
test_names(void)
{
	uint32_t	 i, j;

	for (i = 0; i < MSG_MAX; i++) {
		CHECK(msgrules_find(i) != NULL);
		if (msgrules_find(i) == NULL)
			continue;
		CHECK(is_name(msgrules_find(i)->name));
		for (j = 0; j < i; j++)
			CHECK(strcmp(msgrules_find(i)->name,
			    msgrules_find(j)->name) != 0);
	}
}

static void
test_sense(void)
{
	const int		 all = (1 << ROLE_MAX) - 1;
	const struct msg_rule	*r;
	uint32_t		 type;

	for (type = 0; type < MSG_MAX; type++) {
		r = msgrules_find(type);
		CHECK(r->from != 0 && (r->from & ~all) == 0);
		CHECK(r->to != 0 && (r->to & ~all) == 0);
		CHECK((r->from & r->to) == 0);
		CHECK(r->phases != 0 && (r->phases & ~7) == 0);
		CHECK(r->min <= r->max && r->max <= MSG_LEN_MAX);
		CHECK(r->fd == 0 || r->fd == 1);
	}
}

/* Anybody may connect as olafctl: it speaks to relay alone, briefly. */
static void
test_olafctl(void)
{
	const int		 ctl = 1 << ROLE_CTL, relay = 1 << ROLE_RELAY;
	const struct msg_rule	*r;
	uint32_t		 type;

	for (type = 0; type < MSG_MAX; type++) {
		r = msgrules_find(type);
		if (r->from & ctl) {
			CHECK(r->from == ctl && r->to == relay);
			CHECK(r->max <= CTL_LEN_MAX);
		}
		if (r->to & ctl)
			CHECK(r->to == ctl && r->from == relay);
		if ((r->from | r->to) & ctl)
			CHECK(!r->fd);
		CHECK(((r->from & ctl) != 0) == (type >= MSG_CTL_SHOW &&
		    type <= MSG_CTL_MONITOR));
	}
}

/*
 * Descriptors come from the parent, and of files from olaf-files: no other child
 * can give one to another.
 */
static void
test_descriptors(void)
{
	const struct msg_rule	*r;
	uint32_t		 type;

	for (type = 0; type < MSG_MAX; type++) {
		r = msgrules_find(type);
		CHECK(!r->fd || r->from == 1 << ROLE_PARENT ||
		    r->from == 1 << ROLE_OLAF || r->from == 1 << ROLE_DIAL ||
		    (r->from == 1 << ROLE_FILES && r->to == 1 << ROLE_FRONT));
	}
}

static void
test_roles(void)
{
	int	 i, j;

	for (i = 0; i < ROLE_MAX; i++) {
		CHECK(strncmp(msgrules_role(i), "olaf", 4) == 0);
		for (j = 0; j < i; j++)
			CHECK(strcmp(msgrules_role(i), msgrules_role(j)) != 0);
	}
	CHECK(same(msgrules_role(ROLE_PARENT), "olafd"));
	CHECK(same(msgrules_role(ROLE_CTL), "olafctl"));
	CHECK(same(msgrules_role(ROLE_MAX), "unknown"));
}

int
main(void)
{
	RUN(test_verdicts);
	RUN(test_known_verdicts);
	RUN(test_unknown);
	RUN(test_names);
	RUN(test_sense);
	RUN(test_olafctl);
	RUN(test_descriptors);
	RUN(test_roles);
	return (test_done());
}
