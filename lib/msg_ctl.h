/*
 * Messages between olafctl and olaf-relay.
 */

#ifndef MSG_CTL_H
#define MSG_CTL_H

#include "msg.h"
#include "msg_conf.h"

#define MSG_FP_MAX	96	/* a fingerprint in any form, with NUL */
#define MSG_ERROR_MAX	256	/* of a neighbour, with NUL */
#define MSG_STAT_MAX	64	/* "refusals.bad_json" */

/* MSG_CTL_CLIENTS */
struct msg_ctl_clients {
	int		 all;		/* neighbours' users too */
	char		 fingerprint[MSG_FP_MAX];	/* "": everybody */
};
void	 msg_ctl_clients_put(struct ibuf *, const struct msg_ctl_clients *);
int	 msg_ctl_clients_get(struct ibuf *, struct msg_ctl_clients *);

/* MSG_CTL_KICK */
struct msg_ctl_kick {
	char		 fingerprint[MSG_FP_MAX];
	char		 reason[124];
};
void	 msg_ctl_kick_put(struct ibuf *, const struct msg_ctl_kick *);
int	 msg_ctl_kick_get(struct ibuf *, struct msg_ctl_kick *);

/* MSG_CTL_SUMMARY */
struct msg_ctl_summary {
	char		 version[32];
	char		 address[304];
	uint64_t	 since;		/* seconds since the epoch */
	uint32_t	 connections;	/* WebSockets that stand */
	uint32_t	 clients;	/* that said hello */
	uint32_t	 neighbours;	/* configured */
	uint32_t	 linked;	/* of these */
	uint32_t	 users;		/* of theirs */
	uint64_t	 messages_in;
	uint64_t	 messages_out;
	uint64_t	 rate_in;	/* messages per second, over the last ten */
	uint64_t	 rate_out;
};
void	 msg_ctl_summary_put(struct ibuf *, const struct msg_ctl_summary *);
int	 msg_ctl_summary_get(struct ibuf *, struct msg_ctl_summary *);

/* MSG_CTL_CLIENT */
struct msg_ctl_client {
	char		 fingerprint[MSG_FP_MAX];	/* "": no hello yet */
	struct sockaddr_storage	 address;
	uint64_t	 since;		/* seconds since the epoch */
	uint64_t	 messages;	/* accepted from it */
	uint64_t	 queue;		/* octets that wait for it */
	char		 server[304];
};
void	 msg_ctl_client_put(struct ibuf *, const struct msg_ctl_client *);
int	 msg_ctl_client_get(struct ibuf *, struct msg_ctl_client *);

/* MSG_CTL_STAT */
struct msg_ctl_stat {
	char		 name[MSG_STAT_MAX];	/* "group.name" */
	uint64_t	 value;
};
void	 msg_ctl_stat_put(struct ibuf *, const struct msg_ctl_stat *);
int	 msg_ctl_stat_get(struct ibuf *, struct msg_ctl_stat *);

/* MSG_CTL_DIAL and MSG_CTL_DROP have the name alone. */

/* MSG_CTL_NEIGHBOUR */
enum msg_neighbour_state {
	MSG_NEIGHBOUR_LINKED,
	MSG_NEIGHBOUR_DIALLING,
	MSG_NEIGHBOUR_WAITING,		/* until the next dial */
	MSG_NEIGHBOUR_DROPPED,		/* by olafctl */
	MSG_NEIGHBOUR_STATE_MAX
};
struct msg_ctl_neighbour {
	char		 name[304];
	enum msg_neighbour_state state;
	uint64_t	 since;		/* of the state; seconds since the epoch */
	uint8_t		 dialled;	/* links that stand: 0 or 1 */
	uint8_t		 accepted;
	uint32_t	 users;
	uint64_t	 messages_in;
	uint64_t	 messages_out;
	uint64_t	 updates_in;
	uint64_t	 updates_out;
	uint64_t	 refused;	/* of messages_in: refused, or repeated */
	uint64_t	 keys_refused;	/* left out of updates */
	uint64_t	 next_dial;	/* seconds from now; 0: none is due */
	char		 error[MSG_ERROR_MAX];	/* the last one, or "" */
};
void	 msg_ctl_neighbour_put(struct ibuf *, const struct msg_ctl_neighbour *);
int	 msg_ctl_neighbour_get(struct ibuf *, struct msg_ctl_neighbour *);

/* MSG_CTL_EVENT: a line of monitor. */
struct msg_ctl_event {
	uint64_t	 when;		/* milliseconds since the epoch */
	char		 event[MSG_STAT_MAX];	/* "neighbour.up" */
	char		 object[304];	/* a fingerprint, a neighbour's name */
	char		 text[MSG_ERROR_MAX];	/* more about it, or "" */
};
void	 msg_ctl_event_put(struct ibuf *, const struct msg_ctl_event *);
int	 msg_ctl_event_get(struct ibuf *, struct msg_ctl_event *);

/* MSG_CTL_END: ends every answer. */
struct msg_ctl_end {
	int		 ok;
	char		 text[MSG_REPORT_MAX];	/* why not, for stderr */
};
void	 msg_ctl_end_put(struct ibuf *, const struct msg_ctl_end *);
int	 msg_ctl_end_get(struct ibuf *, struct msg_ctl_end *);

#endif
