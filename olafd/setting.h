/*
 * Settings that are one value: their names, ranges and defaults, once, for
 * reading, printing and comparing.
 */

#ifndef SETTING_H
#define SETTING_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SETTING_WHY_MAX	512	/* a reason, the value's text cut */

/* In the order in which they are printed. */
enum setting {
	SETTING_ADDRESS,
	SETTING_SERVER_KEY,
	SETTING_CONTROL_SOCKET,
	SETTING_STATE_DIRECTORY,
	SETTING_USER_PREFIX,

	SETTING_FILES_DIRECTORY,
	SETTING_FILES_URL,
	SETTING_FILES_MAX_SIZE,
	SETTING_FILES_QUOTA,
	SETTING_FILES_RETAIN,

	SETTING_WEB_DIRECTORY,

	SETTING_CLIENTS,
	SETTING_CLIENTS_PER_ADDRESS,
	SETTING_MESSAGE,
	SETTING_LINK_MESSAGE,
	SETTING_LINK_USERS,
	SETTING_COUNTERS,
	SETTING_MESSAGE_RATE,
	SETTING_MESSAGE_BURST,
	SETTING_SEND_QUEUE,
	SETTING_HELLO_TIMEOUT,
	SETTING_IDLE_PING,
	SETTING_STRIKES,
	SETTING_HELLOS,
	SETTING_STALL_TIMEOUT,

	SETTING_REPLAY,
	SETTING_ECHO,
	SETTING_PUSH_CLIENT_LIST,
	SETTING_ERROR_REPLIES,
	SETTING_UPDATE_INTERVAL,
	SETTING_CROSS_ORIGIN,
	SETTING_PREFORK,
	SETTING_VERIFIERS,

	SETTING_COUNT
};

struct config;

/* As in olafd.conf(5), with the name of its block before it. */
const char	*setting_name(enum setting);

void		 setting_default(struct config *, enum setting);
void		 setting_free(struct config *, enum setting);

/* Returns 0, or -1 with the reason in why, which has SETTING_WHY_MAX octets. */
int		 setting_read(struct config *, enum setting, const char *text,
		    char *why);

/* Is there a value?  Only a text may lack one. */
int		 setting_given(const struct config *, enum setting);
int		 setting_equal(const struct config *, const struct config *,
		    enum setting);

/* Writes the value as setting_read and the lexer take it. */
void		 setting_print(FILE *, const struct config *, enum setting);

/* The same for a number's value alone, for error texts. */
void		 setting_format(enum setting, uint64_t value, char *text,
		    size_t len);

/* In quotes, as the lexer takes it. */
void		 setting_quote(FILE *, const char *);

/* Why a text is no path: NULL if it may be one. */
const char	*setting_bad_path(const char *);

#endif
