/*
 * Reading messages.  The scanner judges a text and tells where its members
 * lie; strings without an escape are used where they are, so that a common
 * message is read without memory.
 */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "message.h"

#define ENVELOPE	(-1)	/* the scanner's index of the outermost object */

#define COUNTER_DIGITS	19	/* of 2^63 - 1 */
#define IV_LEN		16
#define IV_LEN_SHORT	12
#define SYMM_KEY_MIN	256	/* octets: RSA 2048 */
#define SYMM_KEY_MAX	512	/* RSA 4096 */
#define TYPE_MAX	130	/* any type, all of it as \u escapes, and quotes */

/* What a message's memory holds. */
enum {
	MEMORY_DATA,		/* a string D */
	MEMORY_STRING,		/* the public key or the sender */
	MEMORY_DESTS,		/* the spans of the destinations */
	MEMORY_DEST_TEXTS
};

/* An object whose members a scan holds. */
struct object {
	const struct scan	*scan;
	int			 idx;
};

struct type {
	const char		*name;
	enum message_type	 type;
	int			 is_signed;
	enum refusal		(*read)(struct message *, const struct object *);
};

static enum refusal	 read_hello(struct message *, const struct object *);
static enum refusal	 read_chat(struct message *, const struct object *);
static enum refusal	 read_public_chat(struct message *,
			    const struct object *);
static enum refusal	 read_server_hello(struct message *,
			    const struct object *);
static enum refusal	 read_server_connect(struct message *,
			    const struct object *);
static enum refusal	 read_client_update(struct message *,
			    const struct object *);
static enum refusal	 read_error(struct message *, const struct object *);
static enum refusal	 read_nothing(struct message *, const struct object *);

/* Of a type with two names the first is its own. */
static const struct type types[] = {
	{ "hello", MESSAGE_HELLO, 1, read_hello },
	{ "chat", MESSAGE_CHAT, 1, read_chat },
	{ "public_chat", MESSAGE_PUBLIC_CHAT, 1, read_public_chat },
	{ "client_list_request", MESSAGE_CLIENT_LIST_REQUEST, 0, read_nothing },
	{ "error", MESSAGE_ERROR, 0, read_error },
	{ "server_hello", MESSAGE_SERVER_HELLO, 1, read_server_hello },
	{ "server_connect", MESSAGE_SERVER_HELLO, 1, read_server_connect },
	{ "client_update", MESSAGE_CLIENT_UPDATE, 0, read_client_update },
	{ "client_update_request", MESSAGE_CLIENT_UPDATE_REQUEST, 0,
	    read_nothing }
};

static const struct {
	const char	*name;
	const char	*text;
} refusals[REFUSE_MAX] = {
	[REFUSE_NONE] = { "none", "The message is good." },
	[REFUSE_BAD_JSON] = { "bad_json", "The message is not valid JSON." },
	[REFUSE_BAD_FORMAT] = { "bad_format",
	    "The message lacks something, or a part of it has the wrong form." },
	[REFUSE_BAD_KEY] = { "bad_key",
	    "The public key is not an RSA key of 2048 to 4096 bits in PEM." },
	[REFUSE_BAD_SIGNATURE] = { "bad_signature",
	    "The signature is not one of this message by this key." },
	[REFUSE_REPLAYED] = { "replayed",
	    "The counter is not greater than that of an earlier message." },
	[REFUSE_UNKNOWN_TYPE] = { "unknown_type",
	    "This server does not know this type of message." },
	[REFUSE_HELLO_REQUIRED] = { "hello_required",
	    "Only who has said hello may send this message." },
	[REFUSE_WRONG_SENDER] = { "wrong_sender",
	    "The message names another user than the one who sends it." },
	[REFUSE_UNKNOWN_DESTINATION] = { "unknown_destination",
	    "A destination is no server that can be reached from here." },
	[REFUSE_NOT_A_SERVER] = { "not_a_server",
	    "Only a server of the neighbourhood may send this message." },
	[REFUSE_RATE_LIMITED] = { "rate_limited",
	    "The server is busy or this came too often, please try later." },
	[REFUSE_TOO_LARGE] = { "too_large",
	    "The message has too many destinations." }
};

/* A member of that name and type, NULL if there is none. */
static const struct scan_member *
member(const struct object *o, const char *name, enum scan_type type)
{
	const struct scan_member	*m;

	m = scan_find(o->scan, o->idx, name);
	return (m != NULL && m->type == type ? m : NULL);
}

