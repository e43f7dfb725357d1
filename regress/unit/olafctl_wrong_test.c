/*
 * olafctl against a relay that answers wrongly or not at all: nothing does more
 * than end it.
 */

#include "compat.h"

#include "olafctl_relay.h"

/* ---- no answer, wrong answers -------------------------------------------- */

static void
close_at_once(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	hang_up(c);
}

static void
close_halfway(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_client(c, "", "2001:db8::1", 1700000000, "a.example");
	hang_up(c);
}

static void
fail_halfway(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_client(c, "", "2001:db8::1", 1700000000, "a.example");
	answer_end(c, 0, "front is gone");
}

static void
test_hang_up(void)
{
	CHECK(run(close_at_once, "show") == 1);
	IS(complaint, "olafctl: olafd closed the connection\n");
	CHECK(run(close_at_once, "stop") == 1);
	IS(complaint, "olafctl: olafd closed the connection\n");
	CHECK(run(close_halfway, "show", "clients") == 1);
	IS(complaint, "olafctl: olafd closed the connection\n");
}

/* JSON is whole even then. */
static void
test_fail_halfway(void)
{
	CHECK(run(fail_halfway, "-j", "show", "clients") == 1);
	IS(complaint, "olafctl: front is gone\n");
	IS(out, "{\"clients\":["
	    "{\"fingerprint\":null,\"address\":\"[2001:db8::1]:4712\","
	    "\"since\":1700000000,\"messages\":17,\"queue\":42,"
	    "\"server\":\"a.example\"}"
	    "],\"ok\":false,\"error\":\"front is gone\"}\n");
}

static void
test_nobody(void)
{
	unlink(path);
	CHECK(run(NULL, "show") == 1);
	HAS(complaint, "no olafd listens there");
	close(listen_on());
	CHECK(run(NULL, "show") == 1);
	HAS(complaint, "no olafd listens there");
}

static void
process_first(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_process(c, ROLE_PARENT, 0, 1200, "root", "");
	answer_summary(c);
	answer_end(c, 1, "");
}

static void
summary_twice(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_summary(c);
	answer_summary(c);
	answer_end(c, 1, "");
}

static void
cut_end(struct chan *c, struct imsg *imsg)
{
	struct ibuf	*b;

	(void)imsg;
	b = chan_open(c, MSG_CTL_END, 0);
	msg_put8(b, 1);
	msg_put16(b, 5);
	msg_put_bytes(b, "abc", 3);
	chan_close(c, b);
}

static void
long_stat(struct chan *c, struct imsg *imsg)
{
	struct ibuf	*b;

	(void)imsg;
	b = chan_open(c, MSG_CTL_STAT, 0);
	msg_put_string(b, "a.b");
	msg_put64(b, 1);
	msg_put8(b, 0);
	chan_close(c, b);
}

static void
question(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	chan_send(c, MSG_CTL_SHOW);
}

static void
unknown_type(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	chan_send(c, MSG_MAX);
}

static void
end_twice(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_end(c, 1, "");
	answer_end(c, 1, "");
}

static void
bad_stat_name(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a\"b", 1);
	answer_end(c, 1, "");
}

static void
empty_stat_part(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a..b", 1);
	answer_end(c, 1, "");
}

static void
deep_stat(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a.b.c.d.e", 1);
	answer_end(c, 1, "");
}

static void
same_stat(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a.b", 1);
	answer_stat(c, "a.c", 1);
	answer_stat(c, "a.b", 1);
	answer_end(c, 1, "");
}

static void
stat_and_group(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "a.b.c", 1);
	answer_stat(c, "a.b", 1);
	answer_stat(c, "a.b0", 1);
	answer_end(c, 1, "");
}

static void
endless_stats(struct chan *c, struct imsg *imsg)
{
	char	 name[MSG_STAT_MAX];
	int	 i;

	(void)imsg;
	for (i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "a.s%d", i);
		answer_stat(c, name, 1);
	}
	answer_end(c, 1, "");
}

static void
one_event(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_event(c, 1, "neighbour.up", "b.example", "");
	answer_end(c, 1, "");
}

/* What is in front of a neighbour's counters, and nothing behind it. */
static void
cut_neighbour(struct chan *c, struct imsg *imsg)
{
	struct ibuf	*b;
	int		 i;

	(void)imsg;
	b = chan_open(c, MSG_CTL_NEIGHBOUR, 0);
	msg_put_string(b, "a name that is longer than what is missing");
	msg_put8(b, MSG_NEIGHBOUR_LINKED);
	for (i = 0; i < 5; i++)
		msg_put64(b, 1);
	chan_close(c, b);
	answer_end(c, 1, "");
}

static void
no_state(struct chan *c, struct imsg *imsg)
{
	struct msg_ctl_neighbour	 m;

	(void)imsg;
	memset(&m, 0, sizeof(m));
	m.state = MSG_NEIGHBOUR_STATE_MAX;
	answer_neighbour(c, &m);
	answer_end(c, 1, "");
}

