/*
 * olafctl against a relay that the test plays: what it asks and what it makes
 * of the answers.
 */

#include "compat.h"

#include "olafctl_relay.h"

/* ---- show ---------------------------------------------------------------- */

static void
test_show(void)
{
	CHECK(run(show, "show") == 0);
	IS(complaint, "");
	HAS(out, "version         7.5\n"
	    "address         chat.example.org\n"
	    "up since        2023-11-14 22:13:20 (");
	HAS(out, "connections     12, of which 10 clients\n"
	    "neighbours      3, of which 2 linked, 41 users\n"
	    "messages in     1234, now 5 a second\n"
	    "messages out    18446744073709551615, now 67 a second\n"
	    "\n"
	    "PROCESS                       PID  USER\n"
	    "olafd                        1200  root\n"
	    "olaf-front 1                 1201  _olaffront\n");
}

static void
test_show_json(void)
{
	CHECK(run(show, "-j", "show") == 0);
	IS(complaint, "");
	IS(out, "{\"version\":\"7.5\",\"address\":\"chat.example.org\","
	    "\"since\":1700000000,\"connections\":12,\"clients\":10,"
	    "\"neighbours\":3,\"linked\":2,\"neighbour_users\":41,"
	    "\"messages_in\":1234,\"messages_out\":18446744073709551615,"
	    "\"rate_in\":5,\"rate_out\":67,\"processes\":["
	    "{\"name\":\"olafd\",\"pid\":1200,\"user\":\"root\",\"root\":null,"
	    "\"promises\":\"stdio inet\",\"sandbox\":\"seccomp, landlock 7\"},"
	    "{\"name\":\"olaf-front 1\",\"pid\":1201,\"user\":\"_olaffront\","
	    "\"root\":\"/var/empty\",\"promises\":\"stdio inet\","
	    "\"sandbox\":\"seccomp, landlock 7\"}"
	    "]}\n");
}

static void
show_summary_only(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_summary(c);
	answer_end(c, 1, "");
}

static void
test_show_no_processes(void)
{
	CHECK(run(show_summary_only, "-j", "show") == 0);
	HAS(out, ",\"rate_out\":67,\"processes\":[]}\n");
}

static void
test_sandbox(void)
{
	CHECK(run(sandbox, "show", "sandbox") == 0);
	IS(out, "olaf-relay, pid 1300\n"
	    "  user          _olafrelay\n"
	    "  root          /var/empty\n"
	    "  promises      stdio inet\n"
	    "  sandbox       seccomp, landlock 7\n"
	    "\n"
	    "olaf-keys verifier 0, pid 1301\n"
	    "  user          joe\n"
	    "  root          -\n"
	    "  promises      stdio inet\n"
	    "  sandbox       seccomp, landlock 7\n");
	CHECK(run(sandbox, "-j", "show", "sandbox") == 0);
	IS(out, "{\"processes\":["
	    "{\"name\":\"olaf-relay\",\"pid\":1300,\"user\":\"_olafrelay\","
	    "\"root\":\"/var/empty\",\"promises\":\"stdio inet\","
	    "\"sandbox\":\"seccomp, landlock 7\"},"
	    "{\"name\":\"olaf-keys verifier 0\",\"pid\":1301,\"user\":\"joe\","
	    "\"root\":null,\"promises\":\"stdio inet\","
	    "\"sandbox\":\"seccomp, landlock 7\"}"
	    "]}\n");
}

/* ---- show clients -------------------------------------------------------- */

static void
clients(struct chan *c, struct imsg *imsg)
{
	struct msg_ctl_clients	 m;
	struct ibuf		 b;

	if (imsg_get_type(imsg) != MSG_CTL_CLIENTS ||
	    imsg_get_ibuf(imsg, &b) == -1 || msg_ctl_clients_get(&b, &m) == -1)
		errx(1, "no CLIENTS");
	if (m.fingerprint[0] == '\0')
		answer_client(c, "", "2001:db8::1", 1700000000, "a.example");
	answer_client(c, FP, "192.0.2.1",
	    (uint64_t)time(NULL) - (3600 + 2 * 60 + 30), "a.example");
	if (m.all)
		answer_client(c, m.fingerprint, "", 0, "b.example");
	answer_end(c, 1, "");
}

