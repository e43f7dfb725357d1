/*
 * TLS with the private keys in the signer. libtls is told to do without
 * private keys, and the library's default methods for RSA and ECDSA ask the
 * signer; the key is named by SHA-256 of its public part, for libraries copy
 * keys and lose marks.
 */

#include "compat.h"

#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <stdlib.h>
#include <string.h>
#include <tls.h>

#include "chan.h"
#include "child.h"
#include "log.h"
#include "msg_conf.h"
#include "msg_verify.h"
#include "tls_keys.h"

/* Exported by libtls and libretls alike, but in no public header. */
void	 tls_config_use_fake_private_key(struct tls_config *);

struct cert {
	uint8_t	*pem;
	size_t	 len;
};

struct tls_server {
	struct tls	*tls;
	unsigned int	 refs;	/* connections, and one for being in use */
};

static struct chan	*signer;
static struct cert	 certs[MSG_KEYS_MAX];
static size_t		 ncerts;
static int		 too_many;
static struct tls_server *server;
static struct tls	*server_next;

void
tls_keys_signer(struct chan *c)
{
	signer = c;
}

/*
 * Asks the signer; waits for its answer.  Returns the signature's length, 0
 * if it refuses.
 */
static size_t
ask(enum msg_sign_op op, uint8_t *spki, int spkilen, const uint8_t *data,
    size_t len, uint8_t *sig, size_t size)
{
	struct msg_sign		 m;
	struct msg_signed	 s;
	struct imsg		 imsg;
	struct ibuf		*out, b;

	if (spkilen <= 0 || len == 0 || len > sizeof(m.data) || signer == NULL)
		return (0);
	memset(&m, 0, sizeof(m));
	m.op = op;
	SHA256(spki, (size_t)spkilen, m.key);
	m.len = (uint32_t)len;
	memcpy(m.data, data, len);
	out = chan_open(signer, MSG_SIGN, 560);
	msg_sign_put(out, &m);
	chan_close(signer, out);
	chan_call(signer, MSG_SIGNED, &imsg);
	if (msg_signed_get(child_ibuf(&imsg, &b), &s) == -1)
		chan_breach(signer, "SIGNED");
	imsg_free(&imsg);
	if (s.len > size)
		return (0);
	memcpy(sig, s.sig, s.len);
	return (s.len);
}

/* RSA_METHOD: padded DigestInfo, or a block that the library padded itself. */
static int
rsa_sign(int len, const unsigned char *from, unsigned char *to, RSA *rsa,
    int padding)
{
	enum msg_sign_op	 op;
	unsigned char		*spki = NULL;
	size_t			 n;

	if (padding == RSA_PKCS1_PADDING)
		op = MSG_SIGN_RSA_PKCS1;
	else if (padding == RSA_NO_PADDING)
		op = MSG_SIGN_RSA_PSS;
	else
		return (-1);
	n = (size_t)i2d_RSA_PUBKEY(rsa, &spki);
	n = ask(op, spki, (int)n, from, (size_t)len, to,
	    (size_t)RSA_size(rsa));
	OPENSSL_free(spki);
	return (n > 0 ? (int)n : -1);
}

/* EC_KEY_METHOD: the DER of an ECDSA signature. */
static int
ecdsa_sign(int type, const unsigned char *digest, int len, unsigned char *sig,
    unsigned int *siglen, const BIGNUM *kinv, const BIGNUM *r, EC_KEY *key)
{
	unsigned char	*spki = NULL;
	size_t		 n;
	int		 spkilen;

	(void)type;
	(void)kinv;
	(void)r;
	spkilen = i2d_EC_PUBKEY(key, &spki);
	n = ask(MSG_SIGN_ECDSA, spki, spkilen, digest, (size_t)len, sig,
	    (size_t)ECDSA_size(key));
	OPENSSL_free(spki);
	*siglen = (unsigned int)n;
	return (n > 0);
}

