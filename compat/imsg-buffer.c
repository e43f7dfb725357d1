/*
 * Buffers that messages are put into and taken from: ibuf_add(3).
 *
 * A buffer and its first octets are one allocation; only a dynamic one that
 * grew beyond its first size has a second.  All that was in a buffer is wiped
 * when it is freed, as keys travel this way too.
 */

#include "compat.h"

#ifndef HAVE_IMSG

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imsg.h"

#define IBUF_ON_STACK	(-2)	/* fd of a buffer that must not be freed */

struct ibuf_memory {
	struct ibuf	 ibuf;
	_Alignas(max_align_t) unsigned char data[];
};

/* ---- birth and death --------------------------------------------------- */

struct ibuf *
ibuf_open(size_t len)
{
	struct ibuf_memory	*m;
	struct ibuf		*buf;

	if (len > SIZE_MAX - sizeof(*m)) {
		errno = ENOMEM;
		return (NULL);
	}
	if ((m = malloc(sizeof(*m) + len)) == NULL)
		return (NULL);
	buf = &m->ibuf;
	memset(buf, 0, sizeof(*buf));
	buf->buf = m->data;
	buf->size = buf->max = len;
	buf->fd = -1;
	return (buf);
}

struct ibuf *
ibuf_dynamic(size_t len, size_t max)
{
	struct ibuf	*buf;

	if (max == 0 || max < len) {
		errno = EINVAL;
		return (NULL);
	}
	if ((buf = ibuf_open(len)) != NULL)
		buf->max = max;
	return (buf);
}

static void
ibuf_free_data(struct ibuf *buf)
{
	struct ibuf_memory	*m = (struct ibuf_memory *)buf;

	if (buf->buf == m->data)
		explicit_bzero(buf->buf, buf->size);
	else
		freezero(buf->buf, buf->size);
}

void
ibuf_free(struct ibuf *buf)
{
	if (buf == NULL)
		return;
	if (buf->fd == IBUF_ON_STACK)
		abort();
	if (buf->fd != -1)
		close(buf->fd);
	ibuf_free_data(buf);
	free(buf);
}

void
ibuf_from_buffer(struct ibuf *buf, void *data, size_t len)
{
	memset(buf, 0, sizeof(*buf));
	buf->buf = data;
	buf->size = buf->wpos = len;
	buf->fd = IBUF_ON_STACK;
}

void
ibuf_from_ibuf(struct ibuf *buf, const struct ibuf *from)
{
	ibuf_from_buffer(buf, ibuf_data(from), ibuf_size(from));
}

/* Makes room for len octets behind wpos; by half, so as not to be quadratic. */
static int
ibuf_grow(struct ibuf *buf, size_t len)
{
	unsigned char	*p;
	size_t		 size;

	if (len > buf->max || buf->wpos > buf->max - len) {
		errno = ERANGE;
		return (-1);
	}
	if (len <= buf->size - buf->wpos)
		return (0);
	if (buf->size > buf->max - buf->size / 2)
		size = buf->max;
	else
		size = buf->size + buf->size / 2;
	if (size < buf->wpos + len)
		size = buf->wpos + len;
	if ((p = malloc(size)) == NULL)
		return (-1);
	memcpy(p, buf->buf, buf->wpos);
	ibuf_free_data(buf);
	buf->buf = p;
	buf->size = size;
	return (0);
}

/* ---- numbers ----------------------------------------------------------- */

/* Writes value as width octets in the given order; -1 if it is too large. */
static int
number_encode(unsigned char *p, uint64_t value, size_t width, int order)
{
	size_t	 i;

	if (width < sizeof(value) && value >> (8 * width) != 0) {
		errno = EINVAL;
		return (-1);
	}
	for (i = 0; i < width; i++, value >>= 8)
		p[order == BIG_ENDIAN ? width - 1 - i : i] = value & 0xff;
	return (0);
}

static uint64_t
number_decode(const unsigned char *p, size_t width, int order)
{
	uint64_t	 value = 0;
	size_t		 i;

	for (i = 0; i < width; i++)
		value = value << 8 | p[order == BIG_ENDIAN ? i : width - 1 - i];
	return (value);
}

