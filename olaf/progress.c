/*
 * How far a transfer is.
 */

#include "compat.h"

#include <sys/ioctl.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"
#include "progress.h"

#define LINE_MAX_LEN	256
#define WIDTH_DEFAULT	80
#define BAR_MIN		8	/* columns: a shorter bar says nothing */
#define BAR_MAX		50
#define RATE_MS		400	/* between two looks at the rate */

static struct {
	int		 begun;
	int64_t		 at;		/* milliseconds: when the rate was looked at */
	uint64_t	 octets;	/* then */
	uint64_t	 rate;		/* octets a second, smoothed; 0: unknown */
	size_t		 shown;		/* columns on the terminal */
} progress;

void
progress_size(char *dst, size_t size, uint64_t n)
{
	static const char *const	 units[] = { "kB", "MB", "GB", "TB", "PB",
					    "EB" };
	double				 v = (double)n / 1000;
	size_t				 i;

	if (n < 1000) {
		snprintf(dst, size, "%u B", (unsigned int)n);
		return;
	}
	for (i = 0; i + 1 < nitems(units) && v >= 999.95; i++)
		v /= 1000;
	snprintf(dst, size, "%.1f %s", v, units[i]);
}

/* "0:07", "12:30", "3:00:00" */
static void
format_time(char *dst, size_t size, uint64_t seconds)
{
	unsigned int	 h, m, s;

	if (seconds >= 100 * 3600) {
		strlcpy(dst, "days", size);
		return;
	}
	h = (unsigned int)(seconds / 3600);
	m = (unsigned int)(seconds / 60 % 60);
	s = (unsigned int)(seconds % 60);
	if (h > 0)
		snprintf(dst, size, "%u:%02u:%02u", h, m, s);
	else
		snprintf(dst, size, "%u:%02u", m, s);
}

/* What stands behind the bar. */
static void
format_numbers(char *dst, size_t size, uint64_t now, uint64_t total,
    uint64_t rate)
{
	char	 a[32], b[32];

	progress_size(a, sizeof(a), now);
	strlcpy(dst, a, size);
	if (total > 0) {
		progress_size(b, sizeof(b), total);
		strlcat(dst, " of ", size);
		strlcat(dst, b, size);
	}
	if (rate == 0)
		return;
	progress_size(a, sizeof(a), rate);
	strlcat(dst, ", ", size);
	strlcat(dst, a, size);
	strlcat(dst, "/s", size);
	if (total > now) {
		format_time(b, sizeof(b), (total - now) / rate);
		strlcat(dst, ", ", size);
		strlcat(dst, b, size);
		strlcat(dst, " left", size);
	}
}

static void
format_bar(char *dst, size_t columns, uint64_t now, uint64_t total)
{
	size_t	 full = columns;

	if (now < total)
		full = (size_t)((double)now / (double)total * (double)columns);
	memset(dst, '#', full);
	memset(dst + full, '.', columns - full);
	dst[columns] = '\0';
}

static unsigned int
percent(uint64_t now, uint64_t total)
{
	return (now >= total ? 100 :
	    (unsigned int)((double)now / (double)total * 100));
}

size_t
progress_format(char *dst, size_t size, unsigned int width, uint64_t now,
    uint64_t total, uint64_t rate)
{
	char	 numbers[LINE_MAX_LEN], bar[BAR_MAX + 1];
	size_t	 room = width > 0 ? width - 1 : 0, len, columns;

	if (room > size - 1)
		room = size - 1;
	format_numbers(numbers, sizeof(numbers), now, total, rate);
	len = strlen("100%  ") + strlen(numbers);
	if (total == 0)
		snprintf(dst, size, "%s", numbers);
	else if (len + strlen("[] ") + BAR_MIN > room)
		snprintf(dst, size, "%3u%%  %s", percent(now, total), numbers);
	else {
		columns = room - len - strlen("[] ");
		if (columns > BAR_MAX)
			columns = BAR_MAX;
		format_bar(bar, columns, now, total);
		snprintf(dst, size, "%3u%% [%s]  %s", percent(now, total), bar,
		    numbers);
	}
	if (strlen(dst) > room)
		dst[room] = '\0';
	return (strlen(dst));
}

static unsigned int
terminal_width(void)
{
	struct winsize	 ws;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) == -1 || ws.ws_col == 0)
		return (WIDTH_DEFAULT);
	return (ws.ws_col);
}

/* What was there before the start, or was left away, is no speed. */
static void
progress_rate(uint64_t now)
{
	int64_t		 t = clock_ms();
	uint64_t	 rate;

	if (!progress.begun || now < progress.octets) {
		progress.begun = 1;
		progress.at = t;
		progress.octets = now;
		progress.rate = 0;
	} else if (t - progress.at >= RATE_MS) {
		rate = (now - progress.octets) * 1000 /
		    (uint64_t)(t - progress.at);
		progress.rate = progress.rate == 0 ? rate :
		    (progress.rate * 3 + rate) / 4;
		progress.at = t;
		progress.octets = now;
	}
}

/* Writes over what is shown. */
static void
progress_draw(const char *line, size_t len)
{
	char	 text[2 * LINE_MAX_LEN + 2];
	size_t	 n = 0, blanks;

	text[n++] = '\r';
	memcpy(text + n, line, len);
	n += len;
	if (progress.shown > len) {
		blanks = progress.shown - len;
		memset(text + n, ' ', blanks);
		n += blanks;
	}
	if (len == 0)
		text[n++] = '\r';
	progress.shown = len;
	if (write(STDERR_FILENO, text, n) == -1)
		progress.shown = 0;	/* then nobody sees it */
}

void
progress_show(uint64_t now, uint64_t total)
{
	char	 line[LINE_MAX_LEN];
	size_t	 len;

	if (!isatty(STDERR_FILENO))
		return;
	progress_rate(now);
	len = progress_format(line, sizeof(line), terminal_width(), now, total,
	    progress.rate);
	progress_draw(line, len);
}

void
progress_end(void)
{
	if (progress.shown > 0)
		progress_draw("", 0);
	progress.begun = 0;
}
