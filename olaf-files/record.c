/*
 * The record behind a stored file's content; no I/O.
 */

#include "compat.h"

#include <string.h>

#include "filename.h"
#include "record.h"

static const char	magic[] = "OLAFfile";

#define MAGIC_LEN	(sizeof(magic) - 1)

static uint8_t *
number_write(uint8_t *p, uint64_t v, int octets)
{
	while (octets-- > 0)
		*p++ = (uint8_t)(v >> (8 * octets));
	return (p);
}

static uint64_t
number_read(const uint8_t **p, int octets)
{
	uint64_t	v = 0;

	while (octets-- > 0)
		v = v << 8 | *(*p)++;
	return (v);
}

static uint8_t *
octets_write(uint8_t *p, const void *from, size_t len)
{
	memcpy(p, from, len);
	return (p + len);
}

size_t
record_write(const struct record *r, uint8_t *buf)
{
	size_t	 name = strlen(r->name), type = strlen(r->type);
	uint8_t	*p = buf;

	p = octets_write(p, r->name, name);
	p = octets_write(p, r->type, type);
	p = number_write(p, r->size, 8);
	p = number_write(p, r->time, 8);
	p = octets_write(p, r->hash, sizeof(r->hash));
	p = number_write(p, name, 2);
	p = number_write(p, type, 2);
	p = octets_write(p, magic, MAGIC_LEN);
	return ((size_t)(p - buf));
}

int
record_type_good(const char *type)
{
	for (; *type != '\0'; type++)
		if (*type < ' ' || *type > '~')
			return (0);
	return (1);
}

int
record_read(struct record *r, const uint8_t *tail, size_t len, uint64_t length)
{
	const uint8_t	*p;
	size_t		 name, type;

	if (len < RECORD_MIN || len > length)
		return (-1);
	p = tail + len - RECORD_MIN;
	r->size = number_read(&p, 8);
	r->time = number_read(&p, 8);
	memcpy(r->hash, p, sizeof(r->hash));
	p += sizeof(r->hash);
	name = number_read(&p, 2);
	type = number_read(&p, 2);
	if (memcmp(p, magic, MAGIC_LEN) != 0 || name >= sizeof(r->name) ||
	    type >= sizeof(r->type) || len - RECORD_MIN < name + type ||
	    r->size != length - RECORD_MIN - name - type)
		return (-1);
	p = tail + len - RECORD_MIN - name - type;
	memcpy(r->name, p, name);
	r->name[name] = '\0';
	memcpy(r->type, p + name, type);
	r->type[type] = '\0';
	if (!filename_is_clean(r->name, name) || strlen(r->type) != type ||
	    !record_type_good(r->type))
		return (-1);
	return (0);
}
