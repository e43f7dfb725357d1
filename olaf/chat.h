/*
 * The chat screen: what its parts share.
 */

#ifndef CHAT_H
#define CHAT_H

#include "conversation.h"
#include "editor.h"
#include "keys.h"
#include "names.h"
#include "session.h"

#define CHAT_LABEL_OWN	"you"

enum chat_state {
	CHAT_CONNECTING,
	CHAT_UP,
	CHAT_DOWN
};

/* Parts of the screen that must be drawn again: bits. */
#define CHAT_TITLE	0x01
#define CHAT_LINES	0x02
#define CHAT_USERS	0x04
#define CHAT_STATUS	0x08
#define CHAT_INPUT	0x10
#define CHAT_ALL	0x1f

struct chat {
	struct conversations	 conversations;
	struct editor		 editor;
	enum chat_state		 state;
	int64_t			 next_attempt;	/* DOWN: at that time; 0: none */
	int			 with_users;	/* the list of users is wanted */
	char			 hint[1024];	/* until the next key */
	const char		*question;	/* NULL: none */
	void			(*answer)(int yes);
	char			 reply[16];	/* typed so far */
	int			 leaving;
};
extern struct chat	 chat;

/* ---- chat.c --------------------------------------------------------------- */

/* Adds a notice to a conversation; its text is for people. */
void	 chat_notice(struct conversation *, const char *fmt, ...)
	    __attribute__((__format__(printf, 2, 3)));

/* A line in the place of the conversations' names, until the next key. */
void	 chat_hint(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));

/* Shows a conversation; what is typed stays with the one that it was typed in. */
void	 chat_show(struct conversation *);

/* Opens, or finds, the conversation with those users; NULL after saying why. */
struct conversation *chat_open(struct user *const *, size_t);

/*
 * Sends to a conversation, which shows it.  Returns 0, or -1 after a notice of why
 * it was not sent.
 */
int	 chat_say(struct conversation *, const char *text, size_t len);

/* Asks in the input line; the answer, y or n and Enter, comes later. */
void	 chat_ask(const char *question, void (*answer)(int yes));

/* Names of users have changed. */
void	 chat_relabel(const struct user *);

/* Is somebody of that conversation not there?  Their label, or NULL. */
const char *chat_missing(const struct conversation *);

/* Ends it all; the second time at once. */
void	 chat_leave(void);

/* ---- chat_draw.c ---------------------------------------------------------- */

/* These parts have changed; they are drawn soon. */
void	 chat_changed(unsigned int parts);
void	 chat_draw_init(void);
/* Rows and columns of the messages, for scrolling. */
void	 chat_size(int *height, int *width);

/* ---- chat_input.c --------------------------------------------------------- */

void	 chat_key(const struct key_press *);

/* ---- chat_slash.c --------------------------------------------------------- */

/* Does what a command says, or says why not. */
void	 chat_slash(const char *line);

/* ---- chat_files.c --------------------------------------------------------- */

void	 chat_send_file(struct conversation *, const char *path);
/*
 * which: "" for the latest that was offered, the how-manieth latest, a URL, or
 * already the beginning of the path.
 */
void	 chat_save_file(struct conversation *, const char *which, const char *path);
/* Stops all.  Returns how many there were. */
int	 chat_cancel_files(void);
/* A conversation is about to go. */
void	 chat_forget_files(const struct conversation *);
/* How far they are, for the status line; "" if there are none. */
void	 chat_progress(char *text, size_t size);

#endif
