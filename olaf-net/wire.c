/*
 * TCP or TLS.
 */

#include "compat.h"

#include <openssl/crypto.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>

#include "log.h"
#include "pin.h"
#include "wire.h"

static int		 wire = -1;
static struct tls	*tls;		/* NULL: plain */
static short		 read_wants;	/* what the last read and write lacked */
static short		 write_wants;
static uint8_t		*ca;
static size_t		 calen;
static char		 error[MSG_WHY_MAX];

void
wire_init(void)
{
	/* no configuration file decides what it does, or is looked for later */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 ||
	    tls_init() == -1)
		fatalx("libtls does not start");
}

void
wire_set_ca(const void *pem, size_t len)
{
	free(ca);
	ca = NULL;
	calen = 0;
	if (len == 0)
		return;
	if ((ca = malloc(len)) == NULL)
		fatal("certificates");
	memcpy(ca, pem, len);
	calen = len;
}

static int
wire_fail(const char *why)
{
	strlcpy(error, why != NULL ? why : "unknown error", sizeof(error));
	return (-1);
}

void
wire_open(int fd)
{
	int	flags;

	wire_close();
	wire = fd;
	read_wants = EV_READ;
	write_wants = EV_WRITE;
	if ((flags = fcntl(fd, F_GETFL)) == -1 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1)
		fatal("connection: fcntl");
}

void
wire_close(void)
{
	if (wire == -1)
		return;
	if (tls != NULL)
		tls_close(tls);
	tls_free(tls);
	tls = NULL;
	close(wire);
	wire = -1;
}

int
wire_fd(void)
{
	return (wire);
}

/*
 * By pin: whose certificate that is, for how long and by whom signed says
 * nothing then.
 */
static struct tls_config *
wire_config(int pinned)
{
	struct tls_config	*config;

	if ((config = tls_config_new()) == NULL) {
		wire_fail("out of memory");
		return (NULL);
	}
	if (pinned) {
		tls_config_insecure_noverifycert(config);
		tls_config_insecure_noverifyname(config);
		tls_config_insecure_noverifytime(config);
	}
	if (tls_config_set_protocols(config, TLS_PROTOCOLS_DEFAULT) == 0 &&
	    (pinned || tls_config_set_ca_mem(config, ca, calen) == 0))
		return (config);
	wire_fail(tls_config_error(config));
	tls_config_free(config);
	return (NULL);
}

int
wire_tls(const struct msg_net_open *m)
{
	struct tls_config	*config;
	int			 r = 0;

	if (!m->pinned && ca == NULL)
		return (wire_fail("no certificates of authorities to trust"));
	if ((config = wire_config(m->pinned)) == NULL)
		return (-1);
	if ((tls = tls_client()) == NULL)
		r = wire_fail("out of memory");
	else if (tls_configure(tls, config) == -1 ||
	    tls_connect_socket(tls, wire, m->name[0] == '\0' ? NULL :
	    m->name) == -1)
		r = wire_fail(tls_error(tls));
	tls_config_free(config);
	return (r);
}

/* What a call of the library says: done is 0, an error -1, else for what it waits. */
static int
wire_tls_result(ssize_t r, short *wants, short usual)
{
	*wants = usual;
	if (r == TLS_WANT_POLLIN)
		*wants = EV_READ;
	else if (r == TLS_WANT_POLLOUT)
		*wants = EV_WRITE;
	else if (r == -1)
		return (wire_fail(tls_error(tls)));
	else
		return (0);
	return (1);
}

int
wire_handshake(void)
{
	int	r;

	r = wire_tls_result(tls_handshake(tls), &read_wants, EV_READ);
	return (r == -1 ? -1 : r == 0);
}

int
wire_pin(uint8_t pin[MSG_PIN_LEN])
{
	const uint8_t	*pem;
	size_t		 len;

	if (tls == NULL || (pem = tls_peer_cert_chain_pem(tls, &len)) == NULL)
		return (-1);
	return (pin_of_certificate(pem, len, pin));
}

static ssize_t
wire_plain_result(ssize_t r)
{
	if (r == -1 && (errno == EAGAIN || errno == EINTR))
		return (0);
	return (r == -1 ? wire_fail(strerror(errno)) : r);
}

ssize_t
wire_read(void *p, size_t len)
{
	ssize_t	r;
	int	more;

	if (tls == NULL)
		r = read(wire, p, len);
	else {
		r = tls_read(tls, p, len);
		if ((more = wire_tls_result(r, &read_wants, EV_READ)) != 0)
			return (more == 1 ? 0 : -1);
	}
	if (r == 0)
		return (wire_fail("closed by the other end"));
	return (tls == NULL ? wire_plain_result(r) : r);
}

ssize_t
wire_write(const void *p, size_t len)
{
	ssize_t	r;
	int	more;

	if (tls == NULL)
		return (wire_plain_result(write(wire, p, len)));
	r = tls_write(tls, p, len);
	if ((more = wire_tls_result(r, &write_wants, EV_WRITE)) != 0)
		return (more == 1 ? 0 : -1);
	return (r);
}

short
wire_wants(int reading, int writing)
{
	return ((short)((reading ? read_wants : 0) |
	    (writing ? write_wants : 0)));
}

const char *
wire_error(void)
{
	return (error);
}
