/*
 * The table of settings that are one value, each where it stands in struct
 * config; and how values are read from and written to olafd.conf(5).
 */

#include "compat.h"

#include <sys/un.h>

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "config.h"
#include "setting.h"

#define KILO		(UINT64_C(1) << 10)
#define MEGA		(UINT64_C(1) << 20)
#define GIGA		(UINT64_C(1) << 30)
#define TERA		(UINT64_C(1) << 40)
#define MINUTE		UINT64_C(60)
#define HOUR		(60 * MINUTE)
#define DAY		(24 * HOUR)

#define PREFIX_MAX	26	/* with "front" behind it a user's name */

enum setting_kind {
	KIND_TEXT,
	KIND_CHOICE,		/* 0 or 1, by two words */
	KIND_COUNT,
	KIND_SIZE,		/* octets */
	KIND_SECONDS,
	KIND_MILLISECONDS
};

struct setting_rule {
	const char		*name;
	enum setting_kind	 kind;
	size_t			 offset;	/* in struct config */
	size_t			 width;		/* of a number: 4 or 8 octets */
	uint64_t		 least;
	uint64_t		 most;
	uint64_t		 normal;	/* the default */
	const char *const	*words;		/* of a choice */
	const char		*text;		/* the default, may be NULL */
	const char		*(*bad)(const char *);	/* why, or NULL */
};

struct setting_unit {
	const char	*name;
	uint64_t	 factor;
};

/*
 * In the order in which printing tries them: the first that divides is taken.
 */
static const struct setting_unit units_count[] = {
	{ "", 1 }, { NULL, 0 }
};
static const struct setting_unit units_size[] = {
	{ "T", TERA }, { "G", GIGA }, { "M", MEGA }, { "K", KILO }, { "", 1 },
	{ NULL, 0 }
};
static const struct setting_unit units_seconds[] = {
	{ "d", DAY }, { "h", HOUR }, { "m", MINUTE }, { "s", 1 }, { "", 1 },
	{ "w", 7 * DAY }, { NULL, 0 }
};
static const struct setting_unit units_milliseconds[] = {
	{ "s", 1000 }, { "ms", 1 }, { "m", 1000 * MINUTE }, { NULL, 0 }
};

static const struct {
	const struct setting_unit	*units;
	const char			*wrong;
} kinds[] = {
	[KIND_COUNT] = { units_count, "is not a number" },
	[KIND_SIZE] = { units_size, "is not a size, as 64K or 25M" },
	[KIND_SECONDS] = { units_seconds, "is not a time, as 10s, 5m or 7d" },
	[KIND_MILLISECONDS] = { units_milliseconds,
	    "is not a time with its unit, as 50ms or 2s" },
};

static const char *const words_boolean[] = { "no", "yes" };
static const char *const words_replay[] = { "strict", "session" };

static const char	*bad_address(const char *);
static const char	*bad_origin(const char *);
static const char	*bad_prefix(const char *);
static const char	*bad_socket(const char *);
static const char	*bad_url(const char *);

#define TEXT(n, member, check, initial)					\
	{ .name = (n), .kind = KIND_TEXT,				\
	    .offset = offsetof(struct config, member),			\
	    .bad = (check), .text = (initial) }

#define CHOICE(n, member, pair, initial)				\
	{ .name = (n), .kind = KIND_CHOICE,				\
	    .offset = offsetof(struct config, member),			\
	    .width = sizeof(((struct config *)0)->member),		\
	    .words = (pair), .normal = (initial) }

#define NUMBER(k, n, member, from, to, initial)				\
	{ .name = (n), .kind = KIND_##k,				\
	    .offset = offsetof(struct config, member),			\
	    .width = sizeof(((struct config *)0)->member),		\
	    .least = (from), .most = (to), .normal = (initial) }

