/*
 * Asks a running olafd: one message goes out, others come back until one says
 * that it was the last.
 */

#include "compat.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <err.h>
#include <errno.h>
#include <event.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "chan.h"
#include "msg_ctl.h"
#include "msg_files.h"
#include "request.h"
#include "stats.h"

#define ANSWER_TIMEOUT	60	/* seconds of silence */
#define STOP_TIMEOUT	10	/* seconds for olafd to go once it said so */

#define SUMMARY		(1 << 0)
#define PROCESS		(1 << 1)
#define CLIENT		(1 << 2)
#define STAT		(1 << 3)
#define NEIGHBOUR	(1 << 4)
#define EVENT		(1 << 5)
#define STORE		(1 << 6)

struct request {
	enum msg_type	 type;
	int		 answers;	/* which may come before the END */
	void		(*put)(struct ibuf *, const struct command *);
};

static void	 put_clients(struct ibuf *, const struct command *);
static void	 put_kick(struct ibuf *, const struct command *);
static void	 put_neighbour(struct ibuf *, const struct command *);
static void	 put_log(struct ibuf *, const struct command *);

static const struct request requests[ACTION_MAX] = {
	[ACTION_SHOW] =	{ MSG_CTL_SHOW, SUMMARY | PROCESS, NULL },
	[ACTION_SHOW_CLIENTS] = { MSG_CTL_CLIENTS, CLIENT, put_clients },
	[ACTION_SHOW_NEIGHBOURS] = { MSG_CTL_NEIGHBOURS, NEIGHBOUR, NULL },
	[ACTION_SHOW_FILES] = { MSG_CTL_FILES, STORE, NULL },
	[ACTION_SHOW_STATS] = { MSG_CTL_STATS, STAT, NULL },
	[ACTION_SHOW_METRICS] = { MSG_CTL_STATS, STAT, NULL },
	[ACTION_SHOW_SANDBOX] = { MSG_CTL_SANDBOX, PROCESS, NULL },
	[ACTION_MONITOR] = { MSG_CTL_MONITOR, EVENT, NULL },
	[ACTION_KICK] = { MSG_CTL_KICK, 0, put_kick },
	[ACTION_DIAL] = { MSG_CTL_DIAL, 0, put_neighbour },
	[ACTION_DROP] = { MSG_CTL_DROP, 0, put_neighbour },
	[ACTION_LOG] = { MSG_CTL_LOG, 0, put_log },
	[ACTION_RELOAD] = { MSG_CTL_RELOAD, 0, NULL },
	[ACTION_STOP] = { MSG_CTL_STOP, 0, NULL },
};

/* The exchange under way. */
static struct {
	const struct command	*command;
	const struct output	*output;
	struct chan		*chan;
	struct event		 timer;
	int			 expected;	/* answers that may still come */
	int			 required;	/* and those that must */
	struct msg_ctl_end	 end;
	int			 stopping;	/* it said that it will go */
}		 now;

int
request_exists(enum action action)
{
	/* the first message type is none of olafctl's */
	return (requests[action].type != 0);
}

static void
put_clients(struct ibuf *b, const struct command *c)
{
	msg_ctl_clients_put(b, &c->clients);
}

static void
put_kick(struct ibuf *b, const struct command *c)
{
	msg_ctl_kick_put(b, &c->kick);
}

static void
put_neighbour(struct ibuf *b, const struct command *c)
{
	msg_put_string(b, c->neighbour);
}

static void
put_log(struct ibuf *b, const struct command *c)
{
	msg_put8(b, (uint8_t)c->verbose);
}

static void
wait_for(time_t seconds)
{
	struct timeval	 tv = { 0, 0 };

	tv.tv_sec = seconds;
	evtimer_add(&now.timer, &tv);
}

/* Events come when there are any: then silence is no fault. */
static void
wait_for_answer(void)
{
	if (now.command->action != ACTION_MONITOR)
		wait_for(ANSWER_TIMEOUT);
}

/*
 * Ends the exchange with what olafd said, or for a reason of our own.  Messages
 * behind the end are nobody's.
 */
static void
finish(int ok, const char *text)
{
	now.end.ok = ok;
	if (text != NULL)
		strlcpy(now.end.text, text, sizeof(now.end.text));
	chan_pause(now.chan);
	event_loopbreak();
}

static void
on_timeout(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	finish(0, now.stopping ? "olafd is still there" :
	    "no answer from olafd");
}

static int
take_summary(struct ibuf *b)
{
	struct msg_ctl_summary	 m;

	if (msg_ctl_summary_get(b, &m) == -1)
		return (-1);
	now.output->summary(&m);
	now.expected &= ~SUMMARY;
	now.required &= ~SUMMARY;
	return (0);
}

static int
take_process(struct ibuf *b)
{
	struct msg_process	 m;

	/* the summary, if any, comes first */
	if (msg_process_get(b, &m) == -1 || now.required & SUMMARY)
		return (-1);
	now.output->process(now.command->action, &m);
	return (0);
}

static int
take_client(struct ibuf *b)
{
	struct msg_ctl_client	 m;

	if (msg_ctl_client_get(b, &m) == -1)
		return (-1);
	now.output->client(&m);
	return (0);
}

