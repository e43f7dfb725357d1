/*
 * How a connection ended, for people, and when to come back.
 */

#include "compat.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clean.h"
#include "config.h"
#include "ending.h"
#include "websocket.h"

#define POLICY_WAIT	10	/* seconds, after we did what the server dislikes */
#define BUSY_WAIT	10
#define TAKEN_WAIT	5	/* after somebody took our place */
#define TAKEN_AGAIN	60	/* twice within so many seconds: give way */

static time_t	 taken_at;

void
ending_forget(void)
{
	taken_at = 0;
}

/* Somebody said hello with our key: twice in a row, and we let them. */
static int
taken_over(char *why, size_t size)
{
	time_t	now = time(NULL);
	int	again = taken_at != 0 && now - taken_at < TAKEN_AGAIN;

	taken_at = now;
	if (again) {
		strlcpy(why, "another olaf uses this identity, and took over "
		    "again: not coming back by itself", size);
		return (-1);
	}
	strlcpy(why, "another olaf with this identity took over", size);
	return (TAKEN_WAIT);
}

static int
closed(const struct msg_net_down *m, const char *text, char *why, size_t size)
{
	const char	*colon = text[0] != '\0' ? ": " : "";

	switch (m->code) {
	case WEBSOCKET_TAKEN_OVER:
		return (taken_over(why, size));
	case WEBSOCKET_KICKED:
		snprintf(why, size, "kicked by the administrator%s%s", colon,
		    text);
		return (-1);
	case WEBSOCKET_GOING_AWAY:
		strlcpy(why, "the server is stopping", size);
		return (0);
	case WEBSOCKET_POLICY:
		snprintf(why, size, "the server closed the connection%s%s",
		    colon, text);
		return (POLICY_WAIT);
	default:
		snprintf(why, size, "the server closed the connection (%u%s%s)",
		    m->code, colon, text);
		return (0);
	}
}

/* Who showed no certificate was not judged: it broke off, and may be well again. */
static int
no_tls(const struct msg_net_down *m, const char *text, char *why, size_t size)
{
	char	pin[CONFIG_PIN_LEN + 1];

	if (m->has_pin) {
		config_pin_write(m->pin, pin);
		snprintf(why, size, "TLS: %s; the certificate's pin is %s",
		    text, pin);
	} else
		snprintf(why, size, "TLS: %s", text);
	return (m->has_pin ? -1 : 0);
}

int
ending_read(const struct msg_net_down *m, char *why, size_t size)
{
	char	text[CLEAN_LINE_MAX(MSG_WHY_MAX)];

	clean_line(m->why, strlen(m->why), text, sizeof(text));
	switch (m->kind) {
	case MSG_DOWN_TLS:
		return (no_tls(m, text, why, size));
	case MSG_DOWN_REFUSED:
		snprintf(why, size, "no chat server there: %s", text);
		return (m->code == 429 || m->code == 503 ? BUSY_WAIT : 0);
	case MSG_DOWN_CLOSED:
		return (closed(m, text, why, size));
	case MSG_DOWN_PROTOCOL:
		snprintf(why, size, "the server broke the rules: %s", text);
		return (0);
	default:
		snprintf(why, size, "connection lost%s%s",
		    text[0] != '\0' ? ": " : "", text);
		return (0);
	}
}
