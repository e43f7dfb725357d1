/*
 * The benchmark's clients: connecting them and greeting.
 */

#ifndef CROWD_H
#define CROWD_H

#include <event.h>
#include <stdint.h>

#define CROWD_MAX	20000

struct tls;
struct sample;

struct client {
	int		 fd;
	struct tls	*tls;		/* NULL: plain */
	struct event	 event;
	int		 watched;	/* event is set, the socket non-blocking */
	unsigned int	 counter;	/* of its next chat */
	uint8_t		*hello;		/* prepared, NULL: says none */
	size_t		 hellolen;
	uint64_t	 octets;	/* that came in this run */
	uint64_t	 messages;	/* whole ones among them */
	struct sample	*sample;	/* talk.c's: the messages are read too */
};

extern struct client	 crowd[CROWD_MAX];
extern unsigned int	 crowd_size;

/*
 * Where the server is: a port of 127.0.0.1. tls: talk TLS and trust anybody.
 */
void	 crowd_init(unsigned int port, int tls);

/* Clients made from now on connect there: another server of a neighbourhood. */
void	 crowd_port(unsigned int port);

/*
 * Makes count more clients, not connected yet, and, if they are users, signs
 * what they will say as hello: client i has the key number i.
 */
void	 crowd_prepare(unsigned int count, int users);

/*
 * Connects those prepared; they say hello.  Returns when the server is
 * through with all of it.
 */
void	 crowd_connect(void);

#endif
