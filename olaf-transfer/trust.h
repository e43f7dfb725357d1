/*
 * Whom we trust with TLS: the authorities that olaf gave us, or a pin.
 */

#ifndef TRUST_H
#define TRUST_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

#include "msg_client.h"

/* Before the sandbox. */
void	 trust_init(void);

/* The authorities' certificates in PEM; may be none.  Returns 0, or -1. */
int	 trust_authorities(const void *pem, size_t len);

/* Sets it for a transfer; pin: NULL, or what is trusted instead.  0, or -1. */
int	 trust_set(CURL *, const uint8_t *pin);

/*
 * The pin of the certificate that the server showed in the transfer for which
 * trust_set was called last.  Returns 1, or 0 if none was seen: pin is zero.
 */
int	 trust_shown(uint8_t pin[MSG_PIN_LEN]);

#endif
