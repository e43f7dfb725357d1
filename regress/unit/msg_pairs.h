/*
 * What every message holds, field by field: for msg_test.c, which encodes it
 * by this description too.
 */

#ifndef MSG_PAIRS_H
#define MSG_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "msg_client.h"
#include "msg_conf.h"
#include "msg_conn.h"
#include "msg_ctl.h"
#include "msg_files.h"
#include "msg_verify.h"

#define PAIR_TYPES	16

enum kind {
	NO_FIELD,
	U8,			/* uint8_t */
	U16,
	U32,
	U64,			/* size: how many in a row */
	FLAG,			/* int, one octet */
	ENUM,			/* enum, one octet */
	STRING,			/* size: of the array */
	BYTES,			/* size: of the array */
	ADDRESS,
	REST			/* struct msg_span */
};

struct field {
	enum kind	 kind;
	size_t		 offset;
	size_t		 size;
	uint64_t	 min;	/* of a number's value or a span's length */
	uint64_t	 max;
};

struct pair {
	const char	*name;
	void		(*put)(struct ibuf *, const void *);
	int		(*get)(struct ibuf *, void *);
	size_t		 size;
	struct field	 fields[16];
	enum msg_type	 types[PAIR_TYPES];	/* MSG_MAX ends them */
};

/* The functions by one type, and the pair's description. */
#define PAIR(n)								\
static void								\
put_##n(struct ibuf *b, const void *m)					\
{									\
	msg_##n##_put(b, m);						\
}									\
									\
static int								\
get_##n(struct ibuf *b, void *m)					\
{									\
	return (msg_##n##_get(b, m));					\
}

/* Messages that are a single value have no put function. */
#define SINGLE(n, type, write, read)					\
struct msg_##n {							\
	type	 value;							\
};									\
									\
static void								\
put_##n(struct ibuf *b, const void *p)					\
{									\
	const struct msg_##n	*m = p;					\
									\
	write;								\
}									\
									\
static int								\
get_##n(struct ibuf *b, void *p)					\
{									\
	struct msg_##n	*m = p;						\
									\
	return (read);							\
}

PAIR(conf_front)
PAIR(conf_relay)
PAIR(conf_key)
PAIR(conf_neighbour)
PAIR(conf_source)
PAIR(conf_ca)
PAIR(conf_resolver)
PAIR(peer)
PAIR(listener)
PAIR(process)
PAIR(ready)
PAIR(ask_done)
PAIR(ask_verbose)
PAIR(opened)
PAIR(text)
PAIR(done)
PAIR(list_part)
PAIR(list_send)
PAIR(close)
PAIR(queues)
PAIR(front_stats)
PAIR(dial)
PAIR(link_up)
PAIR(dial_failed)
PAIR(links)
PAIR(link_hold)
PAIR(verify_key)
PAIR(verify)
PAIR(verdict)
PAIR(sign)
PAIR(signed)
PAIR(sign_hello)
PAIR(hello_signed)
PAIR(conf_http)
PAIR(conf_files)
PAIR(upload)
PAIR(upload_commit)
PAIR(file_id)
PAIR(file_failed)
PAIR(download_ready)
PAIR(files_state)
PAIR(file_event)
PAIR(ctl_clients)
PAIR(ctl_kick)
PAIR(ctl_summary)
PAIR(ctl_client)
PAIR(ctl_stat)
PAIR(ctl_neighbour)
PAIR(ctl_event)
PAIR(ctl_end)
PAIR(connect)
PAIR(connected)
PAIR(connect_failed)
PAIR(net_open)
PAIR(net_text)
PAIR(net_down)
PAIR(net_server)
PAIR(net_alive)
PAIR(net_listed)
PAIR(net_keys)
PAIR(net_unreadable)
PAIR(net_refused)
PAIR(transfer_get)
PAIR(transfer_put)
PAIR(transfer_progress)
PAIR(transfer_done)
PAIR(transfer_failed)

struct reason {
	char	 text[MSG_REASON_MAX];
};

struct name {
	char	 text[304];
};

SINGLE(number, uint32_t, msg_put32(b, m->value),
    msg_number_only_get(b, &m->value))
SINGLE(id, uint64_t, msg_put64(b, m->value), msg_id_only_get(b, &m->value))
SINGLE(flag, int, msg_put8(b, m->value), msg_flag_only_get(b, &m->value))
SINGLE(reason, struct reason, msg_put_string(b, m->value.text),
    msg_string_only_get(b, m->value.text, sizeof(m->value.text)))
