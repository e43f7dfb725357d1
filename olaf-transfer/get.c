/*
 * Downloads: into a file that perhaps holds the beginning already.  When all is
 * there the file is read once more, a part each turn of the loop, for its hash.
 */

#include "compat.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "disposition.h"
#include "get.h"
#include "job.h"

#define HASH_TURN	(4 * 1024 * 1024)	/* octets read in a turn */

/* What the head of an answer says. */
struct head {
	int		 whole;		/* the empty line came */
	int		 is_part;	/* there is a Content-Range */
	int		 is_packed;	/* a Content-Encoding */
	uint64_t	 first;		/* of the part; UINT64_MAX: says no place */
	uint64_t	 length;	/* of the whole file; UINT64_MAX: unknown */
};
static struct head	 head;
static char		 asked[MSG_ETAG_MAX];	/* of what is there */

static void
head_reset(void)
{
	job.etag[0] = '\0';
	memset(&head, 0, sizeof(head));
	head.first = head.length = UINT64_MAX;
}

/*
 * A strong validator (RFC 9110 8.8.3), as can stand in a request?  By a weak one
 * no two parts of a file can be put together.
 */
static int
is_etag(const char *p, size_t len)
{
	size_t	 i;

	if (len < 2 || len >= MSG_ETAG_MAX || p[0] != '"' || p[len - 1] != '"')
		return (0);
	for (i = 1; i < len - 1; i++)
		if (p[i] < '!' || p[i] > '~' || p[i] == '"')
			return (0);
	return (1);
}

/* Reads a number off the front.  Returns 0, or -1. */
static int
take_number(const char **p, uint64_t *v)
{
	const char	*digit = *p;

	for (*v = 0; *digit >= '0' && *digit <= '9'; digit++) {
		if (*v > (uint64_t)INT64_MAX / 10 - 1)
			return (-1);
		*v = *v * 10 + (uint64_t)(*digit - '0');
	}
	if (digit == *p)
		return (-1);
	*p = digit;
	return (0);
}

/*
 * Content-Range (RFC 9110 14.4): "bytes 0-9/10", or an asterisk for either side.
 * What is malformed says no place.
 */
static void
read_range(const char *value)
{
	uint64_t	 first = UINT64_MAX, last, length = UINT64_MAX;

	head.is_part = 1;
	if (strncasecmp(value, "bytes ", 6) != 0)
		return;
	value += 6;
	if (*value == '*')
		value++;
	else if (take_number(&value, &first) == -1 || *value++ != '-' ||
	    take_number(&value, &last) == -1 || last < first)
		return;
	if (*value++ != '/')
		return;
	if (*value == '*' ? value[1] != '\0' :
	    take_number(&value, &length) == -1 || *value != '\0')
		return;
	head.first = first;
	head.length = length;
}

static void
read_field(const char *name, const char *value)
{
	char	 text[FILENAME_SIZE];
	size_t	 len = strlen(value);

	if (strcasecmp(name, "ETag") == 0 && is_etag(value, len))
		strlcpy(job.etag, value, sizeof(job.etag));
	else if (strcasecmp(name, "Content-Disposition") == 0 &&
	    disposition_read(value, len, text) == 0)
		strlcpy(job.name, text, sizeof(job.name));
	else if (strcasecmp(name, "Content-Range") == 0)
		read_range(value);
	else if (strcasecmp(name, "Content-Encoding") == 0 &&
	    strcasecmp(value, "identity") != 0)
		head.is_packed = 1;
}

/* Finds name and value of a line, which is foreign and may hold anything. */
static void
read_line(const char *line, size_t len)
{
	char	 text[8192], *value, *end;

	if (len >= sizeof(text) || memchr(line, '\0', len) != NULL)
		return;
	memcpy(text, line, len);
	text[len] = '\0';
	if ((value = strchr(text, ':')) == NULL)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	for (end = text + len; end > value && strchr(" \t\r\n", end[-1]) != NULL;
	    end--)
		end[-1] = '\0';
	read_field(text, value);
}

/* The body's length goes with where it begins. */
static void
set_total(curl_off_t length)
{
	job.total = length == -1 ? 0 : job.now + (uint64_t)length;
	if (head.length != UINT64_MAX && job.total != 0 &&
	    job.total != head.length)
		job_stop(0, "the server contradicts itself about the length");
	job_tell();
}

/* What comes is the file from its beginning: what there was of it goes. */
static void
begin_anew(void)
{
	job.now = 0;
	if (ftruncate(job.file, 0) == -1)
		job_stop(0, "cannot begin anew: %s", strerror(errno));
}

/* Some servers do not understand If-Range: what they send may be of a new file. */
static void
judge_part(curl_off_t length)
{
	if (job.offset == 0 || head.first != job.offset)
		job_stop(0, "the server sends another part than asked for");
	else if (job.etag[0] != '\0' && strcmp(job.etag, asked) != 0) {
		job_stop(1, "what there was is not of this file");
		begin_anew();
	} else {
		strlcpy(job.etag, asked, sizeof(job.etag));
		job.now = job.offset;
		set_total(length);
	}
}

/* The head is whole.  Returns 0, or -1 to end it here. */
static int
judge_head(void)
{
	curl_off_t	 length = -1;
	long		 status = job_status();

	curl_easy_getinfo(job.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
	    &length);
	if (status != 200 && status != 206)
		return (0);
	if (head.is_packed)
		job_stop(0, "the server packs the file, which nobody asked for");
	else if (status == 200) {
		begin_anew();
		set_total(length);
	} else
		judge_part(length);
	return (job.why[0] != '\0' ? -1 : 0);
}

