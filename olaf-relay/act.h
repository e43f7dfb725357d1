/*
 * What a good message does.
 */

#ifndef ACT_H
#define ACT_H

#include "inbox.h"

/*
 * Does what a message says, whose signature was verified if it has one.
 * Returns REFUSE_NONE, or why the message is refused after all.
 */
enum refusal	 act(struct pending *);

#endif
