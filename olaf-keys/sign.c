/*
 * The signer: holds the private keys and signs what a TLS handshake signs,
 * nothing else: EMSA-PSS blocks and PKCS#1 DigestInfos that are well formed,
 * and digests of usual length for ECDSA. What it answers is sized by its key,
 * never by the asker.
 */

#include "compat.h"

#include <sys/types.h>
#include <sys/queue.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <event.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "log.h"
#include "msg_conf.h"
#include "msg_verify.h"
#include "pss.h"
#include "sign.h"

#define SIGN_LINGER	60	/* seconds that keys of before the reload stay */

struct sign_key {
	TAILQ_ENTRY(sign_key)	 entry;
	uint8_t			 hash[MSG_HASH_LEN];	/* SHA-256 of its SPKI */
	enum msg_key_use	 use;
	EVP_PKEY		*pkey;
};
TAILQ_HEAD(sign_keys, sign_key);

static struct sign_keys	 keys_now = TAILQ_HEAD_INITIALIZER(keys_now);
static struct sign_keys	 keys_next = TAILQ_HEAD_INITIALIZER(keys_next);
static struct sign_keys	 keys_old = TAILQ_HEAD_INITIALIZER(keys_old);
static struct event	 linger;
static int		 bad;		/* a key of this set could not be read */

static void
sign_free(struct sign_keys *keys)
{
	struct sign_key	*k;

	while ((k = TAILQ_FIRST(keys)) != NULL) {
		TAILQ_REMOVE(keys, k, entry);
		EVP_PKEY_free(k->pkey);
		free(k);
	}
}

static struct sign_key *
sign_find_in(struct sign_keys *keys, const uint8_t hash[MSG_HASH_LEN])
{
	struct sign_key	*k;

	TAILQ_FOREACH(k, keys, entry)
		if (k->use == MSG_KEY_TLS &&
		    memcmp(k->hash, hash, MSG_HASH_LEN) == 0)
			return (k);
	return (NULL);
}

/* Keys to come count too: a front may have swapped before us. */
static struct sign_key *
sign_find(const uint8_t hash[MSG_HASH_LEN])
{
	struct sign_key	*k;

	if ((k = sign_find_in(&keys_now, hash)) == NULL &&
	    (k = sign_find_in(&keys_next, hash)) == NULL)
		k = sign_find_in(&keys_old, hash);
	return (k);
}

void
sign_begin(void)
{
	sign_free(&keys_next);
	bad = 0;
}

static int
no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return (-1);
}

static EVP_PKEY *
sign_read(const struct msg_span *pem)
{
	EVP_PKEY	*pkey;
	BIO		*bio;

	if ((bio = BIO_new_mem_buf(pem->p, (int)pem->len)) == NULL)
		fatalx("key: out of memory");
	pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	ERR_clear_error();
	return (pkey);
}

/* What a certificate or a server_hello can be signed with. */
static int
sign_usable(const EVP_PKEY *pkey, enum msg_key_use use)
{
	int	bits = EVP_PKEY_bits(pkey);

	switch (EVP_PKEY_base_id(pkey)) {
	case EVP_PKEY_RSA:
		return (bits >= 2048 && bits <= 4096);
	case EVP_PKEY_EC:
		return (use == MSG_KEY_TLS);
	default:
		return (0);
	}
}

static int
sign_hash(EVP_PKEY *pkey, uint8_t hash[MSG_HASH_LEN])
{
	unsigned char	*der = NULL;
	int		 len;

	if ((len = i2d_PUBKEY(pkey, &der)) <= 0)
		return (-1);
	SHA256(der, (size_t)len, hash);
	OPENSSL_free(der);
	return (0);
}

void
sign_key(struct ibuf *b)
{
	struct msg_conf_key	 m;
	struct sign_key		*k;

	if (msg_conf_key_get(b, &m) == -1)
		fatalx("CONF_KEY: malformed");
	if ((k = calloc(1, sizeof(*k))) == NULL)
		fatal("key");
	k->use = m.use;
	k->pkey = sign_read(&m.pem);
	explicit_bzero(ibuf_data(b), ibuf_size(b));
	if (k->pkey == NULL || !sign_usable(k->pkey, k->use) ||
	    sign_hash(k->pkey, k->hash) == -1) {
		EVP_PKEY_free(k->pkey);
		free(k);
		bad = 1;
		return;
	}
	TAILQ_INSERT_TAIL(&keys_next, k, entry);
}

