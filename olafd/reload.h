/*
 * Reload in two phases: all processes take the new configuration in, and only
 * when each said that it is fine does any of them use it.
 */

#ifndef RELOAD_H
#define RELOAD_H

#include "config.h"
#include "spawn.h"

/*
 * Starts a reload of file. id: the olafctl that asked, as relay numbers it; 0
 * for SIGHUP. A request while one is under way is refused (SIGHUP: done
 * afterwards).
 */
void		 reload_start(uint32_t id);

/* A child answered CONF_OK (ok) or CONF_BAD with its reason. */
void		 reload_answer(struct process *, int ok, const char *reason);
/* A child uses all that it was sent. */
void		 reload_synced(struct process *);
int		 reload_under_way(void);

/* The configuration in force, first given by main. */
void		 reload_init(struct config *, char *const *macros, size_t nmacros);
struct config	*reload_config(void);

/* Starts listening on all that the first configuration names. */
void		 reload_listen(void);

/* Tells relay how a request of an olafctl ended; logs too.  id 0: log only. */
void		 reload_done(uint32_t id, int ok, const char *text);

#endif
