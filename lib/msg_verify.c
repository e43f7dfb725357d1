/*
 * Messages to and from olaf-keys.
 */

#include "compat.h"

#include "msg_verify.h"

void
msg_verify_key_put(struct ibuf *b, const struct msg_verify_key *m)
{
	msg_put32(b, m->slot);
	msg_put_bytes(b, m->der.p, m->der.len);
}

int
msg_verify_key_get(struct ibuf *b, struct msg_verify_key *m)
{
	if (msg_get32(b, &m->slot) == -1 || m->slot >= MSG_SLOTS)
		return (-1);
	msg_get_rest(b, &m->der);
	return (m->der.len > 0 && m->der.len <= MSG_DER_MAX ? 0 : -1);
}

void
msg_verify_put(struct ibuf *b, const struct msg_verify *m)
{
	msg_put64(b, m->id);
	msg_put32(b, m->slot);
	msg_put8(b, m->count);
	msg_put16(b, m->siglen);
	msg_put_bytes(b, m->digest, sizeof(m->digest));
	msg_put_bytes(b, m->sig, sizeof(m->sig));
}

int
msg_verify_get(struct ibuf *b, struct msg_verify *m)
{
	if (msg_get64(b, &m->id) == -1 ||
	    msg_get32(b, &m->slot) == -1 || m->slot >= MSG_SLOTS ||
	    msg_get8(b, &m->count) == -1 ||
	    m->count == 0 || m->count > MSG_FORMS ||
	    msg_get16(b, &m->siglen) == -1 ||
	    m->siglen == 0 || m->siglen > MSG_SIG_MAX ||
	    msg_get_bytes(b, m->digest, sizeof(m->digest)) == -1 ||
	    msg_get_bytes(b, m->sig, sizeof(m->sig)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_verdict_put(struct ibuf *b, const struct msg_verdict *m)
{
	msg_put64(b, m->id);
	msg_put8(b, m->good);
}

int
msg_verdict_get(struct ibuf *b, struct msg_verdict *m)
{
	if (msg_get64(b, &m->id) == -1 || msg_get_flag(b, &m->good) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_sign_put(struct ibuf *b, const struct msg_sign *m)
{
	msg_put8(b, m->op);
	msg_put_bytes(b, m->key, sizeof(m->key));
	msg_put32(b, m->len);
	msg_put_bytes(b, m->data, sizeof(m->data));
}

int
msg_sign_get(struct ibuf *b, struct msg_sign *m)
{
	uint8_t	op;

	if (msg_get8(b, &op) == -1 || op >= MSG_SIGN_OP_MAX ||
	    msg_get_bytes(b, m->key, sizeof(m->key)) == -1 ||
	    msg_get32(b, &m->len) == -1 ||
	    m->len == 0 || m->len > MSG_SIG_MAX ||
	    msg_get_bytes(b, m->data, sizeof(m->data)) == -1)
		return (-1);
	m->op = op;
	return (msg_get_end(b));
}

void
msg_signed_put(struct ibuf *b, const struct msg_signed *m)
{
	msg_put16(b, m->len);
	msg_put_bytes(b, m->sig, sizeof(m->sig));
}

int
msg_signed_get(struct ibuf *b, struct msg_signed *m)
{
	if (msg_get16(b, &m->len) == -1 || m->len > MSG_SIG_MAX ||
	    msg_get_bytes(b, m->sig, sizeof(m->sig)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_sign_hello_put(struct ibuf *b, const struct msg_sign_hello *m)
{
	msg_put64(b, m->id);
	msg_put64(b, m->counter);
}

int
msg_sign_hello_get(struct ibuf *b, struct msg_sign_hello *m)
{
	if (msg_get64(b, &m->id) == -1 ||
	    msg_get64(b, &m->counter) == -1 || m->counter > INT64_MAX)
		return (-1);
	return (msg_get_end(b));
}

void
msg_hello_signed_put(struct ibuf *b, const struct msg_hello_signed *m)
{
	msg_put64(b, m->id);
	msg_put16(b, m->len);
	msg_put_bytes(b, m->sig, sizeof(m->sig));
}

int
msg_hello_signed_get(struct ibuf *b, struct msg_hello_signed *m)
{
	if (msg_get64(b, &m->id) == -1 ||
	    msg_get16(b, &m->len) == -1 || m->len > MSG_SIG_MAX ||
	    msg_get_bytes(b, m->sig, sizeof(m->sig)) == -1)
		return (-1);
	return (msg_get_end(b));
}
