/*
 * The command name: the user's own names for keys.
 */

#include "compat.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "commands.h"
#include "config.h"
#include "identity.h"
#include "names.h"

/* A user's own argument, as it can be shown. */
static const char *
shown(const char *text)
{
	static char	 line[256];

	clean_line(text, strlen(text), line, sizeof(line));
	return (line);
}

/* ---- listing ------------------------------------------------------------- */

static void
print_text(const char *name, const uint8_t digest[KEY_DIGEST_LEN], void *arg)
{
	char	 fingerprint[KEY_FP_LEN + 1];
	char	 digits[IDENTITY_DIGITS_LEN + 1];

	(void)arg;
	key_fingerprint(digest, fingerprint);
	identity_digits(digest, digits);
	clean_print(stdout, name, strlen(name), 0);
	printf(" %s %s\n", fingerprint, digits);
}

static void
print_json(const char *name, const uint8_t digest[KEY_DIGEST_LEN], void *arg)
{
	char	 fingerprint[KEY_FP_LEN + 1];
	char	 digits[IDENTITY_DIGITS_LEN + 1];
	int	*follows = arg;

	key_fingerprint(digest, fingerprint);
	identity_digits(digest, digits);
	fputs(*follows ? ",{\"name\":" : "{\"name\":", stdout);
	*follows = 1;
	clean_json(stdout, name, strlen(name));
	printf(",\"fingerprint\":\"%s\",\"digits\":\"%s\"}", fingerprint,
	    digits);
}

static int
list(void)
{
	int	follows = 0;

	if (config.json) {
		fputs("{\"names\":[", stdout);
		names_each(print_json, &follows);
		puts("]}");
	} else
		names_each(print_text, NULL);
	if (fflush(stdout) == EOF) {
		warn("stdout");
		return (1);
	}
	return (0);
}

/* ---- changing ------------------------------------------------------------ */

static void
warn_key(const char *what, const uint8_t digest[KEY_DIGEST_LEN])
{
	char	 fingerprint[KEY_FP_LEN + 1];
	char	 digits[IDENTITY_DIGITS_LEN + 1];

	key_fingerprint(digest, fingerprint);
	identity_digits(digest, digits);
	warnx("  %s  %s", what, fingerprint);
	warnx("            %s", digits);
}

/* The name is another key's: that may be a new key, or somebody else's. */
static void
warn_taken(const char *name, const uint8_t digest[KEY_DIGEST_LEN])
{
	uint8_t	 known[KEY_DIGEST_LEN];

	if (names_find(name, known) == -1)
		memset(known, 0, sizeof(known));
	name = shown(name);
	warnx("WARNING: THE NAME %s BELONGS TO ANOTHER KEY", name);
	warn_key("its key  ", known);
	warn_key("this key ", digest);
	warnx("Either %s has made a new key, or SOMEBODY POSES AS %s.", name,
	    name);
	warnx("Ask by another way, and compare the digits.  Nothing was "
	    "changed;");
	warnx("\"olaf name -f FINGERPRINT %s\" gives the name to this key.",
	    name);
}

static int
set(const char *fingerprint, const char *name, int force)
{
	uint8_t	 digest[KEY_DIGEST_LEN];

	if (key_fingerprint_read(fingerprint, strlen(fingerprint), digest) ==
	    -1) {
		warnx("%s: not a whole fingerprint", shown(fingerprint));
		return (1);
	}
	switch (names_set(digest, name, force)) {
	case NAMES_OK:
		return (0);
	case NAMES_TAKEN:
		warn_taken(name, digest);
		return (1);
	case NAMES_BAD:
		warnx("%s: no good name: 1 to %d octets without blanks or what "
		    "cannot be seen, not beginning with / ~ # -, and not like "
		    "a fingerprint", shown(name), NAMES_LEN_MAX - 1);
		return (1);
	case NAMES_ERROR:
	default:
		warn("names");
		return (1);
	}
}

static int
forget(const char *name)
{
	switch (names_remove(name)) {
	case NAMES_OK:
		return (0);
	case NAMES_ERROR:
		warn("names");
		return (1);
	case NAMES_BAD:
	case NAMES_TAKEN:
	default:
		warnx("%s: no such name", shown(name));
		return (1);
	}
}

/* ---- the command --------------------------------------------------------- */

static int
run(int argc, char **argv, int delete, int force)
{
	if (delete ? argc != 1 || force : argc != 2 && (argc != 0 || force))
		return (usage("name"));
	if (names_open(config.directory) == -1) {
		warn("%s/names", config.directory);
		return (1);
	}
	if (delete)
		return (forget(argv[0]));
	return (argc == 0 ? list() : set(argv[0], argv[1], force));
}

int
command_name(int argc, char **argv)
{
	int	ch, delete = 0, force = 0;

	while ((ch = command_getopt(argc, argv, "dfj")) != -1)
		switch (ch) {
		case 'd':
			delete = 1;
			break;
		case 'f':
			force = 1;
			break;
		case 'j':
			config.json = 1;
			break;
		default:
			return (usage("name"));
		}
	return (run(argc - optind, argv + optind, delete, force));
}
