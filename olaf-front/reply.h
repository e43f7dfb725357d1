/*
 * Answers to HTTP requests, written whole or their heads alone (RFC 9112 4, RFC
 * 9110); no I/O.
 */

#ifndef REPLY_H
#define REPLY_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define REPLY_MAX	8192	/* octets of the longest */
#define REPLY_DATE_SIZE	64

struct reply {
	int		 status;
	int		 keep;		/* the connection goes on */
	int		 head;		/* no body: it is to HEAD */
	const char	*origin;	/* that may read it (CORS), or NULL */
	int		 vary;		/* another origin is answered otherwise */
	const char	*fields;	/* further ones, each with its CRLF */
	const char	*type;		/* of the body; NULL: it has none */
	const char	*body;		/* NULL: not in this text */
	uint64_t	 length;	/* of the body, if it is not in this text */
	const char	*text;		/* of an error; NULL: what it always is */
	time_t		 now;
};

/*
 * Writes an answer to buf, which holds REPLY_MAX.  Returns its length, or 0 if it
 * does not fit.
 */
size_t	 reply_write(char *buf, const struct reply *);

/*
 * The same with the body {"error":"…"} that belongs to the status, and its
 * fields: type, body and fields need not be set.
 */
size_t	 reply_error(char *buf, const struct reply *);

/* A text that stands before an answer: 100 Continue. */
extern const char	reply_continue[];

/* Writes the 101 answer; accept as from websocket_accept. */
size_t	 reply_switch(char *buf, const char *accept);

/* RFC 9110 5.6.7, English whatever the locale. */
void	 reply_date(char date[REPLY_DATE_SIZE], time_t);

#endif
