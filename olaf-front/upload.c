/*
 * Uploads: multipart/form-data, of which one part is stored, or any other body,
 * stored as it is.
 */

#include "compat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "body.h"
#include "clock.h"
#include "filename.h"
#include "files.h"
#include "front.h"
#include "multipart.h"
#include "octet.h"
#include "output.h"
#include "upload.h"

#define FORM_OVERHEAD	(1024 * 1024)	/* octets of a form beside its file */
#define FORM_FRAME	4096		/* octets around a file, at a guess */
#define MORE_EVERY	(1024 * 1024)	/* octets between two reports to olaf-files */
#define URL_MAX		2048
#define WARN_MS		10000	/* between two warnings */
#define GATHER		(64 * 1024)	/* octets: small pieces are written together */

struct upload {
	struct body		 body;
	struct multipart	*form;		/* NULL: the body is the file */
	int			 fd;		/* -1: not yet, or no more */
	uint8_t			 open;		/* olaf-files knows of it */
	uint8_t			 expects;	/* 100 Continue */
	uint8_t			 in_file;	/* the part is the one */
	uint8_t			 found;		/* it was there */
	uint8_t			 through;	/* the body is read */
	uint64_t		 total;		/* octets of the body */
	uint64_t		 size;		/* of the file */
	uint64_t		 told;		/* of the file, to olaf-files */
	char			 name[FILENAME_SIZE];
	char			 type[MSG_FILE_TYPE_MAX];
};

/* Of the upload whose input is at hand. */
static uint8_t	gathered[GATHER];
static size_t	ngathered;

static int
is_multipart(struct http_span type)
{
	static const char	 multipart[] = "multipart/";

	return (type.len >= strlen(multipart) &&
	    strncasecmp(type.p, multipart, strlen(multipart)) == 0);
}

/* A foreign text, if it is one that can be kept. */
static void
upload_type(struct upload *u, struct http_span type)
{
	size_t	i;

	u->type[0] = '\0';
	if (type.len == 0 || type.len >= sizeof(u->type))
		return;
	for (i = 0; i < type.len; i++)
		if (type.p[i] < ' ' || type.p[i] > '~')
			return;
	memcpy(u->type, type.p, type.len);
	u->type[type.len] = '\0';
}

/* Returns 0 or the status with which to refuse it. */
static int
upload_form(struct transfer *t, const struct http_request *r)
{
	struct upload	*u = t->upload;
	char		 boundary[MULTIPART_BOUNDARY_MAX + 1];
	int		 len;

	len = multipart_boundary(r->content_type.p, r->content_type.len,
	    boundary);
	if (len == -1) {
		t->why = "This is no form with a good boundary.";
		return (400);
	}
	if ((u->form = malloc(sizeof(*u->form))) == NULL)
		return (503);
	multipart_init(u->form, boundary, (size_t)len);
	return (0);
}

static void
upload_plain(struct upload *u, const struct http_request *r)
{
	filename_clean(u->name, r->x_filename.p == NULL ? "" : r->x_filename.p,
	    r->x_filename.len);
	upload_type(u, r->content_type);
	u->in_file = u->found = 1;
}

/* How large the file will be, as far as the head tells; 0 if it does not. */
static uint64_t
upload_hint(const struct upload *u, const struct http_request *r)
{
	uint64_t	size = r->content_length;

	if (u->form == NULL)
		return (size);
	size = size > FORM_FRAME ? size - FORM_FRAME : 0;
	return (size < front_http.max_size ? size : front_http.max_size);
}

static int
upload_open(struct transfer *t, const struct http_request *r)
{
	struct upload	*u;
	uint64_t	 most = front_http.max_size;
	int		 status = 0;

	if (!transfer_trusted(r))
		return (403);
	if (r->expects_more)
		return (417);
	if ((t->upload = u = calloc(1, sizeof(*u))) == NULL)
		return (503);
	u->fd = -1;
	body_init(&u->body, r->chunked, r->content_length);
	u->expects = r->expects != 0 && r->has_body;
	if (is_multipart(r->content_type))
		status = upload_form(t, r);
	else
		upload_plain(u, r);
	if (status != 0)
		return (status);
	if (u->form != NULL)
		most += FORM_OVERHEAD;
	return (r->content_length > most ? 413 : 0);
}

