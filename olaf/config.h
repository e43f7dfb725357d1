/*
 * What the user wants: options, the configuration file, the server's URL.
 */

#ifndef CONFIG_H
#define CONFIG_H

#include <limits.h>

#include "msg_client.h"

/* A server, as the command line and its entry in the configuration say. */
struct server {
	int		 tls;
	int		 insecure;		/* plain TCP to other machines too */
	int		 pinned;
	int		 replay_session;	/* counters may restart with a session */
	unsigned int	 aes;			/* bits: 128 or 256 */
	enum msg_form	 form;			/* SPACED, COMPACT or STRING */
	uint8_t		 pin[MSG_PIN_LEN];
	uint16_t	 port;
	char		 name[ADDRESS_HOST_MAX];	/* to resolve, and of the certificate */
	char		 host[ADDRESS_LEN_MAX];	/* name[:port], IPv6 in brackets */
	char		 path[MSG_URL_MAX];	/* "/" at least */
	char		 ca[PATH_MAX];		/* "": the system's */
};

struct config {
	char		 directory[PATH_MAX];	/* $XDG_CONFIG_HOME/olaf, made if missing */
	char		 identity[PATH_MAX];	/* the private key's file */
	char		 libexec[PATH_MAX];	/* where the helpers are */
	struct server	 server;
	int		 json;
	int		 verbose;
};
extern struct config	 config;

/*
 * Reads the pin of an option or a file: "sha256//" and base64, as curl has it.
 * Returns 0 or -1.
 */
int	 config_pin_read(const char *text, uint8_t pin[MSG_PIN_LEN]);
/* Writes it so; text holds CONFIG_PIN_LEN + 1. */
#define CONFIG_PIN_LEN	52
void	 config_pin_write(const uint8_t pin[MSG_PIN_LEN], char *text);

/*
 * Reads ws://, wss://, http://, https:// or a bare host[:port] (TLS) into a
 * server's name, host, port, path and tls.  Returns 0, or -1 for no URL.
 */
int	 config_url_read(struct server *, const char *url);

/*
 * Finds directory and identity (name: NULL, a name in the directory, or a path
 * with a slash), reads the file "config" there, and settles the server (url: as
 * on the command line, or NULL).  Exits 2 for what cannot be.
 */
void	 config_read(const char *identity, const char *url);

#endif
