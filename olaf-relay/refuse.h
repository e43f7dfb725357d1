/*
 * Refusing a client's message: answer, count, strike.
 */

#ifndef REFUSE_H
#define REFUSE_H

#include "message.h"
#include "table.h"

/*
 * Refuses a message of a client's; m may be NULL if none was read.  Closes
 * the connection at the last strike.
 */
void	 refuse(struct client *, enum refusal, const struct message *m);

#endif
