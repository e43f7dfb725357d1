/*
 * The table of messages between our processes: who may send what to whom, when,
 * how long it is, and whether a descriptor comes with it.  chan.c checks every
 * message against it before any handler runs.
 */

#ifndef MSGRULES_H
#define MSGRULES_H

#include <stddef.h>
#include <stdint.h>

enum role {
	ROLE_PARENT,
	ROLE_FRONT,
	ROLE_RELAY,
	ROLE_VERIFIER,
	ROLE_SIGNER,
	ROLE_FILES,
	ROLE_CTL,		/* an olafctl: not one of our own processes */
	ROLE_OLAF,		/* the client, and its helpers */
	ROLE_DIAL,
	ROLE_NET,
	ROLE_TRANSFER,
	ROLE_MAX
};

enum phase {
	PHASE_SETUP,		/* a child: until START; the parent: until all are READY */
	PHASE_RUNNING,
	PHASE_SHUTDOWN		/* from STOP on */
};

enum msg_type {
	/* parent to children, msg_conf.c */
	MSG_CONF_BEGIN,
	MSG_CONF_FRONT,
	MSG_CONF_RELAY,
	MSG_CONF_CERT,
	MSG_CONF_KEY,
	MSG_CONF_ADDRESS,
	MSG_CONF_NEIGHBOUR,
	MSG_CONF_SOURCE,
	MSG_CONF_CA,
	MSG_CONF_RESOLVER,
	MSG_CONF_HTTP,
	MSG_CONF_FILES,
	MSG_CONF_END,
	MSG_CONF_SWAP,
	MSG_CONF_SYNC,
	MSG_CONF_DONE,
	MSG_PEER,
	MSG_LISTENER,
	MSG_LISTENER_CLOSE,
	MSG_LOAD,
	MSG_COUNTERS,
	MSG_CONTROL,
	MSG_PROCESS,
	MSG_START,
	MSG_STOP,
	MSG_VERBOSE,
	/* children to parent */
	MSG_READY,
	MSG_CONF_OK,
	MSG_CONF_BAD,
	MSG_CONF_SYNCED,
	MSG_ASK_RELOAD,
	MSG_ASK_STOP,
	MSG_ASK_VERBOSE,
	MSG_ASK_DONE,		/* the parent's answer to the last three */
	/* front to relay, msg_conn.c */
	MSG_OPENED,
	MSG_TEXT,
	MSG_CLOSED,
	MSG_LIST_SENT,
	MSG_QUEUES,
	MSG_FRONT_STATS,
	MSG_LINK_UP,
	MSG_DIAL_FAILED,
	MSG_LINK_PONG,
	MSG_LINK_SENT,
	/* relay to front */
	MSG_BOUND,
	MSG_DONE,
	MSG_DELIVER_ALL,
	MSG_DELIVER_ONE,
	MSG_LIST_PART,
	MSG_LIST_SEND,
	MSG_CLOSE,
	MSG_ASK_QUEUES,
	MSG_DIAL,
	MSG_LINK,
	MSG_DELIVER_LINKS,
	MSG_LINK_PING,
	MSG_LINK_HOLD,
	/* relay and verifier, msg_verify.c */
	MSG_VERIFY_KEY,
	MSG_VERIFY_FORGET,
	MSG_VERIFY,
	MSG_VERDICT,
	/* front and signer, relay and signer */
	MSG_SIGN,
	MSG_SIGNED,
	MSG_SIGN_HELLO,
	MSG_HELLO_SIGNED,
	/* front and files, msg_files.c */
	MSG_UPLOAD,
	MSG_UPLOAD_MORE,
	MSG_UPLOAD_COMMIT,
	MSG_UPLOAD_ABORT,
	MSG_DOWNLOAD,
	MSG_UPLOAD_READY,
	MSG_UPLOAD_STORED,
	MSG_DOWNLOAD_READY,
	MSG_FILE_FAILED,
	/* relay and files */
	MSG_ASK_FILES,
	MSG_FILES_STATE,
	MSG_FILE_EVENT,
	/* olafctl to relay, msg_ctl.c */
	MSG_CTL_SHOW,
	MSG_CTL_CLIENTS,
	MSG_CTL_STATS,
	MSG_CTL_SANDBOX,
	MSG_CTL_KICK,
	MSG_CTL_LOG,
	MSG_CTL_RELOAD,
	MSG_CTL_STOP,
	MSG_CTL_NEIGHBOURS,
	MSG_CTL_FILES,
	MSG_CTL_DIAL,
	MSG_CTL_DROP,
	MSG_CTL_MONITOR,
	/* relay to olafctl */
	MSG_CTL_SUMMARY,
	MSG_CTL_PROCESS,
	MSG_CTL_CLIENT,
	MSG_CTL_STAT,
	MSG_CTL_NEIGHBOUR,
	MSG_CTL_STORE,
	MSG_CTL_EVENT,
	MSG_CTL_END,
	/* olaf and its helpers, msg_client.c */
	MSG_HELPER_READY,	/* as READY */
	MSG_CLIENT_CA,
	MSG_CONNECT,
	MSG_CONNECTED,
	MSG_CONNECT_FAILED,
	MSG_NET_SELF,
	MSG_NET_OPEN,
	MSG_NET_TEXT,
	MSG_NET_LIST,
	MSG_NET_CLOSE,
	MSG_NET_UNWRAPPED,
	MSG_NET_UP,
	MSG_NET_DOWN,
	MSG_NET_SERVER,
	MSG_NET_LISTED,
	MSG_NET_UNWRAP,
	MSG_NET_MESSAGE,
	MSG_NET_UNREADABLE,
	MSG_NET_REFUSED,
	MSG_NET_ALIVE,
	MSG_TRANSFER_FILE,
	MSG_TRANSFER_SOCKET,
	MSG_TRANSFER_GET,
	MSG_TRANSFER_PUT,
	MSG_TRANSFER_CANCEL,
	MSG_TRANSFER_PROGRESS,
	MSG_TRANSFER_DONE,
	MSG_TRANSFER_FAILED,
	MSG_MAX
};

/* The longest payload of any message: a text of 64 MiB and what leads it. */
#define MSG_TEXT_MAX	(64U * 1024 * 1024)
#define MSG_LEN_MAX	(MSG_TEXT_MAX + 16384)

struct msg_rule {
	const char	*name;
	uint16_t	 from;		/* bits: 1 << role */
	uint16_t	 to;
	uint8_t		 phases;	/* bits: 1 << phase, of the receiver */
	uint32_t	 min;		/* octets of payload */
	uint32_t	 max;
	int		 fd;		/* carries a descriptor: 1 always, 0 never */
};

/* The rule for a type off the wire, NULL if there is none. */
const struct msg_rule	*msgrules_find(uint32_t type);

/*
 * Checks a message against the table.  Returns NULL if it is allowed,
 * otherwise what is wrong with it, for the log.
 */
const char	*msgrules_check(uint32_t type, enum role from, enum role to,
		    enum phase phase, size_t len, int hasfd);

/* "olaf-front" …: for logs, titles and documentation. */
const char	*msgrules_role(enum role role);

#endif
