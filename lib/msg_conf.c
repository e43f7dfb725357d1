/*
 * Messages between olafd and its children.
 */

#include "compat.h"

#include "msg_conf.h"

void
msg_conf_front_put(struct ibuf *b, const struct msg_conf_front *m)
{
	msg_put32(b, m->clients);
	msg_put32(b, m->clients_per_address);
	msg_put64(b, m->message);
	msg_put64(b, m->link_message);
	msg_put64(b, m->send_queue);
	msg_put32(b, m->hello_timeout);
	msg_put32(b, m->idle_ping);
	msg_put32(b, m->stall_timeout);
}

int
msg_conf_front_get(struct ibuf *b, struct msg_conf_front *m)
{
	if (msg_get32(b, &m->clients) == -1 ||
	    msg_get32(b, &m->clients_per_address) == -1 ||
	    msg_get64(b, &m->message) == -1 ||
	    msg_get64(b, &m->link_message) == -1 ||
	    msg_get64(b, &m->send_queue) == -1 ||
	    msg_get32(b, &m->hello_timeout) == -1 ||
	    msg_get32(b, &m->idle_ping) == -1 ||
	    msg_get32(b, &m->stall_timeout) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_conf_http_put(struct ibuf *b, const struct msg_conf_http *m)
{
	msg_put8(b, m->files);
	msg_put64(b, m->max_size);
	msg_put_string(b, m->address);
	msg_put_string(b, m->url);
	msg_put_string(b, m->cross_origin);
}

int
msg_conf_http_get(struct ibuf *b, struct msg_conf_http *m)
{
	if (msg_get_flag(b, &m->files) == -1 ||
	    msg_get64(b, &m->max_size) == -1 ||
	    msg_get_string(b, m->address, sizeof(m->address)) == -1 ||
	    msg_get_string(b, m->url, sizeof(m->url)) == -1 ||
	    msg_get_string(b, m->cross_origin, sizeof(m->cross_origin)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_conf_relay_put(struct ibuf *b, const struct msg_conf_relay *m)
{
	msg_put_string(b, m->address);
	msg_put32(b, m->message_rate);
	msg_put32(b, m->message_burst);
	msg_put32(b, m->strikes);
	msg_put32(b, m->hellos);
	msg_put64(b, m->counters);
	msg_put64(b, m->send_queue);
	msg_put32(b, m->link_users);
	msg_put32(b, m->update_interval);
	msg_put8(b, m->replay_session);
	msg_put8(b, m->echo);
	msg_put8(b, m->push_client_list);
	msg_put8(b, m->error_replies);
}

int
msg_conf_relay_get(struct ibuf *b, struct msg_conf_relay *m)
{
	if (msg_get_string(b, m->address, sizeof(m->address)) == -1 ||
	    msg_get32(b, &m->message_rate) == -1 ||
	    msg_get32(b, &m->message_burst) == -1 ||
	    msg_get32(b, &m->strikes) == -1 ||
	    msg_get32(b, &m->hellos) == -1 ||
	    msg_get64(b, &m->counters) == -1 ||
	    msg_get64(b, &m->send_queue) == -1 ||
	    msg_get32(b, &m->link_users) == -1 ||
	    msg_get32(b, &m->update_interval) == -1 ||
	    msg_get_flag(b, &m->replay_session) == -1 ||
	    msg_get_flag(b, &m->echo) == -1 ||
	    msg_get_flag(b, &m->push_client_list) == -1 ||
	    msg_get_flag(b, &m->error_replies) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_conf_key_put(struct ibuf *b, const struct msg_conf_key *m)
{
	msg_put8(b, m->use);
	msg_put_bytes(b, m->pem.p, m->pem.len);
}

int
msg_conf_key_get(struct ibuf *b, struct msg_conf_key *m)
{
	int	use;

	if (msg_get_flag(b, &use) == -1)
		return (-1);
	m->use = use ? MSG_KEY_SERVER : MSG_KEY_TLS;
	msg_get_rest(b, &m->pem);
	return (0);
}

void
msg_conf_neighbour_put(struct ibuf *b, const struct msg_conf_neighbour *m)
{
	msg_put32(b, m->number);
	msg_put_string(b, m->name);
	msg_put_string(b, m->host);
	msg_put16(b, m->port);
	msg_put8(b, m->tls);
	msg_put8(b, m->own_ca);
	msg_put_string(b, m->key);
}

int
msg_conf_neighbour_get(struct ibuf *b, struct msg_conf_neighbour *m)
{
	if (msg_get32(b, &m->number) == -1 || m->number == 0 ||
	    msg_get_string(b, m->name, sizeof(m->name)) == -1 ||
	    msg_get_string(b, m->host, sizeof(m->host)) == -1 ||
	    msg_get16(b, &m->port) == -1 ||
	    msg_get_flag(b, &m->tls) == -1 ||
	    msg_get_flag(b, &m->own_ca) == -1 ||
	    msg_get_string(b, m->key, sizeof(m->key)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_conf_source_put(struct ibuf *b, const struct msg_conf_source *m)
{
	msg_put32(b, m->number);
	msg_put_address(b, &m->address);
}

int
msg_conf_source_get(struct ibuf *b, struct msg_conf_source *m)
{
	if (msg_get32(b, &m->number) == -1 || m->number == 0 ||
	    msg_get_address(b, &m->address) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_conf_ca_put(struct ibuf *b, const struct msg_conf_ca *m)
{
	msg_put32(b, m->number);
	msg_put_bytes(b, m->pem.p, m->pem.len);
}

int
msg_conf_ca_get(struct ibuf *b, struct msg_conf_ca *m)
{
	if (msg_get32(b, &m->number) == -1)
		return (-1);
	msg_get_rest(b, &m->pem);
	return (m->pem.len > 0 ? 0 : -1);
}

void
msg_conf_resolver_put(struct ibuf *b, const struct msg_conf_resolver *m)
{
	msg_put8(b, m->hosts);
	msg_put_bytes(b, m->text.p, m->text.len);
}

int
msg_conf_resolver_get(struct ibuf *b, struct msg_conf_resolver *m)
{
	if (msg_get_flag(b, &m->hosts) == -1)
		return (-1);
	msg_get_rest(b, &m->text);
	return (0);
}

static int
msg_get_role(struct ibuf *b, enum role *role)
{
	uint8_t	v;

	if (msg_get8(b, &v) == -1 || v >= ROLE_MAX)
		return (-1);
	*role = v;
	return (0);
}

void
msg_peer_put(struct ibuf *b, const struct msg_peer *m)
{
	msg_put8(b, m->role);
	msg_put32(b, m->number);
}

int
msg_peer_get(struct ibuf *b, struct msg_peer *m)
{
	if (msg_get_role(b, &m->role) == -1 ||
	    msg_get32(b, &m->number) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_listener_put(struct ibuf *b, const struct msg_listener *m)
{
	msg_put32(b, m->id);
	msg_put8(b, m->tls);
}

int
msg_listener_get(struct ibuf *b, struct msg_listener *m)
{
	if (msg_get32(b, &m->id) == -1 || msg_get_flag(b, &m->tls) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_process_put(struct ibuf *b, const struct msg_process *m)
{
	msg_put8(b, m->role);
	msg_put32(b, m->number);
	msg_put32(b, m->pid);
	msg_put_string(b, m->user);
	msg_put_string(b, m->root);
	msg_put_string(b, m->promises);
	msg_put_string(b, m->sandbox);
}

int
msg_process_get(struct ibuf *b, struct msg_process *m)
{
	if (msg_get_role(b, &m->role) == -1 ||
	    msg_get32(b, &m->number) == -1 ||
	    msg_get32(b, &m->pid) == -1 ||
	    msg_get_string(b, m->user, sizeof(m->user)) == -1 ||
	    msg_get_string(b, m->root, sizeof(m->root)) == -1 ||
	    msg_get_string(b, m->promises, sizeof(m->promises)) == -1 ||
	    msg_get_string(b, m->sandbox, sizeof(m->sandbox)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ready_put(struct ibuf *b, const struct msg_ready *m)
{
	msg_put_string(b, m->promises);
	msg_put_string(b, m->sandbox);
}

int
msg_ready_get(struct ibuf *b, struct msg_ready *m)
{
	if (msg_get_string(b, m->promises, sizeof(m->promises)) == -1 ||
	    msg_get_string(b, m->sandbox, sizeof(m->sandbox)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ask_done_put(struct ibuf *b, const struct msg_ask_done *m)
{
	msg_put32(b, m->id);
	msg_put8(b, m->ok);
	msg_put_string(b, m->text);
}

int
msg_ask_done_get(struct ibuf *b, struct msg_ask_done *m)
{
	if (msg_get32(b, &m->id) == -1 || msg_get_flag(b, &m->ok) == -1 ||
	    msg_get_string(b, m->text, sizeof(m->text)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ask_verbose_put(struct ibuf *b, const struct msg_ask_verbose *m)
{
	msg_put32(b, m->id);
	msg_put8(b, m->verbose);
}

int
msg_ask_verbose_get(struct ibuf *b, struct msg_ask_verbose *m)
{
	if (msg_get32(b, &m->id) == -1 || msg_get_flag(b, &m->verbose) == -1)
		return (-1);
	return (msg_get_end(b));
}

int
msg_string_only_get(struct ibuf *b, char *s, size_t size)
{
	return (msg_get_string(b, s, size) == -1 ? -1 : msg_get_end(b));
}

int
msg_number_only_get(struct ibuf *b, uint32_t *v)
{
	return (msg_get32(b, v) == -1 ? -1 : msg_get_end(b));
}

int
msg_flag_only_get(struct ibuf *b, int *v)
{
	return (msg_get_flag(b, v) == -1 ? -1 : msg_get_end(b));
}

int
msg_id_only_get(struct ibuf *b, uint64_t *v)
{
	return (msg_get64(b, v) == -1 ? -1 : msg_get_end(b));
}
