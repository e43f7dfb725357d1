/*
 * Conversations and what was said in them: the public one, which is always
 * there and first, and one for each set of other users.  Nothing is drawn here.
 * Texts are kept as they came: draw.c makes them harmless.
 */

#ifndef CONVERSATION_H
#define CONVERSATION_H

#include <sys/queue.h>
#include <stddef.h>
#include <stdint.h>

#include "msg_client.h"

#define CONVERSATION_MAX	50
#define CONVERSATION_LINES	5000		/* of each; the oldest go */
#define CONVERSATION_OCTETS	(4 * 1024 * 1024)
#define CONVERSATION_NAME_MAX	64		/* with NUL; longer ones are cut */
#define LINE_LABEL_MAX		48
#define LINE_WHY_MAX		(MSG_CODE_MAX + MSG_WHY_MAX)

enum line_kind {
	LINE_FOREIGN,
	LINE_OWN,
	LINE_NOTICE,		/* of ours */
	LINE_UNREADABLE,	/* a notice that a message could not be read */
	LINE_DATE		/* a new day */
};

/* What became of a message that we sent. */
enum line_state {
	LINE_DONE,
	LINE_PENDING,
	LINE_REFUSED,
	LINE_UNKNOWN		/* the connection was lost before it was told */
};

struct line {
	TAILQ_ENTRY(line)	 entry;
	enum line_kind		 kind;
	enum line_state		 state;
	int64_t			 time;
	uint64_t		 counter;	/* OWN */
	unsigned int		 times;		/* how often a notice came */
	int			 offers;	/* FOREIGN: a file */
	uint8_t			 sender[KEY_DIGEST_LEN];	/* FOREIGN: id */
	char			 label[LINE_LABEL_MAX];
	char			 why[LINE_WHY_MAX];	/* REFUSED */
	char			*text;
	size_t			 len;
};
TAILQ_HEAD(lines, line);

struct conversation {
	TAILQ_ENTRY(conversation)	 entry;
	char				 name[CONVERSATION_NAME_MAX];
	struct msg_participant		*members;	/* sorted, none is us */
	size_t				 nmembers;
	int				 is_public;
	int				 ours;		/* we wrote, or opened it */
	struct lines			 lines;
	size_t				 nlines;
	size_t				 octets;
	unsigned int			 unread;
	int				 mention;	/* some of that is for us */
	uint64_t			 used;		/* greater: later */
	char				*draft;		/* typed, not sent */
	/* Scrolled back: the lowest line seen, and its rows out of sight. */
	struct line			*bottom;	/* NULL: follows the end */
	size_t				 hidden;
};
TAILQ_HEAD(conversation_list, conversation);

struct conversations {
	struct conversation_list	 list;
	struct conversation		*current;
	struct conversation		*public;
	size_t				 n;
	uint64_t			 clock;
};

/* Makes the public one.  Exits when out of memory, as all of these do. */
void	 conversations_init(struct conversations *);
void	 conversations_free(struct conversations *);

/*
 * The conversation with these members, in any order, made if there is none.
 * Those that others began go, the least used first, when there are too many:
 * *closed is told the name of one that went, else "".  NULL if none may go.
 */
struct conversation *conversation_open(struct conversations *,
	    const struct msg_participant *, size_t,
	    char closed[CONVERSATION_NAME_MAX]);

/* Forgets it.  Not the public one; if it is the current one, that becomes it. */
void	 conversation_close(struct conversations *, struct conversation *);

/* Makes it the current one: nothing in it is unread then. */
void	 conversation_show(struct conversations *, struct conversation *);

/* By place, from 1 on; NULL if there is none. */
struct conversation *conversation_at(struct conversations *, unsigned int);
/* The next or the one before in turn. */
struct conversation *conversation_turn(struct conversations *, int back);

/*
 * Adds what somebody said; mention: it is for us in particular.  A date line
 * comes before it where one is due.
 */
void	 conversation_foreign(struct conversations *, struct conversation *,
	    int64_t now, const uint8_t id[KEY_DIGEST_LEN], const char *label,
	    const char *text, size_t len, int mention);

/* Adds what we said; counter 0: another process of ours did, and it is done. */
void	 conversation_own(struct conversations *, struct conversation *,
	    int64_t now, uint64_t counter, const char *label, const char *text,
	    size_t len);

/*
 * Adds a notice, or one of a message that cannot be read.  The same again is
 * counted where it stands, so that many do not scroll all else away.
 */
void	 conversation_notice(struct conversation *, int64_t now, const char *text);
void	 conversation_unreadable(struct conversation *, int64_t now,
	    const char *text);

/* What the server said about one of ours; why NULL: it was taken. */
void	 conversations_sent(struct conversations *, uint64_t counter,
	    const char *why);
/* Nobody will say any more. */
void	 conversations_lost(struct conversations *);

/* A user has another label from now on, in what was said too. */
void	 conversations_relabel(struct conversations *,
	    const uint8_t id[KEY_DIGEST_LEN], const char *label);

/* Forgets what was said in it. */
void	 conversation_clear(struct conversation *);

#endif
