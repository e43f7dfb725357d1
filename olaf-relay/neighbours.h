/*
 * Neighbours as they are configured.
 */

#ifndef NEIGHBOURS_H
#define NEIGHBOURS_H

#include "mesh.h"
#include "msg_conf.h"

struct neighbour_source {
	TAILQ_ENTRY(neighbour_source)	 entry;
	union client_address		 address;	/* its port is nothing */
};

/* A neighbour's block; struct neighbour has the one that is in use. */
struct neighbour_conf {
	TAILQ_ENTRY(neighbour_conf)	 entry;
	struct msg_conf_neighbour	 m;
	struct key			 key;		/* if m.key is not "" */
	TAILQ_HEAD(, neighbour_source)	 sources;
	struct user			*user;		/* the key's, once in use */
};

/*
 * A new configuration: begin, each part, end (-1: the parent was told what is
 * wrong), take into use.
 */
void	 neighbours_begin(void);
int	 neighbours_add(const struct msg_conf_neighbour *);
int	 neighbours_source(const struct msg_conf_source *);
int	 neighbours_end(void);
void	 neighbours_swap(void);

/* Whose connections from there need no server_hello; NULL if nobody's. */
struct neighbour *neighbours_unsigned(const union client_address *);

#endif
