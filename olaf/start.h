/*
 * What a command that talks as the user needs of the user's files.
 */

#ifndef START_H
#define START_H

/*
 * Loads the identity (and asks for its passphrase), opens counter, seen and
 * names.  After spawn_start, before spawn_sandbox.  Exits on any error.
 */
void	 start_user(void);

#endif
