/*
 * JSON for programs.  The names of members are a promise: olafctl(8).
 */

#include "compat.h"

#include <string.h>

#include "json_out.h"
#include "output.h"
#include "stats.h"

/* Opens what the rows of an answer stand in, before the first of them. */
static void
begin_rows(const char *name)
{
	if (out_depth() == 0)
		out_begin_object(NULL);
	if (out_depth() == 1)
		out_begin_array(name);
}

static void
string_or_null(const char *name, const char *text)
{
	if (text[0] != '\0')
		out_string(name, text);
	else
		out_null(name);
}

static void
json_summary(const struct msg_ctl_summary *m)
{
	out_begin_object(NULL);
	out_string("version", m->version);
	out_string("address", m->address);
	out_number("since", m->since);
	out_number("connections", m->connections);
	out_number("clients", m->clients);
	out_number("neighbours", m->neighbours);
	out_number("linked", m->linked);
	out_number("neighbour_users", m->users);
	out_number("messages_in", m->messages_in);
	out_number("messages_out", m->messages_out);
	out_number("rate_in", m->rate_in);
	out_number("rate_out", m->rate_out);
}

static void
number_or_null(const char *name, uint64_t value)
{
	if (value != 0)
		out_number(name, value);
	else
		out_null(name);
}

static void
json_process(enum action action, const struct msg_process *m)
{
	char	 name[OUTPUT_NAME_MAX];

	(void)action;
	begin_rows("processes");
	out_begin_object(NULL);
	out_string("name", output_process_name(m, name));
	out_number("pid", m->pid);
	out_string("user", m->user);
	string_or_null("root", m->root);
	out_string("promises", m->promises);
	out_string("sandbox", m->sandbox);
	out_end();
}

static void
json_client(const struct msg_ctl_client *m)
{
	begin_rows("clients");
	out_begin_object(NULL);
	string_or_null("fingerprint", m->fingerprint);
	string_or_null("address", output_address(&m->address));
	number_or_null("since", m->since);
	out_number("messages", m->messages);
	out_number("queue", m->queue);
	out_string("server", m->server);
	out_end();
}

static void
json_neighbour(const struct msg_ctl_neighbour *m)
{
	begin_rows("neighbours");
	out_begin_object(NULL);
	out_string("name", m->name);
	out_string("state", output_neighbour_state(m->state));
	number_or_null("since", m->since);
	out_number("dialled", m->dialled);
	out_number("accepted", m->accepted);
	out_number("users", m->users);
	out_number("messages_in", m->messages_in);
	out_number("messages_out", m->messages_out);
	out_number("updates_in", m->updates_in);
	out_number("updates_out", m->updates_out);
	out_number("refused", m->refused);
	out_number("keys_refused", m->keys_refused);
	number_or_null("next_dial", m->next_dial);
	string_or_null("error", m->error);
	out_end();
}

static void
json_store(const struct msg_files_state *m)
{
	out_begin_object(NULL);
	out_number("stored", m->stored);
	out_number("bytes", m->bytes);
	out_number("quota", m->quota);
	out_number("uploads", m->uploads);
	out_number("upload_bytes", m->upload_bytes);
	out_number("expired", m->expired);
	out_number("failed", m->failed);
}

/* Each is an object, and a line, of its own. */
static void
json_event(const struct msg_ctl_event *m)
{
	out_begin_object(NULL);
	out_milliseconds("when", m->when);
	out_string("event", m->event);
	out_string("object", m->object);
	out_string("text", m->text);
	out_end();
}

/*
 * Opens an object for each part of a name but the last, from the part at
 * depth on.
 */
static const char *
open_parts(const char *name, int depth)
{
	char	 part[MSG_STAT_MAX];
	size_t	 len;
	int	 i;

	for (i = 0; name[len = strcspn(name, ".")] == '.'; i++) {
		if (i >= depth) {
			memcpy(part, name, len);
			part[len] = '\0';
			out_begin_object(part);
		}
		name += len + 1;
	}
	return (name);
}

/* Sorted names become nested objects: what two in a row share stays open. */
static void
json_stats(const struct msg_ctl_stat *stats, size_t n)
{
	const char	*last;
	size_t		 i;
	int		 shared;

	out_begin_object(NULL);
	for (i = 0; i < n; i++) {
		shared = i == 0 ? 0 :
		    stats_common(stats[i - 1].name, stats[i].name);
		while (out_depth() > shared + 1)
			out_end();
		last = open_parts(stats[i].name, shared);
		out_number(last, stats[i].value);
	}
}

static void
begin_answer(enum action action)
{
	switch (action) {
	case ACTION_SHOW:
	case ACTION_SHOW_SANDBOX:
		begin_rows("processes");
		break;
	case ACTION_SHOW_CLIENTS:
		begin_rows("clients");
		break;
	case ACTION_SHOW_NEIGHBOURS:
		begin_rows("neighbours");
		break;
	case ACTION_SHOW_STATS:
	case ACTION_SHOW_FILES:
		break;
	default:
		out_begin_object(NULL);
		out_bool("ok", 1);
		break;
	}
}

/*
 * An answer that fails when part of it was printed is still one object: it
 * says so at its end.  Events that end well have no more to say.
 */
static void
json_finish(enum action action, const struct msg_ctl_end *m)
{
	if (m->ok && action == ACTION_MONITOR)
		return;
	if (m->ok)
		begin_answer(action);
	while (out_depth() > 1)
		out_end();
	if (!m->ok) {
		if (out_depth() == 0)
			out_begin_object(NULL);
		out_bool("ok", 0);
		out_string("error", m->text);
	}
	out_end();
}

static void
json_key(const struct key_report *k)
{
	out_begin_object(NULL);
	out_string("fingerprint", k->fingerprint);
	out_string("hex", k->hex);
	out_number("bits", k->bits);
	out_end();
}

const struct output	 output_json = {
	json_summary, json_process, json_client, json_neighbour, json_store,
	json_event, json_stats, json_finish, json_key
};