void
sign_end(void)
{
	uint8_t		 hashes[MSG_KEYS_MAX][MSG_HASH_LEN];
	struct sign_key	*k;
	size_t		 n = 0;

	if (bad) {
		sign_free(&keys_next);
		child_conf_bad("a private key cannot be used: it must be PEM "
		    "without passphrase, RSA of 2048 to 4096 bits, or ECDSA "
		    "for tls");
		return;
	}
	TAILQ_FOREACH(k, &keys_next, entry)
		if (k->use == MSG_KEY_TLS && n < MSG_KEYS_MAX)
			memcpy(hashes[n++], k->hash, MSG_HASH_LEN);
	child_conf_ok(hashes, n * MSG_HASH_LEN);
}

static void
sign_linger_over(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	sign_free(&keys_old);
}

void
sign_swap(void)
{
	static int	set;
	struct timeval	tv = { SIGN_LINGER, 0 };

	if (!set)
		evtimer_set(&linger, sign_linger_over, NULL);
	set = 1;
	TAILQ_CONCAT(&keys_old, &keys_now, entry);
	TAILQ_CONCAT(&keys_now, &keys_next, entry);
	evtimer_add(&linger, &tv);
}

EVP_PKEY *
sign_server_key(void)
{
	struct sign_key	*k;

	TAILQ_FOREACH(k, &keys_now, entry)
		if (k->use == MSG_KEY_SERVER)
			return (k->pkey);
	return (NULL);
}

/* A raw RSA operation on a block whose form was checked (RFC 8017 5.2.1). */
static size_t
sign_rsa(EVP_PKEY *pkey, int padding, const struct msg_sign *m, uint8_t *sig,
    size_t size)
{
	EVP_PKEY_CTX	*ctx;
	size_t		 len = size;

	if ((ctx = EVP_PKEY_CTX_new(pkey, NULL)) == NULL)
		return (0);
	if (EVP_PKEY_sign_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, padding) != 1 ||
	    EVP_PKEY_sign(ctx, sig, &len, m->data, m->len) != 1)
		len = 0;
	EVP_PKEY_CTX_free(ctx);
	return (len);
}

static size_t
sign_ecdsa(EVP_PKEY *pkey, const struct msg_sign *m, uint8_t *sig, size_t size)
{
	EVP_PKEY_CTX	*ctx;
	size_t		 len = size;

	if ((ctx = EVP_PKEY_CTX_new(pkey, NULL)) == NULL)
		return (0);
	if (EVP_PKEY_sign_init(ctx) != 1 ||
	    EVP_PKEY_sign(ctx, sig, &len, m->data, m->len) != 1)
		len = 0;
	EVP_PKEY_CTX_free(ctx);
	return (len);
}

/* Returns the length of the signature, 0 for what we don't sign. */
static size_t
sign_do(const struct msg_sign *m, uint8_t *sig, size_t size)
{
	struct sign_key	*k;
	int		 type;

	if ((k = sign_find(m->key)) == NULL ||
	    (size_t)EVP_PKEY_size(k->pkey) > size)
		return (0);
	type = EVP_PKEY_base_id(k->pkey);
	switch (m->op) {
	case MSG_SIGN_RSA_PKCS1:
		if (type != EVP_PKEY_RSA ||
		    !pss_digest_info(m->data, m->len))
			return (0);
		return (sign_rsa(k->pkey, RSA_PKCS1_PADDING, m, sig, size));
	case MSG_SIGN_RSA_PSS:
		if (type != EVP_PKEY_RSA || !pss_block(m->data, m->len,
		    (unsigned int)EVP_PKEY_bits(k->pkey)))
			return (0);
		return (sign_rsa(k->pkey, RSA_NO_PADDING, m, sig, size));
	case MSG_SIGN_ECDSA:
		if (type != EVP_PKEY_EC || m->len < 32 || m->len > 64)
			return (0);
		return (sign_ecdsa(k->pkey, m, sig, size));
	case MSG_SIGN_OP_MAX:
	default:
		return (0);
	}
}

void
sign_message(struct chan *c, struct imsg *imsg, void *arg)
{
	struct msg_sign		 m;
	struct msg_signed	 s;
	struct ibuf		 b, *out;

	(void)arg;
	if (imsg == NULL) {
		chan_free(c);		/* the parent decides what comes of it */
		return;
	}
	if (imsg_get_type(imsg) != MSG_SIGN ||
	    msg_sign_get(child_ibuf(imsg, &b), &m) == -1) {
		chan_breach(c, "SIGN");
		return;
	}
	memset(&s, 0, sizeof(s));
	s.len = (uint16_t)sign_do(&m, s.sig, sizeof(s.sig));
	if (s.len == 0) {
		ERR_clear_error();
		log_warnx("signature refused to %s", chan_name(c));
	}
	out = chan_open(c, MSG_SIGNED, 520);
	msg_signed_put(out, &s);
	chan_close(c, out);
}
