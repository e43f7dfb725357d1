/*
 * What a broadcast costs at least: one write(2) for each client.
 */

#ifndef BARE_H
#define BARE_H

/*
 * Writes len octets to each of count TCP connections of this host, as often
 * as rounds says, and reads them in between.  Returns the seconds of CPU time
 * that one write took.
 */
double	 bare_write(unsigned int count, unsigned int len, unsigned int rounds);

#endif
