/*
 * What the benchmark's users say, as frames ready to be sent.
 */

#ifndef SPEECH_H
#define SPEECH_H

#include <stddef.h>
#include <stdint.h>

#include "keyring.h"

#define SPEECH_CHAT_LEN		900	/* octets of each public_chat's text */
#define SPEECH_CHAT_FRAME	(SPEECH_CHAT_LEN + 8)	/* as its sender sends it */
#define SPEECH_CHAT_DELIVERED	(SPEECH_CHAT_LEN + 4)	/* as others get it */
#define SPEECH_FRAME_MAX	2048

/* Counters of chats have seven digits, so that all are equally long. */
#define SPEECH_COUNTER_MIN	1000000
#define SPEECH_COUNTER_MAX	9999999
#define SPEECH_NUMBER_MAX	99999999

/* A hello with the counter 1; returns the frame's length. */
size_t	 speech_hello(const struct keyring_key *, uint8_t frame[SPEECH_FRAME_MAX]);

/*
 * A message of no known type, which a server of the protocol answers once it
 * is through with all before it.
 */
size_t	 speech_probe(uint8_t frame[SPEECH_FRAME_MAX]);

/* Asks for the list of users. */
size_t	 speech_list_request(uint8_t frame[SPEECH_FRAME_MAX]);

/*
 * A public_chat that carries a number; the frame has SPEECH_CHAT_FRAME
 * octets.
 */
void	 speech_chat(const struct keyring_key *, unsigned int counter,
	    unsigned int number, uint8_t *frame);

/*
 * The number in the text of a public_chat as received; exits if it is none of
 * ours.
 */
unsigned int
	 speech_chat_number(const char *text, size_t len);

#endif
