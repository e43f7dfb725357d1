/*
 * Messages between olafctl and olaf-relay.
 */

#ifndef MSG_CTL_H
#define MSG_CTL_H

#include "msg.h"
#include "msg_conf.h"

#define MSG_FP_MAX	96	/* a fingerprint in any form, with NUL */
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

/* MSG_CTL_END: ends every answer. */
struct msg_ctl_end {
	int		 ok;
	char		 text[MSG_REPORT_MAX];	/* why not, for stderr */
};
void	 msg_ctl_end_put(struct ibuf *, const struct msg_ctl_end *);
int	 msg_ctl_end_get(struct ibuf *, struct msg_ctl_end *);

#endif
