/*
 * The text of our client_update.
 */

#include "compat.h"

#include "msgrules.h"
#include "relay.h"
#include "text.h"
#include "update.h"

static struct text	text;
static uint64_t		made;		/* the version that it is of */

/* Who does not fit into a message between our processes is left out. */
static int
update_full(const struct presence *p)
{
	static int	said;

	if (text.len + 2 * p->pemlen + 16 <= MSG_TEXT_MAX)
		return (0);
	if (!said)
		log_warnx("client_update: too long, neighbours do not hear of "
		    "all users");
	said = 1;
	return (1);
}

static void
update_make(void)
{
	const struct presence	*p;

	text.len = 0;
	TEXT_ADD(&text, "{\"type\":\"client_update\",\"clients\":[");
	TAILQ_FOREACH(p, &relay_table.here.users, entry) {
		if (update_full(p))
			break;
		if (p != TAILQ_FIRST(&relay_table.here.users))
			TEXT_ADD(&text, ",");
		text_add_string(&text, p->pem, p->pemlen);
	}
	TEXT_ADD(&text, "]}");
}

const char *
update_text(uint64_t version, size_t *len)
{
	if (version != made)
		update_make();
	made = version;
	*len = text.len;
	return (text.p);
}
