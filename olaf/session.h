/*
 * The connection to the server: comes up, says hello, keeps the list of users
 * fresh, comes back by itself.  What happens goes to the functions in struct
 * session_ops, which each command and the screen bring along; all of them but
 * down and error may be NULL.
 */

#ifndef SESSION_H
#define SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "roster.h"

/* A message that may be shown; valid until the function returns. */
struct incoming {
	enum msg_kind		 kind;
	uint64_t		 counter;
	int64_t			 time;		/* seconds since 1970, of arrival */
	struct user		*sender;
	int			 own;		/* we sent it, from another process */
	size_t			 nparticipants;	/* CHAT: with the sender, who is first */
	const struct msg_participant *participants;
	const char		*text;		/* UTF-8, may hold NULs; not cleaned */
	size_t			 textlen;
};

struct session_ops {
	/* Hello was said and the first list is there: can send from now on. */
	void	(*up)(void);
	/*
	 * The connection is gone, or did not come up.  why: for people, clean.
	 * wait: seconds until the next attempt, or -1 if there is none.
	 */
	void	(*down)(const char *why, int wait);
	/* A list came. changed: somebody came or went. */
	void	(*listed)(int changed);
	void	(*message)(const struct incoming *);
	/* One arrived that cannot be shown; why: for people. sender may be NULL. */
	void	(*unreadable)(const char *why, const struct user *sender);
	/*
	 * What became of a message that we sent: the server refused it (code and
	 * text: clean), or code is NULL: it was taken, as far as can be told.
	 * Called once for each; after down without a word it is unknown.
	 */
	void	(*sent)(uint64_t counter, const char *code, const char *text);
	/* An error message about nothing that we know of. */
	void	(*error)(const char *code, const char *text);
};

struct session_options {
	int	 hello;		/* else only the list is asked for, if that will do */
	int	 reconnect;	/* come back after a loss, and try again at the start */
	int	 once_up;	/* reconnect only after it was up once */
	int	 confirm;	/* ask what became of a message: see pending.h */
};

/* Starts; needs spawn_start. */
void	 session_start(const struct session_ops *, const struct session_options *);

/* Is it up: can send? */
int	 session_is_up(void);

/* Asks for a fresh list; listed follows. */
void	 session_list(void);

/* Tries again now instead of waiting; nothing while it is up. */
void	 session_retry(void);

/*
 * Closes politely, not within half a second of our latest message, and leaves
 * the event loop when it is closed, at the latest a second later.
 */
void	 session_stop(void);

#endif
