/*
 * Uploads: a form with one part (RFC 7578), hashed while it is sent.  The last
 * octets go only if the file is still what it was at the start.
 */

#include "compat.h"

#include <sys/stat.h>

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "job.h"
#include "put.h"

/* Has nobody written to it since we began? */
static int
is_unchanged(void)
{
	struct stat	 st;

	return (fstat(job.file, &st) == 0 && st.st_size == job.st.st_size &&
	    st.st_mtim.tv_sec == job.st.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == job.st.st_mtim.tv_nsec);
}

/* Returns the octets read, or -1 after having said why. */
static ssize_t
read_some(char *octets, size_t len)
{
	ssize_t	 n;

	if (len > job.total - job.now)
		len = (size_t)(job.total - job.now);
	if (len == 0)
		return (0);
	do {
		n = pread(job.file, octets, len, (off_t)job.now);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		job_stop(0, "cannot read the file: %s", strerror(errno));
	else if (n == 0 || (job.now + (uint64_t)n == job.total &&
	    !is_unchanged())) {
		job_stop(0, "the file changed while it was read");
		return (-1);
	} else if (EVP_DigestUpdate(job.hash, octets, (size_t)n) != 1) {
		job_stop(0, "libcrypto: no SHA-256");
		return (-1);
	} else
		job.now += (uint64_t)n;
	return (n);
}

/* curl_mime_data_cb's */
static size_t
on_read(char *octets, size_t size, size_t n, void *arg)
{
	ssize_t	 r = read_some(octets, size * n);

	(void)arg;
	return (r == -1 ? CURL_READFUNC_ABORT : (size_t)r);
}

/* CURLOPT_WRITEFUNCTION */
static size_t
on_body(char *octets, size_t size, size_t n, void *arg)
{
	(void)arg;
	return (text_add(&job.text, octets, size * n) == -1 ? 0 : size * n);
}

/* Is there nothing in it but what can be seen, and no blank? */
static int
is_plain(const char *url)
{
	for (; *url != '\0'; url++)
		if (*url <= ' ' || *url > '~')
			return (0);
	return (1);
}

static int
has_scheme(const char *url)
{
	return (strncasecmp(url, "http://", 7) == 0 ||
	    strncasecmp(url, "https://", 8) == 0);
}

/*
 * Makes of what the server calls the file's URL one that is absolute and
 * plain: some leave out the beginning, or do not quote what is in a name.
 */
static int
settle_url(const char *said, char *url)
{
	CURLU	*u;
	char	*text = NULL;
	int	 r = -1;

	if ((u = curl_url()) == NULL)
		return (-1);
	if (curl_url_set(u, CURLUPART_URL, job.url, 0) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_URL, said, CURLU_URLENCODE) ==
	    CURLUE_OK &&
	    curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK &&
	    has_scheme(text) && is_plain(text) &&
	    strlcpy(url, text, MSG_URL_MAX) < MSG_URL_MAX)
		r = 0;
	curl_free(text);
	curl_url_cleanup(u);
	return (r);
}

static void
put_done(CURLcode result)
{
	char	 said[MSG_URL_MAX], url[MSG_URL_MAX];
	long	 status = job_status();

	/* it may have said why before it closed on us */
	if (job.why[0] == '\0' && status >= 300)
		job_fail_status();
	else if (result != CURLE_OK)
		job_fail_curl(result);
	else if (status < 200)
		job_fail_status();
	else if (job.now != job.total)
		job_fail((int)status, 0, "the server did not take all of it");
	else if (text_file_url(&job.text, said, sizeof(said)) == -1 ||
	    settle_url(said, url) == -1)
		job_fail((int)status, 0, "the server's answer has no URL of "
		    "the file");
	else
		job_succeed(url);
}

static int
set_form(void)
{
	curl_mimepart	*part;

	return ((job.form = curl_mime_init(job.easy)) == NULL ||
	    (part = curl_mime_addpart(job.form)) == NULL ||
	    curl_mime_name(part, "file") != CURLE_OK ||
	    curl_mime_filename(part, job.name) != CURLE_OK ||
	    curl_mime_type(part, "application/octet-stream") != CURLE_OK ||
	    curl_mime_data_cb(part, (curl_off_t)job.total, on_read, NULL, NULL,
	    NULL) != CURLE_OK ||
	    curl_easy_setopt(job.easy, CURLOPT_MIMEPOST, job.form) !=
	    CURLE_OK ||
	    curl_easy_setopt(job.easy, CURLOPT_WRITEFUNCTION, on_body) !=
	    CURLE_OK ? -1 : 0);
}

static int
set_hash(void)
{
	return ((job.hash = EVP_MD_CTX_new()) == NULL ||
	    EVP_DigestInit_ex(job.hash, EVP_sha256(), NULL) != 1 ? -1 : 0);
}

void
put_start(const struct msg_transfer_put *m)
{
	if (job_prepare(m->url, m->pinned ? m->pin : NULL, put_done) == -1)
		return;
	strlcpy(job.name, m->name, sizeof(job.name));
	job.total = m->size;
	if (fstat(job.file, &job.st) == -1 || job.st.st_size < 0 ||
	    (uint64_t)job.st.st_size != m->size)
		job_fail(0, 0, "the file changed while it was read");
	else if (set_hash() == -1 || set_form() == -1)
		job_fail(0, 0, "libcurl cannot upload");
	else
		job_start();
}
