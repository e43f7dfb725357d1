/*
 * The commands: each takes what follows its name (argv[0] is the name), after
 * config_read, and returns the exit status: 0 done, 1 refused or failed, 2 usage.
 */

#ifndef COMMANDS_H
#define COMMANDS_H

int	 command_keygen(int argc, char **argv);
int	 command_whoami(int argc, char **argv);
int	 command_name(int argc, char **argv);
int	 command_list(int argc, char **argv);
int	 command_send(int argc, char **argv);
int	 command_listen(int argc, char **argv);
int	 command_upload(int argc, char **argv);
int	 command_download(int argc, char **argv);
int	 command_chat(int argc, char **argv);

/*
 * As getopt(3), but options may follow operands too, unless letters begins with
 * a plus sign.
 */
int	 command_getopt(int argc, char **argv, const char *letters);

/* Says how the command is used and returns 2. */
int	 usage(const char *command);

#endif