static void
test_clients(void)
{
	CHECK(run(clients, "show", "clients") == 0);
	IS(complaint, "");
	HAS(out, "FINGERPRINT                                   ADDRESS\n"
	    "  SINCE                            MESSAGES      QUEUE  SERVER\n"
	    "-                                             "
	    "[2001:db8::1]:4712\n"
	    "  2023-11-14 22:13:20 (");
	HAS(out, "\n" FP "  192.0.2.1:4711\n  20");
	HAS(out, " (1h 2m)            17         42  a.example\n");
	CHECK(strstr(out, "b.example") == NULL);

	CHECK(run(clients, "show", "clients", "all") == 0);
	HAS(out, "\n-                                             -\n"
	    "  -                                      17         42  b.example\n");
}

/* Which clients are asked for: -, or what was given. */
static void
test_clients_words(void)
{
	CHECK(run(clients, "show", "clients", "abc") == 0);
	CHECK(strstr(out, "2001:db8") == NULL);
	CHECK(run(clients, "sh", "c", "a", "abc") == 0);
	HAS(out, "\nabc  ");
	HAS(out, "b.example");
	CHECK(run(clients, "show", "clients", "local", "abc") == 0);
	CHECK(strstr(out, "b.example") == NULL);
	CHECK(strstr(out, "2001:db8") == NULL);
}

static void
test_clients_json(void)
{
	CHECK(run(clients_json, "-j", "show", "clients") == 0);
	IS(complaint, "");
	IS(out, "{\"clients\":["
	    "{\"fingerprint\":null,\"address\":\"[2001:db8::1]:4712\","
	    "\"since\":1700000000,\"messages\":17,\"queue\":42,"
	    "\"server\":\"a.example\"},"
	    "{\"fingerprint\":\"" FP "\",\"address\":null,"
	    "\"since\":null,\"messages\":17,\"queue\":42,"
	    "\"server\":\"b.example\"}"
	    "]}\n");
	CHECK(run(nothing, "-j", "show", "clients") == 0);
	IS(out, "{\"clients\":[]}\n");
	CHECK(run(nothing, "show", "clients") == 0);
	IS(out, "");
}

/* Far more than a socket holds. */
#define MANY	20000

static void
many_clients(struct chan *c, struct imsg *imsg)
{
	int	 i;

	(void)imsg;
	for (i = 0; i < MANY; i++)
		answer_client(c, FP, "192.0.2.1", 1700000000, "a.example");
	answer_end(c, 1, "");
}

static void
test_many_clients(void)
{
	const char	*p;
	int		 n = 0;

	CHECK(run(many_clients, "-j", "show", "clients") == 0);
	for (p = out; (p = strstr(p, "\"queue\":")) != NULL; p++)
		n++;
	CHECK(n == MANY);
	HAS(out, "}]}\n");
}

/* ---- show neighbours ----------------------------------------------------- */

static int
widest_line(const char *text)
{
	int	 len, widest = 0;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = (int)strcspn(text, "\n");
		widest = len > widest ? len : widest;
	}
	return (widest);
}

static void
test_neighbours(void)
{
	CHECK(run(neighbours, "show", "neighbours") == 0);
	IS(complaint, "");
	HAS(out, "NEIGHBOUR                         STATE      SINCE\n"
	    "  LINKS                USERS  MESSAGES IN  MESSAGES OUT  REFUSED"
	    "  NEXT DIAL\n"
	    "b.example                         linked     "
	    "2023-11-14 22:13:20 (");
	HAS(out, ")\n"
	    "  dialled, accepted 1     41         1234           567        3"
	    "  -\n"
	    "chat.c.example:8443               waiting    -\n"
	    "  -                        0            0             0        0"
	    "  in 5s\n"
	    "  last error: connect: Connection refused\n");
	CHECK(widest_line(out) <= 80);
	CHECK(run(neighbours, "sh", "n") == 0);
	HAS(out, "b.example");
	CHECK(run(nothing, "show", "neighbours") == 0);
	IS(out, "");
}

