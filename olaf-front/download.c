/*
 * Requests for a stored file (RFC 9110 13 and 14).
 */

#include "compat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "download.h"
#include "entity.h"
#include "filename.h"
#include "files.h"
#include "front.h"
#include "octet.h"

#define ETAG_OCTETS	16	/* of the hash */
#define FIELDS_MAX	4096

/* What the request said, in memory of its own: the head is not kept. */
struct download {
	struct entity_request	 fields;
	char			 text[];
};

static int
id_read(struct http_span path, uint8_t *id)
{
	size_t	prefix = strlen("/files/");

	return (octet_read_hex(id, MSG_FILE_ID_LEN, path.p + prefix,
	    path.len - prefix));
}

static char *
field_keep(struct http_span *to, const struct http_span *from, char *text)
{
	if (from->p == NULL)
		return (text);
	memcpy(text, from->p, from->len);
	to->p = text;
	to->len = from->len;
	return (text + from->len);
}

/* Returns -1 when out of memory. */
static int
download_keep(struct transfer *t, const struct http_request *r)
{
	static const struct http_span	 none;
	const struct http_span		*range = r->head ? &none : &r->range;
	struct download			*d;
	char				*p;

	if ((d = calloc(1, sizeof(*d) + range->len + r->if_range.len +
	    r->if_none_match.len + r->if_modified_since.len)) == NULL)
		return (-1);
	p = field_keep(&d->fields.range, range, d->text);
	p = field_keep(&d->fields.if_range, &r->if_range, p);
	p = field_keep(&d->fields.if_none_match, &r->if_none_match, p);
	field_keep(&d->fields.if_modified_since, &r->if_modified_since, p);
	t->download = d;
	return (0);
}

void
download_begin(struct transfer *t, const struct http_request *r)
{
	struct msg_file_id	 m;

	m.number = t->number;
	if (id_read(r->path, m.id) == -1)
		transfer_fail(t, 404);
	else if (download_keep(t, r) == -1 || files_download(&m) == -1)
		transfer_fail(t, 503);
	else
		transfer_wait(t, TRANSFER_ASKED);
}

/* What the answer says about the file, whatever part of it follows. */
static void
download_fields(char *fields, int status, const struct msg_download_ready *m,
    const char *etag, uint64_t from, uint64_t len)
{
	char	disposition[FILENAME_DISPOSITION_MAX], date[REPLY_DATE_SIZE];
	char	range[96] = "";

	filename_disposition(disposition, sizeof(disposition), m->name);
	reply_date(date, (time_t)m->time);
	if (status == 206)
		snprintf(range, sizeof(range), "Content-Range: bytes %" PRIu64
		    "-%" PRIu64 "/%" PRIu64 "\r\n", from, from + len - 1,
		    m->size);
	else if (status == 416)
		snprintf(range, sizeof(range), "Content-Range: bytes */%"
		    PRIu64 "\r\n", m->size);
	snprintf(fields, FIELDS_MAX,
	    "%s"
	    "Accept-Ranges: bytes\r\n"
	    "ETag: %s\r\n"
	    "Last-Modified: %s\r\n"
	    "%s"
	    "Content-Disposition: %s\r\n"
	    "X-Content-Type-Options: nosniff\r\n"
	    "Content-Security-Policy: sandbox\r\n"
	    "Access-Control-Expose-Headers: Accept-Ranges, "
	    "Content-Disposition, Content-Range, ETag\r\n", range, etag, date,
	    status == 416 ? "" : "Cache-Control: private\r\n", disposition);
}

void
download_ready(struct transfer *t, const struct msg_download_ready *m, int fd)
{
	char		 fields[FIELDS_MAX], etag[2 * ETAG_OCTETS + 3];
	struct entity	 e;
	struct reply	 r;
	uint64_t	 from, len;

	etag[0] = '"';
	octet_write_hex(etag + 1, m->hash, ETAG_OCTETS);
	strlcat(etag, "\"", sizeof(etag));
	e.size = m->size;
	e.modified = (int64_t)m->time;
	e.etag = etag;
	memset(&r, 0, sizeof(r));
	r.status = entity_evaluate(&e, &t->download->fields, &from, &len);
	download_fields(fields, r.status, m, etag, from, len);
	r.fields = fields;
	r.type = "application/octet-stream";
	r.length = len;
	if (transfer_crowded(fd)) {
		r.status = 503;
		r.fields = NULL;
	}
	if (t->head || len == 0 || r.status > 206) {
		close(fd);
		fd = -1;
	} else
		front_stats.value[FRONT_DOWNLOADS]++;
	transfer_answer(t, &r, fd, from, len);
}

void
download_free(struct transfer *t)
{
	free(t->download);
	t->download = NULL;
}
