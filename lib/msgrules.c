/*
 * The one table of messages.  It is checked before any handler runs, printed
 * into the documentation, and drives the test that plays a hostile process.
 */

#include "compat.h"

#include "msgrules.h"

#define P	(1 << ROLE_PARENT)
#define F	(1 << ROLE_FRONT)
#define R	(1 << ROLE_RELAY)
#define V	(1 << ROLE_VERIFIER)
#define S	(1 << ROLE_SIGNER)
#define I	(1 << ROLE_FILES)
#define C	(1 << ROLE_CTL)
#define O	(1 << ROLE_OLAF)
#define D	(1 << ROLE_DIAL)
#define N	(1 << ROLE_NET)
#define T	(1 << ROLE_TRANSFER)
#define CHILD	(F | R | V | S | I)

#define SETUP	(1 << PHASE_SETUP)
#define RUN	(1 << PHASE_RUNNING)
#define SHUT	(1 << PHASE_SHUTDOWN)
#define LIVE	(RUN | SHUT)
#define ANY	(SETUP | RUN | SHUT)

#define PEM_MAX		(256 * 1024)
#define CA_MAX		(1024 * 1024)

static const struct msg_rule rules[MSG_MAX] = {
	[MSG_CONF_BEGIN] =	{ "CONF_BEGIN",	P, CHILD, SETUP | RUN, 0, 0, 0 },
	[MSG_CONF_FRONT] =	{ "CONF_FRONT",	P, F, SETUP | RUN, 44, 44, 0 },
	[MSG_CONF_RELAY] =	{ "CONF_RELAY",	P, R, SETUP | RUN, 46, 349, 0 },
	[MSG_CONF_CERT] =	{ "CONF_CERT",	P, F, SETUP | RUN, 1, PEM_MAX, 0 },
	[MSG_CONF_KEY] =	{ "CONF_KEY",	P, S, SETUP | RUN, 2, PEM_MAX, 0 },
	[MSG_CONF_ADDRESS] =	{ "CONF_ADDRESS", P, S, SETUP | RUN, 2, 305, 0 },
	[MSG_CONF_NEIGHBOUR] =	{ "CONF_NEIGHBOUR", P, F | R, SETUP | RUN, 14, 3135, 0 },
	[MSG_CONF_SOURCE] =	{ "CONF_SOURCE", P, F | R, SETUP | RUN, 11, 23, 0 },
	[MSG_CONF_CA] =		{ "CONF_CA",	P, F, SETUP | RUN, 5, CA_MAX, 0 },
	[MSG_CONF_RESOLVER] =	{ "CONF_RESOLVER", P, F, SETUP | RUN, 1, CA_MAX, 0 },
	[MSG_CONF_HTTP] =	{ "CONF_HTTP",	P, F, SETUP | RUN, 15, 2364, 0 },
	[MSG_CONF_FILES] =	{ "CONF_FILES", P, I, SETUP | RUN, 24, 24, 0 },
	[MSG_CONF_END] =	{ "CONF_END",	P, CHILD, SETUP | RUN, 0, 0, 0 },
	[MSG_CONF_SWAP] =	{ "CONF_SWAP",	P, CHILD, RUN, 0, 0, 0 },
	[MSG_CONF_SYNC] =	{ "CONF_SYNC",	P, CHILD, RUN, 0, 0, 0 },
	[MSG_CONF_DONE] =	{ "CONF_DONE",	P, R, RUN, 0, 0, 0 },
	[MSG_PEER] =		{ "PEER",	P, CHILD, SETUP, 5, 5, 1 },
	[MSG_LISTENER] =	{ "LISTENER",	P, F, RUN, 5, 5, 1 },
	[MSG_LISTENER_CLOSE] =	{ "LISTENER_CLOSE", P, F, RUN, 4, 4, 0 },
	[MSG_LOAD] =		{ "LOAD",	P, F, SETUP, 0, 0, 1 },
	[MSG_COUNTERS] =	{ "COUNTERS",	P, R, SETUP | RUN, 8, 8, 1 },
	[MSG_CONTROL] =		{ "CONTROL",	P, R, RUN, 0, 0, 1 },
	[MSG_PROCESS] =		{ "PROCESS",	P, R, RUN, 17, 1613, 0 },
	[MSG_START] =		{ "START",	P, CHILD, SETUP, 0, 0, 0 },
	[MSG_STOP] =		{ "STOP",	P, CHILD, SETUP | RUN, 0, 0, 0 },
	[MSG_VERBOSE] =		{ "VERBOSE",	P, CHILD, SETUP | RUN, 1, 1, 0 },

	[MSG_READY] =		{ "READY",	CHILD, P, SETUP | SHUT, 4, 514, 0 },
	[MSG_CONF_OK] =		{ "CONF_OK",	CHILD, P, ANY, 0, 32 * 1024, 0 },
	[MSG_CONF_BAD] =	{ "CONF_BAD",	CHILD, P, ANY, 2, 1025, 0 },
	[MSG_CONF_SYNCED] =	{ "CONF_SYNCED", CHILD, P, LIVE, 0, 0, 0 },
	[MSG_ASK_RELOAD] =	{ "ASK_RELOAD",	R, P, LIVE, 4, 4, 0 },
	[MSG_ASK_STOP] =	{ "ASK_STOP",	R, P, LIVE, 4, 4, 0 },
	[MSG_ASK_VERBOSE] =	{ "ASK_VERBOSE", R, P, LIVE, 5, 5, 0 },
	[MSG_ASK_DONE] =	{ "ASK_DONE",	P, R, LIVE, 7, 4206, 0 },

	[MSG_OPENED] =		{ "OPENED",	F, R, LIVE, 15, 27, 0 },
	[MSG_TEXT] =		{ "TEXT",	F, R, LIVE, 8, MSG_TEXT_MAX + 8, 0 },
	[MSG_CLOSED] =		{ "CLOSED",	F, R, LIVE, 8, 8, 0 },
	[MSG_LIST_SENT] =	{ "LIST_SENT",	F, R, LIVE, 8, 8, 0 },
	[MSG_QUEUES] =		{ "QUEUES",	F, R, LIVE, 5, 16389, 0 },
	[MSG_FRONT_STATS] =	{ "FRONT_STATS", F, R, LIVE, 192, 192, 0 },
	[MSG_LINK_UP] =		{ "LINK_UP",	F, R, LIVE, 23, 35, 0 },
	[MSG_DIAL_FAILED] =	{ "DIAL_FAILED", F, R, LIVE, 10, 265, 0 },
	[MSG_LINK_PONG] =	{ "LINK_PONG",	F, R, LIVE, 8, 8, 0 },
	[MSG_LINK_SENT] =	{ "LINK_SENT",	F, R, LIVE, 8, 8, 0 },

	[MSG_BOUND] =		{ "BOUND",	R, F, LIVE, 8, 8, 0 },
	[MSG_DONE] =		{ "DONE",	R, F, LIVE, 16, 16, 0 },
	[MSG_DELIVER_ALL] =	{ "DELIVER_ALL", R, F, LIVE, 8, MSG_TEXT_MAX + 8, 0 },
	[MSG_DELIVER_ONE] =	{ "DELIVER_ONE", R, F, LIVE, 8, MSG_TEXT_MAX + 8, 0 },
	[MSG_LIST_PART] =	{ "LIST_PART",	R, F, LIVE, 9, 1048576, 0 },
	[MSG_LIST_SEND] =	{ "LIST_SEND",	R, F, LIVE, 16, 16, 0 },
	[MSG_CLOSE] =		{ "CLOSE",	R, F, LIVE, 12, 135, 0 },
	[MSG_ASK_QUEUES] =	{ "ASK_QUEUES",	R, F, LIVE, 4, 4, 0 },
	[MSG_DIAL] =		{ "DIAL",	R, F, LIVE, 12, 12, 0 },
	[MSG_LINK] =		{ "LINK",	R, F, LIVE, 8, 8, 0 },
	[MSG_DELIVER_LINKS] =	{ "DELIVER_LINKS", R, F, LIVE, 11, MSG_TEXT_MAX + 8195, 0 },
	[MSG_LINK_PING] =	{ "LINK_PING",	R, F, LIVE, 8, 8, 0 },
	[MSG_LINK_HOLD] =	{ "LINK_HOLD",	R, F, LIVE, 9, 9, 0 },

	[MSG_VERIFY_KEY] =	{ "VERIFY_KEY",	R, V, LIVE, 5, 564, 0 },
	[MSG_VERIFY_FORGET] =	{ "VERIFY_FORGET", R, V, LIVE, 4, 4, 0 },
	[MSG_VERIFY] =		{ "VERIFY",	R, V, LIVE, 623, 623, 0 },
	[MSG_VERDICT] =		{ "VERDICT",	V, R, LIVE, 9, 9, 0 },

	[MSG_SIGN] =		{ "SIGN",	F, S, ANY, 549, 549, 0 },
	[MSG_SIGNED] =		{ "SIGNED",	S, F, ANY, 514, 514, 0 },
	[MSG_SIGN_HELLO] =	{ "SIGN_HELLO",	R, S, LIVE, 16, 16, 0 },
	[MSG_HELLO_SIGNED] =	{ "HELLO_SIGNED", S, R, LIVE, 522, 522, 0 },

	[MSG_UPLOAD] =		{ "UPLOAD",	F, I, LIVE, 16, 16, 0 },
	[MSG_UPLOAD_MORE] =	{ "UPLOAD_MORE", F, I, LIVE, 8, 8, 0 },
	[MSG_UPLOAD_COMMIT] =	{ "UPLOAD_COMMIT", F, I, LIVE, 20, 402, 0 },
	[MSG_UPLOAD_ABORT] =	{ "UPLOAD_ABORT", F, I, LIVE, 8, 8, 0 },
	[MSG_DOWNLOAD] =	{ "DOWNLOAD",	F, I, LIVE, 24, 24, 0 },
	[MSG_UPLOAD_READY] =	{ "UPLOAD_READY", I, F, LIVE, 8, 8, 1 },
	[MSG_UPLOAD_STORED] =	{ "UPLOAD_STORED", I, F, LIVE, 24, 24, 0 },
	[MSG_DOWNLOAD_READY] =	{ "DOWNLOAD_READY", I, F, LIVE, 58, 313, 1 },
	[MSG_FILE_FAILED] =	{ "FILE_FAILED", I, F, LIVE, 10, 10, 0 },
	[MSG_ASK_FILES] =	{ "ASK_FILES",	R, I, LIVE, 4, 4, 0 },
	[MSG_FILES_STATE] =	{ "FILES_STATE", I, R, LIVE, 60, 60, 0 },
	[MSG_FILE_EVENT] =	{ "FILE_EVENT",	I, R, LIVE, 27, 282, 0 },

	[MSG_CTL_SHOW] =	{ "CTL_SHOW",	C, R, RUN, 0, 0, 0 },
	[MSG_CTL_CLIENTS] =	{ "CTL_CLIENTS", C, R, RUN, 3, 98, 0 },
	[MSG_CTL_STATS] =	{ "CTL_STATS",	C, R, RUN, 0, 0, 0 },
	[MSG_CTL_SANDBOX] =	{ "CTL_SANDBOX", C, R, RUN, 0, 0, 0 },
	[MSG_CTL_KICK] =	{ "CTL_KICK",	C, R, RUN, 4, 222, 0 },
	[MSG_CTL_LOG] =		{ "CTL_LOG",	C, R, RUN, 1, 1, 0 },
	[MSG_CTL_RELOAD] =	{ "CTL_RELOAD",	C, R, RUN, 0, 0, 0 },
	[MSG_CTL_STOP] =	{ "CTL_STOP",	C, R, RUN, 0, 0, 0 },
	[MSG_CTL_NEIGHBOURS] =	{ "CTL_NEIGHBOURS", C, R, RUN, 0, 0, 0 },
	[MSG_CTL_FILES] =	{ "CTL_FILES",	C, R, RUN, 0, 0, 0 },
	[MSG_CTL_DIAL] =	{ "CTL_DIAL",	C, R, RUN, 2, 305, 0 },
	[MSG_CTL_DROP] =	{ "CTL_DROP",	C, R, RUN, 2, 305, 0 },
	[MSG_CTL_MONITOR] =	{ "CTL_MONITOR", C, R, RUN, 0, 0, 0 },

	[MSG_CTL_SUMMARY] =	{ "CTL_SUMMARY", R, C, ANY, 64, 398, 0 },
	[MSG_CTL_PROCESS] =	{ "CTL_PROCESS", R, C, ANY, 17, 1613, 0 },
	[MSG_CTL_CLIENT] =	{ "CTL_CLIENT",	R, C, ANY, 35, 445, 0 },
	[MSG_CTL_STAT] =	{ "CTL_STAT",	R, C, ANY, 10, 73, 0 },
	[MSG_CTL_NEIGHBOUR] =	{ "CTL_NEIGHBOUR", R, C, ANY, 75, 633, 0 },
	[MSG_CTL_STORE] =	{ "CTL_STORE",	R, C, ANY, 60, 60, 0 },
	[MSG_CTL_EVENT] =	{ "CTL_EVENT",	R, C, ANY, 14, 635, 0 },
	[MSG_CTL_END] =		{ "CTL_END",	R, C, ANY, 3, 4202, 0 },

	[MSG_HELPER_READY] =	{ "HELPER_READY", D | N | T, O, RUN, 4, 514, 0 },
	[MSG_CLIENT_CA] =	{ "CLIENT_CA",	O, N | T, RUN, 0, CA_MAX, 0 },
	[MSG_CONNECT] =		{ "CONNECT",	O, D, RUN, 8, 263, 0 },
	[MSG_CONNECTED] =	{ "CONNECTED",	D, O, RUN, 12, 24, 1 },
	[MSG_CONNECT_FAILED] =	{ "CONNECT_FAILED", D, O, RUN, 6, 261, 0 },
	[MSG_NET_SELF] =	{ "NET_SELF",	O, N, RUN, 1, 560, 0 },
	[MSG_NET_OPEN] =	{ "NET_OPEN",	O, N, RUN, 44, 4693, 1 },
	[MSG_NET_TEXT] =	{ "NET_TEXT",	O, N, RUN, 5, 1048580, 0 },
	[MSG_NET_LIST] =	{ "NET_LIST",	O, N, RUN, 4, 4, 0 },
	[MSG_NET_CLOSE] =	{ "NET_CLOSE",	O, N, RUN, 4, 4, 0 },
	[MSG_NET_UNWRAPPED] =	{ "NET_UNWRAPPED", O, N, RUN, 9, 728, 0 },
	[MSG_NET_UP] =		{ "NET_UP",	N, O, RUN, 4, 4, 0 },
	[MSG_NET_DOWN] =	{ "NET_DOWN",	N, O, RUN, 42, 297, 0 },
	[MSG_NET_SERVER] =	{ "NET_SERVER",	N, O, RUN, 6, MSG_TEXT_MAX, 0 },
	[MSG_NET_LISTED] =	{ "NET_LISTED",	N, O, RUN, 13, 13, 0 },
	[MSG_NET_UNWRAP] =	{ "NET_UNWRAP",	N, O, RUN, 266, 8232, 0 },
	[MSG_NET_MESSAGE] =	{ "NET_MESSAGE", N, O, RUN, 48, MSG_TEXT_MAX, 0 },
	[MSG_NET_UNREADABLE] =	{ "NET_UNREADABLE", N, O, RUN, 38, 38, 0 },
	[MSG_NET_REFUSED] =	{ "NET_REFUSED", N, O, RUN, 17, 335, 0 },
	[MSG_NET_ALIVE] =	{ "NET_ALIVE",	N, O, RUN, 8, 8, 0 },
	[MSG_TRANSFER_FILE] =	{ "TRANSFER_FILE", O, T, RUN, 4, 4, 1 },
	[MSG_TRANSFER_SOCKET] =	{ "TRANSFER_SOCKET", O, T, RUN, 4, 4, 1 },
	[MSG_TRANSFER_GET] =	{ "TRANSFER_GET", O, T, RUN, 49, 4399, 0 },
	[MSG_TRANSFER_PUT] =	{ "TRANSFER_PUT", O, T, RUN, 49, 4399, 0 },
	[MSG_TRANSFER_CANCEL] =	{ "TRANSFER_CANCEL", O, T, RUN, 4, 4, 0 },
	[MSG_TRANSFER_PROGRESS] = { "TRANSFER_PROGRESS", T, O, RUN, 24, 534, 0 },
	[MSG_TRANSFER_DONE] =	{ "TRANSFER_DONE", T, O, RUN, 48, 4398, 0 },
	[MSG_TRANSFER_FAILED] =	{ "TRANSFER_FAILED", T, O, RUN, 42, 297, 0 },
};

