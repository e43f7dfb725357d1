/*
 * Files that messages offer.
 */

#include "compat.h"

#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "octet.h"
#include "offer.h"

/* Length of "http://" or "https://" at the front, or 0. */
static size_t
scheme_len(const char *text, size_t len)
{
	static const char *const	schemes[] = { "http://", "https://" };
	size_t				i, n;

	for (i = 0; i < nitems(schemes); i++) {
		n = strlen(schemes[i]);
		if (len > n && strncasecmp(text, schemes[i], n) == 0)
			return (n);
	}
	return (0);
}

static int
is_url_octet(char c)
{
	return (c > ' ' && c < 0x7f && strchr("\"<>\\^`{|}", c) == NULL);
}

/* Octets of the URL at the front, without what rather ends a sentence. */
static size_t
url_len(const char *text, size_t len)
{
	size_t	 n;

	for (n = scheme_len(text, len); n < len && is_url_octet(text[n]); n++)
		;
	while (n > 0 && strchr(".,;:!?)]'", text[n - 1]) != NULL)
		n--;
	return (n);
}

int
offer_url(struct offer *o, const char *url, size_t len)
{
	struct address	 address;
	const char	*host;
	size_t		 scheme, n;

	memset(o, 0, sizeof(*o));
	if ((scheme = scheme_len(url, len)) == 0 || len >= sizeof(o->url) ||
	    url_len(url, len) != len)
		return (-1);
	host = url + scheme;
	for (n = 0; n < len - scheme && strchr("/?#", host[n]) == NULL; n++)
		;
	if (n >= sizeof(o->host) || address_read(&address, host, n) == -1)
		return (-1);
	memcpy(o->url, url, len);
	memcpy(o->host, host, n);
	return (0);
}

/*
 * The first URL of a server's file in the text.  Each octet is looked at once,
 * for the text may be long and all beginnings of URLs.
 */
static int
find_url(struct offer *o, const char *text, size_t len)
{
	size_t	 n, scheme;

	for (; len > 0; text += n, len -= n) {
		n = 1;
		if ((scheme = scheme_len(text, len)) == 0)
			continue;
		n = url_len(text, len);
		if (offer_url(o, text, n) == 0 &&
		    strstr(o->url + scheme, "/files/") != NULL)
			return (0);
		if (n == 0)
			n = scheme;
	}
	return (-1);
}

/* Reads "N bytes, sha256 HEX"; the text ends with a NUL somewhere. */
static int
read_details(struct offer *o, const char *text, size_t len)
{
	static const char	 bytes[] = " bytes, sha256 ";
	char			 number[24], *end;
	size_t			 n = 0;

	while (n < len && n < sizeof(number) - 1 && text[n] >= '0' &&
	    text[n] <= '9')
		n++;
	if (n == 0 || len - n != sizeof(bytes) - 1 + 2 * sizeof(o->hash) ||
	    memcmp(text + n, bytes, sizeof(bytes) - 1) != 0)
		return (-1);
	memcpy(number, text, n);
	number[n] = '\0';
	o->size = strtoull(number, &end, 10);
	if (octet_read_hex(o->hash, sizeof(o->hash),
	    text + n + sizeof(bytes) - 1, 2 * sizeof(o->hash)) == -1)
		return (-1);
	o->has_size = o->has_hash = 1;
	return (0);
}

/* Reads our own form, backwards, for the name may hold anything. */
static int
read_form(struct offer *o, const char *text, size_t len)
{
	static const char	 file[] = "FILE ", middle[] = "): ";
	const char		*end, *open;

	if (len < sizeof(file) || memcmp(text, file, sizeof(file) - 1) != 0)
		return (-1);
	text += sizeof(file) - 1;
	len -= sizeof(file) - 1;
	if ((open = memrchr(text, '(', len)) == NULL || open - text < 2 ||
	    open[-1] != ' ' ||
	    (end = memmem(open, len - (size_t)(open - text), middle,
	    sizeof(middle) - 1)) == NULL)
		return (-1);
	len -= (size_t)(end + sizeof(middle) - 1 - text);
	if (offer_url(o, end + sizeof(middle) - 1, len) == -1 ||
	    read_details(o, open + 1, (size_t)(end - open - 1)) == -1)
		return (-1);
	filename_clean(o->name, text, (size_t)(open - 1 - text));
	return (0);
}

int
offer_find(struct offer *o, const char *text, size_t len)
{
	if (read_form(o, text, len) == 0)
		return (0);
	return (find_url(o, text, len));
}

void
offer_write(char *text, const char *name, uint64_t size,
    const uint8_t hash[KEY_DIGEST_LEN], const char *url)
{
	char	 hex[2 * KEY_DIGEST_LEN + 1];

	octet_write_hex(hex, hash, KEY_DIGEST_LEN);
	snprintf(text, OFFER_TEXT_MAX, "FILE %s (%" PRIu64 " bytes, sha256 %s): %s",
	    name, size, hex, url);
}
