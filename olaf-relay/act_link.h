/*
 * What a good message of a neighbour's does.
 */

#ifndef ACT_LINK_H
#define ACT_LINK_H

#include "inbox.h"

/* As act, for a message that came by a link. */
enum refusal	 act_link(struct pending *);

#endif