static void
test_neighbours_json(void)
{
	CHECK(run(neighbours, "-j", "show", "neighbours") == 0);
	IS(complaint, "");
	IS(out, "{\"neighbours\":["
	    "{\"name\":\"b.example\",\"state\":\"linked\","
	    "\"since\":1700000000,\"dialled\":1,\"accepted\":1,\"users\":41,"
	    "\"messages_in\":1234,\"messages_out\":567,"
	    "\"updates_in\":8,\"updates_out\":9,"
	    "\"refused\":3,\"keys_refused\":2,"
	    "\"next_dial\":null,\"error\":null},"
	    "{\"name\":\"chat.c.example:8443\",\"state\":\"waiting\","
	    "\"since\":null,\"dialled\":0,\"accepted\":0,\"users\":0,"
	    "\"messages_in\":0,\"messages_out\":0,"
	    "\"updates_in\":0,\"updates_out\":0,"
	    "\"refused\":0,\"keys_refused\":0,"
	    "\"next_dial\":5,\"error\":\"connect: Connection refused\"}"
	    "]}\n");
	CHECK(run(nothing, "-j", "show", "neighbours") == 0);
	IS(out, "{\"neighbours\":[]}\n");
}

/* Each state, and which links there may be. */
static void
states(struct chan *c, struct imsg *imsg)
{
	struct msg_ctl_neighbour	 m;

	(void)imsg;
	memset(&m, 0, sizeof(m));
	strlcpy(m.name, "x", sizeof(m.name));
	m.state = MSG_NEIGHBOUR_LINKED;
	m.dialled = 1;
	answer_neighbour(c, &m);
	m.dialled = 0;
	m.accepted = 2;
	answer_neighbour(c, &m);
	m.accepted = 0;
	m.state = MSG_NEIGHBOUR_DIALLING;
	answer_neighbour(c, &m);
	m.state = MSG_NEIGHBOUR_DROPPED;
	m.next_dial = 90;
	answer_neighbour(c, &m);
	answer_end(c, 1, "");
}

static void
test_neighbour_states(void)
{
	CHECK(run(states, "show", "neighbours") == 0);
	HAS(out, "  linked     -\n  dialled                  0 ");
	HAS(out, "  linked     -\n  accepted 2               0 ");
	HAS(out, "  dialling   -\n  -                        0 ");
	HAS(out, "  dropped    -\n  -                        0 ");
	HAS(out, "  in 1m 30s\n");
	CHECK(run(states, "-j", "show", "neighbours") == 0);
	HAS(out, "\"state\":\"dialling\"");
	HAS(out, "\"state\":\"dropped\"");
}

/* ---- stats --------------------------------------------------------------- */

static void
test_stats(void)
{
	CHECK(run(stats, "show", "stats") == 0);
	IS(complaint, "");
	IS(out, "a.b.c                                 1\n"
	    "a.b.d                                 2\n"
	    "a.bb                                  3\n"
	    "front.bytes_in     18446744073709551615\n"
	    "front.open                           12\n"
	    "refusals.bad_json                     3\n"
	    "refusals.replayed                     0\n"
	    "uptime                               99\n");
	CHECK(run(stats, "-j", "show", "stats") == 0);
	IS(out, "{\"a\":{\"b\":{\"c\":1,\"d\":2},\"bb\":3},"
	    "\"front\":{\"bytes_in\":18446744073709551615,\"open\":12},"
	    "\"refusals\":{\"bad_json\":3,\"replayed\":0},\"uptime\":99}\n");
	CHECK(run(nothing, "-j", "show", "stats") == 0);
	IS(out, "{}\n");
}

static void
neighbour_stats(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_stat(c, "neighbours.configured", 3);
	answer_stat(c, "neighbours.linked", 2);
	answer_stat(c, "neighbours.repeated", 7);
	answer_stat(c, "neighbours.users", 41);
	answer_end(c, 1, "");
}

