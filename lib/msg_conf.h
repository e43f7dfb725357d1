/*
 * Messages between olafd and its children: configuration, descriptors, state.
 * Each pair as msg.h says.
 */

#ifndef MSG_CONF_H
#define MSG_CONF_H

#include "msg.h"
#include "msgrules.h"

#define MSG_NAME_MAX	64	/* user names */
#define MSG_PATH_MAX	1024
#define MSG_WORDS_MAX	256	/* promises, and the sandbox's name */
#define MSG_REASON_MAX	1024
#define MSG_REPORT_MAX	4200	/* what a reload says */
#define MSG_KEYS_MAX	64	/* certificates, and keys that belong to them */
#define MSG_PEM_MAX	2564	/* a neighbour's public key, with NUL */
#define MSG_HASH_LEN	32	/* SHA-256 over the SPKI of a certificate's key */

/* MSG_CONF_FRONT */
struct msg_conf_front {
	uint32_t	 clients;
	uint32_t	 clients_per_address;
	uint64_t	 message;		/* octets, as the next two */
	uint64_t	 link_message;
	uint64_t	 send_queue;
	uint32_t	 hello_timeout;		/* seconds, as the next two */
	uint32_t	 idle_ping;
	uint32_t	 stall_timeout;
};
void	 msg_conf_front_put(struct ibuf *, const struct msg_conf_front *);
int	 msg_conf_front_get(struct ibuf *, struct msg_conf_front *);

/* MSG_CONF_HTTP: about files, and who may ask for them. */
struct msg_conf_http {
	int		 files;			/* are there any? */
	uint64_t	 max_size;		/* octets of one */
	char		 address[304];		/* host[:port], for their URLs */
	char		 url[1024];		/* how those begin, or "" */
	char		 cross_origin[1024];	/* "*", or an origin */
};
void	 msg_conf_http_put(struct ibuf *, const struct msg_conf_http *);
int	 msg_conf_http_get(struct ibuf *, struct msg_conf_http *);

/* MSG_CONF_RELAY */
struct msg_conf_relay {
	char		 address[304];		/* as configured */
	uint32_t	 message_rate;		/* per second */
	uint32_t	 message_burst;
	uint32_t	 strikes;		/* per minute */
	uint32_t	 hellos;		/* per minute and address */
	uint64_t	 counters;
	uint64_t	 send_queue;		/* octets */
	uint32_t	 link_users;		/* of one neighbour's */
	uint32_t	 update_interval;	/* milliseconds */
	int		 replay_session;
	int		 echo;
	int		 push_client_list;
	int		 error_replies;
};
void	 msg_conf_relay_put(struct ibuf *, const struct msg_conf_relay *);
int	 msg_conf_relay_get(struct ibuf *, struct msg_conf_relay *);

/*
 * MSG_CONF_KEY: a private key as read from its file; MSG_CONF_CERT is plain
 * PEM.
 */
enum msg_key_use {
	MSG_KEY_TLS,
	MSG_KEY_SERVER
};
struct msg_conf_key {
	enum msg_key_use	 use;
	struct msg_span		 pem;
};
void	 msg_conf_key_put(struct ibuf *, const struct msg_conf_key *);
int	 msg_conf_key_get(struct ibuf *, struct msg_conf_key *);

/*
 * MSG_CONF_NEIGHBOUR.  The number stands for the name: the same after a
 * reload, and never another's.  MSG_CONF_ADDRESS is our own address, for the
 * signer: a string alone.
 */
struct msg_conf_neighbour {
	uint32_t	 number;		/* from 1 */
	char		 name[304];		/* its address, as configured */
	char		 host[256];		/* to dial: a name, or numeric */
	uint16_t	 port;
	int		 tls;
	int		 own_ca;		/* MSG_CONF_CA has one for it alone */
	char		 key[MSG_PEM_MAX];	/* pins server_hello; "" if none */
};
void	 msg_conf_neighbour_put(struct ibuf *, const struct msg_conf_neighbour *);
int	 msg_conf_neighbour_get(struct ibuf *, struct msg_conf_neighbour *);