/* A string that must be there. */
static enum refusal
read_string(struct message *m, const struct object *o, const char *name,
    struct scan_span *text)
{
	const struct scan_member	*string;

	if ((string = member(o, name, SCAN_STRING)) == NULL)
		return (REFUSE_BAD_FORMAT);
	return (message_unescape(string->value, text, &m->memory[MEMORY_STRING]));
}

/* A string that is base64, kept as it was sent, and how many octets it is. */
static enum refusal
read_base64(const struct object *o, const char *name, struct scan_span *value,
    size_t *octets)
{
	const struct scan_member	*string;

	if ((string = member(o, name, SCAN_STRING)) == NULL)
		return (REFUSE_BAD_FORMAT);
	*value = string->value;
	return (message_octets(string->value, NULL, 0, octets));
}

/*
 * Takes an element off the front of an array's rest, which begins behind its
 * bracket.  Returns 1 for a string, 0 at the end, -1 for anything else.
 */
static int
next_string(struct scan_span *rest, struct scan_span *value)
{
	if (!form_next(rest, value))
		return (0);
	return (*value->p == '"' ? 1 : -1);
}

static struct scan_span
behind_bracket(const struct scan_member *array)
{
	struct scan_span	 rest = array->value;

	rest.p++;
	rest.len--;
	return (rest);
}

/* Counts the elements of an array, which must be strings. */
static enum refusal
count_strings(const struct scan_member *array, size_t *n)
{
	struct scan_span	 rest = behind_bracket(array), value;
	int			 r;

	for (*n = 0; (r = next_string(&rest, &value)) == 1; (*n)++)
		if (*n == MESSAGE_DESTS_MAX)
			return (REFUSE_TOO_LARGE);
	return (r == 0 ? REFUSE_NONE : REFUSE_BAD_FORMAT);
}

/* Notes the n destinations, in memory of their own if any has an escape. */
static enum refusal
keep_dests(struct message *m, const struct scan_member *array, size_t n)
{
	struct scan_span	 rest = behind_bracket(array), value;
	char			*text = NULL;
	size_t			 i;

	m->dests = reallocarray(NULL, n, sizeof(*m->dests));
	if ((m->memory[MEMORY_DESTS] = m->dests) == NULL)
		return (REFUSE_RATE_LIMITED);
	if (memchr(rest.p, '\\', rest.len) != NULL) {
		if ((text = malloc(rest.len)) == NULL)
			return (REFUSE_RATE_LIMITED);
		m->memory[MEMORY_DEST_TEXTS] = text;
	}
	for (i = 0; i < n && next_string(&rest, &value) == 1; i++) {
		m->dests[i].p = value.p + 1;
		m->dests[i].len = value.len - 2;
		if (text != NULL) {
			m->dests[i].p = text;
			m->dests[i].len = scan_unescape(value, text);
			text += m->dests[i].len;
		}
	}
	m->ndests = n;
	return (REFUSE_NONE);
}

static enum refusal
read_dests(struct message *m, const struct object *o)
{
	const struct scan_member	*array;
	enum refusal			 r;
	size_t				 n;

	array = member(o, "destination_servers", SCAN_ARRAY);
	if (array == NULL)
		return (REFUSE_BAD_FORMAT);
	if ((r = count_strings(array, &n)) != REFUSE_NONE)
		return (r);
	return (n == 0 ? REFUSE_BAD_FORMAT : keep_dests(m, array, n));
}

/* At least as many as destinations: the latter may come without repetitions. */
static enum refusal
check_symm_keys(struct message *m, const struct object *o)
{
	const struct scan_member	*array;
	struct scan_span		 rest, value;
	enum refusal			 r;
	size_t				 n, octets;

	if ((array = member(o, "symm_keys", SCAN_ARRAY)) == NULL)
		return (REFUSE_BAD_FORMAT);
	if ((r = count_strings(array, &n)) != REFUSE_NONE)
		return (r);
	if (n < m->ndests)
		return (REFUSE_BAD_FORMAT);
	m->symm_keys = rest = behind_bracket(array);
	while (next_string(&rest, &value) == 1) {
		if ((r = message_octets(value, NULL, 0, &octets)) != REFUSE_NONE)
			return (r);
		if (octets < SYMM_KEY_MIN || octets > SYMM_KEY_MAX)
			return (REFUSE_BAD_FORMAT);
	}
	return (REFUSE_NONE);
}

