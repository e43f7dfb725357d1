/*
 * Pins.
 */

#include "compat.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <limits.h>

#include "pin.h"

static int
pin_of_key(X509 *x, uint8_t pin[PIN_LEN])
{
	unsigned char	*der = NULL;
	int		 n, good;

	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	good = n > 0 && EVP_Digest(der, (size_t)n, pin, NULL, EVP_sha256(),
	    NULL) == 1;
	OPENSSL_free(der);
	return (good ? 0 : -1);
}

int
pin_of_certificate(const uint8_t *pem, size_t len, uint8_t pin[PIN_LEN])
{
	BIO	*bio;
	X509	*x;
	int	 r = -1;

	if (len > INT_MAX || (bio = BIO_new_mem_buf(pem, (int)len)) == NULL)
		return (-1);
	if ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
		r = pin_of_key(x, pin);
	X509_free(x);
	BIO_free(bio);
	ERR_clear_error();
	return (r);
}