static const struct setting_rule rules[SETTING_COUNT] = {
	[SETTING_ADDRESS] =
	    TEXT("address", address, bad_address, NULL),
	[SETTING_SERVER_KEY] =
	    TEXT("server key", server_key, setting_bad_path, NULL),
	[SETTING_CONTROL_SOCKET] =
	    TEXT("control socket", control_socket, bad_socket, PATH_SOCKET),
	[SETTING_STATE_DIRECTORY] =
	    TEXT("state directory", state_directory, setting_bad_path,
		PATH_STATE),
	[SETTING_USER_PREFIX] =
	    TEXT("user prefix", user_prefix, bad_prefix, "_olaf"),

	[SETTING_FILES_DIRECTORY] =
	    TEXT("files directory", files.directory, setting_bad_path,
		PATH_STATE "/files"),
	[SETTING_FILES_URL] =
	    TEXT("files url", files.url, bad_url, NULL),
	[SETTING_FILES_MAX_SIZE] =
	    NUMBER(SIZE, "files max size", files.max_size,
		1, TERA, 25 * MEGA),
	[SETTING_FILES_QUOTA] =
	    NUMBER(SIZE, "files quota", files.quota,
		1, 1024 * TERA, 10 * GIGA),
	[SETTING_FILES_RETAIN] =
	    NUMBER(SECONDS, "files retain", files.retain,
		0, 3650 * DAY, 7 * DAY),

	[SETTING_WEB_DIRECTORY] =
	    TEXT("web directory", web_directory, setting_bad_path, NULL),

	[SETTING_CLIENTS] =
	    NUMBER(COUNT, "limits clients", limits.clients,
		1, 1000000, 20000),
	[SETTING_CLIENTS_PER_ADDRESS] =
	    NUMBER(COUNT, "limits clients per address",
		limits.clients_per_address, 1, 1000000, 64),
	[SETTING_MESSAGE] =
	    NUMBER(SIZE, "limits message", limits.message,
		KILO, 64 * MEGA, MEGA),
	[SETTING_LINK_MESSAGE] =
	    NUMBER(SIZE, "limits link message", limits.link_message,
		KILO, 64 * MEGA, 64 * MEGA),
	[SETTING_LINK_USERS] =
	    NUMBER(COUNT, "limits link users", limits.link_users,
		1, 1000000, 50000),
	[SETTING_COUNTERS] =
	    NUMBER(COUNT, "limits counters", limits.counters,
		1, 100000000, 1000000),
	[SETTING_MESSAGE_RATE] =
	    NUMBER(COUNT, "limits messages", limits.message_rate,
		1, 1000000, 50),
	[SETTING_MESSAGE_BURST] =
	    NUMBER(COUNT, "limits messages burst", limits.message_burst,
		1, 1000000, 200),
	[SETTING_SEND_QUEUE] =
	    NUMBER(SIZE, "limits send queue", limits.send_queue,
		64 * KILO, GIGA, 8 * MEGA),
	[SETTING_HELLO_TIMEOUT] =
	    NUMBER(SECONDS, "limits hello timeout", limits.hello_timeout,
		1, 5 * MINUTE, 10),
	[SETTING_IDLE_PING] =
	    NUMBER(SECONDS, "limits idle ping", limits.idle_ping,
		1, HOUR, 30),
	[SETTING_STRIKES] =
	    NUMBER(COUNT, "limits strikes", limits.strikes,
		1, 1000, 10),
	[SETTING_HELLOS] =
	    NUMBER(COUNT, "limits hellos", limits.hellos,
		1, 1000000, 600),
	[SETTING_STALL_TIMEOUT] =
	    NUMBER(SECONDS, "limits stall timeout", limits.stall_timeout,
		1, HOUR, 30),

	[SETTING_REPLAY] =
	    CHOICE("replay", replay, words_replay, REPLAY_STRICT),
	[SETTING_ECHO] =
	    CHOICE("echo", echo, words_boolean, 1),
	[SETTING_PUSH_CLIENT_LIST] =
	    CHOICE("push client list", push_client_list, words_boolean, 0),
	[SETTING_ERROR_REPLIES] =
	    CHOICE("error replies", error_replies, words_boolean, 1),
	[SETTING_UPDATE_INTERVAL] =
	    NUMBER(MILLISECONDS, "update interval", update_interval,
		10, 60000, 50),
	[SETTING_CROSS_ORIGIN] =
	    TEXT("cross origin", cross_origin, bad_origin, "*"),
	[SETTING_PREFORK] =
	    NUMBER(COUNT, "prefork", prefork, 1, CONFIG_PREFORK_MAX, 1),
	[SETTING_VERIFIERS] =
	    NUMBER(COUNT, "verifiers", verifiers, 1, CONFIG_VERIFIERS_MAX, 2),
};