void
upload_begin(struct transfer *t, const struct http_request *r)
{
	int	status;

	if ((status = upload_open(t, r)) == 0 &&
	    files_upload(t->number, upload_hint(t->upload, r)) == -1)
		status = 503;
	if (status != 0) {
		if (t->upload == NULL && r->has_body)
			t->keep = 0;
		transfer_fail(t, status);
		return;
	}
	t->upload->open = 1;
	transfer_wait(t, TRANSFER_ASKED);
}

void
upload_ready(struct transfer *t, int fd)
{
	struct upload	*u = t->upload;
	struct conn	*c = t->conn;
	uint64_t	 id = c->id;

	u->fd = fd;
	if (transfer_crowded(fd)) {
		transfer_fail(t, 503);
		return;
	}
	/* needless if the body has begun to come: RFC 9110 10.1.1 */
	if (u->expects && c->inlen == 0) {
		if (output_raw(c, reply_continue, strlen(reply_continue)) ==
		    -1) {
			conn_free(c);
			return;
		}
		if (output_flush(c) == -1 || conn_find(id) == NULL)
			return;
	}
	transfer_resume(t);
}

/* errno says why.  Returns a status. */
static int
write_failed(void)
{
	static int64_t	said;

	if (errno == EFBIG)
		return (413);
	if (said == 0 || clock_ms() - said >= WARN_MS) {
		said = clock_ms();
		log_warn("an upload");
	}
	return (errno == ENOSPC || errno == EDQUOT ? 507 : 500);
}

/* Returns 0 or a status. */
static int
write_all(int fd, const uint8_t *p, size_t len)
{
	ssize_t	n;

	for (; len > 0; p += n, len -= (size_t)n) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			return (write_failed());
	}
	return (0);
}

/* Writes what was gathered; at the latest when the input is used up. */
static int
upload_flush(const struct upload *u)
{
	size_t	len = ngathered;

	ngathered = 0;
	return (len == 0 ? 0 : write_all(u->fd, gathered, len));
}

static int
upload_gather(const struct upload *u, const uint8_t *p, size_t len)
{
	int	status;

	if (len > GATHER - ngathered && (status = upload_flush(u)) != 0)
		return (status);
	if (len > GATHER / 4 && ngathered == 0)
		return (write_all(u->fd, p, len));
	memcpy(gathered + ngathered, p, len);
	ngathered += len;
	return (0);
}

/* Returns 0 or a status. */
static int
upload_write(struct transfer *t, const uint8_t *p, size_t len)
{
	struct upload	*u = t->upload;
	int		 status;

	/* which may have become less meanwhile */
	if (u->size > front_http.max_size ||
	    len > front_http.max_size - u->size)
		return (413);
	u->size += len;
	if ((status = upload_gather(u, p, len)) != 0)
		return (status);
	if (u->size - u->told >= MORE_EVERY) {
		u->told = u->size;
		files_upload_more(t->number);
	}
	return (0);
}

/* The first part with a file name, or that is named "file", is the one. */
static void
upload_part(struct upload *u)
{
	const struct part	*part = &u->form->part;
	int			 named;

	named = part->name.len == 4 && memcmp(part->name.p, "file", 4) == 0;
	if (u->found || !(part->filename.len > 0 || named))
		return;
	u->in_file = u->found = 1;
	filename_clean(u->name, part->filename.len > 0 ? part->filename.p : "",
	    part->filename.len);
	upload_type(u, part->type);
}

