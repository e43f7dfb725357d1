/*
 * JSON for programs.  The names of members are a promise: olafctl(8).
 */

#include "compat.h"

#include <string.h>

#include "json.h"
#include "output.h"
#include "stats.h"

/* Opens what the rows of an answer stand in, before the first of them. */
static void
begin_rows(const char *name)
{
	if (json_depth() == 0)
		json_object(NULL);
	if (json_depth() == 1)
		json_array(name);
}

static void
string_or_null(const char *name, const char *text)
{
	if (text[0] != '\0')
		json_string(name, text);
	else
		json_null(name);
}

static void
json_summary(const struct msg_ctl_summary *m)
{
	json_object(NULL);
	json_string("version", m->version);
	json_string("address", m->address);
	json_number("since", m->since);
	json_number("connections", m->connections);
	json_number("clients", m->clients);
	json_number("messages_in", m->messages_in);
	json_number("messages_out", m->messages_out);
	json_number("rate_in", m->rate_in);
	json_number("rate_out", m->rate_out);
}

static void
json_process(enum action action, const struct msg_process *m)
{
	char	 name[OUTPUT_NAME_MAX];

	(void)action;
	begin_rows("processes");
	json_object(NULL);
	json_string("name", output_process_name(m, name));
	json_number("pid", m->pid);
	json_string("user", m->user);
	string_or_null("root", m->root);
	json_string("promises", m->promises);
	json_string("sandbox", m->sandbox);
	json_end();
}

static void
json_client(const struct msg_ctl_client *m)
{
	begin_rows("clients");
	json_object(NULL);
	string_or_null("fingerprint", m->fingerprint);
	string_or_null("address", output_address(&m->address));
	if (m->since != 0)
		json_number("since", m->since);
	else
		json_null("since");
	json_number("messages", m->messages);
	json_number("queue", m->queue);
	json_string("server", m->server);
	json_end();
}

/* Opens an object for each part of a name but the last, from the part at depth on. */
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
			json_object(part);
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

	json_object(NULL);
	for (i = 0; i < n; i++) {
		shared = i == 0 ? 0 :
		    stats_common(stats[i - 1].name, stats[i].name);
		while (json_depth() > shared + 1)
			json_end();
		last = open_parts(stats[i].name, shared);
		json_number(last, stats[i].value);
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
	case ACTION_SHOW_STATS:
		break;
	default:
		json_object(NULL);
		json_bool("ok", 1);
		break;
	}
}

/*
 * An answer that fails when part of it was printed is still one object: it
 * says so at its end.
 */
static void
json_finish(enum action action, const struct msg_ctl_end *m)
{
	if (m->ok)
		begin_answer(action);
	while (json_depth() > 1)
		json_end();
	if (!m->ok) {
		if (json_depth() == 0)
			json_object(NULL);
		json_bool("ok", 0);
		json_string("error", m->text);
	}
	json_end();
}

static void
json_key(const struct key_report *k)
{
	json_object(NULL);
	json_string("fingerprint", k->fingerprint);
	json_string("hex", k->hex);
	json_number("bits", k->bits);
	json_end();
}

const struct output	 output_json = {
	json_summary, json_process, json_client, json_stats, json_finish,
	json_key
};