const char *
setting_name(enum setting s)
{
	return (rules[s].name);
}

/*
 * The members are reached by their offset; memcpy because their types differ.
 */
static uint64_t
get_number(const struct config *conf, enum setting s)
{
	const char	*member = (const char *)conf + rules[s].offset;
	uint64_t	 wide;
	uint32_t	 narrow;

	if (rules[s].width == sizeof(wide)) {
		memcpy(&wide, member, sizeof(wide));
		return (wide);
	}
	memcpy(&narrow, member, sizeof(narrow));
	return (narrow);
}

static void
set_number(struct config *conf, enum setting s, uint64_t value)
{
	char		*member = (char *)conf + rules[s].offset;
	uint32_t	 narrow = (uint32_t)value;

	if (rules[s].width == sizeof(value))
		memcpy(member, &value, sizeof(value));
	else
		memcpy(member, &narrow, sizeof(narrow));
}

static char *
get_text(const struct config *conf, enum setting s)
{
	char	*text;

	memcpy(&text, (const char *)conf + rules[s].offset, sizeof(text));
	return (text);
}

static void
set_text(struct config *conf, enum setting s, const char *value)
{
	char	*text = value == NULL ? NULL : config_strdup(value);

	free(get_text(conf, s));
	memcpy((char *)conf + rules[s].offset, &text, sizeof(text));
}

void
setting_default(struct config *conf, enum setting s)
{
	if (rules[s].kind == KIND_TEXT)
		set_text(conf, s, rules[s].text);
	else
		set_number(conf, s, rules[s].normal);
}

void
setting_free(struct config *conf, enum setting s)
{
	if (rules[s].kind == KIND_TEXT)
		set_text(conf, s, NULL);
}

int
setting_given(const struct config *conf, enum setting s)
{
	return (rules[s].kind != KIND_TEXT || get_text(conf, s) != NULL);
}

int
setting_equal(const struct config *a, const struct config *b, enum setting s)
{
	const char	*x, *y;

	if (rules[s].kind != KIND_TEXT)
		return (get_number(a, s) == get_number(b, s));
	x = get_text(a, s);
	y = get_text(b, s);
	if (x == NULL || y == NULL)
		return (x == y);
	return (strcmp(x, y) == 0);
}

const char *
setting_bad_path(const char *text)
{
	if (*text == '\0')
		return ("is empty");
	if (strlen(text) >= CONFIG_TEXT_MAX)
		return ("is too long");
	return (NULL);
}