static enum refusal
read_chat(struct message *m, const struct object *o)
{
	enum refusal	 r;
	size_t		 octets;

	if ((r = read_dests(m, o)) != REFUSE_NONE)
		return (r);
	if ((r = read_base64(o, "iv", &m->iv, &octets)) != REFUSE_NONE)
		return (r);
	if (octets != IV_LEN && octets != IV_LEN_SHORT)
		return (REFUSE_BAD_FORMAT);
	if ((r = check_symm_keys(m, o)) != REFUSE_NONE)
		return (r);
	return (read_base64(o, "chat", &m->text, &octets));
}

static enum refusal
read_hello(struct message *m, const struct object *o)
{
	return (read_string(m, o, "public_key", &m->public_key));
}

static enum refusal
read_public_chat(struct message *m, const struct object *o)
{
	const struct scan_member	*string;

	if ((string = member(o, "message", SCAN_STRING)) == NULL)
		return (REFUSE_BAD_FORMAT);
	m->text = string->value;
	return (read_string(m, o, "sender", &m->sender));
}

static enum refusal
read_server_hello(struct message *m, const struct object *o)
{
	return (read_string(m, o, "sender", &m->sender));
}

static enum refusal
read_server_connect(struct message *m, const struct object *o)
{
	if (scan_find(o->scan, o->idx, "hostname") == NULL)
		return (read_server_hello(m, o));
	return (read_string(m, o, "hostname", &m->sender));
}

static enum refusal
read_client_update(struct message *m, const struct object *o)
{
	const struct scan_member	*array;

	if ((array = member(o, "clients", SCAN_ARRAY)) == NULL)
		return (REFUSE_BAD_FORMAT);
	m->clients = behind_bracket(array);
	return (REFUSE_NONE);
}

/* Of any form, for it is never answered. */
static enum refusal
read_error(struct message *m, const struct object *o)
{
	const struct scan_member	*string;

	if ((string = member(o, "error", SCAN_STRING)) != NULL) {
		m->code.p = string->value.p + 1;
		m->code.len = string->value.len - 2;
	}
	if ((string = member(o, "message", SCAN_STRING)) != NULL)
		m->text = string->value;
	return (REFUSE_NONE);
}

static enum refusal
read_nothing(struct message *m, const struct object *o)
{
	(void)m;
	(void)o;
	return (REFUSE_NONE);
}

/* Writes a type's name without escapes; one that is too long becomes empty. */
static size_t
type_name(struct scan_span value, char name[TYPE_MAX])
{
	return (value.len > TYPE_MAX ? 0 : scan_unescape(value, name));
}

static int
name_is(const char *name, size_t len, const char *text)
{
	return (len == strlen(text) && memcmp(name, text, len) == 0);
}

static const struct type *
find_type(const char *name, size_t len, int is_signed)
{
	size_t	 i;

	for (i = 0; i < nitems(types); i++)
		if (types[i].is_signed == is_signed &&
		    name_is(name, len, types[i].name))
			return (&types[i]);
	return (NULL);
}

/* A counter that is not as it must be counts as none. */
static void
read_counter(struct message *m, const struct object *envelope)
{
	const struct scan_member	*number;
	uint64_t			 n = 0;
	size_t				 i;
	char				 c;

	number = member(envelope, "counter", SCAN_NUMBER);
	if (number == NULL || number->value.len > COUNTER_DIGITS)
		return;
	for (i = 0; i < number->value.len; i++) {
		c = number->value.p[i];
		if (c < '0' || c > '9')
			return;
		n = n * 10 + (c - '0');
	}
	if (n > INT64_MAX)
		return;
	m->has_counter = 1;
	m->counter = n;
	m->counter_text = number->value;
}

static enum refusal
read_signature(struct message *m, const struct object *envelope)
{
	const struct scan_member	*string;
	enum refusal			 r;

	if ((string = member(envelope, "signature", SCAN_STRING)) == NULL)
		return (REFUSE_BAD_FORMAT);
	r = message_octets(string->value, m->sig, sizeof(m->sig), &m->siglen);
	if (m->siglen > MESSAGE_SIG_MAX)
		m->siglen = MESSAGE_SIG_MAX + 1;
	return (r);
}