/* MSG_CONF_SOURCE: the neighbour's connections from there need no server_hello. */
struct msg_conf_source {
	uint32_t	 number;
	struct sockaddr_storage	 address;	/* its port is nothing */
};
void	 msg_conf_source_put(struct ibuf *, const struct msg_conf_source *);
int	 msg_conf_source_get(struct ibuf *, struct msg_conf_source *);

/* MSG_CONF_CA: certificates in PEM, for one neighbour or (0) for the others. */
struct msg_conf_ca {
	uint32_t	 number;
	struct msg_span	 pem;
};
void	 msg_conf_ca_put(struct ibuf *, const struct msg_conf_ca *);
int	 msg_conf_ca_get(struct ibuf *, struct msg_conf_ca *);

/* MSG_CONF_RESOLVER: the text of resolv.conf(5) or hosts(5). */
struct msg_conf_resolver {
	int		 hosts;
	struct msg_span	 text;
};
void	 msg_conf_resolver_put(struct ibuf *, const struct msg_conf_resolver *);
int	 msg_conf_resolver_get(struct ibuf *, struct msg_conf_resolver *);

/* MSG_PEER: with the descriptor of a channel to it. */
struct msg_peer {
	enum role	 role;
	uint32_t	 number;
};
void	 msg_peer_put(struct ibuf *, const struct msg_peer *);
int	 msg_peer_get(struct ibuf *, struct msg_peer *);

/*
 * MSG_LISTENER: with a listening socket; MSG_LISTENER_CLOSE has the id alone.
 */
struct msg_listener {
	uint32_t	 id;
	int		 tls;
};
void	 msg_listener_put(struct ibuf *, const struct msg_listener *);
int	 msg_listener_get(struct ibuf *, struct msg_listener *);

/* MSG_PROCESS, and MSG_CTL_PROCESS to olafctl. */
struct msg_process {
	enum role	 role;
	uint32_t	 number;
	uint32_t	 pid;
	char		 user[MSG_NAME_MAX];
	char		 root[MSG_PATH_MAX];	/* "" if not in a chroot */
	char		 promises[MSG_WORDS_MAX];
	char		 sandbox[MSG_WORDS_MAX];
};
void	 msg_process_put(struct ibuf *, const struct msg_process *);
int	 msg_process_get(struct ibuf *, struct msg_process *);

/* MSG_READY */
struct msg_ready {
	char		 promises[MSG_WORDS_MAX];
	char		 sandbox[MSG_WORDS_MAX];
};
void	 msg_ready_put(struct ibuf *, const struct msg_ready *);
int	 msg_ready_get(struct ibuf *, struct msg_ready *);

/* MSG_ASK_DONE: how a request of olafctl's ended. */
struct msg_ask_done {
	uint32_t	 id;
	int		 ok;
	char		 text[MSG_REPORT_MAX];
};
void	 msg_ask_done_put(struct ibuf *, const struct msg_ask_done *);
int	 msg_ask_done_get(struct ibuf *, struct msg_ask_done *);

/* MSG_ASK_VERBOSE: id of the request and the level. */
struct msg_ask_verbose {
	uint32_t	 id;
	int		 verbose;
};
void	 msg_ask_verbose_put(struct ibuf *, const struct msg_ask_verbose *);
int	 msg_ask_verbose_get(struct ibuf *, struct msg_ask_verbose *);

/*
 * Messages that are one string, and those that are one number, and nothing
 * else.
 */
int	 msg_string_only_get(struct ibuf *, char *, size_t);
int	 msg_number_only_get(struct ibuf *, uint32_t *);
int	 msg_flag_only_get(struct ibuf *, int *);
int	 msg_id_only_get(struct ibuf *, uint64_t *);

#endif
