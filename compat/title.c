/*
 * The title that ps(1) shows, by setproctitle(3). libbsd's wants to be given
 * the arguments first, and leaves a full stop where argv[0] ended if the
 * title is shorter.
 */

#include "compat.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_LIBBSD

static char	*name_end;	/* behind argv[0] */
static size_t	 name_len;

void
title_init(int argc, char **argv, char **envp)
{
	name_len = strlen(argv[0]);
	name_end = argv[0] + name_len;
	setproctitle_init(argc, argv, envp);
}

void
title_set(const char *title)
{
	setproctitle("%s", title);
	if (strlen(getprogname()) + strlen(": ") + strlen(title) < name_len)
		*name_end = '\0';
}

#else

void
title_init(int argc, char **argv, char **envp)
{
	(void)argc;
	(void)argv;
	(void)envp;
}

void
title_set(const char *title)
{
	setproctitle("%s", title);
}

#endif
