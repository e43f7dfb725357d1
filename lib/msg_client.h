/*
 * Messages of olaf, the client, with its helpers: olaf-dial, olaf-net and
 * olaf-transfer.  Texts that came from a network are only known to be what
 * their pair says: who shows them makes them harmless.
 */

#ifndef MSG_CLIENT_H
#define MSG_CLIENT_H

#include "address.h"
#include "key.h"
#include "msg.h"
#include "msg_conf.h"

#define MSG_WHY_MAX		256	/* with NUL, as the others */
#define MSG_CODE_MAX		64
#define MSG_URL_MAX		4096
#define MSG_ETAG_MAX		256
#define MSG_FILENAME_MAX	256
#define MSG_PIN_LEN		32	/* SHA-256 of a certificate's SPKI, DER */
#define MSG_UNWRAP_MAX		16	/* wrapped keys in one MSG_NET_UNWRAP */
#define MSG_WRAPPED_MAX		512	/* octets of one: RSA 4096 */
#define MSG_WRAPPED_MIN		256
#define MSG_SYMM_MAX		44	/* octets of a key, or of its base64 text */

/* ---- with olaf-dial ------------------------------------------------------ */

/* MSG_CONNECT: a TCP connection is wanted, to a name or a numeric address. */
struct msg_connect {
	uint32_t	 id;
	uint16_t	 port;
	char		 host[ADDRESS_HOST_MAX];
};
void	 msg_connect_put(struct ibuf *, const struct msg_connect *);
int	 msg_connect_get(struct ibuf *, struct msg_connect *);

/* MSG_CONNECTED: with the descriptor; blocking, all else as socket(2) left it. */
struct msg_connected {
	uint32_t		 id;
	int			 loopback;	/* the other end is this machine */
	struct sockaddr_storage	 address;	/* the other end's */
};
void	 msg_connected_put(struct ibuf *, const struct msg_connected *);
int	 msg_connected_get(struct ibuf *, struct msg_connected *);

/* MSG_CONNECT_FAILED */
struct msg_connect_failed {
	uint32_t	 id;
	char		 why[MSG_WHY_MAX];
};
void	 msg_connect_failed_put(struct ibuf *, const struct msg_connect_failed *);
int	 msg_connect_failed_get(struct ibuf *, struct msg_connect_failed *);

/* ---- with olaf-net ------------------------------------------------------- */

/*
 * MSG_NET_SELF is the user's own key, MSG_CLIENT_CA the certificates of the
 * authorities in PEM: both octets alone.  MSG_NET_LIST, MSG_NET_CLOSE and
 * MSG_NET_UP are a session alone: a number that olaf gives out and never
 * gives again.  What names another than the latest session is ignored.
 */

/* MSG_NET_OPEN: with the connected descriptor.  Answer: NET_UP or NET_DOWN. */
struct msg_net_open {
	uint32_t	 session;
	int		 tls;
	int		 pinned;		/* by pin instead of authorities and name */
	uint8_t		 pin[MSG_PIN_LEN];
	char		 name[ADDRESS_HOST_MAX];	/* that the certificate must have */
	char		 host[ADDRESS_LEN_MAX];		/* for the field Host */
	char		 path[MSG_URL_MAX];		/* with query; begins with a slash */
};
void	 msg_net_open_put(struct ibuf *, const struct msg_net_open *);
int	 msg_net_open_get(struct ibuf *, struct msg_net_open *);

/* MSG_NET_TEXT: a message for the server, as it goes over the wire. */
struct msg_net_text {
	uint32_t	 session;
	struct msg_span	 text;
};
void	 msg_net_text_put(struct ibuf *, const struct msg_net_text *);
int	 msg_net_text_get(struct ibuf *, struct msg_net_text *);

/* MSG_NET_ALIVE: a ping that went behind so many texts was answered. */
struct msg_net_alive {
	uint32_t	 session;
	uint32_t	 texts;
};
void	 msg_net_alive_put(struct ibuf *, const struct msg_net_alive *);
int	 msg_net_alive_get(struct ibuf *, struct msg_net_alive *);

/* MSG_NET_DOWN: the session is over, or never came to be. */
enum msg_down {
	MSG_DOWN_LOST,		/* the connection broke */
	MSG_DOWN_TLS,		/* no trust, or no TLS; pin is what it showed */
	MSG_DOWN_REFUSED,	/* no WebSocket there: code is HTTP's status, or 0 */
	MSG_DOWN_CLOSED,	/* with WebSocket's code and reason */
	MSG_DOWN_PROTOCOL,	/* it sent what nobody may send */
	MSG_DOWN_MAX
};
struct msg_net_down {
	uint32_t	 session;
	enum msg_down	 kind;
	uint16_t	 code;
	int		 has_pin;
	uint8_t		 pin[MSG_PIN_LEN];	/* the certificate's, all zero if none */
	char		 why[MSG_WHY_MAX];
};
void	 msg_net_down_put(struct ibuf *, const struct msg_net_down *);
int	 msg_net_down_get(struct ibuf *, struct msg_net_down *);

