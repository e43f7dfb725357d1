/*
 * The text of client_list: made when somebody asks and the table has changed
 * since, at most once per update interval, and kept for all who ask.
 */

#ifndef CLIENTLIST_H
#define CLIENTLIST_H

#include "table.h"

void	 clientlist_init(void);
/* A user came, here or at a neighbour; users or neighbours came or went. */
void	 clientlist_joined(struct presence *);
void	 clientlist_changed(void);
/*
 * A message of that user is about to go out: a list that waits to be pushed
 * and would name the user goes first.
 */
void	 clientlist_before(const struct presence *);
/* A client asks; it is answered now or within the update interval. */
void	 clientlist_ask(struct client *);
/* Front has sent the answer. */
void	 clientlist_sent(struct client *);
/* The client goes. */
void	 clientlist_forget(struct client *);

#endif
