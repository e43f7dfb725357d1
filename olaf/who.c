/*
 * Recipients, as a command names them.
 */

#include "compat.h"

#include <err.h>
#include <string.h>

#include "clean.h"
#include "who.h"

static int
has(struct user *const *users, int n, const struct user *u)
{
	while (n-- > 0)
		if (users[n] == u)
			return (1);
	return (0);
}

/* It may come from another program, and that from anywhere. */
static void
complain(const char *text, const char *why)
{
	char	line[CLEAN_LINE_MAX(128)];

	clean_line(text, strlen(text), line, sizeof(line));
	warnx("%s: %s", line, why);
}

int
who_find(char *const *texts, size_t n, struct user **users)
{
	const char	*why;
	struct user	*u;
	size_t		 i;
	int		 found = 0;

	for (i = 0; i < n; i++) {
		if ((u = roster_find_text(texts[i], &why)) == NULL) {
			complain(texts[i], why);
			return (-1);
		}
		if (u->is_self) {
			complain(texts[i], "that is you");
			return (-1);
		}
		if (u->server == NULL) {
			complain(texts[i], "not online");
			return (-1);
		}
		if (!has(users, found, u))
			users[found++] = u;
	}
	return (found);
}
