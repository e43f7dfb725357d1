/*
 * Lists of users.
 */

#include "compat.h"

#include <string.h>

#include "clock.h"
#include "conn.h"
#include "lists.h"
#include "read_list.h"
#include "tell.h"
#include "users.h"

#define SERVERS_MAX	4096	/* of a neighbourhood; those beyond are skipped */
#define OWN_INTERVAL	2000	/* milliseconds between requests of our own, */
#define OWN_BURST	8	/* of which so many may come at once */
#define OUTSTANDING_MAX	64
#define HOPELESS	30000	/* milliseconds: no list is waited for after one that
				 * did not come */

static unsigned int	outstanding;
static uint64_t		own;		/* which of them olaf did not ask for: bits */
static int64_t		own_since;	/* what we ask fills the time from then on */
static int64_t		hopeless;	/* until then */

static const char	request[] = "{\"type\":\"client_list_request\"}";

void
lists_reset(void)
{
	outstanding = 0;
	own = 0;
	own_since = 0;
	hopeless = 0;
}

static int
send_request(int is_own)
{
	if (outstanding == OUTSTANDING_MAX ||
	    conn_text(request, sizeof(request) - 1) == -1)
		return (-1);
	if (is_own)
		own |= (uint64_t)1 << outstanding;
	outstanding++;
	return (0);
}

/* The eldest is answered.  Returns whether olaf had asked for it. */
static int
answered(void)
{
	int	asked = outstanding > 0 && (own & 1) == 0;

	if (outstanding > 0)
		outstanding--;
	own >>= 1;
	return (asked);
}

void
lists_request(void)
{
	send_request(0);
}

int
lists_request_own(void)
{
	int64_t	now = clock_ms();

	if (own_since < now - OWN_INTERVAL * OWN_BURST)
		own_since = now - OWN_INTERVAL * OWN_BURST;
	if (now - own_since < OWN_INTERVAL)
		return (0);
	own_since += OWN_INTERVAL;
	send_request(1);
	return (lists_expected());
}

int
lists_expected(void)
{
	return (outstanding > 0 && clock_ms() >= hopeless);
}

void
lists_missed(void)
{
	hopeless = clock_ms() + HOPELESS;
}

void
lists_refused(void)
{
	answered();
}

/* Returns how many entries are no usable key. */
static uint32_t
take_server(const struct list_server *server)
{
	const struct key	*k;
	struct scan_span	 rest = server->clients;
	struct ibuf		*b;
	char			 pem[KEY_PEM_MAX];
	size_t			 len;
	uint32_t		 skipped = 0;
	int			 r;

	b = tell_server_open(server->address);
	while ((r = message_next_client(&rest, pem, sizeof(pem), &len)) != 0) {
		if (r == 1 && (k = users_add(pem, len)) != NULL)
			msg_net_server_put_key(b, k);
		else
			skipped++;
	}
	tell_server_close(b);
	return (skipped);
}

int
lists_take(const char *text, size_t len)
{
	struct list_server	server;
	struct scan_span	rest;
	uint32_t		servers = 0, skipped = 0;
	int			r;

	if ((r = list_open(&rest, text, len)) != 1)
		return (r);
	users_begin();
	while ((r = list_next(&rest, &server)) != 0) {
		if (r == 1 && servers < SERVERS_MAX) {
			skipped += take_server(&server);
			servers++;
		} else
			skipped++;
	}
	tell_listed(answered(), servers, skipped);
	hopeless = 0;
	return (1);
}
