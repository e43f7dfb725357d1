/*
 * Private RSA keys and the files that hold them.
 */

#include "compat.h"

#include <sys/stat.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rsakey.h"

/*
 * Rounds of PBKDF2 with HMAC-SHA-256: some tenths of a second for the owner,
 * once a start, and as much for each guess of a thief.
 */
#define ROUNDS	600000

EVP_PKEY *
rsakey_generate(void)
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

int
rsakey_public(EVP_PKEY *pkey, struct key *k)
{
	unsigned char	*der = NULL;
	int		 len, r;

	if ((len = i2d_PUBKEY(pkey, &der)) <= 0)
		return (-1);
	r = key_read_der(k, der, (size_t)len);
	OPENSSL_free(der);
	return (r);
}

/* ---- reading ------------------------------------------------------------- */

char *
rsakey_read_file(int fd, const char *path, size_t *len)
{
	char	*text;
	ssize_t	 n;

	if ((text = malloc(RSAKEY_FILE_MAX)) == NULL)
		err(1, NULL);
	*len = 0;
	while ((n = read(fd, text + *len, RSAKEY_FILE_MAX - *len)) > 0)
		*len += (size_t)n;
	if (n == -1)
		warn("%s", path);
	else if (*len == RSAKEY_FILE_MAX)
		warnx("%s: too long for a key", path);
	if (n == -1 || *len == RSAKEY_FILE_MAX) {
		freezero(text, RSAKEY_FILE_MAX);
		return (NULL);
	}
	return (text);
}

struct lock {
	const char	*passphrase;
	int		 found;		/* the key is encrypted */
};

/* In the place of libcrypto's own, which would ask the terminal. */
static int
give_passphrase(char *buf, int size, int writing, void *arg)
{
	struct lock	*lock = arg;
	size_t		 len;

	(void)writing;
	lock->found = 1;
	if (lock->passphrase == NULL)
		return (-1);
	if ((len = strlen(lock->passphrase)) > (size_t)size)
		return (-1);
	memcpy(buf, lock->passphrase, len);
	return ((int)len);
}

EVP_PKEY *
rsakey_read(const char *text, size_t len, const char *passphrase,
    int *encrypted)
{
	struct lock	 lock = { passphrase, 0 };
	EVP_PKEY	*pkey;
	BIO		*bio;

	if ((bio = BIO_new_mem_buf(text, (int)len)) == NULL)
		return (NULL);
	pkey = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &lock);
	BIO_free(bio);
	ERR_clear_error();
	*encrypted = lock.found;
	return (pkey);
}

/* ---- writing ------------------------------------------------------------- */

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

static int
encode_locked(BIO *bio, EVP_PKEY *pkey, const char *passphrase)
{
	PKCS8_PRIV_KEY_INFO	*info;
	X509_SIG		*locked = NULL;
	int			 ok = 0;

	if ((info = EVP_PKEY2PKCS8(pkey)) == NULL)
		return (0);
	locked = PKCS8_encrypt(-1, EVP_aes_256_cbc(), passphrase,
	    (int)strlen(passphrase), NULL, 0, ROUNDS, info);
	if (locked != NULL)
		ok = PEM_write_bio_PKCS8(bio, locked);
	X509_SIG_free(locked);
	PKCS8_PRIV_KEY_INFO_free(info);
	return (ok);
}

static int
encode_private(BIO *bio, EVP_PKEY *pkey, const char *passphrase)
{
	if (passphrase != NULL)
		return (encode_locked(bio, pkey, passphrase));
	return (PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL,
	    NULL));
}

/*
 * Writes what the BIO was given, if that went well, and wipes it; what it
 * outgrew before, libcrypto wipes.
 */
static int
write_bio(int fd, const char *path, BIO *bio, int ok)
{
	char	*data;
	long	 len;
	int	 r = -1;

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

static int
write_private(int fd, const char *path, EVP_PKEY *pkey, const char *passphrase)
{
	BIO	*bio;

	if ((bio = BIO_new(BIO_s_mem())) == NULL)
		errx(1, "out of memory");
	return (write_bio(fd, path, bio, encode_private(bio, pkey, passphrase)));
}

static int
write_public(int fd, const char *path, EVP_PKEY *pkey)
{
	BIO	*bio;

	if ((bio = BIO_new(BIO_s_mem())) == NULL)
		errx(1, "out of memory");
	return (write_bio(fd, path, bio, PEM_write_bio_PUBKEY(bio, pkey)));
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

int
rsakey_write(EVP_PKEY *pkey, const char *path, const char *passphrase)
{
	char	 pubpath[PATH_MAX];
	int	 fd, pubfd, r = -1;

	if (snprintf(pubpath, sizeof(pubpath), "%s.pub", path) >=
	    (int)sizeof(pubpath)) {
		warnx("%s: name too long", path);
		return (-1);
	}
	if ((fd = create(path, 0600)) == -1)
		return (-1);
	if ((pubfd = create(pubpath, 0644)) != -1) {
		if (write_private(fd, path, pkey, passphrase) == 0 &&
		    write_public(pubfd, pubpath, pkey) == 0)
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
