/*
 * libcurl within libevent.
 */

#include "compat.h"

#include <curl/curl.h>
#include <event.h>
#include <stdlib.h>

#include "log.h"
#include "multi.h"

/* A socket that libcurl wants to be told of. */
struct watch {
	struct event	 ev;
};

static CURLM		*multi;
static multi_done	 done;
static struct event	 timeout;

static void
multi_finish(void)
{
	CURLMsg		*m;
	CURL		*easy;
	CURLcode	 result;
	int		 left;

	while ((m = curl_multi_info_read(multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		easy = m->easy_handle;
		result = m->data.result;
		multi_remove(easy);	/* m goes with it */
		done(easy, result);
	}
}

static void
multi_act(curl_socket_t fd, int what)
{
	int	running;

	if (curl_multi_socket_action(multi, fd, what, &running) != CURLM_OK)
		fatalx("libcurl: a socket");
	multi_finish();
}

static void
on_socket(int fd, short what, void *arg)
{
	(void)arg;
	multi_act(fd, (what & EV_READ ? CURL_CSELECT_IN : 0) |
	    (what & EV_WRITE ? CURL_CSELECT_OUT : 0));
}

static void
on_timeout(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	multi_act(CURL_SOCKET_TIMEOUT, 0);
}

static void
unwatch(struct watch *w)
{
	if (w != NULL)
		event_del(&w->ev);
	free(w);
}

/* CURLMOPT_SOCKETFUNCTION */
static int
set_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *old)
{
	struct watch	*w = NULL;

	(void)easy;
	(void)arg;
	unwatch(old);
	if (what != CURL_POLL_REMOVE && what != CURL_POLL_NONE) {
		if ((w = calloc(1, sizeof(*w))) == NULL)
			return (-1);
		event_set(&w->ev, fd, (short)(EV_PERSIST |
		    (what != CURL_POLL_OUT ? EV_READ : 0) |
		    (what != CURL_POLL_IN ? EV_WRITE : 0)), on_socket, NULL);
		event_add(&w->ev, NULL);
	}
	curl_multi_assign(multi, fd, w);
	return (0);
}

/* CURLMOPT_TIMERFUNCTION; milliseconds. */
static int
set_timeout(CURLM *m, long ms, void *arg)
{
	struct timeval	tv;

	(void)m;
	(void)arg;
	evtimer_del(&timeout);
	if (ms == -1)
		return (0);
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	return (evtimer_add(&timeout, &tv));
}

void
multi_init(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (multi = curl_multi_init()) == NULL)
		fatalx("libcurl does not start");
}

void
multi_start(multi_done f)
{
	done = f;
	evtimer_set(&timeout, on_timeout, NULL);
	if (curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket) !=
	    CURLM_OK || curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION,
	    set_timeout) != CURLM_OK)
		fatalx("libcurl: event loop");
}

int
multi_add(CURL *easy)
{
	return (curl_multi_add_handle(multi, easy) == CURLM_OK ? 0 : -1);
}

void
multi_remove(CURL *easy)
{
	curl_multi_remove_handle(multi, easy);
}
