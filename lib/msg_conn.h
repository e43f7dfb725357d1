/*
 * Messages between olaf-front and olaf-relay: connections, texts, deliveries.
 * A connection is named by a number that front gave out and never gives
 * again.
 */

#ifndef MSG_CONN_H
#define MSG_CONN_H

#include "msg.h"

#define MSG_CONN_NONE	0	/* never a connection's number */

#define MSG_DIAL_REASON_MAX	256

/* What a text costs of its connection's credit, until MSG_DONE returns it. */
#define MSG_TEXT_COST(len)	((uint64_t)(len) + 256)

/*
 * MSG_OPENED: a client's WebSocket stands.  MSG_CLOSED, MSG_BOUND and
 * MSG_LIST_SENT (the client_list under way is out) have conn alone.
 */
struct msg_opened {
	uint64_t		 conn;
	struct sockaddr_storage	 address;
};
void	 msg_opened_put(struct ibuf *, const struct msg_opened *);
int	 msg_opened_get(struct ibuf *, struct msg_opened *);

/*
 * MSG_TEXT: a message that conn sent.  MSG_DELIVER_ONE: a message for conn.
 * MSG_DELIVER_ALL: one for every bound connection but conn.
 */
struct msg_text {
	uint64_t	 conn;
	struct msg_span	 text;
};
void	 msg_text_put(struct ibuf *, const struct msg_text *);
int	 msg_text_get(struct ibuf *, struct msg_text *);

/* MSG_DONE: work of conn's that cost so much is through. */
struct msg_done {
	uint64_t	 conn;
	uint64_t	 cost;
};
void	 msg_done_put(struct ibuf *, const struct msg_done *);
int	 msg_done_get(struct ibuf *, struct msg_done *);

/* MSG_LIST_PART: a piece of the text of a client_list. */
struct msg_list_part {
	uint64_t	 version;
	int		 last;
	struct msg_span	 text;
};
void	 msg_list_part_put(struct ibuf *, const struct msg_list_part *);
int	 msg_list_part_get(struct ibuf *, struct msg_list_part *);

/*
 * MSG_LIST_SEND: the list of that version for conn, or for all that are
 * bound.
 */
struct msg_list_send {
	uint64_t	 version;
	uint64_t	 conn;		/* MSG_CONN_NONE: all */
};
void	 msg_list_send_put(struct ibuf *, const struct msg_list_send *);
int	 msg_list_send_get(struct ibuf *, struct msg_list_send *);

/* MSG_CLOSE */
struct msg_close {
	uint64_t	 conn;
	uint16_t	 code;		/* RFC 6455 7.4 */
	char		 reason[124];
};
void	 msg_close_put(struct ibuf *, const struct msg_close *);
int	 msg_close_get(struct ibuf *, struct msg_close *);

/*
 * MSG_DIAL: connect to that neighbour; attempt is never given again.  The
 * answer is MSG_LINK_UP, when the WebSocket stands, or MSG_DIAL_FAILED.
 */
struct msg_dial {
	uint32_t	 number;	/* of MSG_CONF_NEIGHBOUR */
	uint64_t	 attempt;
};
void	 msg_dial_put(struct ibuf *, const struct msg_dial *);
int	 msg_dial_get(struct ibuf *, struct msg_dial *);

struct msg_link_up {
	uint64_t		 conn;
	uint64_t		 attempt;
	struct sockaddr_storage	 address;
};
void	 msg_link_up_put(struct ibuf *, const struct msg_link_up *);
int	 msg_link_up_get(struct ibuf *, struct msg_link_up *);

struct msg_dial_failed {
	uint64_t	 attempt;
	char		 reason[MSG_DIAL_REASON_MAX];
};
void	 msg_dial_failed_put(struct ibuf *, const struct msg_dial_failed *);
int	 msg_dial_failed_get(struct ibuf *, struct msg_dial_failed *);

/*
 * MSG_DELIVER_LINKS: a text for these links.  tell: MSG_LINK_SENT when a link
 * has written it.  MSG_LINK (a client's connection is a neighbour's link from
 * now on), MSG_LINK_PING, MSG_LINK_PONG (its answer came) and MSG_LINK_SENT
 * have conn alone.
 */
#define MSG_LINKS_MAX	1024
struct msg_links {
	int		 tell;
	uint16_t	 count;		/* 1 to MSG_LINKS_MAX */
	uint64_t	 conn[MSG_LINKS_MAX];
	struct msg_span	 text;
};
void	 msg_links_put(struct ibuf *, const struct msg_links *);
int	 msg_links_get(struct ibuf *, struct msg_links *);

/* MSG_LINK_HOLD: texts for the link wait from now on, or go (also those). */
struct msg_link_hold {
	uint64_t	 conn;
	int		 hold;
};
void	 msg_link_hold_put(struct ibuf *, const struct msg_link_hold *);
int	 msg_link_hold_get(struct ibuf *, struct msg_link_hold *);

/* MSG_QUEUES: what waits to be sent, connections with nothing left out. */
#define MSG_QUEUES_MAX	1024
struct msg_queues {
	uint32_t	 id;		/* of MSG_ASK_QUEUES */
	int		 last;
	uint32_t	 count;
	struct {
		uint64_t conn;
		uint64_t octets;
	}		 queue[MSG_QUEUES_MAX];
};
void	 msg_queues_put(struct ibuf *, const struct msg_queues *);
int	 msg_queues_get(struct ibuf *, struct msg_queues *);

/* MSG_FRONT_STATS: counters since the start. */
enum front_stat {
	FRONT_CONNECTIONS,	/* accepted */
	FRONT_TLS_HANDSHAKES,
	FRONT_TLS_FAILURES,
	FRONT_UPGRADES,
	FRONT_HTTP_REFUSED,
	FRONT_OVER_LIMIT,	/* 503, 429 or closed unanswered */
	FRONT_TIMEOUTS,
	FRONT_PROTOCOL_ERRORS,	/* closed with 1002 */
	FRONT_BAD_UTF8,
	FRONT_TOO_BIG,
	FRONT_SLOW_CONSUMERS,
	FRONT_MESSAGES_IN,
	FRONT_MESSAGES_OUT,
	FRONT_BYTES_IN,
	FRONT_BYTES_OUT,
	FRONT_WRITES,
	FRONT_DIALS,		/* connections to neighbours begun */
	FRONT_DIAL_FAILURES,
	FRONT_UPLOADS,		/* answered with 200 */
	FRONT_UPLOAD_BYTES,	/* in these */
	FRONT_DOWNLOADS,	/* that were begun */
	FRONT_DOWNLOAD_BYTES,	/* that were sent */
	FRONT_TRANSFERS,	/* now */
	FRONT_OPEN,		/* connections now */
	FRONT_STAT_MAX
};
struct msg_front_stats {
	uint64_t	 value[FRONT_STAT_MAX];
};
void	 msg_front_stats_put(struct ibuf *, const struct msg_front_stats *);
int	 msg_front_stats_get(struct ibuf *, struct msg_front_stats *);
/* "connections", "bytes_in" …: the names that olafctl shows. */
const char *msg_front_stat_name(enum front_stat);

#endif
