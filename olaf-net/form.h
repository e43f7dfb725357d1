/*
 * In which of the forms of the protocol a message was written.  Pure.
 */

#ifndef FORM_H
#define FORM_H

#include "message.h"
#include "msg_client.h"

/* As it was received. */
enum msg_form	 form_received(const struct message *);

/*
 * Which of the further forms the one at that place of what
 * message_other_digests gave is, for a message that was received in that form.
 */
enum msg_form	 form_other(enum msg_form received, size_t place);

#endif
