/*
 * Reading resolv.conf(5) and hosts(5), line by line, word by word.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "resolvconf.h"

struct words {
	const char	*p;
	const char	*end;		/* of the line, less its comment */
};

static int
is_blank(char c)
{
	return (c == ' ' || c == '\t' || c == '\r' || c == '\0');
}

/* Takes a line off the front.  Returns 0 at the end of the text. */
static int
line_next(const char **p, const char *end, const char *comments,
    struct words *line)
{
	const char	*nl, *c;

	if (*p == end)
		return (0);
	if ((nl = memchr(*p, '\n', (size_t)(end - *p))) == NULL)
		nl = end;
	line->p = *p;
	for (c = *p; c < nl && (*c == '\0' || strchr(comments, *c) == NULL);
	    c++)
		;
	line->end = c;
	*p = nl < end ? nl + 1 : end;
	return (1);
}

/*
 * The next word of a line.  Returns its length, 0 if there is none; one that
 * is too long becomes empty and counts.
 */
static size_t
word_next(struct words *line, char word[RESOLVCONF_WORD])
{
	const char	*from;
	size_t		 len;

	while (line->p < line->end && is_blank(*line->p))
		line->p++;
	from = line->p;
	while (line->p < line->end && !is_blank(*line->p))
		line->p++;
	len = (size_t)(line->p - from);
	word[0] = '\0';
	if (len < RESOLVCONF_WORD) {
		memcpy(word, from, len);
		word[len] = '\0';
	}
	return (len);
}

static void
read_server(struct resolvconf *r, struct words *line)
{
	char	word[RESOLVCONF_WORD];

	if (r->nservers < RESOLVCONF_SERVERS && word_next(line, word) > 0 &&
	    word[0] != '\0')
		memcpy(r->server[r->nservers++], word, sizeof(word));
}

/* The last line of that kind is the one that counts. */
static void
read_search(struct resolvconf *r, struct words *line, size_t max)
{
	char	word[RESOLVCONF_WORD];

	r->nsearch = 0;
	while (r->nsearch < max && word_next(line, word) > 0)
		if (word[0] != '\0')
			memcpy(r->search[r->nsearch++], word, sizeof(word));
}

static void
read_option(const char *word, const char *name, int least, int most, int *value)
{
	const char	*errstr;
	size_t		 len = strlen(name);
	int		 v;

	if (strncmp(word, name, len) != 0 || word[len] != ':')
		return;
	v = (int)strtonum(word + len + 1, least, most, &errstr);
	if (errstr == NULL)
		*value = v;
}

static void
read_options(struct resolvconf *r, struct words *line)
{
	char	word[RESOLVCONF_WORD];

	while (word_next(line, word) > 0) {
		read_option(word, "ndots", 0, 15, &r->ndots);
		read_option(word, "timeout", 1, 30, &r->timeout);
		read_option(word, "attempts", 1, 5, &r->attempts);
	}
}

void
resolvconf_read(struct resolvconf *r, const char *text, size_t len)
{
	const char	*p = text;
	struct words	 line;
	char		 word[RESOLVCONF_WORD];

	memset(r, 0, sizeof(*r));
	r->ndots = 1;
	r->timeout = 5;
	r->attempts = 2;
	while (line_next(&p, text + len, "#;", &line)) {
		word_next(&line, word);
		if (strcmp(word, "nameserver") == 0)
			read_server(r, &line);
		else if (strcmp(word, "search") == 0)
			read_search(r, &line, RESOLVCONF_SEARCH);
		else if (strcmp(word, "domain") == 0)
			read_search(r, &line, 1);
		else if (strcmp(word, "options") == 0)
			read_options(r, &line);
	}
	if (r->nservers == 0)
		strlcpy(r->server[r->nservers++], "127.0.0.1",
		    RESOLVCONF_WORD);
}

static int
line_names(struct words *line, const char *name)
{
	char	word[RESOLVCONF_WORD];

	while (word_next(line, word) > 0)
		if (strcasecmp(word, name) == 0)
			return (1);
	return (0);
}

size_t
resolvconf_hosts(const char *text, size_t len, const char *name,
    char address[RESOLVCONF_ADDRESSES][RESOLVCONF_WORD])
{
	const char	*p = text;
	struct words	 line;
	size_t		 n = 0;

	if (name[0] == '\0')
		return (0);
	while (n < RESOLVCONF_ADDRESSES && line_next(&p, text + len, "#",
	    &line))
		if (word_next(&line, address[n]) > 0 &&
		    address[n][0] != '\0' && line_names(&line, name))
			n++;
	return (n);
}
