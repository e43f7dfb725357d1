/*
 * What goes to olaf-net.
 */

#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

/* Our key, if there is one: once, first of all. */
void	 wire_self(void);

/*
 * A new session over the connection fd, which is given away, with the server of
 * the configuration; it has a new number.  probe: to learn the pin of its
 * certificate, and no more.
 */
void	 wire_open(int fd, int probe);
uint32_t wire_session(void);
/* Texts that went in it. */
uint32_t wire_texts(void);
void	 wire_close(void);

/* A message for the server; frees the text. */
void	 wire_text(char *text, size_t len);

/*
 * Asks for the list of users.  One question at a time, for servers answer no more:
 * another one goes out once the first was answered.
 */
void	 wire_list(void);
/* Is there one under way? */
int	 wire_listing(void);
/* It was answered; or (again: 0) it and what else is wanted will not be. */
void	 wire_listed(int again);

#endif
