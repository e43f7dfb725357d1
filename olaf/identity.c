/*
 * Who the user is.  All that libcrypto will be asked for is asked for once when
 * the key is loaded: what it fetches and keeps for later it must have before
 * the process confines itself.
 */

#include "compat.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <readpassphrase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "identity.h"
#include "rsakey.h"
#include "seal.h"

#define TRIES		3	/* at a passphrase */
#define PASSPHRASE_MAX	1024	/* with NUL: libcrypto takes no longer ones */
#define SALT_LEN	32

static EVP_PKEY	*private;	/* NULL if the public half alone was loaded */
static struct {
	struct key	 key;
	uint8_t		 digest[KEY_DIGEST_LEN];
	char		 fingerprint[KEY_FP_LEN + 1];
}		 self;

/*
 * No configuration file decides what libcrypto does; no core file will hold the
 * key.
 */
static void
identity_start(void)
{
	const struct rlimit	none = { 0, 0 };

	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		errx(1, "libcrypto does not start");
	if (setrlimit(RLIMIT_CORE, &none) == -1)
		err(1, "setrlimit");
}

static int
public_path(const char *path, char pubpath[PATH_MAX])
{
	if (snprintf(pubpath, PATH_MAX, "%s.pub", path) < PATH_MAX)
		return (0);
	warnx("%s: name too long", path);
	return (-1);
}

int
identity_generate(const char *path, const char *passphrase)
{
	struct key	 k;
	EVP_PKEY	*pkey;
	int		 r = -1;

	identity_start();
	if ((pkey = rsakey_generate()) == NULL || rsakey_public(pkey, &k) == -1)
		warnx("%s: cannot make a key", path);
	else
		r = rsakey_write(pkey, path, passphrase);
	EVP_PKEY_free(pkey);
	return (r);
}

/* ---- what only the key can do -------------------------------------------- */

static EVP_PKEY_CTX *
signer(int (*init)(EVP_PKEY_CTX *))
{
	EVP_PKEY_CTX	*ctx;

	if (private == NULL || (ctx = EVP_PKEY_CTX_new(private, NULL)) == NULL)
		return (NULL);
	if (init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, SALT_LEN) == 1)
		return (ctx);
	EVP_PKEY_CTX_free(ctx);
	return (NULL);
}

ssize_t
identity_sign(const uint8_t digest[KEY_DIGEST_LEN],
    uint8_t sig[IDENTITY_SIG_MAX])
{
	EVP_PKEY_CTX	*ctx;
	size_t		 len = IDENTITY_SIG_MAX;
	ssize_t		 r = -1;

	if ((ctx = signer(EVP_PKEY_sign_init)) != NULL &&
	    EVP_PKEY_sign(ctx, sig, &len, digest, KEY_DIGEST_LEN) == 1)
		r = (ssize_t)len;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return (r);
}

static EVP_PKEY_CTX *
unwrapper(void)
{
	EVP_PKEY_CTX	*ctx;

	if (private == NULL || (ctx = EVP_PKEY_CTX_new(private, NULL)) == NULL)
		return (NULL);
	if (EVP_PKEY_decrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1)
		return (ctx);
	EVP_PKEY_CTX_free(ctx);
	return (NULL);
}

ssize_t
identity_unwrap(const uint8_t *wrapped, size_t len, uint8_t *out, size_t size)
{
	EVP_PKEY_CTX	*ctx;
	uint8_t		 plain[SEAL_WRAPPED_MAX];
	size_t		 n = sizeof(plain);
	ssize_t		 r = -1;

	if ((ctx = unwrapper()) != NULL &&
	    EVP_PKEY_decrypt(ctx, plain, &n, wrapped, len) == 1 && n <= size) {
		memcpy(out, plain, n);
		r = (ssize_t)n;
	}
	explicit_bzero(plain, sizeof(plain));
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return (r);
}

/* ---- a first trial ------------------------------------------------------- */