/* Which of them go down as well as up. */
static void
test_neighbour_metrics(void)
{
	CHECK(run(neighbour_stats, "show", "metrics") == 0);
	IS(out, "# TYPE olafd_neighbours_configured gauge\n"
	    "olafd_neighbours_configured 3\n"
	    "# TYPE olafd_neighbours_linked gauge\n"
	    "olafd_neighbours_linked 2\n"
	    "# TYPE olafd_neighbours_repeated counter\n"
	    "olafd_neighbours_repeated_total 7\n"
	    "# TYPE olafd_neighbours_users gauge\n"
	    "olafd_neighbours_users 41\n"
	    "# EOF\n");
}

static void
test_metrics(void)
{
	CHECK(run(stats, "show", "metrics") == 0);
	IS(complaint, "");
	IS(out, "# TYPE olafd_a_b_c counter\n"
	    "olafd_a_b_c_total 1\n"
	    "# TYPE olafd_a_b_d counter\n"
	    "olafd_a_b_d_total 2\n"
	    "# TYPE olafd_a_bb counter\n"
	    "olafd_a_bb_total 3\n"
	    "# TYPE olafd_front_bytes_in counter\n"
	    "olafd_front_bytes_in_total 18446744073709551615\n"
	    "# TYPE olafd_front_open gauge\n"
	    "olafd_front_open 12\n"
	    "# TYPE olafd_refusals counter\n"
	    "olafd_refusals_total{code=\"bad_json\"} 3\n"
	    "olafd_refusals_total{code=\"replayed\"} 0\n"
	    "# TYPE olafd_uptime counter\n"
	    "olafd_uptime_total 99\n"
	    "# EOF\n");
}

/* ---- what changes something ---------------------------------------------- */

/* Refuses with what it was asked, to be seen in the complaint. */
static void
mirror_kick(struct chan *c, struct imsg *imsg)
{
	struct msg_ctl_kick	 m;
	struct ibuf		 b;
	char			 text[512];

	if (imsg_get_type(imsg) != MSG_CTL_KICK ||
	    imsg_get_ibuf(imsg, &b) == -1 || msg_ctl_kick_get(&b, &m) == -1)
		errx(1, "no KICK");
	snprintf(text, sizeof(text), "<%s> <%s>", m.fingerprint, m.reason);
	answer_end(c, 0, text);
}

static void
test_kick(void)
{
	CHECK(run(mirror_kick, "kick", FP) == 1);
	IS(complaint, "olafctl: <" FP "> <>\n");
	IS(out, "");
	CHECK(run(mirror_kick, "kick", FP, "be", "kind", "-x") == 1);
	IS(complaint, "olafctl: <" FP "> <be kind -x>\n");
	CHECK(run(mirror_kick, "-j", "kick", "x") == 1);
	IS(complaint, "olafctl: <x> <>\n");
	IS(out, "{\"ok\":false,\"error\":\"<x> <>\"}\n");
	CHECK(run(nothing, "kick", FP) == 0);
	IS(out, "");
	IS(complaint, "");
	CHECK(run(nothing, "-j", "kick", FP) == 0);
	IS(out, "{\"ok\":true}\n");
}

/* Refuses with the name that it was asked about. */
static void
mirror_name(struct chan *c, struct imsg *imsg)
{
	struct ibuf	 b;
	char		 name[304], text[512];

	if (imsg_get_ibuf(imsg, &b) == -1 ||
	    msg_get_string(&b, name, sizeof(name)) == -1 ||
	    msg_get_end(&b) == -1)
		errx(1, "no name");
	snprintf(text, sizeof(text), "%s <%s>",
	    imsg_get_type(imsg) == MSG_CTL_DIAL ? "dial" :
	    imsg_get_type(imsg) == MSG_CTL_DROP ? "drop" : "?", name);
	answer_end(c, 0, text);
}

static void
test_dial_drop(void)
{
	char	 name[305], should[512];

	CHECK(run(mirror_name, "dial", "b.example") == 1);
	IS(complaint, "olafctl: dial <b.example>\n");
	IS(out, "");
	CHECK(run(mirror_name, "-j", "dr", "b.example:8443") == 1);
	IS(complaint, "olafctl: drop <b.example:8443>\n");
	IS(out, "{\"ok\":false,\"error\":\"drop <b.example:8443>\"}\n");
	CHECK(run(nothing, "dial", "b.example") == 0);
	IS(out, "");
	IS(complaint, "");
	CHECK(run(nothing, "-j", "drop", "b.example") == 0);
	IS(out, "{\"ok\":true}\n");
	memset(name, 'x', sizeof(name));
	name[303] = '\0';
	CHECK(run(mirror_name, "dial", name) == 1);
	snprintf(should, sizeof(should), "olafctl: dial <%s>\n", name);
	IS(complaint, should);
}

