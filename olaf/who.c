/*
 * Recipients, as a command names them.
 */

#include "compat.h"

#include <err.h>

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

int
who_find(char *const *texts, size_t n, struct user **users)
{
	const char	*why;
	struct user	*u;
	size_t		 i;
	int		 found = 0;

	for (i = 0; i < n; i++) {
		if ((u = roster_find_text(texts[i], &why)) == NULL) {
			warnx("%s: %s", clean_word(texts[i]), why);
			return (-1);
		}
		if (u->is_self) {
			warnx("%s: that is you", clean_word(texts[i]));
			return (-1);
		}
		if (u->server == NULL) {
			warnx("%s: not online", clean_word(texts[i]));
			return (-1);
		}
		if (!has(users, found, u))
			users[found++] = u;
	}
	return (found);
}
