/*
 * WebSocket, RFC 6455, both sides, without I/O and without memory of its own.
 */

#ifndef WEBSOCKET_H
#define WEBSOCKET_H

#include <stddef.h>
#include <stdint.h>

#define WEBSOCKET_HEADER_MAX	14	/* RFC 6455 5.2: 2 + 8 + 4 octets */
#define WEBSOCKET_CONTROL_MAX	125	/* RFC 6455 5.5 */
#define WEBSOCKET_ACCEPT_LEN	28	/* base64 of SHA-1 */
#define WEBSOCKET_KEY_LEN	24	/* base64 of 16 octets */

/* RFC 6455 5.2 */
enum websocket_opcode {
	WEBSOCKET_CONT = 0x0,
	WEBSOCKET_TEXT = 0x1,
	WEBSOCKET_BINARY = 0x2,
	WEBSOCKET_CLOSE = 0x8,
	WEBSOCKET_PING = 0x9,
	WEBSOCKET_PONG = 0xa
};

/* RFC 6455 7.4.1, and the protocol's own of the private range. */
#define WEBSOCKET_NORMAL	1000
#define WEBSOCKET_GOING_AWAY	1001
#define WEBSOCKET_PROTOCOL	1002
#define WEBSOCKET_NO_STATUS	1005	/* never on the wire: close without code */
#define WEBSOCKET_BAD_UTF8	1007
#define WEBSOCKET_POLICY	1008
#define WEBSOCKET_TOO_BIG	1009
#define WEBSOCKET_TAKEN_OVER	4001
#define WEBSOCKET_KICKED	4002

/* websocket_init flags */
#define WEBSOCKET_CLIENT	0x01	/* we are the client: peer's frames are unmasked */
#define WEBSOCKET_BINARY_UTF8	0x02	/* judge binary messages as UTF-8 too */

/* The state of the reading side of one connection. */
struct websocket {
	uint64_t	 left;		/* octets of the current frame's payload to come */
	uint64_t	 length;	/* octets of the current message announced so far */
	uint64_t	 max;		/* longest message */
	uint8_t		 mask[4];
	uint8_t		 maskpos;
	uint8_t		 utf8;		/* state of utf8_check */
	uint8_t		 message;	/* opcode of the message under way, 0 if none */
	uint8_t		 fin;		/* the current frame is its message's last */
	uint8_t		 flags;
	uint8_t		 inframe;	/* within a data frame's payload */
	uint8_t		 closed;	/* a close frame was read: nothing follows */
};

enum websocket_event_type {
	WEBSOCKET_EV_NONE,	/* more input is needed */
	WEBSOCKET_EV_DATA,	/* a piece of a message; len may be 0 */
	WEBSOCKET_EV_PING,
	WEBSOCKET_EV_PONG,
	WEBSOCKET_EV_CLOSE,
	WEBSOCKET_EV_ERROR	/* fail the connection with code */
};

struct websocket_event {
	enum websocket_event_type type;
	uint8_t		*data;		/* unmasked, within the input */
	size_t		 len;
	int		 opcode;	/* DATA: WEBSOCKET_TEXT or WEBSOCKET_BINARY */
	int		 last;		/* DATA: ends the message */
	uint16_t	 code;		/* CLOSE and ERROR; NO_STATUS if none was sent */
};

/* max: octets of the longest message taken; flags as above. */
void	 websocket_init(struct websocket *ws, uint64_t max, int flags);

/*
 * Reads the next event from len octets of input, unmasking in place.  Returns
 * how many octets are used up; the caller keeps the rest (never more than a
 * header or a control frame, 139 octets, when the event is NONE) and calls
 * again.  A CLOSE event has its reason in data.  After ERROR or CLOSE nothing
 * more may be read.  UTF-8 is judged across pieces, and fails on the first
 * bad octet (code 1007); a message longer than max fails when its header
 * tells (1009).
 */
size_t	 websocket_read(struct websocket *ws, void *in, size_t len,
	    struct websocket_event *ev);

/*
 * Writes the header of a frame of len octets to buf, which holds
 * WEBSOCKET_HEADER_MAX, and returns its length.  mask: four octets, or NULL
 * for a server's frame.  fin: the frame ends its message.
 */
size_t	 websocket_header(uint8_t *buf, enum websocket_opcode opcode, int fin,
	    uint64_t len, const uint8_t *mask);

/*
 * Masks or unmasks in place, RFC 6455 5.3; pos: octets of the payload before.
 */
void	 websocket_mask(void *data, size_t len, const uint8_t mask[4], uint64_t pos);

/*
 * Writes a close frame's payload (code and reason, cut to 123 octets at a
 * character) to buf, which holds WEBSOCKET_CONTROL_MAX; returns its length.
 * WEBSOCKET_NO_STATUS yields an empty payload.
 */
size_t	 websocket_close_payload(uint8_t *buf, uint16_t code, const char *reason);

/* RFC 6455 7.4: may a peer send this code in a close frame? */
int	 websocket_code_valid(uint16_t code);

/*
 * Sec-WebSocket-Accept for a key (RFC 6455 4.2.2); key is checked to be
 * base64 of 16 octets. out holds WEBSOCKET_ACCEPT_LEN + 1.  Returns 0, or -1
 * for a bad key.
 */
int	 websocket_accept(const char *key, size_t len, char *out);

/* Sec-WebSocket-Key from 16 random octets; out holds WEBSOCKET_KEY_LEN + 1. */
void	 websocket_key(const uint8_t nonce[16], char *out);

#endif
