/*
 * Fields of messages between our processes.  A message is written and read by
 * a pair of functions, NAME_put and NAME_get, that stand side by side and
 * handle it field by field: no struct crosses, no pointer, no padding.
 *
 * The put side exits when out of memory.  The get side returns -1 for
 * anything that is short, too long, out of range or followed by more; 0
 * otherwise.
 */

#ifndef MSG_H
#define MSG_H

#include <sys/types.h>
#include <sys/socket.h>

#include <imsg.h>
#include <stddef.h>
#include <stdint.h>

/* Octets within a message; valid as long as the message. */
struct msg_span {
	const void	*p;
	size_t		 len;
};

void	 msg_put8(struct ibuf *, uint8_t);
void	 msg_put16(struct ibuf *, uint16_t);
void	 msg_put32(struct ibuf *, uint32_t);
void	 msg_put64(struct ibuf *, uint64_t);
void	 msg_put_bytes(struct ibuf *, const void *, size_t);
void	 msg_put_string(struct ibuf *, const char *);
void	 msg_put_address(struct ibuf *, const struct sockaddr_storage *);

int	 msg_get8(struct ibuf *, uint8_t *);
int	 msg_get16(struct ibuf *, uint16_t *);
int	 msg_get32(struct ibuf *, uint32_t *);
int	 msg_get64(struct ibuf *, uint64_t *);
int	 msg_get_bytes(struct ibuf *, void *, size_t);
/* A flag: 0 or 1, anything else is an error. */
int	 msg_get_flag(struct ibuf *, int *);
/* At most size - 1 octets, none of them NUL. */
int	 msg_get_string(struct ibuf *, char *, size_t size);
/* IPv4 or IPv6, with port. */
int	 msg_get_address(struct ibuf *, struct sockaddr_storage *);
/* All that is left. */
void	 msg_get_rest(struct ibuf *, struct msg_span *);
/* 0 if nothing is left, otherwise -1. */
int	 msg_get_end(struct ibuf *);

#endif