static void
mirror_log(struct chan *c, struct imsg *imsg)
{
	struct ibuf	 b;
	int		 flag;

	if (imsg_get_type(imsg) != MSG_CTL_LOG ||
	    imsg_get_ibuf(imsg, &b) == -1 || msg_flag_only_get(&b, &flag) == -1)
		errx(1, "no LOG");
	answer_end(c, 0, flag ? "more" : "less");
}

static void
test_log(void)
{
	CHECK(run(mirror_log, "log", "verbose") == 1);
	IS(complaint, "olafctl: more\n");
	CHECK(run(mirror_log, "l", "b") == 1);
	IS(complaint, "olafctl: less\n");
	CHECK(run(nothing, "-j", "log", "brief") == 0);
	IS(out, "{\"ok\":true}\n");
}

static void
bad_reload(struct chan *c, struct imsg *imsg)
{
	expect(imsg, MSG_CTL_RELOAD);
	answer_end(c, 0, "olafd.conf:1: unknown word \"x\"\n"
	    "olafd.conf:9: syntax error\n");
}

static void
test_reload(void)
{
	CHECK(run(bad_reload, "reload") == 1);
	IS(complaint, "olafctl: olafd.conf:1: unknown word \"x\"\n"
	    "olafctl: olafd.conf:9: syntax error\n");
	IS(out, "");
	CHECK(run(bad_reload, "-j", "reload") == 1);
	IS(out, "{\"ok\":false,\"error\":\"olafd.conf:1: unknown word "
	    "\\\"x\\\"\\nolafd.conf:9: syntax error\\n\"}\n");
	CHECK(run(nothing, "reload") == 0);
	IS(complaint, "");
}

static void
refuse(struct chan *c, struct imsg *imsg)
{
	(void)imsg;
	answer_end(c, 0, "");
}

static void
test_refused_without_reason(void)
{
	CHECK(run(refuse, "-j", "reload") == 1);
	IS(complaint, "olafctl: refused\n");
	IS(out, "{\"ok\":false,\"error\":\"refused\"}\n");
}

/* Says that it stops, then takes its time, and leaves a trace when it goes. */
static void
slow_stop(struct chan *c, struct imsg *imsg)
{
	char	 trace[128];
	int	 fd;

	expect(imsg, MSG_CTL_STOP);
	answer_end(c, 1, "");
	chan_flush(c, TIMEOUT * 1000);
	poll(NULL, 0, 300);
	snprintf(trace, sizeof(trace), "%s.gone", path);
	if ((fd = open(trace, O_CREAT | O_WRONLY, 0600)) == -1)
		err(1, "%s", trace);
	_exit(0);
}

static void
test_stop(void)
{
	char	 trace[128];

	snprintf(trace, sizeof(trace), "%s.gone", path);
	CHECK(run(slow_stop, "stop") == 0);
	IS(complaint, "");
	CHECK(unlink(trace) == 0);
	CHECK(run(slow_stop, "-j", "stop") == 0);
	IS(out, "{\"ok\":true}\n");
	CHECK(unlink(trace) == 0);
}

static void
never_stop(struct chan *c, struct imsg *imsg)
{
	if (imsg_get_type(imsg) == MSG_CTL_STOP)
		answer_end(c, 1, "");
}

static void
test_stop_takes_too_long(void)
{
	CHECK(run(never_stop, "-j", "stop") == 1);
	IS(complaint, "olafctl: olafd is still there\n");
	IS(out, "{\"ok\":false,\"error\":\"olafd is still there\"}\n");
}

/* ---- what a terminal would obey ------------------------------------------ */

#define NASTY	"a\033[2Jb\xc2\x9b""c\xe2\x80\xae\xff\"\\\nd"