SINGLE(name, struct name, msg_put_string(b, m->value.text),
    msg_string_only_get(b, m->value.text, sizeof(m->value.text)))

#define NAMED(n)	#n, put_##n, get_##n, sizeof(struct msg_##n)
#define AT(n, f)	offsetof(struct msg_##n, f)
#define F8(n, f, lo, hi)	{ U8, AT(n, f), 0, lo, hi }
#define F16(n, f, lo, hi)	{ U16, AT(n, f), 0, lo, hi }
#define F16ANY(n, f)	{ U16, AT(n, f), 0, 0, UINT16_MAX }
#define F32(n, f, lo, hi)	{ U32, AT(n, f), 0, lo, hi }
#define F32ANY(n, f)	{ U32, AT(n, f), 0, 0, UINT32_MAX }
#define F64(n, f)	{ U64, AT(n, f), 1, 0, UINT64_MAX }
#define F64TO(n, f, hi)	{ U64, AT(n, f), 1, 0, hi }
#define F64S(n, f, count)	{ U64, AT(n, f), count, 0, UINT64_MAX }
#define FFLAG(n, f)	{ FLAG, AT(n, f), 0, 0, 1 }
#define FENUM(n, f, hi)	{ ENUM, AT(n, f), 0, 0, hi }
#define FSTRING(n, f)	{ STRING, AT(n, f),				\
			    sizeof(((struct msg_##n *)NULL)->f), 0, 0 }
#define FBYTES(n, f)	{ BYTES, AT(n, f),				\
			    sizeof(((struct msg_##n *)NULL)->f), 0, 0 }
#define FADDRESS(n, f)	{ ADDRESS, AT(n, f), 0, 0, 0 }
#define FREST(n, f, lo, hi)	{ REST, AT(n, f), 0, lo, hi }

static const struct pair pairs[] = {
	{ NAMED(conf_front), {
	    F32ANY(conf_front, clients),
	    F32ANY(conf_front, clients_per_address),
	    F64(conf_front, message),
	    F64(conf_front, link_message),
	    F64(conf_front, send_queue),
	    F32ANY(conf_front, hello_timeout),
	    F32ANY(conf_front, idle_ping),
	    F32ANY(conf_front, stall_timeout) },
	  { MSG_CONF_FRONT, MSG_MAX } },
	{ NAMED(conf_relay), {
	    FSTRING(conf_relay, address),
	    F32ANY(conf_relay, message_rate),
	    F32ANY(conf_relay, message_burst),
	    F32ANY(conf_relay, strikes),
	    F32ANY(conf_relay, hellos),
	    F64(conf_relay, counters),
	    F64(conf_relay, send_queue),
	    F32ANY(conf_relay, link_users),
	    F32ANY(conf_relay, update_interval),
	    FFLAG(conf_relay, replay_session),
	    FFLAG(conf_relay, echo),
	    FFLAG(conf_relay, push_client_list),
	    FFLAG(conf_relay, error_replies) },
	  { MSG_CONF_RELAY, MSG_MAX } },
	{ NAMED(conf_key), {
	    FENUM(conf_key, use, MSG_KEY_SERVER),
	    FREST(conf_key, pem, 0, UINT32_MAX) },
	  { MSG_CONF_KEY, MSG_MAX } },
	{ NAMED(conf_neighbour), {
	    F32(conf_neighbour, number, 1, UINT32_MAX),
	    FSTRING(conf_neighbour, name),
	    FSTRING(conf_neighbour, host),
	    F16ANY(conf_neighbour, port),
	    FFLAG(conf_neighbour, tls),
	    FFLAG(conf_neighbour, own_ca),
	    FSTRING(conf_neighbour, key) },
	  { MSG_CONF_NEIGHBOUR, MSG_MAX } },
	{ NAMED(conf_source), {
	    F32(conf_source, number, 1, UINT32_MAX),
	    FADDRESS(conf_source, address) },
	  { MSG_CONF_SOURCE, MSG_MAX } },
	{ NAMED(conf_ca), {
	    F32ANY(conf_ca, number),
	    FREST(conf_ca, pem, 1, UINT32_MAX) },
	  { MSG_CONF_CA, MSG_MAX } },
	{ NAMED(conf_resolver), {
	    FFLAG(conf_resolver, hosts),
	    FREST(conf_resolver, text, 0, UINT32_MAX) },
	  { MSG_CONF_RESOLVER, MSG_MAX } },
	{ NAMED(peer), {
	    FENUM(peer, role, ROLE_MAX - 1),
	    F32ANY(peer, number) },
	  { MSG_PEER, MSG_MAX } },
	{ NAMED(listener), {
	    F32ANY(listener, id),
	    FFLAG(listener, tls) },
	  { MSG_LISTENER, MSG_MAX } },
	{ NAMED(process), {
	    FENUM(process, role, ROLE_MAX - 1),
	    F32ANY(process, number),
	    F32ANY(process, pid),
	    FSTRING(process, user),
	    FSTRING(process, root),
	    FSTRING(process, promises),
	    FSTRING(process, sandbox) },
	  { MSG_PROCESS, MSG_CTL_PROCESS, MSG_MAX } },
	{ NAMED(ready), {
	    FSTRING(ready, promises),
	    FSTRING(ready, sandbox) },
	  { MSG_READY, MSG_HELPER_READY, MSG_MAX } },
	{ NAMED(ask_done), {
	    F32ANY(ask_done, id),
	    FFLAG(ask_done, ok),
	    FSTRING(ask_done, text) },
	  { MSG_ASK_DONE, MSG_MAX } },
	{ NAMED(ask_verbose), {
	    F32ANY(ask_verbose, id),
	    FFLAG(ask_verbose, verbose) },
	  { MSG_ASK_VERBOSE, MSG_MAX } },
	{ NAMED(opened), {
	    F64(opened, conn),
	    FADDRESS(opened, address) },
	  { MSG_OPENED, MSG_MAX } },
	{ NAMED(text), {
	    F64(text, conn),
	    FREST(text, text, 0, UINT32_MAX) },
	  { MSG_TEXT, MSG_DELIVER_ALL, MSG_DELIVER_ONE, MSG_MAX } },
	{ NAMED(done), {
	    F64(done, conn),
	    F64(done, cost) },
	  { MSG_DONE, MSG_MAX } },
	{ NAMED(list_part), {
	    F64(list_part, version),
	    FFLAG(list_part, last),
	    FREST(list_part, text, 0, UINT32_MAX) },
	  { MSG_LIST_PART, MSG_MAX } },
	{ NAMED(list_send), {
	    F64(list_send, version),
	    F64(list_send, conn) },
	  { MSG_LIST_SEND, MSG_MAX } },
	{ NAMED(close), {
	    F64(close, conn),
	    F16ANY(close, code),
	    FSTRING(close, reason) },
	  { MSG_CLOSE, MSG_MAX } },
	{ NAMED(front_stats), {
	    F64S(front_stats, value, FRONT_STAT_MAX) },
	  { MSG_FRONT_STATS, MSG_MAX } },
	{ NAMED(dial), {
	    F32(dial, number, 1, UINT32_MAX),
	    F64(dial, attempt) },
	  { MSG_DIAL, MSG_MAX } },
	{ NAMED(link_up), {
	    F64(link_up, conn),
	    F64(link_up, attempt),
	    FADDRESS(link_up, address) },
	  { MSG_LINK_UP, MSG_MAX } },
	{ NAMED(dial_failed), {
	    F64(dial_failed, attempt),
	    FSTRING(dial_failed, reason) },
	  { MSG_DIAL_FAILED, MSG_MAX } },
	{ NAMED(link_hold), {
	    F64(link_hold, conn),
	    FFLAG(link_hold, hold) },
	  { MSG_LINK_HOLD, MSG_MAX } },
	{ NAMED(verify_key), {
	    F32(verify_key, slot, 0, MSG_SLOTS - 1),
	    FREST(verify_key, der, 1, MSG_DER_MAX) },
	  { MSG_VERIFY_KEY, MSG_MAX } },
	{ NAMED(verify), {
	    F64(verify, id),
	    F32(verify, slot, 0, MSG_SLOTS - 1),
	    F8(verify, count, 1, MSG_FORMS),
	    F16(verify, siglen, 1, MSG_SIG_MAX),
	    FBYTES(verify, digest),
	    FBYTES(verify, sig) },
	  { MSG_VERIFY, MSG_MAX } },
	{ NAMED(verdict), {
	    F64(verdict, id),
	    FFLAG(verdict, good) },
	  { MSG_VERDICT, MSG_MAX } },
	{ NAMED(sign), {
	    FENUM(sign, op, MSG_SIGN_OP_MAX - 1),
	    FBYTES(sign, key),
	    F32(sign, len, 1, MSG_SIG_MAX),
	    FBYTES(sign, data) },
	  { MSG_SIGN, MSG_MAX } },
	{ NAMED(signed), {
	    F16(signed, len, 0, MSG_SIG_MAX),
	    FBYTES(signed, sig) },
	  { MSG_SIGNED, MSG_MAX } },
	{ NAMED(sign_hello), {
	    F64(sign_hello, id),
	    F64TO(sign_hello, counter, INT64_MAX) },
	  { MSG_SIGN_HELLO, MSG_MAX } },
	{ NAMED(hello_signed), {
	    F64(hello_signed, id),
	    F16(hello_signed, len, 0, MSG_SIG_MAX),
	    FBYTES(hello_signed, sig) },
	  { MSG_HELLO_SIGNED, MSG_MAX } },
	{ NAMED(conf_http), {
	    FFLAG(conf_http, files),
	    F64(conf_http, max_size),
	    FSTRING(conf_http, address),
	    FSTRING(conf_http, url),
	    FSTRING(conf_http, cross_origin) },
	  { MSG_CONF_HTTP, MSG_MAX } },
	{ NAMED(conf_files), {
	    F64(conf_files, max_size),
	    F64(conf_files, quota),
	    F64(conf_files, retain) },
	  { MSG_CONF_FILES, MSG_MAX } },
	{ NAMED(upload), {
	    F64(upload, number),
	    F64(upload, hint) },
	  { MSG_UPLOAD, MSG_MAX } },
	{ NAMED(upload_commit), {
	    F64(upload_commit, number),
	    F64(upload_commit, size),
	    FSTRING(upload_commit, name),
	    FSTRING(upload_commit, type) },
	  { MSG_UPLOAD_COMMIT, MSG_MAX } },
	{ NAMED(file_id), {
	    F64(file_id, number),
	    FBYTES(file_id, id) },
	  { MSG_DOWNLOAD, MSG_UPLOAD_STORED, MSG_MAX } },
	{ NAMED(file_failed), {
	    F64(file_failed, number),
	    F16ANY(file_failed, status) },
	  { MSG_FILE_FAILED, MSG_MAX } },
	{ NAMED(download_ready), {
	    F64(download_ready, number),
	    F64(download_ready, size),
	    F64(download_ready, time),
	    FBYTES(download_ready, hash),
	    FSTRING(download_ready, name) },
	  { MSG_DOWNLOAD_READY, MSG_MAX } },
	{ NAMED(files_state), {
	    F32ANY(files_state, id),
	    F64(files_state, stored),
	    F64(files_state, bytes),
	    F64(files_state, quota),
	    F64(files_state, uploads),
	    F64(files_state, upload_bytes),
	    F64(files_state, expired),
	    F64(files_state, failed) },
	  { MSG_FILES_STATE, MSG_CTL_STORE, MSG_MAX } },
	{ NAMED(file_event), {
	    FENUM(file_event, type, MSG_FILE_EVENT_MAX - 1),
	    FBYTES(file_event, id),
	    F64(file_event, size),
	    FSTRING(file_event, name) },
	  { MSG_FILE_EVENT, MSG_MAX } },
	{ NAMED(ctl_clients), {
	    FFLAG(ctl_clients, all),
	    FSTRING(ctl_clients, fingerprint) },
	  { MSG_CTL_CLIENTS, MSG_MAX } },
	{ NAMED(ctl_kick), {
	    FSTRING(ctl_kick, fingerprint),
	    FSTRING(ctl_kick, reason) },
	  { MSG_CTL_KICK, MSG_MAX } },
	{ NAMED(ctl_summary), {
	    FSTRING(ctl_summary, version),
	    FSTRING(ctl_summary, address),
	    F64(ctl_summary, since),
	    F32ANY(ctl_summary, connections),
	    F32ANY(ctl_summary, clients),
	    F32ANY(ctl_summary, neighbours),
	    F32ANY(ctl_summary, linked),
	    F32ANY(ctl_summary, users),
	    F64(ctl_summary, messages_in),
	    F64(ctl_summary, messages_out),
	    F64(ctl_summary, rate_in),
	    F64(ctl_summary, rate_out) },
	  { MSG_CTL_SUMMARY, MSG_MAX } },
	{ NAMED(ctl_client), {
	    FSTRING(ctl_client, fingerprint),
	    FADDRESS(ctl_client, address),
	    F64(ctl_client, since),
	    F64(ctl_client, messages),
	    F64(ctl_client, queue),
	    FSTRING(ctl_client, server) },
	  { MSG_CTL_CLIENT, MSG_MAX } },
	{ NAMED(ctl_stat), {
	    FSTRING(ctl_stat, name),
	    F64(ctl_stat, value) },
	  { MSG_CTL_STAT, MSG_MAX } },
	{ NAMED(ctl_neighbour), {
	    FSTRING(ctl_neighbour, name),
	    FENUM(ctl_neighbour, state, MSG_NEIGHBOUR_STATE_MAX - 1),
	    F64(ctl_neighbour, since),
	    F8(ctl_neighbour, dialled, 0, 1),
	    F8(ctl_neighbour, accepted, 0, UINT8_MAX),
	    F32ANY(ctl_neighbour, users),
	    F64(ctl_neighbour, messages_in),
	    F64(ctl_neighbour, messages_out),
	    F64(ctl_neighbour, updates_in),
	    F64(ctl_neighbour, updates_out),
	    F64(ctl_neighbour, refused),
	    F64(ctl_neighbour, keys_refused),
	    F64(ctl_neighbour, next_dial),
	    FSTRING(ctl_neighbour, error) },
	  { MSG_CTL_NEIGHBOUR, MSG_MAX } },
	{ NAMED(ctl_event), {
	    F64(ctl_event, when),
	    FSTRING(ctl_event, event),
	    FSTRING(ctl_event, object),
	    FSTRING(ctl_event, text) },
	  { MSG_CTL_EVENT, MSG_MAX } },
	{ NAMED(ctl_end), {
	    FFLAG(ctl_end, ok),
	    FSTRING(ctl_end, text) },
	  { MSG_CTL_END, MSG_MAX } },
	{ NAMED(connect), {
	    F32ANY(connect, id),
	    F16ANY(connect, port),
	    FSTRING(connect, host) },
	  { MSG_CONNECT, MSG_MAX } },
	{ NAMED(connected), {
	    F32ANY(connected, id),
	    FFLAG(connected, loopback),
	    FADDRESS(connected, address) },
	  { MSG_CONNECTED, MSG_MAX } },
	{ NAMED(connect_failed), {
	    F32ANY(connect_failed, id),
	    FSTRING(connect_failed, why) },
	  { MSG_CONNECT_FAILED, MSG_MAX } },
	{ NAMED(net_open), {
	    F32ANY(net_open, session),
	    FFLAG(net_open, tls),
	    FFLAG(net_open, pinned),
	    FBYTES(net_open, pin),
	    FSTRING(net_open, name),
	    FSTRING(net_open, host),
	    FSTRING(net_open, path) },
	  { MSG_NET_OPEN, MSG_MAX } },
	{ NAMED(net_text), {
	    F32ANY(net_text, session),
	    FREST(net_text, text, 0, UINT32_MAX) },
	  { MSG_NET_TEXT, MSG_MAX } },
	{ NAMED(net_down), {
	    F32ANY(net_down, session),
	    FENUM(net_down, kind, MSG_DOWN_MAX - 1),
	    F16ANY(net_down, code),
	    FFLAG(net_down, has_pin),
	    FBYTES(net_down, pin),
	    FSTRING(net_down, why) },
	  { MSG_NET_DOWN, MSG_MAX } },
	{ NAMED(net_alive), {
	    F32ANY(net_alive, session),
	    F32ANY(net_alive, texts) },
	  { MSG_NET_ALIVE, MSG_MAX } },
	{ NAMED(net_server), {
	    F32ANY(net_server, session),
	    FSTRING(net_server, address),
	    FREST(net_server, keys, 0, UINT32_MAX) },
	  { MSG_NET_SERVER, MSG_MAX } },
	{ NAMED(net_listed), {
	    F32ANY(net_listed, session),
	    FFLAG(net_listed, asked),
	    F32ANY(net_listed, servers),
	    F32ANY(net_listed, skipped) },
	  { MSG_NET_LISTED, MSG_MAX } },
	{ NAMED(net_keys), {
	    F32ANY(net_keys, session),
	    F32ANY(net_keys, number),
	    FREST(net_keys, keys, 0, UINT32_MAX) },
	  { MSG_NET_UNWRAP, MSG_NET_UNWRAPPED, MSG_MAX } },
	{ NAMED(net_unreadable), {
	    F32ANY(net_unreadable, session),
	    FENUM(net_unreadable, why, MSG_UNREADABLE_MAX - 1),
	    FFLAG(net_unreadable, has_sender),
	    FBYTES(net_unreadable, sender) },
	  { MSG_NET_UNREADABLE, MSG_MAX } },
	{ NAMED(net_refused), {
	    F32ANY(net_refused, session),
	    FFLAG(net_refused, has_counter),
	    F64(net_refused, counter),
	    FSTRING(net_refused, code),
	    FSTRING(net_refused, text) },
	  { MSG_NET_REFUSED, MSG_MAX } },
	{ NAMED(transfer_get), {
	    F32ANY(transfer_get, id),
	    FFLAG(transfer_get, pinned),
	    FBYTES(transfer_get, pin),
	    F64(transfer_get, offset),
	    FSTRING(transfer_get, url),
	    FSTRING(transfer_get, etag) },
	  { MSG_TRANSFER_GET, MSG_MAX } },
	{ NAMED(transfer_put), {
	    F32ANY(transfer_put, id),
	    FFLAG(transfer_put, pinned),
	    FBYTES(transfer_put, pin),
	    F64(transfer_put, size),
	    FSTRING(transfer_put, url),
	    FSTRING(transfer_put, name) },
	  { MSG_TRANSFER_PUT, MSG_MAX } },
	{ NAMED(transfer_progress), {
	    F32ANY(transfer_progress, id),
	    F64(transfer_progress, now),
	    F64(transfer_progress, total),
	    FSTRING(transfer_progress, name),
	    FSTRING(transfer_progress, etag) },
	  { MSG_TRANSFER_PROGRESS, MSG_MAX } },
	{ NAMED(transfer_done), {
	    F32ANY(transfer_done, id),
	    F64(transfer_done, size),
	    FBYTES(transfer_done, hash),
	    FSTRING(transfer_done, name),
	    FSTRING(transfer_done, url) },
	  { MSG_TRANSFER_DONE, MSG_MAX } },
	{ NAMED(transfer_failed), {
	    F32ANY(transfer_failed, id),
	    F16ANY(transfer_failed, status),
	    FFLAG(transfer_failed, resumable),
	    FFLAG(transfer_failed, has_pin),
	    FBYTES(transfer_failed, pin),
	    FSTRING(transfer_failed, why) },
	  { MSG_TRANSFER_FAILED, MSG_MAX } },
	{ NAMED(number), {
	    F32ANY(number, value) },
	  { MSG_LISTENER_CLOSE, MSG_ASK_RELOAD, MSG_ASK_STOP, MSG_ASK_QUEUES,
	    MSG_ASK_FILES, MSG_VERIFY_FORGET, MSG_NET_LIST, MSG_NET_CLOSE,
	    MSG_NET_UP, MSG_TRANSFER_FILE, MSG_TRANSFER_SOCKET,
	    MSG_TRANSFER_CANCEL, MSG_MAX } },
	{ NAMED(id), {
	    F64(id, value) },
	  { MSG_COUNTERS, MSG_CLOSED, MSG_LIST_SENT, MSG_BOUND, MSG_LINK,
	    MSG_LINK_PING, MSG_LINK_PONG, MSG_LINK_SENT, MSG_UPLOAD_MORE,
	    MSG_UPLOAD_ABORT, MSG_UPLOAD_READY, MSG_MAX } },
	{ NAMED(flag), {
	    FFLAG(flag, value) },
	  { MSG_VERBOSE, MSG_CTL_LOG, MSG_MAX } },
	{ NAMED(reason), {
	    FSTRING(reason, value) },
	  { MSG_CONF_BAD, MSG_MAX } },
	{ NAMED(name), {
	    FSTRING(name, value) },
	  { MSG_CONF_ADDRESS, MSG_CTL_DIAL, MSG_CTL_DROP, MSG_MAX } },
};

#endif
