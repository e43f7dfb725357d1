/*
 * The transfer in hand.
 */

#include "compat.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"
#include "job.h"
#include "log.h"
#include "multi.h"
#include "trust.h"
#include "version.h"

#define TICK_USEC	250000		/* between two messages of progress */
#define CONNECT_SECONDS	30L		/* for TLS to be agreed upon */
#define STALL_SECONDS	30L		/* without an octet */
#define BUFFER_SIZE	(256 * 1024L)	/* octets at a time */

struct job	 job;

static void
job_reset(void)
{
	memset(&job, 0, sizeof(job));
	job.file = job.socket = -1;
}

void
job_free(void)
{
	if (!job.busy)
		return;
	event_del(&job.tick);
	event_del(&job.turn);
	if (job.easy != NULL)
		multi_remove(job.easy);
	curl_easy_cleanup(job.easy);
	curl_mime_free(job.form);
	curl_slist_free_all(job.to);
	curl_slist_free_all(job.fields);
	EVP_MD_CTX_free(job.hash);
	text_free(&job.text);
	if (job.file != -1)
		close(job.file);
	if (job.socket != -1)
		close(job.socket);
	job_reset();
}

void
job_tell(void)
{
	struct msg_transfer_progress	 m;
	struct ibuf			*b;

	m.id = job.id;
	m.now = job.told = job.now;
	m.total = job.total;
	strlcpy(m.name, job.name, sizeof(m.name));
	strlcpy(m.etag, job.etag, sizeof(m.etag));
	b = chan_open(helper_olaf(), MSG_TRANSFER_PROGRESS, 0);
	msg_transfer_progress_put(b, &m);
	chan_close(helper_olaf(), b);
}

static void
tick_again(void)
{
	struct timeval	tv = { 0, TICK_USEC };

	evtimer_add(&job.tick, &tv);
}

static void
on_tick(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (job.now != job.told && !chan_behind(helper_olaf()))
		job_tell();
	tick_again();
}

static void
on_done(CURL *easy, CURLcode result)
{
	if (job.easy == easy)
		job.done(result);
}

void
job_init(void)
{
	job_reset();
	multi_start(on_done);
}

int
job_file(uint32_t id, int fd)
{
	if (job.busy) {
		close(fd);
		return (-1);
	}
	job.busy = 1;
	job.id = id;
	job.file = fd;
	evtimer_set(&job.tick, on_tick, NULL);
	evtimer_set(&job.turn, on_tick, NULL);	/* until somebody needs it */
	return (0);
}

int
job_socket(uint32_t id, int fd)
{
	if (!job.busy || job.id != id || job.socket != -1 ||
	    job.easy != NULL) {
		close(fd);
		return (-1);
	}
	job.socket = fd;
	return (0);
}

/* CURLOPT_OPENSOCKETFUNCTION: the connection that olaf gave, once. */
static curl_socket_t
give_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	int	fd = job.socket;

	(void)arg;
	(void)purpose;
	(void)address;
	job.socket = -1;
	return (fd == -1 ? CURL_SOCKET_BAD : fd);
}

/* CURLOPT_SOCKOPTFUNCTION */
static int
is_connected(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	(void)arg;
	(void)fd;
	(void)purpose;
	return (CURL_SOCKOPT_ALREADY_CONNECTED);
}

/* CURLOPT_CLOSESOCKETFUNCTION */
static int
close_socket(void *arg, curl_socket_t fd)
{
	(void)arg;
	return (close(fd));
}

#define SET(option, value)						\
	(curl_easy_setopt(job.easy, (option), (value)) != CURLE_OK)

/*
 * Whatever host the URL names, it is that socket; an address in place of the
 * name keeps libcurl from asking for one.
 */
static int
set_connection(void)
{
	if ((job.to = curl_slist_append(NULL, "::127.0.0.1:")) == NULL)
		return (-1);
	return (SET(CURLOPT_CONNECT_TO, job.to) ||
	    SET(CURLOPT_OPENSOCKETFUNCTION, give_socket) ||
	    SET(CURLOPT_SOCKOPTFUNCTION, is_connected) ||
	    SET(CURLOPT_CLOSESOCKETFUNCTION, close_socket) ||
	    SET(CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) ||
	    SET(CURLOPT_TCP_NODELAY, 0L) ||	/* no call for it: it is set up */
	    SET(CURLOPT_FORBID_REUSE, 1L) ||
	    SET(CURLOPT_NOSIGNAL, 1L) ||
	    SET(CURLOPT_PROXY, "") ? -1 : 0);
}

static int
set_protocol(const char *url)
{
	return (SET(CURLOPT_URL, url) ||
	    SET(CURLOPT_PROTOCOLS_STR, "http,https") ||
	    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) ||
	    SET(CURLOPT_SSL_ENABLE_ALPN, 0L) ||
	    SET(CURLOPT_FOLLOWLOCATION, 0L) ||
	    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ||
	    SET(CURLOPT_USERAGENT, "olaf/" OLAFD_VERSION) ||
	    SET(CURLOPT_ERRORBUFFER, job.error) ||
	    SET(CURLOPT_BUFFERSIZE, BUFFER_SIZE) ||
	    SET(CURLOPT_UPLOAD_BUFFERSIZE, BUFFER_SIZE) ||
	    SET(CURLOPT_LOW_SPEED_LIMIT, 1L) ||
	    SET(CURLOPT_LOW_SPEED_TIME, STALL_SECONDS) ? -1 : 0);
}

