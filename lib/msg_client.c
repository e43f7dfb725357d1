/*
 * Messages of olaf, the client, with its helpers.
 */

#include "compat.h"

#include <string.h>

#include "msg_client.h"

void
msg_connect_put(struct ibuf *b, const struct msg_connect *m)
{
	msg_put32(b, m->id);
	msg_put16(b, m->port);
	msg_put_string(b, m->host);
}

int
msg_connect_get(struct ibuf *b, struct msg_connect *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get16(b, &m->port) == -1 ||
	    msg_get_string(b, m->host, sizeof(m->host)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_connected_put(struct ibuf *b, const struct msg_connected *m)
{
	msg_put32(b, m->id);
	msg_put8(b, m->loopback != 0);
	msg_put_address(b, &m->address);
}

int
msg_connected_get(struct ibuf *b, struct msg_connected *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get_flag(b, &m->loopback) == -1 ||
	    msg_get_address(b, &m->address) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_connect_failed_put(struct ibuf *b, const struct msg_connect_failed *m)
{
	msg_put32(b, m->id);
	msg_put_string(b, m->why);
}

int
msg_connect_failed_get(struct ibuf *b, struct msg_connect_failed *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get_string(b, m->why, sizeof(m->why)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_net_open_put(struct ibuf *b, const struct msg_net_open *m)
{
	msg_put32(b, m->session);
	msg_put8(b, m->tls != 0);
	msg_put8(b, m->pinned != 0);
	msg_put_bytes(b, m->pin, sizeof(m->pin));
	msg_put_string(b, m->name);
	msg_put_string(b, m->host);
	msg_put_string(b, m->path);
}

int
msg_net_open_get(struct ibuf *b, struct msg_net_open *m)
{
	if (msg_get32(b, &m->session) == -1 ||
	    msg_get_flag(b, &m->tls) == -1 ||
	    msg_get_flag(b, &m->pinned) == -1 ||
	    msg_get_bytes(b, m->pin, sizeof(m->pin)) == -1 ||
	    msg_get_string(b, m->name, sizeof(m->name)) == -1 ||
	    msg_get_string(b, m->host, sizeof(m->host)) == -1 ||
	    msg_get_string(b, m->path, sizeof(m->path)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_net_text_put(struct ibuf *b, const struct msg_net_text *m)
{
	msg_put32(b, m->session);
	msg_put_bytes(b, m->text.p, m->text.len);
}

int
msg_net_text_get(struct ibuf *b, struct msg_net_text *m)
{
	if (msg_get32(b, &m->session) == -1)
		return (-1);
	msg_get_rest(b, &m->text);
	return (0);
}

void
msg_net_alive_put(struct ibuf *b, const struct msg_net_alive *m)
{
	msg_put32(b, m->session);
	msg_put32(b, m->texts);
}

int
msg_net_alive_get(struct ibuf *b, struct msg_net_alive *m)
{
	if (msg_get32(b, &m->session) == -1 ||
	    msg_get32(b, &m->texts) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_net_down_put(struct ibuf *b, const struct msg_net_down *m)
{
	msg_put32(b, m->session);
	msg_put8(b, (uint8_t)m->kind);
	msg_put16(b, m->code);
	msg_put8(b, m->has_pin != 0);
	msg_put_bytes(b, m->pin, sizeof(m->pin));
	msg_put_string(b, m->why);
}

int
msg_net_down_get(struct ibuf *b, struct msg_net_down *m)
{
	uint8_t	kind;

	if (msg_get32(b, &m->session) == -1 ||
	    msg_get8(b, &kind) == -1 || kind >= MSG_DOWN_MAX ||
	    msg_get16(b, &m->code) == -1 ||
	    msg_get_flag(b, &m->has_pin) == -1 ||
	    msg_get_bytes(b, m->pin, sizeof(m->pin)) == -1 ||
	    msg_get_string(b, m->why, sizeof(m->why)) == -1)
		return (-1);
	m->kind = (enum msg_down)kind;
	return (msg_get_end(b));
}

void
msg_net_server_put(struct ibuf *b, const struct msg_net_server *m)
{
	msg_put32(b, m->session);
	msg_put_string(b, m->address);
	msg_put_bytes(b, m->keys.p, m->keys.len);
}

int
msg_net_server_get(struct ibuf *b, struct msg_net_server *m)
{
	if (msg_get32(b, &m->session) == -1 ||
	    msg_get_string(b, m->address, sizeof(m->address)) == -1)
		return (-1);
	msg_get_rest(b, &m->keys);
	return (0);
}

void
msg_net_listed_put(struct ibuf *b, const struct msg_net_listed *m)
{
	msg_put32(b, m->session);
	msg_put8(b, m->asked != 0);
	msg_put32(b, m->servers);
	msg_put32(b, m->skipped);
}

int
msg_net_listed_get(struct ibuf *b, struct msg_net_listed *m)
{
	if (msg_get32(b, &m->session) == -1 ||
	    msg_get_flag(b, &m->asked) == -1 ||
	    msg_get32(b, &m->servers) == -1 ||
	    msg_get32(b, &m->skipped) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_net_keys_put(struct ibuf *b, const struct msg_net_keys *m)
{
	msg_put32(b, m->session);
	msg_put32(b, m->number);
	msg_put_bytes(b, m->keys.p, m->keys.len);
}

int
msg_net_keys_get(struct ibuf *b, struct msg_net_keys *m)
{
	if (msg_get32(b, &m->session) == -1 ||
	    msg_get32(b, &m->number) == -1)
		return (-1);
	msg_get_rest(b, &m->keys);
	return (0);
}

void
msg_net_unreadable_put(struct ibuf *b, const struct msg_net_unreadable *m)
{
	msg_put32(b, m->session);
	msg_put8(b, (uint8_t)m->why);
	msg_put8(b, m->has_sender != 0);
	msg_put_bytes(b, m->sender, sizeof(m->sender));
}

int
msg_net_unreadable_get(struct ibuf *b, struct msg_net_unreadable *m)
{
	uint8_t	why;

	if (msg_get32(b, &m->session) == -1 ||
	    msg_get8(b, &why) == -1 || why >= MSG_UNREADABLE_MAX ||
	    msg_get_flag(b, &m->has_sender) == -1 ||
	    msg_get_bytes(b, m->sender, sizeof(m->sender)) == -1)
		return (-1);
	m->why = (enum msg_unreadable)why;
	return (msg_get_end(b));
}

void
msg_net_refused_put(struct ibuf *b, const struct msg_net_refused *m)
{
	msg_put32(b, m->session);
	msg_put8(b, m->has_counter != 0);
	msg_put64(b, m->counter);
	msg_put_string(b, m->code);
	msg_put_string(b, m->text);
}

int
msg_net_refused_get(struct ibuf *b, struct msg_net_refused *m)
{
	if (msg_get32(b, &m->session) == -1 ||
	    msg_get_flag(b, &m->has_counter) == -1 ||
	    msg_get64(b, &m->counter) == -1 ||
	    msg_get_string(b, m->code, sizeof(m->code)) == -1 ||
	    msg_get_string(b, m->text, sizeof(m->text)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_transfer_get_put(struct ibuf *b, const struct msg_transfer_get *m)
{
	msg_put32(b, m->id);
	msg_put8(b, m->pinned != 0);
	msg_put_bytes(b, m->pin, sizeof(m->pin));
	msg_put64(b, m->offset);
	msg_put_string(b, m->url);
	msg_put_string(b, m->etag);
}

int
msg_transfer_get_get(struct ibuf *b, struct msg_transfer_get *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get_flag(b, &m->pinned) == -1 ||
	    msg_get_bytes(b, m->pin, sizeof(m->pin)) == -1 ||
	    msg_get64(b, &m->offset) == -1 ||
	    msg_get_string(b, m->url, sizeof(m->url)) == -1 ||
	    msg_get_string(b, m->etag, sizeof(m->etag)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_transfer_put_put(struct ibuf *b, const struct msg_transfer_put *m)
{
	msg_put32(b, m->id);
	msg_put8(b, m->pinned != 0);
	msg_put_bytes(b, m->pin, sizeof(m->pin));
	msg_put64(b, m->size);
	msg_put_string(b, m->url);
	msg_put_string(b, m->name);
}

int
msg_transfer_put_get(struct ibuf *b, struct msg_transfer_put *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get_flag(b, &m->pinned) == -1 ||
	    msg_get_bytes(b, m->pin, sizeof(m->pin)) == -1 ||
	    msg_get64(b, &m->size) == -1 ||
	    msg_get_string(b, m->url, sizeof(m->url)) == -1 ||
	    msg_get_string(b, m->name, sizeof(m->name)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_transfer_progress_put(struct ibuf *b, const struct msg_transfer_progress *m)
{
	msg_put32(b, m->id);
	msg_put64(b, m->now);
	msg_put64(b, m->total);
	msg_put_string(b, m->name);
	msg_put_string(b, m->etag);
}

int
msg_transfer_progress_get(struct ibuf *b, struct msg_transfer_progress *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get64(b, &m->now) == -1 ||
	    msg_get64(b, &m->total) == -1 ||
	    msg_get_string(b, m->name, sizeof(m->name)) == -1 ||
	    msg_get_string(b, m->etag, sizeof(m->etag)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_transfer_done_put(struct ibuf *b, const struct msg_transfer_done *m)
{
	msg_put32(b, m->id);
	msg_put64(b, m->size);
	msg_put_bytes(b, m->hash, sizeof(m->hash));
	msg_put_string(b, m->name);
	msg_put_string(b, m->url);
}

int
msg_transfer_done_get(struct ibuf *b, struct msg_transfer_done *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get64(b, &m->size) == -1 ||
	    msg_get_bytes(b, m->hash, sizeof(m->hash)) == -1 ||
	    msg_get_string(b, m->name, sizeof(m->name)) == -1 ||
	    msg_get_string(b, m->url, sizeof(m->url)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_transfer_failed_put(struct ibuf *b, const struct msg_transfer_failed *m)
{
	msg_put32(b, m->id);
	msg_put16(b, m->status);
	msg_put8(b, m->resumable != 0);
	msg_put8(b, m->has_pin != 0);
	msg_put_bytes(b, m->pin, sizeof(m->pin));
	msg_put_string(b, m->why);
}

int
msg_transfer_failed_get(struct ibuf *b, struct msg_transfer_failed *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get16(b, &m->status) == -1 ||
	    msg_get_flag(b, &m->resumable) == -1 ||
	    msg_get_flag(b, &m->has_pin) == -1 ||
	    msg_get_bytes(b, m->pin, sizeof(m->pin)) == -1 ||
	    msg_get_string(b, m->why, sizeof(m->why)) == -1)
		return (-1);
	return (msg_get_end(b));
}
/* Takes n octets off the front of a span.  Returns 0, or -1 for too few. */
static int
take(struct msg_span *from, size_t n, struct msg_span *span)
{
	if (from->len < n)
		return (-1);
	span->p = from->p;
	span->len = n;
	from->p = (const uint8_t *)from->p + n;
	from->len -= n;
	return (0);
}

/* An element led by its length, of size octets.  As the functions below. */
static int
take_element(struct msg_span *from, size_t size, struct msg_span *span)
{
	struct msg_span	 head;
	const uint8_t	*p;
	size_t		 len;

	if (from->len == 0)
		return (0);
	if (take(from, size, &head) == -1)
		return (-1);
	p = head.p;
	len = size == 1 ? p[0] : (size_t)(p[0] << 8 | p[1]);
	return (take(from, len, span) == -1 ? -1 : 1);
}

void
msg_net_server_put_key(struct ibuf *b, const struct key *k)
{
	msg_put16(b, (uint16_t)k->derlen);
	msg_put_bytes(b, k->der, k->derlen);
}

int
msg_net_server_next(struct msg_span *keys, struct key *k)
{
	struct msg_span	der;
	int		r;

	if ((r = take_element(keys, 2, &der)) != 1)
		return (r);
	return (key_read_der(k, der.p, der.len) == -1 ? -1 : 1);
}

void
msg_net_keys_put_wrapped(struct ibuf *b, const void *p, size_t len)
{
	msg_put16(b, (uint16_t)len);
	msg_put_bytes(b, p, len);
}

int
msg_net_keys_next_wrapped(struct msg_span *keys, struct msg_span *wrapped)
{
	int	r;

	if ((r = take_element(keys, 2, wrapped)) != 1)
		return (r);
	return (wrapped->len < MSG_WRAPPED_MIN ||
	    wrapped->len > MSG_WRAPPED_MAX ? -1 : 1);
}

void
msg_net_keys_put_symm(struct ibuf *b, const void *p, size_t len)
{
	msg_put8(b, (uint8_t)len);
	msg_put_bytes(b, p, len);
}

int
msg_net_keys_next_symm(struct msg_span *keys, struct msg_span *symm)
{
	int	r;

	if ((r = take_element(keys, 1, symm)) != 1)
		return (r);
	return (symm->len > MSG_SYMM_MAX ? -1 : 1);
}

void
msg_net_message_put(struct ibuf *b, const struct msg_net_message *m)
{
	msg_put32(b, m->session);
	msg_put8(b, (uint8_t)m->kind);
	msg_put8(b, (uint8_t)m->form);
	msg_put64(b, m->counter);
	msg_put_bytes(b, m->sender, sizeof(m->sender));
	msg_put16(b, (uint16_t)(m->participants.len / MSG_PARTICIPANT_LEN));
	msg_put_bytes(b, m->participants.p, m->participants.len);
	msg_put_bytes(b, m->text.p, m->text.len);
}

int
msg_net_message_get(struct ibuf *b, struct msg_net_message *m)
{
	struct msg_span	rest;
	uint16_t	n;
	uint8_t		kind, form;

	if (msg_get32(b, &m->session) == -1 ||
	    msg_get8(b, &kind) == -1 || kind >= MSG_KIND_MAX ||
	    msg_get8(b, &form) == -1 || form >= MSG_FORM_MAX ||
	    msg_get64(b, &m->counter) == -1 ||
	    msg_get_bytes(b, m->sender, sizeof(m->sender)) == -1 ||
	    msg_get16(b, &n) == -1 || n > MSG_PARTICIPANTS_MAX)
		return (-1);
	m->kind = (enum msg_kind)kind;
	m->form = (enum msg_form)form;
	msg_get_rest(b, &rest);
	if (take(&rest, (size_t)n * MSG_PARTICIPANT_LEN, &m->participants) == -1)
		return (-1);
	m->text = rest;
	return (0);
}

void
msg_participant_write(uint8_t *dst, const struct msg_participant *p)
{
	dst[0] = p->known != 0;
	memcpy(dst + 1, p->name, sizeof(p->name));
}

int
msg_participant_next(struct msg_span *rest, struct msg_participant *p)
{
	struct msg_span	 span;
	const uint8_t	*octets;

	if (rest->len == 0)
		return (0);
	if (take(rest, MSG_PARTICIPANT_LEN, &span) == -1)
		return (-1);
	octets = span.p;
	if (octets[0] > 1)
		return (-1);
	p->known = octets[0];
	memcpy(p->name, octets + 1, sizeof(p->name));
	return (1);
}
