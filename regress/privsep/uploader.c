/*
 * Stands in for a front and does with files what it is told to: commands with a
 * semicolon behind each, whose outcome goes to the log.  One that has an answer
 * waits for it, unless a minus leads it.
 *
 *	upload n hint		commit n size name [type]	download n id|last
 *	more n			abort n
 *	barrier			all before has been seen by olaf-files
 *	write n from octets	read n	map n	truncate n size	grow n size
 *	raise			the limit to the size of files
 *	flood n count		so many uploads, from that number on
 *	race n count		so many commits, and then an abort of each
 *	deaf count		so many requests, without reading the answers
 *	hangup
 *
 * In a name or type %xx is an octet, and % alone is "".
 */

/* link: regress/lib/standin.o */

#include "compat.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "msg_files.h"
#include "octet.h"
#include "regress/lib/standin.h"

#define TRANSFERS	4096
#define BARRIER		999999	/* the number of its transfer */
#define DEAF_SECONDS	3

enum wait {
	WAIT_NOTHING,
	WAIT_ANSWER,		/* about the number */
	WAIT_MANY,		/* so many answers */
	WAIT_TIME
};

static char		*commands;
static struct chan	*files;
static int		 fds[TRANSFERS];
static uint8_t		 last_id[MSG_FILE_ID_LEN];
static enum wait	 waiting;
static uint64_t		 number;
static unsigned int	 missing, nready, nfailed;
static int		 quiet;		/* answers are only counted */
static struct event	 race_event, deaf_event;
static uint64_t		 race_first, race_end;

static void	step(void);

/* ---- arguments --------------------------------------------------------------- */

static char *
word(char **args)
{
	char	*w;

	while ((w = strsep(args, " ")) != NULL && *w == '\0')
		;
	if (w == NULL)
		fatalx("uploader: an argument is missing");
	return (w);
}

static uint64_t
value(char **args)
{
	return (strtoull(word(args), NULL, 10));
}

static int *
descriptor(char **args)
{
	uint64_t	n = value(args);

	if (n >= TRANSFERS)
		fatalx("uploader: transfer %" PRIu64, n);
	return (&fds[n]);
}

/* The octets that the word stands for.  Returns their number. */
static size_t
unescape(const char *w, char *octets)
{
	size_t	n = 0;

	if (strcmp(w, "%") == 0)
		return (0);
	for (; *w != '\0'; w++) {
		octets[n] = *w;
		if (*w == '%') {
			octets[n] = (char)(octet_hex(w[1]) << 4 |
			    octet_hex(w[2]));
			w += 2;
		}
		n++;
	}
	return (n);
}

/* ---- messages -------------------------------------------------------------------- */

static void
send_number(enum msg_type type, uint64_t n)
{
	struct ibuf	*b = chan_open(files, type, 8);

	msg_put64(b, n);
	chan_close(files, b);
}

static void
send_upload(uint64_t n, uint64_t hint)
{
	struct msg_upload	 m = { n, hint };
	struct ibuf		*b = chan_open(files, MSG_UPLOAD, 16);

	msg_upload_put(b, &m);
	chan_close(files, b);
}

static void
put_octets(struct ibuf *b, const char *w)
{
	char	octets[4096];
	size_t	n = unescape(w, octets);

	msg_put16(b, (uint16_t)n);
	msg_put_bytes(b, octets, n);
}

static void
send_commit(uint64_t n, uint64_t size, const char *name, const char *type)
{
	struct ibuf	*b = chan_open(files, MSG_UPLOAD_COMMIT, 0);

	msg_put64(b, n);
	msg_put64(b, size);
	put_octets(b, name);
	put_octets(b, type);
	chan_close(files, b);
}

static void
send_download(uint64_t n, const uint8_t *id)
{
	struct msg_file_id	 m;
	struct ibuf		*b = chan_open(files, MSG_DOWNLOAD, 24);

	m.number = n;
	memcpy(m.id, id, sizeof(m.id));
	msg_file_id_put(b, &m);
	chan_close(files, b);
}

static void
wait_for(uint64_t n)
{
	waiting = WAIT_ANSWER;
	number = n;
}

static void
barrier(void)
{
	static const uint8_t	nothing[MSG_FILE_ID_LEN];

	send_download(BARRIER, nothing);
	wait_for(BARRIER);
}

/* ---- commands ---------------------------------------------------------------------- */

static void
run_upload(char **args)
{
	uint64_t	n = value(args);

	send_upload(n, value(args));
	wait_for(n);
}