int
job_prepare(const char *url, const uint8_t *pin, void (*done)(CURLcode))
{
	job.done = done;
	strlcpy(job.url, url, sizeof(job.url));
	if ((job.easy = curl_easy_init()) == NULL ||
	    set_connection() == -1 || set_protocol(job.url) == -1 ||
	    trust_set(job.easy, pin) == -1) {
		job_fail(0, 0, "libcurl cannot do what is needed");
		return (-1);
	}
	return (0);
}

void
job_start(void)
{
	if (job.fields != NULL && SET(CURLOPT_HTTPHEADER, job.fields)) {
		job_fail(0, 0, "libcurl: request fields");
		return;
	}
	tick_again();
	if (multi_add(job.easy) == -1)
		job_fail(0, 0, "libcurl: no transfer");
}

int
job_field(const char *line)
{
	struct curl_slist	*fields;

	if ((fields = curl_slist_append(job.fields, line)) == NULL)
		return (-1);
	job.fields = fields;
	return (0);
}

long
job_status(void)
{
	long	status = 0;

	if (job.easy != NULL)
		curl_easy_getinfo(job.easy, CURLINFO_RESPONSE_CODE, &status);
	return (status);
}

void
job_stop(int resumable, const char *fmt, ...)
{
	va_list	ap;

	if (job.why[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(job.why, sizeof(job.why), fmt, ap);
	va_end(ap);
	job.resumable = resumable;
}

static void
job_failed(int status, int resumable, const char *why, int tls)
{
	struct msg_transfer_failed	 m;
	struct ibuf			*b;

	memset(&m, 0, sizeof(m));
	m.id = job.id;
	m.status = status < 0 || status > 999 ? 0 : (uint16_t)status;
	m.resumable = resumable;
	if (tls)
		m.has_pin = trust_shown(m.pin);
	text_copy(m.why, sizeof(m.why), why, strlen(why));
	job_free();
	b = chan_open(helper_olaf(), MSG_TRANSFER_FAILED, 0);
	msg_transfer_failed_put(b, &m);
	chan_close(helper_olaf(), b);
}

void
job_fail(int status, int resumable, const char *fmt, ...)
{
	char	why[MSG_WHY_MAX];
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	job_failed(status, resumable, why, 0);
}

/* Is it that we do not trust the other side, or cannot talk TLS with it? */
static int
is_tls(CURLcode result)
{
	switch (result) {
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return (1);
	default:
		return (0);
	}
}

/* Did the connection fail us, so that a new one may help? */
static int
is_broken(CURLcode result)
{
	switch (result) {
	case CURLE_GOT_NOTHING:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return (1);
	default:
		return (0);
	}
}

void
job_fail_curl(CURLcode result)
{
	const char	*text = job.error[0] != '\0' ? job.error :
			    curl_easy_strerror(result);
	char		 why[MSG_WHY_MAX];
	int		 status = (int)job_status();

	if (job.why[0] != '\0')
		strlcpy(why, job.why, sizeof(why));
	else if (is_tls(result))
		snprintf(why, sizeof(why), "TLS: %.240s", text);
	else if (result == CURLE_OPERATION_TIMEDOUT)
		snprintf(why, sizeof(why), "nothing came or went for %ld "
		    "seconds", STALL_SECONDS);
	else if (is_broken(result))
		snprintf(why, sizeof(why), "the connection broke: %.220s",
		    text);
	else
		strlcpy(why, text, sizeof(why));
	job_failed(is_tls(result) ? 0 : status,
	    job.why[0] != '\0' ? job.resumable : is_broken(result), why,
	    is_tls(result));
}

void
job_fail_status(void)
{
	char	why[MSG_WHY_MAX];
	int	status = (int)job_status();

	if (text_error(&job.text, why, sizeof(why)) == 0)
		job_fail(status, 0, "the server says %d: %.220s", status,
		    why);
	else if (status >= 300 && status < 400)
		job_fail(status, 0, "the server says %d: a redirect, which is "
		    "not followed", status);
	else
		job_fail(status, 0, "the server says %d", status);
}

void
job_succeed(const char *url)
{
	struct msg_transfer_done	 m;
	struct ibuf			*b;

	memset(&m, 0, sizeof(m));
	if (EVP_DigestFinal_ex(job.hash, m.hash, NULL) != 1) {
		job_fail(0, 0, "libcrypto: no SHA-256");
		return;
	}
	m.id = job.id;
	m.size = job.now;
	strlcpy(m.name, job.name, sizeof(m.name));
	strlcpy(m.url, url, sizeof(m.url));
	job_free();
	b = chan_open(helper_olaf(), MSG_TRANSFER_DONE, 0);
	msg_transfer_done_put(b, &m);
	chan_close(helper_olaf(), b);
}
