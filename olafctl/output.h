/*
 * What olafctl prints, in the form that was asked for.
 */

#ifndef OUTPUT_H
#define OUTPUT_H

#include "msg_files.h"
#include "parser.h"

#define OUTPUT_NAME_MAX	32

/* What fingerprint and genkey tell of a key. */
struct key_report {
	const char	*fingerprint;
	const char	*hex;		/* the same digest */
	unsigned int	 bits;
};

/*
 * One form: for an answer of olafd's its parts in the order in which they come,
 * and then finish, always.
 */
struct output {
	void	(*summary)(const struct msg_ctl_summary *);
	void	(*process)(enum action, const struct msg_process *);
	void	(*client)(const struct msg_ctl_client *);
	void	(*neighbour)(const struct msg_ctl_neighbour *);
	void	(*store)(const struct msg_files_state *);
	void	(*event)(const struct msg_ctl_event *);
	void	(*stats)(const struct msg_ctl_stat *, size_t);
	void	(*finish)(enum action, const struct msg_ctl_end *);
	void	(*key)(const struct key_report *);
};

extern const struct output	 output_text;
extern const struct output	 output_json;		/* output_json.c */
extern const struct output	 output_metrics;	/* output_metrics.c */

/* "olaf-front 0": a number where there may be several. */
const char	*output_process_name(const struct msg_process *,
		    char name[OUTPUT_NAME_MAX]);

/* "192.0.2.1:4711", "[2001:db8::1]:4711"; "" if it is not known. */
const char	*output_address(const struct sockaddr_storage *);

/* "linked", "waiting" … */
const char	*output_neighbour_state(enum msg_neighbour_state);

/* Prints why olafd refused, each line by itself, to stderr. */
void		 output_error(const char *text);

#endif
