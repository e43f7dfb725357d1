/*
 * Messages between olafctl and olaf-relay.
 */

#include "compat.h"

#include "msg_ctl.h"

void
msg_ctl_clients_put(struct ibuf *b, const struct msg_ctl_clients *m)
{
	msg_put8(b, m->all);
	msg_put_string(b, m->fingerprint);
}

int
msg_ctl_clients_get(struct ibuf *b, struct msg_ctl_clients *m)
{
	if (msg_get_flag(b, &m->all) == -1 ||
	    msg_get_string(b, m->fingerprint, sizeof(m->fingerprint)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ctl_kick_put(struct ibuf *b, const struct msg_ctl_kick *m)
{
	msg_put_string(b, m->fingerprint);
	msg_put_string(b, m->reason);
}

int
msg_ctl_kick_get(struct ibuf *b, struct msg_ctl_kick *m)
{
	if (msg_get_string(b, m->fingerprint, sizeof(m->fingerprint)) == -1 ||
	    msg_get_string(b, m->reason, sizeof(m->reason)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ctl_summary_put(struct ibuf *b, const struct msg_ctl_summary *m)
{
	msg_put_string(b, m->version);
	msg_put_string(b, m->address);
	msg_put64(b, m->since);
	msg_put32(b, m->connections);
	msg_put32(b, m->clients);
	msg_put32(b, m->neighbours);
	msg_put32(b, m->linked);
	msg_put32(b, m->users);
	msg_put64(b, m->messages_in);
	msg_put64(b, m->messages_out);
	msg_put64(b, m->rate_in);
	msg_put64(b, m->rate_out);
}

int
msg_ctl_summary_get(struct ibuf *b, struct msg_ctl_summary *m)
{
	if (msg_get_string(b, m->version, sizeof(m->version)) == -1 ||
	    msg_get_string(b, m->address, sizeof(m->address)) == -1 ||
	    msg_get64(b, &m->since) == -1 ||
	    msg_get32(b, &m->connections) == -1 ||
	    msg_get32(b, &m->clients) == -1 ||
	    msg_get32(b, &m->neighbours) == -1 ||
	    msg_get32(b, &m->linked) == -1 ||
	    msg_get32(b, &m->users) == -1 ||
	    msg_get64(b, &m->messages_in) == -1 ||
	    msg_get64(b, &m->messages_out) == -1 ||
	    msg_get64(b, &m->rate_in) == -1 ||
	    msg_get64(b, &m->rate_out) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ctl_client_put(struct ibuf *b, const struct msg_ctl_client *m)
{
	msg_put_string(b, m->fingerprint);
	msg_put_address(b, &m->address);
	msg_put64(b, m->since);
	msg_put64(b, m->messages);
	msg_put64(b, m->queue);
	msg_put_string(b, m->server);
}

int
msg_ctl_client_get(struct ibuf *b, struct msg_ctl_client *m)
{
	if (msg_get_string(b, m->fingerprint, sizeof(m->fingerprint)) == -1 ||
	    msg_get_address(b, &m->address) == -1 ||
	    msg_get64(b, &m->since) == -1 ||
	    msg_get64(b, &m->messages) == -1 ||
	    msg_get64(b, &m->queue) == -1 ||
	    msg_get_string(b, m->server, sizeof(m->server)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ctl_stat_put(struct ibuf *b, const struct msg_ctl_stat *m)
{
	msg_put_string(b, m->name);
	msg_put64(b, m->value);
}

int
msg_ctl_stat_get(struct ibuf *b, struct msg_ctl_stat *m)
{
	if (msg_get_string(b, m->name, sizeof(m->name)) == -1 ||
	    msg_get64(b, &m->value) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ctl_neighbour_put(struct ibuf *b, const struct msg_ctl_neighbour *m)
{
	msg_put_string(b, m->name);
	msg_put8(b, m->state);
	msg_put64(b, m->since);
	msg_put8(b, m->dialled);
	msg_put8(b, m->accepted);
	msg_put32(b, m->users);
	msg_put64(b, m->messages_in);
	msg_put64(b, m->messages_out);
	msg_put64(b, m->updates_in);
	msg_put64(b, m->updates_out);
	msg_put64(b, m->refused);
	msg_put64(b, m->keys_refused);
	msg_put64(b, m->next_dial);
	msg_put_string(b, m->error);
}

int
msg_ctl_neighbour_get(struct ibuf *b, struct msg_ctl_neighbour *m)
{
	uint8_t	state;

	if (msg_get_string(b, m->name, sizeof(m->name)) == -1 ||
	    msg_get8(b, &state) == -1 || state >= MSG_NEIGHBOUR_STATE_MAX ||
	    msg_get64(b, &m->since) == -1 ||
	    msg_get8(b, &m->dialled) == -1 || m->dialled > 1 ||
	    msg_get8(b, &m->accepted) == -1 ||
	    msg_get32(b, &m->users) == -1 ||
	    msg_get64(b, &m->messages_in) == -1 ||
	    msg_get64(b, &m->messages_out) == -1 ||
	    msg_get64(b, &m->updates_in) == -1 ||
	    msg_get64(b, &m->updates_out) == -1 ||
	    msg_get64(b, &m->refused) == -1 ||
	    msg_get64(b, &m->keys_refused) == -1 ||
	    msg_get64(b, &m->next_dial) == -1 ||
	    msg_get_string(b, m->error, sizeof(m->error)) == -1)
		return (-1);
	m->state = state;
	return (msg_get_end(b));
}

void
msg_ctl_event_put(struct ibuf *b, const struct msg_ctl_event *m)
{
	msg_put64(b, m->when);
	msg_put_string(b, m->event);
	msg_put_string(b, m->object);
	msg_put_string(b, m->text);
}

int
msg_ctl_event_get(struct ibuf *b, struct msg_ctl_event *m)
{
	if (msg_get64(b, &m->when) == -1 ||
	    msg_get_string(b, m->event, sizeof(m->event)) == -1 ||
	    msg_get_string(b, m->object, sizeof(m->object)) == -1 ||
	    msg_get_string(b, m->text, sizeof(m->text)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_ctl_end_put(struct ibuf *b, const struct msg_ctl_end *m)
{
	msg_put8(b, m->ok);
	msg_put_string(b, m->text);
}

int
msg_ctl_end_get(struct ibuf *b, struct msg_ctl_end *m)
{
	if (msg_get_flag(b, &m->ok) == -1 ||
	    msg_get_string(b, m->text, sizeof(m->text)) == -1)
		return (-1);
	return (msg_get_end(b));
}
