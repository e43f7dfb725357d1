/*
 * The inbox.
 */

#include "compat.h"

#include <sys/queue.h>

#include <event.h>
#include <stdlib.h>

#include "conn.h"
#include "helper.h"
#include "inbox.h"
#include "incoming.h"
#include "lists.h"

#define TURN		64	/* texts in a turn of the loop */
#define LIST_WAIT	5	/* seconds for a list that names a sender */

struct text {
	TAILQ_ENTRY(text)	 entry;
	char			*p;
	size_t			 len;
};

/* What the message in hand waits for. */
enum wait {
	WAIT_NOTHING,		/* none is in hand */
	WAIT_KEYS,
	WAIT_LIST
};

static TAILQ_HEAD(, text)	 texts = TAILQ_HEAD_INITIALIZER(texts);
static struct text		*unseen;	/* the first not looked at early */
static size_t			 octets;
static enum wait		 wait_for;
static int			 others_list;	/* of a list asked for before */
static int			 own_list;	/* we asked for one because of it */
static void			(*finished)(void);
static struct event		 run_event, list_event;

static void	 inbox_result(enum incoming);

static void
inbox_soon(void)
{
	struct timeval	tv = { 0, 0 };

	if (!evtimer_pending(&run_event, NULL))
		evtimer_add(&run_event, &tv);
}

static void
text_free(struct text *t)
{
	if (t == unseen)
		unseen = TAILQ_NEXT(t, entry);
	TAILQ_REMOVE(&texts, t, entry);
	octets -= t->len + sizeof(*t);
	free(t->p);
	free(t);
}

/*
 * One list that was asked for before may do, then one that is asked for because
 * of this message.
 */
static int
inbox_list_comes(void)
{
	if (finished != NULL)
		return (0);
	if (!others_list && lists_expected()) {
		others_list = 1;
		return (1);
	}
	if (own_list || !lists_request_own())
		return (0);
	return (own_list = 1);
}

/*
 * A list stands behind the message that waits for it: acts on the next text
 * that may be acted on before its turn.  Returns 1 if there was one.
 */
static int
inbox_look_ahead(void)
{
	struct text	*t;

	while ((t = unseen) != NULL) {
		unseen = TAILQ_NEXT(t, entry);
		if (incoming_early(t->p, t->len)) {
			text_free(t);
			return (1);
		}
	}
	return (0);
}

/* What is here already may do before anything is asked for. */
static void
inbox_unknown(void)
{
	struct timeval	tv = { LIST_WAIT, 0 };
	enum incoming	r = INCOMING_UNKNOWN;

	while (r == INCOMING_UNKNOWN && inbox_look_ahead())
		r = incoming_sender(0);
	if (r == INCOMING_UNKNOWN && !inbox_list_comes())
		r = incoming_sender(1);
	if (r != INCOMING_UNKNOWN) {
		inbox_result(r);
		return;
	}
	wait_for = WAIT_LIST;
	if (!evtimer_pending(&list_event, NULL))
		evtimer_add(&list_event, &tv);
}

static void
inbox_result(enum incoming r)
{
	switch (r) {
	case INCOMING_UNWRAP:
		wait_for = WAIT_KEYS;
		break;
	case INCOMING_UNKNOWN:
		inbox_unknown();
		break;
	case INCOMING_DONE:
	default:
		wait_for = WAIT_NOTHING;
		others_list = own_list = 0;
		evtimer_del(&list_event);
		break;
	}
}

static void
inbox_no_list(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	lists_missed();
	inbox_result(incoming_sender(1));
	inbox_soon();
}

static void
inbox_next(void)
{
	struct text	*t = TAILQ_FIRST(&texts);
	char		*p = t->p;
	size_t		 len = t->len;

	t->p = NULL;
	text_free(t);
	inbox_result(incoming_begin(p, len));
}

static void
inbox_run(int fd, short what, void *arg)
{
	void	(*done)(void);
	int	n;

	(void)fd;
	(void)what;
	(void)arg;
	if (wait_for == WAIT_LIST && inbox_look_ahead())
		inbox_result(incoming_sender(0));
	for (n = 0; n < TURN && wait_for == WAIT_NOTHING &&
	    !TAILQ_EMPTY(&texts) && !chan_behind(helper_olaf()); n++)
		inbox_next();
	if (n == TURN)
		inbox_soon();
	if (finished != NULL && wait_for == WAIT_NOTHING &&
	    TAILQ_EMPTY(&texts)) {
		done = finished;
		finished = NULL;
		done();
	}
	conn_flow();
}

void
inbox_init(void)
{
	evtimer_set(&run_event, inbox_run, NULL);
	evtimer_set(&list_event, inbox_no_list, NULL);
}

int
inbox_add(char *text, size_t len)
{
	struct text	*t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return (-1);
	t->p = text;
	t->len = len;
	octets += len + sizeof(*t);
	TAILQ_INSERT_TAIL(&texts, t, entry);
	if (unseen == NULL)
		unseen = t;
	inbox_soon();
	return (0);
}

size_t
inbox_octets(void)
{
	return (octets);
}

int
inbox_unwrapped(uint32_t number, struct msg_span keys)
{
	int	r;

	if (wait_for != WAIT_KEYS)
		return (0);
	if ((r = incoming_unwrapped(number, keys)) == -1)
		return (-1);
	inbox_result((enum incoming)r);
	inbox_soon();
	return (0);
}

void
inbox_go_on(void)
{
	inbox_soon();
}

void
inbox_finish(void (*done)(void))
{
	finished = done;
	if (wait_for == WAIT_LIST)
		inbox_result(incoming_sender(1));
	inbox_soon();
}

void
inbox_drop(void)
{
	struct text	*t;

	while ((t = TAILQ_FIRST(&texts)) != NULL)
		text_free(t);
	incoming_drop();
	finished = NULL;
	inbox_result(INCOMING_DONE);
}