/* CURLOPT_HEADERFUNCTION; fields behind the body are none of ours. */
static size_t
on_head(char *line, size_t size, size_t n, void *arg)
{
	size_t	 len = size * n;

	(void)arg;
	if (head.whole && len > 5 && strncmp(line, "HTTP/", 5) != 0)
		return (len);
	if (len > 5 && strncmp(line, "HTTP/", 5) == 0)
		head_reset();
	else if (len > 2)
		read_line(line, len);
	else if (!head.whole && job_status() >= 200) {
		head.whole = 1;
		if (judge_head() == -1)
			return (0);
	}
	return (len);
}

static int
write_all(const char *octets, size_t len)
{
	ssize_t	 n;

	while (len > 0) {
		n = pwrite(job.file, octets, len, (off_t)job.now);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			job_stop(1, "cannot write: %s", strerror(errno));
			return (-1);
		}
		octets += n;
		len -= (size_t)n;
		job.now += (uint64_t)n;
	}
	return (0);
}

/* CURLOPT_WRITEFUNCTION */
static size_t
on_body(char *octets, size_t size, size_t n, void *arg)
{
	long	 status = job_status();
	size_t	 len = size * n;

	(void)arg;
	if (status == 200 || status == 206)
		return (write_all(octets, len) == -1 ? 0 : len);
	return (text_add(&job.text, octets, len) == -1 ? 0 : len);
}

static void	 hash_turn(int, short, void *);

static void
hash_later(void)
{
	struct timeval	tv = { 0, 0 };

	evtimer_add(&job.turn, &tv);
}

/* Returns 1 at the end, 0 if there is more, -1 with errno set. */
static int
hash_some(void)
{
	static uint8_t	 piece[256 * 1024];
	uint64_t	 left, end = job.hashed + HASH_TURN;
	ssize_t		 n;

	while (job.hashed < job.now && job.hashed < end) {
		left = job.now - job.hashed;
		n = pread(job.file, piece, left < sizeof(piece) ?
		    (size_t)left : sizeof(piece), (off_t)job.hashed);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;	/* somebody made it shorter */
		if (n <= 0 || EVP_DigestUpdate(job.hash, piece, (size_t)n) != 1)
			return (-1);
		job.hashed += (uint64_t)n;
	}
	return (job.hashed == job.now);
}

static void
hash_turn(int fd, short what, void *arg)
{
	int	 r;

	(void)fd;
	(void)what;
	(void)arg;
	if ((r = hash_some()) == -1)
		job_fail(0, 1, "cannot read what was written: %s",
		    strerror(errno));
	else if (r == 0)
		hash_later();
	else
		job_succeed("");
}

static void
get_hash(void)
{
	if ((job.hash = EVP_MD_CTX_new()) == NULL ||
	    EVP_DigestInit_ex(job.hash, EVP_sha256(), NULL) != 1) {
		job_fail(0, 1, "libcrypto: no SHA-256");
		return;
	}
	evtimer_set(&job.turn, hash_turn, NULL);
	hash_later();
}

/*
 * 416: there is nothing behind what we have.  That is well if it is all; if it
 * is not, it is not of this file.
 */
static void
get_beyond(void)
{
	if (job.offset > 0 && head.first == UINT64_MAX &&
	    head.length == job.offset) {
		job.now = job.total = job.offset;
		job_tell();
		get_hash();
	} else {
		begin_anew();
		job_fail(416, 1, "what there was is not of this file");
	}
}

static void
get_done(CURLcode result)
{
	long	 status = job_status();

	if (result != CURLE_OK)
		job_fail_curl(result);
	else if (status == 416 && job.offset > 0)
		get_beyond();
	else if (status != 200 && status != 206)
		job_fail_status();
	else if (job.total != 0 && job.now != job.total)
		job_fail((int)status, 1, "%" PRIu64 " octets came instead of %"
		    PRIu64, job.now, job.total);
	else {
		job.total = job.now;
		job_tell();
		get_hash();
	}
}

/* Asks for what is missing, if the file is still the same (RFC 9110 13.1.5). */
static int
set_range(const char *etag)
{
	char	 text[MSG_ETAG_MAX + 32];

	if (job.offset == 0)
		return (0);
	snprintf(text, sizeof(text), "If-Range: %s", etag);
	if (job_field(text) == -1)
		return (-1);
	snprintf(text, sizeof(text), "%" PRIu64 "-", job.offset);
	return (curl_easy_setopt(job.easy, CURLOPT_RANGE, text) != CURLE_OK ?
	    -1 : 0);
}

void
get_start(const struct msg_transfer_get *m)
{
	if (job_prepare(m->url, m->pinned ? m->pin : NULL, get_done) == -1)
		return;
	head_reset();
	strlcpy(asked, m->etag, sizeof(asked));
	/* without a name for what is there, all of it is asked for */
	job.offset = is_etag(m->etag, strlen(m->etag)) ? m->offset : 0;
	if (disposition_of_url(m->url, job.name) == -1)
		job.name[0] = '\0';
	if (curl_easy_setopt(job.easy, CURLOPT_HEADERFUNCTION, on_head) !=
	    CURLE_OK || curl_easy_setopt(job.easy, CURLOPT_WRITEFUNCTION,
	    on_body) != CURLE_OK || set_range(m->etag) == -1) {
		job_fail(0, 0, "libcurl cannot download");
		return;
	}
	job_start();
}
