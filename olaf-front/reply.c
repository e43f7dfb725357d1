/*
 * Answers to HTTP requests.
 */

#include "compat.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "reply.h"

#define REPLY_BODY_MAX	512
#define REPLY_FIELDS_MAX	(REPLY_MAX / 2)	/* a file's name may be in them */

static const struct answer {
	int		 status;
	const char	*reason;
	const char	*fields;
	const char	*text;		/* why, for errors */
} answers[] = {
	{ 200, "OK", "", "" },
	{ 204, "No Content", "", "" },
	{ 206, "Partial Content", "", "" },
	{ 304, "Not Modified", "", "" },
	{ 400, "Bad Request", "", "This request is malformed." },
	{ 403, "Forbidden", "", "Pages of this origin may not upload here." },
	{ 404, "Not Found", "", "There is nothing here." },
	{ 405, "Method Not Allowed", "Allow: GET, HEAD\r\n",
	    "This method does not apply here." },
	{ 408, "Request Timeout", "", "The request took too long." },
	{ 413, "Content Too Large", "", "This is too large." },
	{ 414, "URI Too Long", "", "The target of this request is too long." },
	{ 416, "Range Not Satisfiable", "", "The file has no such part." },
	{ 417, "Expectation Failed", "",
	    "Nothing but 100-continue can be expected here." },
	{ 426, "Upgrade Required",
	    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
	    "This is an OLAF/Neighbourhood chat server: connect to it with "
	    "WebSocket, version 13." },
	{ 429, "Too Many Requests", "",
	    "There are too many connections from this address." },
	{ 431, "Request Header Fields Too Large", "",
	    "The head of this request is too large." },
	{ 503, "Service Unavailable", "", "This server is full." },
	{ 505, "HTTP Version Not Supported", "",
	    "This server speaks HTTP/1.1." },
	{ 507, "Insufficient Storage", "", "There is no room for this file." },
	{ 500, "Internal Server Error", "", "Something went wrong." }
};

const char	reply_continue[] = "HTTP/1.1 100 Continue\r\n\r\n";

static const struct answer *
find_answer(int status)
{
	size_t	 i;

	for (i = 0; i < nitems(answers) - 1; i++)
		if (answers[i].status == status)
			break;
	return (&answers[i]);
}

void
reply_date(char date[REPLY_DATE_SIZE], time_t t)
{
	static const char	 days[] = "SunMonTueWedThuFriSat";
	static const char	 months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm		 tm;

	memset(&tm, 0, sizeof(tm));
	gmtime_r(&t, &tm);
	snprintf(date, REPLY_DATE_SIZE, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* What snprintf returned, if it fit. */
static size_t
fitting(int n)
{
	return (n < 0 || n >= REPLY_MAX ? 0 : (size_t)n);
}

static const char *
connection(const struct reply *r)
{
	if (r->status == 426)
		return ("Upgrade, close");
	return (r->keep ? "keep-alive" : "close");
}

/* Which answers say how long they are: RFC 9110 8.6. */
static void
length_field(const struct reply *r, char *buf, size_t size)
{
	uint64_t	length = r->body != NULL ? strlen(r->body) : r->length;

	if (r->status == 204 || r->status == 304)
		buf[0] = '\0';
	else
		snprintf(buf, size, "Content-Length: %" PRIu64 "\r\n", length);
}

size_t
reply_write(char *buf, const struct reply *r)
{
	char	date[REPLY_DATE_SIZE], length[64];

	reply_date(date, r->now);
	length_field(r, length, sizeof(length));
	return (fitting(snprintf(buf, REPLY_MAX,
	    "HTTP/1.1 %d %s\r\n"
	    "Date: %s\r\n"
	    "Connection: %s\r\n"
	    "%s%s%s%s"
	    "%s"
	    "%s%s%s"
	    "%s"
	    "\r\n"
	    "%s", r->status, find_answer(r->status)->reason, date,
	    connection(r),
	    r->origin != NULL ? "Access-Control-Allow-Origin: " : "",
	    r->origin != NULL ? r->origin : "", r->origin != NULL ? "\r\n" : "",
	    r->vary ? "Vary: Origin\r\n" : "", r->fields,
	    r->type != NULL ? "Content-Type: " : "",
	    r->type != NULL ? r->type : "", r->type != NULL ? "\r\n" : "",
	    length, r->body != NULL && !r->head ? r->body : "")));
}

size_t
reply_error(char *buf, const struct reply *error)
{
	const struct answer	*a = find_answer(error->status);
	struct reply		 r = *error;
	char			 body[REPLY_BODY_MAX];
	char			 fields[REPLY_FIELDS_MAX];

	snprintf(body, sizeof(body), "{\"error\":\"%s\"}\n",
	    r.text != NULL ? r.text : a->text);
	snprintf(fields, sizeof(fields), "%sCache-Control: no-store\r\n",
	    r.fields != NULL ? r.fields : a->fields);
	r.status = a->status;
	r.type = "application/json";
	r.body = body;
	r.fields = fields;
	return (reply_write(buf, &r));
}

size_t
reply_switch(char *buf, const char *accept)
{
	return (fitting(snprintf(buf, REPLY_MAX,
	    "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\n"
	    "Connection: Upgrade\r\n"
	    "Sec-WebSocket-Accept: %s\r\n"
	    "\r\n", accept)));
}