void
tls_keys_init(void)
{
	RSA_METHOD	*rsa;
	EC_KEY_METHOD	*ec;

	if ((rsa = RSA_meth_dup(RSA_get_default_method())) == NULL ||
	    (ec = EC_KEY_METHOD_new(EC_KEY_get_default_method())) == NULL)
		fatalx("tls: out of memory");
	RSA_meth_set_priv_enc(rsa, rsa_sign);
	EC_KEY_METHOD_set_sign(ec, ecdsa_sign, NULL, NULL);
	RSA_set_default_method(rsa);
	EC_KEY_set_default_method(ec);
	if (tls_init() == -1)
		fatalx("tls: cannot start");
}

void
tls_keys_begin(void)
{
	while (ncerts > 0)
		free(certs[--ncerts].pem);
	tls_free(server_next);
	server_next = NULL;
	too_many = 0;
}

void
tls_keys_add(const void *pem, size_t len)
{
	struct cert	*c = &certs[ncerts];

	if (ncerts == MSG_KEYS_MAX) {
		too_many = 1;
		return;
	}
	if ((c->pem = malloc(len)) == NULL)
		fatal("certificate");
	memcpy(c->pem, pem, len);
	c->len = len;
	ncerts++;
}

static int
cert_hash(const struct cert *c, uint8_t hash[32])
{
	BIO		*bio;
	X509		*x = NULL;
	unsigned char	*der = NULL;
	int		 len = -1;

	if ((bio = BIO_new_mem_buf(c->pem, (int)c->len)) != NULL)
		x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (x != NULL)
		len = i2d_PUBKEY(X509_get0_pubkey(x), &der);
	if (len > 0)
		SHA256(der, (size_t)len, hash);
	OPENSSL_free(der);
	X509_free(x);
	BIO_free(bio);
	ERR_clear_error();
	return (len > 0 ? 0 : -1);
}

static int
server_certs(struct tls_config *conf)
{
	size_t	i;

	for (i = 0; i < ncerts; i++)
		if ((i == 0 ? tls_config_set_keypair_mem(conf, certs[i].pem,
		    certs[i].len, NULL, 0) : tls_config_add_keypair_mem(conf,
		    certs[i].pem, certs[i].len, NULL, 0)) == -1)
			return (-1);
	return (0);
}

static int
server_make(const char **why)
{
	static char		 reason[256];
	struct tls_config	*conf;

	*why = "out of memory";
	if ((conf = tls_config_new()) == NULL)
		return (-1);
	tls_config_use_fake_private_key(conf);
	if (server_certs(conf) == -1 ||
	    tls_config_set_protocols(conf, TLS_PROTOCOLS_DEFAULT) == -1) {
		strlcpy(reason, tls_config_error(conf), sizeof(reason));
		*why = reason;
		tls_config_free(conf);
		return (-1);
	}
	if ((server_next = tls_server()) != NULL &&
	    tls_configure(server_next, conf) == -1) {
		strlcpy(reason, tls_error(server_next), sizeof(reason));
		*why = reason;
		tls_free(server_next);
		server_next = NULL;
	}
	tls_config_free(conf);
	return (server_next == NULL ? -1 : 0);
}

int
tls_keys_end(uint8_t (*hashes)[32], size_t max, size_t *n, const char **why)
{
	*why = "too many certificates";
	if (too_many)
		return (-1);
	*why = "not a certificate in PEM";
	for (*n = 0; *n < ncerts && *n < max; ++*n)
		if (cert_hash(&certs[*n], hashes[*n]) == -1)
			return (-1);
	return (ncerts == 0 ? 0 : server_make(why));
}

void
tls_keys_release(struct tls_server *s)
{
	if (s == NULL || --s->refs > 0)
		return;
	tls_free(s->tls);
	free(s);
}

void
tls_keys_swap(void)
{
	tls_keys_release(server);
	server = NULL;
	if (server_next == NULL)
		return;
	if ((server = calloc(1, sizeof(*server))) == NULL)
		fatal("tls");
	server->tls = server_next;
	server->refs = 1;
	server_next = NULL;
}

struct tls *
tls_keys_accept(int fd, struct tls_server **s)
{
	struct tls	*tls = NULL;

	if (server == NULL || tls_accept_socket(server->tls, &tls, fd) == -1)
		return (NULL);
	*s = server;
	server->refs++;
	return (tls);
}
