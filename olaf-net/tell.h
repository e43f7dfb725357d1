/*
 * What olaf is told; the session is always the present one.
 */

#ifndef TELL_H
#define TELL_H

#include "key.h"
#include "message.h"
#include "msg_client.h"

/* A session begins, and is over; net.c says so. */
void	 tell_session(uint32_t);
void	 tell_session_over(void);
/* Is that the present one? */
int	 tell_is_session(uint32_t);

void	 tell_up(void);
void	 tell_alive(uint32_t texts);
void	 tell_down(struct msg_net_down *);

/* One server of a list: put its keys, then close. */
struct ibuf	*tell_server_open(const char *address);
void	 tell_server_close(struct ibuf *);
void	 tell_listed(int asked, uint32_t servers, uint32_t skipped);

/*
 * Asks what the private key makes of these wrapped keys: put them, then close,
 * which returns the number that the answer will have.
 */
struct ibuf	*tell_unwrap_open(uint32_t *number);
void	 tell_unwrap_close(struct ibuf *);

/* session is filled in. */
void	 tell_message(struct msg_net_message *);
/* sender: NULL if it is not known. */
void	 tell_unreadable(enum msg_unreadable why, const struct key *sender);
/* The server's error message. */
void	 tell_refused(const struct message *);

#endif
