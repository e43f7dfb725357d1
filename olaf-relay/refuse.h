/*
 * Refusing a client's message: answer, count, strike.
 */

#ifndef REFUSE_H
#define REFUSE_H

#include "message.h"
#include "table.h"

/*
 * Refuses a message of a client's, as far as it was read, and closes the
 * connection at the last strike, if this is one; or one of a neighbour's, which
 * is counted against it.
 */
void	 refuse(struct client *, enum refusal, const struct message *m,
		    int strike);

#endif
