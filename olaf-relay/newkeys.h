/*
 * How many keys that were never seen an address may bring in a minute: "limits
 * hellos".
 */

#ifndef NEWKEYS_H
#define NEWKEYS_H

#include "table.h"

/*
 * Counts one more from that address (IPv6: its /64); 0 if it is one too many.
 */
int	 newkeys_allow(const union client_address *);

#endif
