/*
 * Log lines: "what: object: reason", lower case, no full stop.
 */

#include "compat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include <vis.h>

#include "log.h"

#define LINE_MAX_LEN	1024

static const char	*log_name = "olafd";
static enum log_to	 log_to = LOG_TO_STDERR;
static int		 log_is_verbose;

void
log_init(const char *name, enum log_to to, int verbose)
{
	log_name = name;
	log_to = to;
	log_is_verbose = verbose;
	if (to == LOG_TO_SYSLOG)
		openlog("olafd", LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

void
log_set_verbose(int verbose)
{
	log_is_verbose = verbose;
}

/* One write(2) a line, so that lines of several processes don't mix. */
static void
log_write(int priority, const char *text)
{
	char	line[LINE_MAX_LEN];
	int	n;

	if (log_to == LOG_TO_SYSLOG) {
		syslog(priority, "%s: %s", log_name, text);
		return;
	}
	if (log_to == LOG_TO_PARENT)
		n = snprintf(line, sizeof(line), "<%d>%s: %s\n", priority,
		    log_name, text);
	else
		n = snprintf(line, sizeof(line), "%s: %s\n", log_name, text);
	if (n < 0)
		return;
	if ((size_t)n >= sizeof(line)) {
		n = sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	if (write(STDERR_FILENO, line, (size_t)n) == -1)
		return;		/* there is nowhere left to say so */
}

static void
log_format(int priority, const char *reason, const char *fmt, va_list ap)
	    __attribute__((__format__(printf, 3, 0)));

static void
log_format(int priority, const char *reason, const char *fmt, va_list ap)
{
	char	text[LINE_MAX_LEN];
	size_t	len;

	vsnprintf(text, sizeof(text), fmt, ap);
	if (reason != NULL) {
		len = strlen(text);
		snprintf(text + len, sizeof(text) - len, ": %s", reason);
	}
	log_write(priority, text);
}

void
log_warn(const char *fmt, ...)
{
	int	saved = errno;
	va_list	ap;

	va_start(ap, fmt);
	log_format(LOG_WARNING, strerror(saved), fmt, ap);
	va_end(ap);
	errno = saved;
}

void
log_warnx(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	log_format(LOG_WARNING, NULL, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	log_format(LOG_INFO, NULL, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	va_list	ap;

	if (!log_is_verbose)
		return;
	va_start(ap, fmt);
	log_format(LOG_DEBUG, NULL, fmt, ap);
	va_end(ap);
}

void
fatal(const char *fmt, ...)
{
	int	saved = errno;
	va_list	ap;

	va_start(ap, fmt);
	log_format(LOG_CRIT, strerror(saved), fmt, ap);
	va_end(ap);
	exit(1);
}

void
fatalx(const char *fmt, ...)
{
	va_list	ap;

	va_start(ap, fmt);
	log_format(LOG_CRIT, NULL, fmt, ap);
	va_end(ap);
	exit(1);
}

void
log_relay(const char *line, size_t len)
{
	char	text[LINE_MAX_LEN], plain[LINE_MAX_LEN / 4];
	int	priority = LOG_INFO;

	if (len >= 3 && line[0] == '<' && line[2] == '>' &&
	    line[1] >= '0' && line[1] <= '7') {
		priority = line[1] - '0';
		line += 3;
		len -= 3;
	}
	if (len >= sizeof(plain))
		len = sizeof(plain) - 1;
	memcpy(plain, line, len);
	plain[len] = '\0';
	strnvis(text, plain, sizeof(text), VIS_OCTAL | VIS_CSTYLE | VIS_NL);
	if (log_to == LOG_TO_SYSLOG)
		syslog(priority, "%s", text);
	else
		dprintf(STDERR_FILENO, "%s\n", text);
}

