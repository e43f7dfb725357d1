/*
 * Messages to and from olaf-keys, both roles: requests are of fixed size, so
 * that there is nothing to parse.
 */

#ifndef MSG_VERIFY_H
#define MSG_VERIFY_H

#include "msg.h"

#define MSG_DER_MAX	560	/* as KEY_DER_MAX */
#define MSG_SIG_MAX	512	/* RSA 4096 */
#define MSG_DIGEST_LEN	32	/* SHA-256 */
#define MSG_FORMS	3
#define MSG_SLOTS	(1U << 24)	/* slots are below this */

/*
 * MSG_VERIFY_KEY: this slot stands for this key; MSG_VERIFY_FORGET has the
 * slot alone.
 */
struct msg_verify_key {
	uint32_t	 slot;
	struct msg_span	 der;		/* SPKI */
};
void	 msg_verify_key_put(struct ibuf *, const struct msg_verify_key *);
int	 msg_verify_key_get(struct ibuf *, struct msg_verify_key *);

/* MSG_VERIFY: is sig one over any of these digests by slot's key? */
struct msg_verify {
	uint64_t	 id;		/* given back in the verdict */
	uint32_t	 slot;
	uint8_t		 count;		/* of digests, 1 to MSG_FORMS */
	uint16_t	 siglen;	/* 1 to MSG_SIG_MAX */
	uint8_t		 digest[MSG_FORMS][MSG_DIGEST_LEN];
	uint8_t		 sig[MSG_SIG_MAX];
};
void	 msg_verify_put(struct ibuf *, const struct msg_verify *);
int	 msg_verify_get(struct ibuf *, struct msg_verify *);

/* MSG_VERDICT */
struct msg_verdict {
	uint64_t	 id;
	int		 good;
};
void	 msg_verdict_put(struct ibuf *, const struct msg_verdict *);
int	 msg_verdict_get(struct ibuf *, struct msg_verdict *);

/* MSG_SIGN: what a TLS handshake asks of a private key. */
enum msg_sign_op {
	MSG_SIGN_RSA_PKCS1,	/* data: DigestInfo, RFC 8017 9.2 */
	MSG_SIGN_RSA_PSS,	/* data: EMSA-PSS block, RFC 8017 9.1 */
	MSG_SIGN_ECDSA,		/* data: a digest */
	MSG_SIGN_OP_MAX
};
struct msg_sign {
	enum msg_sign_op op;
	uint8_t		 key[MSG_DIGEST_LEN];	/* SHA-256 of the public key */
	uint32_t	 len;			/* of data, 1 to MSG_SIG_MAX */
	uint8_t		 data[MSG_SIG_MAX];
};
void	 msg_sign_put(struct ibuf *, const struct msg_sign *);
int	 msg_sign_get(struct ibuf *, struct msg_sign *);

/* MSG_SIGNED */
struct msg_signed {
	uint16_t	 len;			/* 0: refused */
	uint8_t		 sig[MSG_SIG_MAX];
};
void	 msg_signed_put(struct ibuf *, const struct msg_signed *);
int	 msg_signed_get(struct ibuf *, struct msg_signed *);

/*
 * MSG_SIGN_HELLO: our server_hello with that counter; the signer makes its
 * text itself (lib/server_hello.h).
 */
struct msg_sign_hello {
	uint64_t	 id;			/* given back in the answer */
	uint64_t	 counter;
};
void	 msg_sign_hello_put(struct ibuf *, const struct msg_sign_hello *);
int	 msg_sign_hello_get(struct ibuf *, struct msg_sign_hello *);

/* MSG_HELLO_SIGNED */
struct msg_hello_signed {
	uint64_t	 id;
	uint16_t	 len;			/* 0: there is no server key */
	uint8_t		 sig[MSG_SIG_MAX];
};
void	 msg_hello_signed_put(struct ibuf *, const struct msg_hello_signed *);
int	 msg_hello_signed_get(struct ibuf *, struct msg_hello_signed *);

#endif
