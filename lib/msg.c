/*
 * Fields of messages, in network byte order.
 */

#include "compat.h"

#include <netinet/in.h>

#include <string.h>

#include "log.h"
#include "msg.h"

static void
must(int r)
{
	if (r == -1)
		fatal("message");
}

void
msg_put8(struct ibuf *b, uint8_t v)
{
	must(ibuf_add_n8(b, v));
}

void
msg_put16(struct ibuf *b, uint16_t v)
{
	must(ibuf_add_n16(b, v));
}

void
msg_put32(struct ibuf *b, uint32_t v)
{
	must(ibuf_add_n32(b, v));
}

void
msg_put64(struct ibuf *b, uint64_t v)
{
	must(ibuf_add_n64(b, v));
}

void
msg_put_bytes(struct ibuf *b, const void *p, size_t len)
{
	must(ibuf_add(b, p, len));
}

void
msg_put_string(struct ibuf *b, const char *s)
{
	size_t	len = strlen(s);

	if (len > UINT16_MAX)
		fatalx("message: string of %zu octets", len);
	msg_put16(b, (uint16_t)len);
	msg_put_bytes(b, s, len);
}

void
msg_put_address(struct ibuf *b, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in	*sin;
	const struct sockaddr_in6	*sin6;

	if (ss->ss_family == AF_INET) {
		sin = (const struct sockaddr_in *)ss;
		msg_put8(b, 4);
		msg_put_bytes(b, &sin->sin_addr, 4);
		msg_put16(b, ntohs(sin->sin_port));
	} else {
		sin6 = (const struct sockaddr_in6 *)ss;
		msg_put8(b, 6);
		msg_put_bytes(b, &sin6->sin6_addr, 16);
		msg_put16(b, ntohs(sin6->sin6_port));
	}
}

int
msg_get8(struct ibuf *b, uint8_t *v)
{
	return (ibuf_get_n8(b, v));
}

int
msg_get16(struct ibuf *b, uint16_t *v)
{
	return (ibuf_get_n16(b, v));
}

int
msg_get32(struct ibuf *b, uint32_t *v)
{
	return (ibuf_get_n32(b, v));
}

int
msg_get64(struct ibuf *b, uint64_t *v)
{
	return (ibuf_get_n64(b, v));
}

int
msg_get_bytes(struct ibuf *b, void *p, size_t len)
{
	return (ibuf_get(b, p, len));
}

int
msg_get_flag(struct ibuf *b, int *flag)
{
	uint8_t	v;

	if (msg_get8(b, &v) == -1 || v > 1)
		return (-1);
	*flag = v;
	return (0);
}

int
msg_get_string(struct ibuf *b, char *s, size_t size)
{
	uint16_t	len;

	if (msg_get16(b, &len) == -1 || len >= size ||
	    msg_get_bytes(b, s, len) == -1 || memchr(s, '\0', len) != NULL)
		return (-1);
	s[len] = '\0';
	return (0);
}

int
msg_get_address(struct ibuf *b, struct sockaddr_storage *ss)
{
	struct sockaddr_in	*sin = (struct sockaddr_in *)ss;
	struct sockaddr_in6	*sin6 = (struct sockaddr_in6 *)ss;
	uint16_t		 port;
	uint8_t			 version;

	memset(ss, 0, sizeof(*ss));
	if (msg_get8(b, &version) == -1)
		return (-1);
	if (version == 4) {
		if (msg_get_bytes(b, &sin->sin_addr, 4) == -1 ||
		    msg_get16(b, &port) == -1)
			return (-1);
		sin->sin_family = AF_INET;
		sin->sin_port = htons(port);
		return (0);
	}
	if (version != 6 || msg_get_bytes(b, &sin6->sin6_addr, 16) == -1 ||
	    msg_get16(b, &port) == -1)
		return (-1);
	sin6->sin6_family = AF_INET6;
	sin6->sin6_port = htons(port);
	return (0);
}

void
msg_get_rest(struct ibuf *b, struct msg_span *span)
{
	span->p = ibuf_data(b);
	span->len = ibuf_size(b);
}

int
msg_get_end(struct ibuf *b)
{
	return (ibuf_size(b) == 0 ? 0 : -1);
}
