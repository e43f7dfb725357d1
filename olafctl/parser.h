/*
 * The command line of olafctl, read against static tables of words.
 */

#ifndef PARSER_H
#define PARSER_H

#include <stdio.h>

#include "msg_ctl.h"

enum action {
	ACTION_NONE,
	ACTION_SHOW,
	ACTION_SHOW_CLIENTS,
	ACTION_SHOW_NEIGHBOURS,
	ACTION_SHOW_FILES,
	ACTION_SHOW_STATS,
	ACTION_SHOW_METRICS,
	ACTION_SHOW_SANDBOX,
	ACTION_MONITOR,
	ACTION_KICK,
	ACTION_DIAL,
	ACTION_DROP,
	ACTION_LOG,
	ACTION_RELOAD,
	ACTION_STOP,
	ACTION_CHECK,
	ACTION_FINGERPRINT,
	ACTION_GENKEY,
	ACTION_HELP,
	ACTION_MAX
};

struct command {
	enum action		 action;
	struct msg_ctl_clients	 clients;	/* ACTION_SHOW_CLIENTS */
	struct msg_ctl_kick	 kick;		/* ACTION_KICK */
	char			 neighbour[304];	/* DIAL, DROP */
	int			 verbose;	/* ACTION_LOG */
	const char		*file;		/* CHECK, FINGERPRINT, GENKEY */
};

/*
 * Reads the words of a command; each keyword may be abbreviated.  Returns 0,
 * or -1 after having told stderr what is wrong and which words are valid
 * there.  The result points into argv.
 */
int	 parse_command(struct command *, int argc, char *const *argv);

/* Prints every command with a line of help. */
void	 parse_help(FILE *);

#endif