/* A NUL within its name. */
static void
nul_in_neighbour(struct chan *c, struct imsg *imsg)
{
	struct ibuf	*b;
	int		 i;

	(void)imsg;
	b = chan_open(c, MSG_CTL_NEIGHBOUR, 0);
	msg_put16(b, 3);
	msg_put_bytes(b, "a\0b", 3);
	msg_put8(b, MSG_NEIGHBOUR_LINKED);
	msg_put64(b, 0);
	msg_put16(b, 0);
	msg_put32(b, 0);
	for (i = 0; i < 7; i++)
		msg_put64(b, 0);
	msg_put_string(b, "");
	chan_close(c, b);
	answer_end(c, 1, "");
}

static void
long_event(struct chan *c, struct imsg *imsg)
{
	struct ibuf	*b;

	(void)imsg;
	b = chan_open(c, MSG_CTL_EVENT, 0);
	msg_put64(b, 1);
	msg_put_string(b, "neighbour.up");
	msg_put_string(b, "b.example");
	msg_put_string(b, "");
	msg_put8(b, 0);
	chan_close(c, b);
}

static void
cut_event(struct chan *c, struct imsg *imsg)
{
	struct ibuf	*b;

	(void)imsg;
	b = chan_open(c, MSG_CTL_EVENT, 0);
	msg_put64(b, 1);
	msg_put_string(b, "neighbour.up");
	msg_put_string(b, "b.example");
	chan_close(c, b);
}

static void
test_wrong_answers(void)
{
	static const struct {
		scenario	 s;
		const char	*what;	/* of show */
		const char	*words;
	}		 cases[] = {
		{ clients_json,		NULL,		"CTL_CLIENT" },
		{ show,			"clients",	"CTL_SUMMARY" },
		{ sandbox,		"stats",	"CTL_PROCESS" },
		{ stats,		"sandbox",	"CTL_STAT" },
		{ show,			"sandbox",	"CTL_SUMMARY" },
		{ nothing,		NULL,		"CTL_END" },
		{ process_first,	NULL,		"CTL_PROCESS" },
		{ summary_twice,	NULL,		"CTL_SUMMARY" },
		{ cut_end,		"clients",	"CTL_END" },
		{ long_stat,		"stats",	"CTL_STAT" },
		{ question,		NULL,		"not its message" },
		{ unknown_type,		NULL,		"unknown message" },
		{ bad_stat_name,	"stats",	"CTL_STAT" },
		{ empty_stat_part,	"stats",	"CTL_STAT" },
		{ deep_stat,		"stats",	"CTL_STAT" },
		{ same_stat,		"stats",	"CTL_END" },
		{ stat_and_group,	"stats",	"CTL_END" },
		{ endless_stats,	"stats",	"CTL_STAT" },
		{ one_event,		NULL,		"CTL_EVENT" },
		{ one_event,		"clients",	"CTL_EVENT" },
		{ one_event,		"neighbours",	"CTL_EVENT" },
		{ neighbours,		NULL,		"CTL_NEIGHBOUR" },
		{ neighbours,		"clients",	"CTL_NEIGHBOUR" },
		{ clients_json,		"neighbours",	"CTL_CLIENT" },
		{ cut_neighbour,	"neighbours",	"CTL_NEIGHBOUR" },
		{ no_state,		"neighbours",	"CTL_NEIGHBOUR" },
		{ nul_in_neighbour,	"neighbours",	"CTL_NEIGHBOUR" },
	};
	size_t		 i;

	any_request = 1;
	for (i = 0; i < nitems(cases); i++) {
		fprintf(stderr, "case %zu\n", i);
		CHECK(run(cases[i].s, "show", cases[i].what) == 1);
		HAS(complaint, "broke the rules");
		HAS(complaint, cases[i].words);
	}
	CHECK(run(clients_json, "reload") == 1);
	HAS(complaint, "broke the rules");
	CHECK(run(end_twice, "stop") == 1);
	HAS(complaint, "broke the rules");
	CHECK(run(end_twice, "reload") == 0);
	CHECK(run(one_event, "dial", "b.example") == 1);
	HAS(complaint, "broke the rules: CTL_EVENT");
	any_request = 0;
}

static void
test_wrong_events(void)
{
	static const struct {
		scenario	 s;
		const char	*words;
	}		 cases[] = {
		{ clients_json,	"CTL_CLIENT" },
		{ neighbours,	"CTL_NEIGHBOUR" },
		{ show,		"CTL_SUMMARY" },
		{ stats,	"CTL_STAT" },
		{ long_event,	"CTL_EVENT" },
		{ cut_event,	"CTL_EVENT" },
		{ cut_end,	"CTL_END" },
		{ question,	"not its message" },
	};
	size_t		 i;

	any_request = 1;
	for (i = 0; i < nitems(cases); i++) {
		fprintf(stderr, "case %zu\n", i);
		CHECK(run(cases[i].s, "monitor") == 1);
		HAS(complaint, "broke the rules");
		HAS(complaint, cases[i].words);
		IS(out, "");
	}
	any_request = 0;
}

int
main(void)
{
	prepare();
	RUN(test_hang_up);
	RUN(test_fail_halfway);
	RUN(test_nobody);
	RUN(test_wrong_answers);
	RUN(test_wrong_events);
	return (test_done());
}
