/*
 * Live events, for whoever runs olafctl monitor.  They cost nothing as long as
 * nobody does.
 */

#ifndef MONITOR_H
#define MONITOR_H

#include "chan.h"
#include "table.h"

/* An olafctl that wants to hear from now on, and no longer. */
void	 monitor_add(struct chan *);
void	 monitor_remove(struct chan *);

/* object: whom it is about; fmt: more about it. */
void	 monitor_event(const char *event, const char *object, const char *fmt,
	    ...) __attribute__((__format__(printf, 3, 4)));
/* The same about a connection, named by its address. */
void	 monitor_client(const char *event, const struct client *,
	    const char *text);
/* The connection is closed, or being closed: once for each that was opened. */
void	 monitor_gone(struct client *);
/* And about a user, named by the fingerprint, at a connection. */
void	 monitor_user(const char *event, const struct presence *,
	    const struct client *);

/* "192.0.2.1:4711", static memory. */
const char *monitor_address(const struct client *);

#endif
