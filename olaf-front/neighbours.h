/*
 * Neighbours as front must know them, to dial: where they are and how they
 * prove who they are.
 */

#ifndef NEIGHBOURS_H
#define NEIGHBOURS_H

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "key.h"
#include "msg_conf.h"

struct tls_config;

struct neighbour {
	TAILQ_ENTRY(neighbour)	 entry;
	unsigned int		 refs;		/* dials, and being configured */
	struct msg_conf_neighbour conf;
	char			 server[256];	/* whom its certificate must name */
	char			 http_host[304];	/* for the field Host */
	struct key		 key;		/* if conf.key is not "" */
	struct tls_config	*verify;	/* NULL: no CA, or no TLS */
	struct tls_config	*pin;		/* NULL: no key, or no TLS */
	int			 pin_first;	/* its key was what proved it last */
};

/*
 * A new configuration: begin, each part, end (-1: the parent was told what is
 * wrong), take into use.
 */
void		 neighbours_begin(void);
int		 neighbours_add(const struct msg_conf_neighbour *);
int		 neighbours_source(const struct msg_conf_source *);
int		 neighbours_ca(const struct msg_conf_ca *);
int		 neighbours_end(void);
void		 neighbours_swap(void);

/* With one reference more; NULL if there is none of that number. */
struct neighbour *neighbours_get(uint32_t number);
void		 neighbours_release(struct neighbour *);

/* Are connections from there a neighbour's without server_hello? */
int		 neighbours_unsigned(const struct sockaddr_storage *);

#endif
