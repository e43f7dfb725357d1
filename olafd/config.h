/*
 * The configuration, as read from olafd.conf(5).
 */

#ifndef CONFIG_H
#define CONFIG_H

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <stdint.h>
#include <stdio.h>

#include "setting.h"

#define CONFIG_PREFORK_MAX	16
#define CONFIG_VERIFIERS_MAX	32
#define CONFIG_TEXT_MAX		1024	/* with NUL: paths and other texts */
#define CONFIG_ERRORS_MAX	20	/* reported at a time */

/*
 * Where something was said; no line: nowhere.  The config owns the file's
 * name.
 */
struct config_where {
	const char	*file;
	int		 line;
};

struct config_name {
	TAILQ_ENTRY(config_name)	 entry;
	char				 text[];
};
TAILQ_HEAD(config_names, config_name);

struct config_listener {
	TAILQ_ENTRY(config_listener)	 entry;
	char				*host;		/* numeric */
	uint16_t			 port;
	int				 tls;
	const char			*file;		/* config's, as below */
	int				 line;
	struct sockaddr_storage		 ss;		/* with the port */
	socklen_t			 sslen;
	int				 fd;		/* -1 until bound (listen.c) */
	uint32_t			 id;		/* as the fronts know it */
};
TAILQ_HEAD(config_listeners, config_listener);

struct config_keypair {
	TAILQ_ENTRY(config_keypair)	 entry;
	char				*cert;		/* paths, PEM */
	char				*key;
	const char			*file;
	int				 line;
};
TAILQ_HEAD(config_keypairs, config_keypair);

struct config_source {
	TAILQ_ENTRY(config_source)	 entry;
	char				*host;		/* numeric */
};
TAILQ_HEAD(config_sources, config_source);

struct config_neighbour {
	TAILQ_ENTRY(config_neighbour)	 entry;
	char				*name;
	char				*host;		/* to dial */
	uint16_t			 port;
	int				 tls;
	char				*key;		/* path or NULL */
	char				*ca;		/* path or NULL: the system's */
	struct config_sources		 unsigned_from;
	const char			*file;
	int				 line;
};
TAILQ_HEAD(config_neighbours, config_neighbour);

struct config_files {
	int		 enabled;	/* a files block was given */
	char		*directory;
	char		*url;		/* NULL: from the request */
	uint64_t	 max_size;	/* octets */
	uint64_t	 quota;		/* octets */
	uint64_t	 retain;	/* seconds, 0 for ever */
	const char	*file;
	int		 line;
};

struct config_limits {
	uint32_t	 clients;
	uint32_t	 clients_per_address;
	uint64_t	 message;		/* octets */
	uint64_t	 link_message;		/* octets */
	uint32_t	 link_users;		/* of one neighbour */
	uint64_t	 counters;
	uint32_t	 message_rate;		/* per second */
	uint32_t	 message_burst;
	uint64_t	 send_queue;		/* octets */
	uint32_t	 hello_timeout;		/* seconds, as the next two */
	uint32_t	 idle_ping;
	uint32_t	 stall_timeout;
	uint32_t	 strikes;		/* in a minute */
	uint32_t	 hellos;		/* new keys per minute and address */
};

enum config_replay {
	REPLAY_STRICT,
	REPLAY_SESSION
};

struct config {
	char				*file;		/* where it was read */
	char				*address;
	struct config_listeners		 listeners;
	struct config_keypairs		 keypairs;
	char				*server_key;	/* path or NULL */
	char				*control_socket;
	char				*state_directory;
	char				*user_prefix;
	struct config_neighbours	 neighbours;
	struct config_files		 files;
	char				*web_directory;	/* NULL: no web */
	int				 web_line;	/* 0: not given */
	struct config_limits		 limits;
	enum config_replay		 replay;
	int				 echo;
	int				 push_client_list;
	int				 error_replies;
	uint32_t			 update_interval;	/* milliseconds */
	char				*cross_origin;
	uint32_t			 prefork;
	uint32_t			 verifiers;
	struct config_where		 where[SETTING_COUNT];
	struct config_names		 names;		/* of files read */
};

/* A configuration with every default set; exits when out of memory. */
struct config	*config_new(void);
void		 config_free(struct config *);

/* Like strdup and, zeroed, malloc; exit when out of memory. */
char		*config_strdup(const char *);
void		*config_alloc(size_t);

/*
 * Reads and checks a file (parse.y); macros "name=value" from -D are given
 * before. Returns NULL when anything is wrong; each error was then reported
 * through config_error, those of an earlier call being forgotten.
 */
struct config	*config_parse(const char *path, char *const *macros,
		    size_t nmacros);

/*
 * What the grammar does with lines that are more than a setting (setting.h).
 * Errors are reported, and the configuration is then good for nothing but
 * config_free. Texts are copied.
 */
const char	*config_name(struct config *, const char *file);
void		 config_listen(struct config *, const char *host,
		    const char *port, int tls, struct config_where);
void		 config_keypair(struct config *, const char *cert,
		    const char *key, struct config_where);
struct config_neighbour *
		 config_neighbour(struct config *, const char *name,
		    struct config_where);
void		 config_neighbour_connect(struct config_neighbour *,
		    const char *host, const char *port, int tls,
		    struct config_where);
void		 config_neighbour_key(struct config_neighbour *,
		    const char *path, struct config_where);
void		 config_neighbour_ca(struct config_neighbour *,
		    const char *path, struct config_where);
void		 config_neighbour_unsigned(struct config_neighbour *,
		    const char *host, struct config_where);

/*
 * Checks what one line alone can't tell (config.c): called once after the
 * grammar is through.  Returns 0, or -1 with errors reported.
 */
int		 config_check(struct config *);

/*
 * Reports "file:line: text" (without a line where that is 0) to the log
 * (stderr before daemon(3)) and, for olafctl reload, appends it to a text of
 * at most 4 kB that config_errors() returns, a line each.  Of
 * CONFIG_ERRORS_MAX errors and more the rest is only counted.
 */
void		 config_error(const char *file, int line, const char *fmt, ...)
		    __attribute__((__format__(printf, 3, 4)));
const char	*config_errors(void);
unsigned int	 config_error_count(void);
void		 config_errors_clear(void);

/* Warns of what is no error, but hardly what was meant. */
void		 config_advise(const struct config *);

/* Warns of what is configured and not served by this version. */
void		 config_not_served(const struct config *);

/*
 * What differs between two configurations and needs a restart: its name, or
 * NULL.
 */
const char	*config_needs_restart(const struct config *,
		    const struct config *);

/* printconf.c: prints every setting, defaults too, so that it parses again. */
void		 config_print(FILE *, const struct config *);

#endif