static int
ibuf_add_number(struct ibuf *buf, uint64_t value, size_t width, int order)
{
	unsigned char	 p[sizeof(value)];

	if (number_encode(p, value, width, order) == -1)
		return (-1);
	return (ibuf_add(buf, p, width));
}

static int
ibuf_set_number(struct ibuf *buf, size_t pos, uint64_t value, size_t width,
    int order)
{
	unsigned char	 p[sizeof(value)];

	if (number_encode(p, value, width, order) == -1)
		return (-1);
	return (ibuf_set(buf, pos, p, width));
}

static int
ibuf_get_number(struct ibuf *buf, uint64_t *value, size_t width, int order)
{
	unsigned char	 p[sizeof(*value)];

	if (ibuf_get(buf, p, width) == -1)
		return (-1);
	*value = number_decode(p, width, order);
	return (0);
}

/* ---- adding at the end ------------------------------------------------- */

void *
ibuf_reserve(struct ibuf *buf, size_t len)
{
	void	*p;

	if (ibuf_grow(buf, len) == -1)
		return (NULL);
	p = buf->buf + buf->wpos;
	memset(p, 0, len);
	buf->wpos += len;
	return (p);
}

int
ibuf_add(struct ibuf *buf, const void *data, size_t len)
{
	if (len == 0)
		return (0);
	if (ibuf_grow(buf, len) == -1)
		return (-1);
	memcpy(buf->buf + buf->wpos, data, len);
	buf->wpos += len;
	return (0);
}

int
ibuf_add_ibuf(struct ibuf *buf, const struct ibuf *from)
{
	return (ibuf_add(buf, ibuf_data(from), ibuf_size(from)));
}

int
ibuf_add_zero(struct ibuf *buf, size_t len)
{
	return (ibuf_reserve(buf, len) == NULL ? -1 : 0);
}

int
ibuf_add_n8(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add_number(buf, value, sizeof(uint8_t), BIG_ENDIAN));
}

int
ibuf_add_n16(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add_number(buf, value, sizeof(uint16_t), BIG_ENDIAN));
}

int
ibuf_add_n32(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add_number(buf, value, sizeof(uint32_t), BIG_ENDIAN));
}

int
ibuf_add_n64(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add_number(buf, value, sizeof(uint64_t), BIG_ENDIAN));
}

int
ibuf_add_h16(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add_number(buf, value, sizeof(uint16_t), BYTE_ORDER));
}

int
ibuf_add_h32(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add_number(buf, value, sizeof(uint32_t), BYTE_ORDER));
}

int
ibuf_add_h64(struct ibuf *buf, uint64_t value)
{
	return (ibuf_add_number(buf, value, sizeof(uint64_t), BYTE_ORDER));
}

/* ---- changing what is there -------------------------------------------- */

void *
ibuf_seek(struct ibuf *buf, size_t pos, size_t len)
{
	if (pos > ibuf_size(buf) || len > ibuf_size(buf) - pos) {
		errno = ERANGE;
		return (NULL);
	}
	return (buf->buf + buf->rpos + pos);
}

int
ibuf_set(struct ibuf *buf, size_t pos, const void *data, size_t len)
{
	void	*p;

	if ((p = ibuf_seek(buf, pos, len)) == NULL)
		return (-1);
	if (len > 0)
		memcpy(p, data, len);
	return (0);
}

int
ibuf_set_n8(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set_number(buf, pos, value, sizeof(uint8_t), BIG_ENDIAN));
}

int
ibuf_set_n16(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set_number(buf, pos, value, sizeof(uint16_t), BIG_ENDIAN));
}

int
ibuf_set_n32(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set_number(buf, pos, value, sizeof(uint32_t), BIG_ENDIAN));
}

int
ibuf_set_n64(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set_number(buf, pos, value, sizeof(uint64_t), BIG_ENDIAN));
}

int
ibuf_set_h16(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set_number(buf, pos, value, sizeof(uint16_t), BYTE_ORDER));
}

int
ibuf_set_h32(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set_number(buf, pos, value, sizeof(uint32_t), BYTE_ORDER));
}

