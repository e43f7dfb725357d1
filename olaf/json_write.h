/*
 * Writes JSON as one peer or another does, octet for octet: several verify
 * signatures by serialising again.
 */

#ifndef JSON_WRITE_H
#define JSON_WRITE_H

#include <stddef.h>
#include <stdint.h>

enum json_style {
	JSON_SPACED,		/* Python's json.dumps: ", " and ": ", ASCII */
	JSON_COMPACT		/* JavaScript's JSON.stringify: UTF-8 */
};

/*
 * A text that grows.  What goes wrong is kept until json_finish, so that there
 * is one place to look: EMSGSIZE (longer than max), EILSEQ (a string that is no
 * UTF-8), ENOMEM.
 */
struct json {
	enum json_style	 style;
	char		*text;
	size_t		 len;
	size_t		 size;
	size_t		 max;
	int		 follows;	/* a value stands before this place */
	int		 error;
};

/* Begins; needs json_finish or json_free. */
void	 json_init(struct json *, enum json_style, size_t max);

/* '{' or '['; '}' or ']' */
void	 json_begin(struct json *, char);
void	 json_end(struct json *, char);

/* The name of a member, which needs no escapes. */
void	 json_name(struct json *, const char *);

/* Values; json_raw is a text that is JSON already. */
void	 json_string(struct json *, const char *, size_t);
void	 json_base64(struct json *, const void *, size_t);
void	 json_number(struct json *, uint64_t);
void	 json_raw(struct json *, const char *, size_t);

/*
 * Returns the text, with a NUL behind it, to be freed by the caller; or NULL
 * with errno.
 */
char	*json_finish(struct json *, size_t *len);

/* Wipes and frees what was written; nothing to do after json_finish. */
void	 json_free(struct json *);

#endif
