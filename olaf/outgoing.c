/*
 * Messages of the user's, on their way out.
 */

#include "compat.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "compose.h"
#include "config.h"
#include "counter.h"
#include "outgoing.h"
#include "pending.h"
#include "seen.h"
#include "session.h"
#include "wire.h"

static int64_t	 sent_at;

int64_t
outgoing_last(void)
{
	return (sent_at);
}

static int
outgoing_text(char *text, size_t len, uint64_t counter, const char **why)
{
	if (text == NULL) {
		*why = errno == EMSGSIZE ? "the text is too long" :
		    errno == EILSEQ ? "the text is not UTF-8" : strerror(errno);
		return (-1);
	}
	wire_text(text, len);
	sent_at = clock_ms();
	if (pending_add(counter, wire_texts(), wire_listing() + 1))
		session_list();
	return (0);
}

/* Checks that we can send, and raises the counter. */
static int
outgoing_begin(uint64_t *counter, const char **why)
{
	if (!session_is_up()) {
		*why = "not connected";
		return (-1);
	}
	if (counter_next(counter) == -1) {
		*why = strerror(errno);
		return (-1);
	}
	return (0);
}

int
outgoing_public(const char *text, size_t len, uint64_t *counter,
    const char **why)
{
	size_t	 n;
	char	*message;

	if (outgoing_begin(counter, why) == -1)
		return (-1);
	message = compose_public(text, len, *counter, config.server.form, &n);
	return (outgoing_text(message, n, *counter, why));
}

int
outgoing_chat(struct user *const *to, size_t nto, const char *text,
    size_t len, uint64_t *counter, const char **why)
{
	struct compose_to	 tos[OUTGOING_TO_MAX];
	enum msg_form		 form = config.server.form;
	size_t			 i, n;
	char			*message;

	if (nto == 0 || nto > OUTGOING_TO_MAX) {
		*why = nto == 0 ? "to nobody" : "too many recipients";
		return (-1);
	}
	for (i = 0; i < nto; i++) {
		if (to[i]->server == NULL) {
			*why = "a recipient is not online";
			return (-1);
		}
		tos[i].key = &to[i]->key;
		tos[i].server = to[i]->server->address;
	}
	if (outgoing_begin(counter, why) == -1)
		return (-1);
	if (nto == 1)
		form = seen_form(to[0]->key.id, form);
	message = compose_chat(tos, nto, text, len, *counter, form,
	    config.server.aes, &n);
	return (outgoing_text(message, n, *counter, why));
}
