/*
 * Files that messages offer: our own form, "FILE name (N bytes, sha256 HEX):
 * URL", or any URL of a server's files in a text.
 */

#ifndef OFFER_H
#define OFFER_H

#include <stddef.h>
#include <stdint.h>

#include "clean.h"
#include "filename.h"
#include "key.h"
#include "msg_client.h"

#define OFFER_TEXT_MAX	(MSG_URL_MAX + CLEAN_LINE_MAX(FILENAME_SIZE) + 128)

struct offer {
	char		 url[MSG_URL_MAX];
	char		 host[ADDRESS_LEN_MAX];	/* with the port, as in the URL */
	char		 name[FILENAME_SIZE];	/* clean; "": it is not said */
	int		 has_size;
	uint64_t	 size;
	int		 has_hash;
	uint8_t		 hash[KEY_DIGEST_LEN];
};

/* What a text offers; returns 0, or -1 if it is nothing. */
int	 offer_find(struct offer *, const char *text, size_t len);

/* Reads a URL alone, of any path.  Returns 0, or -1 if it is none. */
int	 offer_url(struct offer *, const char *url, size_t len);

/* Writes our own form to text, which holds OFFER_TEXT_MAX. */
void	 offer_write(char *text, const char *name, uint64_t size,
	    const uint8_t hash[KEY_DIGEST_LEN], const char *url);

#endif
