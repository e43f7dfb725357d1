/*
 * Refusals and strikes, see olaf-protocol(7).
 */

#include "compat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "monitor.h"
#include "fronts.h"
#include "link.h"
#include "refuse.h"
#include "relay.h"
#include "stats.h"
#include "websocket.h"

#define STRIKE_WINDOW	60	/* seconds */

static void
refuse_answer(struct client *c, enum refusal r, const struct message *m)
{
	char	text[512], counter[40] = "";
	int	n;

	if (m->has_counter)
		snprintf(counter, sizeof(counter), ",\"counter\":%" PRIu64,
		    m->counter);
	n = snprintf(text, sizeof(text),
	    "{\"type\":\"error\",\"error\":\"%s\",\"message\":\"%s\"%s}",
	    refusal_name(r), refusal_text(r), counter);
	if (n > 0 && (size_t)n < sizeof(text))
		fronts_deliver_one(c, text, (size_t)n);
}

/*
 * Notes a strike; returns 1 if it is one too many within a minute.  The ring
 * holds the times of the last so many: the one that is overwritten next is
 * the eldest.
 */
static int
refuse_strike(struct client *c)
{
	uint32_t	now = (uint32_t)(clock_ms() / 1000);
	uint32_t	max = relay_conf.strikes;

	if (c->strikes == NULL || c->maxstrikes != max) {
		free(c->strikes);
		if ((c->strikes = calloc(max, sizeof(*c->strikes))) == NULL)
			return (1);
		c->maxstrikes = max;
		c->nstrikes = 0;
	}
	c->strikes[c->nstrikes++ % max] = now;
	return (c->nstrikes >= max &&
	    now - c->strikes[c->nstrikes % max] < STRIKE_WINDOW);
}

/*
 * A neighbour is not answered; what it breaks beyond reading costs its link,
 * but not what a user wrote that it only forwards, being more lenient.
 */
static void
refuse_link(struct client *c, enum refusal r, const struct message *m)
{
	struct neighbour	*n = c->link->neighbour;

	n->counts.refused++;
	stats.links_refused++;
	if (r == REFUSE_REPLAYED) {
		n->counts.repeated++;
		stats.links_repeated++;
	}
	monitor_event("neighbour.refused", n->name, "%s", refusal_name(r));
	if (r == REFUSE_BAD_JSON && !m->data_is_string && !m->is_whole)
		link_close(c, refusal_name(r));
}

void
refuse(struct client *c, enum refusal r, const struct message *m, int strike)
{
	if (m->type == MESSAGE_SERVER_HELLO && r == REFUSE_BAD_SIGNATURE)
		r = REFUSE_NOT_A_SERVER;
	stats.refusals[r]++;
	log_debug("refused: %s", refusal_name(r));
	if (c->link != NULL) {
		refuse_link(c, r, m);
		return;
	}
	if (m->type == MESSAGE_SERVER_HELLO && r == REFUSE_NOT_A_SERVER)
		link_impostor(c, m);
	if (c->gone || c->closing)
		return;
	monitor_client("client.refused", c, refusal_name(r));
	if (relay_conf.error_replies)
		refuse_answer(c, r, m);
	if (strike && refuse_strike(c)) {
		stats.strikes_out++;
		fronts_close(c, WEBSOCKET_POLICY, refusal_name(r));
	}
}