/*
 * Scans a string D. One that does not even begin an object holds none, which
 * is bad format; what is wrong within the object is bad JSON.
 */
static enum refusal
scan_string_data(struct message *m, struct scan_span value, struct scan *s)
{
	enum refusal	 r;
	size_t		 i = 0;

	m->data_is_string = 1;
	r = message_unescape(value, &m->data, &m->memory[MEMORY_DATA]);
	if (r != REFUSE_NONE)
		return (r);
	while (i < m->data.len && form_is_space(m->data.p[i]))
		i++;
	if (i == m->data.len || m->data.p[i] != '{')
		return (REFUSE_BAD_FORMAT);
	if (scan_object(s, m->data.p, m->data.len, SCAN_DEPTH) == -1)
		return (REFUSE_BAD_JSON);
	return (REFUSE_NONE);
}

/* Finds D; inner takes its members if it is a string. */
static enum refusal
read_data(struct message *m, const struct object *envelope, struct scan *inner,
    struct object *data)
{
	const struct scan_member	*d;

	d = scan_find(envelope->scan, ENVELOPE, "data");
	if (d == NULL)
		return (REFUSE_BAD_FORMAT);
	if (d->type == SCAN_STRING) {
		data->scan = inner;
		data->idx = -1;
		return (scan_string_data(m, d->value, inner));
	}
	if (d->type != SCAN_OBJECT)
		return (REFUSE_BAD_FORMAT);
	m->data = d->value;
	data->scan = envelope->scan;
	data->idx = d - envelope->scan->members;
	return (REFUSE_NONE);
}

static enum refusal
read_signed(struct message *m, const struct object *envelope)
{
	const struct scan_member	*string;
	const struct type		*type;
	struct scan			 inner;
	struct object			 data;
	enum refusal			 r;
	char				 name[TYPE_MAX];

	if ((r = read_data(m, envelope, &inner, &data)) != REFUSE_NONE)
		return (r);
	if ((string = member(&data, "type", SCAN_STRING)) == NULL)
		return (REFUSE_BAD_FORMAT);
	type = find_type(name, type_name(string->value, name), 1);
	if (type == NULL)
		return (REFUSE_UNKNOWN_TYPE);
	m->type = type->type;
	if (!m->has_counter)
		return (REFUSE_BAD_FORMAT);
	if ((r = read_signature(m, envelope)) != REFUSE_NONE)
		return (r);
	return (type->read(m, &data));
}

static enum refusal
read_envelope(struct message *m, const struct object *envelope)
{
	const struct scan_member	*string;
	const struct type		*type;
	char				 name[TYPE_MAX];
	size_t				 len;

	read_counter(m, envelope);
	if ((string = member(envelope, "type", SCAN_STRING)) == NULL)
		return (REFUSE_BAD_FORMAT);
	len = type_name(string->value, name);
	if (name_is(name, len, "signed_data"))
		return (read_signed(m, envelope));
	if ((type = find_type(name, len, 0)) == NULL)
		return (REFUSE_UNKNOWN_TYPE);
	m->type = type->type;
	return (type->read(m, envelope));
}

enum refusal
message_read(struct message *m, const char *text, size_t len)
{
	struct scan	 s;
	struct object	 envelope = { &s, ENVELOPE };
	enum scan_type	 type;

	memset(m, 0, sizeof(*m));
	if (scan_value(&s, text, len, SCAN_DEPTH, &type) == -1) {
		m->is_whole = scan_is_whole(text, len);
		return (REFUSE_BAD_JSON);
	}
	if (type != SCAN_OBJECT)
		return (REFUSE_BAD_FORMAT);
	return (read_envelope(m, &envelope));
}

void
message_clear(struct message *m)
{
	size_t	 i;

	for (i = 0; i < nitems(m->memory); i++)
		free(m->memory[i]);
	memset(m, 0, sizeof(*m));
}

const char *
refusal_name(enum refusal r)
{
	return (refusals[r].name);
}

const char *
refusal_text(enum refusal r)
{
	return (refusals[r].text);
}

const char *
message_type_name(enum message_type type)
{
	size_t	 i;

	for (i = 0; i < nitems(types) - 1; i++)
		if (types[i].type == type)
			break;
	return (types[i].name);
}