static void
run_commit(char **args)
{
	uint64_t	 n = value(args), size = value(args);
	char		*name = word(args);

	send_commit(n, size, name, *args != NULL ? word(args) : "%");
	wait_for(n);
}

static void
run_download(char **args)
{
	uint64_t	 n = value(args);
	uint8_t		 id[MSG_FILE_ID_LEN];
	char		*w = word(args);
	int		 i;

	if (strcmp(w, "last") == 0)
		memcpy(id, last_id, sizeof(id));
	else
		for (i = 0; i < MSG_FILE_ID_LEN; i++)
			id[i] = (uint8_t)(octet_hex(w[2 * i]) << 4 |
			    octet_hex(w[2 * i + 1]));
	send_download(n, id);
	wait_for(n);
}

static void
run_more(char **args)
{
	send_number(MSG_UPLOAD_MORE, value(args));
}

static void
run_abort(char **args)
{
	send_number(MSG_UPLOAD_ABORT, value(args));
}

static void
run_barrier(char **args)
{
	(void)args;
	barrier();
}

static void
told(const char *what, long long result)
{
	if (result == -1)
		log_info("uploader: %s: %s", what, strerror(errno));
	else
		log_info("uploader: %s: %lld", what, result);
}

static void
run_write(char **args)
{
	static char	octets[1024 * 1024];
	int		fd = *descriptor(args);
	uint64_t	from = value(args), len = value(args);

	memset(octets, 'w', sizeof(octets));
	if (len > sizeof(octets))
		fatalx("uploader: write");
	told("write", pwrite(fd, octets, len, (off_t)from));
}

static void
run_read(char **args)
{
	char	octets[64];
	ssize_t	n = pread(*descriptor(args), octets, sizeof(octets), 0);

	told("read", n);
	if (n > 0 && memcmp(octets, "www", n < 3 ? (size_t)n : 3) != 0)
		log_info("uploader: read: something else");
}

static void
run_map(char **args)
{
	void	*p = mmap(NULL, 4096, PROT_READ, MAP_SHARED,
		    *descriptor(args), 0);

	told("map", p == MAP_FAILED ? -1 : 0);
}

static void
run_truncate(char **args)
{
	int	fd = *descriptor(args);

	told("truncate", ftruncate(fd, (off_t)value(args)));
}

static void
run_grow(char **args)
{
	int	fd = *descriptor(args);

	told("grow", fallocate(fd, 0, 0, (off_t)value(args)));
}

static void
run_raise(char **args)
{
	struct rlimit	rl;

	(void)args;
	if (getrlimit(RLIMIT_FSIZE, &rl) == -1)
		fatal("getrlimit");
	log_info("uploader: limit: %llu", (unsigned long long)rl.rlim_cur);
	rl.rlim_cur = rl.rlim_max = RLIM_INFINITY;
	told("raise", setrlimit(RLIMIT_FSIZE, &rl));
}

static void
count_answers(unsigned int n)
{
	quiet = 1;
	waiting = WAIT_MANY;
	missing = n;
	nready = nfailed = 0;
}

static void
run_flood(char **args)
{
	uint64_t	n = value(args), end = n + value(args);

	count_answers((unsigned int)(end - n));
	for (; n < end; n++)
		send_upload(n, 0);
}

static void
race_abort(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	for (; race_first < race_end; race_first++)
		send_number(MSG_UPLOAD_ABORT, race_first);
	barrier();
}

static void
run_race(char **args)
{
	struct timeval	tv = { 0, 0 };
	uint64_t	n;

	race_first = value(args);
	race_end = race_first + value(args);
	for (n = race_first; n < race_end; n++)
		send_commit(n, 0, "race", "%");
	evtimer_set(&race_event, race_abort, NULL);
	evtimer_add(&race_event, &tv);
	waiting = WAIT_TIME;
}

static void
deaf_end(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	/* all that was sent has been taken only if nobody minds the queue */
	log_info("uploader: deaf: %s", chan_queued(files) == 0 ? "all taken" :
	    "held back");
	chan_resume(files);
}

static void
run_deaf(char **args)
{
	static const uint8_t	nothing[MSG_FILE_ID_LEN];
	struct timeval		tv = { DEAF_SECONDS, 0 };
	uint64_t		n, count = value(args);

	chan_pause(files);
	count_answers((unsigned int)count);
	for (n = 0; n < count; n++)
		send_download(n, nothing);
	evtimer_set(&deaf_event, deaf_end, NULL);
	evtimer_add(&deaf_event, &tv);
}

static void
run_hangup(char **args)
{
	(void)args;
	shutdown(chan_fd(files), SHUT_RDWR);
}

