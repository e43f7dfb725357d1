/*
 * The text of client_list.
 */

#include "compat.h"

#include <event.h>
#include <stdlib.h>
#include <string.h>

#include "clientlist.h"
#include "clock.h"
#include "fronts.h"
#include "relay.h"
#include "stats.h"

#define PART		(64 * 1024)	/* octets that go to front in one message */

static struct clients	 waiting = TAILQ_HEAD_INITIALIZER(waiting);
static struct event	 timer;
static int		 timer_on;
static int		 stale = 1;
static int		 push;		/* somebody must hear of a change */
static uint64_t		 version;	/* of the text that the fronts have */
static int64_t		 built;		/* when; milliseconds */
static char		*text;
static size_t		 len, size;

static void
text_add(const char *p, size_t n)
{
	char	*new;
	size_t	 newsize = size == 0 ? 4096 : size;

	while (newsize < len + n)
		newsize *= 2;
	if (newsize != size) {
		if ((new = realloc(text, newsize)) == NULL)
			fatal("client_list");
		text = new;
		size = newsize;
	}
	memcpy(text + len, p, n);
	len += n;
}

/*
 * A string of printable characters and line ends: all that PEM and addresses
 * have.
 */
static void
text_add_string(const char *p, size_t n)
{
	size_t	i, from = 0;

	text_add("\"", 1);
	for (i = 0; i < n; i++)
		if (p[i] == '\n' || p[i] == '\r' || p[i] == '"' ||
		    p[i] == '\\') {
			text_add(p + from, i - from);
			text_add("\\", 1);
			text_add(p[i] == '\n' ? "n" : p[i] == '\r' ? "r" :
			    &p[i], 1);
			from = i + 1;
		}
	text_add(p + from, n - from);
	text_add("\"", 1);
}

static void
text_make(void)
{
	static const char	 head[] = "{\"type\":\"client_list\","
				    "\"servers\":[{\"address\":";
	static const char	 clients[] = ",\"clients\":[";
	const struct user	*u;

	len = 0;
	text_add(head, sizeof(head) - 1);
	text_add_string(relay_conf.address, strlen(relay_conf.address));
	text_add(clients, sizeof(clients) - 1);
	TAILQ_FOREACH(u, &table_users, entry) {
		if (u != TAILQ_FIRST(&table_users))
			text_add(",", 1);
		text_add_string(u->pem, u->pemlen);
	}
	text_add("]}]}", 4);
}

static void
clientlist_build(void)
{
	size_t	off, n;

	text_make();
	stats.lists_built++;
	version++;
	for (off = 0; off < len; off += n) {
		n = len - off < PART ? len - off : PART;
		fronts_list_part(version, off + n == len, text + off, n);
	}
	stale = 0;
	built = clock_ms();
}

static void
clientlist_wait(int64_t ms)
{
	struct timeval	tv;

	if (timer_on)
		return;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = (ms % 1000) * 1000;
	timer_on = 1;
	evtimer_add(&timer, &tv);
}

/* Is the text that the fronts have a good one, or is it time for a new one? */
static int
clientlist_ready(void)
{
	int64_t	age = clock_ms() - built;

	if (!stale)
		return (1);
	if (built != 0 && age < relay_conf.update_interval) {
		clientlist_wait(relay_conf.update_interval - age);
		return (0);
	}
	clientlist_build();
	return (1);
}

static void
clientlist_serve(void)
{
	struct client	*c;

	if ((TAILQ_EMPTY(&waiting) && !push) || !clientlist_ready())
		return;
	if (push)
		fronts_list_send(version, NULL);
	push = 0;
	while ((c = TAILQ_FIRST(&waiting)) != NULL) {
		TAILQ_REMOVE(&waiting, c, entry_list);
		c->list_waits = 0;
		fronts_list_send(version, c);
	}
}

static void
clientlist_timer(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	timer_on = 0;
	clientlist_serve();
}

void
clientlist_init(void)
{
	evtimer_set(&timer, clientlist_timer, NULL);
}

void
clientlist_changed(void)
{
	stale = 1;
	if (!relay_conf.push_client_list)
		return;
	push = 1;
	clientlist_wait(relay_conf.update_interval);
}

void
clientlist_joined(struct user *u)
{
	u->listed = version + 1;
	clientlist_changed();
}

void
clientlist_before(const struct user *u)
{
	if (!push || u->listed <= version)
		return;
	clientlist_build();
	clientlist_serve();
}

void
clientlist_ask(struct client *c)
{
	c->list_asked = 1;
	c->list_waits = 1;
	TAILQ_INSERT_TAIL(&waiting, c, entry_list);
	clientlist_serve();
}

void
clientlist_sent(struct client *c)
{
	if (!c->list_waits)
		c->list_asked = 0;
}

void
clientlist_forget(struct client *c)
{
	if (c->list_waits)
		TAILQ_REMOVE(&waiting, c, entry_list);
}
