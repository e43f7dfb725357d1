/*
 * The text of our client_update: made once for each version of our users, for
 * all neighbours.
 */

#ifndef UPDATE_H
#define UPDATE_H

#include <stddef.h>
#include <stdint.h>

/* Valid until the next call. */
const char	*update_text(uint64_t version, size_t *len);

#endif