static int
signature_works(void)
{
	EVP_PKEY_CTX	*ctx;
	uint8_t		 sig[IDENTITY_SIG_MAX];
	ssize_t		 len;
	int		 ok;

	if ((len = identity_sign(self.digest, sig)) == -1)
		return (0);
	ok = (ctx = signer(EVP_PKEY_verify_init)) != NULL &&
	    EVP_PKEY_verify(ctx, sig, (size_t)len, self.digest,
	    KEY_DIGEST_LEN) == 1;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return (ok);
}

static int
encryption_works(void)
{
	static const uint8_t	 iv[SEAL_IV_LEN];
	uint8_t			 wrapped[SEAL_WRAPPED_MAX];
	uint8_t			 out[KEY_DIGEST_LEN + SEAL_TAG_LEN];
	ssize_t			 len;

	len = seal_wrap(&self.key, self.digest, KEY_DIGEST_LEN, wrapped);
	return (len != -1 &&
	    identity_unwrap(wrapped, (size_t)len, out, sizeof(out)) ==
	    KEY_DIGEST_LEN &&
	    memcmp(out, self.digest, KEY_DIGEST_LEN) == 0 &&
	    seal_encrypt(self.digest, 128, iv, iv, sizeof(iv), out) == 0 &&
	    seal_encrypt(self.digest, 256, iv, iv, sizeof(iv), out) == 0);
}

/* ---- loading ------------------------------------------------------------- */

static void
identity_set(const struct key *k)
{
	char	 text[KEY_TEXT_MAX];

	self.key = *k;
	key_text_digest(text, key_text(k, text), self.digest);
	key_fingerprint(self.digest, self.fingerprint);
}

/* Is that a file whose secret is the user's alone?  Else says why not. */
static int
is_private(int fd, const char *path)
{
	struct stat	 st;

	if (fstat(fd, &st) == -1)
		warn("%s", path);
	else if (!S_ISREG(st.st_mode))
		warnx("%s: not a file", path);
	else if (st.st_uid != geteuid())
		warnx("%s: not yours: user %u owns it", path,
		    (unsigned int)st.st_uid);
	else if (st.st_mode & (S_IRWXG | S_IRWXO))
		warnx("%s: others can %s it (mode %04o): chmod 600 %s", path,
		    st.st_mode & (S_IRGRP | S_IROTH) ? "read" : "use",
		    (unsigned int)st.st_mode & 07777, path);
	else
		return (1);
	return (0);
}

static void
warn_missing(const char *path)
{
	const char	*name = strrchr(path, '/');

	if (name != NULL && strcmp(name, "/identity") == 0)
		warnx("%s: not there: \"olaf keygen\" makes one", path);
	else
		warnx("%s: not there: \"olaf -i %s keygen\" makes one", path,
		    path);
}

