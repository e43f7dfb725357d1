/*
 * From a host's name to its addresses, by hosts(5) and the name servers, of
 * which the parent tells: there is no file to be seen here.
 */

#ifndef RESOLVE_H
#define RESOLVE_H

#include <sys/types.h>
#include <sys/socket.h>

#include <stdint.h>

#include "msg_conf.h"

#define RESOLVE_MAX	8	/* addresses of one host; further ones are ignored */

struct resolve_list {
	size_t			 n;
	struct sockaddr_storage	 address[RESOLVE_MAX];	/* with the port */
};

struct resolve;

/* Before the sandbox, once. */
void		 resolve_init(void);

/* A new configuration: begin, each text, take into use. */
void		 resolve_begin(void);
void		 resolve_text(const struct msg_conf_resolver *);
void		 resolve_swap(void);

/*
 * Looks a host up: a name or a numeric address.  done is called once, perhaps
 * before this returns, with the addresses or (none) with why; unless
 * resolve_cancel was called for what this returned, which is NULL if done was
 * called already.
 */
struct resolve	*resolve_start(const char *host, uint16_t port,
		    void (*done)(void *, const struct resolve_list *,
		    const char *why), void *arg);
void		 resolve_cancel(struct resolve *);

#endif
