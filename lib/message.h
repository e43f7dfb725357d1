/*
 * Messages of the OLAF/Neighbourhood protocol: reading them strictly, the
 * bytes that they sign, and the reasons for refusing them.
 */

#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "scan.h"

#define MESSAGE_SIG_MAX		512	/* octets: RSA 4096 */
#define MESSAGE_DESTS_MAX	1024
#define MESSAGE_DIGEST_LEN	32	/* SHA-256 */
#define MESSAGE_OTHER_FORMS	3

enum message_type {
	MESSAGE_HELLO,
	MESSAGE_CHAT,
	MESSAGE_PUBLIC_CHAT,
	MESSAGE_CLIENT_LIST_REQUEST,
	MESSAGE_ERROR,			/* never answered */
	MESSAGE_SERVER_HELLO,		/* also spelled server_connect */
	MESSAGE_CLIENT_UPDATE,
	MESSAGE_CLIENT_UPDATE_REQUEST
};

/* Why a message is refused, as said on the wire, counted and shown. */
enum refusal {
	REFUSE_NONE,
	REFUSE_BAD_JSON,
	REFUSE_BAD_FORMAT,
	REFUSE_BAD_KEY,
	REFUSE_BAD_SIGNATURE,
	REFUSE_REPLAYED,
	REFUSE_UNKNOWN_TYPE,
	REFUSE_HELLO_REQUIRED,
	REFUSE_WRONG_SENDER,
	REFUSE_UNKNOWN_DESTINATION,
	REFUSE_NOT_A_SERVER,
	REFUSE_RATE_LIMITED,
	REFUSE_TOO_LARGE,
	REFUSE_MAX
};

/*
 * A message that was read.  Spans point into the text that was given, or into
 * memory of the message's own (message_clear frees it), so the text must
 * live as long.
 */
struct message {
	enum message_type	 type;
	int			 has_counter;	/* also set on refusals, where one
						 * was read */
	uint64_t		 counter;
	struct scan_span	 counter_text;	/* its digits */
	struct scan_span	 data;		/* D: with its braces; a string D unescaped */
	int			 data_is_string;
	int			 is_whole;	/* of bad_json: scan_is_whole */
	uint8_t			 sig[MESSAGE_SIG_MAX];
	size_t			 siglen;	/* MESSAGE_SIG_MAX + 1: longer */
	struct scan_span	 public_key;	/* hello: unescaped PEM */
	struct scan_span	 sender;	/* public_chat: unescaped;
						 * server_hello: the address */
	struct scan_span	 code;		/* error: as written, if any */
	struct scan_span	 text;		/* chat (the ciphertext), public_chat, error
						 * (if any): as written, with its quotes */
	struct scan_span	 iv;		/* chat: the same */
	struct scan_span	 symm_keys;	/* chat: behind the bracket */
	struct scan_span	 clients;	/* client_update: behind the bracket */
	struct scan_span	*dests;		/* chat: unescaped addresses */
	size_t			 ndests;
	void			*memory[4];	/* what message_clear frees */
};

/*
 * Reads a text and checks it against sections 2 and 4 of the protocol, all
 * but what needs a key, a table or a counter.  Returns REFUSE_NONE, or why it
 * is to be refused; has_counter and counter are then set if the envelope had
 * a good one.  Out of memory is REFUSE_RATE_LIMITED. The message must be
 * cleared in either case.
 */
enum refusal
	 message_read(struct message *m, const char *text, size_t len);

void	 message_clear(struct message *m);

/* SHA-256 of the signed bytes, as received: form (a) of section 2. */
void	 message_digest(const struct message *m,
	    uint8_t digest[MESSAGE_DIGEST_LEN]);

/*
 * SHA-256 by which a message is known again, however it is spelled: of the
 * signed bytes without insignificant white space, and of the signature, which
 * makes it another's.
 */
void	 message_identity(const struct message *m,
	    uint8_t digest[MESSAGE_DIGEST_LEN]);

/*
 * The elements of a client_update: how many there are, and the next one off
 * the front of rest (a copy of m->clients), a string of at most size octets,
 * unescaped into buf.  Returns 1 with its length; 0 at the end; -1 for an
 * element that is none such, which is skipped.
 */
size_t	 message_count_clients(const struct message *m);
int	 message_next_client(struct scan_span *rest, char *buf, size_t size,
	    size_t *len);

/*
 * Gives a string (with its quotes) without its escapes: where it lies if it has
 * none, else in memory that *memory then owns.  Returns REFUSE_NONE, or
 * REFUSE_RATE_LIMITED when out of memory.
 */
enum refusal
	 message_unescape(struct scan_span value, struct scan_span *text,
	    void **memory);

/*
 * Decodes a string of base64 (with its quotes) of any length and counts its
 * octets, of which the first size go to dst.  Returns REFUSE_NONE, or
 * REFUSE_BAD_FORMAT, or REFUSE_RATE_LIMITED when out of memory.
 */
enum refusal
	 message_octets(struct scan_span value, uint8_t *dst, size_t size,
	    size_t *octets);

/*
 * The next element off the front of rest (a copy of m->symm_keys).  Returns 1
 * with its octets; 0 at the end; -1 for one that is no base64 of at most size
 * octets, or when out of memory.
 */
int	 message_next_octets(struct scan_span *rest, uint8_t *dst, size_t size,
	    size_t *octets);

/*
 * SHA-256 of the further forms (b), (c), (d), those that differ from (a) and
 * from each other, in that order.  Returns how many there are: none for a
 * string D, fewer when out of memory.
 */
size_t	 message_other_digests(const struct message *m,
	    uint8_t digests[MESSAGE_OTHER_FORMS][MESSAGE_DIGEST_LEN]);

/* The code on the wire ("bad_json"), and one English sentence for people. */
const char *refusal_name(enum refusal r);
const char *refusal_text(enum refusal r);

/* "hello", "chat" …, for logs and counters. */
const char *message_type_name(enum message_type type);

#endif