/* The text of the file, as rsakey_read_file gives it. */
static char *
read_private(const char *path, size_t *len)
{
	char	*text = NULL;
	int	 fd;

	/* Should it be a FIFO, nobody waits. */
	if ((fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == -1) {
		if (errno == ENOENT)
			warn_missing(path);
		else
			warn("%s", path);
		return (NULL);
	}
	if (is_private(fd, path))
		text = rsakey_read_file(fd, path, len);
	close(fd);
	return (text);
}

/* Asks on the terminal; -1 after having said why there is no passphrase. */
static int
ask(const char *path, char passphrase[PASSPHRASE_MAX])
{
	char	 prompt[PATH_MAX + 32];

	snprintf(prompt, sizeof(prompt), "passphrase for %s: ", path);
	if (readpassphrase(prompt, passphrase, PASSPHRASE_MAX,
	    RPP_REQUIRE_TTY) == NULL)
		warnx("%s: needs its passphrase, and there is no terminal to "
		    "ask for it", path);
	else if (passphrase[0] == '\0')
		warnx("%s: no passphrase given", path);
	else
		return (0);
	return (-1);
}

/* NULL after having said why. */
static EVP_PKEY *
unlock(const char *path, const char *text, size_t len)
{
	char		 passphrase[PASSPHRASE_MAX];
	EVP_PKEY	*pkey;
	int		 tries, encrypted;

	for (tries = 0; tries < TRIES; tries++) {
		if (ask(path, passphrase) == -1)
			return (NULL);
		pkey = rsakey_read(text, len, passphrase, &encrypted);
		explicit_bzero(passphrase, sizeof(passphrase));
		if (pkey != NULL)
			return (pkey);
		warnx("%s: wrong passphrase", path);
	}
	return (NULL);
}

static EVP_PKEY *
read_key(const char *path)
{
	EVP_PKEY	*pkey;
	char		*text;
	size_t		 len;
	int		 encrypted;

	if ((text = read_private(path, &len)) == NULL)
		return (NULL);
	pkey = rsakey_read(text, len, NULL, &encrypted);
	if (pkey == NULL && encrypted)
		pkey = unlock(path, text, len);
	else if (pkey == NULL)
		warnx("%s: no PEM of a private key", path);
	freezero(text, RSAKEY_FILE_MAX);
	return (pkey);
}

/* Makes the key the user's, if it is one to work with.  Else says why not. */
static int
adopt(const char *path, EVP_PKEY *pkey)
{
	struct key	 k;

	if (rsakey_public(pkey, &k) == -1) {
		warnx("%s: no RSA key of %d to %d bits", path, KEY_BITS_MIN,
		    KEY_BITS_MAX);
		return (-1);
	}
	EVP_PKEY_free(private);
	private = pkey;
	identity_set(&k);
	if (signature_works() && encryption_works())
		return (0);
	warnx("%s: the key does not work", path);
	private = NULL;
	return (-1);
}

/*
 * Reads path.pub.  Returns 0, 1 if there is none, or -1 after having said why
 * not.
 */
static int
read_public(const char *path, struct key *k)
{
	char	 pubpath[PATH_MAX], *text;
	size_t	 len;
	int	 fd, r;

	if (public_path(path, pubpath) == -1)
		return (-1);
	if ((fd = open(pubpath, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == -1) {
		if (errno == ENOENT)
			return (1);
		warn("%s", pubpath);
		return (-1);
	}
	text = rsakey_read_file(fd, pubpath, &len);
	close(fd);
	if (text == NULL)
		return (-1);
	if ((r = key_read(k, text, len)) == -1)
		warnx("%s: no PEM of an RSA key of %d to %d bits", pubpath,
		    KEY_BITS_MIN, KEY_BITS_MAX);
	freezero(text, RSAKEY_FILE_MAX);
	return (r);
}

int
identity_load(const char *path)
{
	struct key	 k;
	EVP_PKEY	*pkey;

	identity_start();
	if ((pkey = read_key(path)) == NULL)
		return (-1);
	if (adopt(path, pkey) == -1) {
		EVP_PKEY_free(pkey);
		return (-1);
	}
	if (read_public(path, &k) == 0 &&
	    memcmp(k.id, self.key.id, sizeof(k.id)) != 0)
		warnx("%s.pub: not the public half of %s", path, path);
	return (0);
}

int
identity_load_public(const char *path)
{
	struct key	 k;

	identity_start();
	switch (read_public(path, &k)) {
	case 0:
		identity_set(&k);
		return (0);
	case 1:
		return (identity_load(path));
	default:
		return (-1);
	}
}

/* ---- once loaded --------------------------------------------------------- */

const struct key *
identity_key(void)
{
	return (self.key.derlen != 0 ? &self.key : NULL);
}

const uint8_t *
identity_digest(void)
{
	return (self.digest);
}

const char *
identity_fingerprint(void)
{
	return (self.fingerprint);
}

void
identity_digits(const uint8_t digest[KEY_DIGEST_LEN], char *text)
{
	const uint8_t	*p = digest;
	uint64_t	 n;
	int		 group, i;

	for (group = 0; group < 6; group++) {
		for (n = i = 0; i < 5; i++)
			n = n << 8 | *p++;
		text += snprintf(text, 7, group > 0 ? " %05u" : "%05u",
		    (unsigned int)(n % 100000));
	}
}