const struct msg_rule *
msgrules_find(uint32_t type)
{
	if (type >= MSG_MAX || rules[type].name == NULL)
		return (NULL);
	return (&rules[type]);
}

const char *
msgrules_check(uint32_t type, enum role from, enum role to, enum phase phase,
    size_t len, int hasfd)
{
	const struct msg_rule	*r;

	if ((r = msgrules_find(type)) == NULL)
		return ("unknown message");
	if ((r->from & (1 << from)) == 0)
		return ("not its message to send");
	if ((r->to & (1 << to)) == 0)
		return ("message for another");
	if ((r->phases & (1 << phase)) == 0)
		return ("message at the wrong time");
	if (len < r->min)
		return ("message too short");
	if (len > r->max)
		return ("message too long");
	if (r->fd && !hasfd)
		return ("descriptor missing");
	if (!r->fd && hasfd)
		return ("descriptor not expected");
	return (NULL);
}

const char *
msgrules_role(enum role role)
{
	static const char *const names[ROLE_MAX] = {
		"olafd", "olaf-front", "olaf-relay", "olaf-keys verifier",
		"olaf-keys signer", "olaf-files", "olafctl", "olaf", "olaf-dial",
		"olaf-net", "olaf-transfer"
	};

	return (role < ROLE_MAX ? names[role] : "unknown");
}