static const struct {
	const char	*name;
	void		(*run)(char **);
} table[] = {
	{ "upload",	run_upload },
	{ "commit",	run_commit },
	{ "download",	run_download },
	{ "more",	run_more },
	{ "abort",	run_abort },
	{ "barrier",	run_barrier },
	{ "write",	run_write },
	{ "read",	run_read },
	{ "map",	run_map },
	{ "truncate",	run_truncate },
	{ "grow",	run_grow },
	{ "raise",	run_raise },
	{ "flood",	run_flood },
	{ "race",	run_race },
	{ "deaf",	run_deaf },
	{ "hangup",	run_hangup },
};

static void
command(char *args)
{
	char	*name = word(&args);
	size_t	 i;
	int	 on = *name == '-';

	for (i = 0; i < nitems(table); i++)
		if (strcmp(table[i].name, name + on) == 0)
			break;
	if (i == nitems(table))
		fatalx("uploader: unknown: %s", name);
	table[i].run(&args);
	if (on)
		waiting = WAIT_NOTHING;
}

static void
step(void)
{
	char	*one;

	waiting = WAIT_NOTHING;
	while (waiting == WAIT_NOTHING) {
		if ((one = strsep(&commands, ";")) == NULL) {
			log_info("uploader: done");
			waiting = WAIT_TIME;
			return;
		}
		command(one);
	}
}

/* ---- answers ------------------------------------------------------------------------- */

static void
keep_fd(uint64_t n, int fd)
{
	if (quiet || n >= TRANSFERS)
		close(fd);
	else
		fds[n] = fd;
}

static uint64_t
heard_ready(struct chan *c, struct ibuf *b)
{
	uint64_t	n;

	if (msg_id_only_get(b, &n) == -1)
		fatalx("UPLOAD_READY");
	keep_fd(n, chan_take_fd(c));
	nready++;
	if (!quiet)
		log_info("uploader: %" PRIu64 ": ready", n);
	return (n);
}

static uint64_t
heard_stored(struct ibuf *b)
{
	struct msg_file_id	m;

	if (msg_file_id_get(b, &m) == -1)
		fatalx("UPLOAD_STORED");
	memcpy(last_id, m.id, sizeof(last_id));
	log_info("uploader: %" PRIu64 ": stored", m.number);
	return (m.number);
}

static uint64_t
heard_download(struct chan *c, struct ibuf *b)
{
	struct msg_download_ready	m;

	if (msg_download_ready_get(b, &m) == -1)
		fatalx("DOWNLOAD_READY");
	keep_fd(m.number, chan_take_fd(c));
	log_info("uploader: %" PRIu64 ": %" PRIu64 " octets of %s", m.number,
	    m.size, m.name);
	return (m.number);
}

static uint64_t
heard_failed(struct ibuf *b)
{
	struct msg_file_failed	m;

	if (msg_file_failed_get(b, &m) == -1)
		fatalx("FILE_FAILED");
	nfailed++;
	if (!quiet && m.number != BARRIER)
		log_info("uploader: %" PRIu64 ": failed %u", m.number,
		    m.status);
	else if (quiet && m.status != 503 && m.status != 404)
		log_info("uploader: failed %u", m.status);
	return (m.number);
}

static void
heard(struct chan *c, struct imsg *imsg)
{
	struct ibuf	b;
	uint64_t	n = 0;

	if (c != files)
		return;
	child_ibuf(imsg, &b);
	switch (imsg_get_type(imsg)) {
	case MSG_UPLOAD_READY:
		n = heard_ready(c, &b);
		break;
	case MSG_UPLOAD_STORED:
		n = heard_stored(&b);
		break;
	case MSG_DOWNLOAD_READY:
		n = heard_download(c, &b);
		break;
	case MSG_FILE_FAILED:
		n = heard_failed(&b);
		break;
	default:
		return;
	}
	if (waiting == WAIT_MANY && --missing == 0) {
		log_info("uploader: %u ready, %u failed", nready, nfailed);
		quiet = 0;
		step();
	} else if (waiting == WAIT_ANSWER && n == number)
		step();
}

static void
start(void)
{
	size_t	i;

	for (i = 0; i < nitems(fds); i++)
		fds[i] = -1;
	if ((files = standin_peer(ROLE_FILES)) == NULL)
		fatalx("uploader: no channel to olaf-files");
	standin_hear(heard);
	step();
}

int
main(int argc, char *argv[], char *envp[])
{
	signal(SIGXFSZ, SIG_IGN);
	commands = strdup(standin_start(argc, argv, envp, start));
	if (commands == NULL)
		fatal("strdup");
	child_run();
}
