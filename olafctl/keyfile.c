/*
 * Reads and makes files of RSA keys.
 */

#include "compat.h"

#include <sys/stat.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "key.h"
#include "keyfile.h"

#define KEYFILE_MAX	(64 * 1024)	/* no key's file is that long */

/* ---- reading ------------------------------------------------------------- */

/*
 * Reads a whole file that may hold a secret, for freezero(3) with KEYFILE_MAX.
 * NULL after having said why.
 */
static char *
read_file(const char *path, size_t *len)
{
	char	*text;
	ssize_t	 n;
	int	 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		warn("%s", path);
		return (NULL);
	}
	if ((text = malloc(KEYFILE_MAX)) == NULL)
		err(1, NULL);
	*len = 0;
	while ((n = read(fd, text + *len, KEYFILE_MAX - *len)) > 0)
		*len += (size_t)n;
	if (n == -1)
		warn("%s", path);
	else if (*len == KEYFILE_MAX)
		warnx("%s: too long for a key", path);
	close(fd);
	if (n == -1 || *len == KEYFILE_MAX) {
		freezero(text, KEYFILE_MAX);
		return (NULL);
	}
	return (text);
}

/* libcrypto would ask the terminal for a passphrase. */
static int
note_passphrase(char *buf, int size, int writing, void *arg)
{
	int	*encrypted = arg;

	(void)buf;
	(void)size;
	(void)writing;
	*encrypted = 1;
	return (0);
}

static int
key_of_pkey(struct key *k, EVP_PKEY *pkey)
{
	unsigned char	*der = NULL;
	int		 len, r;

	if ((len = i2d_PUBKEY(pkey, &der)) <= 0)
		return (-1);
	r = key_read_der(k, der, (size_t)len);
	OPENSSL_free(der);
	return (r);
}

static int
read_private(struct key *k, const char *text, size_t len, int *encrypted)
{
	EVP_PKEY	*pkey;
	BIO		*bio;
	int		 r = -1;

	*encrypted = 0;
	if ((bio = BIO_new_mem_buf(text, (int)len)) == NULL)
		return (-1);
	pkey = PEM_read_bio_PrivateKey(bio, NULL, note_passphrase, encrypted);
	if (pkey != NULL)
		r = key_of_pkey(k, pkey);
	EVP_PKEY_free(pkey);
	BIO_free(bio);
	return (r);
}

static void
report(const struct key *k, const struct output *output)
{
	struct key_report	 r;
	uint8_t			 digests[KEY_FORMS][KEY_DIGEST_LEN];
	char			 text[KEY_TEXT_MAX], fingerprint[KEY_FP_LEN + 1];
	char			 hex[KEY_DIGEST_LEN * 2 + 1];
	size_t			 i;

	key_digests(k, text, key_text(k, text), digests);
	key_fingerprint(digests[0], fingerprint);
	for (i = 0; i < KEY_DIGEST_LEN; i++)
		snprintf(hex + i * 2, sizeof(hex) - i * 2, "%02x",
		    digests[0][i]);
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
	if ((text = read_file(path, &len)) == NULL)
		return (1);
	if ((r = key_read(&k, text, len)) == -1)
		r = read_private(&k, text, len, &encrypted);
	freezero(text, KEYFILE_MAX);
	if (r == -1 && encrypted)
		warnx("%s: encrypted: give its public key instead", path);
	else if (r == -1)
		warnx("%s: no PEM of an RSA key of %d to %d bits", path,
		    KEY_BITS_MIN, KEY_BITS_MAX);
	else
		report(&k, output);
	return (r == -1);
}

/* ---- making -------------------------------------------------------------- */

static EVP_PKEY *
generate(void)
{
	EVP_PKEY_CTX	*ctx;
	EVP_PKEY	*pkey = NULL;

	if ((ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, NULL)) == NULL ||
	    EVP_PKEY_keygen_init(ctx) <= 0 ||
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, KEY_BITS_MIN) <= 0 ||
	    EVP_PKEY_keygen(ctx, &pkey) <= 0)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return (pkey);
}

/* Writes all and makes it last.  Returns 0, or -1 with errno. */
static int
write_all(int fd, const char *data, size_t len)
{
	ssize_t	 n;

	for (; len > 0; data += n, len -= (size_t)n)
		if ((n = write(fd, data, len)) == -1)
			return (-1);
	return (fsync(fd));
}

/*
 * Writes one half of a key as PEM and wipes what was in memory; libcrypto wipes
 * what it outgrew before.
 */
static int
write_pem(int fd, const char *path, EVP_PKEY *pkey, int private)
{
	BIO	*bio;
	char	*data;
	long	 len;
	int	 ok, r = -1;

	if ((bio = BIO_new(BIO_s_mem())) == NULL) {
		warnx("%s: out of memory", path);
		return (-1);
	}
	if (private)
		ok = PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0,
		    NULL, NULL);
	else
		ok = PEM_write_bio_PUBKEY(bio, pkey);
	len = BIO_get_mem_data(bio, &data);
	if (!ok || len <= 0)
		warnx("%s: cannot encode the key", path);
	else if ((r = write_all(fd, data, (size_t)len)) == -1)
		warn("%s", path);
	if (len > 0)
		explicit_bzero(data, (size_t)len);
	BIO_free(bio);
	return (r);
}

/* Makes a new file; -1 after having said why. */
static int
create(const char *path, mode_t mode)
{
	int	 fd;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    mode);
	if (fd == -1)
		warn("%s", path);
	return (fd);
}

/* Writes both halves into new files, or neither. */
static int
write_pair(EVP_PKEY *pkey, const char *path, const char *pubpath)
{
	int	 fd, pubfd, r = -1;

	if ((fd = create(path, 0600)) == -1)
		return (-1);
	if ((pubfd = create(pubpath, 0644)) != -1) {
		if (write_pem(fd, path, pkey, 1) == 0 &&
		    write_pem(pubfd, pubpath, pkey, 0) == 0)
			r = 0;
		else
			unlink(pubpath);
		close(pubfd);
	}
	if (r == -1)
		unlink(path);
	close(fd);
	return (r);
}

int
keyfile_generate(const char *path, const struct output *output)
{
	struct key	 k;
	EVP_PKEY	*pkey;
	char		 pubpath[PATH_MAX];
	int		 r = -1;

	if (pledge("stdio rpath wpath cpath", NULL) == -1)
		err(1, "pledge");
	if (snprintf(pubpath, sizeof(pubpath), "%s.pub", path) >=
	    (int)sizeof(pubpath)) {
		warnx("%s: name too long", path);
		return (1);
	}
	if ((pkey = generate()) == NULL || key_of_pkey(&k, pkey) == -1)
		warnx("%s: cannot make a key", path);
	else if ((r = write_pair(pkey, path, pubpath)) == 0)
		report(&k, output);
	EVP_PKEY_free(pkey);
	return (r == -1);
}
