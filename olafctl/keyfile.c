/*
 * Files of RSA keys: what olafctl does without a running olafd.
 */

#include "compat.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keyfile.h"
#include "octet.h"
#include "rsakey.h"

static char *
read_path(const char *path, size_t *len)
{
	char	*text;
	int	 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		warn("%s", path);
		return (NULL);
	}
	text = rsakey_read_file(fd, path, len);
	close(fd);
	return (text);
}

static int
read_private(struct key *k, const char *text, size_t len, int *encrypted)
{
	EVP_PKEY	*pkey;
	int		 r;

	if ((pkey = rsakey_read(text, len, NULL, encrypted)) == NULL)
		return (-1);
	r = rsakey_public(pkey, k);
	EVP_PKEY_free(pkey);
	return (r);
}

static void
report(const struct key *k, const struct output *output)
{
	struct key_report	 r;
	uint8_t			 digest[KEY_DIGEST_LEN];
	char			 text[KEY_TEXT_MAX], fingerprint[KEY_FP_LEN + 1];
	char			 hex[KEY_DIGEST_LEN * 2 + 1];

	key_text_digest(text, key_text(k, text), digest);
	key_fingerprint(digest, fingerprint);
	octet_write_hex(hex, digest, sizeof(digest));
	r.fingerprint = fingerprint;
	r.hex = hex;
	r.bits = k->bits;
	output->key(&r);
}

int
keyfile_fingerprint(const char *path, const struct output *output)
{
	struct key	 k;
	char		*text;
	size_t		 len;
	int		 encrypted = 0, r;

	if (pledge("stdio rpath", NULL) == -1)
		err(1, "pledge");
	if ((text = read_path(path, &len)) == NULL)
		return (1);
	if ((r = key_read(&k, text, len)) == -1)
		r = read_private(&k, text, len, &encrypted);
	freezero(text, RSAKEY_FILE_MAX);
	if (r == -1 && encrypted)
		warnx("%s: encrypted: give its public key instead", path);
	else if (r == -1)
		warnx("%s: no PEM of an RSA key of %d to %d bits", path,
		    KEY_BITS_MIN, KEY_BITS_MAX);
	else
		report(&k, output);
	return (r == -1);
}

int
keyfile_generate(const char *path, const struct output *output)
{
	struct key	 k;
	EVP_PKEY	*pkey;
	int		 r = -1;

	if (pledge("stdio rpath wpath cpath", NULL) == -1)
		err(1, "pledge");
	if ((pkey = rsakey_generate()) == NULL || rsakey_public(pkey, &k) == -1)
		warnx("%s: cannot make a key", path);
	else if ((r = rsakey_write(pkey, path, NULL)) == 0)
		report(&k, output);
	EVP_PKEY_free(pkey);
	return (r == -1);
}
