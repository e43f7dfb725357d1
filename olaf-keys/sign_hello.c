/*
 * server_hello: relay says which counter, the text is made here, so that
 * nothing else is ever signed with the server's key.
 */

#include "compat.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <string.h>

#include "child.h"
#include "log.h"
#include "msg_conf.h"
#include "msg_verify.h"
#include "server_hello.h"
#include "sign.h"
#include "sign_hello.h"

#define SALT_LEN	32	/* octets: the protocol's */

static char	address[304], address_next[304];

void
sign_hello_address(struct chan *c, struct ibuf *b)
{
	if (msg_string_only_get(b, address_next, sizeof(address_next)) == -1)
		chan_breach(c, "CONF_ADDRESS");
}

void
sign_hello_swap(void)
{
	strlcpy(address, address_next, sizeof(address));
}

/* RSASSA-PSS with SHA-256 (RFC 8017 8.1); returns the length, or 0. */
static size_t
sign_pss(EVP_PKEY *pkey, const char *text, size_t textlen, uint8_t *sig,
    size_t size)
{
	EVP_MD_CTX	*ctx;
	EVP_PKEY_CTX	*pctx;
	size_t		 len = size;

	if ((ctx = EVP_MD_CTX_new()) == NULL)
		return (0);
	if (EVP_DigestSignInit(ctx, &pctx, EVP_sha256(), NULL, pkey) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, SALT_LEN) != 1 ||
	    EVP_DigestSignUpdate(ctx, text, textlen) != 1 ||
	    EVP_DigestSignFinal(ctx, sig, &len) != 1)
		len = 0;
	EVP_MD_CTX_free(ctx);
	return (len);
}

static void
sign_hello(struct chan *c, const struct msg_sign_hello *m)
{
	struct msg_hello_signed	 s;
	struct ibuf		*out;
	EVP_PKEY		*pkey = sign_server_key();
	char			 text[SERVER_HELLO_MAX];
	size_t			 len;

	memset(&s, 0, sizeof(s));
	s.id = m->id;
	len = server_hello_signed(text, address, m->counter);
	if (pkey != NULL && len > 0 &&
	    (size_t)EVP_PKEY_size(pkey) <= sizeof(s.sig)) {
		s.len = (uint16_t)sign_pss(pkey, text, len, s.sig,
		    sizeof(s.sig));
		if (s.len == 0) {
			ERR_clear_error();
			log_warnx("server_hello: not signed");
		}
	}
	out = chan_open(c, MSG_HELLO_SIGNED, 528);
	msg_hello_signed_put(out, &s);
	chan_close(c, out);
}

void
sign_hello_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct msg_sign_hello	 m;
	struct ibuf		 b;

	(void)arg;
	if (imsg == NULL)
		chan_free(c);		/* the parent decides what comes of it */
	else if (imsg_get_type(imsg) != MSG_SIGN_HELLO ||
	    msg_sign_hello_get(child_ibuf(imsg, &b), &m) == -1)
		chan_breach(c, "SIGN_HELLO");
	else
		sign_hello(c, &m);
}
