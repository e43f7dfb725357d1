/*
 * olaf-keys: what the parent says, in both roles.
 */

#include "compat.h"

#include <sys/types.h>

#include <openssl/crypto.h>

#include <event.h>
#include <stdlib.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "msg_conf.h"
#include "sign.h"
#include "sign_hello.h"
#include "verify.h"

static enum role	 keys_role;

static void
keys_peer(struct chan *c, struct imsg *imsg)
{
	struct msg_peer	 m;
	struct ibuf	 b;

	if (msg_peer_get(child_ibuf(imsg, &b), &m) == -1) {
		chan_breach(c, "PEER");
		return;
	}
	if (keys_role == ROLE_VERIFIER && m.role == ROLE_RELAY)
		chan_new(chan_take_fd(c), m.role, m.number, verify_message,
		    NULL);
	else if (keys_role == ROLE_SIGNER && m.role == ROLE_FRONT)
		chan_new(chan_take_fd(c), m.role, m.number, sign_message,
		    NULL);
	else if (keys_role == ROLE_SIGNER && m.role == ROLE_RELAY)
		chan_new(chan_take_fd(c), m.role, m.number,
		    sign_hello_message, NULL);
	else
		chan_breach(c, "PEER: of the wrong role");
}

static void
keys_from_parent(struct chan *c, struct imsg *imsg, void *arg)
{
	struct ibuf	b;

	(void)arg;
	switch (imsg_get_type(imsg)) {
	case MSG_PEER:
		keys_peer(c, imsg);
		break;
	case MSG_CONF_BEGIN:
		if (keys_role == ROLE_SIGNER)
			sign_begin();
		break;
	case MSG_CONF_KEY:
		sign_key(child_ibuf(imsg, &b));
		break;
	case MSG_CONF_ADDRESS:
		sign_hello_address(c, child_ibuf(imsg, &b));
		break;
	case MSG_CONF_END:
		if (keys_role == ROLE_SIGNER)
			sign_end();
		else
			child_conf_ok(NULL, 0);
		break;
	case MSG_START:
	case MSG_CONF_SWAP:
		if (keys_role == ROLE_SIGNER) {
			sign_swap();
			sign_hello_swap();
		}
		break;
	case MSG_STOP:
		exit(0);
	default:
		chan_breach(c, "unexpected");
	}
}

int
main(int argc, char *argv[], char *envp[])
{
	title_init(argc, argv, envp);
	/*
	 * no configuration file decides what the library does, or is looked
	 * for later
	 */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		fatalx("libcrypto does not start");
	keys_role = child_role(argc, argv, ROLE_VERIFIER);
	child_start(argc, argv, keys_role, keys_from_parent);
	child_run();
}