static const char *
bad_socket(const char *text)
{
	if (strlen(text) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return ("is too long for a socket");
	return (setting_bad_path(text));
}

static const char *
bad_address(const char *text)
{
	struct address	a;

	if (address_read(&a, text, strlen(text)) == -1)
		return ("is not an address, host[:port]");
	return (NULL);
}

static const char *
bad_prefix(const char *text)
{
	size_t	len = strlen(text);

	if (len == 0 || len > PREFIX_MAX || isdigit((unsigned char)*text) ||
	    *text == '-' || strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != len)
		return ("can't begin a user's name");
	return (NULL);
}

/* The length of a scheme that HTTP has, or 0. */
static size_t
scheme_len(const char *text)
{
	if (strncmp(text, "https://", 8) == 0)
		return (8);
	if (strncmp(text, "http://", 7) == 0)
		return (7);
	return (0);
}

static const char *
bad_url(const char *text)
{
	const char	*p;

	if (scheme_len(text) == 0)
		return ("does not begin with http:// or https://");
	if (strlen(text) >= CONFIG_TEXT_MAX)
		return ("is too long");
	for (p = text; *p != '\0'; p++)
		if (!isgraph((unsigned char)*p) || *p == '"' || *p == '\\')
			return ("has a character that no URL has");
	return (NULL);
}

/* RFC 6454 6.2: an origin has no path, not even a slash. */
static const char *
bad_origin(const char *text)
{
	struct address	a;
	size_t		n = scheme_len(text);

	if (strcmp(text, "*") == 0)
		return (NULL);
	if (n == 0 || strchr(text + n, '/') != NULL ||
	    address_read(&a, text + n, strlen(text + n)) == -1)
		return ("is neither * nor an origin, https://host[:port]");
	return (NULL);
}

/*
 * Returns 0, or -1 if that is no number with such a unit or is beyond 64 bits.
 */
static int
read_number(const struct setting_unit *unit, const char *text, uint64_t *value)
{
	const char	*p;
	uint64_t	 n = 0;

	for (p = text; isdigit((unsigned char)*p); p++) {
		if (n > (UINT64_MAX - 9) / 10)
			return (-1);
		n = n * 10 + (uint64_t)(*p - '0');
	}
	if (p == text)
		return (-1);
	for (; unit->name != NULL; unit++)
		if (strcmp(unit->name, p) == 0)
			break;
	if (unit->name == NULL || n > UINT64_MAX / unit->factor)
		return (-1);
	*value = n * unit->factor;
	return (0);
}

static int
setting_read_number(struct config *conf, enum setting s, const char *text,
    char *why)
{
	const struct setting_rule	*rule = &rules[s];
	uint64_t			 value;
	char				 least[32], most[32];

	if (read_number(kinds[rule->kind].units, text, &value) == -1) {
		snprintf(why, SETTING_WHY_MAX, "%s: \"%.200s\" %s",
		    rule->name, text, kinds[rule->kind].wrong);
		return (-1);
	}
	if (value < rule->least || value > rule->most) {
		setting_format(s, rule->least, least, sizeof(least));
		setting_format(s, rule->most, most, sizeof(most));
		snprintf(why, SETTING_WHY_MAX, "%s: \"%.200s\" is out of "
		    "range, %s to %s", rule->name, text, least, most);
		return (-1);
	}
	set_number(conf, s, value);
	return (0);
}

static int
setting_read_choice(struct config *conf, enum setting s, const char *text,
    char *why)
{
	const struct setting_rule	*rule = &rules[s];
	uint64_t			 i;

	for (i = 0; i < 2; i++) {
		if (strcmp(rule->words[i], text) == 0) {
			set_number(conf, s, i);
			return (0);
		}
	}
	snprintf(why, SETTING_WHY_MAX, "%s: \"%.200s\" is neither %s nor %s",
	    rule->name, text, rule->words[0], rule->words[1]);
	return (-1);
}

static int
setting_read_text(struct config *conf, enum setting s, const char *text,
    char *why)
{
	const char	*bad = rules[s].bad(text);

	if (bad != NULL) {
		snprintf(why, SETTING_WHY_MAX, "%s: \"%.200s\" %s",
		    rules[s].name, text, bad);
		return (-1);
	}
	set_text(conf, s, text);
	return (0);
}

int
setting_read(struct config *conf, enum setting s, const char *text, char *why)
{
	switch (rules[s].kind) {
	case KIND_TEXT:
		return (setting_read_text(conf, s, text, why));
	case KIND_CHOICE:
		return (setting_read_choice(conf, s, text, why));
	case KIND_COUNT:
	case KIND_SIZE:
	case KIND_SECONDS:
	case KIND_MILLISECONDS:
	default:
		return (setting_read_number(conf, s, text, why));
	}
}

void
setting_format(enum setting s, uint64_t value, char *text, size_t len)
{
	const struct setting_unit *unit = kinds[rules[s].kind].units;

	if (value == 0) {
		strlcpy(text, "0", len);
		return;
	}
	while (value % unit->factor != 0)
		unit++;
	snprintf(text, len, "%" PRIu64 "%s", value / unit->factor, unit->name);
}

void
setting_quote(FILE *file, const char *text)
{
	putc('"', file);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', file);
		putc(*text, file);
	}
	putc('"', file);
}

void
setting_print(FILE *file, const struct config *conf, enum setting s)
{
	char	number[32];

	switch (rules[s].kind) {
	case KIND_TEXT:
		setting_quote(file, get_text(conf, s));
		break;
	case KIND_CHOICE:
		fputs(rules[s].words[get_number(conf, s)], file);
		break;
	case KIND_COUNT:
	case KIND_SIZE:
	case KIND_SECONDS:
	case KIND_MILLISECONDS:
	default:
		setting_format(s, get_number(conf, s), number, sizeof(number));
		fputs(number, file);
		break;
	}
}
