/*
 * Messages between olaf-front and olaf-relay.
 */

#include "compat.h"

#include "msg_conn.h"

void
msg_opened_put(struct ibuf *b, const struct msg_opened *m)
{
	msg_put64(b, m->conn);
	msg_put_address(b, &m->address);
}

int
msg_opened_get(struct ibuf *b, struct msg_opened *m)
{
	if (msg_get64(b, &m->conn) == -1 ||
	    msg_get_address(b, &m->address) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_text_put(struct ibuf *b, const struct msg_text *m)
{
	msg_put64(b, m->conn);
	msg_put_bytes(b, m->text.p, m->text.len);
}

int
msg_text_get(struct ibuf *b, struct msg_text *m)
{
	if (msg_get64(b, &m->conn) == -1)
		return (-1);
	msg_get_rest(b, &m->text);
	return (0);
}

void
msg_done_put(struct ibuf *b, const struct msg_done *m)
{
	msg_put64(b, m->conn);
	msg_put64(b, m->cost);
}

int
msg_done_get(struct ibuf *b, struct msg_done *m)
{
	if (msg_get64(b, &m->conn) == -1 || msg_get64(b, &m->cost) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_list_part_put(struct ibuf *b, const struct msg_list_part *m)
{
	msg_put64(b, m->version);
	msg_put8(b, m->last);
	msg_put_bytes(b, m->text.p, m->text.len);
}

int
msg_list_part_get(struct ibuf *b, struct msg_list_part *m)
{
	if (msg_get64(b, &m->version) == -1 ||
	    msg_get_flag(b, &m->last) == -1)
		return (-1);
	msg_get_rest(b, &m->text);
	return (0);
}

void
msg_list_send_put(struct ibuf *b, const struct msg_list_send *m)
{
	msg_put64(b, m->version);
	msg_put64(b, m->conn);
}

int
msg_list_send_get(struct ibuf *b, struct msg_list_send *m)
{
	if (msg_get64(b, &m->version) == -1 || msg_get64(b, &m->conn) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_close_put(struct ibuf *b, const struct msg_close *m)
{
	msg_put64(b, m->conn);
	msg_put16(b, m->code);
	msg_put_string(b, m->reason);
}

int
msg_close_get(struct ibuf *b, struct msg_close *m)
{
	if (msg_get64(b, &m->conn) == -1 || msg_get16(b, &m->code) == -1 ||
	    msg_get_string(b, m->reason, sizeof(m->reason)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_dial_put(struct ibuf *b, const struct msg_dial *m)
{
	msg_put32(b, m->number);
	msg_put64(b, m->attempt);
}

int
msg_dial_get(struct ibuf *b, struct msg_dial *m)
{
	if (msg_get32(b, &m->number) == -1 || m->number == 0 ||
	    msg_get64(b, &m->attempt) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_link_up_put(struct ibuf *b, const struct msg_link_up *m)
{
	msg_put64(b, m->conn);
	msg_put64(b, m->attempt);
	msg_put_address(b, &m->address);
}

int
msg_link_up_get(struct ibuf *b, struct msg_link_up *m)
{
	if (msg_get64(b, &m->conn) == -1 || msg_get64(b, &m->attempt) == -1 ||
	    msg_get_address(b, &m->address) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_dial_failed_put(struct ibuf *b, const struct msg_dial_failed *m)
{
	msg_put64(b, m->attempt);
	msg_put_string(b, m->reason);
}

int
msg_dial_failed_get(struct ibuf *b, struct msg_dial_failed *m)
{
	if (msg_get64(b, &m->attempt) == -1 ||
	    msg_get_string(b, m->reason, sizeof(m->reason)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_links_put(struct ibuf *b, const struct msg_links *m)
{
	uint16_t	i;

	msg_put8(b, m->tell);
	msg_put16(b, m->count);
	for (i = 0; i < m->count; i++)
		msg_put64(b, m->conn[i]);
	msg_put_bytes(b, m->text.p, m->text.len);
}

int
msg_links_get(struct ibuf *b, struct msg_links *m)
{
	uint16_t	i;

	if (msg_get_flag(b, &m->tell) == -1 ||
	    msg_get16(b, &m->count) == -1 ||
	    m->count == 0 || m->count > MSG_LINKS_MAX)
		return (-1);
	for (i = 0; i < m->count; i++)
		if (msg_get64(b, &m->conn[i]) == -1)
			return (-1);
	msg_get_rest(b, &m->text);
	return (0);
}

void
msg_link_hold_put(struct ibuf *b, const struct msg_link_hold *m)
{
	msg_put64(b, m->conn);
	msg_put8(b, m->hold);
}

int
msg_link_hold_get(struct ibuf *b, struct msg_link_hold *m)
{
	if (msg_get64(b, &m->conn) == -1 || msg_get_flag(b, &m->hold) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_queues_put(struct ibuf *b, const struct msg_queues *m)
{
	uint32_t	i;

	msg_put32(b, m->id);
	msg_put8(b, m->last);
	for (i = 0; i < m->count; i++) {
		msg_put64(b, m->queue[i].conn);
		msg_put64(b, m->queue[i].octets);
	}
}

int
msg_queues_get(struct ibuf *b, struct msg_queues *m)
{
	uint32_t	i;

	if (msg_get32(b, &m->id) == -1 || msg_get_flag(b, &m->last) == -1 ||
	    ibuf_size(b) % 16 != 0 || ibuf_size(b) / 16 > MSG_QUEUES_MAX)
		return (-1);
	m->count = ibuf_size(b) / 16;
	for (i = 0; i < m->count; i++)
		if (msg_get64(b, &m->queue[i].conn) == -1 ||
		    msg_get64(b, &m->queue[i].octets) == -1)
			return (-1);
	return (msg_get_end(b));
}

void
msg_front_stats_put(struct ibuf *b, const struct msg_front_stats *m)
{
	int	i;

	for (i = 0; i < FRONT_STAT_MAX; i++)
		msg_put64(b, m->value[i]);
}

int
msg_front_stats_get(struct ibuf *b, struct msg_front_stats *m)
{
	int	i;

	for (i = 0; i < FRONT_STAT_MAX; i++)
		if (msg_get64(b, &m->value[i]) == -1)
			return (-1);
	return (msg_get_end(b));
}

const char *
msg_front_stat_name(enum front_stat stat)
{
	static const char *const names[FRONT_STAT_MAX] = {
		"connections", "tls_handshakes", "tls_failures", "upgrades",
		"http_refused", "over_limit", "timeouts", "protocol_errors",
		"bad_utf8", "too_big", "slow_consumers", "messages_in",
		"messages_out", "bytes_in", "bytes_out", "writes", "dials",
		"dial_failures", "uploads", "upload_bytes", "downloads",
		"download_bytes", "transfers", "open"
	};

	return (names[stat]);
}
