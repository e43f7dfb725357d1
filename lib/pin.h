/*
 * The pin of a certificate: SHA-256 of its public key, as RFC 7469 has it.
 */

#ifndef PIN_H
#define PIN_H

#include <stddef.h>
#include <stdint.h>

#define PIN_LEN	32

/*
 * Writes the pin of the first certificate in PEM, over the DER of its SPKI just
 * as it stands there.  Returns 0, or -1 if there is none, or when out of memory.
 */
int	 pin_of_certificate(const uint8_t *pem, size_t len, uint8_t pin[PIN_LEN]);

#endif