/*
 * MSG_NET_SERVER: one server of a client_list and its users; keys holds, for
 * each, its length (16 bits) and the DER of its SPKI.  All servers of a list
 * come one after the other, MSG_NET_LISTED ends it.
 */
struct msg_net_server {
	uint32_t	 session;
	char		 address[ADDRESS_LEN_MAX];
	struct msg_span	 keys;
};
void	 msg_net_server_put(struct ibuf *, const struct msg_net_server *);
int	 msg_net_server_get(struct ibuf *, struct msg_net_server *);
void	 msg_net_server_put_key(struct ibuf *, const struct key *);
/* The next key off the front of keys: 1, or 0 at the end, or -1 for no key. */
int	 msg_net_server_next(struct msg_span *keys, struct key *);

/* MSG_NET_LISTED: the list is complete. */
struct msg_net_listed {
	uint32_t	 session;
	int		 asked;		/* as far as can be told; else pushed */
	uint32_t	 servers;
	uint32_t	 skipped;	/* entries that are no usable key */
};
void	 msg_net_listed_put(struct ibuf *, const struct msg_net_listed *);
int	 msg_net_listed_get(struct ibuf *, struct msg_net_listed *);

/*
 * MSG_NET_UNWRAP: keys of a chat, wrapped: each its length (16 bits) and
 * octets.  MSG_NET_UNWRAPPED: what the private key made of each, in order: a
 * length (8 bits; 0: not for this key) and octets.  There is one question at a
 * time.
 */
struct msg_net_keys {
	uint32_t	 session;
	uint32_t	 number;
	struct msg_span	 keys;
};
void	 msg_net_keys_put(struct ibuf *, const struct msg_net_keys *);
int	 msg_net_keys_get(struct ibuf *, struct msg_net_keys *);
/* One element; the next off the front: 1, 0 at the end, -1 for none such. */
void	 msg_net_keys_put_wrapped(struct ibuf *, const void *, size_t);
int	 msg_net_keys_next_wrapped(struct msg_span *, struct msg_span *);
void	 msg_net_keys_put_symm(struct ibuf *, const void *, size_t);
int	 msg_net_keys_next_symm(struct msg_span *, struct msg_span *);

/* How a message was written: what its signature is over. */
enum msg_form {
	MSG_FORM_SPACED,	/* as Python's json.dumps does */
	MSG_FORM_COMPACT,
	MSG_FORM_STRING,	/* D is a string */
	MSG_FORM_OTHER,		/* an object, neither spaced nor compact */
	MSG_FORM_MAX
};

/*
 * MSG_NET_MESSAGE: a chat, with signature, tag and participants good; its
 * counter is for olaf to check.  Users are named by key.h's id.
 */
enum msg_kind {
	MSG_KIND_PUBLIC,
	MSG_KIND_CHAT,
	MSG_KIND_MAX
};
#define MSG_PARTICIPANTS_MAX	1024
struct msg_participant {
	int		 known;		/* name is an id, else the digest as sent */
	uint8_t		 name[KEY_DIGEST_LEN];
};
struct msg_net_message {
	uint32_t	 session;
	enum msg_kind	 kind;
	enum msg_form	 form;
	uint64_t	 counter;
	uint8_t		 sender[KEY_DIGEST_LEN];	/* id */
	struct msg_span	 participants;	/* CHAT: sender first; see below */
	struct msg_span	 text;		/* UTF-8 */
};
void	 msg_net_message_put(struct ibuf *, const struct msg_net_message *);
int	 msg_net_message_get(struct ibuf *, struct msg_net_message *);
/*
 * participants is an array of 33 octets each: known, name.  These write and
 * read one; put to memory of MSG_PARTICIPANT_LEN.
 */
#define MSG_PARTICIPANT_LEN	(1 + KEY_DIGEST_LEN)
void	 msg_participant_write(uint8_t *, const struct msg_participant *);
/* The next off the front: 1, 0 at the end, -1 for none such. */
int	 msg_participant_next(struct msg_span *, struct msg_participant *);