static void
nasty_neighbour(struct chan *c, struct imsg *imsg)
{
	struct msg_ctl_neighbour	 m;

	(void)imsg;
	memset(&m, 0, sizeof(m));
	strlcpy(m.name, NASTY, sizeof(m.name));
	strlcpy(m.error, NASTY, sizeof(m.error));
	answer_neighbour(c, &m);
	answer_end(c, 1, "");
}

static void
nasty(struct chan *c, struct imsg *imsg)
{
	if (imsg_get_type(imsg) == MSG_CTL_SANDBOX)
		answer_process(c, ROLE_PARENT, 0, 1, NASTY, NASTY);
	else if (imsg_get_type(imsg) == MSG_CTL_CLIENTS)
		answer_client(c, NASTY, "192.0.2.1", UINT64_MAX, NASTY);
	answer_end(c, imsg_get_type(imsg) == MSG_CTL_CLIENTS, NASTY);
}

static int
is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text != '\n' && (*text < ' ' || *text > '~'))
			return (0);
	return (1);
}

static void
test_nasty_text(void)
{
	CHECK(run(nasty, "show", "sandbox") == 1);
	CHECK(is_clean(out) && is_clean(complaint));
	HAS(out, "user          a\\033[2Jb");
	HAS(complaint, "\nolafctl: d\n");
	CHECK(run(nasty, "show", "clients") == 0);
	CHECK(is_clean(out));
	HAS(out, "\n  -   ");		/* no time is that late */
	CHECK(run(nasty, "-j", "show", "sandbox") == 1);
	CHECK(is_clean(out) && is_clean(complaint));
	HAS(out, "\"user\":\"a\\\\033[2Jb\\\\302\\\\233c");
	CHECK(run(nasty_neighbour, "show", "neighbours") == 0);
	CHECK(is_clean(out));
	HAS(out, "\na\\033[2Jb");
	HAS(out, "  last error: a\\033[2Jb");
	CHECK(run(nasty_neighbour, "-j", "show", "neighbours") == 0);
	CHECK(is_clean(out));
	HAS(out, "\"error\":\"a\\\\033[2Jb");
}

/* ---- without olafd ------------------------------------------------------- */

static void
test_usage(void)
{
	CHECK(run(NULL, NULL) == 2);
	HAS(complaint, "olafctl: word missing\n");
	HAS(complaint, "  show ");
	CHECK(run(NULL, "shop") == 2);
	HAS(complaint, "olafctl: unknown word: shop\n");
	CHECK(run(NULL, "s") == 2);
	HAS(complaint, "olafctl: ambiguous word: s\n");
	CHECK(run(NULL, "show", "stats", "more") == 2);
	HAS(complaint, "olafctl: too many words: more\n");
	CHECK(run(NULL, "dial", "") == 2);
	IS(complaint, "olafctl: no neighbour's name: \n");
	CHECK(run(NULL, "drop") == 2);
	IS(complaint, "olafctl: word missing\n"
	    "valid here:\n"
	    "  NAME                      the neighbour's address\n");
	CHECK(run(NULL, "-x") == 2);
	HAS(complaint, "usage: olafctl");
	CHECK(run(NULL, "help") == 0);
	IS(complaint, "");
	HAS(out, "usage: olafctl");
	HAS(out, "kick FINGERPRINT [REASON]");
	HAS(out, "dial NAME  ");
	CHECK(run(NULL, "-h") == 0);
	HAS(out, "usage: olafctl");
}

int
main(void)
{
	prepare();
	RUN(test_show);
	RUN(test_show_json);
	RUN(test_show_no_processes);
	RUN(test_sandbox);
	RUN(test_clients);
	RUN(test_clients_words);
	RUN(test_clients_json);
	RUN(test_many_clients);
	RUN(test_neighbours);
	RUN(test_neighbours_json);
	RUN(test_neighbour_states);
	RUN(test_stats);
	RUN(test_metrics);
	RUN(test_neighbour_metrics);
	RUN(test_kick);
	RUN(test_dial_drop);
	RUN(test_log);
	RUN(test_reload);
	RUN(test_refused_without_reason);
	RUN(test_stop);
	RUN(test_stop_takes_too_long);
	RUN(test_nasty_text);
	RUN(test_usage);
	return (test_done());
}