static int
take_neighbour(struct ibuf *b)
{
	struct msg_ctl_neighbour	 m;

	if (msg_ctl_neighbour_get(b, &m) == -1)
		return (-1);
	now.output->neighbour(&m);
	return (0);
}

static int
take_store(struct ibuf *b)
{
	struct msg_files_state	 m;

	if (msg_files_state_get(b, &m) == -1)
		return (-1);
	now.output->store(&m);
	now.expected &= ~STORE;
	now.required &= ~STORE;
	return (0);
}

/* Each is seen at once, and there is nothing to lose at a ^C. */
static int
take_event(struct ibuf *b)
{
	struct msg_ctl_event	 m;

	if (msg_ctl_event_get(b, &m) == -1)
		return (-1);
	now.output->event(&m);
	if (fflush(stdout) == EOF) {
		/* whoever read has seen enough */
		if (errno == EPIPE)
			_exit(0);
		err(1, "stdout");
	}
	return (0);
}

static int
take_stat(struct ibuf *b)
{
	struct msg_ctl_stat	 m;

	if (msg_ctl_stat_get(b, &m) == -1)
		return (-1);
	return (stats_add(&m));
}

static int
print_stats(void)
{
	const struct msg_ctl_stat	*stats;
	size_t				 n;

	if ((stats = stats_sorted(&n)) == NULL)
		return (-1);
	now.output->stats(stats, n);
	return (0);
}

static int
take_end(struct ibuf *b)
{
	if (msg_ctl_end_get(b, &now.end) == -1)
		return (-1);
	if (!now.end.ok) {
		finish(0, now.end.text[0] == '\0' ? "refused" : NULL);
		return (0);
	}
	if (now.required != 0)
		return (-1);
	if (now.expected & STAT && print_stats() == -1)
		return (-1);
	now.expected = 0;
	if (now.command->action == ACTION_STOP) {
		now.stopping = 1;
		wait_for(STOP_TIMEOUT);
	} else
		finish(1, NULL);
	return (0);
}

static int
take(uint32_t type, struct ibuf *b)
{
	switch (type) {
	case MSG_CTL_SUMMARY:
		return (now.expected & SUMMARY ? take_summary(b) : -1);
	case MSG_CTL_PROCESS:
		return (now.expected & PROCESS ? take_process(b) : -1);
	case MSG_CTL_CLIENT:
		return (now.expected & CLIENT ? take_client(b) : -1);
	case MSG_CTL_NEIGHBOUR:
		return (now.expected & NEIGHBOUR ? take_neighbour(b) : -1);
	case MSG_CTL_EVENT:
		return (now.expected & EVENT ? take_event(b) : -1);
	case MSG_CTL_STORE:
		return (now.expected & STORE ? take_store(b) : -1);
	case MSG_CTL_STAT:
		return (now.expected & STAT ? take_stat(b) : -1);
	case MSG_CTL_END:
		return (now.stopping ? -1 : take_end(b));
	default:
		return (-1);
	}
}

static void
on_message(struct chan *c, struct imsg *imsg, void *arg)
{
	const struct msg_rule	*rule;
	struct ibuf		 b;

	(void)arg;
	if (imsg == NULL) {
		finish(now.stopping, now.stopping ? NULL :
		    "olafd closed the connection");
		return;
	}
	if (imsg_get_ibuf(imsg, &b) == -1)
		memset(&b, 0, sizeof(b));
	wait_for_answer();
	if (take(imsg_get_type(imsg), &b) == -1) {
		rule = msgrules_find(imsg_get_type(imsg));
		chan_breach(c, rule != NULL ? rule->name : "unknown");
	}
}

static int
connect_to(const char *path)
{
	struct sockaddr_un	 sun;
	int			 fd;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path))
		errx(1, "%s: name too long for a socket", path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM, 0)) == -1)
		err(1, "socket");
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return (fd);
	if (errno == ENOENT || errno == ECONNREFUSED)
		errx(1, "%s: no olafd listens there", path);
	err(1, "%s", path);
}

static void
send_request(void)
{
	const struct request	*r = &requests[now.command->action];
	struct ibuf		*b;

	b = chan_open(now.chan, r->type, 0);
	if (r->put != NULL)
		r->put(b, now.command);
	chan_close(now.chan, b);
}

/* Works even while stdout is blocked: the way to end monitor. */
static void
on_interrupt(int sig)
{
	(void)sig;
	_exit(0);
}

int
request_run(const struct command *command, const struct output *output,
    const char *path)
{
	int	 fd;

	now.command = command;
	now.output = output;
	now.expected = requests[command->action].answers;
	now.required = now.expected & (SUMMARY | STORE);
	if (command->action == ACTION_MONITOR)
		signal(SIGINT, on_interrupt);
	fd = connect_to(path);
	if (event_init() == NULL)
		errx(1, "event_init");
	if (pledge("stdio", NULL) == -1)
		err(1, "pledge");
	chan_init(ROLE_CTL);
	chan_set_phase(PHASE_RUNNING);
	now.chan = chan_new(fd, ROLE_RELAY, 0, on_message, NULL);
	evtimer_set(&now.timer, on_timeout, NULL);
	wait_for_answer();
	send_request();
	if (event_dispatch() == -1)
		err(1, "event loop");
	chan_free(now.chan);
	if (!now.end.ok)
		output_error(now.end.text);
	output->finish(command->action, &now.end);
	return (now.end.ok ? 0 : 1);
}
