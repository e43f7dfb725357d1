/*
 * The text of client_list: made when somebody asks and the table has changed since,
 * at most once per update interval, and kept for all who ask.
 */

#ifndef CLIENTLIST_H
#define CLIENTLIST_H

#include "table.h"

void	 clientlist_init(void);
/* Users came or went. */
void	 clientlist_changed(void);
/* A client asks; it is answered now or within the update interval. */
void	 clientlist_ask(struct client *);
/* Front has sent the answer. */
void	 clientlist_sent(struct client *);
/* The client goes. */
void	 clientlist_forget(struct client *);

#endif
