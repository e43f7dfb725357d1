/*
 * libcurl within libevent: transfers go on while the channel to olaf is served.
 */

#ifndef MULTI_H
#define MULTI_H

#include <curl/curl.h>

/* Called from the event loop when the one transfer that runs has ended. */
typedef void	(*multi_done)(CURL *, CURLcode);

/* Before the sandbox: libcurl looks around.  Exits if it does not start. */
void	 multi_init(void);

/* With the event loop's start. */
void	 multi_start(multi_done);

/* Returns 0, or -1. */
int	 multi_add(CURL *);
/* Not from a callback of libcurl's. */
void	 multi_remove(CURL *);

#endif
