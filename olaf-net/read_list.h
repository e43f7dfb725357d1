/*
 * A client_list, read server by server.  Pure.
 */

#ifndef READ_LIST_H
#define READ_LIST_H

#include <stddef.h>

#include "address.h"
#include "scan.h"

struct list_server {
	char			 address[ADDRESS_LEN_MAX];	/* as it was sent */
	struct scan_span	 clients;	/* for message_next_client */
};

/*
 * Is it a client_list?  Returns 1, with its servers for list_next, 0 if it is
 * something else, or -1 if it says to be one but holds no array of servers.
 * Spans point into the text.
 */
int	 list_open(struct scan_span *servers, const char *text, size_t len);

/*
 * The next server off the front.  Returns 1; 0 at the end; -1 for an element
 * that is none such, or whose address is too long, empty or holds a NUL.
 */
int	 list_next(struct scan_span *servers, struct list_server *);

#endif
