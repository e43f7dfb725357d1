/*
 * olaf-transfer: HTTP, for files.  What it reads and writes are descriptors
 * that olaf opened; it opens none, and connects to nobody.
 */

#include "compat.h"

#include <openssl/crypto.h>

#include <stdlib.h>

#include "child.h"
#include "get.h"
#include "helper.h"
#include "job.h"
#include "log.h"
#include "multi.h"
#include "put.h"
#include "trust.h"

extern char	**environ;

static void
transfer_authorities(struct chan *c, struct ibuf *b)
{
	struct msg_span	 pem;

	msg_get_rest(b, &pem);
	if (trust_authorities(pem.p, pem.len) == -1)
		chan_breach(c, "CLIENT_CA: no memory for it");
}

/* FILE, SOCKET, CANCEL: returns -1 if it breaks the rules. */
static int
transfer_id(struct chan *c, uint32_t type, struct ibuf *b)
{
	uint32_t	id;

	if (msg_get32(b, &id) == -1 || msg_get_end(b) == -1)
		return (-1);
	if (type == MSG_TRANSFER_FILE)
		return (job_file(id, chan_take_fd(c)));
	if (type == MSG_TRANSFER_SOCKET)
		return (job_socket(id, chan_take_fd(c)));
	if (job.busy && job.id == id)	/* else it is over already */
		job_free();
	return (0);
}

/* Is all there that the one of that id needs? */
static int
transfer_can_start(uint32_t id)
{
	return (job.busy && job.id == id && job.socket != -1 &&
	    job.easy == NULL);
}

static int
transfer_get(struct ibuf *b)
{
	struct msg_transfer_get	 m;

	if (msg_transfer_get_get(b, &m) == -1 || !transfer_can_start(m.id))
		return (-1);
	get_start(&m);
	return (0);
}

static int
transfer_put(struct ibuf *b)
{
	struct msg_transfer_put	 m;

	if (msg_transfer_put_get(b, &m) == -1 || !transfer_can_start(m.id))
		return (-1);
	put_start(&m);
	return (0);
}

static void
transfer_from_olaf(struct chan *c, struct imsg *imsg, void *arg)
{
	uint32_t	type = imsg_get_type(imsg);
	struct ibuf	b;
	int		r;

	(void)arg;
	child_ibuf(imsg, &b);
	switch (type) {
	case MSG_CLIENT_CA:
		transfer_authorities(c, &b);
		return;
	case MSG_TRANSFER_FILE:
	case MSG_TRANSFER_SOCKET:
	case MSG_TRANSFER_CANCEL:
		r = transfer_id(c, type, &b);
		break;
	case MSG_TRANSFER_GET:
		r = transfer_get(&b);
		break;
	case MSG_TRANSFER_PUT:
		r = transfer_put(&b);
		break;
	default:
		r = -1;
		break;
	}
	if (r == -1)
		chan_breach(c, "a transfer");
}

int
main(int argc, char *argv[], char *envp[])
{
	static char		*nothing[] = { NULL };
	static const struct helper self = {
		ROLE_TRANSFER, "file transfer", "stdio recvfd", NULL,
		transfer_from_olaf
	};

	title_init(argc, argv, envp);
	/*
	 * Neither the environment nor a file decides what the libraries do, or
	 * where they write keys to.
	 */
	environ = nothing;
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		fatalx("libcrypto does not start");
	multi_init();
	trust_init();
	helper_start(argc, argv, &self);
	job_init();
	helper_run();
}
