/*
 * The log: to stderr in the foreground and in every child (the parent reads
 * theirs from a pipe), to syslog(3) in the parent otherwise.
 */

#ifndef LOG_H
#define LOG_H

#include <stdarg.h>

enum log_to {
	LOG_TO_STDERR,		/* for people: "name: text" */
	LOG_TO_PARENT,		/* to stderr, each line led by its priority, "<4>" */
	LOG_TO_SYSLOG
};

/* name leads every line and must stay valid. */
void	 log_init(const char *name, enum log_to to, int verbose);
void	 log_set_verbose(int verbose);

/* The first pair adds strerror(errno). */
void	 log_warn(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));
void	 log_warnx(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));
void	 log_info(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));
void	 log_debug(const char *fmt, ...)	/* only when verbose */
	    __attribute__((__format__(printf, 1, 2)));

/* Logs and exits 1: for our own broken start, or our own process's breach. */
__dead void fatal(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));
__dead void fatalx(const char *fmt, ...)
	    __attribute__((__format__(printf, 1, 2)));

/* A line of a child's, as it came through its pipe; made printable here. */
void	 log_relay(const char *line, size_t len);

#endif
