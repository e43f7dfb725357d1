/*
 * The commands keygen and whoami.
 */

#include "compat.h"

#include <err.h>
#include <readpassphrase.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "config.h"
#include "identity.h"
#include "roster.h"

#define PASSPHRASE_MAX	1024	/* with NUL; see identity.c */

/* ---- whoami -------------------------------------------------------------- */

static void
member(const char *name, const char *text)
{
	clean_json(stdout, name, strlen(name));
	putchar(':');
	clean_json(stdout, text, strlen(text));
}

static void
print_json(const char *name, const char *digits)
{
	char	 pem[KEY_TEXT_MAX];

	key_text(identity_key(), pem);
	putchar('{');
	member("fingerprint", identity_fingerprint());
	putchar(',');
	member("short", name);
	putchar(',');
	member("digits", digits);
	putchar(',');
	member("file", config.identity);
	putchar(',');
	member("public_key", pem);
	puts("}");
}

static void
print_text(const char *name, const char *digits)
{
	printf("fingerprint  %s\n", identity_fingerprint());
	printf("short        %s\n", name);
	printf("digits       %s\n", digits);
	printf("file         ");
	clean_print(stdout, config.identity, strlen(config.identity), 0);
	putchar('\n');
}

/* Prints who the user is.  Returns the exit status. */
static int
print_self(void)
{
	char	 name[ROSTER_SHORT_LEN + 2];
	char	 digits[IDENTITY_DIGITS_LEN + 1];

	if (identity_load_public(config.identity) == -1)
		return (1);
	snprintf(name, sizeof(name), "~%s", identity_fingerprint());
	identity_digits(identity_digest(), digits);
	if (config.json)
		print_json(name, digits);
	else
		print_text(name, digits);
	if (fflush(stdout) == EOF) {
		warn("stdout");
		return (1);
	}
	return (0);
}

int
command_whoami(int argc, char **argv)
{
	int	ch;

	while ((ch = command_getopt(argc, argv, "j")) != -1)
		if (ch == 'j')
			config.json = 1;
		else
			return (usage("whoami"));
	if (optind != argc)
		return (usage("whoami"));
	return (print_self());
}

/* ---- keygen -------------------------------------------------------------- */

/* Asks twice.  Returns 0, or -1 after having said why there is none. */
static int
ask(char first[PASSPHRASE_MAX])
{
	char	 second[PASSPHRASE_MAX];
	int	 r = -1;

	if (readpassphrase("new passphrase: ", first, PASSPHRASE_MAX,
	    RPP_REQUIRE_TTY) == NULL ||
	    readpassphrase("the same again: ", second, sizeof(second),
	    RPP_REQUIRE_TTY) == NULL)
		warnx("no terminal to ask for a passphrase");
	else if (first[0] == '\0')
		warnx("no passphrase given");
	else if (strcmp(first, second) != 0)
		warnx("the two passphrases differ");
	else
		r = 0;
	explicit_bzero(second, sizeof(second));
	return (r);
}

/* Before anybody is asked anything; identity_generate looks again. */
static int
is_there(const char *path)
{
	if (access(path, F_OK) == -1)
		return (0);
	warnx("%s: is there already: a key is never overwritten", path);
	return (1);
}

static int
generate(int with_passphrase)
{
	char	 passphrase[PASSPHRASE_MAX] = "";
	int	 r = -1;

	if (is_there(config.identity))
		return (1);
	if (!with_passphrase)
		r = identity_generate(config.identity, NULL);
	else if (ask(passphrase) == 0)
		r = identity_generate(config.identity, passphrase);
	explicit_bzero(passphrase, sizeof(passphrase));
	return (r == -1 ? 1 : print_self());
}

int
command_keygen(int argc, char **argv)
{
	int	ch, with_passphrase = 0;

	while ((ch = command_getopt(argc, argv, "jp")) != -1)
		switch (ch) {
		case 'j':
			config.json = 1;
			break;
		case 'p':
			with_passphrase = 1;
			break;
		default:
			return (usage("keygen"));
		}
	if (optind != argc)
		return (usage("keygen"));
	return (generate(with_passphrase));
}