static int
upload_form_data(struct transfer *t, const uint8_t *p, size_t len)
{
	struct upload		*u = t->upload;
	struct multipart_event	 ev;
	int			 status;

	for (;;) {
		size_t	n = multipart_read(u->form, p, len, &ev);

		p += n;
		len -= n;
		switch (ev.type) {
		case MULTIPART_EV_PART:
			upload_part(u);
			break;
		case MULTIPART_EV_DATA:
			if (u->in_file && (status = upload_write(t, ev.data,
			    ev.len)) != 0)
				return (status);
			break;
		case MULTIPART_EV_PART_END:
			u->in_file = 0;
			break;
		case MULTIPART_EV_ERROR:
			return (ev.status);
		case MULTIPART_EV_END:
			if (len > 0)
				break;	/* the epilogue */
			return (0);
		case MULTIPART_EV_NONE:
		default:
			return (0);
		}
	}
}

static int
upload_data(struct transfer *t, const uint8_t *p, size_t len)
{
	struct upload	*u = t->upload;

	u->total += len;
	if (u->form == NULL)
		return (upload_write(t, p, len));
	if (u->total > front_http.max_size + FORM_OVERHEAD)
		return (413);
	return (upload_form_data(t, p, len));
}

/* Returns 0 or a status. */
static int
upload_end(struct transfer *t)
{
	struct upload	*u = t->upload;
	int		 status;

	u->through = 1;
	if ((status = upload_flush(u)) != 0)
		return (status);
	if (u->form != NULL && !multipart_through(u->form)) {
		t->why = "The form ends too early.";
		return (400);
	}
	if (!u->found) {
		t->why = "The form has no file.";
		return (400);
	}
	close(u->fd);
	u->fd = -1;
	if (files_upload_commit(t->number, u->size, u->name, u->type) == -1)
		return (503);
	transfer_wait(t, TRANSFER_COMMIT);
	return (0);
}

ssize_t
upload_input(struct transfer *t, const uint8_t *p, size_t len)
{
	struct body_event	 ev;
	uint64_t		 id = t->conn->id;
	size_t			 used = 0;
	int			 status = 0;

	do {
		used += body_read(&t->upload->body, p + used, len - used, &ev);
		if (ev.type == BODY_EV_DATA)
			status = upload_data(t, ev.data, ev.len);
		else if (ev.type == BODY_EV_ERROR)
			status = ev.status;
		else if (ev.type == BODY_EV_END)
			status = upload_end(t);
	} while (ev.type == BODY_EV_DATA && status == 0);
	if (status == 0)
		status = upload_flush(t->upload);
	ngathered = 0;		/* of one that has failed */
	if (status != 0) {
		transfer_fail(t, status);
		if (conn_find(id) == NULL)
			return (-1);
	}
	return ((ssize_t)used);
}

void
upload_stored(struct transfer *t, const uint8_t *id)
{
	char		 url[URL_MAX], body[2 * URL_MAX + 64];
	struct reply	 r;
	size_t		 n;

	if (front_http.url[0] != '\0')
		n = strlcpy(url, front_http.url, sizeof(url));
	else
		n = (size_t)snprintf(url, sizeof(url), "http%s://%s/files",
		    t->conn->tls != NULL ? "s" : "", front_http.address);
	if (n > 0 && n < sizeof(url) && url[n - 1] != '/')
		n = strlcat(url, "/", sizeof(url));
	if (n + MSG_FILE_ID_HEX < sizeof(url))
		octet_write_hex(url + n, id, MSG_FILE_ID_LEN);
	snprintf(body, sizeof(body),
	    "{\"file_url\":\"%s\",\"body\":{\"file_url\":\"%s\"}}\n", url, url);
	front_stats.value[FRONT_UPLOADS]++;
	front_stats.value[FRONT_UPLOAD_BYTES] += t->upload->size;
	t->upload->open = 0;
	memset(&r, 0, sizeof(r));
	r.status = 200;
	r.fields = "Cache-Control: no-store\r\n";
	r.type = "application/json";
	r.body = body;
	transfer_answer(t, &r, -1, 0, 0);
}

int
upload_through(const struct transfer *t)
{
	return (t->upload->through);
}

void
upload_free(struct transfer *t)
{
	struct upload	*u = t->upload;

	if (u == NULL)
		return;
	if (u->open)
		files_upload_abort(t->number);
	if (u->fd != -1)
		close(u->fd);
	free(u->form);
	free(u);
	t->upload = NULL;
}
