/*
 * Messages of olaf-files, with olaf-front and olaf-relay.
 */

#include "compat.h"

#include "msg_files.h"

void
msg_conf_files_put(struct ibuf *b, const struct msg_conf_files *m)
{
	msg_put64(b, m->max_size);
	msg_put64(b, m->quota);
	msg_put64(b, m->retain);
}

int
msg_conf_files_get(struct ibuf *b, struct msg_conf_files *m)
{
	if (msg_get64(b, &m->max_size) == -1 ||
	    msg_get64(b, &m->quota) == -1 ||
	    msg_get64(b, &m->retain) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_upload_put(struct ibuf *b, const struct msg_upload *m)
{
	msg_put64(b, m->number);
	msg_put64(b, m->hint);
}

int
msg_upload_get(struct ibuf *b, struct msg_upload *m)
{
	if (msg_get64(b, &m->number) == -1 ||
	    msg_get64(b, &m->hint) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_upload_commit_put(struct ibuf *b, const struct msg_upload_commit *m)
{
	msg_put64(b, m->number);
	msg_put64(b, m->size);
	msg_put_string(b, m->name);
	msg_put_string(b, m->type);
}

int
msg_upload_commit_get(struct ibuf *b, struct msg_upload_commit *m)
{
	if (msg_get64(b, &m->number) == -1 ||
	    msg_get64(b, &m->size) == -1 ||
	    msg_get_string(b, m->name, sizeof(m->name)) == -1 ||
	    msg_get_string(b, m->type, sizeof(m->type)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_file_id_put(struct ibuf *b, const struct msg_file_id *m)
{
	msg_put64(b, m->number);
	msg_put_bytes(b, m->id, sizeof(m->id));
}

int
msg_file_id_get(struct ibuf *b, struct msg_file_id *m)
{
	if (msg_get64(b, &m->number) == -1 ||
	    msg_get_bytes(b, m->id, sizeof(m->id)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_file_failed_put(struct ibuf *b, const struct msg_file_failed *m)
{
	msg_put64(b, m->number);
	msg_put16(b, m->status);
}

int
msg_file_failed_get(struct ibuf *b, struct msg_file_failed *m)
{
	if (msg_get64(b, &m->number) == -1 ||
	    msg_get16(b, &m->status) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_download_ready_put(struct ibuf *b, const struct msg_download_ready *m)
{
	msg_put64(b, m->number);
	msg_put64(b, m->size);
	msg_put64(b, m->time);
	msg_put_bytes(b, m->hash, sizeof(m->hash));
	msg_put_string(b, m->name);
}

int
msg_download_ready_get(struct ibuf *b, struct msg_download_ready *m)
{
	if (msg_get64(b, &m->number) == -1 ||
	    msg_get64(b, &m->size) == -1 ||
	    msg_get64(b, &m->time) == -1 ||
	    msg_get_bytes(b, m->hash, sizeof(m->hash)) == -1 ||
	    msg_get_string(b, m->name, sizeof(m->name)) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_files_state_put(struct ibuf *b, const struct msg_files_state *m)
{
	msg_put32(b, m->id);
	msg_put64(b, m->stored);
	msg_put64(b, m->bytes);
	msg_put64(b, m->quota);
	msg_put64(b, m->uploads);
	msg_put64(b, m->upload_bytes);
	msg_put64(b, m->expired);
	msg_put64(b, m->failed);
}

int
msg_files_state_get(struct ibuf *b, struct msg_files_state *m)
{
	if (msg_get32(b, &m->id) == -1 ||
	    msg_get64(b, &m->stored) == -1 ||
	    msg_get64(b, &m->bytes) == -1 ||
	    msg_get64(b, &m->quota) == -1 ||
	    msg_get64(b, &m->uploads) == -1 ||
	    msg_get64(b, &m->upload_bytes) == -1 ||
	    msg_get64(b, &m->expired) == -1 ||
	    msg_get64(b, &m->failed) == -1)
		return (-1);
	return (msg_get_end(b));
}

void
msg_file_event_put(struct ibuf *b, const struct msg_file_event *m)
{
	msg_put8(b, m->type);
	msg_put_bytes(b, m->id, sizeof(m->id));
	msg_put64(b, m->size);
	msg_put_string(b, m->name);
}

int
msg_file_event_get(struct ibuf *b, struct msg_file_event *m)
{
	uint8_t	type;

	if (msg_get8(b, &type) == -1 || type >= MSG_FILE_EVENT_MAX ||
	    msg_get_bytes(b, m->id, sizeof(m->id)) == -1 ||
	    msg_get64(b, &m->size) == -1 ||
	    msg_get_string(b, m->name, sizeof(m->name)) == -1)
		return (-1);
	m->type = type;
	return (msg_get_end(b));
}
