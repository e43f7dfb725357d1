/*
 * What is known of a stored file, as it stands behind the file's own octets:
 *
 *	name, type		as long as is said below
 *	size			8 octets: of the content, from the file's begin
 *	time			8: seconds since the epoch, when it was stored
 *	hash			32: SHA-256 of the content
 *	length of name		2
 *	length of type		2
 *	"OLAFfile"		8
 *
 * Numbers are big-endian.  One file, one rename: no crash separates the two.
 */

#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "msg_files.h"

#define RECORD_MIN	60
#define RECORD_MAX	(RECORD_MIN + MSG_FILE_NAME_MAX + MSG_FILE_TYPE_MAX - 2)

struct record {
	uint64_t	 size;				/* octets */
	uint64_t	 time;				/* seconds */
	uint8_t		 hash[MSG_HASH_LEN];
	char		 name[MSG_FILE_NAME_MAX];	/* clean: filename.h */
	char		 type[MSG_FILE_TYPE_MAX];	/* "" if not known */
};

/* Writes it to buf, which has RECORD_MAX octets.  Returns its length. */
size_t	 record_write(const struct record *, uint8_t *buf);

/*
 * Reads the record at the end of a file of length octets, of which tail has the
 * last len, RECORD_MAX or all.  Returns 0, or -1 if that is no whole file.
 */
int	 record_read(struct record *, const uint8_t *tail, size_t len,
	    uint64_t length);

/* Is it a type that may stand in a record, printable ASCII? */
int	 record_type_good(const char *type);

#endif