int
ibuf_set_h64(struct ibuf *buf, size_t pos, uint64_t value)
{
	return (ibuf_set_number(buf, pos, value, sizeof(uint64_t), BYTE_ORDER));
}

/* ---- extent ------------------------------------------------------------ */

void *
ibuf_data(const struct ibuf *buf)
{
	return (buf->buf == NULL ? NULL : buf->buf + buf->rpos);
}

size_t
ibuf_size(const struct ibuf *buf)
{
	return (buf->wpos - buf->rpos);
}

size_t
ibuf_left(const struct ibuf *buf)
{
	return (buf->max == 0 ? 0 : buf->max - buf->wpos);
}

int
ibuf_truncate(struct ibuf *buf, size_t len)
{
	if (len > ibuf_size(buf))
		return (ibuf_add_zero(buf, len - ibuf_size(buf)));
	buf->wpos = buf->rpos + len;
	return (0);
}

void
ibuf_rewind(struct ibuf *buf)
{
	buf->rpos = 0;
}

/* ---- taking from the front --------------------------------------------- */

int
ibuf_skip(struct ibuf *buf, size_t len)
{
	if (len > ibuf_size(buf)) {
		errno = EBADMSG;
		return (-1);
	}
	buf->rpos += len;
	return (0);
}

int
ibuf_get(struct ibuf *buf, void *data, size_t len)
{
	const void	*p = ibuf_data(buf);

	if (ibuf_skip(buf, len) == -1)
		return (-1);
	if (len > 0)
		memcpy(data, p, len);
	return (0);
}

int
ibuf_get_ibuf(struct ibuf *buf, size_t len, struct ibuf *new)
{
	void	*p = ibuf_data(buf);

	if (ibuf_skip(buf, len) == -1)
		return (-1);
	ibuf_from_buffer(new, p, len);
	return (0);
}

char *
ibuf_get_string(struct ibuf *buf, size_t len)
{
	const char	*p = ibuf_data(buf);

	if (ibuf_skip(buf, len) == -1)
		return (NULL);
	return (strndup(p, len));
}

int
ibuf_get_n8(struct ibuf *buf, uint8_t *value)
{
	return (ibuf_get(buf, value, sizeof(*value)));
}

int
ibuf_get_n16(struct ibuf *buf, uint16_t *value)
{
	uint64_t	 n;

	if (ibuf_get_number(buf, &n, sizeof(*value), BIG_ENDIAN) == -1)
		return (-1);
	*value = n;
	return (0);
}

int
ibuf_get_n32(struct ibuf *buf, uint32_t *value)
{
	uint64_t	 n;

	if (ibuf_get_number(buf, &n, sizeof(*value), BIG_ENDIAN) == -1)
		return (-1);
	*value = n;
	return (0);
}

int
ibuf_get_n64(struct ibuf *buf, uint64_t *value)
{
	return (ibuf_get_number(buf, value, sizeof(*value), BIG_ENDIAN));
}

int
ibuf_get_h16(struct ibuf *buf, uint16_t *value)
{
	return (ibuf_get(buf, value, sizeof(*value)));
}

int
ibuf_get_h32(struct ibuf *buf, uint32_t *value)
{
	return (ibuf_get(buf, value, sizeof(*value)));
}

int
ibuf_get_h64(struct ibuf *buf, uint64_t *value)
{
	return (ibuf_get(buf, value, sizeof(*value)));
}

/* ---- the descriptor that travels along --------------------------------- */

int
ibuf_fd_avail(struct ibuf *buf)
{
	return (buf->fd >= 0);
}

int
ibuf_fd_get(struct ibuf *buf)
{
	int	 fd = buf->fd;

	if (fd < 0)
		return (-1);
	buf->fd = -1;
	return (fd);
}

void
ibuf_fd_set(struct ibuf *buf, int fd)
{
	if (buf->fd == IBUF_ON_STACK)
		abort();
	if (buf->fd != -1)
		close(buf->fd);
	buf->fd = fd < 0 ? -1 : fd;
}

#endif /* !HAVE_IMSG */
