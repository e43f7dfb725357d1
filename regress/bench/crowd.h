/*
 * The benchmark's clients: connecting them and greeting.
 */

#ifndef CROWD_H
#define CROWD_H

#include <event.h>
#include <stdint.h>

#define CROWD_MAX	20000
#define CROWD_SERVERS_MAX	16

struct tls;
struct sample;

struct client {
	int		 fd;
	unsigned int	 server;	/* index of its port */
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
extern unsigned int	 crowd_servers;

/* tls: talk TLS and trust anybody. */
void	 crowd_init(int tls);

/* One more server, at this port of 127.0.0.1. */
void	 crowd_server(unsigned int port);

/*
 * Makes count more clients of the server with that index, not connected yet,
 * and, if they are users, signs what they will say as hello: client i has the
 * key number i.
 */
void	 crowd_prepare(unsigned int count, unsigned int server, int users);

/*
 * Connects those prepared; they say hello.  Returns when the server is
 * through with all of it.
 */
void	 crowd_connect(void);

/* Connects the next of those prepared; it says hello. */
void	 crowd_connect_one(void);

/*
 * What a client says and gets, waiting as long as it takes; whatever goes
 * wrong ends the program.
 */
void	 client_write(struct client *, const void *data, size_t len);

/* The next message; returns its length, which is below size. */
size_t	 client_message(struct client *, char *text, size_t size);

#endif
