/*
 * Listening sockets, as the parent hands them over.
 */

#ifndef LISTENER_H
#define LISTENER_H

#include <stdint.h>

/* Accepts on fd from now on; id is the parent's name for it. */
void	 listener_add(uint32_t id, int fd, int tls);
void	 listener_remove(uint32_t id);
void	 listener_stop(void);
/* A descriptor has become free. */
void	 listener_room(void);

#endif
