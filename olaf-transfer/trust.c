/*
 * Whom we trust with TLS.
 */

#include "compat.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "log.h"
#include "trust.h"

#define PIN_LEAD	"sha256//"

static void	*authorities;	/* PEM */
static size_t	 authorities_len;
static int	 is_openssl;	/* what libcurl does TLS with */
static int	 shown;
static uint8_t	 shown_pin[MSG_PIN_LEN];

void
trust_init(void)
{
	const char	*tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

	is_openssl = tls != NULL && (strncmp(tls, "OpenSSL", 7) == 0 ||
	    strncmp(tls, "LibreSSL", 8) == 0);
}

int
trust_authorities(const void *pem, size_t len)
{
	free(authorities);
	authorities_len = len;
	if ((authorities = malloc(len + 1)) == NULL)
		return (-1);
	memcpy(authorities, pem, len);
	return (0);
}

static void
trust_look(X509 *cert)
{
	uint8_t	*der = NULL;
	int	 len;

	len = cert == NULL ? -1 :
	    i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	if (len > 0 && EVP_Digest(der, (size_t)len, shown_pin, NULL,
	    EVP_sha256(), NULL) == 1)
		shown = 1;
	OPENSSL_free(der);
}

/* libssl's, for each certificate: changes nothing of its verdict. */
static int
on_verify(int ok, X509_STORE_CTX *ctx)
{
	trust_look(X509_STORE_CTX_get0_cert(ctx));
	return (ok);
}

/* CURLOPT_SSL_CTX_FUNCTION */
static CURLcode
on_context(CURL *easy, void *ctx, void *arg)
{
	(void)easy;
	(void)arg;
	SSL_CTX_set_verify(ctx, SSL_CTX_get_verify_mode(ctx), on_verify);
	return (CURLE_OK);
}

/* Trusts that key, whoever signed the certificate, and whomever it names. */
static int
trust_pin(CURL *easy, const uint8_t *pin)
{
	char	text[sizeof(PIN_LEAD) + BASE64_LEN(MSG_PIN_LEN)];

	memcpy(text, PIN_LEAD, strlen(PIN_LEAD));
	base64_encode(pin, MSG_PIN_LEN, text + strlen(PIN_LEAD));
	return (curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, text) !=
	    CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L) != CURLE_OK ?
	    -1 : 0);
}

static int
trust_pem(CURL *easy)
{
	struct curl_blob	 blob;

	if (authorities_len == 0)
		return (0);	/* then nobody is trusted */
	blob.data = authorities;
	blob.len = authorities_len;
	blob.flags = CURL_BLOB_NOCOPY;
	return (curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob) != CURLE_OK ?
	    -1 : 0);
}

int
trust_set(CURL *easy, const uint8_t *pin)
{
	shown = 0;
	memset(shown_pin, 0, sizeof(shown_pin));
	if (curl_easy_setopt(easy, CURLOPT_CAINFO, NULL) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2) != CURLE_OK)
		return (-1);
	if (is_openssl && curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION,
	    on_context) != CURLE_OK)
		return (-1);
	return (pin != NULL ? trust_pin(easy, pin) : trust_pem(easy));
}

int
trust_shown(uint8_t pin[MSG_PIN_LEN])
{
	memcpy(pin, shown_pin, sizeof(shown_pin));
	return (shown);
}
