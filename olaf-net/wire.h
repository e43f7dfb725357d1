/*
 * The octets of the connection to the server, in TCP or TLS.  There is one at a
 * time; nothing here waits.
 */

#ifndef WIRE_H
#define WIRE_H

#include <sys/types.h>

#include "msg_client.h"

/* Once, before the sandbox is entered. */
void	 wire_init(void);

/* The certificates of authorities, in PEM; kept. */
void	 wire_set_ca(const void *pem, size_t len);

/* Takes over fd. */
void	 wire_open(int fd);
/* Says goodbye to TLS, as far as that goes, and closes.  Twice is fine. */
void	 wire_close(void);
int	 wire_fd(void);		/* -1: closed */

/* TLS from here on.  Returns 0, or -1 with wire_error. */
int	 wire_tls(const struct msg_net_open *);
/* Returns 1 when it is done, 0 for once more, -1 with wire_error. */
int	 wire_handshake(void);
/* Writes the pin of the other end's certificate.  Returns 0, or -1 if none. */
int	 wire_pin(uint8_t pin[MSG_PIN_LEN]);

/* Both return how many octets, 0 for none now, -1 with wire_error. */
ssize_t	 wire_read(void *, size_t);
ssize_t	 wire_write(const void *, size_t);

/* For what to wait, EV_READ and EV_WRITE, before the next read and write. */
short	 wire_wants(int reading, int writing);

const char	*wire_error(void);

#endif