/* MSG_NET_UNREADABLE: one arrived that cannot be shown. */
enum msg_unreadable {
	MSG_UNREADABLE_SENDER,		/* nobody in the list has that key */
	MSG_UNREADABLE_SIGNATURE,
	MSG_UNREADABLE_TAG,		/* does not decrypt, or has no tag */
	MSG_UNREADABLE_PLAINTEXT,	/* decrypts to what is no chat */
	MSG_UNREADABLE_PARTICIPANTS,	/* sent to us, but we are not named */
	MSG_UNREADABLE_FORMAT,		/* not a message of the protocol */
	MSG_UNREADABLE_MANY,		/* has more keys than there is time for */
	MSG_UNREADABLE_LONG,
	MSG_UNREADABLE_MAX
};
struct msg_net_unreadable {
	uint32_t		 session;
	enum msg_unreadable	 why;
	int			 has_sender;	/* who it claims to be from */
	uint8_t			 sender[KEY_DIGEST_LEN];	/* id, else zero */
};
void	 msg_net_unreadable_put(struct ibuf *, const struct msg_net_unreadable *);
int	 msg_net_unreadable_get(struct ibuf *, struct msg_net_unreadable *);

/* MSG_NET_REFUSED: the server's error message. */
struct msg_net_refused {
	uint32_t	 session;
	int		 has_counter;
	uint64_t	 counter;		/* 0 if there is none */
	char		 code[MSG_CODE_MAX];
	char		 text[MSG_WHY_MAX];	/* may be "" */
};
void	 msg_net_refused_put(struct ibuf *, const struct msg_net_refused *);
int	 msg_net_refused_get(struct ibuf *, struct msg_net_refused *);

/* ---- with olaf-transfer -------------------------------------------------- */

/*
 * One transfer at a time is in the hands of olaf-transfer: MSG_TRANSFER_FILE
 * (id alone, with the file), MSG_TRANSFER_SOCKET (id alone, with the
 * connection), then one of the next two.  MSG_TRANSFER_CANCEL is an id alone.
 */

/*
 * MSG_TRANSFER_GET: from offset on into the file, which is open for reading and
 * writing, and holds that much already.
 */
struct msg_transfer_get {
	uint32_t	 id;
	int		 pinned;
	uint8_t		 pin[MSG_PIN_LEN];
	uint64_t	 offset;
	char		 url[MSG_URL_MAX];	/* http or https */
	char		 etag[MSG_ETAG_MAX];	/* of what is there; "": none known */
};
void	 msg_transfer_get_put(struct ibuf *, const struct msg_transfer_get *);
int	 msg_transfer_get_get(struct ibuf *, struct msg_transfer_get *);

/* MSG_TRANSFER_PUT: the file, of that size, as multipart/form-data. */
struct msg_transfer_put {
	uint32_t	 id;
	int		 pinned;
	uint8_t		 pin[MSG_PIN_LEN];
	uint64_t	 size;
	char		 url[MSG_URL_MAX];	/* of the upload API */
	char		 name[MSG_FILENAME_MAX];
};
void	 msg_transfer_put_put(struct ibuf *, const struct msg_transfer_put *);
int	 msg_transfer_put_get(struct ibuf *, struct msg_transfer_put *);

/* MSG_TRANSFER_PROGRESS, a few times a second; total 0: unknown. */
struct msg_transfer_progress {
	uint32_t	 id;
	uint64_t	 now;
	uint64_t	 total;
	char		 name[MSG_FILENAME_MAX];	/* GET: once known, else "" */
	char		 etag[MSG_ETAG_MAX];
};
void	 msg_transfer_progress_put(struct ibuf *, const struct msg_transfer_progress *);
int	 msg_transfer_progress_get(struct ibuf *, struct msg_transfer_progress *);

/* MSG_TRANSFER_DONE */
struct msg_transfer_done {
	uint32_t	 id;
	uint64_t	 size;
	uint8_t		 hash[MSG_HASH_LEN];	/* SHA-256 of the file */
	char		 name[MSG_FILENAME_MAX];	/* GET: as the server says, or "" */
	char		 url[MSG_URL_MAX];	/* PUT: file_url */
};
void	 msg_transfer_done_put(struct ibuf *, const struct msg_transfer_done *);
int	 msg_transfer_done_get(struct ibuf *, struct msg_transfer_done *);

/* MSG_TRANSFER_FAILED */
struct msg_transfer_failed {
	uint32_t	 id;
	uint16_t	 status;	/* HTTP's, 0 if it did not come to one */
	int		 resumable;	/* the connection broke: once more may help */
	int		 has_pin;	/* TLS failed: this certificate was shown */
	uint8_t		 pin[MSG_PIN_LEN];
	char		 why[MSG_WHY_MAX];
};
void	 msg_transfer_failed_put(struct ibuf *, const struct msg_transfer_failed *);
int	 msg_transfer_failed_get(struct ibuf *, struct msg_transfer_failed *);

#endif
