/*
 * What a command that talks as the user needs of the user's files.
 */

#include "compat.h"

#include <err.h>
#include <stdlib.h>

#include "config.h"
#include "counter.h"
#include "identity.h"
#include "names.h"
#include "seen.h"
#include "start.h"

void
start_user(void)
{
	if (identity_load(config.identity) == -1)
		exit(1);
	if (counter_open(config.identity) == -1)
		err(1, "%s.counter", config.identity);
	if (seen_open(config.identity, config.server.replay_session) == -1)
		err(1, "%s.seen", config.identity);
	if (names_open(config.directory) == -1)
		err(1, "%s/names", config.directory);
}
