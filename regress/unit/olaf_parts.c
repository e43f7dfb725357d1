/*
 * Parts of olaf for tests in Python, which judge them by other implementations:
 *
 *	bad				all characters that are bad, as ranges
 *	line | print | json		clean_* of standard input
 *	generate PATH [PASSPHRASE]
 *	load PATH | public PATH		fingerprint, digits, bits
 *	talk PATH			loads, confines itself, then answers lines:
 *		hello FORM COUNTER
 *		public FORM COUNTER TEXT
 *		chat FORM COUNTER AES TEXT KEY SERVER ...
 *		unwrap OCTETS
 *		open PATH		must not work
 *
 * TEXT, KEY (DER) and OCTETS are in hexadecimal, "-" for none; FORM is a number.
 * Answers are a line: a message, octets in hexadecimal, or "error" and errno.
 */

/* link: olaf/clean.o olaf/compose.o olaf/identity.o olaf/json_write.o olaf/seal.o */

#include "compat.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "compose.h"
#include "identity.h"
#include "octet.h"

#define INPUT_MAX	(8 * 1024 * 1024)
#define WORDS_MAX	4096
#define PROMISES	"stdio rpath wpath cpath fattr flock tty sendfd recvfd"

static char	*words[WORDS_MAX];
static size_t	 nwords;

static char *
read_stdin(size_t *len)
{
	char	*text;

	if ((text = malloc(INPUT_MAX)) == NULL)
		err(1, NULL);
	*len = fread(text, 1, INPUT_MAX, stdin);
	return (text);
}

static void
print_bad(void)
{
	int32_t	 c, first = -1;

	for (c = 0; c <= 0x110000; c++)
		if (c < 0x110000 && clean_is_bad(c)) {
			if (first == -1)
				first = c;
		} else if (first != -1) {
			printf("%d %d\n", (int)first, (int)c - 1);
			first = -1;
		}
}

static void
print_clean(const char *how)
{
	char	*text, *line;
	size_t	 len;

	text = read_stdin(&len);
	if (strcmp(how, "json") == 0)
		clean_json(stdout, text, len);
	else if (strcmp(how, "print") == 0)
		clean_print(stdout, text, len, 1);
	else {
		if ((line = malloc(CLEAN_LINE_MAX(len))) == NULL)
			err(1, NULL);
		fwrite(line, 1, clean_line(text, len, line,
		    CLEAN_LINE_MAX(len)), stdout);
		free(line);
	}
	free(text);
}

static int
print_identity(int failed)
{
	char	digits[IDENTITY_DIGITS_LEN + 1];

	if (failed)
		return (1);
	identity_digits(identity_digest(), digits);
	printf("%s\n%s\n%u\n", identity_fingerprint(), digits,
	    identity_key()->bits);
	return (0);
}

/* ---- talk ---------------------------------------------------------------- */

/* Decodes the word in its place.  Returns its length. */
static size_t
octets(char *word)
{
	size_t	len = strlen(word) / 2;

	if (strcmp(word, "-") == 0)
		return (0);
	if (octet_read_hex((uint8_t *)word, len, word, strlen(word)) == -1)
		errx(1, "bad octets");
	return (len);
}

static enum msg_form
form(void)
{
	return ((enum msg_form)atoi(words[1]));
}

static uint64_t
counter(void)
{
	return (strtoull(words[2], NULL, 10));
}

static void
answer(char *text, size_t len)
{
	if (text == NULL)
		printf("error %s\n", errno == EMSGSIZE ? "EMSGSIZE" :
		    errno == EILSEQ ? "EILSEQ" : errno == EINVAL ? "EINVAL" :
		    strerror(errno));
	else {
		if (strlen(text) != len)
			errx(1, "a length that is none");
		puts(text);
	}
	free(text);
	fflush(stdout);
}

static void
answer_chat(void)
{
	struct compose_to	 to[WORDS_MAX / 2];
	struct key		*keys;
	char			*text;
	size_t			 i, n = (nwords - 5) / 2, textlen, len = 0;

	if ((keys = calloc(n + 1, sizeof(*keys))) == NULL)
		err(1, NULL);
	for (i = 0; i < n; i++) {
		len = octets(words[5 + 2 * i]);
		if (key_read_der(&keys[i], (uint8_t *)words[5 + 2 * i],
		    len) == -1)
			errx(1, "bad key");
		to[i].key = &keys[i];
		to[i].server = words[6 + 2 * i];
	}
	textlen = octets(words[4]);
	text = compose_chat(to, n, words[4], textlen, counter(), form(),
	    (unsigned int)atoi(words[3]), &len);
	answer(text, len);
	free(keys);
}

static void
answer_unwrap(void)
{
	uint8_t	out[32];
	char	hex[2 * sizeof(out) + 1];
	ssize_t	n;

	n = identity_unwrap((uint8_t *)words[1], octets(words[1]), out,
	    sizeof(out));
	if (n == -1)
		strlcpy(hex, "none", sizeof(hex));
	else
		octet_write_hex(hex, out, (size_t)n);
	puts(hex);
	fflush(stdout);
}

static void
answer_line(void)
{
	char	*text;
	size_t	 len = 0, textlen;

	if (strcmp(words[0], "hello") == 0) {
		text = compose_hello(counter(), form(), &len);
		answer(text, len);
	} else if (strcmp(words[0], "public") == 0) {
		textlen = octets(words[3]);
		text = compose_public(words[3], textlen, counter(), form(),
		    &len);
		answer(text, len);
	} else if (strcmp(words[0], "chat") == 0)
		answer_chat();
	else if (strcmp(words[0], "unwrap") == 0)
		answer_unwrap();
	else if (strcmp(words[0], "open") == 0) {
		puts(open(words[1], O_RDONLY) == -1 ? "no" : "yes");
		fflush(stdout);
	} else
		errx(1, "%s: what?", words[0]);
}

/* Confines itself as olaf does, and more: nothing of the file system is left. */
static void
confine(void)
{
	if (unveil("/", "") == -1 || unveil(NULL, NULL) == -1)
		err(1, "unveil");
	if (pledge(PROMISES, NULL) == -1)
		err(1, "pledge");
}

static void
talk(void)
{
	char	*line = NULL, *p, *word;
	size_t	 size = 0;

	confine();
	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		nwords = 0;
		for (p = line; (word = strsep(&p, " ")) != NULL;)
			if (nwords < WORDS_MAX)
				words[nwords++] = word;
		answer_line();
	}
	free(line);
}

int
main(int argc, char **argv)
{
	const char	*what = argc > 1 ? argv[1] : "";

	if (argc == 2 && strcmp(what, "bad") == 0)
		print_bad();
	else if (argc == 2)
		print_clean(what);
	else if (argc < 3)
		errx(2, "see the source");
	else if (strcmp(what, "generate") == 0)
		return (identity_generate(argv[2],
		    argc > 3 ? argv[3] : NULL) == -1);
	else if (strcmp(what, "load") == 0)
		return (print_identity(identity_load(argv[2]) == -1));
	else if (strcmp(what, "public") == 0)
		return (print_identity(identity_load_public(argv[2]) == -1));
	else if (identity_load(argv[2]) == -1)
		return (1);
	else
		talk();
	return (0);
}
